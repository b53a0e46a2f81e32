package db_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// TestMemo: what was read is given again until a room it came from acts, and
// never after an act of this process.
func TestMemo(t *testing.T) {
	dbtest.Each(t, []db.Schema{notes}, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		var memo db.Memo[string, int]
		reads := 0
		ask := func(key string) int {
			t.Helper()
			n, err := memo.Read(t.Context(), d, key, []string{"note"}, func(tx *db.Tx) (n int, err error) {
				reads++
				err = tx.Row("select count(*) from note").Scan(&n)
				return n, err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		act := func(room, id string) {
			t.Helper()
			err := d.Act(t.Context(), func(tx *db.Tx) error {
				if room == "note" {
					return keep(tx, id, 1)
				}
				return tx.Leave(glosa.Event{Room: room, Kind: room + ".made", By: "system"})
			})
			if err != nil {
				t.Fatal(err)
			}
			dbtest.Events(t, d)
		}
		for i, step := range []struct {
			do    func()
			key   string
			want  int
			reads int
		}{
			{func() {}, "a", 0, 1},
			{func() {}, "a", 0, 1},
			{func() {}, "b", 0, 2},
			{func() { act("other", "") }, "a", 0, 2},
			{func() { act("note", "1") }, "a", 1, 3},
			{func() {}, "a", 1, 3},
			{func() { act("note", "2") }, "b", 2, 4},
		} {
			step.do()
			if got := ask(step.key); got != step.want || reads != step.reads {
				t.Errorf("step %d: %d after %d readings, want %d after %d", i, got, reads, step.want, step.reads)
			}
		}
	})
}

// TestMemoAfterOwnAct: nobody is given what was read before an act that is done,
// whatever the line shows yet.
func TestMemoAfterOwnAct(t *testing.T) {
	dbtest.Each(t, []db.Schema{notes}, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		var memo db.Memo[struct{}, int]
		for i := range 50 {
			if err := d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, string(rune('a'+i)), i) }); err != nil {
				t.Fatal(err)
			}
			n, err := memo.Read(t.Context(), d, struct{}{}, []string{"note"}, func(tx *db.Tx) (n int, err error) {
				err = tx.Row("select count(*) from note").Scan(&n)
				return n, err
			})
			if err != nil || n != i+1 {
				t.Fatalf("after %d acts %d are read: %v", i+1, n, err)
			}
		}
	})
}

// TestMemoCrowd: many who ask for the same at once wait for one reading; who asks
// after an act gets a reading of their own, and a reading that failed is nobody
// else's failure.
func TestMemoCrowd(t *testing.T) {
	dbtest.Each(t, []db.Schema{notes}, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		var memo db.Memo[string, int]
		var reads atomic.Int64
		ask := func(ctx context.Context, read func(*db.Tx) error) (int, error) {
			return memo.Read(ctx, d, "a", []string{"note"}, func(tx *db.Tx) (n int, err error) {
				reads.Add(1)
				if err := read(tx); err != nil {
					return 0, err
				}
				err = tx.Row("select count(*) from note").Scan(&n)
				return n, err
			})
		}
		begun, go1 := make(chan struct{}), make(chan struct{})
		slow := func(*db.Tx) error { close(begun); <-go1; return nil }
		plain := func(*db.Tx) error { return nil }
		var crowd sync.WaitGroup
		answer := func(want int, read func(*db.Tx) error) {
			crowd.Go(func() {
				if n, err := ask(t.Context(), read); err != nil || n != want {
					t.Errorf("%d notes, want %d: %v", n, want, err)
				}
			})
		}
		answer(0, slow)
		<-begun
		for range 8 {
			answer(0, plain)
		}
		left, leave := context.WithCancel(t.Context())
		leave()
		if _, err := ask(left, plain); !errors.Is(err, context.Canceled) {
			t.Errorf("who left while another was reading: %v", err)
		}
		close(go1)
		crowd.Wait()
		if n := reads.Load(); n != 1 {
			t.Errorf("%d readings for a crowd", n)
		}

		begun, go1 = make(chan struct{}), make(chan struct{})
		if err := d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, "1", 1) }); err != nil {
			t.Fatal(err)
		}
		failed := make(chan error, 1)
		go func() {
			_, err := ask(t.Context(), func(*db.Tx) error { close(begun); <-go1; return errors.New("torn") })
			failed <- err
		}()
		<-begun
		answer(1, plain)
		close(go1)
		if err := <-failed; err == nil {
			t.Error("a reading that failed told nobody")
		}
		crowd.Wait()
	})
}
