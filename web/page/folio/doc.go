// Package folio finds a question by what is printed on its receipt, typed with
// or without hyphens, in capitals or not: the address /folio?folio=… leads to
// the question's page, which says whether it exists.
package folio

//go:generate go tool -modfile=../../../tools/go.mod templ generate
