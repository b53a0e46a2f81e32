// Package priority is the room where people say which questions matter to them,
// and where the agenda of the hour is made from that. It exists because the hour
// is short: whoever chooses the questions has the power, so the choice follows a
// rule published before anybody could ask, from rows that anybody can recompute.
//
// # A contest, in its states
//
//	(none) ──Freeze──► frozen ──intake opens──► open ──window ends──► closed ──Select──► selected
//
// A contest is one agenda of an edition: one ballot each, and rows of two
// contests cannot be joined. Here an edition has one contest for all its mesas
// together, with the minutes of all of them; the panel seats the questions
// (docs/decisions/0013).
//
// # A ballot
//
// A ballot is the set of questions one credential supports, ten at most. Where it
// lies, and by which doors people come, is said in civic/people/voter: the table
// alone says nothing about anybody.
//
// Whoever shows a stronger door takes along what they supported by a weaker one
// ([Desk.Gather]): the weaker ballot is withdrawn and the stronger one made in one
// act. Which doors decide and which are shown apart the protocol froze; a door that
// counts goes before a stronger one that does not. One person at two browsers, who
// shows nothing in one of them, has two ballots there: nothing joins them.
//
// A ballot on paper is that of an envelope's code, typed alike by two people of two
// sides; its states are in paper.go.
//
// Every change makes a new version with its own salt, commitment and promise.
// The object committed to is
//
//	{"choices":["QR26-0012-A"],"contest":"…","kind":"ballot","lock":"…","v":1}
//
// and lock is the SHA-256 of 32 random bytes, the opener. When a ballot is
// changed or withdrawn, the next batch publishes the opener of the former
// version (priority.opened): a row that differs from a receipt without such an
// opening is proof against the host. The openers are made and kept by the
// server (lock_by server): root could publish one that nobody asked for. Locks
// made by the device need script, and come later.
//
// Every 15 minutes a batch (priority.batch) tells how many commitments were
// new, changed and withdrawn, with a Merkle root (RFC 6962) over the sorted
// distinct commitments, and lists them (priority.batched), so that a ballot's
// promise is checked in the record alone. Public counts move only then, and only
// in steps of ten or more.
//
// Once a night a leaf (priority.doors) tells by how many ballots each door was used,
// all doors or none, so that a weak door that swells is seen while it swells. The
// rule, and why no smaller one holds, is in docs/decisions/0017 (doors.go).
//
// # The agenda
//
// After the window, an independent selector sets off [Desk.Select]. It writes
// the standing ballots of the counting doors as a .pb file: rows of tracker and
// choices, sorted, with no time, door or place; tracker =
// SHA-256("glosa/tracker/v1"‖0‖salt) in hexadecimal; choices are canonical
// questions, so merges count each supporter once. The file holds no words of
// questions: words can be erased by law, the file cannot. The result is then
// computed from those bytes by method/shares, and both are kept and served:
// "glosa method shares FILE.pb" must say the same. Rows published plus ballots
// that have no row = Σ new − Σ withdrawn of all doors. Those without a row either
// came by doors apart or hold no question that still stands; how many of each is
// told only where it is no small cell (docs/decisions/0016).
//
// The ballots of strong doors are counted by themselves too, by the same rule, and
// the difference is shown ([Beside], strong.go): whoever fills weak doors is seen.
//
// A class of ballots by a public rule can be left out of the count, when the window
// is over and two people of the two sides say so ([Desk.Exclude]): never fewer than
// ten ballots, never by name. Then the result over all ballots is kept beside, with
// its own file, and the agenda says what was excluded, why and by whom.
//
// Whoever sets it off holds nothing in government that day, by the dated register
// (free.go); the leaf says which day. What the file tells beside its result is
// worked out of its bytes in the same run ([Account]): what the raw count would
// have chosen, what the supporters of a question left out had paid for, what only
// the folio decided. The leaf has its digest, and no page computes anything.
//
// # What it never does
//
// It keeps no time, address or place of a ballot; it never counts a door that
// the criteria do not name; nobody edits an agenda, and nobody chooses one,
// except where a protocol leaves it to an outside selector and says so
// ([Desk.Pick]): then the page says "picked", and claims no fairness.
//
// # Weak at the door
//
// Root can link ballots to devices while K_ed exists, and devices prove nothing
// about persons: equal shares and doors shown apart limit what a brigade buys,
// they do not stop it.
//
// Start reading in priority.go, then desk.go.
package priority
