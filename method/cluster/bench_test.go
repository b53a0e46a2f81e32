package cluster

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// invented are the votes of a conversation: a few camps, some statements that
// divide them and some that do not, few who vote on much and many on little.
func invented(participants, statements, votes int) []Vote {
	rnd := rand.New(rand.NewPCG(11, 13))
	mind := make([][4]float64, statements) // of each camp
	for s := range mind {
		common := rnd.Float64()*2 - 1
		for c := range mind[s] {
			mind[s][c] = 0.6*common + 0.4*(rnd.Float64()*2-1)
		}
	}
	out := make([]Vote, 0, votes+participants)
	mean := float64(votes) / float64(participants)
	for p := range participants {
		n := int(math.Round(mean * -math.Log(1-rnd.Float64()))) // exponential, as in most conversations
		camp := rnd.IntN(4)
		for _, s := range rnd.Perm(statements)[:min(max(n, 1), statements)] {
			b := Vote{Participant: strconv.Itoa(p), Statement: strconv.Itoa(s), At: int64(len(out))}
			switch x := mind[s][camp] + rnd.NormFloat64()*0.5; {
			case x > 0.1:
				b.Says = 1
			case x < -0.1:
				b.Says = -1
			}
			out = append(out, b)
		}
	}
	return out
}

func BenchmarkGroups(b *testing.B) {
	for _, of := range []struct {
		name                            string
		participants, statements, votes int
	}{{"1921x197", 1921, 197, 49_443}, {"2031x896", 2031, 896, 250_000}, {"10000x300", 10_000, 300, 460_000}} {
		votes := invented(of.participants, of.statements, of.votes)
		b.Run(of.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				v := tallied(b, votes)
				if _, err := v.Groups(b.Context(), Rule{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(votes)), "votes")
		})
		b.Run(of.name+"/OneMoreVote", func(b *testing.B) {
			v := tallied(b, votes)
			for i := 0; b.Loop(); i++ {
				if err := v.Cast(Vote{Participant: "0", Statement: "0", Says: i%3 - 1, At: math.MaxInt64}); err != nil {
					b.Fatal(err)
				}
				if _, err := v.Groups(b.Context(), Rule{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func tallied(t testing.TB, votes []Vote) *Votes {
	t.Helper()
	v := &Votes{}
	for _, c := range votes {
		if err := v.Cast(c); err != nil {
			t.Fatal(err)
		}
	}
	return v
}
