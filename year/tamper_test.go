package year

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"glosa"
	"glosa/db"
	"glosa/record"
)

// dump is everything that PostgreSQL's tables hold, as text; nothing on SQLite.
func (y *Play) dump(t *testing.T) []byte {
	t.Helper()
	if y.Site.Database == "" {
		return nil
	}
	var errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "pg_dump", "--dbname", y.Site.Database)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pg_dump: %v %s", err, errs.String())
	}
	return out
}

// root does what only who keeps the server can: it changes a row behind the
// house's back, and puts it back when the test is over.
func (y *Play) root(t *testing.T, statement string, args ...any) {
	t.Helper()
	err := y.Site.DB.Act(t.Context(), func(tx *db.Tx) error {
		n, err := tx.Exec(statement, args...)
		if err == nil && n != 1 {
			err = fmt.Errorf("%d rows", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// twoHumans: what the desks refuse, the database refuses by itself: one human,
// or one side, behind both halves of an act.
func (y *Play) twoHumans(t *testing.T) {
	for name, statement := range map[string]string{
		"a refusal by one human":         "update question_ruling set human2 = human1 where outcome = 'refused'",
		"a refusal by one side":          "update question_ruling set side2 = side1 where outcome = 'refused'",
		"a refusal by one person":        "update question_ruling set human2 = null, side2 = null where outcome = 'refused'",
		"an erasure by one human":        "update question_ruling set human2 = human1 where outcome = 'erased'",
		"an appeal upheld on two words":  "update question_ruling set outcome = 'upheld', word1 = 'uphold' where kind = 'appeal'",
		"a waiver by one human":          "update edition_waiver set second_human = by_human",
		"a waiver by one side":           "update edition_waiver set second_side = by_side",
		"minutes signed by one human":    "update panel_version set gov_human = civil_human where published > 0",
		"minutes signed by one side":     "update panel_version set gov_human = '' where published > 0",
		"a panel drawn by one human":     "update draw set gov_human = civil_human where state = 'drawn'",
		"a panel drawn by one side":      "update draw set gov_human = '' where state = 'drawn'",
		"a drawn seat emptied by one":    "update draw_volunteer set gov_human = civil_human where seat = 'vacated'",
		"evidence erased by one human":   "update commitment_erasure set human2 = human1 where outcome = 'erased'",
		"evidence erased by one side":    "update commitment_erasure set side2 = side1 where outcome = 'erased'",
		"a promise accepted by one":      "update commitment_version set gov_human = civil_human where in_force > 0",
		"a promise accepted by one side": "update commitment_version set civil_human = '' where in_force > 0",
	} {
		err := y.Site.DB.Act(t.Context(), func(tx *db.Tx) error {
			n, err := tx.Exec(statement)
			if err == nil && n == 0 {
				return glosa.Missing("row", name)
			}
			return err
		})
		if glosa.KindOf(err) != glosa.Conflict {
			t.Errorf("the database takes %s: %v", name, err)
		}
	}
}

// found fails unless verification fails and says so, by the targets named.
func (y *Play) found(t *testing.T, want string, targets ...string) {
	t.Helper()
	reports := y.look(t)
	for _, name := range targets {
		text := strings.Join(reports[name].Lines(), "\n")
		if reports[name].OK() || !strings.Contains(text, want) {
			t.Errorf("%s: want a failure with %q:\n%s", name, want, text)
		}
	}
}

// admitted is a question of the first edition whose words anybody reads.
func (y *Play) admitted(t *testing.T) glosa.QuestionID {
	t.Helper()
	for q := range y.Receipts {
		page, err := y.Site.Question.Page(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if page.Edition == FirstEdition && page.State.TextIsPublic() && !page.Erased && len(page.Texts) == 1 {
			return q
		}
	}
	t.Fatal("no question is public")
	return ""
}

// tampered: whatever root changes, verification names it, by the address where
// the public sees it, by the folder where only root does. What can be put back
// is; the last three leave the record violated for ever, as they should.
func (y *Play) tampered(t *testing.T) {
	q := y.admitted(t)
	n := y.leafOf(t, q).N
	t.Run("ASwappedText", func(t *testing.T) { y.swapped(t, q) })
	t.Run("AFalseTombstone", func(t *testing.T) { y.falselyErased(t, q, n) })
	t.Run("ARowOfTheTable", func(t *testing.T) { y.rowEdited(t, n) })
	for name, file := range map[string]string{"AByteInATile": "tile/0/000", "AByteInAnEntry": "tile/entries/000"} {
		t.Run(name, func(t *testing.T) { y.flipped(t, file) })
	}
	t.Run("WhatIsPublishedOtherwiseThanLeavesSay", func(t *testing.T) { y.disagrees(t) })
	for name, r := range y.look(t) {
		if !r.OK() {
			t.Fatalf("%s: everything was put back:\n%s", name, strings.Join(r.Lines(), "\n"))
		}
	}
	t.Run("AnInventedWithdrawal", func(t *testing.T) {
		y.invent(t, glosa.Event{Room: "question", Kind: "question.withdrawn", Subject: string(q), Edition: FirstEdition, By: "citizen", Public: true,
			Body: []byte(`{"lock":"` + glosa.Digest([]byte("guess")).String() + `","lock_by":"server"}`)})
		y.found(t, "lock: leaf", "address", "folder")
	})
	t.Run("ATombstoneOfOneSide", func(t *testing.T) {
		var h glosa.Hash
		copy(h[:], commitOf(t, y, n))
		y.invent(t, glosa.Event{Room: "text", Kind: "text.erased", Subject: string(q), Edition: FirstEdition, By: "seat:civil:1", Public: true,
			Body: []byte(`{"ground":"illegal","law":"court_order","posts":["seat:civil:1","seat:civil:2"],"target":"` + h.String() + `"}`)})
		y.found(t, "tombstone by two posts of one side: seat:civil:1, seat:civil:2", "address", "folder")
	})
	t.Run("ALateInsertion", func(t *testing.T) {
		late := glosa.Digest([]byte("late")).String()
		y.invent(t, glosa.Event{Room: "question", Kind: "question.received", Subject: "ENS1-0999-X", Edition: FirstEdition, By: "citizen", Public: true,
			Body: []byte(`{"commit":"` + late + `","lock":"` + late + `","lock_by":"server"}`)})
		y.found(t, "after the intake of ensayo-1 was sealed", "address", "folder")
	})
}

// invent leaves an event that no act of a room left, and lets the record seal it.
func (y *Play) invent(t *testing.T, e glosa.Event) {
	t.Helper()
	if err := y.Site.DB.Act(t.Context(), func(tx *db.Tx) error { return tx.Leave(e) }); err != nil {
		t.Fatal(err)
	}
	y.Settle()
}

func (y *Play) swapped(t *testing.T, q glosa.QuestionID) {
	var object string
	if err := y.Site.DB.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Row("select object from question_text where question = $1", q).Scan(&object)
	}); err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(object, `"text":"`, `"text":"No. `, 1)
	y.root(t, "update question_text set object = $1 where question = $2", other, q)
	y.found(t, "the published text and salt do not open", "address", "folder")
	y.root(t, "update question_text set object = $1 where question = $2", object, q)
}

func (y *Play) falselyErased(t *testing.T, q glosa.QuestionID, n int64) {
	var object string
	var server, device []byte
	if err := y.Site.DB.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Row("select object, salt_server, salt_device from question_text where question = $1", q).Scan(&object, &server, &device)
	}); err != nil {
		t.Fatal(err)
	}
	back := func(state string) {
		y.root(t, "update question_text set state = $1, object = $2, salt_server = $3, salt_device = $4 where question = $5", state, object, server, device, q)
	}
	y.root(t, "update question_text set state = 'erased', object = null, salt_server = null, salt_device = null where question = $1", q)
	y.found(t, fmt.Sprintf("leaf %d (question.received %s) is said to be erased, but no leaf says", n, q), "address", "folder")
	back("opened")

	y.root(t, "delete from question_text where question = $1", q)
	y.found(t, fmt.Sprintf("leaf %d (question.received %s): MISSING", n, q), "address", "folder")
	y.root(t, "insert into question_text (question, version, committed, salt_server, salt_device, object, state, at) values ($1, 1, $2, $3, $4, $5, 'opened', 1)",
		q, commitOf(t, y, n), server, device, object)
}

// commitOf is the commitment that a leaf holds.
func commitOf(t *testing.T, y *Play, n int64) []byte {
	t.Helper()
	leaf, err := y.Site.Record.Leaf(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(leaf.Body), `"commit":"`)
	text, _, _ := strings.Cut(rest, `"`)
	var h glosa.Hash
	if err := h.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return h[:]
}

func (y *Play) rowEdited(t *testing.T, n int64) {
	rows, err := record.Rows(y.Site.DB)(t.Context(), n, 1)
	if err != nil || len(rows) != 1 {
		t.Fatal(err)
	}
	other := strings.Replace(string(rows[0]), `"by":"citizen"`, `"by":"citizeN"`, 1)
	y.root(t, "update record_leaf set leaf = $1 where n = $2", other, n)
	y.found(t, fmt.Sprintf("row %d of record_leaf is not the leaf that was sealed", n), "folder")
	y.root(t, "update record_leaf set leaf = $1 where n = $2", string(rows[0]), n)
}

func (y *Play) flipped(t *testing.T, file string) {
	path := filepath.Join(y.Site.RecordFolder(), filepath.FromSlash(file))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(whole)
	damaged[len(damaged)/2] ^= 1
	for _, raw := range [][]byte{damaged, whole} {
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(raw, damaged) {
			y.found(t, file, "address", "folder")
		}
	}
}
