package question

import (
	"errors"
	"testing"

	"glosa"
)

// TestOneDraftForSeveral: the signer reads one text; each question gets a statement
// of its own.
func TestOneDraftForSeveral(t *testing.T) {
	each(t, func(s *stage) {
		a, b, c, other := s.routed("¿Uno?"), s.routed("¿Dos?"), s.routed("¿Tres?"), s.routed("¿Otra cosa?")
		joined := s.admitted("¿Uno, otra vez?")
		s.ok(s.merge(a.ID, joined.ID))
		foreign := s.admitted("¿De otra?")
		s.ok(s.d.Route(s.ctx, s.modCivil, foreign.ID, "SEQ", ""))
		words := Answer{Kind: Said, Short: "Abre el lunes.", Next: "2026-09-01"}
		all := []glosa.QuestionID{a.ID, b.ID, c.ID}

		err := s.d.DraftAll(s.ctx, s.liaison, append(all[:3:3], foreign.ID), words, true)
		var e *glosa.Error
		if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != "also" || e.Fields[0].Args["folio"] != string(foreign.ID) {
			t.Fatalf("with one of another institution: %v", err)
		}
		if f, err := s.d.Folder(s.ctx, s.liaison, a.ID); err != nil || f.Draft != nil {
			t.Fatalf("half was kept: %+v %v", f.Draft, err)
		}
		s.ok(s.d.DraftAll(s.ctx, s.liaison, all, words, true))
		s.ok(s.d.Draft(s.ctx, s.liaison, other.ID, Answer{Kind: Said, Short: "Otra."}))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, other.ID))

		together, err := s.d.Together(s.ctx, s.minister, b.ID)
		s.ok(err)
		if len(together) != 3 || together[0].ID != b.ID {
			t.Fatalf("together: %+v", together)
		}
		read, err := words.Hash()
		s.ok(err)
		s.kind(s.d.SignAll(s.ctx, s.minister, append(all[:3:3], other.ID), read), glosa.Conflict) // one says something else
		s.stands(a.ID, Routed)
		s.kind(s.d.SignAll(s.ctx, s.liaison, all, read), glosa.Denied)
		s.ok(s.d.SignAll(s.ctx, s.minister, append(all[:3:3], a.ID), read)) // one twice is one
		digests := map[any]bool{}
		for _, id := range all {
			s.stands(id, Answered)
			body := s.events("question.answered", id)
			if len(body) != 1 {
				t.Fatalf("%s answered %d times", id, len(body))
			}
			digests[body[0]["digest"]] = true
		}
		if len(digests) != 3 {
			t.Errorf("three statements have %d digests", len(digests))
		}
		if v := s.page(joined.ID).Answers; len(v) != 1 || v[0].Short != words.Short {
			t.Errorf("the one merged into the first reads %+v", v)
		}
	})
}
