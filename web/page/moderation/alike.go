package moderation

import (
	"fmt"
	"strings"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
)

// match is a question that shares words with the one being decided.
type match struct{ civic.Similar }

// Score is the share of the words as the page prints it.
func (m match) Score() string { return fmt.Sprintf("%.2f", m.Similar.Score) }

// Sequences is the share of words in the same order.
func (m match) Sequences() string { return fmt.Sprintf("%.2f", m.Shingles) }

// Words are what both say.
func (m match) Words() string { return strings.Join(m.Shared, ", ") }

const most = 3

// alike are the questions that look most like an item, public ones and others
// that wait: a hint for the moderator, never a decision.
func (p *Pages) alike(r *door.Request, ed glosa.EditionID, i civic.Item) ([]match, error) {
	some, err := p.Question.Alike(r.Context(), r.Actor, ed, i, most)
	out := make([]match, len(some))
	for n, s := range some {
		out[n] = match{s}
	}
	return out, err
}
