package main

import (
	"bytes"
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/site"
)

const (
	canary    = "¿Quién paga la medicina de mi hermana canariabanco?"
	signer    = "Persona Que Firma Canaria"
	keptWords = "¿Cuándo habrá agua todos los días?"
	lostWords = "¿Cuándo habrá camiones de noche?"
)

// lived is an installation with a life: a copy of it, what happened after the
// copy, and what is left when its disk is lost.
type lived struct {
	t     *testing.T
	dir   string
	clock *glosa.FakeClock
}

func (l *lived) at(name string) string { return filepath.Join(l.dir, name) }

// on opens an installation, lets something happen there, and closes it when all
// of it is sealed.
func (l *lived) on(data string, do func(s *site.Site)) {
	l.t.Helper()
	s, err := site.Open(l.t.Context(), site.Config{Data: l.at(data), Origin: "localhost", Software: "glosa-test", Clock: l.clock})
	l.ok(err)
	ctx, stop := context.WithCancel(l.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Record.Follow(ctx) }()
	do(s)
	head, err := s.DB.Settled(l.t.Context())
	l.ok(err)
	evs, err := s.DB.Line().After(l.t.Context(), 0, int(head))
	l.ok(err)
	newest := int64(-1)
	for _, e := range evs {
		if e.Public {
			newest = e.Seq
		}
	}
	for wait := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if n, ok := s.Record.IndexOf(l.t.Context(), newest); ok && s.Record.Size() > n {
			break
		}
		if time.Now().After(wait) {
			l.t.Fatalf("the record does not seal: %+v", s.Record.Status())
		}
	}
	stop()
	<-ended
	l.ok(s.Close())
}

func (l *lived) ok(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lived) asks(s *site.Site, words string, name string) question.Receipt {
	l.t.Helper()
	a := question.Ask{Text: words, Municipality: "23005", Language: "es"}
	if name != "" {
		a.NamePolicy, a.Name = question.Named, name
	}
	got, err := s.Question.Submit(l.t.Context(), glosa.Citizen(), "demo26", a)
	l.ok(err)
	return got
}

func (l *lived) must(args ...string) string {
	l.t.Helper()
	code, said := command(l.t, args...)
	if code != 0 {
		l.t.Fatalf("%v: %d\n%s", args, code, said)
	}
	return said
}

// holds tells which files below a folder hold some words.
func (l *lived) holds(data, words string) (in []string) {
	l.t.Helper()
	l.ok(filepath.WalkDir(l.at(data), func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(words)) {
			in = append(in, path)
		}
		return err
	}))
	return in
}

// fresh is a new disk with the keys, which are kept elsewhere.
func (l *lived) fresh(data string) []string {
	l.t.Helper()
	l.ok(copyTree(l.at("site/keys"), l.at(data+"/keys")))
	return []string{"restore", "--data", l.at(data), "--from", l.at("copy"), "--reason", "disco perdido"}
}

// begin lives until the copy is made; after is what happens then.
func begin(t *testing.T, after func(l *lived, s *site.Site, erased question.Receipt)) *lived {
	t.Helper()
	l := &lived{t: t, dir: t.TempDir(), clock: glosa.NewFakeClock(time.Now().UTC())}
	var asked question.Receipt
	l.on("site", func(s *site.Site) {
		ref, err := people.ShippedReference("23")
		l.ok(err)
		l.ok(s.People.Load(t.Context(), glosa.Admin(), ref))
		editiontest.At(t, &edition.Desk{DB: s.DB}, l.clock, "demo26", edition.IntakeOpen)
		asked = l.asks(s, canary, signer)
		l.asks(s, keptWords, "")
	})
	l.must("backup", "--data", l.at("site"), "--to", l.at("copy"))
	l.on("site", func(s *site.Site) { after(l, s, asked) })
	l.ok(copyFile(l.at("site/record/checkpoint"), l.at("newer")))
	if in := l.holds("copy", canary); len(in) == 0 {
		t.Fatal("the backup does not hold what was erased after it: nothing is tested")
	}
	if in := l.holds("site", canary); len(in) > 0 {
		t.Fatalf("erased where it was lived, and still in %v", in)
	}
	return l
}

// erases is the author's own erasure, overwritten at once.
func erases(l *lived, s *site.Site, asked question.Receipt) {
	l.ok(s.Question.EraseOwn(l.t.Context(), glosa.Citizen(), asked.ID, question.Proof{Key: asked.Key}))
	l.ok(s.DB.Purge(l.t.Context()))
}

