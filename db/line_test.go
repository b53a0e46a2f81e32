package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

func TestLine(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		ctx, line := t.Context(), d.Line()
		t.Run("IsEmptyAtFirst", func(t *testing.T) {
			head, err := line.Head(ctx)
			evs, aerr := line.After(ctx, 0, 10)
			if head != 0 || len(evs) != 0 || err != nil || aerr != nil {
				t.Error(head, evs, err, aerr)
			}
		})
		t.Run("WakesAllWhoWait", func(t *testing.T) {
			var wg sync.WaitGroup
			for range 200 {
				wg.Go(func() {
					if err := line.Wait(ctx, 0); err != nil {
						t.Error(err)
					}
					if evs, err := line.After(ctx, 0, 10); err != nil || len(evs) == 0 || evs[0].Subject != "a" {
						t.Error(evs, err)
					}
				})
			}
			must(t, d.Act(ctx, func(tx *db.Tx) error { return keep(tx, "a", 1) }))
			wg.Wait()
		})
		t.Run("GivesUpWithItsContext", func(t *testing.T) {
			short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
			defer cancel()
			if err := line.Wait(short, 1000); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		})
		t.Run("GivesAtMostWhatIsAskedFor", func(t *testing.T) {
			for i := range 5 {
				must(t, d.Act(ctx, func(tx *db.Tx) error { return keep(tx, fmt.Sprint("b", i), i) }))
			}
			lineOf(t, d)
			evs, err := line.After(ctx, 2, 3)
			if err != nil || len(evs) != 3 || evs[0].Seq != 3 || evs[2].Seq != 5 {
				t.Error(evs, err)
			}
			if none, err := line.After(ctx, 2, 0); len(none) != 0 || err != nil {
				t.Error(none, err)
			}
		})
	})
}

// Far more events than the memory keeps, left by one act and read from the start.
func TestLineReadsWhatMemoryHasForgotten(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		for range 3 {
			must(t, d.Act(t.Context(), func(tx *db.Tx) error {
				for range 3500 {
					if err := tx.Leave(noteKind.Event(glosa.System(), "", "s", noteBody{})); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		if all := lineOf(t, d); len(all) != 10500 {
			t.Errorf("%d events, want 10500", len(all))
		}
	})
}

// A command beside the server, or another node, acts on the same database.
func TestLineHearsOfOtherProcesses(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		one, two := dbtest.Open(t, c, notes), dbtest.Open(t, c, notes)
		for i := range 20 {
			d := []*db.DB{one, two}[i%2]
			must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, fmt.Sprint(i), i) }))
		}
		for _, d := range []*db.DB{one, two} {
			must(t, d.Line().Wait(t.Context(), 19))
			if evs := lineOf(t, d); len(evs) != 20 {
				t.Errorf("%d events, want 20", len(evs))
			}
		}
	})
}

// Five movers without a lock run against the proper sequencer while acts come
// in and a killer ends sessions, the sequencer's and the lock keeper's among them.
func TestTwoSequencersAndKillsLeaveTheLineDense(t *testing.T) {
	url := dbtest.FreshPostgres(t)
	d := dbtest.Open(t, db.Config{URL: url, Log: dbtest.Log(t)}, notes)
	ctx, stop := context.WithCancel(t.Context())
	var others sync.WaitGroup
	for range 4 {
		others.Go(func() {
			for ctx.Err() == nil {
				moveUnasked(ctx, url)
			}
		})
	}
	others.Go(func() { killSessions(ctx, t, url) })
	var acts sync.WaitGroup
	const callers, each = 8, 60
	for w := range callers {
		acts.Go(func() {
			for i := range each {
				must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, fmt.Sprintf("%d-%d", w, i), i) }))
			}
		})
	}
	acts.Wait()
	stop()
	others.Wait()
	seen := map[string]bool{}
	for _, e := range lineOf(t, d) {
		if seen[e.Subject] {
			t.Error("twice on the line:", e.Subject)
		}
		seen[e.Subject] = true
	}
	if len(seen) != callers*each {
		t.Errorf("%d events, want %d", len(seen), callers*each)
	}
}

// moveUnasked is a sequencer that does not know the lock, until it is killed.
func moveUnasked(ctx context.Context, url string) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return
	}
	defer conn.Close(context.Background())
	conn.Exec(ctx, "set application_name = 'mover'")
	for ctx.Err() == nil && !conn.IsClosed() {
		conn.Exec(ctx, db.MoveSQL, 3) // a broken primary key is the fence at work
	}
}

func killSessions(ctx context.Context, t *testing.T, url string) {
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close(context.Background())
	for round := 0; ctx.Err() == nil; round++ {
		victim := "select pid from pg_stat_activity where application_name = 'mover' and datname = current_database() order by random() limit 1"
		if round%5 == 4 {
			victim = "select pid from pg_locks where locktype = 'advisory' order by random() limit 1"
		}
		conn.Exec(t.Context(), "select pg_terminate_backend(pid) from ("+victim+") as victim")
		select {
		case <-time.After(15 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}
