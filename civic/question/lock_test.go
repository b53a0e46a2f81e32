package question

import (
	"bytes"
	"testing"

	"glosa"
)

// lockOf reads a hash out of an event's body.
func (s *stage) lockOf(body map[string]any) (h glosa.Hash) {
	s.Helper()
	s.ok(h.UnmarshalText([]byte(body["lock"].(string))))
	return h
}

// TestFollowUpLock: a question and its follow-up share a key, never a lock, so
// that what one's withdrawal or erasure publishes opens nothing of the other.
func TestFollowUpLock(t *testing.T) {
	each(t, func(s *stage) {
		t.Run("KeyOfTheServer", func(t *testing.T) {
			rc := s.answered("¿Una?")
			again, err := s.d.FollowUp(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, "¿De verdad?", "", [16]byte{})
			s.ok(err)
			parent, child := s.events("question.received", rc.ID)[0], s.events("question.followed", again.ID)[0]
			if s.lockOf(parent) == s.lockOf(child) || child["lock_by"] != "server" {
				t.Fatalf("the follow-up is locked by %v", child)
			}
			s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
			said := s.lockOf(s.events("text.erased", rc.ID)[0])
			if !opens(said, s.lockOf(parent)) || opens(said, s.lockOf(child)) {
				t.Error("the parent's erasure opens the follow-up")
			}
			k, err := ParseKey(rc.Key)
			s.ok(err)
			s.kind(s.d.Withdraw(s.ctx, glosa.Citizen(), again.ID, Proof{Auth: k.Auth(), Lock: said}), glosa.Invalid)
			s.ok(s.d.Withdraw(s.ctx, glosa.Citizen(), again.ID, Proof{Key: rc.Key}))
			if said := s.lockOf(s.events("question.withdrawn", again.ID)[0]); !opens(said, s.lockOf(child)) {
				t.Error("the follow-up's withdrawal does not open its lock")
			}
		})
		t.Run("KeyOfTheDevice", func(t *testing.T) {
			k := Key{1, 2, 3}
			auth, lock, next := k.Auth(), k.Lock(), k.FollowLock()
			rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "¿Otra?", Municipality: "23005", Auth: glosa.Digest(auth[:]), Lock: glosa.Digest(lock[:])})
			s.ok(err)
			s.answer(rc.ID)
			for name, p := range map[string]Proof{"Silent": {Auth: auth}, "TheParents": {Auth: auth, Next: glosa.Digest(lock[:])}} {
				if _, err := s.d.FollowUp(s.ctx, glosa.Citizen(), rc.ID, p, "¿De verdad?", "", [16]byte{}); glosa.KindOf(err) != glosa.Invalid {
					t.Errorf("%s: %v", name, err)
				}
			}
			again, err := s.d.FollowUp(s.ctx, glosa.Citizen(), rc.ID, Proof{Auth: auth, Next: glosa.Digest(next[:])}, "¿De verdad?", "", [16]byte{7})
			s.ok(err)
			if body := s.events("question.followed", again.ID)[0]; body["lock_by"] != "device" || !opens(next, s.lockOf(body)) {
				t.Errorf("%v", body)
			}
			own, err := s.d.PrivateReceipt(s.ctx, again.ID, Proof{Auth: auth})
			s.ok(err)
			if own.Texts[0].Device[0] != 7 || !bytes.Equal(own.Texts[0].Promise, again.Promise) {
				t.Errorf("%+v", own.Texts[0])
			}
			s.kind(s.d.EraseOwn(s.ctx, glosa.Citizen(), again.ID, Proof{Auth: auth, Lock: lock}), glosa.Invalid)
			s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), again.ID, Proof{Auth: auth, Lock: next}))
		})
	})
}

// TestEditedPromise: mended words have a promise and a salt as the first ones
// had, and the author finds both again.
func TestEditedPromise(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.ask("uno")
		s.ok(s.d.AskEdit(s.ctx, s.modGov, rc.ID, "unclear"))
		edited, err := s.d.Edit(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, "¿Dos?", "", [16]byte{5})
		s.ok(err)
		own, err := s.d.PrivateReceipt(s.ctx, rc.ID, Proof{Key: rc.Key})
		s.ok(err)
		if len(own.Texts) != 2 || !bytes.Equal(own.Texts[0].Promise, rc.Promise) || bytes.Equal(rc.Promise, edited.Promise) {
			t.Fatalf("%+v", own.Texts)
		}
		if x := own.Texts[1]; !bytes.Equal(x.Promise, edited.Promise) || x.Device[0] != 5 || !bytes.Contains(x.Promise, []byte(x.Commit.String())) {
			t.Errorf("the edited version keeps %+v", x)
		}
		for _, x := range own.Texts {
			if id, err := s.d.Committed(s.ctx, x.Commit); err != nil || id != rc.ID {
				t.Errorf("version %d is found at %q (%v)", x.Version, id, err)
			}
		}
		_, err = s.d.Committed(s.ctx, glosa.Hash{1})
		s.kind(err, glosa.NotFound)
	})
}
