package question

import (
	"errors"
	"testing"
	"time"

	"glosa"
	"glosa/db"
)

func TestAnswer(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.routed("¿Cuándo abre?")
		p := s.page(rc.ID)
		if p.Holder != (Holder{"institution", "SESA"}) || !p.HasClock || len(p.Clock.Steps) < 3 {
			t.Errorf("routed: %+v", p)
		}
		s.kind(s.d.Draft(s.ctx, s.otherLiaison, rc.ID, Answer{Kind: Said, Short: "x"}), glosa.Denied)
		err := s.d.Draft(s.ctx, s.liaison, rc.ID, Answer{Kind: Cannot, Next: "2026-02-30", Evidence: []Evidence{{Title: "x", URL: "javascript:alert(1)"}}})
		var e *glosa.Error
		if !errors.As(err, &e) || len(e.Fields) != 4 { // short, basis, next, evidence
			t.Errorf("%v", err)
		}
		a := Answer{Kind: Said, Short: "Abre el lunes.", Next: "2026-08-01", Evidence: []Evidence{{Title: "Aviso", URL: "https://example.org/aviso"}}}
		s.ok(s.d.Draft(s.ctx, s.liaison, rc.ID, a))
		a.Short = "Abre el martes."
		s.ok(s.d.Draft(s.ctx, s.liaison, rc.ID, a)) // drafts are written over
		if len(s.page(rc.ID).Answers) != 0 {
			t.Error("a draft is public")
		}
		s.kind(s.sign(rc.ID), glosa.Conflict) // not sent to sign
		s.ok(s.d.SendToSign(s.ctx, s.liaison, rc.ID))
		s.kind(s.d.Draft(s.ctx, s.liaison, rc.ID, a), glosa.Conflict)
		wait, err := s.d.ToSign(s.ctx, s.minister, 0, 10)
		s.ok(err)
		if len(wait) != 1 || wait[0].ID != rc.ID {
			t.Errorf("to sign: %+v", wait)
		}
		s.ok(s.d.Return(s.ctx, s.minister, rc.ID, "Falta la hora"))
		if len(s.page(rc.ID).Notes) != 0 {
			t.Error("the note to the liaison is public")
		}
		f, err := s.d.Folder(s.ctx, s.minister, rc.ID)
		s.ok(err)
		read := s.waiting(f)
		a.Short = "Abre el miércoles."
		s.ok(s.d.Draft(s.ctx, s.liaison, rc.ID, a))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, rc.ID))
		s.kind(s.d.Sign(s.ctx, s.minister, rc.ID, read), glosa.Conflict) // other words than those that were read
		if p := s.page(rc.ID); len(p.Answers) != 0 || len(s.events("question.answered", rc.ID)) != 0 {
			t.Error("signed unread")
		}
		impostor := s.minister
		impostor.Human = "h-liaison"
		s.kind(s.d.Sign(s.ctx, impostor, rc.ID, glosa.Hash{}), glosa.Denied) // does not hold the post today
		s.ok(s.sign(rc.ID))
		p = s.page(rc.ID)
		v := p.Answers[0]
		js, err := glosa.JCS(Signed{ID: rc.ID, Version: 1, Institution: "SESA", Post: "sesa-titular", Answer: v.Answer})
		s.ok(err)
		body := s.events("question.answered", rc.ID)[0]
		if p.State != Answered || v.Short != "Abre el miércoles." || v.Post != "sesa-titular" || body["digest"] != glosa.Digest(js).String() {
			t.Errorf("%+v, leaf %v", p.Answers, body)
		}
	})
}

func TestCorrect(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.answered("¿Cuándo?")
		s.ok(s.d.Rate(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, No))
		s.stands(rc.ID, Finished)
		s.kind(s.d.Correct(s.ctx, s.minister, rc.ID, Answer{Kind: Said, Short: "Abre hoy."}, ""), glosa.Invalid)
		s.ok(s.d.Correct(s.ctx, s.minister, rc.ID, Answer{Kind: Said, Short: "Abre hoy."}, "La fecha estaba mal"))
		p := s.page(rc.ID)
		if p.State != Answered || len(p.Answers) != 2 || p.Answers[0].Number != 2 || p.Answers[0].Reason != "La fecha estaba mal" ||
			p.Answers[1].State != Corrected || p.Answers[1].Short != "Abre el lunes." {
			t.Errorf("%+v", p.Answers)
		}
		s.ok(s.d.Rate(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, Yes)) // anew
	})
}