// TestRestoreErasesAgain: what was erased after a backup does not come back with
// it, and the record goes on as one history.
func TestRestoreErasesAgain(t *testing.T) {
	l := begin(t, erases)
	served := httptest.NewServer(http.FileServer(http.Dir(l.at("site"))))
	defer served.Close()
	for name, mirror := range map[string]string{"folder": l.at("site/record"), "address": served.URL} {
		t.Run(name, func(t *testing.T) {
			l.t = t
			restore := l.fresh(name)
			code, said := command(t, append(restore, "--checkpoint", l.at("newer"))...)
			if code != 1 || !strings.Contains(said, "older than the record") || !strings.Contains(said, "--from-mirror") {
				t.Errorf("an older backup alone: %d %s", code, said)
			}
			said = l.must(append(restore, "--checkpoint", l.at("newer"), "--from-mirror", mirror)...)
			if !strings.Contains(said, "erased again: 1 texts") || strings.Contains(said, "No copy of the record was given") {
				t.Errorf("it says: %s", said)
			}
			if in := append(l.holds(name, canary), l.holds(name, signer)...); len(in) > 0 {
				t.Errorf("erased words are back in %v", in)
			}
			if in := l.holds(name, "camiones"); len(in) > 0 || len(l.holds(name, "todos los d")) == 0 {
				t.Error("other words went with them, or the search finds nothing")
			}
			l.on(name, func(s *site.Site) { l.asks(s, lostWords, "") })
			if said := l.must("verify", l.at(name), "--saved", l.at("newer")); !strings.Contains(said, "1 erased, 0 MISSING") {
				t.Errorf("verify: %s", said)
			}
			if left, _ := filepath.Glob(l.at(name + "/restore-*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestRestoreTakesOverWhatItLost: entries whose acts are lost stay in the record,
// their folios are given to nobody else, and verify names the missing text.
func TestRestoreTakesOverWhatItLost(t *testing.T) {
	var lost question.Receipt
	l := begin(t, func(l *lived, s *site.Site, asked question.Receipt) {
		lost = l.asks(s, lostWords, "")
		erases(l, s, asked)
	})
	said := l.must(append(l.fresh("new"), "--checkpoint", l.at("newer"), "--from-mirror", l.at("site"))...)
	if !strings.Contains(said, "The acts of those entries are lost") {
		t.Errorf("it says: %s", said)
	}
	l.on("new", func(s *site.Site) {
		for range 40 {
			if got := l.asks(s, lostWords, ""); got.ID == lost.ID {
				t.Fatalf("%s was given twice", got.ID)
			}
		}
		blocks, err := s.Question.Account(t.Context(), "demo26")
		l.ok(err)
		for _, b := range blocks[:1] {
			if b.Used != 2 {
				t.Errorf("the block of the lost folio has %d used numbers, want the 2 of before", b.Used)
			}
		}
	})
	code, said := command(t, "verify", l.at("new"), "--saved", l.at("newer"))
	if code != 1 || !strings.Contains(said, string(lost.ID)+"): MISSING") || strings.Count(said, "FAILURE") != 1 {
		t.Errorf("verify: %d %s", code, said)
	}
}

// TestRestoreBelievesNoCopy: a copy of the record is worth what the log signed.
func TestRestoreBelievesNoCopy(t *testing.T) {
	l := begin(t, erases)
	for name, change := range map[string]func(record string){
		"one leaf changed": func(record string) {
			tiles, err := filepath.Glob(record + "/tile/entries/000.p/*")
			l.ok(err)
			raw, err := os.ReadFile(tiles[len(tiles)-1])
			l.ok(err)
			l.ok(os.WriteFile(tiles[len(tiles)-1], bytes.Replace(raw, []byte(`"ground":"author"`), []byte(`"ground":"minors"`), 1), 0o600))
		},
		"no entries": func(record string) { l.ok(os.RemoveAll(record + "/tile")) },
		"no further": func(record string) {
			l.ok(os.RemoveAll(record))
			l.ok(copyTree(l.at("copy/record"), record))
		},
	} {
		t.Run(name, func(t *testing.T) {
			l.t = t
			data := strings.ReplaceAll(name, " ", "-")
			l.ok(copyTree(l.at("site/record"), l.at(data+"-copy/record")))
			change(l.at(data + "-copy/record"))
			args := append(l.fresh(data), "--checkpoint", l.at("newer"), "--from-mirror", l.at(data+"-copy"))
			if code, said := command(t, args...); code != 1 {
				t.Errorf("restored: %d %s", code, said)
			}
			if _, err := os.Stat(l.at(data + "/glosa.db")); err == nil {
				t.Error("a database stands where none was restored")
			}
		})
	}
}

// TestRestoreTellsTheRisk when nobody can say what was erased since.
func TestRestoreTellsTheRisk(t *testing.T) {
	l := begin(t, erases)
	said := l.must(append(l.fresh("new"), "--no-checkpoint")...)
	if !strings.Contains(said, "every text and name that was erased since then is back") {
		t.Errorf("it says: %s", said)
	}
}
