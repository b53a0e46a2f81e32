package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

func count(t *testing.T, d *db.DB, query string, args ...any) (n int) {
	t.Helper()
	must(t, d.Read(t.Context(), func(tx *db.Tx) error { return tx.Row(query, args...).Scan(&n) }))
	return n
}

func wantKind(t *testing.T, what string, err error, kind glosa.Kind) {
	t.Helper()
	var e *glosa.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
}

func TestAPanicUndoesOnlyItsOwnAct(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		var wg sync.WaitGroup
		for i := range 30 {
			wg.Go(func() {
				err := d.Act(context.Background(), func(tx *db.Tx) error {
					if err := keep(tx, fmt.Sprint(i), i); err != nil {
						return err
					}
					if i%3 == 0 {
						panic("boom")
					}
					return nil
				})
				if i%3 != 0 {
					if err != nil {
						t.Error(i, err)
					}
					return
				}
				wantKind(t, "panic", err, glosa.Internal)
				if !strings.Contains(fmt.Sprint(err), "boom") || !strings.Contains(fmt.Sprint(err), "act_test.go") {
					t.Error("no stack:", err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d, "select count(*) from note"); n != 20 || len(lineOf(t, d)) != 20 {
			t.Errorf("%d rows and %d events, want 20", n, len(lineOf(t, d)))
		}
	})
}

func TestAnActThatEndsItsGoroutineStopsNobody(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		var wg sync.WaitGroup
		wg.Go(func() {
			d.Act(context.Background(), func(tx *db.Tx) error {
				keep(tx, "gone", 1)
				runtime.Goexit()
				return nil
			})
		})
		wg.Wait()
		must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, "here", 1) }))
		if n := count(t, d, "select count(*) from note"); n != 1 {
			t.Errorf("%d rows, want the second act's only", n)
		}
	})
}

// On SQLite, an act whose caller goes away while it waits never runs, and one
// that runs already is finished and answered.
func TestACancelledCallerTouchesNobodyElsesCommit(t *testing.T) {
	d := dbtest.Open(t, db.Config{Dir: t.TempDir(), Log: dbtest.Log(t)}, notes)
	inside, goOn := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	ctxA, cancelA := context.WithCancel(t.Context())
	wg.Go(func() {
		err := d.Act(ctxA, func(tx *db.Tx) error {
			close(inside)
			<-goOn
			return keep(tx, "a", 1)
		})
		if err != nil {
			t.Error("running act:", err)
		}
	})
	<-inside
	ctxB, cancelB := context.WithCancel(t.Context())
	b := make(chan error, 1)
	go func() { b <- d.Act(ctxB, func(tx *db.Tx) error { return keep(tx, "b", 1) }) }()
	wg.Go(func() {
		if err := d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, "c", 1) }); err != nil {
			t.Error("neighbour:", err)
		}
	})
	cancelA()
	cancelB()
	err := <-b // answered while a still runs
	wantKind(t, "waiting act", err, glosa.Busy)
	if !errors.Is(err, context.Canceled) {
		t.Error("cause lost:", err)
	}
	close(goOn)
	wg.Wait()
	if evs := lineOf(t, d); len(evs) != 2 || evs[0].Subject != "a" || evs[1].Subject != "c" {
		t.Errorf("on the line: %v", evs)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	wantKind(t, "before waiting", d.Act(gone, func(*db.Tx) error { panic("ran") }), glosa.Busy)
	wantKind(t, "reading", d.Read(gone, func(*db.Tx) error { panic("ran") }), glosa.Busy)
}

