// Package portrait draws who asks, without keeping anybody: how many are women,
// how old, how many speak an indigenous language, beside the census, so that an
// edition sees who is missing while there is still time to go and look for them.
//
// # From an answer to a figure
//
//	permit ──answer──► waiting (a sealed box of one size, a random id)
//	                      │ once a day, from ten on
//	                      ▼
//	                   counts ──rules of small cells──► board (what everybody sees)
//
// Whoever has just asked may answer, and need not. The form carries a [Desk.Permit]:
// a random number under a key of the house, drawn for that page alone. It is kept
// nowhere until it is spent, so it says that somebody asked, never who or what.
//
// An answer has no key to a question, a person or a time. It waits sealed under a
// key that is kept outside the database; it leaves no event, since an event has
// its time. Once a day the boxes are opened in the order of their random ids and
// what they say is added to counts ([Due]); then they are deleted. What stays is
// how many women there are, not that any woman lives in any place at any age:
// an answer's parts are never kept side by side, but for the place with the sex
// and the place with the age, as counts.
//
// # What everybody sees
//
// method/cell holds the rules, and cells.go what is read together: a cell below its threshold is hidden, and zero is
// below; a lone hidden cell hides the next smallest; no total stands beside a
// hidden cell; everything is in fives; nothing is drawn anew for fewer than ten.
// They are stricter than those of thumb, which a reader who keeps every board
// takes apart: attack_test.go plays that reader. Whatever is hidden may still be
// none, and as many as may be hidden.
//
// It does not hold against somebody who sends answers of their own to learn how
// many others it takes until a cell shows itself; each such answer costs a question.
//
// Start with portrait.go, then cells.go and method/cell.
package portrait
