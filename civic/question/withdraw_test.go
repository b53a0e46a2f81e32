package question

import (
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
	"glosa/db/dbtest"
)

func (s *stage) texts() (out []Text) {
	s.Helper()
	after, version := glosa.QuestionID(""), 0
	for {
		page, err := s.d.Texts(s.ctx, after, version, 2)
		s.ok(err)
		if len(page) == 0 {
			return out
		}
		out = append(out, page...)
		after, version = page[len(page)-1].Question, page[len(page)-1].Version
	}
}

func TestWithdraw(t *testing.T) {
	each(t, func(s *stage) {
		waiting, public, done := s.ask("¿Una?"), s.admitted("¿Otra?"), s.answered("¿Más?")
		s.kind(s.d.Withdraw(s.ctx, glosa.Citizen(), waiting.ID, Proof{Key: public.Key}), glosa.Invalid)
		k, err := ParseKey(waiting.Key)
		s.ok(err)
		s.kind(s.d.Withdraw(s.ctx, glosa.Citizen(), waiting.ID, Proof{Auth: k.Auth()}), glosa.Invalid) // the lock is what is needed
		s.ok(s.d.Withdraw(s.ctx, glosa.Citizen(), waiting.ID, Proof{Key: waiting.Key}))
		leaf := s.events("question.withdrawn", waiting.ID)[0]
		var lock glosa.Hash
		s.ok(lock.UnmarshalText([]byte(leaf["lock"].(string))))
		if glosa.Digest(lock[:]).String() != s.events("question.received", waiting.ID)[0]["lock"] {
			t.Error("the withdrawal's preimage does not open the lock of the first leaf")
		}
		if p := s.page(waiting.ID); p.State != Withdrawn || p.Texts[0].State != Erased {
			t.Errorf("words that were never published are kept: %+v", p.Texts)
		}
		s.ok(s.d.Withdraw(s.ctx, glosa.Citizen(), public.ID, Proof{Key: public.Key}))
		if p := s.page(public.ID); p.State != Withdrawn || p.Texts[0].State != Opened || p.Text == "" {
			t.Errorf("%+v", p)
		}
		s.kind(s.d.Withdraw(s.ctx, glosa.Citizen(), done.ID, Proof{Key: done.Key}), glosa.Conflict) // answered
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), public.ID, Proof{Key: public.Key}))
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), done.ID, Proof{Key: done.Key}))
		if p := s.page(done.ID); p.State != Answered || p.Text != "" || !p.Erased {
			t.Errorf("%+v", p)
		}
		s.kind(s.d.EraseOwn(s.ctx, glosa.Citizen(), done.ID, Proof{Key: done.Key}), glosa.Conflict)
	})
}

// TestPublishedLock: what a withdrawal publishes lets nobody act in the author's place.
func TestPublishedLock(t *testing.T) {
	each(t, func(s *stage) {
		left, told := s.admitted("¿Una?"), s.answered("¿Otra?")
		s.clock.Advance(7 * time.Second)
		s.ok(s.d.Withdraw(s.ctx, glosa.Citizen(), left.ID, Proof{Key: left.Key}))
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), told.ID, Proof{Key: told.Key}))
		var lock glosa.Hash
		s.ok(lock.UnmarshalText([]byte(s.events("question.withdrawn", left.ID)[0]["lock"].(string))))
		s.kind(s.d.EraseOwn(s.ctx, glosa.Citizen(), left.ID, Proof{Lock: lock}), glosa.Invalid)
		p := s.page(left.ID)
		if p.Erased || p.Text == "" {
			t.Error("a stranger erased the words of a withdrawn question")
		}
		if at := p.Steps[len(p.Steps)-1].At; !at.Equal(at.Truncate(time.Minute)) {
			t.Errorf("a citizen's time is told to %v", at)
		}
		s.ok(lock.UnmarshalText([]byte(s.events("text.erased", told.ID)[0]["lock"].(string))))
		s.kind(s.d.Rate(s.ctx, glosa.Citizen(), told.ID, Proof{Lock: lock}, No), glosa.Invalid)
	})
}

// TestErase: two sides, the same words; then every trace of the text is gone
// from this room's tables and a tombstone names the commitment.
func TestErase(t *testing.T) {
	each(t, func(s *stage) {
		rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "CANARIO", Municipality: "23005", Once: "k", NamePolicy: Named, Name: "CANARIO"})
		s.ok(err)
		s.ok(s.d.Admit(s.ctx, s.modGov, rc.ID))
		commit := s.page(rc.ID).Texts[0].Commit
		s.kind(s.d.Erase(s.ctx, s.modGov, rc.ID, "boring", "minor"), glosa.Invalid)
		s.ok(s.d.Erase(s.ctx, s.modGov, rc.ID, "third_party_data", "minor"))
		if p := s.page(rc.ID); p.Erased || len(s.events("question.second_needed", rc.ID)) != 0 {
			t.Error("one side alone erases, or is heard")
		}
		s.kind(s.d.Erase(s.ctx, s.modGov2, rc.ID, "third_party_data", "minor"), glosa.Denied)
		s.ok(s.d.Erase(s.ctx, s.modCivil, rc.ID, "third_party_data", "minor"))
		leaf := s.events("text.erased", rc.ID)[0]
		if leaf["target"] != commit.String() || leaf["law"] != "minor" || len(leaf["posts"].([]any)) != 2 || leaf["lock"] != nil {
			t.Errorf("the tombstone says %v", leaf)
		}
		p := s.page(rc.ID)
		if p.State != Admitted || p.Text != "" || !p.Erased || !p.NameFrom.IsZero() {
			t.Errorf("%+v", p)
		}
		s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) error {
			for _, sql := range []string{`select count(*) from question_text where object is not null or salt_server is not null`,
				`select count(*) from question_once`, `select count(*) from question where person <> ''`} {
				var n int
				if err := tx.Row(sql).Scan(&n); err != nil || n != 0 {
					t.Errorf("%s: %d (%v)", sql, n, err)
				}
			}
			return nil
		}))
	})
}

