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
// A human is an opaque id. Whoever acts is checked at the act, on its day.
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
