// Package sources is the page of where the real facts come from: every fact in
// our own words with its addresses, what another source says against it, what was
// looked for and not found, and tallies whose parts do not add up, shown with
// both numbers. And every address, with what it is used for.
//
// Start reading at [Pages.Mount].
package sources

//go:generate go tool -modfile=../../../tools/go.mod templ generate
