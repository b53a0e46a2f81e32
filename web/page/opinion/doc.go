// Package opinion is the pages on which people vote on statements, one at a time,
// and see which groups think alike and what all share; and the desk of whoever
// opens the vote, writes statements and decides on those that citizens propose.
//
// In comes a statement set as the opinion room has it. Out go the public page
// (tables first, the map after them), the pages of a voter (a statement, their own
// votes, a proposal), the desk, and files in Polis' format: statements for
// everybody, rows of votes for auditors. Nothing is computed here.
//
//	/ediciones/{edition}/opinion  …/opinion/votar  …/opinion/mio  …/opinion/proponer
//	/mesa/opinion/{edition}
//
// Start reading at [Pages.Mount], then show.go.
package opinion

//go:generate go tool -modfile=../../../tools/go.mod templ generate
