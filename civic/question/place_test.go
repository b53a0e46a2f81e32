package question

import "testing"

// Where a question comes from counts for nobody until it is admitted.
func TestPlacesCountWhatIsPublic(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.admitted("¿Cuántas ambulancias hay?")
		by, err := s.d.Places(s.ctx, s.id)
		s.ok(err)
		if at := s.page(rc.ID).Municipality; len(by) != 1 || by[at] != 1 {
			t.Errorf("%v, want one at %s", by, at)
		}
		s.ask("¿Cuándo abre la clínica?")
		if by, err = s.d.Places(s.ctx, s.id); err != nil || len(by) != 1 {
			t.Errorf("%v %v: a question that waits is counted", by, err)
		}
		for _, n := range by {
			if n != 1 {
				t.Errorf("%v: a question that waits is counted", by)
			}
		}
	})
}
