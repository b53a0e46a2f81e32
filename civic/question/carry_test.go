package question

import (
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
	"glosa/db/dbtest"
)

// put stands an edition in a stage, whatever its gates say.
func (s *stage) put(id glosa.EditionID, to edition.Stage) {
	s.Helper()
	dbtest.Exec(s.T, s.d.DB, `update edition set stage = $2 where id = $1`, id, to)
}

// next founds the edition of the series that comes after number-1, as a draft.
func (s *stage) next(id glosa.EditionID, number int, code string) {
	s.Helper()
	text, err := edition.Template("glosa-90")
	s.ok(err)
	s.ok(s.ed.Found(s.ctx, s.facilitator, edition.Founding{ID: id, Series: "demo", Number: number, Name: string(id),
		Code: code, Protocol: text, Session: s.clock.Now().AddDate(0, 6, 0), Synthetic: true}))
}

// inherited are the folios that an edition inherited, as its list shows them.
func (s *stage) inherited(id glosa.EditionID) (out []glosa.QuestionID) {
	s.Helper()
	some, _, err := s.d.List(s.ctx, Filter{Edition: id, Inherited: true}, "", 50)
	s.ok(err)
	for _, b := range some {
		out = append(out, b.ID)
	}
	return out
}

// TestCarry: what an edition leaves unanswered goes on in the next one, overdue in
// its own, with the clock it had.
func TestCarry(t *testing.T) {
	each(t, func(s *stage) {
		late, answered, merged := s.routed("¿La primera?"), s.answered("¿La segunda?"), s.admitted("¿La primera otra vez?")
		s.ok(s.merge(late.ID, merged.ID))
		s.tick(s.row(late.ID).due.Add(time.Minute))
		s.stands(late.ID, Overdue)
		before := s.page(late.ID)
		s.put(s.id, edition.Evaluated)
		s.next("demo27", 27, "DEMO27")
		s.tick(s.clock.Now().Add(time.Minute))
		if n := len(s.inherited("demo27")); n != 0 {
			t.Fatalf("%d were carried to a draft", n)
		}
		s.put("demo27", edition.Called)
		s.tick(s.clock.Now().Add(time.Minute))
		s.tick(s.clock.Now().Add(time.Minute)) // once
		if got := s.inherited("demo27"); len(got) != 1 || got[0] != late.ID {
			t.Fatalf("inherited: %v", got)
		}
		body := s.events("question.carried", late.ID)
		if len(body) != 1 || body[0]["to"] != "demo27" || len(s.events("question.carried", answered.ID)) != 0 {
			t.Errorf("told as %v", body)
		}
		p := s.page(late.ID)
		if p.State != Overdue || p.Edition != s.id || p.Carried != "demo27" || !p.Clock.Due.Equal(before.Clock.Due) || p.Clock.Start != before.Clock.Start {
			t.Errorf("carried: %s in %s, on to %s, due %s (was %s)", p.State, p.Edition, p.Carried, p.Clock.Due, before.Clock.Due)
		}
		if b, err := s.d.Balance(s.ctx, s.id); err != nil || b.Received != 3 || b.Admitted != 2 {
			t.Errorf("its own edition's balance: %+v %v", b, err)
		}
		if b, err := s.d.Balance(s.ctx, "demo27"); err != nil || b.Received != 0 {
			t.Errorf("the next edition's balance: %+v %v", b, err)
		}
		office := s.office
		office.Edition = "demo27"
		loads, err := s.d.Overview(s.ctx, office, "demo27")
		s.ok(err)
		if len(loads) != 1 || loads[0].Institution != "SESA" || loads[0].Overdue != 1 {
			t.Errorf("the next edition's overview: %+v", loads)
		}
		inbox, err := s.d.Inbox(s.ctx, s.liaison, Owing{}, 10)
		s.ok(err)
		if len(inbox) != 1 || inbox[0].Carried != "demo27" {
			t.Errorf("inbox: %+v", inbox)
		}
		s.handOn(late)
	})
}

// handOn: an edition hands on what it inherited; who sits in the new one acts, and
// the answer is the old question's.
func (s *stage) handOn(late Receipt) {
	s.Helper()
	s.put("demo27", edition.Closed)
	s.next("demo28", 28, "DEMO28")
	s.put("demo28", edition.Called)
	s.tick(s.clock.Now().Add(time.Minute))
	if got := s.inherited("demo28"); len(got) != 1 || len(s.inherited("demo27")) != 0 {
		s.Fatalf("handed on: %v", got)
	}
	s.put("demo28", edition.IntakeOpen)
	newOne := s.modGov
	newOne.Edition = "demo28"
	s.kind(s.d.Route(s.ctx, newOne, late.ID, "SESA", ""), glosa.Conflict) // theirs to act on: it is routed already
	newOne.Edition = "demo27"
	s.kind(s.d.Route(s.ctx, newOne, late.ID, "SESA", ""), glosa.Denied)
	s.ok(s.d.Draft(s.ctx, s.liaison, late.ID, Answer{Kind: Said, Short: "Ya abrió."}))
	s.ok(s.d.SendToSign(s.ctx, s.liaison, late.ID))
	s.ok(s.sign(late.ID))
	s.stands(late.ID, Answered)
	s.tick(s.clock.Now().Add(time.Minute))
	if n := len(s.events("question.carried", late.ID)); n != 2 {
		s.Errorf("carried %d times", n)
	}
}

