package year

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"glosa"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/cmd/front"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/method/shares"
	"glosa/record"
	"glosa/site"
	"glosa/web/api"
)

// each plays on a fresh house on each engine.
func each(t *testing.T, body func(t *testing.T, c site.Config)) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		body(t, site.Config{Data: filepath.Join(t.TempDir(), "data"), Database: c.URL})
	})
}

func TestTheWholeYear(t *testing.T) {
	each(t, func(t *testing.T, c site.Config) {
		var logs book
		c.Log = slog.New(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
		y := Open(t, c)
		y.Whole()
		y.Settle()
		t.Run("EveryQuestionIsCounted", func(t *testing.T) { y.counts(t) })
		t.Run("AnybodyVerifiesIt", func(t *testing.T) { y.verified(t) })
		t.Run("ReceiptsVerifyOffline", func(t *testing.T) { y.receipts(t) })
		t.Run("AnybodyReplaysTheAgenda", func(t *testing.T) { y.replayed(t) })
		t.Run("BallotsAreAudited", func(t *testing.T) { y.audited(t) })
		t.Run("VotersFindTheirRows", func(t *testing.T) { y.followed(t) })
		t.Run("TheLogsHoldNothingPrivate", func(t *testing.T) { y.silent(t, logs.String()) })
		t.Run("TheRecordHoldsNobodysWords", func(t *testing.T) { y.wordless(t) })
		t.Run("OneHumanIsNeverTwo", func(t *testing.T) { y.twoHumans(t) })
		t.Run("ErasedWordsAreGone", func(t *testing.T) { y.erased(t) })
		t.Run("WhatWasTamperedWithIsNamed", func(t *testing.T) { y.tampered(t) })
		t.Run("TamperedBallotsAreNamed", func(t *testing.T) { y.ballotsTampered(t) })
	})
}

// book is a log that is kept whole.
type book struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (y *Play) counts(t *testing.T) {
	for id, want := range map[glosa.EditionID]question.Balance{
		FirstEdition:  {Received: 13, Admitted: 9, Refused: 1, Merged: 1, Withdrawn: 2},
		SecondEdition: {Received: 1, Admitted: 1},
	} {
		got, err := y.Site.Question.Balance(t.Context(), id)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", id, got, err, want)
		}
	}
}

// options are what somebody outside knows, with what the database says when the
// folder itself is looked at.
func (y *Play) options(folder bool) record.Options {
	o := record.Options{Kinds: site.Kinds(), Fold: site.Fold, Pages: api.Shown(), Policy: y.Site.Record.Policy(), Now: y.Clock.Now(), Settle: -1}
	if folder {
		o.Rows, o.Texts, o.Officials = record.Rows(y.Site.DB), site.TextsOf(y.Site.DB), site.OfficialsOf(y.Site.DB, site.Lying(y.Site.Config))
	}
	return o
}

// look verifies the record from outside, by address and by folder.
func (y *Play) look(t *testing.T, saved ...[]byte) map[string]*record.Report {
	t.Helper()
	outside := httptest.NewServer(front.New(y.Site, front.House{Place: "Quintana Roo"}))
	defer outside.Close()
	reports := map[string]*record.Report{}
	for name, target := range map[string]string{"address": outside.URL, "folder": y.Site.Data} {
		o := y.options(name == "folder")
		o.Saved = saved
		r, err := record.Verify(t.Context(), target, o)
		if err != nil {
			t.Fatal(err)
		}
		reports[name] = r
	}
	return reports
}

// leafOf is the leaf of a question's arrival.
func (y *Play) leafOf(t *testing.T, q glosa.QuestionID) record.Leaf {
	t.Helper()
	leaves, err := y.Site.Record.About(t.Context(), string(q))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(leaves, func(l record.Leaf) bool { return l.Kind == "question.received" })
	if i < 0 {
		t.Fatalf("no leaf receives %s", q)
	}
	return leaves[i]
}

func (y *Play) verified(t *testing.T) {
	var saved [][]byte
	for q, r := range y.Receipts {
		receipt, err := y.Site.Record.Receipt(t.Context(), y.leafOf(t, q).N, r.Promise)
		if err != nil {
			t.Fatal(err)
		}
		saved = append(saved, receipt)
	}
	for name, r := range y.look(t, saved...) {
		if !r.OK() || r.Missing > 0 || r.Broken > 0 || r.Kept != int64(len(saved)) || r.Erased < 3 || r.Opened < 10 {
			t.Errorf("%s:\n%s", name, strings.Join(r.Lines(), "\n"))
		}
	}
}

