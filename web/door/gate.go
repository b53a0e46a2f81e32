package door

import (
	"context"
	"time"

	"glosa"
)

// Gate stands before whoever hands in a question. While nothing presses it lets
// everybody pass; under load it asks a device for a little work, and whoever has
// no script to wait. It is of one visit, and knows its network without saying it.
type Gate interface {
	// Ask lets a question pass (nil), or holds it back for a while.
	Ask(k Knock) *Held
	// Back gives back the ticket or the work that let this visit pass, and forgets
	// its pace: what was handed in could not be taken, and nobody waits for that twice.
	Back()
	// Pace is what moderators should know of the pace at which a text comes:
	// "burst", "same_text" or "".
	Pace(text string) glosa.Code
}

// Knock is what came with a question to show that it may pass.
type Knock struct {
	Once     string // the form's own mark
	Ticket   string // of [Held], once its wait is over
	Puzzle   string // of Held, solved
	Solution string
	Trap     bool // a box that no person sees was filled in
}

// Held is a question held back: its sender keeps what was typed and comes again
// with the puzzle solved, or with the ticket after the wait.
type Held struct {
	Wait   time.Duration
	Ticket string // "": as many wait already as may; draw again after the wait
	Puzzle string
}

// TicketHeader carries a ticket where there is no form: of [Held], and back.
const TicketHeader = "Glosa-Ticket"

// Knock is what came with a form.
func (r *Request) Knock() Knock {
	return Knock{Once: r.Value("once"), Ticket: r.Value("ticket"), Puzzle: r.Value("puzzle"), Solution: r.Value("solution"), Trap: r.Value("website") != ""}
}

// Seconds is how long the ticket waits, rounded up.
func (h *Held) Seconds() int { return int((h.Wait + time.Second - 1) / time.Second) }

type gateKey struct{}

// WithGate puts the gate of a visit into its context.
func WithGate(ctx context.Context, g Gate) context.Context {
	return context.WithValue(ctx, gateKey{}, g)
}

// GateOf is the gate of a visit; one that is always open where there is none.
func GateOf(ctx context.Context) Gate {
	if g, ok := ctx.Value(gateKey{}).(Gate); ok {
		return g
	}
	return openGate{}
}

type openGate struct{}

func (openGate) Ask(Knock) *Held        { return nil }
func (openGate) Back()                  {}
func (openGate) Pace(string) glosa.Code { return "" }
