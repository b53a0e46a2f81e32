package office

import (
	"slices"
	"strings"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// offered is how many questions are offered beside one for the same answer.
const offered = 30

// companions are the questions that may have the same answer as one: those of the
// institution that wait for a draft, of the same theme first.
func (p *Pages) companions(r *door.Request, x *file) error {
	if !x.editable() {
		return nil
	}
	var owed []civic.Owed
	seen := map[glosa.QuestionID]bool{x.f.ID: true}
	for _, theme := range slices.Compact([]glosa.Code{x.f.Theme, ""}) {
		some, err := p.Question.Inbox(r.Context(), r.Actor, civic.Owing{Theme: theme}, most)
		if err != nil {
			return err
		}
		for _, o := range some {
			if !seen[o.ID] && o.Draft != civic.InReview {
				seen[o.ID], owed = true, append(owed, o)
			}
		}
	}
	slices.SortStableFunc(owed, func(a, b civic.Owed) int {
		switch sameA, sameB := a.Theme == x.f.Theme, b.Theme == x.f.Theme; {
		case sameA == sameB:
			return 0
		case sameA:
			return -1
		}
		return 1
	})
	for _, o := range owed[:min(offered, len(owed))] {
		c := companion{Owed: o, ticked: slices.Contains(r.Form["also"], string(o.ID))}
		if string(o.Language) != r.Lang {
			c.lang = string(o.Language)
		}
		x.also = append(x.also, c)
	}
	return nil
}

// companion is a question that may have the same answer.
type companion struct {
	civic.Owed
	lang   string
	ticked bool
}

// opened tells whether the companions are in sight at once.
func (x file) opened() bool {
	return x.problems.For("also") != "" || slices.ContainsFunc(x.also, func(c companion) bool { return c.ticked })
}

// folios are the question of the address and those ticked beside it.
func folios(r *door.Request, id glosa.QuestionID) (out []glosa.QuestionID, err error) {
	out = []glosa.QuestionID{id}
	for _, s := range r.Form["also"] {
		other, err := civic.ParseFolio(strings.TrimSpace(s))
		if err != nil {
			return nil, err
		}
		out = append(out, other)
	}
	return out, nil
}

// gathered puts what waits with the same words into one row.
func gathered(owed []civic.Owed) (first []civic.Owed, others map[glosa.QuestionID]int) {
	others = map[glosa.QuestionID]int{}
	by := map[glosa.Hash]glosa.QuestionID{}
	for _, o := range owed {
		if o.Draft == civic.InReview && !o.Words.IsZero() {
			if lead, ok := by[o.Words]; ok {
				others[lead]++
				continue
			}
			by[o.Words] = o.ID
		}
		first = append(first, o)
	}
	return first, others
}

// sorts are the ways in which the inbox is put into piles.
var sorts = []string{"date", "theme", "merged"}

// piledBy is the pile of a question in the way that was asked for, with a key that
// puts the piles in order.
func piledBy(way string, o civic.Owed, stretch string) (order, key string) {
	switch way {
	case "theme":
		if o.Theme == "" {
			return "~", ""
		}
		return string(o.Theme), string(o.Theme)
	case "merged":
		if o.Merged > 0 {
			return "0", "merged"
		}
		return "1", "single"
	}
	return string(rune('0' + slices.Index(stretches, stretch))), stretch
}

// stretches of time, the most pressing first.
var stretches = []string{"overdue", "week", "later", "still"}

// way is how the piles were asked for: by date unless said otherwise.
func way(r *door.Request) string {
	if w := r.Query("por"); slices.Contains(sorts, w) {
		return w
	}
	return sorts[0]
}

// ways are the links that put the inbox into other piles; the present one leads nowhere.
func ways(r *door.Request) (out []leaf.Link) {
	for _, s := range sorts {
		l := leaf.Link{Text: r.Words.T("of.by." + s)}
		if s != way(r) {
			l.Href = r.To("/mesa/enlace") + "?por=" + s
		}
		out = append(out, l)
	}
	return out
}
