// Package question is the public side of the question room: the list, asking,
// the receipt, the page of one question, what its author may do with folio and
// key, support, and what is overdue.
//
// In come the desks of [chain.Desks]; out go pages and downloads. Public pages
// are the same for everybody and kept by the page cache; whatever depends on a
// cookie or shows a key is a private page or the answer to a form, and is stored
// nowhere. A key never stands in an address: it is typed into a form, or stays on
// the device, which then sends the one secret that the act needs (question.js).
//
// Whoever asks, supports or acts on their own question does it as a citizen, also
// when the same browser is signed in at a desk: a post asks nothing of anybody.
//
// Start reading at [Pages.Mount]. [Standing] and [Deadline] say a question's
// state and clock in the same words wherever they are shown; desks use them too.
//
// It never decides who may do what, never prints an author's name outside that
// name's own page, and shows the words of a question only as the room gives them.
package question

//go:generate go tool -modfile=../../../tools/go.mod templ generate