func TestRate(t *testing.T) {
	each(t, func(s *stage) {
		rc, other := s.answered("¿Cuándo?"), s.admitted("¿Y cuándo?")
		s.kind(s.d.Rate(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: other.Key}, Yes), glosa.Invalid)
		s.kind(s.d.Rate(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, "meh"), glosa.Invalid)
		s.kind(s.d.Rate(s.ctx, glosa.Citizen(), other.ID, Proof{Key: other.Key}, Yes), glosa.Conflict)
		s.ok(s.d.Rate(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, Partly))
		s.kind(s.d.Rate(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, Yes), glosa.Conflict)
	})
}

// TestRateMerged: each author rates the common answer with their own key.
func TestRateMerged(t *testing.T) {
	each(t, func(s *stage) {
		a, b := s.routed("¿Cuándo?"), s.admitted("¿Y cuándo?")
		s.ok(s.merge(a.ID, b.ID))
		s.kind(s.d.Rate(s.ctx, glosa.Citizen(), b.ID, Proof{Key: b.Key}, Yes), glosa.Conflict)
		s.ok(s.d.Draft(s.ctx, s.liaison, a.ID, Answer{Kind: Said, Short: "Ya."}))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, a.ID))
		s.ok(s.sign(a.ID))
		s.ok(s.d.Rate(s.ctx, glosa.Citizen(), b.ID, Proof{Key: b.Key}, Yes))
		s.ok(s.d.Rate(s.ctx, glosa.Citizen(), a.ID, Proof{Key: a.Key}, No))
		if r := s.page(a.ID).Ratings; r[Yes] != 1 || r[No] != 1 {
			t.Errorf("%v", r)
		}
		if v := s.page(b.ID).Answers; len(v) != 1 || v[0].Short != "Ya." {
			t.Errorf("the merged one's page shows %+v", v)
		}
	})
}

func TestReferral(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.routed("¿Cuándo?")
		due := s.page(rc.ID).Clock.Due
		s.clock.Advance(48 * time.Hour)
		s.kind(s.d.Refer(s.ctx, s.otherLiaison, rc.ID, "SEQ", "competence"), glosa.Denied)
		s.ok(s.d.Refer(s.ctx, s.liaison, rc.ID, "SEQ", "competence"))
		if p := s.page(rc.ID); !p.Clock.Due.Equal(due) || p.Holder.Institution != "SEQ" {
			t.Errorf("a referral restarts the clock: %+v", p.Clock)
		}
		s.ok(s.d.Refer(s.ctx, s.otherLiaison, rc.ID, "SESA", "competence"))
		if p := s.page(rc.ID); p.Holder.Who != "governor" || p.Institution != "" {
			t.Errorf("after the second referral %+v holds it", p.Holder)
		}
		s.kind(s.d.Refer(s.ctx, s.liaison, rc.ID, "SEQ", "competence"), glosa.Denied)
		s.ok(s.d.Assign(s.ctx, s.office, rc.ID, "SESA"))
		s.kind(s.d.Assign(s.ctx, s.office, rc.ID, "SEQ"), glosa.Conflict)
		s.kind(s.d.Refer(s.ctx, s.liaison, rc.ID, "SEQ", "competence"), glosa.Conflict) // that was the end of it
		if p := s.page(rc.ID); !p.Clock.Due.Equal(due) || p.Holder.Institution != "SESA" {
			t.Errorf("%+v", p)
		}
	})
}

func TestOverdue(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.routed("¿Cuándo?")
		due := s.page(rc.ID).Clock.Due
		s.kind(s.d.Extend(s.ctx, s.minister, rc.ID, 6, "Más"), glosa.Invalid)
		s.ok(s.d.Extend(s.ctx, s.minister, rc.ID, 3, "Falta un dato"))
		s.kind(s.d.Extend(s.ctx, s.minister, rc.ID, 1, "Otra vez"), glosa.Conflict)
		later := s.page(rc.ID).Clock.Due
		if !later.After(due) || s.page(rc.ID).Notes[0].Words != "Falta un dato" {
			t.Errorf("due %v, extended %v", due, later)
		}
		s.tick(due.Add(time.Hour))
		s.stands(rc.ID, Routed)
		for level, who := range ladder[1:] {
			p := s.page(rc.ID)
			next := p.Clock.Due
			if level > 0 {
				next = s.row(rc.ID).next
			}
			s.tick(next.Add(time.Second))
			if p = s.page(rc.ID); p.State != Overdue || p.Level != level+1 || p.Holder.Who != who {
				t.Fatalf("level %d: %s held by %+v", level+1, p.State, p.Holder)
			}
		}
		s.tick(later.AddDate(1, 0, 0))
		if n := len(s.events("question.overdue", rc.ID)); n != len(ladder)-1 {
			t.Errorf("%d events of lateness, want one a step: %d", n, len(ladder)-1)
		}
		list, _, err := s.d.Overdue(s.ctx, s.id, "", 10)
		s.ok(err)
		if len(list) != 1 {
			t.Errorf("the public list: %+v", list)
		}
		s.ok(s.d.Draft(s.ctx, s.liaison, rc.ID, Answer{Kind: Cannot, Short: "No se puede.", Basis: "Ley X, artículo 1"}))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, rc.ID))
		s.ok(s.sign(rc.ID)) // late is better than never
		s.stands(rc.ID, Answered)
	})
}

