package question

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
	"glosa/db/dbtest"
)

func (s *stage) group(id glosa.QuestionID) (ids []glosa.QuestionID) {
	s.Helper()
	s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) (err error) {
		ids, err = Group(tx, id)
		return err
	}))
	return ids
}

// merge proposes that questions are joined to one of them, and lets each proposal
// take effect as the clock does when nobody objected.
func (s *stage) merge(into glosa.QuestionID, ids ...glosa.QuestionID) error {
	for _, id := range ids {
		if _, err := s.propose(id, into, into); err != nil {
			return err
		}
		err := s.d.DB.Act(s.ctx, func(tx *db.Tx) error {
			ed, err := edition.Load(tx, s.id)
			if err != nil {
				return err
			}
			open, err := selectProposalsOf(tx, id)
			for i := 0; i < len(open) && err == nil; i++ {
				err = open[i].effect(tx, ed)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) row(id glosa.QuestionID) (r row) {
	s.Helper()
	s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) (err error) {
		r, err = load(tx, id)
		return err
	}))
	return r
}

func TestMerge(t *testing.T) {
	each(t, func(s *stage) {
		a, b, c := s.admitted("¿Una?"), s.admitted("¿Otra igual?"), s.ask("¿Y otra?")
		before := s.row(b.ID)
		s.ok(s.merge(b.ID, c.ID)) // still under review: admitted by the same act
		s.ok(s.merge(a.ID, b.ID))
		if got := s.group(c.ID); len(got) != 3 || got[0] != a.ID {
			t.Errorf("the group of the last is %v", got)
		}
		p := s.page(a.ID)
		if len(p.Originals) != 2 || p.Merged != 2 || p.Text != "¿Una?" || p.Originals[0].Text == "" {
			t.Errorf("the common page: %+v", p)
		}
		if x := s.page(c.ID); x.State != Merged || x.Canonical != a.ID || x.Text != "¿Y otra?" {
			t.Errorf("an original's own page: %+v", x)
		}
		if bal, _ := s.d.Balance(s.ctx, s.id); bal.Merged != 2 || bal.Admitted != 1 || bal.Received != 3 {
			t.Errorf("%+v", bal)
		}
		s.kind(s.merge(c.ID, a.ID), glosa.Invalid) // into itself
		s.kind(s.merge(a.ID, c.ID), glosa.Conflict)

		s.ok(s.d.Unmerge(s.ctx, s.modCivil, b.ID)) // with what was merged into it before
		if got := s.group(c.ID); len(got) != 2 || got[0] != b.ID {
			t.Errorf("after the undoing the group of the last is %v", got)
		}
		s.ok(s.d.Unmerge(s.ctx, s.modCivil, c.ID))
		if diff := cmp.Diff(before, s.row(b.ID), cmp.AllowUnexported(row{})); diff != "" {
			t.Errorf("undone, it is not what it was:\n%s", diff)
		}
		s.kind(s.d.Unmerge(s.ctx, s.modCivil, c.ID), glosa.Conflict)
	})
}

func TestMergeKeepsClock(t *testing.T) {
	each(t, func(s *stage) {
		old := s.routed("¿Vieja?")
		due := s.page(old.ID).Clock.Due
		s.clock.Advance(72 * time.Hour)
		young := s.admitted("¿Nueva?")
		s.ok(s.merge(young.ID, old.ID))
		p := s.page(young.ID)
		if p.State != Routed || p.Institution != "SESA" || !p.Clock.Due.Equal(due) {
			t.Errorf("a merge restarted the clock: %v, want %v", p.Clock.Due, due)
		}
		s.ok(s.d.Unmerge(s.ctx, s.modGov, old.ID))
		if p := s.page(old.ID); p.State != Routed || !p.Clock.Due.Equal(due) {
			t.Errorf("undoing it did: %+v", p.Clock)
		}
	})
}

func TestObject(t *testing.T) {
	each(t, func(s *stage) {
		a, b := s.admitted("¿Una?"), s.admitted("¿Otra?")
		s.ok(s.merge(a.ID, b.ID))
		s.kind(s.d.Object(s.ctx, glosa.Citizen(), b.ID, Proof{Key: a.Key}), glosa.Invalid)
		s.ok(s.d.Object(s.ctx, glosa.Citizen(), b.ID, Proof{Key: b.Key}))
		s.stands(b.ID, Admitted)
		for _, e := range dbtest.Events(t, s.d.DB) {
			if e.Kind == "question.unmerged" && !slices.Contains(e.Tags, "question:"+string(a.ID)) {
				t.Errorf("the common question's page is not moved: %v", e.Tags)
			}
		}
		s.kind(s.merge(a.ID, b.ID), glosa.Conflict) // its author said no
	})
}

// TestMergeHeir: when the author of the common words withdraws, the others lose nothing.
func TestMergeHeir(t *testing.T) {
	each(t, func(s *stage) {
		a, b, c := s.routed("¿Una?"), s.admitted("¿Otra?"), s.admitted("¿Más?")
		due := s.page(a.ID).Clock.Due
		s.ok(s.merge(a.ID, b.ID, c.ID))
		s.ok(s.d.Withdraw(s.ctx, glosa.Citizen(), a.ID, Proof{Key: a.Key}))
		heir := s.page(b.ID).Canonical
		p := s.page(heir)
		if p.State != Routed || p.Institution != "SESA" || !p.Clock.Due.Equal(due) || len(p.Originals) != 1 {
			t.Errorf("%s inherits %+v", heir, p)
		}
		if x := s.page(a.ID); x.State != Withdrawn || x.Canonical != heir {
			t.Errorf("the withdrawn one stands %s, canonical %s", x.State, x.Canonical)
		}
	})
}

// TestMergeHeirOfSeveral: who takes the place may stand further down, with a clock,
// a reason and a pause of its own; then it has those of the place, and the events
// say the same as the tables.
func TestMergeHeirOfSeveral(t *testing.T) {
	each(t, func(s *stage) {
		oldest := s.routed("¿La más vieja?")
		s.ok(s.d.Extend(s.ctx, s.minister, oldest.ID, 2, "Falta un dato."))
		s.clock.Advance(time.Hour)
		middle, common := s.admitted("¿La de en medio?"), s.admitted("¿La común?")
		s.ok(s.d.Route(s.ctx, s.modCivil, common.ID, "SEQ", ""))
		s.ok(s.merge(middle.ID, oldest.ID))
		s.ok(s.merge(common.ID, middle.ID))
		s.ok(s.d.Withdraw(s.ctx, glosa.Citizen(), common.ID, Proof{Key: common.Key}))
		p := s.stands2(oldest.ID, Routed)
		if p.Institution != "SEQ" || len(p.Originals) != 1 || p.Originals[0].ID != middle.ID || len(p.Notes) != 0 || len(p.Clock.Steps) == 0 {
			t.Errorf("the heir stands with %s, %d below it, %+v", p.Institution, len(p.Originals), p.Notes)
		}
		s.audit(dbtest.Events(t, s.d.DB))
	})
}

func TestMergeGate(t *testing.T) {
	each(t, func(s *stage) {
		s.ask("¿Espera?")
		missing := func(to edition.Stage) (m []edition.Missing) {
			s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) (err error) {
				m, err = Gate(tx, s.edition(), to)
				return err
			}))
			return m
		}
		if m := missing(edition.Selected); len(m) != 1 || m[0].Args["n"] != "1" {
			t.Errorf("%+v", m)
		}
		if m := missing(edition.InSession); m != nil {
			t.Errorf("%+v", m)
		}
	})
}
