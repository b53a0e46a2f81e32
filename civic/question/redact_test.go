package question

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// sealing enrols a key of each side, by one person of each, and gives the private ones.
func (s *stage) sealing() map[glosa.Side]SealPrivate {
	s.Helper()
	all := map[glosa.Side]SealPrivate{}
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil} {
		key, err := NewSealPrivate()
		s.ok(err)
		s.ok(s.d.EnrolKey(s.ctx, s.convGov, s.id, side, key.Public().String()))
		s.ok(s.d.EnrolKey(s.ctx, s.convCivil, s.id, side, key.Public().String()))
		all[side] = key
	}
	return all
}

// TestRedact: two people of different sides strike a name out. What they struck out
// is nowhere but in a bundle that both sides open together, and the record's
// commitment still opens.
func TestRedact(t *testing.T) {
	each(t, func(s *stage) {
		const name = "Juana Canaria"
		rc := s.admitted("¿Por qué " + name + " no tiene medicinas? " + name + " espera.")
		before := s.page(rc.ID)
		spans := SpansOf(before.Text, before.Context, name, "name")
		if len(spans) != 2 || spans[0].From != 9 || spans[0].To != 22 {
			t.Fatalf("%+v", spans)
		}
		err := s.d.ProposeStrike(s.ctx, s.modGov, rc.ID, 1, spans)
		s.kind(err, glosa.Conflict) // no keys: nowhere for the original to go
		if !strings.Contains(err.Error(), "sl.none") {
			t.Error(err)
		}
		private := s.sealing()
		s.kind(s.d.ProposeStrike(s.ctx, glosa.Citizen(), rc.ID, 1, spans), glosa.Denied)
		s.kind(s.d.ProposeStrike(s.ctx, s.stranger, rc.ID, 1, spans), glosa.Denied)
		s.kind(s.d.ProposeStrike(s.ctx, s.modGov, rc.ID, 2, spans), glosa.Conflict)
		s.kind(s.d.Strike(s.ctx, s.modCivil, rc.ID), glosa.Conflict)
		s.ok(s.d.ProposeStrike(s.ctx, s.modGov, rc.ID, 1, spans))
		s.kind(s.d.ProposeStrike(s.ctx, s.modCivil, rc.ID, 1, spans), glosa.Conflict)
		if x, err := s.d.Strikable(s.ctx, s.modCivil, rc.ID); err != nil || x.Proposal == nil || !reflect.DeepEqual(x.Proposal.Spans, spans) || x.Proposal.Ours {
			t.Errorf("%v: the second sees %+v", err, x)
		}
		s.kind(s.d.Strike(s.ctx, s.modGov2, rc.ID), glosa.Denied)
		twice := s.modCivil
		twice.Human = s.modGov.Human
		s.kind(s.d.Strike(s.ctx, twice, rc.ID), glosa.Denied)
		s.ok(s.d.Strike(s.ctx, s.modCivil, rc.ID))

		p := s.page(rc.ID)
		if want := "¿Por qué " + Mark + " no tiene medicinas? " + Mark + " espera."; p.Text != want || !p.Struck || len(p.Redacted) != 2 || p.State != Admitted {
			t.Errorf("%q %+v", p.Text, p.Redacted)
		}
		s.wants(rc.ID, Sealed, Opened)
		if list, _, err := s.d.List(s.ctx, Filter{Edition: s.id}, "", 9); err != nil || list[0].Text != p.Text {
			t.Errorf("the list shows %q", list[0].Text)
		}
		e := s.events("question.redacted", rc.ID)[0]
		if posts := e["posts"].([]any); len(posts) != 2 || e["of"] != before.Texts[0].Commit.String() || len(e["spans"].([]any)) != 2 {
			t.Errorf("the trace is %v", e)
		}
		s.unseal(rc.ID, private, before.Texts[0].Commit, name)
		s.gone("Canaria")

		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		s.wants(rc.ID, Erased, Erased)
		s.kind(s.d.Unseal(s.ctx, s.modGov, rc.ID, "audit"), glosa.NotFound) // the sealed original went with the words
		if got, err := s.d.Bundles(s.ctx, s.modGov, rc.ID); err != nil || len(got) != 0 {
			t.Errorf("%v: %d bundles of an erased question", err, len(got))
		}
	})
}

