// Package notice is the pages of notices by mail: where an address is left, where
// the link of a mail is confirmed, and where one stops.
//
// A link is opened by scanners of mail too, so a GET shows a button and changes
// nothing; the button, and the one click of a mail program (RFC 8058), send a
// POST. No page shows an address, says whether one is known, or is stored. Where
// no mail is sent, the page says so and offers the Atom feed of the same thing.
//
// Start at [Pages.Mount].
package notice

//go:generate go tool -modfile=../../../tools/go.mod templ generate