func (y *Play) receipts(t *testing.T) {
	for q, r := range y.Receipts {
		receipt, err := y.Site.Record.Receipt(t.Context(), y.leafOf(t, q).N, r.Promise)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "receipt")
		if err := os.WriteFile(path, receipt, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := record.Verify(t.Context(), path, y.options(false))
		if err != nil || !got.OK() || got.Kept != 1 {
			t.Errorf("the receipt of %s: %v, %+v", q, err, got)
		}
		for _, s := range y.Secrets {
			if bytes.Contains(receipt, []byte(s.Words)) {
				t.Errorf("the shareable receipt of %s holds %s", q, s.What)
			}
		}
	}
}

// replayed computes the agenda again from the published file alone.
func (y *Play) replayed(t *testing.T) {
	for _, id := range []glosa.EditionID{FirstEdition, SecondEdition} {
		file, err := y.Site.Priority.File(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		a, err := y.Site.Priority.Agenda(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		in, err := shares.Parse(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		res, err := shares.Run(in, shares.Rule{Kind: "equal-shares", Satisfaction: "cardinality", Completion: "add1u"})
		if err != nil {
			t.Fatal(err)
		}
		var chosen []string
		for _, p := range a.Chosen {
			chosen = append(chosen, string(p.Question))
		}
		if !slices.Equal(sorted(res.Selected), sorted(chosen)) || len(chosen) == 0 {
			t.Errorf("%s: anybody computes %v, the house published %v", id, res.Selected, chosen)
		}
		if a.Contest != priority.ContestOf(id) {
			t.Errorf("%s: the contest is %s", id, a.Contest)
		}
	}
}

func sorted(s []string) []string { s = slices.Clone(s); slices.Sort(s); return s }

// silent: what a year wrote to its logs holds no address, contact, code, key or text.
func (y *Play) silent(t *testing.T, logs string) {
	if len(y.Secrets) < 60 {
		t.Fatalf("only %d secrets were told to the house", len(y.Secrets))
	}
	for _, s := range append(slices.Clone(y.Secrets), Secret{"an address", "192.0.2.44"}) {
		if strings.Contains(logs, s.Words) {
			t.Errorf("the logs hold %s", s.What)
		}
	}
}

// wordless: tiles and checkpoints hold ids, codes and commitments; nobody's
// words, name, key or human id.
func (y *Play) wordless(t *testing.T) {
	all := y.files(t, y.Site.RecordFolder())
	for _, s := range y.Secrets {
		if bytes.Contains(all, []byte(s.Words)) {
			t.Errorf("the record holds %s", s.What)
		}
	}
	for _, feature := range []string{"woman", "indigenous"} {
		if bytes.Contains(all, []byte(feature)) {
			t.Errorf("the record tells of somebody who volunteered that they are %s", feature)
		}
	}
	for part, a := range y.cast {
		if a.Human != "" && bytes.Contains(all, []byte(a.Human)) {
			t.Errorf("the record holds the human behind %s", part)
		}
	}
}

// files is every byte below a folder.
func (y *Play) files(t *testing.T, dir string) []byte {
	t.Helper()
	var all []byte
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		all = append(append(all, raw...), 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// erased: words that were erased are in no file of the house, nor in a new copy.
func (y *Play) erased(t *testing.T) {
	if err := y.Site.DB.Purge(t.Context()); err != nil { // what a site that runs does by itself
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	if err := y.Site.DB.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	places := map[string][]byte{"the folder": y.files(t, y.Site.Data), "a new copy": y.files(t, filepath.Dir(copied)), "a dump": y.dump(t)}
	for what, raw := range places {
		for _, words := range ErasedWords {
			if bytes.Contains(raw, []byte(words)) {
				t.Errorf("%s holds %q", what, words)
			}
		}
	}
	if !bytes.Contains(append(places["the folder"], places["a dump"]...), []byte("insulina")) {
		t.Error("what was not erased is not found either: this looks in the wrong place")
	}
}
