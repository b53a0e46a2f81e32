// Package people knows who is who, on which day: institutions, posts and
// territories by date; who holds which post or seat, by which document; what
// interests they declared; and, apart from everything else, the names and
// contacts of private persons.
//
// # By date
//
// SECOES became SABGOB, Solidaridad became Playa del Carmen, INAI ended: a
// promise outlives the institution that made it. Every row has a [Life] from
// one [When] to another, and a When says no more than its source does ("2025",
// "2020-12-07/..", unknown). [InstitutionOn] gives the bearer of the day:
//
//	SECOES ──renamed──► SABGOB        one institution, two names: lookups follow
//	IDAIPQROO ──tasks──► IQTP         one ended, another took its tasks: they do not
//
// # Who may speak for whom
//
//	human ──tenure──► post ──► institution       HolderOn, from a day, to a day
//	human ──delegation──► post (some acts)       DelegatedOn, with the document that grants it
//	human ──seat──► edition (side, number)       holder or substitute, with its document
//
// A human is an opaque id. Whoever acts is checked at the act, on its day: auth
// asks [StandsOn] whenever a session goes on, and two-person acts ask
// [MayActHere] once more inside their transaction. A chair is one person's at a
// time: on the days of a substitute its holder does not act from it.
//
// # Each side names its own people
//
// Two persons of two sides stand behind a refusal, an erasure, the minutes, a
// commitment. Whoever could name both would be both:
//
//	the facilitator (civil)        civil, observatory     posts, seats, invitations, delegations
//	the governor's office          government             likewise
//	the keeper of the server       any                    each command leaves an admin.act first
//
// A post is of its institution's side, a seat of its own; neither changes sides.
// A role that belongs to one side ([Fits]) is given there only. A human with a
// place on one side gets none on the other but from the keeper. The desks ask
// [OwnSide]; the rows keep who named whom, and the database checks it
// (docs/decisions/0008).
//
// # Private and public persons
//
// Holders of public posts and people named in cited sources are [Participant]:
// public reference data. Names and contacts of everybody else are [Private],
// a type that refuses to print or marshal; they are sealed by a [Safe] whose
// key is kept outside the database, in the one table that holds such things,
// under a random id, and [Forget] erases them. Demographics are not kept here.
//
// In: reference data (data/, one folder a territory; an installation may
// [Desk.Load] its own), documents that grant posts, seats and delegations.
// Out: people.* events, which name posts, seats and digests, never a person.
//
// Start with people.go, then lookup.go.
package people
