package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"glosa/method/shares"
)

// methods measures what is computed for a published result.
func (r *run) methods(context.Context) error {
	f, err := os.Open(filepath.Join(r.data, "pabulib-mes", "poland_wieliczka_2023_green-budget.pb"))
	if err != nil {
		r.print(line{what: "equal shares, Wieliczka 2023", result: "no data: -data names its folder"})
	} else {
		defer f.Close()
		in, err := shares.Parse(f)
		if err != nil {
			return err
		}
		// pabutools (Python, exact) takes 1.6 s and 1.4 s on as many projects and ballots: be 80 times faster.
		for _, x := range []struct {
			satisfaction string
			target       time.Duration
		}{{shares.Cost, 20 * time.Millisecond}, {shares.Cardinality, 17500 * time.Microsecond}} {
			rule := shares.Rule{Kind: shares.EqualShares, Satisfaction: x.satisfaction, Completion: shares.None}
			if err := r.shares("equal shares, Wieliczka 2023, "+x.satisfaction, in, rule, x.target); err != nil {
				return err
			}
		}
	}
	for _, size := range [][2]int{{100, 1_000}, {1_000, 100_000}} {
		what := fmt.Sprintf("equal shares, %s questions × %s ballots", count(size[0]), count(size[1]))
		target := time.Duration(0)
		if size[0] == 1_000 {
			target = 5 * time.Second
		}
		if err := r.shares(what, agenda(size[0], size[1]), shares.Default(), target); err != nil {
			return err
		}
	}
	return nil
}

// shares runs a rule three times and prints the middle time.
func (r *run) shares(what string, in *shares.Instance, rule shares.Rule, target time.Duration) error {
	var took []time.Duration
	for range rounds {
		began := time.Now()
		if _, err := shares.Run(in, rule); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	l := line{what: what, result: fmt.Sprintf("%.1f ms", ms(took[rounds/2])), none: target == 0}
	if target > 0 {
		l.target, l.ok = fmt.Sprintf("< %v", target), took[rounds/2] < target
	}
	r.print(l)
	return nil
}

// agenda is an edition's selection: few questions are liked by many.
func agenda(questions, ballots int) *shares.Instance {
	rnd := rand.New(rand.NewPCG(1, 2))
	in := &shares.Instance{Budget: 150, Meta: []shares.Pair{shares.StepBudget()}}
	for i := range questions {
		in.Items = append(in.Items, shares.Item{ID: fmt.Sprintf("Q%04d", i), Cost: 4 + int64(i%3)})
	}
	for v := range ballots {
		ballot := shares.Ballot{ID: strconv.Itoa(v)}
		for range 1 + rnd.IntN(10) {
			c := int32(float64(questions) * rnd.Float64() * rnd.Float64() * rnd.Float64())
			if !slices.Contains(ballot.Choices, c) {
				ballot.Choices = append(ballot.Choices, c)
			}
		}
		in.Ballots = append(in.Ballots, ballot)
	}
	return in
}
