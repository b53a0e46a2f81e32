package question

import (
	"slices"
	"strings"
	"testing"

	"glosa"
)

func (s *stage) similar(text string) (ids []glosa.QuestionID) {
	s.Helper()
	_, err := s.d.DB.Settled(s.ctx) // what was done stands on the line
	s.ok(err)
	found, err := s.d.Similar(s.ctx, s.id, text, 3)
	s.ok(err)
	for _, f := range found {
		if f.Text == "" || f.Score <= 0.5 || f.Waiting {
			s.Errorf("%+v", f)
		}
		ids = append(ids, f.ID)
	}
	return ids
}

func TestSimilar(t *testing.T) {
	const typed = "cuando habra insulina en los centros de salud"
	each(t, func(s *stage) {
		is := func(want ...glosa.QuestionID) {
			s.Helper()
			slices.Sort(want) // all are equally near: the smaller folio first
			if got := s.similar(typed); !slices.Equal(got, want) {
				s.Errorf("%v, want %v", got, want)
			}
		}
		is()
		waits := s.ask("¿Cuándo habrá insulina en los centros de salud?")
		is() // nobody has admitted it
		s.ok(s.d.Admit(s.ctx, s.modGov, waits.ID))
		is(waits.ID)
		other := s.admitted("¿Por qué no hay insulina en los centros de salud?")
		s.ok(s.merge(other.ID, waits.ID))
		is(other.ID) // the one that stands for both, once
		s.ok(s.d.Unmerge(s.ctx, s.modGov, waits.ID))
		is(waits.ID, other.ID)
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), waits.ID, Proof{Key: waits.Key}))
		is(other.ID)
		if at := s.d.asked.of[s.id]; at.index.Len() != 1 {
			t.Errorf("%d texts are kept", at.index.Len())
		}
		fresh := &Desk{DB: s.d.DB} // another node, or this one after a start
		if got, err := fresh.Similar(s.ctx, s.id, typed, 3); err != nil || len(got) != 1 || got[0].ID != other.ID {
			t.Errorf("%v %v", got, err)
		}
		if _, err := s.d.Similar(s.ctx, "nowhere", typed, 3); glosa.KindOf(err) != glosa.NotFound {
			t.Errorf("an edition that is none: %v", err)
		}
	})
}

func TestSimilarNeverTwoTowns(t *testing.T) {
	each(t, func(s *stage) {
		const ask = "¿Cuándo terminará la obra del nuevo hospital general de %, que lleva años detenida y sin presupuesto?"
		at := func(town string) string { return strings.Replace(ask, "%", town, 1) }
		s.admitted(at("Bacalar"))
		for _, town := range []string{"Tulum", "tulum", "Cancún", "José María Morelos", "Xcalak"} {
			if got := s.similar(at(town)); len(got) > 0 {
				t.Errorf("%s is suggested as Bacalar", town)
			}
		}
		if got := s.similar(at("BACALAR")); len(got) != 1 {
			t.Errorf("the same town: %v", got)
		}
		waits := s.ask(at("Tulum"))
		near, err := s.d.Alike(s.ctx, s.modGov, s.id, Item{ID: waits.ID, Text: at("Tulum")}, 3)
		if err != nil || len(near) > 0 {
			t.Errorf("a moderator is shown another town: %+v %v", near, err)
		}
		again := s.ask(at("Tulum"))
		near, err = s.d.Alike(s.ctx, s.modGov, s.id, Item{ID: waits.ID, Text: at("Tulum")}, 3)
		if err != nil || len(near) != 1 || near[0].ID != again.ID || !near[0].Waiting || near[0].Score != 1 || len(near[0].Shared) == 0 {
			t.Errorf("another that waits: %+v %v", near, err)
		}
		if _, err := s.d.Alike(s.ctx, glosa.Citizen(), s.id, Item{Text: at("Tulum")}, 3); glosa.KindOf(err) != glosa.Denied {
			t.Errorf("a citizen sees what waits: %v", err)
		}
	})
}
