// Package portrait is the page of who is missing: questions received beside those
// expected, by municipality exactly, and by sex, age and language of whoever
// wanted to say so; the form that asks them, after a question was sent and apart
// from it; and the desk from which one goes out to look for those who are missing.
//
// Start reading at [Pages.Mount].
package portrait

//go:generate go tool -modfile=../../../tools/go.mod templ generate
