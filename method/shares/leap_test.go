package shares

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// fine is an election in which a step of add1 is small against the costs.
func fine(t *rapid.T) (*Instance, Rule) {
	rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "election"), 2))
	in := small(rnd)
	scale := rapid.SampledFrom([]int64{1, 10, 97, 400}).Draw(t, "scale")
	rough := rapid.Bool().Draw(t, "rough") // else everything ties
	in.Budget *= scale
	for i := range in.Items {
		if in.Items[i].Cost *= scale; rough && in.Items[i].Cost > 0 {
			in.Items[i].Cost += rnd.Int64N(scale)
		}
	}
	if rapid.Bool().Draw(t, "points") {
		in.Votes = Scoring
		for v, b := range in.Ballots {
			for range b.Choices {
				in.Ballots[v].Points = append(in.Ballots[v].Points, 1+rnd.Int64N(4))
			}
		}
	}
	if rapid.Bool().Draw(t, "whole") {
		in.Meta = append(in.Meta, StepBudget())
	}
	return in, Rule{Kind: EqualShares, Satisfaction: rapid.SampledFrom([]string{Cost, Cardinality}).Draw(t, "satisfaction"),
		Completion: rapid.SampledFrom([]string{Add1, Add1U}).Draw(t, "completion"), Increment: int64(rapid.IntRange(0, 3).Draw(t, "increment")),
		Integral: rapid.Bool().Draw(t, "integral"), Exhaustive: rapid.Bool().Draw(t, "exhaustive")}
}

// stepped is the result with leaps after so many calm steps, and how many runs of
// equal shares it took.
func stepped(in *Instance, rule Rule, patience int) (file string, runs int, err error) {
	t, err := newTally(context.Background(), in, rule, func(string) { runs++ })
	if err != nil {
		return "", 0, err
	}
	t.patience = patience
	res, err := t.decide(in)
	if err != nil {
		return "", runs, err
	}
	js, err := res.File()
	return string(js), runs, err
}

// TestLeapsAreSteps: many steps at once give the bytes of single steps: what is
// bought, its prices, what was missing, the last share, the number of steps.
func TestLeapsAreSteps(t *testing.T) {
	single, leapt := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		in, rule := fine(t)
		want, steps, err := stepped(in, rule, math.MaxInt)
		if err != nil {
			if strings.HasPrefix(err.Error(), "add1: no end") {
				t.Skip("too many single steps to compare with")
			}
			t.Fatal(err)
		}
		for _, patience := range []int{1, 3, patience} {
			got, runs, err := stepped(in, rule, patience)
			if err != nil || got != want {
				t.Fatalf("%+v: single steps gave\n%s\nleaps after %d calm ones\n%s (%v)", rule, want, patience, got, err)
			}
			if patience == 1 {
				single, leapt = single+steps, leapt+runs
			}
		}
	})
	if 4*leapt > single {
		t.Errorf("%d runs with leaps, %d without: hardly any leap was tried", leapt, single)
	}
}

// TestLeapsReachFarBudgets: a budget of a billion in steps of one unit for all
// voters together ends, with the outcome that the unit does not matter to.
func TestLeapsReachFarBudgets(t *testing.T) {
	const far = 100_000_000
	in := example(6)
	near, err := Run(in, Default())
	if err != nil {
		t.Fatal(err)
	}
	in.Budget *= far
	for i := range in.Items {
		in.Items[i].Cost *= far
	}
	got, runs, err := stepped(in, Default(), patience)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got, fmt.Sprintf(`"selected":["%s"]`, strings.Join(near.Selected, `","`))) || runs > 500 {
		t.Errorf("%d runs: %s; with small amounts %v", runs, got, near.Selected)
	}
}

// TestBetweenIsSure: wherever the look says that nothing changes between two
// shares, nothing does; and there are elections in which the same is bought at both
// and something else between, so that looking at the ends alone would be wrong.
func TestBetweenIsSure(t *testing.T) {
	sure, trap := 0, 0
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		in := small(rnd)
		for i := range in.Items {
			in.Items[i].Cost += rnd.Int64N(5)
		}
		ta, err := newTally(context.Background(), in, Rule{Kind: EqualShares, Satisfaction: []string{Cost, Cardinality}[seed%2], Completion: Add1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		share, step := big.NewRat(in.Budget, ta.voters), big.NewRat(1, 4)
		var runs []*spending
		var at []*big.Rat
		for range 40 {
			s := ta.spend(share)
			if err := ta.play(s); err != nil {
				t.Fatal(err)
			}
			runs, at = append(runs, s), append(at, share)
			share = new(big.Rat).Add(share, step)
		}
		for lo := range runs {
			same := true // from lo to hi, all the way
			for hi := lo + 1; hi < len(runs); hi++ {
				ends := slices.Equal(runs[lo].bought, runs[hi].bought)
				same = same && ends
				if !ends || hi == lo+1 {
					continue
				}
				c := climb{tally: ta, share: at[lo], at: runs[lo]}
				switch said := c.between(at[hi]); {
				case said && !same:
					t.Fatalf("seed %d: from share %v to %v something changes, and the look saw nothing", seed, at[lo], at[hi])
				case said:
					sure++
				case !same:
					trap++
				}
			}
		}
	}
	if sure < 1000 || trap == 0 {
		t.Errorf("%d sure, %d with the same ends and another middle", sure, trap)
	}
}
