// Package priority is the pages of the agenda: which questions enter the hour,
// which do not, and why, with everything somebody needs to compute it again; how
// it is chosen, with an example; and the desk of whoever sets the calculation off.
//
// In comes an agenda as the priority room has it, frozen rule first, and what its
// published file tells beside. Out go the page, its sums, the published .pb file,
// the result's own bytes, tables, and the batches of ballots. Nothing is computed
// here but percentages, sums that close, and roundings.
//
//	/ediciones/{edition}/agenda  …/agenda/cuentas  /como-se-elige  /mesa/seleccion/{edition}
//
// What a page tells people to type is what a test types (cmd/glosa/testdata/demo.txt).
//
// Start reading at [Pages.Mount], then agenda.go.
package priority

//go:generate go tool -modfile=../../../tools/go.mod templ generate
