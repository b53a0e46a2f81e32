// Package about is the pages that speak of the site itself: privacy,
// accessibility, who is behind it, and how another state makes its own. Each says
// only what the program does, or names who must do it.
//
// Start reading at [Pages.Mount].
package about

//go:generate go tool -modfile=../../../tools/go.mod templ generate
