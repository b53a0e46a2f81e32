package commitment

import (
	"time"

	"glosa"
)

// Status is a rung of the ladder both sides use.
type Status string

const (
	NoWord      Status = "" // nobody has said anything, or in words of another vocabulary
	NoEvidence  Status = "no_evidence"
	NotStarted  Status = "not_started"
	Limited     Status = "limited"
	Substantial Status = "substantial"
	Complete    Status = "complete"
)

// Ladder is the statuses from lowest to highest.
func Ladder() []Status {
	return []Status{NoEvidence, NotStarted, Limited, Substantial, Complete}
}

// rung is the place on the ladder, from 0; -1 when it is not on it.
func (s Status) rung() int {
	for i, r := range Ladder() {
		if r == s {
			return i
		}
	}
	return -1
}

// Known tells whether the status is on the ladder.
func (s Status) Known() bool { return s.rung() >= 0 }

// Boxes is how many of the three boxes of the drawn ladder are filled.
func (s Status) Boxes() int { return max(0, s.rung()-1) }

// Verdict is one side's word about a commitment. An older statement keeps its
// Own word as its source has it, and then stands on no ladder.
type Verdict struct {
	Status  Status
	Own     string // the statement's own word, such as «avance presentado»
	OwnEn   string // Own in English, where somebody has written it
	Note    string // where and how it was said: «presentado en la 9.ª edición»
	NoteEn  string
	Sources []glosa.SourceID // where it was said, for documented ones
	At      time.Time
	By      string
}

// Said tells whether this side has said anything.
func (v Verdict) Said() bool { return v.Status != NoWord || v.Own != "" }

// Gap is the number of steps between two words of the ladder, whoever stands
// higher. ok is false when one of the words is missing or is not on it: the
// difference cannot be computed, which is not the same as none.
func Gap(gov, obs Status) (steps int, ok bool) {
	a, b := gov.rung(), obs.rung()
	if a < 0 || b < 0 {
		return 0, false
	}
	return max(a-b, b-a), true
}

// GapTotal adds the gaps of a board, with its denominator: of how many it could
// be computed, and of how many in all.
type GapTotal struct {
	Steps      int
	Computable int
	Of         int
}

// Add counts one commitment.
func (g *GapTotal) Add(gov, obs Status) {
	g.Of++
	if steps, ok := Gap(gov, obs); ok {
		g.Steps += steps
		g.Computable++
	}
}

// Matrix counts commitments by both words: rows are the government's, columns
// the Observatory's, in the order of [Ladder].
type Matrix [5][5]int

// Add counts one commitment, if both its words are on the ladder.
func (m *Matrix) Add(gov, obs Status) {
	if a, b := gov.rung(), obs.rung(); a >= 0 && b >= 0 {
		m[a][b]++
	}
}
