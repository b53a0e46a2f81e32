package question

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

func TestRefuse(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.ask("¿Me arreglan mi recibo?")
		s.ok(s.d.Refuse(s.ctx, s.modGov, rc.ID, edition.OffScope, "capa"))
		s.stands(rc.ID, Second)
		p := s.page(rc.ID)
		if len(p.Decisions) != 0 || p.Ground != "" || p.Text != "" {
			t.Errorf("the first word shows: %+v", p)
		}
		items, err := s.d.Queue(s.ctx, s.modCivil, s.id, Part{}, 10)
		s.ok(err)
		if len(items) != 1 || items[0].Ground != "" || items[0].First != glosa.Government || items[0].Text == "" {
			t.Errorf("the queue shows %+v", items)
		}
		s.kind(s.d.Refuse(s.ctx, s.modGov2, rc.ID, edition.OffScope, "capa"), glosa.Denied) // same side
		twice := s.modCivil
		twice.Human = s.modGov.Human
		s.kind(s.d.Refuse(s.ctx, twice, rc.ID, edition.OffScope, "capa"), glosa.Denied) // one human with two seats
		s.ok(s.d.Refuse(s.ctx, s.modCivil, rc.ID, edition.OffScope, "capa"))
		p = s.page(rc.ID)
		if p.State != Refused || p.Ground != edition.OffScope || p.Place != "capa" || len(p.Decisions) != 1 || p.Text != "" {
			t.Errorf("refused: %+v", p)
		}
		body := s.events("question.refused", rc.ID)[0]
		if posts := body["posts"].([]any); len(posts) != 2 || posts[0] != "seat:government:1" || posts[1] != "seat:civil:1" {
			t.Errorf("the leaf says %v", body)
		}
	})
}

func TestRefuseWrong(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.ask("¿?")
		s.kind(s.d.Refuse(s.ctx, s.modGov, rc.ID, "boring", ""), glosa.Invalid)
		s.kind(s.d.Refuse(s.ctx, s.modGov, rc.ID, edition.OffScope, ""), glosa.Invalid) // where can they help?
		s.kind(s.d.Refuse(s.ctx, glosa.Citizen(), rc.ID, edition.Illegal, ""), glosa.Denied)
		s.kind(s.d.Refuse(s.ctx, s.stranger, rc.ID, edition.Illegal, ""), glosa.Denied)
		s.kind(s.d.Admit(s.ctx, s.stranger, rc.ID), glosa.Denied)
		s.kind(s.d.Admit(s.ctx, s.modGov, "DEMO26-9999-A"), glosa.NotFound)
		s.ok(s.d.Admit(s.ctx, s.modGov, rc.ID))
		s.kind(s.d.Admit(s.ctx, s.modGov, rc.ID), glosa.Conflict)
		s.kind(s.d.Refuse(s.ctx, s.modGov, rc.ID, edition.Illegal, ""), glosa.Conflict)
	})
}

// TestRefuseDatabase: the database itself refuses one human, or one side, twice,
// and a refusal that only one person signed.
func TestRefuseDatabase(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.ask("¿?")
		for name, r := range map[string]ruling{
			"OneHuman": {second: &voice{human: "a", side: glosa.Civil, word: edition.Illegal}},
			"OneSide":  {second: &voice{human: "b", side: glosa.Government, word: edition.Illegal}},
			"NoSide":   {second: &voice{human: "b", side: glosa.Observatory, word: edition.Illegal}},
			"Alone":    {},
			"Disagree": {second: &voice{human: "b", side: glosa.Civil, word: edition.Propaganda}},
		} {
			err := s.d.DB.Act(s.ctx, func(tx *db.Tx) error {
				r.id, r.question, r.kind, r.round, r.outcome = tx.NewID(), rc.ID, kindRefuse, 1, outRefused
				r.first = voice{human: "a", side: glosa.Government, post: "x", word: edition.Illegal, at: tx.Now}
				if err := insertRuling(tx, r); err != nil {
					return err
				}
				return closeRuling(tx, r)
			})
			if glosa.KindOf(err) != glosa.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		}
		err := s.d.DB.Act(s.ctx, func(tx *db.Tx) error {
			r, err := load(tx, rc.ID)
			s.ok(err)
			r.state = Refused
			return save(tx, &r)
		})
		s.kind(err, glosa.Conflict)
	})
}

// TestSilence: no second word within the clock admits, but holds what must not be let out.
func TestSilence(t *testing.T) {
	each(t, func(s *stage) {
		plain, data := s.ask("¿Una?"), s.ask("¿Otra?")
		s.ok(s.d.Refuse(s.ctx, s.modGov, plain.ID, edition.Propaganda, ""))
		s.ok(s.d.Refuse(s.ctx, s.modGov, data.ID, edition.ThirdPartyData, ""))
		due := s.page(plain.ID).Clock.Due
		s.tick(due.Add(-time.Minute))
		s.stands(plain.ID, Second)
		s.tick(due.Add(time.Minute))
		s.stands(plain.ID, Admitted)
		s.stands(data.ID, Held)
		if b, _ := s.d.Balance(s.ctx, s.id); b.Held != 1 || b.Waiting != 1 || b.Admitted != 1 {
			t.Errorf("balance %+v", b)
		}
		if by := s.page(plain.ID).Steps; by[len(by)-1].By != "system" || by[len(by)-1].Word != "no_second" {
			t.Errorf("who admitted: %+v", by)
		}
		s.ok(s.d.DecideHeld(s.ctx, s.convGov, data.ID, "", ""))
		s.stands(data.ID, Held)
		s.kind(s.d.DecideHeld(s.ctx, s.convGov, data.ID, "", ""), glosa.Denied)
		s.ok(s.d.DecideHeld(s.ctx, s.convCivil, data.ID, "", ""))
		s.stands(data.ID, Admitted)
	})
}

