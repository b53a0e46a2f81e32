package question

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"glosa"
	"glosa/db"
)

func (s *stage) propose(a, b, keep glosa.QuestionID) (into glosa.QuestionID, err error) {
	return s.d.ProposeMerge(s.ctx, s.modGov, a, b, keep)
}

func (s *stage) consents(rc Receipt) error {
	return s.d.ConsentMerge(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key})
}

func TestProposedMerge(t *testing.T) {
	each(t, func(s *stage) {
		a := s.admitted("¿Una?")
		s.clock.Advance(time.Minute)
		b := s.ask("¿Otra igual?")
		into, err := s.propose(b.ID, a.ID, "")
		s.ok(err)
		if into != a.ID {
			t.Errorf("%s would stand for both: the older is %s", into, a.ID)
		}
		for _, id := range []glosa.QuestionID{a.ID, b.ID} {
			p := s.page(id)
			if p.State != Admitted || len(p.Joining) != 1 || p.Joining[0].Target != a.ID || p.Joining[0].Authors != 2 || p.Joining[0].Clock.Due.IsZero() || p.Until.IsZero() {
				t.Errorf("the page of %s: %s %+v", id, p.State, p.Joining)
			}
		}
		_, err = s.propose(b.ID, a.ID, "")
		s.kind(err, glosa.Conflict) // it is proposed already
		s.tick(s.clock.Now().Add(71 * time.Hour))
		s.stands(b.ID, Admitted)
		s.tick(s.clock.Now().Add(time.Hour))
		if p := s.stands2(b.ID, Merged); p.Canonical != a.ID || len(p.Joining) != 0 {
			t.Errorf("after the time to object: %+v", p.Brief)
		}
		if p := s.page(a.ID); p.Text != "¿Una?" || len(p.Originals) != 1 || p.Originals[0].Text != "¿Otra igual?" {
			t.Errorf("the common page: %+v", p)
		}
		if len(s.events("question.merge_proposed", b.ID)) != 1 || len(s.events("question.merged", b.ID)) != 1 {
			t.Error("the line does not tell")
		}
	})
}

func (s *stage) stands2(id glosa.QuestionID, want State) Page {
	s.Helper()
	s.stands(id, want)
	return s.page(id)
}

func TestProposedMerge_ConsentOfAll(t *testing.T) {
	each(t, func(s *stage) {
		a, b, c := s.admitted("¿Una?"), s.admitted("¿Dos?"), s.admitted("¿Tres?")
		into, err := s.propose(a.ID, b.ID, b.ID) // the moderator says whose words
		s.ok(err)
		if into != b.ID {
			t.Errorf("%s", into)
		}
		s.kind(s.consents(c), glosa.Conflict) // nobody asked
		s.kind(s.d.ConsentMerge(s.ctx, glosa.Citizen(), a.ID, Proof{Key: b.Key}), glosa.Invalid)
		s.ok(s.consents(a))
		s.ok(s.consents(a)) // twice is once
		s.stands(a.ID, Admitted)
		s.ok(s.consents(b))
		s.stands(a.ID, Merged)

		_, err = s.propose(c.ID, b.ID, b.ID) // whoever was merged before is asked as well
		s.ok(err)
		s.ok(s.consents(c))
		s.ok(s.consents(b))
		s.stands(c.ID, Admitted)
		s.ok(s.consents(a))
		s.stands(c.ID, Merged)
	})
}

func TestProposedMerge_Objection(t *testing.T) {
	each(t, func(s *stage) {
		a, b := s.admitted("¿Una?"), s.admitted("¿Dos?")
		for _, target := range []bool{false, true} { // either author may
			who := b
			if target {
				who = a
			}
			_, err := s.propose(b.ID, a.ID, a.ID)
			s.ok(err)
			s.ok(s.d.Object(s.ctx, glosa.Citizen(), who.ID, Proof{Key: who.Key}))
			if p := s.page(b.ID); len(p.Joining) != 0 || p.State != Admitted {
				t.Errorf("after an objection: %+v", p.Joining)
			}
			s.tick(s.clock.Now().Add(80 * time.Hour))
			s.stands(b.ID, Admitted)
			_, err = s.propose(b.ID, a.ID, "")
			s.kind(err, glosa.Conflict)
			a, b = s.admitted("¿Una?"), s.admitted("¿Dos?")
		}
		s.kind(s.d.Object(s.ctx, glosa.Citizen(), a.ID, Proof{Key: a.Key}), glosa.Conflict)
	})
}

