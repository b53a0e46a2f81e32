// Package words is the desks where the words of questions change in sight of
// everybody: two sides strike out a third person's data (/mesa/tachado), and an
// office puts a question into the edition's first language (/mesa/traduccion).
//
// In come the desks of [chain.Desks]. Out go desk pages and the receivers of
// their forms. They decide nothing: the question room asks may.txt, the sides, and
// the keys. Everything works without script.
//
// Start reading at [Pages.Mount], then strike.go and translate.go.
package words

//go:generate go tool -modfile=../../../tools/go.mod templ generate
