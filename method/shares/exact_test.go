package shares

import (
	"cmp"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// plainly is the method as the paper writes it, in rationals, without any of
// the engine's short cuts: what the engine must agree with to the last price.
func plainly(in *Instance, satisfaction string) (rounds []string, left []*big.Rat) {
	left = make([]*big.Rat, len(in.Ballots))
	count := make([]int, len(in.Items))
	for v := range in.Ballots {
		left[v] = big.NewRat(in.Budget, int64(len(in.Ballots)))
		for i := range in.Items {
			count[i] += min(1, int(worth(in, v, i)))
		}
	}
	bought := make([]bool, len(in.Items))
	for {
		best, bestRho, bestPrice := -1, new(big.Rat), new(big.Rat)
		for i, it := range in.Items {
			price, ok := plainPrice(in, i, left)
			if bought[i] || !ok {
				continue
			}
			rho := new(big.Rat).Set(price)
			if satisfaction == Cost && it.Cost > 0 {
				rho.Quo(price, big.NewRat(it.Cost, 1))
			}
			if best < 0 || cmp.Or(rho.Cmp(bestRho), cmp.Compare(count[best], count[i]),
				cmp.Compare(it.Cost, in.Items[best].Cost), cmp.Compare(it.ID, in.Items[best].ID)) < 0 {
				best, bestRho, bestPrice = i, rho, price
			}
		}
		if best < 0 {
			return rounds, left
		}
		bought[best] = true
		rounds = append(rounds, in.Items[best].ID+"@"+bestPrice.RatString())
		for v := range in.Ballots {
			pays := new(big.Rat).Mul(bestPrice, big.NewRat(worth(in, v, best), 1))
			if left[v].Cmp(pays) < 0 {
				pays = left[v]
			}
			left[v] = new(big.Rat).Sub(left[v], pays)
		}
	}
}

// worth is the points that a ballot gives an item.
func worth(in *Instance, voter, item int) int64 {
	b := in.Ballots[voter]
	at := slices.Index(b.Choices, int32(item))
	switch {
	case at < 0:
		return 0
	case in.Votes == Ordinal:
		return int64(len(b.Choices) - 1 - at)
	case in.Votes == "":
		return 1
	}
	return b.Points[at]
}

// plainPrice is the price of one point.
func plainPrice(in *Instance, item int, left []*big.Rat) (*big.Rat, bool) {
	type purse struct {
		left, each *big.Rat // in all, and by point
		points     int64
	}
	var purses []purse
	var points int64
	for v := range in.Ballots {
		if p := worth(in, v, item); p > 0 {
			purses = append(purses, purse{left[v], new(big.Rat).Quo(left[v], big.NewRat(p, 1)), p})
			points += p
		}
	}
	slices.SortFunc(purses, func(a, b purse) int { return a.each.Cmp(b.each) })
	need := big.NewRat(in.Items[item].Cost, 1)
	for _, p := range purses {
		price := new(big.Rat).Quo(need, big.NewRat(points, 1))
		if price.Cmp(p.each) <= 0 {
			return price, true
		}
		need.Sub(need, p.left)
		points -= p.points
	}
	return nil, false
}

// small makes an instance with many ties: few different costs, few voters.
func small(rnd *rand.Rand) *Instance {
	in := &Instance{Budget: 5 + rnd.Int64N(60)}
	costs := [][]int64{{5}, {1, 2, 3}, {4, 6, 7, 9, 11}, {0, 3}}[rnd.IntN(4)]
	for i := range 2 + rnd.IntN(9) {
		in.Items = append(in.Items, Item{ID: fmt.Sprintf("q%02d", i), Cost: costs[rnd.IntN(len(costs))]})
	}
	for v := range 1 + rnd.IntN(12) {
		var set []int32
		for len(set) == 0 {
			for i := range in.Items {
				if rnd.IntN(3) == 0 {
					set = append(set, int32(i))
				}
			}
		}
		in.Ballots = append(in.Ballots, Ballot{ID: fmt.Sprint(v), Choices: set})
	}
	return in
}

// TestEngineAgreesWithThePaper compares 4,000 small elections, full of ties,
// with the method written plainly; the price system must add up, EJR+ must hold.
func TestEngineAgreesWithThePaper(t *testing.T) {
	for seed := range uint64(4000) {
		in := small(rand.New(rand.NewPCG(seed, 1)))
		rule := Rule{Kind: EqualShares, Satisfaction: []string{Cost, Cardinality}[seed%2], Completion: None}
		res, err := Run(in, rule)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		var got []string
		for _, r := range res.Rounds {
			got = append(got, r.ID+"@"+r.Price)
			sum := new(big.Rat).Mul(rat(r.Price), big.NewRat(r.Full, 1))
			if r.Rest > 0 {
				sum.Add(sum, rat(r.RestPaid))
			}
			if sum.Cmp(big.NewRat(r.Cost, 1)) != 0 {
				t.Fatalf("seed %d: %s costs %d, paid %s", seed, r.ID, r.Cost, sum.RatString())
			}
		}
		want, left := plainly(in, rule.Satisfaction)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d:\ngot  %v\nwant %v", seed, got, want)
		}
		if !res.EJR.Holds {
			t.Fatalf("seed %d: EJR+ fails: %+v", seed, *res.EJR.Witness)
		}
		leftAgrees(t, in, res, left)
	}
}

