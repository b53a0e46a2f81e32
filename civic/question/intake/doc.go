// Package intake is the other doors of the room of questions: paper, assembly,
// telephone, kiosk. It exists so that nobody needs a telephone of their own, an
// account or Spanish to ask, and so that a question that came on paper weighs the
// same as any other and its answer finds the way back.
//
// # What comes in and goes out
//
// A facilitator opens a desk ([Desk.Open]). A paper desk prints sheets
// ([Desk.Print]): each has its folio, out of blocks of numbers of the desk's own,
// and a stub with a key of which only two hashes are kept. What comes back is
// entered one by one ([Desk.Enter]) or as a table ([Desk.Preview], [Desk.Import]);
// assemblies, telephones and kiosks hand in without a printed folio. All of it
// goes through [question.Handed]: the same checks, promise and leaf as at the open
// door. No leaf tells by which door a question came. The answers of a desk's
// questions go back by hand, and the desk writes that down ([Desk.Deliver]).
//
// A kiosk is a device that its desk opened: the desk's page gives a code
// ([Desk.Invite]), the device types it once ([Desk.Unlock]) and keeps a word of
// which only a hash is here. The address alone takes no question ([Desk.Ask]), so
// nobody elsewhere is counted by that door, and the desk can shut a device
// ([Desk.Shut]).
//
// # The ledger of folios
//
//	            ┌── enter, import ──► captured
//	printed ────┤
//	            ├── void (reason) ──► void
//	            └── nothing ───────── not returned
//
// issued = captured + void + still to capture + not returned. At the end of the
// intake a desk logs its count ([Desk.Count]): how many sheets it still has in its
// hands, and how many never came back. Paper up to the first number is received
// after the intake is sealed, and none beyond; the verifier of the record holds
// the house to the sum of these counts. A desk that logs nothing has none.
//
// # What is public
//
// A desk's door, place and count are. Which door a question came by is public
// when its desk has five or more ([Shown]), on pages only. Two kinds of events are
// public: a desk was opened, and its count.
//
// # What it never does
//
// It never stores a key, a form or a file after its import; never tells
// moderators of a door; never enters one folio twice.
//
// Its weak places: whoever prints could copy the keys on the stubs, as a server
// could that makes a key for a device without script (the leaf says
// lock_by:server); who holds a printed sheet knows that its block of numbers is
// paper; and sheets printed after a backup that is then restored are unknown to
// it: they must be copied to new ones.
//
// Start reading in intake.go, then desk.go and table.go.
package intake
