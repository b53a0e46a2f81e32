package sortition

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// made makes a pool in which some features volunteer more than others, and
// quotas of a population: for each feature its share of the seats, give or take
// slack. A panel of the first size people drawn by those shares keeps them.
func made(seed uint64, people, size int, features []int, slack int) *Instance {
	r := rand.New(rand.NewPCG(seed, 1))
	in := &Instance{Pool: &Pool{IDColumn: "id"}, Size: size}
	shares := make([][]float64, len(features))
	keen := make([][]float64, len(features))
	for c, n := range features {
		in.Pool.Categories = append(in.Pool.Categories, fmt.Sprintf("c%d", c))
		sum := 0.0
		for range n {
			w := 0.4 + r.Float64()
			shares[c] = append(shares[c], w)
			keen[c] = append(keen[c], w*(0.3+1.7*r.Float64()))
			sum += w
		}
		for f := range shares[c] {
			shares[c][f] /= sum
		}
	}
	pick := func(w []float64) int {
		sum := 0.0
		for _, x := range w {
			sum += x
		}
		at := r.Float64() * sum
		for i, x := range w {
			if at -= x; at < 0 {
				return i
			}
		}
		return len(w) - 1
	}
	count := make([][]int, len(features))
	for c, n := range features {
		count[c] = make([]int, n)
	}
	for i := range people {
		p := Person{ID: fmt.Sprintf("p%04d", i)}
		for c := range features {
			w := keen[c]
			if i < size {
				w = shares[c]
			}
			f := pick(w)
			if i < size {
				count[c][f]++
			}
			p.Features = append(p.Features, fmt.Sprintf("f%d", f))
		}
		in.Pool.People = append(in.Pool.People, p)
	}
	for c, n := range features {
		for f := range n {
			want := int(shares[c][f]*float64(size) + 0.5)
			in.Quotas = append(in.Quotas, Quota{fmt.Sprintf("c%d", c), fmt.Sprintf("f%d", f),
				max(0, min(want-slack, count[c][f])), max(want+slack, count[c][f]), NoLimit, NoLimit, 0})
		}
	}
	return in
}

var sizes = []struct {
	name         string
	people, size int
	features     []int
}{
	{"150of22", 150, 22, []int{2, 4, 3, 3}},
	{"360of30", 360, 30, []int{2, 4, 5, 4, 3, 3, 2}},
	{"2000of200", 2000, 200, []int{2, 5, 6, 4, 3}},
	{"2000of200x7", 2000, 200, []int{2, 4, 5, 4, 3, 3, 2}},
}

func BenchmarkSolve(b *testing.B) {
	for _, s := range sizes {
		in := made(7, s.people, s.size, s.features, max(1, s.size/25))
		for _, rule := range []string{Maximin, Leximin} {
			b.Run(s.name+"/"+rule, func(b *testing.B) {
				for range b.N {
					r, err := Solve(b.Context(), in, rule, func(m string) { b.Log(m) })
					if err != nil {
						b.Fatal(err)
					}
					b.Log(len(r.Panels), r.Min.FloatString(9), r.Optimal, len(r.Panels[0].Weight.RatString()))
				}
			})
		}
	}
}