// TestEraseWaiting: an erased text is no longer waiting for anybody, and the
// record alone says what became of it.
func TestEraseWaiting(t *testing.T) {
	each(t, func(s *stage) {
		bad, own, again := s.ask("¿Una?"), s.ask("¿Otra?"), s.ask("¿Más?")
		balances := func(when string, want Balance) {
			t.Helper()
			b, err := s.d.Balance(s.ctx, s.id)
			s.ok(err)
			if b != want {
				t.Errorf("%s: %+v", when, b)
			}
			want.Held = 0
			if b := s.recorded(); b != want {
				t.Errorf("%s the record says %+v", when, b)
			}
		}
		balances("before", Balance{Received: 3, Waiting: 3})
		s.ok(s.d.Refuse(s.ctx, s.modGov, bad.ID, edition.Illegal, ""))
		s.ok(s.d.Erase(s.ctx, s.modGov, bad.ID, "illegal", "court_order"))
		s.ok(s.d.Erase(s.ctx, s.modCivil, bad.ID, "illegal", "court_order"))
		s.stands(bad.ID, Refused)
		if body := s.events("question.refused", bad.ID)[0]; body["ground"] != "illegal" || len(body["posts"].([]any)) != 2 {
			t.Errorf("the refusal says %v", body)
		}
		s.ok(s.d.Erase(s.ctx, s.modCivil, own.ID, "own_request", "arco_cancellation"))
		s.ok(s.d.Erase(s.ctx, s.modGov, own.ID, "own_request", "arco_cancellation"))
		s.stands(own.ID, Withdrawn)
		if body := s.events("question.withdrawn_by_two", own.ID)[0]; body["law"] != "arco_cancellation" || len(body["posts"].([]any)) != 2 {
			t.Errorf("the withdrawal says %v", body)
		}
		balances("after", Balance{Received: 3, Refused: 1, Withdrawn: 1, Waiting: 1})
		s.ok(s.d.Refuse(s.ctx, s.modGov, again.ID, edition.Illegal, "")) // appealed, it waits once more
		s.ok(s.d.Refuse(s.ctx, s.modCivil, again.ID, edition.Illegal, ""))
		s.ok(s.d.Appeal(s.ctx, glosa.Citizen(), again.ID, Proof{Key: again.Key}))
		balances("appealed", Balance{Received: 3, Refused: 1, Withdrawn: 1, Waiting: 1})
		s.ok(s.d.Erase(s.ctx, s.modCivil2, again.ID, "third_party_data", "minor"))
		s.ok(s.d.Erase(s.ctx, s.modGov2, again.ID, "third_party_data", "minor"))
		balances("at last", Balance{Received: 3, Refused: 2, Withdrawn: 1})
	})
}

// recorded is the balance as whoever has only the record counts it.
func (s *stage) recorded() (b Balance) {
	s.Helper()
	stands := map[string]Place{}
	after := map[string]Place{
		kReceived.Name: InWaiting, kHeld.Name: InWaiting, kAppealed.Name: InWaiting,
		kAdmitted.Name: InAdmitted, kUnmerged.Name: InAdmitted, kMerged.Name: InMerged,
		kRefused.Name: InRefused, kUpheld.Name: InRefused, kWithdrawn.Name: InWithdrawn, kTakenBack.Name: InWithdrawn,
	}
	for _, e := range dbtest.Events(s.T, s.d.DB) {
		to, moves := after[e.Kind]
		if _, in := stands[e.Subject]; moves && e.Public && (in || e.Kind == kReceived.Name) { // follow-ups are in no balance
			stands[e.Subject] = to
		}
	}
	for _, p := range stands {
		b.Received++
		*map[Place]*int{InAdmitted: &b.Admitted, InRefused: &b.Refused, InMerged: &b.Merged, InWithdrawn: &b.Withdrawn, InWaiting: &b.Waiting}[p]++
	}
	return b
}

// TestTexts: every commitment is opened, sealed or erased, and only opened ones
// show salt and object, which make the commitment.
func TestTexts(t *testing.T) {
	each(t, func(s *stage) {
		s.ask("¿Una?")
		s.admitted("¿Otra?")
		gone := s.admitted("¿Más?")
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), gone.ID, Proof{Key: gone.Key}))
		count := map[TextState]int{}
		for _, x := range s.texts() {
			count[x.State]++
			commit, err := glosa.Commit(x.Salt, x.Object)
			switch {
			case x.State == Opened && (err != nil || commit != x.Commit):
				t.Errorf("%s does not open", x.Question)
			case x.State != Opened && (x.Object != nil || !x.Salt.IsZero()):
				t.Errorf("%s shows what is %s", x.Question, x.State)
			}
		}
		if count[Opened] != 1 || count[Sealed] != 1 || count[Erased] != 1 {
			t.Errorf("%v", count)
		}
	})
}
