// Package question is the room where people ask and institutions answer. It
// exists so that no question disappears: each has a public state, somebody who
// holds it, a deadline, and a final answer or a reasoned refusal.
//
// # What comes in and goes out
//
// Anybody submits a text without an account and gets a folio, a key and a
// signed promise ([Desk.Submit]). Moderators of two sides decide on listed
// grounds only ([Desk.Admit], [Desk.Refuse]); liaisons and signatories answer
// ([Desk.Draft], [Desk.Sign]); the clock makes lateness public ([Desk.Due]).
// What leaves is events of ids, codes and commitments (event.go), and readers
// for pages. A text is published when it is admitted; before that a folio's
// page shows state, clock and holder only.
//
// # States
//
// The straight line of the exercise is two lines in truth, since a question may
// be answered in writing while it waits for the session. The line of the text:
//
//	            ┌──ask_edit──► needs_edit ──edit, lapse──┐
//	            │                                        ▼
//	received ───┼──admit────────────────────────────► admitted ──route──► routed ──lapse──► overdue
//	   ▲        ├──propose──► second ─disagree,lapse─►   ▲                  │ ▲ refer        │ refer,
//	   └────────┘               │  └─────keep──► held ───┤                  │ └──┘           │ lapse
//	                            ├─agree─► refused ◄─agree┘                  ├─ oral ──► answered_oral
//	                            │           │ appeal                        ├─ answer ─► answered ─ rate ─► closed
//	                            │           ▼                               └─ transfer ► transferred ─ rate ─► closed
//	                            │        appealed ─uphold─► refused, ─overturn─► admitted, ─keep─► held
//	                            ▼
//	admitted, routed, overdue ──merge──► merged ──unmerge──► what it was
//	anything not yet answered ──withdraw──► withdrawn
//	admitted, routed, overdue at the end of the edition: carried to the next, as it is (carry.go)
//	anything waiting ──erased by two sides──► refused, or withdrawn at the author's request
//
// (needs_edit returns to received.) The line of the agenda, beside it:
//
//	"" ──► selected ──► asked ──► answered_oral | to_writing
//	   └─► not_selected            (selected ──► to_writing as well)
//
// Beside its words a question may have translations and files: each is a
// commitment of its own kind ([TextKind]), opened and erased with the words
// (words.go: an act makes one with [Desk.further] and joins it with turn.add, a
// submission puts it in prepared.further).
//
// The balance received = admitted + refused + merged + withdrawn + waiting holds
// at every instant because it is a sum over states, never a counter ([Balance]).
//
// # What it never does
//
// It never shows a moderator a name, a contact or a municipality (the type
// [Item] lacks them), never restarts a clock by a referral or a merge, never
// lets one person refuse or erase, never deletes a row: erasure empties the
// text and its salt and leaves a tombstone.
//
// Start reading in question.go, then submit.go and moderate.go.
package question