// Two people sign at once, each on another node; each act reads that nobody has
// signed yet. Only one of two such acts may stand.
func TestTwoActsThatReadTheSameDoNotBothStand(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		nodes := []*db.DB{dbtest.Open(t, c, notes)}
		nodes = append(nodes, nodes[0])
		if c.URL != "" {
			nodes[1] = dbtest.Open(t, c, notes)
		}
		const signings, people = 20, 8
		var wg sync.WaitGroup
		for i := range signings * people {
			signing := i / people
			wg.Go(func() {
				err := nodes[i%2].Act(context.Background(), func(tx *db.Tx) error {
					var n int
					if err := tx.Row("select count(*) from note where n = $1", signing).Scan(&n); err != nil || n > 0 {
						return err
					}
					return keep(tx, fmt.Sprint(i), signing)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := count(t, nodes[0], "select count(*) from note"); n != signings || len(lineOf(t, nodes[0])) != signings {
			t.Errorf("%d signatures stand, want %d", n, signings)
		}
	})
}

func TestTxRefuses(t *testing.T) {
	var kept *db.Tx
	cases := []struct {
		name string
		kind glosa.Kind
		act  func(tx *db.Tx) error
	}{
		{"ASecondRowUnderOneKey", glosa.Conflict, func(tx *db.Tx) error { keep(tx, "x", 1); return keep(tx, "x", 2) }},
		{"ABrokenCheck", glosa.Conflict, func(tx *db.Tx) error { return keep(tx, "x", -1) }},
		{"ANullWhereNoneMayBe", glosa.Internal, func(tx *db.Tx) error {
			_, err := tx.Exec("insert into note (id, n, kept, at) values ($1, $2, $3, $4)", "x", 1, nil, 1)
			return err
		}},
		{"ATableThatIsNotThere", glosa.Internal, func(tx *db.Tx) error { _, err := tx.Exec("delete from nothing"); return err }},
		{"GoingOnAfterAFailedStatement", glosa.Conflict, func(tx *db.Tx) error { keep(tx, "x", -1); return keep(tx, "y", 1) }},
		{"SwallowingAFailedStatement", glosa.Conflict, func(tx *db.Tx) error { keep(tx, "x", -1); return nil }},
		{"WritingWhileRowsAreOpen", glosa.Internal, func(tx *db.Tx) error {
			if _, err := tx.Query("select id from note"); err != nil {
				return err
			}
			return keep(tx, "x", 1)
		}},
		{"LeavingRowsOpen", glosa.Internal, func(tx *db.Tx) error { _, err := tx.Query("select id from note"); return err }},
		{"TextThatIsNotUTF8", glosa.Invalid, func(tx *db.Tx) error { return keep(tx, "\xff", 1) }},
		{"TextWithAZeroByte", glosa.Invalid, func(tx *db.Tx) error { return keep(tx, "a\x00b", 1) }},
		{"ADuration", glosa.Internal, func(tx *db.Tx) error { return tx.Row("select $1", time.Second).Scan(new(int)) }},
		{"ATagWithALineBreak", glosa.Internal, func(tx *db.Tx) error { return tx.Leave(glosa.Event{Tags: []string{"a\nb"}}) }},
		{"AnAnswerThatIsNotThere", glosa.NotFound, func(tx *db.Tx) error { return tx.Row("select n from note where id = $1", "no").Scan(new(int)) }},
		{"ItsOwnError", glosa.Closed, func(*db.Tx) error { return glosa.Refuse(glosa.Closed, "s.closed") }},
		{"UseAfterItsAct", glosa.Internal, func(*db.Tx) error { return keep(kept, "x", 1) }},
	}
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		must(t, d.Act(t.Context(), func(tx *db.Tx) error { kept = tx; return keep(tx, "before", 1) }))
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				wantKind(t, c.name, d.Act(t.Context(), c.act), c.kind)
			})
		}
		if n := count(t, d, "select count(*) from note"); n != 1 || len(lineOf(t, d)) != 1 {
			t.Errorf("%d rows and %d events are left of refused acts", n, len(lineOf(t, d)))
		}
		wantKind(t, "Exec in a reading", d.Read(t.Context(), func(tx *db.Tx) error { return keep(tx, "x", 1) }), glosa.Internal)
		wantKind(t, "Leave in a reading", d.Read(t.Context(), func(tx *db.Tx) error { return tx.Leave(glosa.Event{}) }), glosa.Internal)
		wantKind(t, "writing through Query", d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Row("insert into note (id, n, kept, at) values ('x', 1, true, 1) returning n").Scan(new(int))
		}), glosa.Internal)
	})
}

func TestReadSeesOneMoment(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		ctx := t.Context()
		must(t, d.Act(ctx, func(tx *db.Tx) error { return keep(tx, "a", 1) }))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			var before, after int
			if err := tx.Row("select count(*) from note").Scan(&before); err != nil {
				return err
			}
			if err := d.Act(ctx, func(tx *db.Tx) error { return keep(tx, "b", 1) }); err != nil {
				return err
			}
			if err := tx.Row("select count(*) from note").Scan(&after); err != nil {
				return err
			}
			if before != 1 || after != 1 {
				t.Errorf("saw %d, then %d", before, after)
			}
			return nil
		}))
	})
}

func TestBooleansAndTextAreTheSameOnBothEngines(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		must(t, d.Act(t.Context(), func(tx *db.Tx) error {
			for i, id := range []string{"b", "Z", "ñ", "a", "É"} {
				if err := keep(tx, id, i); err != nil {
					return err
				}
			}
			n, err := tx.Exec("insert into note (id, n, kept, at) values ('a', 1, true, 1) on conflict do nothing")
			if n != 0 {
				t.Error("rows touched by a conflict asked for:", n)
			}
			return err
		}))
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			ids, err := db.Collect(tx, func(r *db.Rows) (s string, err error) { return s, r.Scan(&s) }, "select id from note order by id")
			if err != nil || strings.Join(ids, "") != "ZabÉñ" {
				t.Errorf("sorted %v (%v)", ids, err)
			}
			var is, isNot bool
			if err := tx.Row("select exists (select 1 from note), exists (select 1 from note where n > 99)").Scan(&is, &isNot); err != nil {
				return err
			}
			if !is || isNot || count(t, d, "select count(*) from note_kept") != 3 {
				t.Error("booleans:", is, isNot)
			}
			return nil
		}))
	})
}