func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return r
}

func leftAgrees(t *testing.T, in *Instance, res Result, left []*big.Rat) {
	t.Helper()
	for _, m := range res.Missed {
		sum := new(big.Rat)
		for v, b := range in.Ballots {
			for _, c := range b.Choices {
				if in.Items[c].ID == m.ID {
					sum.Add(sum, left[v])
				}
			}
		}
		if m.Reason != NoSupport && sum.RatString() != m.Left {
			t.Fatalf("%s: its supporters have %s left, want %s", m.ID, m.Left, sum.RatString())
		}
		if m.Reason == Spent && sum.Cmp(big.NewRat(m.Cost, 1)) >= 0 {
			t.Fatalf("%s was affordable", m.ID)
		}
	}
}

// TestNeverOverspends holds for every rule and completion.
func TestNeverOverspends(t *testing.T) {
	for seed := range uint64(1000) {
		in := small(rand.New(rand.NewPCG(seed, 2)))
		for _, sat := range []string{Cost, Cardinality} {
			for _, r := range []Rule{{Kind: Greedy, Completion: None}, {Kind: EqualShares, Completion: Add1},
				{Kind: EqualShares, Completion: Add1U}, {Kind: EqualShares, Completion: Utilitarian}} {
				r.Satisfaction = sat
				res, err := Run(in, r)
				if err != nil {
					t.Fatalf("seed %d %v: %v", seed, r, err)
				}
				if res.Cost > in.Budget {
					t.Fatalf("seed %d %v: %d of %d", seed, r, res.Cost, in.Budget)
				}
				if len(res.Selected)+len(res.Missed) != len(in.Items) {
					t.Fatalf("seed %d %v: items lost", seed, r)
				}
				if r.Completion == Add1U || r.Completion == Utilitarian {
					exhaustive(t, in, res)
				}
			}
		}
	}
}

func exhaustive(t *testing.T, in *Instance, res Result) {
	t.Helper()
	for _, m := range res.Missed {
		if m.Reason != NoSupport && m.Cost <= in.Budget-res.Cost {
			t.Fatalf("%s for %d fits into %d of %d", m.ID, m.Cost, res.Cost, in.Budget)
		}
	}
}

// TestOrderOfInputDoesNotMatter: ballots and items in another order, same outcome.
func TestOrderOfInputDoesNotMatter(t *testing.T) {
	for seed := range uint64(500) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		in := small(rnd)
		perm := rnd.Perm(len(in.Items))
		out := &Instance{Budget: in.Budget, Items: make([]Item, len(in.Items))}
		for i, p := range perm {
			out.Items[p] = in.Items[i]
		}
		for _, v := range rnd.Perm(len(in.Ballots)) {
			var set []int32
			for _, c := range in.Ballots[v].Choices {
				set = append(set, int32(perm[c]))
			}
			out.Ballots = append(out.Ballots, Ballot{ID: in.Ballots[v].ID, Choices: set})
		}
		a, _ := Run(in, Default())
		b, _ := Run(out, Default())
		if describe(a) != describe(b) {
			t.Fatalf("seed %d:\n%s\n%s", seed, describe(a), describe(b))
		}
	}
}

// TestGreedyLeavesAGroupOut: 6 of 10 take the whole hour; the check names the other 4.
func TestGreedyLeavesAGroupOut(t *testing.T) {
	in := &Instance{Budget: 10}
	for i := range 10 {
		in.Items = append(in.Items, Item{ID: fmt.Sprintf("m%d", i), Cost: 2})
	}
	for v := range 10 {
		set := []int32{0, 1, 2, 3, 4}
		if v >= 6 {
			set = []int32{5, 6}
		}
		in.Ballots = append(in.Ballots, Ballot{ID: fmt.Sprint(v), Choices: set})
	}
	res, err := Run(in, Rule{Kind: Greedy, Satisfaction: Cost, Completion: None})
	if err != nil {
		t.Fatal(err)
	}
	want := Witness{ID: "m5", Group: 4, Share: "4", Deserves: "4", Has: 0}
	if res.EJR.Holds || *res.EJR.Witness != want {
		t.Errorf("witness %+v, want %+v", res.EJR.Witness, want)
	}
	res, err = Run(in, Default())
	if err != nil {
		t.Fatal(err)
	}
	if !res.EJR.Holds || !slices.Contains(res.Selected, "m5") || !slices.Contains(res.Selected, "m6") {
		t.Errorf("equal shares left the group out: %v", res.Selected)
	}
}
