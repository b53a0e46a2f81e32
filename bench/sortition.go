package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// assembly is a pool and a panel to be drawn from it.
type assembly struct {
	people, size int
	features     []int // of each category
	rule         string
	target       time.Duration
	peer         string // what others reported for a pool of this size
}

var assemblies = []assembly{
	{150, 22, []int{2, 4, 3, 3}, "leximin", 500 * time.Millisecond, "Python over HiGHS 2.2 s"},
	{360, 30, []int{2, 4, 5, 4, 3, 3, 2}, "maximin", 5 * time.Second, ""},
	{360, 30, []int{2, 4, 5, 4, 3, 3, 2}, "leximin", 10 * time.Second, "published 42 s"},
	{2000, 200, []int{2, 5, 6, 4, 3}, "leximin", time.Minute, "the paper's code 1162 s"},
}

// sortition measures lotteries by the command, on one core. What counts is the
// time the processor spent, since others may be using the machine.
func (r *run) sortition(ctx context.Context) error {
	for _, a := range assemblies {
		dir, err := r.folder(fmt.Sprintf("sortition-%d-%s", a.people, a.rule))
		if err != nil {
			return err
		}
		categories, pool, err := a.write(dir)
		if err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, r.glosa, "method", "sortition", "--categories", categories, "--pool", pool,
			"--size", strconv.Itoa(a.size), "--rule", a.rule, "--json")
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		out, err := cmd.Output()
		if err != nil {
			return err
		}
		var res struct {
			Optimal bool
			Panels  []struct{}
		}
		if err := json.Unmarshal(out, &res); err != nil {
			return err
		}
		took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		how := "proved"
		if !res.Optimal {
			how = "not proved"
		}
		r.print(line{what: fmt.Sprintf("sortition: %s, %s of %s", a.rule, count(a.size), count(a.people)),
			result:  fmt.Sprintf("%.2f s of one core, %d panels, %s", took.Seconds(), len(res.Panels), how),
			against: a.peer, target: "< " + a.target.String(), ok: took < a.target && res.Optimal})
	}
	return nil
}

// write makes the files: some features volunteer up to five times as readily as
// others, quotas follow the population, give or take 4 % of the seats.
func (a assembly) write(dir string) (categories, pool string, err error) {
	rnd := rand.New(rand.NewPCG(7, 1))
	shares, keen := make([][]float64, len(a.features)), make([][]float64, len(a.features))
	quotas := [][]string{{"category", "feature", "min", "max"}}
	rows := [][]string{{"id"}}
	for c, n := range a.features {
		sum := 0.0
		for range n {
			w := 0.4 + rnd.Float64()
			shares[c], keen[c] = append(shares[c], w), append(keen[c], w*(0.3+1.7*rnd.Float64()))
			sum += w
		}
		rows[0] = append(rows[0], fmt.Sprintf("c%d", c))
		for f := range n {
			want, slack := int(shares[c][f]/sum*float64(a.size)+0.5), max(1, a.size/25)
			quotas = append(quotas, []string{fmt.Sprintf("c%d", c), fmt.Sprintf("f%d", f),
				strconv.Itoa(max(0, want-slack)), strconv.Itoa(want + slack)})
		}
	}
	for i := range a.people {
		row := []string{fmt.Sprintf("p%04d", i)}
		for c := range a.features {
			row = append(row, fmt.Sprintf("f%d", weighted(rnd, keen[c])))
		}
		rows = append(rows, row)
	}
	categories, pool = filepath.Join(dir, "categories.csv"), filepath.Join(dir, "pool.csv")
	for name, table := range map[string][][]string{categories: quotas, pool: rows} {
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(table); err != nil {
			return "", "", err
		}
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			return "", "", err
		}
	}
	return categories, pool, nil
}

// weighted picks an index in proportion to the weights.
func weighted(rnd *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	at := rnd.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}
