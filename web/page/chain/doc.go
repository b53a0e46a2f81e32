// Package chain says where an edition stands, the same way on every page that
// speaks of one: the six links with their counts and notes, the one sentence of
// its stage, and the clock of what comes next.
//
// In come the desks of the rooms that count; out go parts of [leaf.Page] and the
// instant at which they change by the clock alone. It hangs up no page and
// decides nothing. Start reading at [Desks.Of]; stage.go says the stages.
package chain

//go:generate go tool -modfile=../../../tools/go.mod templ generate