// unseal lets two sides ask for the bundle, and opens it with both keys.
func (s *stage) unseal(id glosa.QuestionID, private map[glosa.Side]SealPrivate, commit glosa.Hash, words string) {
	s.Helper()
	_, err := s.d.Bundles(s.ctx, s.modGov, id)
	s.kind(err, glosa.NotFound) // nobody agreed yet
	s.ok(s.d.Unseal(s.ctx, s.modGov, id, "court_order"))
	_, err = s.d.Bundles(s.ctx, s.modGov, id)
	s.kind(err, glosa.NotFound)
	s.kind(s.d.Unseal(s.ctx, s.modCivil, id, "audit"), glosa.Conflict)
	s.kind(s.d.Unseal(s.ctx, s.modGov2, id, "court_order"), glosa.Denied)
	s.clock.Set(s.clock.Now().Add(time.Second))
	s.ok(s.d.Unseal(s.ctx, s.modCivil, id, "court_order"))
	if e := s.events("seal.opened", id); len(e) != 1 || len(e[0]["posts"].([]any)) != 2 {
		s.Errorf("the record says %v", e)
	}
	_, err = s.d.Bundles(s.ctx, s.modCivil2, id)
	s.kind(err, glosa.NotFound) // not one of the two
	got, err := s.d.Bundles(s.ctx, s.modCivil, id)
	if err != nil || len(got) != 1 {
		s.Fatalf("%v: %d bundles", err, len(got))
	}
	b, err := ParseBundle(got[0])
	s.ok(err)
	one, err := b.Share(private[glosa.Government])
	s.ok(err)
	two, err := b.Share(private[glosa.Civil])
	s.ok(err)
	texts, err := b.Open(one, two)
	if err != nil || texts[0].Commit != commit || !strings.Contains(string(texts[0].Object), words) {
		s.Fatalf("%v: %+v", err, texts)
	}
	if _, err := b.Open(one, one); err == nil {
		s.Error("one share opens the bundle")
	}
}

// gone fails when a word is anywhere in the database: in its rows, and on SQLite in its files.
func (s *stage) gone(word string) {
	s.Helper()
	s.ok(s.d.DB.Purge(s.ctx))
	var n int
	s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) error {
		all, err := db.Collect(tx, func(r *db.Rows) (o *string, err error) { return o, r.Scan(&o) }, `select object from question_text
			union all select object from question_answer union all select words from question_note`)
		for _, o := range all {
			if o != nil && strings.Contains(*o, word) {
				n++
			}
		}
		return err
	}))
	for _, e := range dbtest.Events(s.T, s.d.DB) {
		if strings.Contains(string(e.Body), word) {
			n++
		}
	}
	if n > 0 {
		s.Errorf("%q is still in %d rows", word, n)
	}
}

// TestRedactDropsDrafts: what an institution wrote and did not sign goes with what it
// may quote, also where the struck question stands below another; it is told so, the
// public is not; and nobody finds the words by searching.
func TestRedactDropsDrafts(t *testing.T) {
	each(t, func(s *stage) {
		s.sealing()
		rc, below := s.routed("¿Por qué Juana Canaria espera?"), s.admitted("¿Y Canaria por qué espera?")
		s.ok(s.merge(rc.ID, below.ID))
		for i, id := range []glosa.QuestionID{rc.ID, below.ID} {
			s.ok(s.d.Draft(s.ctx, s.liaison, rc.ID, Answer{Kind: Said, Short: "Canaria espera."}))
			s.ok(s.d.SendToSign(s.ctx, s.liaison, rc.ID))
			s.ok(s.d.Return(s.ctx, s.minister, rc.ID, "No escriba Canaria."))
			s.ok(s.d.ProposeStrike(s.ctx, s.modGov, id, 1, SpansOf(s.words(id), "", "Canaria", "name")))
			s.ok(s.d.Strike(s.ctx, s.modCivil, id))
			f, err := s.d.Folder(s.ctx, s.liaison, rc.ID)
			s.ok(err)
			if f.Draft != nil || len(f.Returned) != 0 || f.Dropped.IsZero() || len(f.Notes) != 0 {
				t.Errorf("strike %d leaves %+v, %+v, told at %s; in public %+v", i, f.Draft, f.Returned, f.Dropped, f.Notes)
			}
		}
		s.gone("Canaria")
		if found, _, err := s.d.List(s.ctx, Filter{Edition: s.id, Words: "Canaria"}, "", 9); err != nil || len(found) != 0 {
			t.Errorf("found by the struck word: %+v %v", found, err)
		}
		if found, _, err := s.d.List(s.ctx, Filter{Edition: s.id, Words: "espera"}, "", 9); err != nil || len(found) == 0 {
			t.Errorf("not found by what stands: %v", err)
		}
	})
}

