package question

import (
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db/dbtest"
)

// abolish ends an institution yesterday; next is whoever takes its tasks, or "".
func (s *stage) abolish(key, next glosa.InstitutionKey) {
	s.Helper()
	ref, err := people.ShippedReference("23")
	s.ok(err)
	for i := range ref.Institutions {
		if x := &ref.Institutions[i]; x.Key == key {
			day := people.DayOf(s.clock.Now().In(s.edition().Zone).AddDate(0, 0, -1))
			x.Until, x.Next = people.When(day), next
			if next != "" {
				x.NextBy = people.Tasks
			}
		}
	}
	ref.Digest = glosa.Digest([]byte(string(key) + s.clock.Now().String()))
	s.ok((&people.Desk{DB: s.d.DB}).Load(s.ctx, glosa.Admin(), ref))
	s.kind(s.d.Route(s.ctx, s.modCivil, s.admitted("¿?").ID, key, ""), glosa.Invalid)
}

// referredTwice is a question that two institutions said was not theirs.
func (s *stage) referredTwice(text string) Receipt {
	s.Helper()
	rc := s.routed(text)
	s.ok(s.d.Refer(s.ctx, s.liaison, rc.ID, "SEQ", "competence"))
	s.ok(s.d.Refer(s.ctx, s.otherLiaison, rc.ID, "SESA", "competence"))
	return rc
}

// TestMergeTakesTheClockAsItIs: a question that nobody holds, or whose office has
// ended, is merged like any other: the one that stands for both has its clock, and
// waits where it waited.
func TestMergeTakesTheClockAsItIs(t *testing.T) {
	for _, held := range []glosa.InstitutionKey{"", "SESA"} {
		t.Run("HeldBy"+string(held), func(t *testing.T) {
			each(t, func(s *stage) {
				var a Receipt
				if held == "" {
					a = s.referredTwice("¿Una?")
				} else {
					a = s.routed("¿Una?")
				}
				b := s.admitted("¿Otra igual?")
				_, err := s.propose(a.ID, b.ID, b.ID)
				s.ok(err)
				if held != "" {
					s.abolish(held, "")
				}
				was := s.row(a.ID)
				s.tick(s.clock.Now().Add(72 * time.Hour))
				s.stands(a.ID, Merged)
				r := s.row(b.ID)
				if r.clock != was.clock || r.institution != held || r.referrals != was.referrals || r.due.IsZero() || r.next.IsZero() ||
					r.state != Routed && r.state != Overdue {
					t.Errorf("the common one: %s of %q since %s, due %s", r.state, r.institution, r.clock, r.due)
				}
				if n := len(s.events("question.merged", a.ID)); n != 1 || len(s.events("question.merge_dropped", a.ID)) != 0 {
					t.Errorf("merged %d times, and the record says that it was dropped: %v", n, s.events("question.merge_dropped", a.ID))
				}
				if held == "" {
					s.ok(s.d.Assign(s.ctx, s.office, b.ID, "SESA"))
				}
			})
		})
	}
}

// follows follows an answer up.
func (s *stage) follows(rc Receipt, text string) Receipt {
	s.Helper()
	again, err := s.d.FollowUp(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, text, "", [16]byte{})
	s.ok(err)
	return again
}

// TestFollowUpOfAnOfficeThatEnded: it goes to whoever came after; where nobody did, it
// is admitted all the same and waits to be routed.
func TestFollowUpOfAnOfficeThatEnded(t *testing.T) {
	for _, next := range []glosa.InstitutionKey{"SEQ", ""} {
		t.Run("Next"+string(next), func(t *testing.T) {
			each(t, func(s *stage) {
				before, after := s.answered("¿Una?"), s.answered("¿Dos?")
				silent := s.follows(before, "¿Y la una?")
				s.ok(s.d.Refuse(s.ctx, s.modGov, silent.ID, edition.Propaganda, ""))
				human := s.follows(s.answered("¿Tres?"), "¿Y la tres?")
				s.abolish("SESA", next)
				late := s.follows(after, "¿Y la dos?")
				s.ok(s.d.Admit(s.ctx, s.modCivil, human.ID))
				s.ok(s.d.Admit(s.ctx, s.modCivil, late.ID))
				s.tick(s.row(silent.ID).due)
				for _, id := range []glosa.QuestionID{silent.ID, human.ID, late.ID} {
					r := s.row(id)
					if waits := r.unrouted() && r.institution == ""; waits != (next == "") || !waits && (r.state != Routed || r.institution != next) {
						t.Errorf("%s stands %s with %q", id, r.state, r.institution)
					}
				}
			})
		})
	}
}

