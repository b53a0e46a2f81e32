package question

import (
	"testing"

	"pgregory.net/rapid"

	"glosa"
	"glosa/db"
)

// TestInvariants: whatever people do, in whatever order, the balance holds after
// each act, words are public exactly when the state says so, nobody causes an
// internal error, and in the end nothing waits for ever.
func TestInvariants(t *testing.T) {
	each(t, func(s *stage) {
		w := newWalk(s)
		most := 20
		if s.d.DB.Engine() == db.Postgres {
			most = 6 // the rules are the same; a transaction each takes longer
		}
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(most/4, most).Draw(rt, "acts") {
				if err := w.live(func(label string, n int) int { return rapid.IntRange(0, n-1).Draw(rt, label) }); err != nil {
					rt.Fatal(err)
				}
			}
		})
		w.words(t)
		s.tick(s.clock.Now().AddDate(1, 0, 0))
		for range 8 { // each rung of the ladder is an act of its own
			s.tick(s.clock.Now().AddDate(0, 1, 0))
		}
		for _, id := range w.ids {
			switch st := s.row(id); st.state {
			case Second, NeedsEdit, Appealed:
				t.Errorf("%s stands %s for ever", id, st.state)
			case Admitted, Routed: // only while the session owes it a word, and then the gate knows
				if st.agenda != OnAgenda && st.agenda != InRoom {
					t.Errorf("%s stands %s for ever", id, st.state)
				}
			case Overdue:
				if st.level != len(ladder)-1 {
					t.Errorf("%s is overdue and %s still holds it", id, ladder[st.level])
				}
			}
		}
		if b, _ := w.d.Balance(s.ctx, s.id); b.Admitted == 0 { // what must occur is counted in the long walk
			t.Errorf("a walk that met nobody proves nothing: %+v", b)
		}
		w.unmergeAll(t)
		told, _ := w.d.Balance(s.ctx, s.id)
		if told.Held = 0; told != w.recorded() {
			t.Errorf("the desk says %+v, the record %+v", told, w.recorded())
		}
	})
}

// words: public exactly when the state says so, and never again once erased.
func (w *walk) words(t *testing.T) {
	state := map[glosa.QuestionID]TextState{}
	for _, x := range w.texts() {
		state[x.Question] = x.State // the last version counts
	}
	for _, id := range w.ids {
		r := w.row(id)
		switch {
		case r.erased && state[id] != Erased, !r.erased && state[id] == Erased,
			!r.erased && r.state.TextIsPublic() && state[id] != Opened,
			!r.erased && !r.state.TextIsPublic() && r.admitted.IsZero() && state[id] != Sealed:
			t.Errorf("%s stands %s, erased %v, and its text is %s", id, r.state, r.erased, state[id])
		}
	}
}

// unmergeAll: every merge can be undone; then each stands for itself.
func (w *walk) unmergeAll(t *testing.T) {
	for _, id := range w.ids {
		if w.row(id).state == Merged {
			w.ok(w.d.Unmerge(w.ctx, w.modGov, id))
		}
	}
	for _, id := range w.ids {
		r := w.row(id)
		if r.state != Withdrawn && (r.root != id || r.into != "") {
			t.Errorf("%s stands %s, still below %s", id, r.state, r.root)
		}
	}
}
