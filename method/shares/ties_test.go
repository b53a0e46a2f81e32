package shares

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// orders calls f with every order of n items.
func orders(n int, f func([]int)) {
	perm := make([]int, n)
	for i := range perm {
		perm[i] = i
	}
	var walk func(k int)
	walk = func(k int) {
		if k == n {
			f(perm)
			return
		}
		for i := k; i < n; i++ {
			perm[k], perm[i] = perm[i], perm[k]
			walk(k + 1)
			perm[k], perm[i] = perm[i], perm[k]
		}
	}
	walk(0)
}

// TestAllTiesIsEveryOrder: the outcomes found are those of all n! orders of the
// items, for each rule and completion, with money and in committees.
func TestAllTiesIsEveryOrder(t *testing.T) {
	several := 0
	for seed := range uint64(150) {
		in := tied(rand.New(rand.NewPCG(seed, 7)))
		for _, r := range everyRule {
			want := map[string]bool{}
			orders(len(in.Items), func(perm []int) {
				r := r
				r.ties = func(_ *tally, a, b int) int { return perm[a] - perm[b] }
				res, err := Run(in, r)
				if err != nil {
					t.Fatalf("seed %d %v: %v", seed, r, err)
				}
				want[strings.Join(inOrder(in, res.Selected), " ")] = true
			})
			got, err := AllTies(context.Background(), in, r, nil)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for _, o := range got {
				if !want[strings.Join(o, " ")] {
					t.Errorf("seed %d, %s %s %s: no order leads to %v", seed, r.Kind, r.Satisfaction, r.Completion, o)
				}
			}
			if len(got) < len(want) {
				t.Errorf("seed %d, %s %s %s: %d outcomes, want %d", seed, r.Kind, r.Satisfaction, r.Completion, len(got), len(want))
			}
			if len(want) > 1 {
				several++
			}
		}
		if t.Failed() {
			t.Fatalf("%+v", in)
		}
	}
	if several < 300 {
		t.Errorf("only %d cases had several outcomes", several)
	}
}

// tied makes an election of up to five items that is full of ties.
func tied(rnd *rand.Rand) *Instance {
	in := small(rnd)
	n := 3 + rnd.IntN(3)
	in.Items = nil
	cost := []int64{2, 3, 4}
	for i := range n {
		in.Items = append(in.Items, Item{ID: fmt.Sprintf("q%d", i), Cost: cost[rnd.IntN(1+rnd.IntN(3))]})
	}
	in.Budget = 2 + rnd.Int64N(int64(3*n))
	for v := range in.Ballots {
		set := rnd.Perm(n)[:1+rnd.IntN(min(3, n))]
		in.Ballots[v].Choices = nil
		for _, c := range set {
			in.Ballots[v].Choices = append(in.Ballots[v].Choices, int32(c))
		}
	}
	if rnd.IntN(3) == 0 {
		in.Committee, in.Budget = true, 1+rnd.Int64N(int64(n))
		for i := range in.Items {
			in.Items[i].Cost = 1
		}
		in.Ballots[0].Choices = nil
	}
	if rnd.IntN(2) == 0 {
		in.Meta = []Pair{StepBudget()}
	}
	return in
}

// TestTooManyTiesIsAnError and does not take for ever.
func TestTooManyTiesIsAnError(t *testing.T) {
	in := &Instance{Budget: 20}
	var all []int32
	for i := range 40 {
		in.Items = append(in.Items, Item{ID: fmt.Sprintf("q%d", i), Cost: 1})
		all = append(all, int32(i))
	}
	in.Ballots = []Ballot{{ID: "1", Choices: all}}
	_, err := AllTies(context.Background(), in, Rule{Kind: Greedy, Satisfaction: Cost, Completion: None}, nil)
	if err == nil || !strings.HasPrefix(err.Error(), "too many ties: after 200001 choices") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := AllTies(ctx, in, Default(), nil); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Decide(ctx, in, Default(), nil); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
	if !slices.Equal(in.Ballots[0].Choices, all) {
		t.Error("the input was changed")
	}
}
