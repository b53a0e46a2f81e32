package opinion

import (
	"testing"

	"glosa"
)

// TestLateStatementsGetAHearing: a statement that came late is what nearly
// everybody is shown first, until it has caught up; and everybody has an order of
// their own, the same each time.
func TestLateStatementsGetAHearing(t *testing.T) {
	var open []Statement
	for n := 1; n <= 20; n++ {
		open = append(open, Statement{N: n, Told: Told{Votes: 1000}})
	}
	open[19].Told.Votes = 0
	never := func(int) bool { return false }
	late, first := 0, map[int]bool{}
	for i := range 500 {
		position := glosa.Digest([]byte{byte(i), byte(i >> 8)})
		s, ok := Next(glosa.Hash{1}, position, open, never)
		again, _ := Next(glosa.Hash{1}, position, open, never)
		if !ok || s != again {
			t.Fatal("another order the second time")
		}
		if s.N == 20 {
			late++
		}
		even := append([]Statement{}, open...)
		even[19].Told.Votes = 1000
		s, _ = Next(glosa.Hash{1}, position, even, never)
		first[s.N] = true
	}
	if late < 400 {
		t.Errorf("the late statement came first for %d of 500", late)
	}
	if len(first) != 20 {
		t.Errorf("only %d of 20 equal statements are ever first", len(first))
	}
	seen := map[int]bool{}
	for range open {
		s, ok := Next(glosa.Hash{1}, glosa.Hash{2}, open, func(n int) bool { return seen[n] })
		if !ok || seen[s.N] {
			t.Fatal("shown twice")
		}
		seen[s.N] = true
	}
	if _, ok := Next(glosa.Hash{1}, glosa.Hash{2}, open, func(n int) bool { return seen[n] }); ok {
		t.Error("something is left")
	}
}

func FuzzVotes(f *testing.F) {
	for _, s := range []string{"", "1:1", "1:1,3:0,12:-1", "3:0,1:1", "1:2", "01:1", "1:1,", "1:1,1:1", ":", "9:-0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, ok := parseVotes(s); ok && v.String() != s {
			t.Errorf("%q is written %q", s, v.String())
		}
	})
}
