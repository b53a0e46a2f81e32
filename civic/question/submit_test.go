package question

import (
	"errors"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
)

func TestSubmit(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.ask("¿Cuándo abre el centro de salud?\r\n")
		if id, err := ParseFolio(string(rc.ID)); err != nil || id != rc.ID {
			t.Errorf("folio %s: %v", rc.ID, err)
		}
		if len(rc.Promise) == 0 || !rc.MergeBy.After(rc.Received) || !rc.ReviewBy.After(rc.Received) {
			t.Errorf("a receipt without its promise or dates: %+v", rc)
		}
		k, err := ParseKey(rc.Key)
		s.ok(err)
		lock := k.Lock()
		body := s.events("question.received", rc.ID)
		if len(body) != 1 || len(body[0]) != 3 || body[0]["lock"] != glosa.Digest(lock[:]).String() || body[0]["lock_by"] != "server" {
			t.Errorf("the leaf says %v", body)
		}
		p := s.page(rc.ID)
		if p.Text != "" || p.Context != "" || p.Municipality != "" || p.Texts[0].Object != nil || !p.Texts[0].Salt.IsZero() {
			t.Errorf("before admission the page shows %+v", p)
		}
		if p.State != Received || !p.HasClock || p.Clock.Due.IsZero() || p.Holder.Who != "moderators" || p.Until.IsZero() {
			t.Errorf("before admission the page lacks state, clock or holder: %+v", p)
		}
		if p.Texts[0].Commit.String() != body[0]["commit"] {
			t.Error("the page's commitment is not the leaf's")
		}
	})
}

// TestSubmitOpens: once admitted, text, salt and commitment fit together.
func TestSubmitOpens(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.admitted("¿Cuándo?")
		x := s.page(rc.ID).Texts[0]
		commit, err := glosa.Commit(x.Salt, x.Object)
		s.ok(err)
		if x.State != Opened || commit != x.Commit || !strings.Contains(string(x.Object), "¿Cuándo?") {
			t.Errorf("opened text %+v", x)
		}
		p, err := s.d.PrivateReceipt(s.ctx, rc.ID, Proof{Key: rc.Key})
		s.ok(err)
		if glosa.Salt([32]byte(p.Texts[0].Server), [16]byte(p.Texts[0].Device)) != x.Salt {
			t.Error("the private receipt's salt parts do not make the salt")
		}
		_, err = s.d.PrivateReceipt(s.ctx, rc.ID, Proof{Key: Key{}.String()})
		s.kind(err, glosa.Invalid)
	})
}

func TestSubmitDeviceKey(t *testing.T) {
	each(t, func(s *stage) {
		k := Key{1, 2, 3}
		auth, lock := k.Auth(), k.Lock()
		rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "¿Cuándo?", Municipality: "23005",
			Auth: glosa.Digest(auth[:]), Lock: glosa.Digest(lock[:]), Salt: [16]byte{9}})
		s.ok(err)
		if rc.Key != "" || s.events("question.received", rc.ID)[0]["lock_by"] != "device" {
			t.Errorf("the server made a key though the device had one: %+v", rc)
		}
		s.ok(s.d.Withdraw(s.ctx, glosa.Citizen(), rc.ID, Proof{Auth: auth, Lock: lock})) // the key itself never came
	})
}

func TestSubmitTwice(t *testing.T) {
	each(t, func(s *stage) {
		a := Ask{Text: "¿Cuándo?", Municipality: "23005", Once: "k1"}
		first, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, a)
		s.ok(err)
		again, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, a)
		s.ok(err)
		if again.ID != first.ID || string(again.Promise) != string(first.Promise) || again.Key != "" || !again.Repeated {
			t.Errorf("the repeat gives %+v, the first gave %+v", again, first)
		}
		a.Text = "¿Dónde?"
		_, err = s.d.Submit(s.ctx, glosa.Citizen(), s.id, a)
		s.kind(err, glosa.Conflict)
		a.Caller = "another"
		other, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, a)
		s.ok(err)
		if other.ID == first.ID {
			t.Error("two callers share an idempotency key")
		}
		a.Text, a.Caller = "¿Cuándo?", ""
		s.clock.Set(s.edition().Plan.On(edition.IntakeClosed))
		late, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, a)
		s.ok(err) // the answer got lost, and it was repeated after closing
		if late.ID != first.ID || string(late.Promise) != string(first.Promise) {
			t.Errorf("the repeat after closing gives %+v", late)
		}
		a.Once = "k2"
		_, err = s.d.Submit(s.ctx, glosa.Citizen(), s.id, a)
		s.kind(err, glosa.Closed)
	})
}

