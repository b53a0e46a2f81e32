package question

import (
	"slices"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
)

// askIn hands in a question in a language.
func (s *stage) askIn(lang glosa.Code, text string) Receipt {
	s.Helper()
	rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: text, Municipality: "23002", Language: lang})
	s.ok(err)
	return rc
}

func (s *stage) translator() glosa.Actor {
	return glosa.Actor{Human: "h-translator", Post: "inmaya-traduccion", Institution: "INMAYA", Side: glosa.Government, Roles: []glosa.Role{glosa.Translator}}
}

// TestTranslate: a question in Maya is shown as it was written, with a translation
// by a named office; a correction is a new version; all of it goes with the words.
func TestTranslate(t *testing.T) {
	each(t, func(s *stage) {
		tr := s.translator()
		rc := s.askIn("yua", "Ba'ax k'iin ku je'ebel le kliinikao'?")
		s.ask("¿Cuándo abre la clínica?")
		list, err := s.d.Untranslated(s.ctx, tr, s.id, 9)
		if err != nil || len(list) != 1 || list[0].ID != rc.ID || list[0].Language != "yua" || list[0].Due.IsZero() {
			t.Fatalf("%v %+v", err, list)
		}
		_, err = s.d.Untranslated(s.ctx, s.modCivil, s.id, 9)
		s.kind(err, glosa.Denied)
		s.kind(s.d.Translate(s.ctx, s.modCivil, rc.ID, 1, "x", "", false), glosa.Denied)
		homeless := tr
		homeless.Institution = ""
		s.kind(s.d.Translate(s.ctx, homeless, rc.ID, 1, "x", "", false), glosa.Denied)
		s.kind(s.d.Translate(s.ctx, tr, rc.ID, 1, " ", "", false), glosa.Invalid)
		s.kind(s.d.Translate(s.ctx, tr, rc.ID, 9, "x", "", false), glosa.Conflict)
		s.ok(s.d.Translate(s.ctx, tr, rc.ID, 1, "¿Cuándo abre la clinica?", "", true))
		s.wants(rc.ID, Sealed, Sealed)
		s.ok(s.d.Admit(s.ctx, s.modCivil, rc.ID))
		s.ok(s.d.Translate(s.ctx, tr, rc.ID, 1, "¿Cuándo abre la clínica?", "", false))
		s.wants(rc.ID, Opened, Opened, Opened)
		p := s.page(rc.ID)
		if x := p.Translation; x == nil || x.Text != "¿Cuándo abre la clínica?" || x.Machine || x.Institution != "INMAYA" || x.Version != 3 {
			t.Errorf("%+v", x)
		}
		if p.Text != "Ba'ax k'iin ku je'ebel le kliinikao'?" || p.Language != "yua" || p.Awaits {
			t.Errorf("%+v", p.Brief)
		}
		if list, _ := s.d.Untranslated(s.ctx, tr, s.id, 9); len(list) != 0 {
			t.Errorf("still to do: %+v", list)
		}
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		s.wants(rc.ID, Erased, Erased, Erased)
	})
}

// TestTranslationLate: the clock of a translation runs by itself and says in public
// that it is over, once; the translation may come all the same.
func TestTranslationLate(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.askIn("tzh", "¿Banti?")
		s.ok(s.d.Admit(s.ctx, s.modCivil, rc.ID))
		p := s.page(rc.ID)
		if !p.Awaits || p.AwaitsClock.Due.IsZero() || len(p.AwaitsClock.Steps) == 0 {
			t.Fatalf("%+v", p.AwaitsClock)
		}
		s.tick(p.AwaitsClock.Due.Add(-time.Minute))
		if e := s.events("question.translation_late", rc.ID); len(e) != 0 {
			t.Error("late before its time")
		}
		s.tick(p.AwaitsClock.Due.Add(time.Minute))
		s.tick(p.AwaitsClock.Due.Add(time.Hour))
		if e := s.events("question.translation_late", rc.ID); len(e) != 1 {
			t.Errorf("%d times late", len(e))
		}
		if p := s.page(rc.ID); p.AwaitsLate.IsZero() {
			t.Error("the page does not say that it is late")
		}
		s.ok(s.d.Translate(s.ctx, s.translator(), rc.ID, 1, "¿Por qué?", "", false))
		if p := s.page(rc.ID); p.Awaits || p.Translation == nil {
			t.Errorf("%+v", p.Translation)
		}
	})
}

