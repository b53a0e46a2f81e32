// Package home is the front door of a language: what can be asked today and
// until when, where a folio is looked up, where the edition stands, that no
// question is lost, and what became of what was promised in the first edition.
//
// It reads the desks and the dossier of sources; it decides nothing. Start
// reading at [Pages.Mount].
package home

//go:generate go tool -modfile=../../../tools/go.mod templ generate