// TestRedactLeavesNoTraceInFiles: after a redaction no byte of what was struck out
// is in the files of the database.
func TestRedactLeavesNoTraceInFiles(t *testing.T) {
	dir := t.TempDir()
	clock := glosa.NewFakeClock(time.Date(2026, 6, 1, 15, 0, 0, 0, time.UTC))
	d := dbtest.Open(t, db.Config{Dir: dir, Clock: clock, Log: dbtest.Log(t)}, schemas...)
	s := open(t, d, clock)
	rc := s.ask("¿Por qué la señora Xochiquetzalli no tiene medicinas?")
	s.sealing()
	s.ok(s.d.ProposeStrike(s.ctx, s.modGov, rc.ID, 1, SpansOf(s.words(rc.ID), "", "Xochiquetzalli", "name")))
	s.ok(s.d.Strike(s.ctx, s.modCivil, rc.ID))
	s.ok(s.d.DB.Purge(s.ctx))
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	s.ok(err)
	for _, f := range files {
		b, err := os.ReadFile(f)
		s.ok(err)
		if strings.Contains(string(b), "Xochiquetzalli") {
			t.Errorf("%s still holds what was struck out", filepath.Base(f))
		}
	}
	s.ok(s.d.Admit(s.ctx, s.modGov, rc.ID))
	if p := s.page(rc.ID); !strings.Contains(p.Text, Mark) {
		t.Errorf("%q", p.Text)
	}
	s.wants(rc.ID, Sealed, Opened)
}

// words are a waiting question's words, as its moderators see them.
func (s *stage) words(id glosa.QuestionID) string {
	s.Helper()
	x, err := s.d.Strikable(s.ctx, s.modCivil, id)
	s.ok(err)
	return x.Text
}