func TestFollowUp(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.answered("¿Cuándo?")
		before, _ := s.d.Balance(s.ctx, s.id)
		_, err := s.d.FollowUp(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: Key{}.String()}, "¿De verdad?", "", [16]byte{})
		s.kind(err, glosa.Invalid)
		again, err := s.d.FollowUp(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, "¿De verdad?", "", [16]byte{})
		s.ok(err)
		if again.Key != "" || len(s.events("question.followed", again.ID)) != 1 || len(s.events("question.received", again.ID)) != 0 {
			t.Errorf("%+v", again)
		}
		_, err = s.d.FollowUp(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, "¿Y?", "", [16]byte{})
		s.kind(err, glosa.Conflict) // once
		s.clock.Set(s.edition().Plan.On("evaluated"))
		s.ok(s.d.Admit(s.ctx, s.modGov, again.ID)) // whatever the stage
		p := s.page(again.ID)
		if p.State != Routed || p.Institution != "SESA" || p.Follows != rc.ID || s.page(rc.ID).FollowedBy != again.ID {
			t.Errorf("%+v", p)
		}
		if after, _ := s.d.Balance(s.ctx, s.id); after != before {
			t.Errorf("a follow-up moved the balance: %+v, %+v", before, after)
		}
		_, err = s.d.FollowUp(s.ctx, glosa.Citizen(), again.ID, Proof{Key: rc.Key}, "¿Y?", "", [16]byte{})
		s.kind(err, glosa.Conflict)
	})
}

func (s *stage) tx(fn func(tx *db.Tx) error) error { return s.d.DB.Act(s.ctx, fn) }

func TestAgendaActs(t *testing.T) {
	each(t, func(s *stage) {
		by := glosa.Actor{Human: "sel", Side: glosa.Civil, Seat: 5, Roles: []glosa.Role{glosa.Selector}}
		a, b, c := s.routed("¿Una?"), s.admitted("¿Otra?"), s.admitted("¿Más?")
		due := s.page(a.ID).Clock.Due
		var all []Candidate
		s.ok(s.tx(func(tx *db.Tx) (err error) { all, err = Candidates(tx, s.id); return err }))
		if len(all) != 3 || all[0].Text == "" || len(all[0].Group) != 1 {
			t.Errorf("%+v", all)
		}
		s.clock.Advance(24 * time.Hour)
		s.ok(s.tx(func(tx *db.Tx) error { return Selected(tx, by, a.ID, "c1", 1) }))
		s.ok(s.tx(func(tx *db.Tx) error { return Selected(tx, by, b.ID, "c1", 2) }))
		s.ok(s.tx(func(tx *db.Tx) error { return NotSelected(tx, by, c.ID, "minutes", 4) }))
		s.kind(s.tx(func(tx *db.Tx) error { return Selected(tx, by, c.ID, "c1", 3) }), glosa.Conflict)
		if p := s.page(a.ID); p.Holder.Who != "session" || !p.Clock.Standing {
			t.Errorf("selected: held by %+v, clock %+v", p.Holder, p.Clock)
		}
		if p := s.page(c.ID); p.MinutesShort != 4 {
			t.Errorf("%+v", p)
		}
		s.tick(due.AddDate(0, 1, 0))
		s.stands(a.ID, Routed) // its clock stands still
		s.ok(s.tx(func(tx *db.Tx) error { return Asked(tx, by, a.ID, "m1") }))
		s.ok(s.tx(func(tx *db.Tx) error { return ToWriting(tx, by, a.ID, "no_time") }))
		if p := s.page(a.ID); p.Clock.Standing || !p.Clock.Due.After(due) || len(p.Pauses) != 1 || p.Holder.Who != "institution" {
			t.Errorf("handed to writing: %+v, %+v", p.Clock, p.Pauses)
		}
		s.ok(s.tx(func(tx *db.Tx) error { return Asked(tx, by, b.ID, "m1") }))
		s.ok(s.tx(func(tx *db.Tx) error { return AnsweredOral(tx, by, b.ID, 754) }))
		if p := s.page(b.ID); p.State != Spoken || p.VideoSecond != 754 || p.Holder.Who != "nobody" {
			t.Errorf("%+v", p)
		}
		s.ok(s.d.Rate(s.ctx, glosa.Citizen(), b.ID, Proof{Key: b.Key}, Yes))
	})
}
