package db_test

import (
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