// TestSubmitAtOnce: the same submission from many at the same instant is one question.
func TestSubmitAtOnce(t *testing.T) {
	each(t, func(s *stage) {
		const n = 8
		ids := make(chan glosa.QuestionID, n)
		for range n {
			go func() {
				rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "¿Cuándo?", Municipality: "23005", Once: "k"})
				if err != nil {
					t.Error(err)
				}
				ids <- rc.ID
			}()
		}
		first := <-ids
		for range n - 1 {
			if id := <-ids; id != first {
				t.Errorf("%s and %s", id, first)
			}
		}
	})
}

func TestSubmitRefuses(t *testing.T) {
	each(t, func(s *stage) {
		_, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: strings.Repeat("x", 301), Municipality: "09002", Institution: "NADA", Language: "xx", Passage: "demo26-informe-9-9"})
		var e *glosa.Error
		if !errors.As(err, &e) || len(e.Fields) != 5 {
			t.Errorf("not all fields at once: %v", err)
		}
		_, err = s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "a\xff", Municipality: "99999"})
		if !errors.As(err, &e) || len(e.Fields) != 2 {
			t.Errorf("not all fields at once: %v", err)
		}
		_, err = s.d.Submit(s.ctx, glosa.Citizen(), "nada", Ask{Text: "¿?", Municipality: "23005"})
		s.kind(err, glosa.NotFound)
		_, err = s.d.Submit(s.ctx, s.modGov, s.id, Ask{Text: "¿?", Municipality: "23005"})
		s.kind(err, glosa.Denied)
		s.clock.Set(s.edition().Plan.On("intake_closed"))
		_, err = s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "¿?", Municipality: "23005"})
		s.kind(err, glosa.Closed)
	})
}

// TestFolioDraw: numbers are short, unordered, never given twice, and all accounted for.
func TestFolioDraw(t *testing.T) {
	each(t, func(s *stage) {
		const n = 600
		seen, ascending := map[glosa.QuestionID]bool{}, 0
		last := glosa.QuestionID("")
		for i := range n {
			id := s.ask("¿Cuándo?").ID
			if seen[id] {
				t.Fatalf("%s was given twice", id)
			}
			if i > 0 && id > last {
				ascending++
			}
			seen[id], last = true, id
		}
		if ascending < n*4/10 || ascending > n*6/10 {
			t.Errorf("%d of %d folios rise: their order tells", ascending, n)
		}
		blocks, err := s.d.Account(s.ctx, s.id)
		s.ok(err)
		used := 0
		for _, b := range blocks {
			used += b.Used
			if b.Used+b.Unissued != 500 || b.Last-b.First != 499 {
				t.Errorf("block %+v", b)
			}
		}
		if used != n || len(blocks) > 8 {
			t.Errorf("%d used in %d blocks: %+v", used, len(blocks), blocks)
		}
		s.tick(s.edition().Plan.On("intake_closed").Add(time.Minute))
		if len(s.events("question.numbers", "demo26")) != 0 {
			t.Error("accounted for before the last straggler")
		}
		s.tick(s.clock.Now().Add(2 * time.Hour))
		s.tick(s.clock.Now())
		told := 0.0
		for _, b := range s.events("question.numbers", "demo26") {
			told += b["used"].(float64)
		}
		if told != n {
			t.Errorf("the record accounts for %v numbers, %d were used", told, n)
		}
	})
}
