package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"syscall"
	"time"

	"glosa/method/shares"
)

// The rules that are timed. Peers are pabutools and abcvoting (Python, exact
// fractions); ours must be 80 times faster. What is timed here is the whole of it,
// with the prices, the reasons and the check of the outcome.
var (
	byCost    = shares.Rule{Kind: shares.EqualShares, Satisfaction: shares.Cost, Completion: shares.None}
	byNumber  = shares.Rule{Kind: shares.EqualShares, Satisfaction: shares.Cardinality, Completion: shares.None}
	phragmen  = shares.Rule{Kind: shares.SeqPhragmen, Satisfaction: shares.Cost, Completion: shares.None}
	pav       = shares.Rule{Kind: shares.SeqPAV, Satisfaction: shares.Cardinality, Completion: shares.None}
	completed = shares.Rule{Kind: shares.EqualShares, Satisfaction: shares.Cardinality, Completion: shares.Phragmen}
)

// timed is one line: a rule, and the most that it may take; 0 for no target.
type timed struct {
	word string
	rule shares.Rule
	most time.Duration
}

// methods measures what is computed for a published result.
func (r *run) methods(ctx context.Context) error {
	f, err := os.Open(filepath.Join(r.data, "pabulib-mes", "poland_wieliczka_2023_green-budget.pb"))
	if err != nil {
		r.print(line{what: "equal shares, Wieliczka 2023", result: "no data: -data names its folder"})
	} else {
		defer f.Close()
		in, err := shares.Parse(f)
		if err != nil {
			return err
		}
		// The peer took 1.6 s, 1.4 s and 3.2 s on as many projects and ballots.
		if err := r.shares("Wieliczka 2023", in, timed{"equal shares, cost", byCost, 20 * time.Millisecond},
			timed{"equal shares, cardinality", byNumber, 17500 * time.Microsecond}, timed{"Phragmén", phragmen, 40 * time.Millisecond}); err != nil {
			return err
		}
	}
	town := crowd(160, 90_494, func(rnd *rand.Rand) int64 { return 1000 * (1 + rnd.Int64N(200)) }, 3)
	// The peer took 9.0 s and 666 MiB.
	if err := r.shares("160 × 90,494", town, timed{"equal shares, cost", byCost, 112 * time.Millisecond}, timed{"Phragmén", phragmen, 0}); err != nil {
		return err
	}
	if err := r.sharesFile(ctx, "160 × 90,494", town, 666); err != nil {
		return err
	}
	// The peer took 23.6 s.
	seats := crowd(200, 20_000, func(*rand.Rand) int64 { return 1 }, 10)
	seats.Committee = true
	if err := r.shares("20 of 200 by 20,000", seats, timed{"equal shares and Phragmén", completed, 295 * time.Millisecond},
		timed{"Phragmén", phragmen, 295 * time.Millisecond}, timed{"sequential PAV", pav, 295 * time.Millisecond}); err != nil {
		return err
	}
	sizes := [][2]int{{100, 1_000}, {1_000, 100_000}}
	if r.long {
		sizes = append(sizes, [2]int{10_000, 1_000_000})
	}
	for _, size := range sizes {
		most := time.Duration(0)
		if size[0] == 1_000 {
			most = 5 * time.Second
		}
		what := fmt.Sprintf("%s questions × %s", count(size[0]), count(size[1]))
		if err := r.shares(what, agenda(size[0], size[1]), timed{"equal shares", shares.Default(), most}, timed{"Phragmén", phragmen, most}); err != nil {
			return err
		}
	}
	return nil
}

// shares runs rules three times each and prints the middle time.
func (r *run) shares(what string, in *shares.Instance, rules ...timed) error {
	for _, x := range rules {
		var took []time.Duration
		for range rounds {
			began := time.Now()
			if _, err := shares.Run(in, x.rule); err != nil {
				return err
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		l := line{what: x.word + ", " + what, result: fmt.Sprintf("%.1f ms", ms(took[rounds/2])), none: x.most == 0}
		if x.most > 0 {
			l.target, l.ok = fmt.Sprintf("< %v", x.most), took[rounds/2] < x.most
		}
		r.print(l)
	}
	return nil
}

// sharesFile runs the command as anybody would.
func (r *run) sharesFile(ctx context.Context, what string, in *shares.Instance, mebibytes int64) error {
	dir, err := r.folder("shares")
	if err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, "town.pb"))
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := shares.Write(f, in); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	debug.FreeOSMemory() // Linux counts what the parent held when it started the child
	cmd := exec.CommandContext(ctx, r.glosa, "method", "shares", f.Name(), "--satisfaction", "cost", "--completion", "none", "--json")
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return err
	}
	took := time.Since(began)
	peak := int64(0)
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = usage.Maxrss >> 10 // Linux counts in KiB
	}
	r.print(line{what: "equal shares: file of " + what, result: fmt.Sprintf("%.2f s, peak %d MiB", took.Seconds(), peak),
		target: fmt.Sprintf("< %d MiB", mebibytes), ok: peak < mebibytes})
	return nil
}

// crowd is a town's election: few projects are popular, ballots hold up to ten,
// and there is money for one part in so many.
func crowd(items, ballots int, cost func(*rand.Rand) int64, part int64) *shares.Instance {
	rnd := rand.New(rand.NewPCG(1, 2))
	in := &shares.Instance{}
	for i := range items {
		c := cost(rnd)
		in.Budget += c
		in.Items = append(in.Items, shares.Item{ID: fmt.Sprintf("P%04d", i), Cost: c})
	}
	in.Budget /= part
	for v := range ballots {
		ballot := shares.Ballot{ID: strconv.Itoa(v)}
		for range 1 + rnd.IntN(10) {
			c := int32(float64(items) * float64(rnd.Float64()*rnd.Float64()))
			if !slices.Contains(ballot.Choices, c) {
				ballot.Choices = append(ballot.Choices, c)
			}
		}
		in.Ballots = append(in.Ballots, ballot)
	}
	return in
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
