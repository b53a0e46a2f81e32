package question

import "testing"

func TestSuggestRoute(t *testing.T) {
	each(t, func(s *stage) {
		s.routed("¿Cuándo habrá insulina en los centros de la colonia?")
		a := s.admitted("¿Por qué no hay insulina en los centros de la colonia?")
		got, err := s.d.SuggestRoute(s.ctx, s.modGov, s.id, a.ID)
		if err != nil || got.Institution != "SESA" || got.Theme != "salud" || len(got.Near) != 1 || got.Addressee {
			t.Errorf("%+v %v", got, err)
		}
		if p := s.page(a.ID); p.State != Admitted {
			t.Errorf("a suggestion moved it: %s", p.State)
		}
	})
}
