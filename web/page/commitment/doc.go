// Package commitment is the pages of what was promised: the board, each
// promise with its two words side by side, and the desks of those who write,
// follow, assess and dispose.
//
// In come the commitment room's cards and boards; names come from the register,
// what sources say from the series' dossier. Out go pages, downloads, and the
// acts of the desks. Real and synthetic commitments never enter one figure.
//
//	/compromisos  /ediciones/{edition}/compromisos  /compromisos/{id}
//	/mesa/compromisos/{edition}  /mesa/seguimiento  /mesa/evaluacion  /mesa/disposiciones/{edition}
//
// Nothing here decides: the room's desk does. Start reading at [Pages.Mount],
// then card.go and board.go.
package commitment

//go:generate go tool -modfile=../../../tools/go.mod templ generate
