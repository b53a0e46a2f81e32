package question

import (
	"testing"

	"glosa"
	"glosa/db"
)

// file stands for any object that comes with a question.
type file struct {
	Digest glosa.Hash `json:"digest"`
	Kind   string     `json:"kind"`
}

// add joins a text to a question, as an act of this room does.
func (s *stage) add(id glosa.QuestionID, f further) (version int) {
	s.Helper()
	s.ok(s.d.DB.Act(s.ctx, func(tx *db.Tx) error {
		t, err := turnOn(tx, s.modCivil, id)
		if err != nil {
			return err
		}
		if version, err = t.add(f); err != nil {
			return err
		}
		return save(tx, t.row)
	}))
	return version
}

func (s *stage) file(name string) further {
	s.Helper()
	f, err := s.d.further(TextAttachment, "", [16]byte{}, file{Digest: glosa.Digest([]byte(name)), Kind: "attachment"})
	s.ok(err)
	return f
}

// states are the states of all texts of a question, by version.
func (s *stage) states(id glosa.QuestionID) (out []TextState) {
	s.Helper()
	for _, t := range s.page(id).Texts {
		out = append(out, t.State)
	}
	return out
}

func (s *stage) wants(id glosa.QuestionID, want ...TextState) {
	s.Helper()
	got := s.states(id)
	if len(got) != len(want) {
		s.Fatalf("%s: %v, want %v", id, got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			s.Fatalf("%s: %v, want %v", id, got, want)
		}
	}
}

// TestFurtherTexts: what comes with a question is committed by itself, opened with its
// words and erased with them; what was replaced stays sealed.
func TestFurtherTexts(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.ask("uno")
		if v := s.add(rc.ID, s.file("foto")); v != 2 {
			t.Errorf("the file is version %d", v)
		}
		s.wants(rc.ID, Sealed, Sealed)
		s.ok(s.d.AskEdit(s.ctx, s.modGov, rc.ID, "unclear"))
		_, err := s.d.Edit(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, "dos", "", [16]byte{7})
		s.ok(err)
		if own, err := s.d.PrivateReceipt(s.ctx, rc.ID, Proof{Key: rc.Key}); err != nil || own.Words().Version != 3 || len(own.Texts) != 3 {
			t.Errorf("%v %+v", err, own)
		}
		s.ok(s.d.Admit(s.ctx, s.modGov, rc.ID))
		s.wants(rc.ID, Sealed, Opened, Opened)
		if p := s.page(rc.ID); p.Text != "dos" || !p.Edited() || p.Texts[1].Kind != TextAttachment || p.Texts[0].Replaced != 3 {
			t.Errorf("%+v", p.Texts)
		}
		if v := s.add(rc.ID, s.file("otra foto")); v != 4 {
			t.Errorf("the next file is version %d", v)
		}
		s.wants(rc.ID, Sealed, Opened, Opened, Opened) // public words: open at once
		if e := s.events("question.text_added", rc.ID); len(e) != 2 || e[1]["what"] != "attachment" {
			t.Errorf("%v", e)
		}
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		s.wants(rc.ID, Erased, Erased, Erased, Erased)
		if e := s.events("text.erased", rc.ID); len(e) != 4 {
			t.Errorf("%d tombstones", len(e))
		}
	})
}

// TestFurtherTextsWithQuestion: what is handed in with the words is written by the same act.
func TestFurtherTextsWithQuestion(t *testing.T) {
	each(t, func(s *stage) {
		p, err := s.d.prepare(s.id, Ask{Text: "¿?", Municipality: "23005"}, kReceived)
		s.ok(err)
		p.further = append(p.further, s.file("audio"))
		rc, err := s.d.receive(s.ctx, glosa.Citizen(), actSubmit, s.id, p)
		s.ok(err)
		s.wants(rc.ID, Sealed, Sealed)
		s.ok(s.d.Withdraw(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		s.wants(rc.ID, Erased, Erased)
	})
}
