// Package opinion is the room where people say what they think of statements, one
// at a time, and where it is seen which groups think alike and what all share. It
// exists so that a question, an answer or a sentence of somebody's is not judged
// by whoever is loudest: everybody's agreement counts alike, and what joins the
// groups stands beside what parts them.
//
// # A statement set, in its states
//
//	(none) ──Freeze──► frozen ──Open──► open ──the announced end, or Close──► closed ──Count──► counted
//
// An edition has one ([ContestOf]). Its settings come from the protocol and are
// frozen and logged before anybody votes: whether citizens may propose, by which
// doors people vote, and who gets the rows (auditors only, unless the protocol
// says public). The end is announced with the beginning; whoever closes earlier
// does it in public. An edition that is evaluated or cancelled closes it.
//
// # A statement
//
//	waiting ──Admit──► admitted                 waiting ──Refuse──► second ──same ground──► refused
//	                                                                  └──anything else, silence──► admitted
//	waiting, second ──the vote ends──► lapsed   any of them ──two sides, or the author's key──► erased
//
// A statement says that a question should be asked, that an answer satisfies, or
// something in words of its own, by a desk or a citizen. Questions and answers keep
// their words in the room of questions. Words of its own lie under a commitment
//
//	{"edition":"…","kind":"statement","language":"es","text":"…","v":"1"}
//
// and a salt, and go with it. Whoever wrote a statement at a desk does not admit it.
//
// # A ballot
//
// What one credential said of all statements is one row under
// [voter.Credential.Row]; the last vote on each stands. Every vote makes a new
// version with its own salt, commitment and promise. The object committed to is
//
//	{"contest":"…","kind":"opinion","lock":"…","v":1,"votes":"1:1,3:0,12:-1"}
//
// votes being number:vote by number, 1 agree, 0 pass, -1 disagree; lock is the
// SHA-256 of 32 random bytes. Every 15 minutes a batch tells how many ballots were
// new, changed and withdrawn, the Merkle root over the commitments, the commitments,
// and the openers of the versions that no longer stand. Whoever shows a stronger
// door takes their ballot along ([Desk.Gather]); whoever withdraws theirs leaves no
// row ([Desk.Unvote]). Contests have keys of their own, so that no row here can be
// joined to one of another contest.
//
// # Which statement comes next
//
// Of those a voter has not voted on, the one whose ticket times (10 + votes shown)
// is least; the ticket is the first 8 bytes of SHA-256(seed ‖ position ‖ number).
// The seed follows from the protocol; the position is the voter's own, made like a
// row key and apart from it, and stands on the page of their votes. So late statements get a
// hearing, everybody has another order, and everybody can check theirs: [Next].
//
// # What is told
//
// While votes are taken: of each statement, in steps of ten votes, how many agree,
// disagree and pass, in fives, of fewer than five only that. Of groups nothing is
// told before the end: [Desk.Count] says why. After the end the rows
// are written as Polis writes participants-votes.csv, by tracker, the groups are
// computed from those bytes by method/cluster, and [Picture] is drawn from them:
// "glosa method cluster --statements comments.csv participants-votes.csv" says the
// same to whoever has the rows. Digests of rows, result and picture are logged.
// No groups are shown of fewer than thirty people, nor any group of fewer than ten:
// where the method's own number of groups has a smaller one, fewer are asked for
// (--k), and the page says so. Places on the map are rounded to a grid.
//
// # What it never does
//
// It keeps no time, address or place of a vote; it shows nobody's votes; it never
// filters groups by anything else known of people.
//
// # Weak at the door
//
// A set of votes is as good as a signature to whoever knows how somebody votes:
// therefore auditors only. Devices prove nothing about persons, and people who
// coordinate move the groups. Root can link ballots to devices while the edition's
// key exists; it and every row go 90 days after the evaluation.
//
// Start reading in opinion.go, then desk.go. Source: trust.md §3 and §5.
package opinion
