package question

import (
	"cmp"
	"fmt"
	"slices"
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
		if f.Rates.Place != nil || !f.Rates.Drawn.IsZero() {
			t.Errorf("a refusal shows at once: %+v", f.Rates)
		}
		s.ok(s.d.Admit(s.ctx, s.modGov, slow.ID))
		_, err = s.d.Fairness(s.ctx, "nowhere")
		s.kind(err, glosa.NotFound)
	})
}

// refuse asks from a place and has it refused by both sides.
func (s *stage) refuse(place glosa.TerritoryCode, n int) {
	s.Helper()
	for range n {
		rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "Voten por la planilla", Municipality: place, Institution: "SESA"})
		s.ok(err)
		s.ok(s.d.Refuse(s.ctx, s.modGov, rc.ID, edition.Propaganda, ""))
		s.ok(s.d.Refuse(s.ctx, s.modCivil, rc.ID, edition.Propaganda, ""))
	}
}

// to moves to an instant by steps, and does after each what is due.
func (s *stage) to(at time.Time, step time.Duration) {
	s.Helper()
	for s.clock.Now().Before(at) {
		next := s.clock.Now().Add(step)
		if next.After(at) {
			next = at
		}
		s.tick(next)
	}
}

// place is the row of a place.
func (r Rates) place(key string) Rate {
	return r.Place[slices.IndexFunc(r.Place, func(x Rate) bool { return x.Key == key })]
}

// TestRefusalsShowAtNight: no refusal moves a figure when it happens, nor do fewer
// than ten by the night; what is shown is in fives, beside what is public.
func TestRefusalsShowAtNight(t *testing.T) {
	each(t, func(s *stage) {
		rates := func() Rates {
			f, err := s.d.Fairness(s.ctx, s.id)
			s.ok(err)
			return f.Rates
		}
		s.admitted("¿Una?")
		s.refuse("23005", 6)
		s.refuse("23008", 3)
		for range 3 { // nine wait for days
			s.to(s.edition().NextNight(s.clock.Now()), 6*time.Hour)
		}
		s.to(s.edition().NextNight(s.clock.Now()).Add(9*time.Hour), time.Hour)
		s.refuse("23005", 6)
		s.refuse("23001", 4)
		s.refuse("23004", 4)
		night := s.edition().NextNight(s.clock.Now())
		s.to(s.clock.Now().Add(10*time.Minute), 30*time.Second)
		for s.clock.Now().Before(night.Add(-time.Hour)) {
			if r := rates(); r.Place != nil {
				t.Fatalf("drawn at %s", s.clock.Now())
			}
			s.to(s.clock.Now().Add(time.Hour), time.Hour)
		}
		if s.to(night.Add(-time.Second), time.Hour); rates().Place != nil {
			t.Fatal("drawn before the hour")
		}
		s.to(night.Add(30*time.Second), 31*time.Second)
		r := rates()
		if !r.Drawn.Equal(night) || r.place("23005") != (Rate{"23005", 1, 10}) {
			t.Fatalf("drawn at %s, want %s: %+v", r.Drawn, night, r.Place)
		}
		for _, key := range []string{"", "23001", "23002", "23004", "23008"} { // none is hidden like four
			if x := r.place(key); !x.Hidden() || x.Decided() != 0 {
				t.Errorf("%+v shows", x)
			}
		}
		if len(r.Place) != 12 || !slices.IsSortedFunc(r.Place, func(a, b Rate) int { return cmp.Compare(a.Key, b.Key) }) {
			t.Errorf("the rows are not those of the public list: %+v", r.Place)
		}
		for _, x := range r.Institution { // all were for one: its number would be the others' none
			if !x.Hidden() {
				t.Errorf("%+v shows", x)
			}
		}
		s.refuse("23005", 9)
		s.to(s.edition().NextNight(s.clock.Now()).Add(time.Minute), 6*time.Hour)
		s.refuse("23005", 1)
		s.to(s.clock.Now().Add(time.Hour), 30*time.Minute)
		if r := rates(); !r.Drawn.Equal(night) || r.place("23005").Refused != 10 {
			t.Errorf("nine refusals, or the tenth by day, moved a figure: %+v", r)
		}
		s.to(s.edition().NextNight(s.clock.Now()), 6*time.Hour)
		if x := rates().place("23005"); x.Refused != 20 {
			t.Errorf("22 refusals are shown as %d", x.Refused)
		}
	})
}

func TestRatesOf(t *testing.T) {
	key := func(c decidedAlike) string { return c.place }
	for name, c := range map[string]struct {
		all  []decidedAlike
		want string
	}{
		"NothingDecided":   {nil, "[{ 0 -1} {a 0 -1} {b 0 -1} {c 0 -1}]"},
		"FewAndNoneAlike":  {[]decidedAlike{{place: "a", refused: true, n: 1}, {place: "b", refused: true, n: 12}, {place: "c", refused: true, n: 40}}, "[{ 0 -1} {a 0 -1} {b 0 -1} {c 0 40}]"},
		"OnNoPublicList":   {[]decidedAlike{{place: "z", refused: true, n: 11}, {place: "c", refused: true, n: 41}}, "[{ 0 -1} {a 0 -1} {b 0 -1} {c 0 40}]"},
		"AdmittedIsPublic": {[]decidedAlike{{place: "z", n: 2}, {place: "a", n: 7}, {place: "a", refused: true, n: 2}}, "[{ 0 -1} {a 7 -1} {b 0 -1} {c 0 -1} {z 2 -1}]"},
	} {
		if got := fmt.Sprint(ratesOf(c.all, []string{"b", "a", "c"}, key)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