func TestProposedMerge_MovedOn(t *testing.T) {
	each(t, func(s *stage) {
		a, b := s.admitted("¿Una?"), s.admitted("¿Dos?")
		_, err := s.propose(b.ID, a.ID, a.ID)
		s.ok(err)
		s.ok(s.d.Withdraw(s.ctx, glosa.Citizen(), a.ID, Proof{Key: a.Key}))
		s.tick(s.clock.Now().Add(100 * time.Hour))
		s.stands(b.ID, Admitted)
		if e := s.events("question.merge_dropped", b.ID); len(e) != 1 || e[0]["reason"] != "moved_on" {
			t.Errorf("%v", e)
		}
	})
}

func TestMostSupportedStands(t *testing.T) {
	each(t, func(s *stage) {
		old, young := s.admitted("¿Una?"), s.admitted("¿Dos?")
		s.d.Supporters = func(*db.Tx, glosa.EditionID) (map[glosa.QuestionID]int, error) {
			return map[glosa.QuestionID]int{young.ID: 2, old.ID: 1}, nil
		}
		if into, err := s.propose(young.ID, old.ID, ""); err != nil || into != young.ID {
			t.Errorf("%s %v", into, err)
		}
	})
}

// TestMergeIsUndoneToTheSameBytes: whatever is merged into whatever, in any
// order, taken out again in any order: row and texts are what they were.
func TestMergeIsUndoneToTheSameBytes(t *testing.T) {
	each(t, func(s *stage) {
		rapid.Check(t, func(rt *rapid.T) {
			var ids []glosa.QuestionID
			for range rapid.IntRange(2, 6).Draw(rt, "questions") {
				if rapid.Bool().Draw(rt, "routed") {
					ids = append(ids, s.routed("¿Una?").ID)
				} else {
					ids = append(ids, s.admitted("¿Dos?").ID)
				}
				s.clock.Advance(time.Minute)
			}
			type kept struct {
				row   row
				words []words
			}
			read := func(id glosa.QuestionID) (k kept) {
				k.row = s.row(id)
				s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) (err error) {
					k.words, err = selectWords(tx, id)
					return err
				}))
				return k
			}
			before := map[glosa.QuestionID]kept{}
			for range rapid.IntRange(1, 5).Draw(rt, "merges") {
				a, b := rapid.SampledFrom(ids).Draw(rt, "a"), rapid.SampledFrom(ids).Draw(rt, "b")
				was := read(b)
				if s.merge(a, b) == nil {
					before[b] = was
				}
			}
			for _, id := range rapid.Permutation(slices.Clone(ids)).Draw(rt, "order") {
				if _, merged := before[id]; merged {
					s.ok(s.d.Unmerge(s.ctx, s.modCivil, id))
				}
			}
			for id, was := range before {
				if diff := cmp.Diff(was, read(id), cmp.AllowUnexported(kept{}, row{}, words{})); diff != "" {
					rt.Fatalf("%s is not what it was:\n%s", id, diff)
				}
			}
		})
	})
}

// TestConsentToEveryProposal: whoever said yes to one proposal may say yes to
// another that was made later.
func TestConsentToEveryProposal(t *testing.T) {
	each(t, func(s *stage) {
		x, y, z := s.admitted("¿Cuatro?"), s.admitted("¿Cinco?"), s.admitted("¿Seis?")
		_, err := s.propose(y.ID, x.ID, x.ID)
		s.ok(err)
		s.ok(s.consents(x))
		_, err = s.propose(z.ID, x.ID, x.ID)
		s.ok(err)
		s.ok(s.consents(x)) // the first is still open, and was said yes to
		s.ok(s.consents(z))
		s.stands(z.ID, Merged)
		s.stands(y.ID, Admitted)
	})
}
