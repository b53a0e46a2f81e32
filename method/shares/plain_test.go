package shares

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPointsAgreeWithThePaper compares elections by points and rankings with
// the method written plainly.
func TestPointsAgreeWithThePaper(t *testing.T) {
	for seed := range uint64(3000) {
		rnd := rand.New(rand.NewPCG(seed, 11))
		in := small(rnd)
		in.Votes = []string{Ordinal, Scoring, Cumulative}[seed%3]
		for v := range in.Ballots {
			b := &in.Ballots[v]
			rnd.Shuffle(len(b.Choices), func(i, j int) { b.Choices[i], b.Choices[j] = b.Choices[j], b.Choices[i] })
			for range b.Choices {
				if in.Votes != Ordinal {
					b.Points = append(b.Points, rnd.Int64N(5))
				}
			}
		}
		for _, sat := range []string{Cost, Cardinality} {
			res, err := Run(in, Rule{Kind: EqualShares, Satisfaction: sat, Completion: None})
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			var got []string
			for _, r := range res.Rounds {
				got = append(got, r.ID+"@"+r.Price)
				sum := new(big.Rat).Mul(rat(r.Price), big.NewRat(r.Points, 1))
				if r.Rest > 0 {
					sum.Add(sum, rat(r.RestPaid))
				}
				if sum.Cmp(big.NewRat(r.Cost, 1)) != 0 || r.Full+r.Rest > r.Supporters {
					t.Fatalf("seed %d: %+v does not add up", seed, r)
				}
			}
			if want, _ := plainly(in, sat); !slices.Equal(got, want) {
				t.Fatalf("seed %d %s:\ngot  %v\nwant %v", seed, sat, got, want)
			}
			if !res.EJR.Holds {
				t.Fatalf("seed %d: EJR+ fails: %+v", seed, *res.EJR.Witness)
			}
		}
	}
}

// plainPhragmen is Phragmén's rule by loads, from given loads on.
func plainPhragmen(in *Instance, load []*big.Rat, bought []bool, room int64) (rounds []string) {
	for {
		best, low := -1, new(big.Rat)
		stop := false
		for i, it := range in.Items {
			heads := supporters(in, i)
			if bought[i] || it.Cost > in.Budget || len(heads) == 0 {
				continue
			}
			sum := big.NewRat(it.Cost, 1)
			for _, v := range heads {
				sum.Add(sum, load[v])
			}
			sum.Quo(sum, big.NewRat(int64(len(heads)), 1))
			c := -1
			if best >= 0 {
				c = sum.Cmp(low)
			}
			if c < 0 {
				stop = false
			}
			stop = stop || c <= 0 && it.Cost > room
			if c < 0 || c == 0 && ahead(in, i, best) {
				best, low = i, sum
			}
		}
		if best < 0 || stop {
			return rounds
		}
		bought[best] = true
		room -= in.Items[best].Cost
		rounds = append(rounds, in.Items[best].ID+"@"+low.RatString())
		for _, v := range supporters(in, best) {
			load[v] = low
		}
	}
}

func supporters(in *Instance, item int) (voters []int) {
	for v, b := range in.Ballots {
		if slices.Contains(b.Choices, int32(item)) {
			voters = append(voters, v)
		}
	}
	return voters
}

// ahead is the published tie rule.
func ahead(in *Instance, a, b int) bool {
	x, y := in.Items[a], in.Items[b]
	return cmp.Or(cmp.Compare(len(supporters(in, b)), len(supporters(in, a))), cmp.Compare(x.Cost, y.Cost), cmp.Compare(x.ID, y.ID)) < 0
}