func TestAFullDiskIsBusyAndHalfWritesNothing(t *testing.T) {
	d := dbtest.Open(t, db.Config{Dir: t.TempDir(), Log: dbtest.Log(t)}, notes)
	must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, "before", 1) }))
	must(t, d.FillDisk(t.Context(), true))
	var wg sync.WaitGroup
	var failed, stood sync.Map
	for w := range 8 {
		wg.Go(func() {
			for i := range 40 {
				id := fmt.Sprintf("%d-%d-%s", w, i, strings.Repeat("x", 300))
				err := d.Act(context.Background(), func(tx *db.Tx) error { return keep(tx, id, 1) })
				if err == nil {
					stood.Store(id, true)
					continue
				}
				failed.Store(id, true)
				var e *glosa.Error
				if !errors.As(err, &e) || e.Kind != glosa.Busy || e.Key != "e.disk" {
					t.Error("full disk:", err)
				}
			}
		})
	}
	wg.Wait()
	must(t, d.FillDisk(t.Context(), false))
	must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, "after", 1) }))
	must(t, d.Check(t.Context()))
	var nFailed, nStood int
	failed.Range(func(id, _ any) bool {
		nFailed++
		if count(t, d, "select count(*) from note where id = $1", id) != 0 {
			t.Error("refused and yet there:", id)
		}
		return true
	})
	stood.Range(func(any, any) bool { nStood++; return true })
	if nFailed == 0 {
		t.Error("the disk was never full")
	}
	if n := count(t, d, "select count(*) from note"); n != nStood+2 || len(lineOf(t, d)) != n {
		t.Errorf("%d rows, %d events, %d acknowledged", n, len(lineOf(t, d)), nStood+2)
	}
}

func TestCloseAnswersWhoeverWaits(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		d, err := db.Open(t.Context(), c)
		must(t, err)
		waits := make(chan error, 1)
		go func() { waits <- d.Line().Wait(context.Background(), 0) }()
		must(t, d.Close())
		wantKind(t, "waiter", <-waits, glosa.Busy)
		if err := d.Act(t.Context(), func(*db.Tx) error { return nil }); err == nil {
			t.Error("acted on a closed database")
		}
	})
}

// Each engine takes a number where it stands, in any order and as often as it likes.
func TestPlaceholdersAreNumbers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		must(t, d.Act(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec("insert into note (n, at, id, kept) values ($2, $2, $1, $3)", "x", 7, true); err != nil {
				return err
			}
			var n, at int
			var id string
			if err := tx.Row("select n, at, id from note where n = $2 and kept = $3 and id = $1", "x", 7, true).Scan(&n, &at, &id); err != nil {
				return err
			}
			if n != 7 || at != 7 || id != "x" {
				t.Error(n, at, id)
			}
			return nil
		}))
	})
}

func TestExecManyTellsEachSetApart(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		var sets [][]any
		for i := range 300 {
			sets = append(sets, []any{fmt.Sprint(i % 200), i})
		}
		must(t, d.Act(t.Context(), func(tx *db.Tx) error {
			touched, err := tx.ExecMany("insert into note (id, n, kept, at) values ($1, $2, true, 1) on conflict (id) do nothing", sets)
			if err != nil {
				return err
			}
			for i, n := range touched {
				if (n == 1) != (i < 200) {
					t.Fatal("set", i, "touched", n)
				}
			}
			return nil
		}))
		wantKind(t, "one set fails", d.Act(t.Context(), func(tx *db.Tx) error {
			_, err := tx.ExecMany("insert into note (id, n, kept, at) values ($1, $2, true, 1)", [][]any{{"a", 1}, {"b", -1}, {"c", 1}})
			return err
		}), glosa.Conflict)
		if n := count(t, d, "select count(*) from note"); n != 200 {
			t.Errorf("%d rows, want 200", n)
		}
	})
}

// A server that restarts in the middle of an act costs nobody their act: nothing
// was committed, so all of the round run again on a new connection.
func TestAnActOutlivesItsConnection(t *testing.T) {
	d := dbtest.Open(t, db.Config{URL: dbtest.FreshPostgres(t), Log: dbtest.Log(t)}, notes)
	var runs atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			err := d.Act(context.Background(), func(tx *db.Tx) error {
				if err := keep(tx, fmt.Sprint(i), i); err != nil {
					return err
				}
				if i == 7 && runs.Add(1) == 1 {
					return tx.Row("select pg_terminate_backend(pg_backend_pid())").Scan(new(bool))
				}
				return nil
			})
			if err != nil {
				t.Error(i, err)
			}
		})
	}
	wg.Wait()
	if n := count(t, d, "select count(*) from note"); n != 20 || len(lineOf(t, d)) != 20 || runs.Load() < 2 {
		t.Errorf("%d rows and %d events after %d runs, want 20", n, len(lineOf(t, d)), runs.Load())
	}
}
