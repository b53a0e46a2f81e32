// Package people is the pages of institutions: the register, and for each one
// what it owes, what it answered, what it promised, and the names it bore by
// date with the sources that say so. Persons have no page.
//
// Start reading at [Pages.Mount].
package people

//go:generate go tool -modfile=../../../tools/go.mod templ generate