// TestPhragmenIsPhragmen, alone and after equal shares; who paid what adds up to
// each cost, and nobody pays less than nothing.
func TestPhragmenIsPhragmen(t *testing.T) {
	for seed := range uint64(3000) {
		in := small(rand.New(rand.NewPCG(seed, 12)))
		load := make([]*big.Rat, len(in.Ballots))
		for v := range load {
			load[v] = new(big.Rat)
		}
		want := plainPhragmen(in, load, make([]bool, len(in.Items)), in.Budget)
		res, err := Run(in, Rule{Kind: SeqPhragmen, Satisfaction: Cost, Completion: None})
		if err != nil {
			t.Fatal(err)
		}
		if got := loadsOf(t, res.Rounds); !slices.Equal(got, want) {
			t.Fatalf("seed %d:\ngot  %v\nwant %v", seed, got, want)
		}
		rule := Rule{Kind: EqualShares, Satisfaction: []string{Cost, Cardinality}[seed%2], Completion: None}
		first, err := Run(in, rule)
		if err != nil {
			t.Fatal(err)
		}
		_, left := plainly(in, rule.Satisfaction)
		bought := make([]bool, len(in.Items))
		for i, it := range in.Items {
			bought[i] = slices.Contains(first.Selected, it.ID)
		}
		for v := range left {
			load[v] = new(big.Rat).Neg(left[v])
		}
		want = plainPhragmen(in, load, bought, in.Budget-first.Cost)
		rule.Completion = Phragmen
		if res, err = Run(in, rule); err != nil {
			t.Fatal(err)
		}
		if got := loadsOf(t, res.Rounds[len(first.Rounds):]); !slices.Equal(got, want) {
			t.Fatalf("seed %d, after equal shares:\ngot  %v\nwant %v", seed, got, want)
		}
	}
}

func loadsOf(t *testing.T, rounds []Round) (out []string) {
	t.Helper()
	for _, r := range rounds {
		out = append(out, r.ID+"@"+r.Load)
		sum, heads := new(big.Rat), int64(0)
		for _, p := range r.Paid {
			if rat(p.Each).Sign() < 0 {
				t.Fatalf("%s: somebody paid %s", r.ID, p.Each)
			}
			heads += p.Voters
			sum.Add(sum, new(big.Rat).Mul(rat(p.Each), big.NewRat(p.Voters, 1)))
		}
		if heads != r.Supporters || sum.Cmp(big.NewRat(r.Cost, 1)) != 0 {
			t.Fatalf("%+v does not add up", r)
		}
	}
	return out
}

// TestPAVIsPAV: in each round no item that fits gains more for its money, all of
// the score recounted from the ballots.
func TestPAVIsPAV(t *testing.T) {
	for seed := range uint64(3000) {
		in := small(rand.New(rand.NewPCG(seed, 13)))
		sat := []string{Cost, Cardinality}[seed%2]
		var want []string
		bought, room := make([]bool, len(in.Items)), in.Budget
		for {
			best, bestGain, bestCost := -1, new(big.Rat), int64(0)
			for i, it := range in.Items {
				if bought[i] || it.Cost > room {
					continue
				}
				gain, cost := plainGain(in, i, bought), it.Cost
				if sat == Cost && cost > 0 {
					cost = 1 // an item counts as often as it costs
				}
				if gain.Sign() == 0 {
					continue
				}
				c := -1
				if best >= 0 {
					c = new(big.Rat).Mul(bestGain, big.NewRat(cost, 1)).Cmp(new(big.Rat).Mul(gain, big.NewRat(bestCost, 1)))
				}
				if c < 0 || c == 0 && ahead(in, i, best) {
					best, bestGain, bestCost = i, gain, cost
				}
			}
			if best < 0 {
				break
			}
			bought[best] = true
			room -= in.Items[best].Cost
			want = append(want, in.Items[best].ID+"@"+bestGain.RatString())
		}
		res, err := Run(in, Rule{Kind: SeqPAV, Satisfaction: sat, Completion: None})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range res.Rounds {
			got = append(got, r.ID+"@"+r.Score)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d %s:\ngot  %v\nwant %v", seed, sat, got, want)
		}
	}
}

func plainGain(in *Instance, item int, bought []bool) *big.Rat {
	gain := new(big.Rat)
	for _, v := range supporters(in, item) {
		have := int64(0)
		for _, c := range in.Ballots[v].Choices {
			if bought[c] {
				have++
			}
		}
		gain.Add(gain, big.NewRat(1, have+1))
	}
	return gain
}