// TestFollowUpOfAMerged: it goes to the institution that answered for all.
func TestFollowUpOfAMerged(t *testing.T) {
	each(t, func(s *stage) {
		mine := s.admitted("¿Una?")
		s.ok(s.d.Route(s.ctx, s.modCivil, mine.ID, "SEQ", ""))
		common := s.routed("¿Otra igual?")
		s.ok(s.merge(common.ID, mine.ID))
		s.ok(s.d.Draft(s.ctx, s.liaison, common.ID, Answer{Kind: Said, Short: "Abre el lunes."}))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, common.ID))
		s.ok(s.sign(common.ID))
		again := s.follows(mine, "¿Y la mía?")
		s.ok(s.d.Admit(s.ctx, s.modCivil, again.ID))
		if r := s.row(again.ID); r.institution != "SESA" || r.addressed != "SESA" {
			t.Errorf("put to %q, held by %q: SESA answered", r.addressed, r.institution)
		}
	})
}

// TestNobodyDecidesTheirOwnAppeal: whoever refused has no word on a text that is
// held after the appeal, and only convenors have one.
func TestNobodyDecidesTheirOwnAppeal(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.ask("¿?")
		s.ok(s.d.Refuse(s.ctx, s.modGov, rc.ID, edition.ThirdPartyData, ""))
		s.ok(s.d.Refuse(s.ctx, s.modCivil, rc.ID, edition.ThirdPartyData, ""))
		s.ok(s.d.Appeal(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		s.ok(s.d.DecideAppeal(s.ctx, s.modGov2, rc.ID, true))
		s.ok(s.d.DecideAppeal(s.ctx, s.modCivil2, rc.ID, false))
		s.stands(rc.ID, Held)
		for _, one := range []glosa.Actor{s.modGov, s.modCivil, s.modGov2, s.facilitator} {
			s.kind(s.d.DecideHeld(s.ctx, one, rc.ID, edition.ThirdPartyData, ""), glosa.Denied)
			one.Roles = []glosa.Role{glosa.Convenor} // since
			if one.Human == s.modGov.Human || one.Human == s.modCivil.Human {
				s.kind(s.d.DecideHeld(s.ctx, one, rc.ID, edition.ThirdPartyData, ""), glosa.Denied)
			}
		}
		s.kind(s.d.Admit(s.ctx, s.modCivil, rc.ID), glosa.Denied)
		s.ok(s.d.DecideHeld(s.ctx, s.convGov, rc.ID, "", ""))
		s.ok(s.d.DecideHeld(s.ctx, s.convCivil, rc.ID, "", ""))
		s.stands(rc.ID, Admitted)
	})
}

// TestLongTranslation: the context of a translation has the limit that its text has,
// three times what the protocol allows.
func TestLongTranslation(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.askIn("yua", "Ba'ax?")
		most := longer * s.edition().Protocol.Limits.ContextLetters
		s.kind(s.d.Translate(s.ctx, s.translator(), rc.ID, 1, "¿Qué?", strings.Repeat("x", most+1), false), glosa.Invalid)
		s.ok(s.d.Translate(s.ctx, s.translator(), rc.ID, 1, "¿Qué?", strings.Repeat("x", most), false))
	})
}

// TestOneQuestionThatFails: a question whose clock cannot be run is left out, and the
// clocks of all others run.
func TestOneQuestionThatFails(t *testing.T) {
	each(t, func(s *stage) {
		bad := s.routed("¿Una?")
		good := s.routed("¿Dos?")
		dbtest.Exec(t, s.d.DB, `update question set edition = 'nowhere' where id = $1`, bad.ID)
		s.clock.Set(s.row(good.ID).due.Add(time.Minute))
		if _, err := s.ed.Tick(s.ctx); err == nil || !strings.Contains(err.Error(), string(bad.ID)) {
			t.Errorf("the clock says %v", err)
		}
		s.stands(good.ID, Overdue)
		if r := s.row(bad.ID); r.state != Routed {
			t.Errorf("the one that fails stands %s", r.state)
		}
		if x := s.ed.Stuck(); len(x) != 1 || !strings.HasSuffix(x[0].Row, string(bad.ID)) {
			t.Errorf("stuck: %+v", x)
		}
		dbtest.Exec(t, s.d.DB, `update question set edition = $2 where id = $1`, bad.ID, s.id)
		s.tick(s.clock.Now().Add(time.Minute))
		s.stands(bad.ID, Overdue)
	})
}

