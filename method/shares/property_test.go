package shares

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn is an election drawn by rapid.
func drawn(t *rapid.T) *Instance {
	in := small(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "election"), 1)))
	return in
}

func aRule(t *rapid.T) Rule { return rapid.SampledFrom(everyRule).Draw(t, "rule") }

// TestLabelsAreLabels: other names and another order of items and voters change
// nothing but the names. Of all outcomes of ties, since the tie rule goes by names.
func TestLabelsAreLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, rule := drawn(t), aRule(t)
		items := rapid.Permutation(seq(len(in.Items))).Draw(t, "items")
		voters := rapid.Permutation(seq(len(in.Ballots))).Draw(t, "voters")
		out := &Instance{Budget: in.Budget, Items: make([]Item, len(in.Items)), Meta: in.Meta}
		name := map[string]string{}
		for i, p := range items {
			out.Items[p] = Item{ID: fmt.Sprintf("other %d", p), Cost: in.Items[i].Cost}
			name[out.Items[p].ID] = in.Items[i].ID
		}
		for n, v := range voters {
			b := Ballot{ID: fmt.Sprint("voter ", n)}
			for _, c := range slices.Backward(in.Ballots[v].Choices) {
				b.Choices = append(b.Choices, int32(items[c]))
			}
			out.Ballots = append(out.Ballots, b)
		}
		a, errA := AllTies(context.Background(), in, rule, nil)
		b, errB := AllTies(context.Background(), out, rule, nil)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		for k := range b {
			for i := range b[k] {
				b[k][i] = name[b[k][i]]
			}
			b[k] = inOrder(in, b[k])
		}
		if x, y := lines(a), lines(b); x != y {
			t.Fatalf("%+v: outcomes\n%s\nand with other labels\n%s", rule, x, y)
		}
		res, err := Run(in, rule)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(lines(a)+"\n", strings.Join(inOrder(in, res.Selected), " ")+"\n") {
			t.Fatalf("%+v: %v is not among\n%s", rule, res.Selected, lines(a))
		}
	})
}

func seq(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

func lines(outcomes [][]string) string {
	var all []string
	for _, o := range outcomes {
		all = append(all, strings.Join(o, " "))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// TestMoreSupportDoesNotHurt, in the two senses of the package comment: a voter
// adds a bought item to the ballot; or a new voter, with a share of new money,
// wants that item alone.
func TestMoreSupportDoesNotHurt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t)
		share := rapid.Int64Range(1, 9).Draw(t, "share")
		in.Budget = share * int64(len(in.Ballots))
		rule := Rule{Kind: EqualShares, Satisfaction: rapid.SampledFrom([]string{Cost, Cardinality}).Draw(t, "satisfaction"), Completion: None}
		res, err := Run(in, rule)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range res.Selected {
			c := int32(slices.IndexFunc(in.Items, func(it Item) bool { return it.ID == id }))
			still := func(why string, more *Instance) {
				after, err := Run(more, rule)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Contains(after.Selected, id) {
					t.Fatalf("%s of %s: %v, before %v", why, id, after.Selected, res.Selected)
				}
			}
			alone := *in
			alone.Budget += share
			alone.Ballots = append(slices.Clone(in.Ballots), Ballot{ID: "new", Choices: []int32{c}})
			still("a new supporter", &alone)
			for v, b := range in.Ballots {
				if !slices.Contains(b.Choices, c) {
					joined := *in
					joined.Ballots = slices.Clone(in.Ballots)
					joined.Ballots[v].Choices = append(slices.Clone(b.Choices), c)
					still("the support of "+b.ID, &joined)
				}
			}
		}
	})
}

// TestWhereMoreSupportHurts are the examples of the package comment: what is not so.
func TestWhereMoreSupportHurts(t *testing.T) {
	bought := func(in *Instance, sat, id string) bool {
		t.Helper()
		res, err := Run(in, Rule{Kind: EqualShares, Satisfaction: sat, Completion: None})
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(res.Selected, id)
	}
	// Nine items of cost 5, eleven voters with 3 each; voter 4's ballot once more, with 3 more.
	in := &Instance{Budget: 33}
	for i := range 9 {
		in.Items = append(in.Items, Item{ID: fmt.Sprint("q", i), Cost: 5})
	}
	for v, set := range [][]int32{{5}, {0, 3, 6}, {5, 7}, {0, 3}, {1, 4, 7}, {3, 4, 7}, {3, 4, 5}, {1, 3, 5}, {2, 3, 5, 6}, {1, 3}, {5, 6}} {
		in.Ballots = append(in.Ballots, Ballot{ID: fmt.Sprint(v), Choices: set})
	}
	for _, sat := range []string{Cost, Cardinality} {
		clone := *in
		clone.Budget += 3
		clone.Ballots = append(slices.Clone(in.Ballots), Ballot{ID: "new", Choices: in.Ballots[4].Choices})
		if !bought(in, sat, "q7") || bought(&clone, sat, "q7") {
			t.Errorf("%s: a clone of a supporter's ballot did not hurt q7", sat)
		}
	}
	// Ten voters pay e with all they have, two of them want d too, and two others d
	// and c. With a thirteenth share e is too dear, d is bought, and c is not.
	in = &Instance{Budget: 12, Items: []Item{{ID: "c", Cost: 2}, {ID: "d", Cost: 3}, {ID: "e", Cost: 10}}}
	for v := range 12 {
		in.Ballots = append(in.Ballots, Ballot{ID: fmt.Sprint(v), Choices: [][]int32{{1, 2}, {2}, {0, 1}}[min(2, (v+8)/10+v/10)]})
	}
	alone := *in
	alone.Ballots = append(slices.Clone(in.Ballots), Ballot{ID: "new", Choices: []int32{0}})
	if !bought(in, Cost, "c") || bought(&alone, Cost, "c") {
		t.Error("a ballot for c alone did not hurt it")
	}
}

// TestSameBytes: on one processor and on two, and again, so that maps are walked
// in another order, every rule gives the same bytes.
func TestSameBytes(t *testing.T) {
	was := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(was)
	for _, file := range []string{"pb/netherlands_amsterdam_2022_west.pb", "pb_cardinal/synthetic_scoring.pb", "pb_ordinal/synthetic_ordinal.pb"} {
		in := load(t, strings.Split(file, "/")...)
		for _, r := range everyRule {
			if r.on(in.votes()) != nil {
				continue
			}
			var first []byte
			for round := range 4 {
				runtime.GOMAXPROCS(1 + round%2)
				res, err := Run(in, r)
				if err != nil {
					t.Fatalf("%s: %v", file, err)
				}
				raw, err := res.File()
				if err != nil {
					t.Fatal(err)
				}
				ties, err := AllTies(context.Background(), in, r, nil)
				if err != nil {
					t.Fatalf("%s: %v", file, err)
				}
				if raw = append(raw, fmt.Sprint(ties)...); first == nil {
					first = raw
				}
				if !bytes.Equal(raw, first) {
					t.Fatalf("%s %s %s: other bytes", file, r.Kind, r.Completion)
				}
			}
		}
	}
}
