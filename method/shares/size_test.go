package shares

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// crowd is an election of a size that peers were timed at: popular items are
// few, costs vary, ballots hold up to ten items.
func crowd(items, ballots int, costs func(*rand.Rand) int64, part int64) *Instance {
	rnd := rand.New(rand.NewPCG(1, 2))
	in := &Instance{}
	var sum int64
	for i := range items {
		c := costs(rnd)
		sum += c
		in.Items = append(in.Items, Item{ID: fmt.Sprintf("P%04d", i), Cost: c})
	}
	in.Budget = sum / part
	seen := make([]int, items)
	for v := range ballots {
		b := Ballot{ID: fmt.Sprint(v)}
		for range 1 + rnd.IntN(10) {
			c := int32(float64(items) * rnd.Float64() * rnd.Float64())
			if seen[c] != v+1 {
				seen[c] = v + 1
				b.Choices = append(b.Choices, c)
			}
		}
		in.Ballots = append(in.Ballots, b)
	}
	return in
}

func BenchmarkSizes(b *testing.B) {
	town := func(r *rand.Rand) int64 { return 1000 * (1 + r.Int64N(200)) }
	seat := func(*rand.Rand) int64 { return 1 }
	for _, x := range []struct {
		name string
		in   *Instance
	}{{"64x6260", crowd(64, 6_260, town, 3)}, {"160x90494", crowd(160, 90_494, town, 3)}, {"200x20000seats", crowd(200, 20_000, seat, 10)}, {"1000x100000", crowd(1_000, 100_000, town, 10)}} {
		for _, r := range []Rule{{EqualShares, Cost, None, 0, false, false, nil}, {EqualShares, Cardinality, None, 0, false, false, nil}, {SeqPhragmen, Cardinality, None, 0, false, false, nil},
			{EqualShares, Cardinality, Phragmen, 0, false, false, nil}, {SeqPAV, Cardinality, None, 0, false, false, nil}, {Greedy, Cost, None, 0, false, false, nil}} {
			b.Run(x.name+"/"+r.Kind+"/"+r.Satisfaction+"/"+r.Completion, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Run(x.in, r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
