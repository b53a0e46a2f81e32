// Package rights is the pages of people's rights over their own data: how to ask,
// one's own request, and the desk that answers. Folio, key and code are sent by
// POST only.
//
// Start reading at [Pages.Mount].
package rights

//go:generate go tool -modfile=../../../tools/go.mod templ generate
