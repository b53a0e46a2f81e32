package moderation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/people"
	civic "glosa/civic/question"
	"glosa/web/door"
)

// match is a published question that shares words with the one being decided.
type match struct {
	civic.Brief
	Share float64 // of the words of both: 0 none, 1 all
}

// Score is the share as the page prints it.
func (m match) Score() string { return fmt.Sprintf("%.2f", m.Share) }

const (
	enough = 0.25 // below this two questions do not look alike
	most   = 3
)

// alike are the published questions that look most like an item: a hint for the
// moderator, never a decision.
func (p *Pages) alike(r *door.Request, ed glosa.EditionID, i civic.Item) ([]match, error) {
	states := []civic.State{civic.Admitted, civic.Routed, civic.Overdue}
	some, _, err := p.Question.List(r.Context(), civic.Filter{Edition: ed, States: states}, "", longest)
	if err != nil {
		return nil, err
	}
	mine := wordsOf(i.Text)
	var out []match
	for _, b := range some {
		if s := share(mine, wordsOf(b.Text)); s >= enough && b.ID != i.ID && b.Agenda == civic.NoAgenda {
			out = append(out, match{b, s})
		}
	}
	slices.SortStableFunc(out, func(a, b match) int { return cmp.Compare(b.Share, a.Share) })
	return out[:min(most, len(out))], nil
}

// wordsOf are the words that carry meaning: four letters or more, accents aside,
// without the plural's s.
func wordsOf(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.FieldsFunc(people.Fold(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		if len(w) >= 4 {
			out[strings.TrimSuffix(w, "s")] = true
		}
	}
	return out
}

// share is how many of all the words two questions have in common.
func share(a, b map[string]bool) float64 {
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	all := len(a) + len(b) - both
	if all == 0 {
		return 0
	}
	return float64(both) / float64(all)
}
