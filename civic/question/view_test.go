package question

import (
	"slices"
	"testing"

	"glosa"
)

// A folder is opened by the institution that holds the question, and by nobody else.
func TestFolderIsTheInstitutionsOwn(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.routed("¿Cuándo abre la clínica?")
		s.ok(s.d.Draft(s.ctx, s.liaison, rc.ID, Answer{Kind: Said, Short: "Abre el lunes."}))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, rc.ID))
		s.ok(s.d.Return(s.ctx, s.minister, rc.ID, "Falta la hora."))
		f, err := s.d.Folder(s.ctx, s.liaison, rc.ID)
		s.ok(err)
		if f.Draft == nil || f.Draft.Short != "Abre el lunes." || f.Draft.State != Drafted || len(f.Returned) != 1 || f.Returned[0].Words != "Falta la hora." {
			t.Errorf("%+v", f)
		}
		if len(f.Notes) != 0 {
			t.Error("a private note is on the public page")
		}
		_, err = s.d.Folder(s.ctx, s.otherLiaison, rc.ID)
		s.kind(err, glosa.NotFound)
		_, err = s.d.Folder(s.ctx, s.modCivil, rc.ID)
		s.kind(err, glosa.Denied)
	})
}

func TestOverviewAddsUp(t *testing.T) {
	each(t, func(s *stage) {
		late := s.routed("¿Cuándo abre la clínica?")
		other := s.admitted("¿Cuántas ambulancias hay?")
		s.tick(s.page(late.ID).Clock.Due.Add(1e9))
		s.ok(s.d.Route(s.ctx, s.modCivil, other.ID, "SESA", "salud"))
		load, err := s.d.Overview(s.ctx, s.office, s.id)
		s.ok(err)
		if len(load) != 1 || load[0].Institution != "SESA" || load[0].Pending != 2 || load[0].Overdue != 1 || load[0].Oldest.IsZero() {
			t.Errorf("%+v", load)
		}
		_, err = s.d.Overview(s.ctx, s.modCivil, s.id)
		s.kind(err, glosa.Denied)
		themes, err := s.d.Themes(s.ctx, s.id)
		s.ok(err)
		if !slices.Equal(themes, []glosa.Code{"salud"}) {
			t.Errorf("themes %v", themes)
		}
		none, _, err := s.d.List(s.ctx, Filter{Edition: s.id, Unheld: true}, "", 0)
		s.ok(err)
		if len(none) != 0 {
			t.Errorf("%d questions that nobody holds", len(none))
		}
		held := s.page(late.ID).Holdings()
		if len(held) != 1 || held[0].Institution != "SESA" || !held[0].To.IsZero() {
			t.Errorf("%+v", held)
		}
	})
}