// TestEJRPlusIsTheDefinition: the check agrees with every group of voters tried.
func TestEJRPlusIsTheDefinition(t *testing.T) {
	failed := 0
	for seed := range uint64(1500) {
		rnd := rand.New(rand.NewPCG(seed, 14))
		in := small(rnd)
		in.Ballots = in.Ballots[:min(len(in.Ballots), 7)]
		if seed%3 == 0 {
			in.Votes = Scoring
			for v := range in.Ballots {
				for range in.Ballots[v].Choices {
					in.Ballots[v].Points = append(in.Ballots[v].Points, 1+rnd.Int64N(3))
				}
			}
		}
		rule := Rule{Kind: Greedy, Satisfaction: []string{Cost, Cardinality}[seed%2], Completion: None}
		ta, err := newTally(context.Background(), in, rule, nil)
		if err != nil {
			t.Fatal(err)
		}
		chosen := make([]bool, len(in.Items))
		var selected []string
		for i, it := range in.Items {
			if chosen[i] = rnd.IntN(2) == 0; chosen[i] {
				selected = append(selected, it.ID)
			}
		}
		got, want := ta.ejrPlus(chosen), everyGroup(in, rule, selected)
		if got.Holds != want {
			t.Fatalf("seed %d: holds is %v, want %v: %+v", seed, got.Holds, want, got.Witness)
		}
		if !want {
			failed++
		}
	}
	if failed < 300 || failed > 1200 {
		t.Errorf("the axiom failed %d times of 1500: too one-sided", failed)
	}
}

// everyGroup looks for a violation among all sets of supporters of each item left out.
func everyGroup(in *Instance, rule Rule, selected []string) bool {
	unit := func(i int) int64 {
		if rule.Satisfaction == Cost && in.Items[i].Cost > 0 {
			return in.Items[i].Cost
		}
		return 1
	}
	for i, it := range in.Items {
		if slices.Contains(selected, it.ID) {
			continue
		}
		for group := 1; group < 1<<len(in.Ballots); group++ {
			wronged, total := true, int64(0)
			most := int64(0)
			for v := range in.Ballots {
				if group>>v&1 == 0 {
					continue
				}
				if worth(in, v, i) == 0 {
					wronged = false
					break
				}
				total += worth(in, v, i)
				with := worth(in, v, i) * unit(i)
				for c := range in.Items {
					if slices.Contains(selected, in.Items[c].ID) {
						with += worth(in, v, c) * unit(c)
					}
				}
				most = max(most, with)
			}
			if wronged && total*in.Budget*unit(i) >= int64(len(in.Ballots))*it.Cost*most {
				return false
			}
		}
	}
	return true
}

// TestWorkedExamplesOfTheOtherRules are those of the package comment.
func TestWorkedExamplesOfTheOtherRules(t *testing.T) {
	points := &Instance{Budget: 4, Votes: Scoring, Items: []Item{{ID: "a", Cost: 4}, {ID: "b", Cost: 4}},
		Ballots: []Ballot{{ID: "1", Choices: []int32{0, 1}, Points: []int64{3, 1}}, {ID: "2", Choices: []int32{0, 1}, Points: []int64{2, 2}}}}
	for name, c := range map[string]struct {
		in   *Instance
		rule Rule
		want string
	}{
		"Phragmén":            {example(4), Rule{Kind: SeqPhragmen, Satisfaction: Cost, Completion: None}, "[a:1: b:2:]"},
		"Phragmén completing": {example(4), Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: Phragmen}, "[a:: b:2/3:]"},
		"PAV":                 {example(4), Rule{Kind: SeqPAV, Satisfaction: Cardinality, Completion: None}, "[a::2 b::1]"},
		"greedy":              {example(4), Rule{Kind: Greedy, Satisfaction: Cost, Completion: None}, "[a:: b::]"},
		"points":              {points, Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: None}, "[a::]"},
	} {
		res, err := Run(c.in, c.rule)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range res.Rounds {
			got = append(got, r.ID+":"+r.Load+":"+r.Score)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
	if res, _ := Run(points, Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: None}); res.Rounds[0].Price != "1" || res.Rounds[0].RestPaid != "2" {
		t.Errorf("points: %+v, want a price of 1 and 2 paid by the rest", res.Rounds[0])
	}
}
