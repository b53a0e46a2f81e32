package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// copies is what a follower of these tests writes: one row per event, twice impossible to miss.
var copies = db.Schema{Room: "copy", FS: fstest.MapFS{"schema/0001.sql": {Data: []byte(`-- +goose Up
CREATE TABLE copy (
  seq BIGINT NOT NULL,
  subject TEXT NOT NULL
);
-- +goose Down
DROP TABLE copy;
`)}}}

func copyEvents(tx *db.Tx, evs []glosa.Event) error {
	for _, e := range evs {
		if _, err := tx.Exec("insert into copy (seq, subject) values ($1, $2)", e.Seq, e.Subject); err != nil {
			return err
		}
	}
	return nil
}

// wantCopies checks that the follower has seen every event of the line exactly once.
func wantCopies(t *testing.T, d *db.DB, n int) {
	t.Helper()
	evs := lineOf(t, d)
	var got []string
	must(t, d.Read(t.Context(), func(tx *db.Tx) (err error) {
		got, err = db.Collect(tx, func(r *db.Rows) (string, error) {
			var seq int64
			var s string
			err := r.Scan(&seq, &s)
			return fmt.Sprint(seq, " ", s), err
		}, "select seq, subject from copy order by seq")
		return err
	}))
	if len(got) != n {
		t.Fatalf("%d copies, want %d", len(got), n)
	}
	for i, g := range got {
		if want := fmt.Sprint(evs[i].Seq, " ", evs[i].Subject); g != want {
			t.Fatalf("copy %d is %q, want %q", i, g, want)
		}
	}
}

func TestFollowerSeesEachEventOnceThroughFailuresAndRestarts(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		d := dbtest.Open(t, c, notes, copies)
		const n = 60
		for i := range n {
			must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, fmt.Sprint(i), i) }))
		}
		lineOf(t, d)
		var calls atomic.Int64
		for round := range 3 { // each round is a restart
			ctx, cancel := context.WithCancel(t.Context())
			err := d.Follow(ctx, "copier", 7, func(tx *db.Tx, evs []glosa.Event) error {
				if len(evs) > 7 {
					t.Error("more than asked for:", len(evs))
				}
				if err := copyEvents(tx, evs); err != nil {
					return err
				}
				switch k := calls.Add(1); {
				case k == 2:
					return errors.New("fails once")
				case k == 5:
					panic("and panics once")
				case evs[len(evs)-1].Seq >= int64(20*(round+1)):
					cancel()
				}
				return nil
			})
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
		var place int
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Row("select seq from follower_cursor where name = $1", "copier").Scan(&place)
		}))
		wantCopies(t, d, place)
		must(t, catchUpFollower(t, d, n))
		wantCopies(t, d, n)
	})
}

// catchUpFollower runs the copier until it has seen the first n events: a
// context that ends inside an act may undo that act on PostgreSQL.
func catchUpFollower(t *testing.T, d *db.DB, n int) error {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- d.Follow(ctx, "copier", 100, copyEvents) }()
	for count(t, d, "select count(*) from copy") < n {
		select {
		case err := <-done:
			return err
		default:
		}
	}
	cancel()
	<-done
	return nil
}

func TestOneNodeAtATimeRunsAFollower(t *testing.T) {
	url := dbtest.FreshPostgres(t)
	one, two := dbtest.Open(t, db.Config{URL: url, Log: dbtest.Log(t)}, notes, copies), dbtest.Open(t, db.Config{URL: url, Log: dbtest.Log(t)}, notes, copies)
	ctx, stop := context.WithCancel(t.Context())
	var inside, together atomic.Int64
	var wg sync.WaitGroup
	for _, d := range []*db.DB{one, two} {
		for range 2 {
			wg.Go(func() {
				d.Exclusive(ctx, "alone", func(ctx context.Context) error {
					if inside.Add(1) > 1 {
						together.Add(1)
					}
					defer inside.Add(-1)
					return d.Read(ctx, func(tx *db.Tx) error { return tx.Row("select 1").Scan(new(int)) })
				})
			})
			wg.Go(func() {
				d.Follow(ctx, "copier", 3, func(tx *db.Tx, evs []glosa.Event) error { return copyEvents(tx, evs) })
			})
		}
	}
	for i := range 40 {
		d := []*db.DB{one, two}[i%2]
		must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, fmt.Sprint(i), i) }))
	}
	for count(t, one, "select count(*) from copy") < 40 {
		must(t, two.Line().Wait(t.Context(), 0))
	}
	stop()
	wg.Wait()
	if together.Load() > 0 {
		t.Error("two nodes held one lock")
	}
	wantCopies(t, one, 40)
}

// TestExclusiveBeginsAgainWhenTheLockIsLost: a session that breaks ends the work's
// context, with the cause, and not the node: the work is done under a new lock.
func TestExclusiveBeginsAgainWhenTheLockIsLost(t *testing.T) {
	d := dbtest.Open(t, db.Config{URL: dbtest.FreshPostgres(t), Log: dbtest.Log(t)}, notes)
	runs := 0
	must(t, d.Exclusive(t.Context(), "x", func(ctx context.Context) error {
		if runs++; runs > 1 {
			return ctx.Err()
		}
		// The sequencer's session goes too; it comes back by itself.
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Row("select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory'").Scan(new(int))
		}))
		<-ctx.Done()
		if errors.Is(context.Cause(ctx), context.Canceled) {
			t.Error("the cause does not say that the lock was lost")
		}
		return ctx.Err()
	}))
	if runs != 2 {
		t.Errorf("%d runs, want one under each lock", runs)
	}
	must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, "after", 1) }))
	lineOf(t, d)
}
