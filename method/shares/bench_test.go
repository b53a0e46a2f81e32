package shares

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func BenchmarkWieliczka(b *testing.B) {
	in := load(b, "poland_wieliczka_2023_green-budget.pb")
	for _, r := range []Rule{{Kind: EqualShares, Satisfaction: Cost, Completion: None},
		{Kind: EqualShares, Satisfaction: Cardinality, Completion: None}, {Kind: EqualShares, Satisfaction: Cost, Completion: Add1}} {
		b.Run(r.Satisfaction+"/"+r.Completion, func(b *testing.B) {
			for b.Loop() {
				if _, err := Run(in, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAgenda: as many questions and ballots as an edition may see, ten choices at most.
func BenchmarkAgenda(b *testing.B) {
	for _, size := range [][2]int{{100, 1_000}, {1_000, 10_000}, {1_000, 100_000}} {
		in := &Instance{Budget: 150, Meta: []Pair{StepBudget()}}
		rnd := rand.New(rand.NewPCG(1, 2))
		for i := range size[0] {
			in.Items = append(in.Items, Item{ID: fmt.Sprintf("Q%04d", i), Cost: 4 + int64(i%3)})
		}
		for v := range size[1] {
			set := map[int32]bool{}
			for range 1 + rnd.IntN(10) {
				set[int32(float64(size[0])*rnd.Float64()*rnd.Float64()*rnd.Float64())] = true
			}
			ballot := Ballot{ID: fmt.Sprint(v)}
			for c := range set {
				ballot.Choices = append(ballot.Choices, c)
			}
			in.Ballots = append(in.Ballots, ballot)
		}
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			for b.Loop() {
				if _, err := Run(in, Default()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