func TestDisagreement(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.ask("¿?")
		s.ok(s.d.Refuse(s.ctx, s.modCivil, rc.ID, edition.PersonalAttack, ""))
		s.kind(s.d.Admit(s.ctx, s.modCivil2, rc.ID), glosa.Denied) // the other side must look
		s.ok(s.d.Admit(s.ctx, s.modGov, rc.ID))
		p := s.page(rc.ID)
		if p.State != Admitted || p.Text != "¿?" || len(p.Decisions) != 1 || p.Decisions[0].Outcome != outAdmitted {
			t.Errorf("%+v", p)
		}
	})
}

func TestNeedsEdit(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.ask("uno")
		s.ok(s.d.AskEdit(s.ctx, s.modGov, rc.ID, "unclear"))
		s.stands(rc.ID, NeedsEdit)
		_, err := s.d.Edit(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: Key{}.String()}, "dos", "", [16]byte{})
		s.kind(err, glosa.Invalid)
		_, err = s.d.Edit(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, strings.Repeat("x", 400), "", [16]byte{})
		s.kind(err, glosa.Invalid)
		edited, err := s.d.Edit(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, "dos", "", [16]byte{})
		s.ok(err)
		if len(edited.Promise) == 0 {
			t.Error("the new words come without a promise")
		}
		s.kind(s.d.AskEdit(s.ctx, s.modGov, rc.ID, "unclear"), glosa.Conflict) // once
		s.ok(s.d.Admit(s.ctx, s.modGov, rc.ID))
		p := s.page(rc.ID)
		if p.Text != "dos" || p.Texts[0].State != Sealed || p.Texts[0].Object != nil || p.Texts[1].State != Opened {
			t.Errorf("%+v", p.Texts)
		}
		other := s.ask("tres")
		s.ok(s.d.AskEdit(s.ctx, s.modGov, other.ID, "unclear"))
		s.tick(s.page(other.ID).Clock.Due.Add(time.Minute))
		s.stands(other.ID, Received) // decided as it stands
	})
}

func TestAppeal(t *testing.T) {
	each(t, func(s *stage) {
		refused := func() Receipt {
			rc := s.ask("¿?")
			s.ok(s.d.Refuse(s.ctx, s.modGov, rc.ID, edition.Propaganda, ""))
			s.ok(s.d.Refuse(s.ctx, s.modCivil, rc.ID, edition.Propaganda, ""))
			return rc
		}
		rc := refused()
		s.kind(s.d.Appeal(s.ctx, glosa.Citizen(), rc.ID, Proof{}), glosa.Invalid)
		s.ok(s.d.Appeal(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		s.kind(s.d.DecideAppeal(s.ctx, s.modGov, rc.ID, true), glosa.Denied) // decided it before
		s.ok(s.d.DecideAppeal(s.ctx, s.modGov2, rc.ID, true))
		s.kind(s.d.DecideAppeal(s.ctx, s.modCivil, rc.ID, true), glosa.Denied)
		s.ok(s.d.DecideAppeal(s.ctx, s.modCivil2, rc.ID, true))
		s.stands(rc.ID, Refused)
		s.kind(s.d.Appeal(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}), glosa.Closed) // once

		rc = refused()
		s.ok(s.d.Appeal(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		s.ok(s.d.DecideAppeal(s.ctx, s.modGov2, rc.ID, true))
		s.ok(s.d.DecideAppeal(s.ctx, s.modCivil2, rc.ID, false))
		s.stands(rc.ID, Admitted)

		rc = refused()
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		s.kind(s.d.Appeal(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}), glosa.Conflict) // nothing is left to publish

		rc = refused()
		s.clock.Set(s.page(rc.ID).Clock.Due.Add(time.Hour))
		s.kind(s.d.Appeal(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}), glosa.Closed)
	})
}

// TestModeratorsSeeNoPerson: what a moderator gets has no place for a name, a
// contact or a municipality.
func TestModeratorsSeeNoPerson(t *testing.T) {
	each(t, func(s *stage) {
		_, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "¿?", Municipality: "23005", NamePolicy: Named, Name: "Quien Firma"})
		s.ok(err)
		items, err := s.d.Queue(s.ctx, s.modGov, s.id, Part{}, 10)
		s.ok(err)
		all := fmt.Sprintf("%+v", items)
		if len(items) != 1 || strings.Contains(all, "23005") || strings.Contains(all, "Quien") {
			t.Error(all)
		}
		_, err = s.d.Queue(s.ctx, s.stranger, s.id, Part{}, 10)
		s.kind(err, glosa.Denied)
	})
}

func TestName(t *testing.T) {
	each(t, func(s *stage) {
		rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "¿?", Municipality: "23005", NamePolicy: Named, Name: " Quien   Firma "})
		s.ok(err)
		s.ok(s.d.Admit(s.ctx, s.modGov, rc.ID))
		p := s.page(rc.ID)
		if !p.Name.IsEmpty() || p.Until.IsZero() {
			t.Error("the name shows at once, or the page does not say when it changes")
		}
		s.clock.Set(p.NameFrom)
		if got := s.page(rc.ID).Name.Reveal(); got != "Quien Firma" {
			t.Errorf("after a day the page says %q", got)
		}
		s.ok(s.d.Unname(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		if got := s.page(rc.ID).Name.Reveal(); got != "" {
			t.Errorf("a removed name still says %q", got)
		}
		s.kind(s.d.Unname(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}), glosa.Conflict)
	})
}
