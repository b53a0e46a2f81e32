// Package priority is the pages of the agenda: which questions enter the hour,
// which do not, and why, with everything somebody needs to compute it again; and
// the desk of whoever sets the calculation off.
//
// In comes an agenda as the priority room has it, frozen rule first. Out go the
// page, the published .pb file, the result's own bytes, and the batches of
// ballots. Nothing is computed here but percentages.
//
//	/ediciones/{edition}/agenda  /mesa/seleccion/{edition}
//
// Start reading at [Pages.Mount], then agenda.go.
package priority

//go:generate go tool -modfile=../../../tools/go.mod templ generate
