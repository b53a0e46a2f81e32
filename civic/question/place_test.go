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

// TestPlacesAnswered counts what was answered, and whoever was merged into it.
func TestPlacesAnswered(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.routed("¿Cuándo abre?")
		at := s.page(rc.ID).Municipality
		by, err := s.d.PlacesAnswered(s.ctx, s.id)
		if s.ok(err); by[at] != 0 {
			t.Errorf("%v are answered before anybody answers", by)
		}
		s.ok(s.d.Draft(s.ctx, s.liaison, rc.ID, Answer{Kind: Said, Short: "El lunes."}))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, rc.ID))
		s.ok(s.sign(rc.ID))
		by, err = s.d.PlacesAnswered(s.ctx, s.id)
		if s.ok(err); by[at] != 1 {
			t.Errorf("%v, want one at %s", by, at)
		}
	})
}
