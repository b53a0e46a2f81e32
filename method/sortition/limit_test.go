package sortition

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// matching is three-dimensional matching as quotas: n seats, in each of three
// categories n features with exactly one seat each, and people at random. Panels
// of halves of people abound, whole ones are hard to find or to exclude.
func matching(seed uint64, n, people int) *Instance {
	r := rand.New(rand.NewPCG(seed, 3))
	in := &Instance{Pool: &Pool{IDColumn: "id"}, Size: n}
	for c := range 3 {
		in.Pool.Categories = append(in.Pool.Categories, fmt.Sprintf("c%d", c))
		for f := range n {
			in.Quotas = append(in.Quotas, Quota{fmt.Sprintf("c%d", c), fmt.Sprintf("f%d", f), 1, 1, NoLimit, NoLimit, 0})
		}
	}
	for i := range people {
		p := Person{ID: fmt.Sprint(i + 1)}
		for range 3 {
			p.Features = append(p.Features, fmt.Sprintf("f%d", r.IntN(n)))
		}
		in.Pool.People = append(in.Pool.People, p)
	}
	return in
}

// TestNothingHangs: on quotas that no computer gets to the end of, the work ends at
// its bound, the same one every time, or when it is cancelled, and says how far it came.
func TestNothingHangs(t *testing.T) {
	hard := matching(0, 40, 160)
	var said []string
	for range 2 {
		_, err := solve(t.Context(), hard, Maximin, newEffort(400, nil), true)
		var e *Unfinished
		if !errors.As(err, &e) || e.Branches != 400 || !strings.HasPrefix(e.Stands, "the quotas cannot be met; ") {
			t.Fatalf("error %v", err)
		}
		said = append(said, err.Error())
	}
	if said[0] != said[1] {
		t.Errorf("%s, then %s", said[0], said[1])
	}
	ctx, cancel := context.WithCancel(t.Context())
	told := 0
	work := newEffort(mostBranches, func(string) {
		if told++; told == 40 {
			cancel()
		}
	})
	if _, err := solve(ctx, hard, Leximin, work, true); !errors.Is(err, context.Canceled) || told != 40 {
		t.Errorf("error %v, told %d times", err, told)
	}
}

// TestTooManyKinds are refused before they fill the memory.
func TestTooManyKinds(t *testing.T) {
	in := &Instance{Pool: &Pool{Categories: []string{"a", "b"}}, Size: 1}
	for f := range 100 {
		for _, c := range in.Pool.Categories {
			in.Quotas = append(in.Quotas, Quota{c, fmt.Sprint(f), 0, 1, NoLimit, NoLimit, 0})
		}
	}
	for i := range mostKinds + 1 {
		in.Pool.People = append(in.Pool.People, Person{ID: fmt.Sprint(i), Features: []string{fmt.Sprint(i % 100), fmt.Sprint(i / 100)}})
	}
	_, err := Solve(t.Context(), in, Maximin, nil)
	if err == nil || !strings.Contains(err.Error(), "people of 8193 kinds are too many for a lottery: at most 8192") {
		t.Errorf("error %v", err)
	}
}
