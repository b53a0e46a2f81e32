package question

import (
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
)

// TestFairness: how soon, how much waits, who refused and who kept silent.
func TestFairness(t *testing.T) {
	each(t, func(s *stage) {
		quick, slow := s.ask("¿Una?"), s.ask("¿Dos?")
		refused, silent := s.ask("¿Tres?"), s.ask("¿Cuatro?")
		s.clock.Set(s.clock.Now().Add(2 * time.Hour))
		s.ok(s.d.Admit(s.ctx, s.modGov, quick.ID))
		s.ok(s.d.Refuse(s.ctx, s.modGov, refused.ID, edition.Propaganda, ""))
		s.ok(s.d.Refuse(s.ctx, s.modCivil, refused.ID, edition.Propaganda, ""))
		s.ok(s.d.Refuse(s.ctx, s.modCivil, silent.ID, edition.Propaganda, ""))
		s.tick(s.page(silent.ID).Clock.Due.Add(time.Minute))
		s.stands(silent.ID, Admitted)
		s.ask("¿Cinco?")
		f, err := s.d.Fairness(s.ctx, s.id)
		s.ok(err)
		if f.Decided != 3 || f.Median != 2*time.Hour || f.P90 < 70*time.Hour || f.Within != 2 || f.Refused != 1 {
			t.Errorf("%+v", f)
		}
		if f.Waiting[0].N != 1 || f.Waiting[3].N != 1 || f.Late != 1 {
			t.Errorf("backlog %+v, %d late", f.Waiting, f.Late)
		}
		gov, civil := f.Sides[0], f.Sides[1]
		if gov != (SideWords{Side: glosa.Government, Admitted: 1, Proposed: 1, Refused: 1, Asked: 1, Silent: 1}) {
			t.Errorf("government %+v", gov)
		}
		if civil != (SideWords{Side: glosa.Civil, Proposed: 1, Asked: 1, Agreed: 1}) {
			t.Errorf("civil %+v", civil)
		}
		if len(f.Place) != 1 || !f.Place[0].Hidden || f.Place[0].Decided != 0 {
			t.Errorf("one refusal of a place shows: %+v", f.Place)
		}
		s.ok(s.d.Admit(s.ctx, s.modGov, slow.ID))
		_, err = s.d.Fairness(s.ctx, "nowhere")
		s.kind(err, glosa.NotFound)
	})
}

func TestFewAreHidden(t *testing.T) {
	rates := func(refused ...int) map[string]*Rate {
		out := map[string]*Rate{}
		for i, n := range refused {
			key := string(rune('a' + i))
			out[key] = &Rate{Key: key, Decided: 100 - i, Refused: n}
		}
		return out
	}
	for name, c := range map[string]struct {
		refused []int
		hidden  string
	}{
		"None":      {[]int{0, 9, 5}, ""},
		"Two":       {[]int{1, 9, 4}, "ac"},
		"LoneTakes": {[]int{9, 1, 7}, "bc"},
		"Alone":     {[]int{1}, "a"},
	} {
		got := ""
		for _, r := range shown(rates(c.refused...)) {
			if r.Hidden {
				got += r.Key
			}
		}
		if got != c.hidden {
			t.Errorf("%s: hidden %q, want %q", name, got, c.hidden)
		}
	}
}
