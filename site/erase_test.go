package site_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/people/portrait"
	"glosa/civic/people/rights"
	"glosa/civic/question"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/site"
)

// traces are the words that one person left in the house, and where. Each holds
// "canari", which nothing else does. A new place where words are kept is a line
// here and its act in [leaveTraces].
var traces = map[string]string{
	"text":    "¿Quién paga la medicina de mi hermana canariauno?",
	"context": "Vive en la calle canariados.",
	"name":    "Persona Canariatres",
	"request": "Borren lo que dije, soy canariacuatro.",
	"contact": "canariacinco@example.org",
}

// TestErasedForGood: whoever erases their question and gives up their name leaves
// no word in the database's files, its write-ahead log, a dump, a new backup, or
// the record's folder; what the record holds is still all accounted for.
func TestErasedForGood(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		clock := glosa.NewFakeClock(time.Date(2026, 1, 12, 15, 0, 0, 0, time.UTC))
		data := t.TempDir()
		s, err := site.Open(t.Context(), site.Config{Data: data, Database: c.URL, Origin: "localhost/test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		id, key := leaveTraces(t, s, clock)
		if found := search(t, s, data, c.URL); len(found) == 0 {
			t.Fatal("the words are nowhere before they are erased: the search finds nothing")
		}
		if err := s.Question.EraseOwn(t.Context(), glosa.Citizen(), id, question.Proof{Key: key}); err != nil {
			t.Fatal(err)
		}
		clock.Set(clock.Now().Add(100 * 24 * time.Hour)) // requests empty their boxes
		if _, err := s.Edition.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.DB.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, where := range search(t, s, data, c.URL) {
			t.Errorf("a trace is left in %s", where)
		}
		accounted(t, s)
	})
}

// leaveTraces is a person who asks by name, says who they are, and asks for their data.
func leaveTraces(t *testing.T, s *site.Site, clock *glosa.FakeClock) (glosa.QuestionID, string) {
	t.Helper()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	walker := &edition.Desk{DB: s.DB}
	ref, err := people.ShippedReference("23")
	ok(err)
	ok(s.People.Load(t.Context(), glosa.Admin(), ref))
	editiontest.At(t, walker, clock, ed, edition.ReportPublished)
	_, err = s.Priority.Freeze(t.Context(), editiontest.Facilitator(), ed)
	ok(err)
	editiontest.Walk(t, walker, clock, ed, edition.IntakeOpen)
	rc, err := s.Question.Submit(t.Context(), glosa.Citizen(), ed, question.Ask{Text: traces["text"], Context: traces["context"], Municipality: "23005",
		Language: "es", NamePolicy: question.Named, Name: traces["name"]})
	ok(err)
	moderator := glosa.Actor{Human: "h-mod", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	ok(s.Question.Admit(t.Context(), moderator, rc.ID))
	ok(s.Portrait.Answer(t.Context(), glosa.Citizen(), ed, s.Portrait.Permit(ed), portrait.Answer{Sex: "woman", Municipality: "23005"}))
	asked, err := s.Rights.Ask(t.Context(), glosa.Citizen(), rights.Ask{Kind: rights.Access, Text: traces["request"], Contact: traces["contact"], Folio: string(rc.ID), Key: rc.Key})
	ok(err)
	copied, err := s.Rights.Copy(t.Context(), glosa.Citizen(), asked.ID, asked.Code)
	ok(err)
	held, is := copied.Held[string(rc.ID)].(question.OwnData)
	if !is || held.Name != traces["name"] || len(held.Texts) == 0 || held.Texts[0].Words.Text != traces["text"] {
		t.Errorf("the copy of what is held: %+v", copied.Held)
	}
	return rc.ID, rc.Key
}

// search looks for the canary in every file of the data folder, in a new backup
// and, on PostgreSQL, in a dump.
func search(t *testing.T, s *site.Site, data, url string) (found []string) {
	t.Helper()
	look := func(where string, content []byte) {
		if bytes.Contains(bytes.ToLower(content), []byte("canari")) {
			found = append(found, where)
		}
	}
	files := func(dir string) {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			look(filepath.Base(path), content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	files(data)
	if url != "" {
		dump, err := exec.CommandContext(t.Context(), "pg_dump", url).Output()
		if err != nil {
			t.Fatalf("pg_dump: %v", err)
		}
		look("pg_dump", dump)
		return found
	}
	copied := filepath.Join(t.TempDir(), "copy")
	if err := s.DB.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(copied)
	if err != nil {
		files(copied)
		return found
	}
	look("new backup", content)
	return found
}

// accounted checks that each text's commitment is opened, sealed or erased.
func accounted(t *testing.T, s *site.Site) {
	t.Helper()
	texts, err := s.Question.Texts(t.Context(), "", 0, 100)
	if err != nil || len(texts) == 0 {
		t.Fatalf("%d texts, %v", len(texts), err)
	}
	gone := 0
	for _, e := range dbtest.Events(t, s.DB) {
		if e.Kind == "text.erased" {
			gone++
		}
	}
	for _, x := range texts {
		if x.State != question.Erased || len(x.Object) > 0 || strings.Contains(string(x.Object), "canari") {
			t.Errorf("%s version %d is %s", x.Question, x.Version, x.State)
		}
	}
	if gone != len(texts) {
		t.Errorf("%d tombstones for %d texts", gone, len(texts))
	}
}