func TestRedactWrong(t *testing.T) {
	each(t, func(s *stage) {
		s.sealing()
		rc := s.ask("¿Quién es Ana?")
		for name, spans := range map[string][]Span{
			"None":     nil,
			"Ground":   {{"text", 10, "boring", 13}},
			"Beyond":   {{"text", 10, "name", 99}},
			"Negative": {{"text", -1, "name", 3}},
			"Empty":    {{"text", 3, "name", 3}},
			"Field":    {{"name", 0, "name", 3}},
			"Overlap":  {{"text", 1, "name", 6}, {"text", 4, "name", 8}},
			"All":      {{"text", 0, "name", 14}},
		} {
			if err := s.d.ProposeStrike(s.ctx, s.modGov, rc.ID, 1, spans); glosa.KindOf(err) != glosa.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := SpansOf("Ana mañana, Ana.", "", "Ana", "name"); len(got) != 2 || got[1].From != 12 {
			t.Errorf("%+v", got)
		}
		ok := []Span{{"text", 10, "name", 13}}
		s.ok(s.d.ProposeStrike(s.ctx, s.modGov, rc.ID, 1, ok))
		x, err := s.d.Strikable(s.ctx, s.modCivil, rc.ID)
		s.ok(err)
		s.kind(s.d.Drop(s.ctx, glosa.Citizen(), x.Proposal.ID), glosa.Denied)
		s.ok(s.d.Drop(s.ctx, s.modCivil, x.Proposal.ID))
		s.kind(s.d.Drop(s.ctx, s.modCivil, x.Proposal.ID), glosa.Conflict)
		s.kind(s.d.Strike(s.ctx, s.modCivil, rc.ID), glosa.Conflict)
		if e := s.events("question.redacted", rc.ID); len(e) != 0 {
			t.Error("a dropped proposal struck something out")
		}
		// The author mends the words between proposal and agreement: nothing is struck.
		s.ok(s.d.ProposeStrike(s.ctx, s.modGov, rc.ID, 1, ok))
		s.ok(s.d.AskEdit(s.ctx, s.modGov, rc.ID, "unclear"))
		_, err = s.d.Edit(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, "¿Quién es Ana Pérez?", "", [16]byte{})
		s.ok(err)
		s.kind(s.d.Strike(s.ctx, s.modCivil, rc.ID), glosa.Conflict)
	})
}

func TestSealKeys(t *testing.T) {
	each(t, func(s *stage) {
		key, err := NewSealPrivate()
		s.ok(err)
		other, err := NewSealPrivate()
		s.ok(err)
		pub := key.Public().String()
		s.kind(s.d.EnrolKey(s.ctx, s.convGov, s.id, glosa.Government, "x"), glosa.Invalid)
		s.kind(s.d.EnrolKey(s.ctx, s.convGov, s.id, glosa.Government, publicKey+strings.Repeat("A", 43)+"="), glosa.Invalid)
		s.kind(s.d.EnrolKey(s.ctx, s.convGov, s.id, glosa.Observatory, pub), glosa.Invalid)
		s.kind(s.d.EnrolKey(s.ctx, s.liaison, s.id, glosa.Government, pub), glosa.Denied)
		s.ok(s.d.EnrolKey(s.ctx, s.convGov, s.id, glosa.Government, pub))
		s.kind(s.d.EnrolKey(s.ctx, s.convCivil, s.id, glosa.Government, other.Public().String()), glosa.Conflict)
		s.kind(s.d.EnrolKey(s.ctx, s.modGov, s.id, glosa.Government, pub), glosa.Denied)
		if x, err := s.d.Seals(s.ctx, s.modGov, s.id); err != nil || x.Ready() || x.Keying[glosa.Government].Key != pub {
			t.Errorf("%v %+v", err, x)
		}
		s.ok(s.d.EnrolKey(s.ctx, s.convCivil, s.id, glosa.Government, pub))
		s.kind(s.d.EnrolKey(s.ctx, s.convCivil, s.id, glosa.Civil, pub), glosa.Conflict) // one key for both is one key
		if e := s.events("question.seal_key_enrolled", glosa.QuestionID(s.id)); len(e) != 1 || e[0]["key"] != key.Public().Digest().String() {
			t.Errorf("%v", e)
		}
	})
}

// TestAccordDatabase: the database itself refuses one human, or one side, twice.
func TestAccordDatabase(t *testing.T) {
	each(t, func(s *stage) {
		for name, second := range map[string]*voice{"OneHuman": {human: "a", side: glosa.Civil}, "OneSide": {human: "b", side: glosa.Government}, "Alone": nil} {
			err := s.d.DB.Act(s.ctx, func(tx *db.Tx) error {
				a := accord{id: tx.NewID(), edition: s.id, kind: accordKey, about: "civil", body: "{}", first: voice{human: "a", side: glosa.Government, post: "x", at: tx.Now}}
				if err := insertAccord(tx, a); err != nil {
					return err
				}
				a.second, a.outcome = second, agreed
				return closeAccord(tx, a)
			})
			if glosa.KindOf(err) != glosa.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func FuzzBundle(f *testing.F) {
	gov, _ := NewSealPrivate()
	civil, _ := NewSealPrivate()
	salt := glosa.Salt([32]byte{1}, [16]byte{2})
	commit, _ := glosa.Commit(salt, json.RawMessage(`{"text":"x"}`))
	js, err := seal("demo26", "DEMO26-0001-A", []SealedText{{Commit: commit, Object: json.RawMessage(`{"text":"x"}`), Salt: salt, Version: 1}},
		map[glosa.Side]SealKey{glosa.Government: gov.Public(), glosa.Civil: civil.Public()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(js)
	f.Add([]byte(`{"kind":"glosa/seal/v1","v":1}`))
	f.Fuzz(func(t *testing.T, js []byte) {
		b, err := ParseBundle(js)
		if err != nil {
			return
		}
		one, err := b.Share(gov)
		if err != nil {
			return
		}
		two, err := b.Share(civil)
		if err != nil {
			return
		}
		texts, err := b.Open(one, two)
		if err == nil && (len(texts) != 1 || texts[0].Commit != commit) {
			t.Errorf("a bundle that nobody sealed opens: %+v", texts)
		}
	})
}

func FuzzSealKey(f *testing.F) {
	key, _ := NewSealPrivate()
	f.Add(key.Public().String())
	file, _ := key.File()
	f.Add(string(file))
	f.Fuzz(func(t *testing.T, text string) {
		if k, err := ParseSealKey(text); err == nil && k.String() != strings.TrimSpace(text) {
			t.Errorf("%q reads as %s", text, k)
		}
		_, _ = ParseSealPrivate([]byte(text))
	})
}

// TestNothingToRedact: what is proposed about words that are gone waits for nobody.
func TestNothingToRedact(t *testing.T) {
	each(t, func(s *stage) {
		s.sealing()
		for _, end := range []func(rc Receipt) error{
			func(rc Receipt) error { return s.d.Withdraw(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}) },
			func(rc Receipt) error { return s.d.EraseOwn(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}) },
		} {
			rc := s.admitted("¿Dónde vive Juana?")
			s.ok(s.d.ProposeStrike(s.ctx, s.modGov, rc.ID, 1, SpansOf(s.words(rc.ID), "", "Juana", "name")))
			s.ok(end(rc))
			if all, err := s.d.Seals(s.ctx, s.convCivil, s.id); err != nil || len(all.Strikes) != 0 {
				t.Errorf("%v: %d redactions wait", err, len(all.Strikes))
			}
		}
		rc := s.answered("¿Qué tiene Juana?") // answered, so that it is erased without being withdrawn
		s.ok(s.d.ProposeStrike(s.ctx, s.modGov, rc.ID, 1, SpansOf(s.words(rc.ID), "", "Juana", "name")))
		s.ok(s.d.Strike(s.ctx, s.modCivil, rc.ID))
		s.ok(s.d.Unseal(s.ctx, s.modGov, rc.ID, "audit"))
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		if all, err := s.d.Seals(s.ctx, s.convCivil, s.id); err != nil || len(all.Opening) != 0 {
			t.Errorf("%v: %d openings wait", err, len(all.Opening))
		}
	})
}
