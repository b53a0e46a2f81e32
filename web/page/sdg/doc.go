// Package sdg is the pages of the Sustainable Development Goals: the seventeen,
// and for a goal or a target the commitments that serve it, each with the reason
// its makers gave. Labels are short texts of our own; identifiers are the United
// Nations'.
//
// Start reading at [Pages.Mount].
package sdg

//go:generate go tool -modfile=../../../tools/go.mod templ generate