// TestUnread: nobody says no to a text in a language they do not read.
func TestUnread(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.askIn("yua", "Ba'ax?")
		s.kind(s.d.Refuse(s.ctx, s.modGov, rc.ID, edition.Propaganda, ""), glosa.Conflict)
		s.kind(s.d.AskEdit(s.ctx, s.modGov, rc.ID, "unclear"), glosa.Conflict)
		items, err := s.d.Queue(s.ctx, s.modGov, s.id, Part{}, 9)
		if err != nil || !items[0].Unread || items[0].Translated.IsZero() {
			t.Fatalf("%v %+v", err, items)
		}
		s.kind(s.d.DeclareReads(s.ctx, s.modGov, s.id, []glosa.Code{"xx"}), glosa.Invalid)
		s.kind(s.d.DeclareReads(s.ctx, glosa.Citizen(), s.id, []glosa.Code{"yua"}), glosa.Denied)
		s.ok(s.d.DeclareReads(s.ctx, s.modGov, s.id, []glosa.Code{"yua", "yua"}))
		if got, err := s.d.Reads(s.ctx, s.modGov, s.id); err != nil || !slices.Equal(got, []glosa.Code{"yua"}) {
			t.Errorf("%v %v", err, got)
		}
		s.ok(s.d.Refuse(s.ctx, s.modGov, rc.ID, edition.Propaganda, ""))
		s.kind(s.d.Refuse(s.ctx, s.modCivil, rc.ID, edition.Propaganda, ""), glosa.Conflict) // the second does not read it
		s.ok(s.d.Translate(s.ctx, s.translator(), rc.ID, 1, "¿Qué?", "", false))
		if items, err := s.d.Queue(s.ctx, s.modCivil, s.id, Part{}, 9); err != nil || items[0].Unread || items[0].Translation == nil {
			t.Errorf("%v %+v", err, items)
		}
		s.ok(s.d.Refuse(s.ctx, s.modCivil, rc.ID, edition.Propaganda, ""))
		s.stands(rc.ID, Refused)
	})
}

// TestRedactTranslated: a translation holds what was struck out, so it goes too and
// is owed anew.
func TestRedactTranslated(t *testing.T) {
	each(t, func(s *stage) {
		s.sealing()
		rc := s.askIn("yua", "Ba'ax u k'aaba' Juana?")
		s.ok(s.d.Translate(s.ctx, s.translator(), rc.ID, 1, "¿Cómo se llama Juana?", "", false))
		s.ok(s.d.Admit(s.ctx, s.modCivil, rc.ID))
		s.ok(s.d.ProposeStrike(s.ctx, s.modCivil, rc.ID, 1, SpansOf(s.words(rc.ID), "", "Juana", "name")))
		s.ok(s.d.Strike(s.ctx, s.modGov, rc.ID))
		s.wants(rc.ID, Sealed, Sealed, Opened)
		s.gone("Juana")
		p := s.page(rc.ID)
		if p.Translation != nil || !p.Awaits || p.Text != "Ba'ax u k'aaba' "+Mark+"?" {
			t.Errorf("%+v %+v", p.Translation, p.Text)
		}
		s.ok(s.d.Translate(s.ctx, s.translator(), rc.ID, 3, "¿Cómo se llama "+Mark+"?", "", false))
		s.wants(rc.ID, Sealed, Sealed, Opened, Opened)
	})
}
