package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

type noteBody struct {
	N int `json:"n"`
}

var noteKind = glosa.EventKind{Name: "note.kept", Public: true, Body: noteBody{}}

// notes is a small room of these tests.
var notes = db.Schema{Room: "note", FS: fstest.MapFS{"schema/0001.sql": {Data: []byte(`-- +goose Up
CREATE TABLE note (
  id TEXT PRIMARY KEY,
  n BIGINT NOT NULL CHECK (n >= 0),
  kept BOOLEAN NOT NULL,
  digest BYTEA,
  at BIGINT NOT NULL
);
-- +goose Down
DROP TABLE note;
`)}}, Views: "create view note_kept as select id, n from note where kept;\n"}

func keep(tx *db.Tx, id string, n int) error {
	_, err := tx.Exec("insert into note (id, n, kept, digest, at) values ($1, $2, $3, $4, $5)",
		id, n, n%2 == 0, glosa.Digest([]byte(id)), tx.Now)
	if err != nil {
		return err
	}
	return tx.Leave(noteKind.Event(glosa.Citizen(), "e-1", id, noteBody{N: n}))
}

func each(t *testing.T, body func(t *testing.T, d *db.DB, clock *glosa.FakeClock)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{notes}, body)
}

// lineOf is the whole line; it fails when a number is missing.
func lineOf(t *testing.T, d *db.DB) []glosa.Event {
	t.Helper()
	head, err := d.Settled(t.Context())
	must(t, err)
	must(t, d.Line().Wait(t.Context(), head-1))
	var all []glosa.Event
	for {
		evs, err := d.Line().After(t.Context(), int64(len(all)), 1000)
		must(t, err)
		if len(evs) == 0 {
			break
		}
		all = append(all, evs...)
	}
	for i, e := range all {
		if e.Seq != int64(i)+1 {
			t.Fatalf("event %d has number %d", i+1, e.Seq)
		}
	}
	return all
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAct(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		ctx := t.Context()
		must(t, d.Act(ctx, func(tx *db.Tx) error { return keep(tx, "a", 4) }))
		var n int
		var kept bool
		var digest glosa.Hash
		var at time.Time
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			return tx.Row("select n, kept, digest, at from note where id = $1", "a").Scan(&n, &kept, &digest, &at)
		}))
		if n != 4 || !kept || digest != glosa.Digest([]byte("a")) || !at.Equal(clock.Now()) {
			t.Error("read back:", n, kept, digest, at)
		}
		evs := lineOf(t, d)
		if len(evs) != 1 || evs[0].Subject != "a" || evs[0].Kind != "note.kept" || evs[0].By != "citizen" || !evs[0].Public ||
			string(evs[0].Body) != `{"n":4}` || fmt.Sprint(evs[0].Tags) != "[note:a edition:e-1]" || !evs[0].At.Equal(clock.Now()) {
			t.Errorf("on the line: %+v", evs)
		}
	})
}

func TestActsAreDenseUnderConcurrency(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		var wg sync.WaitGroup
		for w := range 16 {
			wg.Go(func() {
				for i := range 20 {
					id := fmt.Sprintf("%d-%d", w, i)
					err := d.Act(context.Background(), func(tx *db.Tx) error {
						if err := keep(tx, id, i); err != nil {
							return err
						}
						if i%5 == 4 {
							return errors.New("changed my mind")
						}
						return nil
					})
					if (err != nil) != (i%5 == 4) {
						t.Error(id, err)
					}
				}
			})
		}
		wg.Wait()
		evs := lineOf(t, d)
		if len(evs) != 16*16 {
			t.Errorf("%d events, want %d", len(evs), 16*16)
		}
		var rows int
		must(t, d.Read(t.Context(), func(tx *db.Tx) error { return tx.Row("select count(*) from note").Scan(&rows) }))
		if rows != len(evs) {
			t.Errorf("%d rows and %d events", rows, len(evs))
		}
	})
}

func TestBarePlaceholders(t *testing.T) {
	for in, want := range map[string]string{
		"select 1":                               "select 1 []",
		"update t set a = $2 where k = $1":       "update t set a = ? where k = ? [1 0]",
		"select $1, $1 from t where b in ($2)":   "select ?, ? from t where b in (?) [0 0 1]",
		"select '$1', \"$2\", 'it''s $3', $10":   "select '$1', \"$2\", 'it''s $3', ? [9]",
		"select $1 -- $2\n, 4-$3 /* $4 */, 6/$5": "select ? -- $2\n, 4-? /* $4 */, 6/? [0 2 4]",
		"select '$":                              "select '$ []",
	} {
		text, places := db.Bare(in)
		if got := fmt.Sprint(text, " ", places); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
	}
}