// TestCarriedGate: an edition is not evaluated while what it inherited is neither
// answered nor publicly overdue.
func TestCarriedGate(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.routed("¿La primera?")
		s.next("demo27", 27, "DEMO27")
		s.put("demo27", edition.FollowUp)
		s.put(s.id, edition.Closed)
		s.tick(s.clock.Now().Add(time.Minute))
		if got := s.inherited("demo27"); len(got) != 1 {
			t.Fatalf("inherited: %v", got)
		}
		missing := func() (m []edition.Missing) {
			s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) error {
				ed, err := edition.Load(tx, "demo27")
				if err == nil {
					m, err = Gate(tx, ed, edition.Evaluated)
				}
				return err
			}))
			return m
		}
		if m := missing(); len(m) != 1 || m[0].Args["n"] != "1" {
			t.Errorf("while it is owed: %+v", m)
		}
		s.tick(s.row(rc.ID).due.Add(time.Minute))
		if m := missing(); len(m) != 0 {
			t.Errorf("publicly overdue: %+v", m)
		}
	})
}

// TestReferralHasATerm: after it the institution that holds the question answers.
func TestReferralHasATerm(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.routed("¿Cuándo?")
		f, err := s.d.Folder(s.ctx, s.liaison, rc.ID)
		s.ok(err)
		if f.ReferBy.Due.IsZero() || len(f.ReferBy.Steps) < 3 || !f.ReferBy.Due.Before(f.Clock.Due) {
			t.Fatalf("to say that it is another's: %+v", f.ReferBy)
		}
		s.tick(f.ReferBy.Due)
		s.ok(s.d.Refer(s.ctx, s.liaison, rc.ID, "SEQ", "competence"))
		second, err := s.d.Folder(s.ctx, s.otherLiaison, rc.ID)
		s.ok(err)
		if !second.ReferBy.Due.After(f.ReferBy.Due) || !second.Clock.Due.Equal(f.Clock.Due) {
			t.Errorf("the second has until %s, the first had until %s", second.ReferBy.Due, f.ReferBy.Due)
		}
		s.tick(second.ReferBy.Due.Add(time.Second))
		s.kind(s.d.Refer(s.ctx, s.otherLiaison, rc.ID, "SESA", "competence"), glosa.Conflict)
		if p := s.page(rc.ID); p.Institution != "SEQ" || p.Referrals != 1 {
			t.Errorf("%+v", p)
		}
	})
}

// TestSubstituteSigns: the answer says by which document, in what is hashed, and
// the record has the document's digest.
func TestSubstituteSigns(t *testing.T) {
	each(t, func(s *stage) {
		register, admin := &people.Desk{DB: s.d.DB}, glosa.Admin()
		human, err := register.Enrol(s.ctx, admin)
		s.ok(err)
		paper := people.Document{Digest: glosa.Digest([]byte("oficio")), Title: "Oficio SESA/123/2026"}
		today := people.DayOf(s.clock.Now().In(s.edition().Zone))
		_, err = register.Delegate(s.ctx, s.minister, people.Delegation{Post: s.minister.Post, Human: human, Acts: []glosa.Act{"question.answer"},
			From: today, To: people.DayOf(s.clock.Now().AddDate(0, 0, 9)), Document: paper})
		s.ok(err)
		holder, rc, own := s.minister, s.routed("¿Cuándo?"), s.answered("¿Y cuándo?")
		s.ok(s.d.Draft(s.ctx, s.liaison, rc.ID, Answer{Kind: Said, Short: "Abre el lunes."}))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, rc.ID))
		s.minister.Human = human
		s.ok(s.sign(rc.ID))
		v := s.page(rc.ID).Answers[0]
		if v.Absence == nil || *v.Absence != (Absence{Title: paper.Title, Document: paper.Digest}) || v.Post != holder.Post {
			t.Fatalf("signed as %s by %+v", v.Post, v.Absence)
		}
		js, err := glosa.JCS(Signed{ID: rc.ID, Version: 1, Institution: "SESA", Post: holder.Post, Absence: v.Absence, Answer: v.Answer})
		s.ok(err)
		body := s.events("question.answered", rc.ID)[0]
		if body["digest"] != glosa.Digest(js).String() || body["absence"] != paper.Digest.String() {
			t.Errorf("the record has %v", body)
		}
		if x := s.page(own.ID).Answers[0]; x.Absence != nil || s.events("question.answered", own.ID)[0]["absence"] != nil {
			t.Errorf("the holder signs in absence: %+v", x.Absence)
		}
		s.kind(s.d.Extend(s.ctx, s.minister, s.routed("¿Otra?").ID, 1, "Falta"), glosa.Denied) // not among the acts
		s.ok(s.d.Correct(s.ctx, holder, rc.ID, Answer{Kind: Said, Short: "Abre hoy."}, "Se adelantó"))
		if p := s.page(rc.ID); p.Answers[0].Absence != nil || p.Answers[1].Absence == nil {
			t.Errorf("%+v", p.Answers)
		}
	})
}