// TestNobodyRoutes: a question that nobody routes is publicly overdue by itself, and
// says who owed it and how that was counted; routed at last, its answer has its time.
func TestNobodyRoutes(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.admitted("¿Una?")
		p := s.page(rc.ID)
		agenda := s.edition().Plan.On(edition.Selected)
		if !p.HasClock || p.Clock.Start != agenda || len(p.Clock.Steps) == 0 || p.Holder.Who != "facilitation" || !p.Due.Equal(p.Clock.Due) {
			t.Fatalf("%+v held by %s, due %s", p.Clock, p.Holder.Who, p.Due)
		}
		s.tick(p.Clock.Due.Add(-time.Minute))
		s.stands(rc.ID, Admitted)
		s.tick(p.Clock.Due.Add(time.Minute))
		s.tick(p.Clock.Due.Add(time.Minute))
		body := s.events("question.overdue", rc.ID)
		if len(body) != 1 || body[0]["holder"] != "facilitation" || body[0]["owed"] != "route" {
			t.Fatalf("told as %v", body)
		}
		late, _, err := s.d.Overdue(s.ctx, s.id, "", 9)
		if err != nil || len(late) != 1 || late[0].Holder.Who != "facilitation" || !late[0].Unrouted() || !late[0].Due.Equal(p.Clock.Due) {
			t.Errorf("the list of what is overdue: %+v %v", late, err)
		}
		if x := s.page(rc.ID).Clock; !x.Due.Equal(p.Clock.Due) || len(x.Steps) == 0 {
			t.Errorf("the page explains %+v", x)
		}
		s.tick(s.clock.Now().AddDate(0, 1, 0))
		if x := s.page(rc.ID); x.State != Overdue || x.Holder.Who != "public" || x.Level != len(ladder)-1 {
			t.Errorf("a month later: %s, %s, level %d", x.State, x.Holder.Who, x.Level)
		}
		s.ok(s.d.Route(s.ctx, s.modCivil, rc.ID, "SESA", ""))
		if r := s.row(rc.ID); r.state != Routed || r.level != 0 || !r.due.After(s.clock.Now()) {
			t.Errorf("routed at last: %s, level %d, due %s", r.state, r.level, r.due)
		}
		s.kind(s.d.Route(s.ctx, s.modCivil, rc.ID, "SEQ", ""), glosa.Conflict)
	})
}

// TestNobodyAssigns: what two institutions said is not theirs is overdue when the
// governor's office does not assign it; assigned, the answer's clock goes on.
func TestNobodyAssigns(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.routed("¿Una?")
		answer := s.row(rc.ID).due
		s.ok(s.d.Refer(s.ctx, s.liaison, rc.ID, "SEQ", "competence"))
		s.ok(s.d.Refer(s.ctx, s.otherLiaison, rc.ID, "SESA", "competence"))
		p := s.page(rc.ID)
		if !p.Clock.Due.Before(answer) || p.Holder.Who != "governor" || !p.Due.Equal(p.Clock.Due) {
			t.Fatalf("due %s and %s, the answer %s, held by %s", p.Due, p.Clock.Due, answer, p.Holder.Who)
		}
		s.tick(p.Clock.Due.Add(time.Minute))
		if body := s.events("question.overdue", rc.ID); len(body) != 1 || body[0]["holder"] != "governor" || body[0]["owed"] != "assign" {
			t.Fatalf("told as %v", body)
		}
		s.stands(rc.ID, Overdue)
		s.ok(s.d.Assign(s.ctx, s.office, rc.ID, "SEQ"))
		if r := s.row(rc.ID); r.state != Routed || r.level != 0 || r.due != answer || r.institution != "SEQ" {
			t.Errorf("assigned: %s of %s, level %d, due %s", r.state, r.institution, r.level, r.due)
		}
	})
}
