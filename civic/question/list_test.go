package question

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"glosa"
)

// Whatever a list is filtered by, its pages together hold each question that fits
// once, newest first, however many states are asked for and however far behind.
func TestListsHoldEachOnce(t *testing.T) {
	each(t, func(s *stage) {
		s.crowded(300)
		var all []Brief
		s.ok(s.d.Each(s.ctx, Filter{Edition: s.id}, func(b Brief) error { all = append(all, b); return nil }))
		if len(all) != 300 || !slices.IsSortedFunc(all, func(a, b Brief) int {
			return cmp.Or(b.Listed.Compare(a.Listed), cmp.Compare(b.ID, a.ID))
		}) {
			t.Fatalf("%d questions, or not the newest first", len(all))
		}
		states := []State{Overdue, Withdrawn, Merged, Routed}
		in := func(some ...State) func(Brief) bool {
			return func(b Brief) bool { return slices.Contains(some, b.State) }
		}
		for name, c := range map[string]struct {
			f    Filter
			fits func(Brief) bool
		}{
			"all":          {Filter{}, func(Brief) bool { return true }},
			"one state":    {Filter{States: []State{Overdue}}, in(Overdue)},
			"states":       {Filter{States: states}, in(states...)},
			"no such":      {Filter{States: []State{Merged, Refused}}, in(Merged, Refused)},
			"place, state": {Filter{Municipality: "23005", States: states}, func(b Brief) bool { return b.Municipality == "23005" && in(states...)(b) }},
			"theme, held": {Filter{Theme: "salud", Institution: "SESA"}, func(b Brief) bool {
				return b.Theme == "salud" && b.Institution == glosa.InstitutionKey("SESA")
			}},
			"nobody's, states": {Filter{Unheld: true, States: states}, func(b Brief) bool { return b.Institution == "" && in(states...)(b) }},
			"language":         {Filter{Language: "es", Theme: "agua"}, func(b Brief) bool { return b.Theme == "agua" }},
		} {
			c.f.Edition = s.id
			var want, got []glosa.QuestionID
			for _, b := range all {
				if c.fits(b) {
					want = append(want, b.ID)
				}
			}
			for after, first := "", true; first || after != ""; first = false {
				some, next, err := s.d.List(s.ctx, c.f, after, 7)
				s.ok(err)
				for _, b := range some {
					got = append(got, b.ID)
				}
				after = next
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d questions %v, want %d %v", name, len(got), got, len(want), want)
			}
		}
		seen := map[glosa.QuestionID]int{}
		s.ok(s.d.Each(s.ctx, Filter{Edition: s.id, States: states}, func(b Brief) error { seen[b.ID]++; return nil }))
		if len(seen) == 0 || slices.Max(slices.Collect(maps.Values(seen))) != 1 {
			t.Errorf("an export of %d has some twice", len(seen))
		}
	})
}
