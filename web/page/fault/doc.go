// Package fault is the page that says what went wrong: one plain sentence, what
// is safe, and where to go on. It never shows the cause.
package fault

//go:generate go tool -modfile=../../../tools/go.mod templ generate
