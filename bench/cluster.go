package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"syscall"
	"time"

	"glosa/method/cluster"
)

// The targets are a twentieth of the time that red-dwarf (Python, numpy,
// scikit-learn) took on two cores, and a fifth of its memory.

// cluster measures groups of opinion: from votes in memory, after one more vote,
// and by the command from a file.
func (r *run) cluster(ctx context.Context) error {
	raw, err := os.ReadFile(filepath.Join(r.data, "polis-open-data", "vtaiwan.uberx", "votes.csv"))
	if err != nil {
		r.print(line{what: "cluster: vTaiwan", result: "no data: -data names its folder"})
	} else if err := r.grouping(ctx, "vTaiwan, 1,921 × 197", listed(raw), 20*time.Millisecond); err != nil {
		return err
	}
	if err := r.grouping(ctx, "2,031 × 896", opinions(2031, 896, 225_524), 81*time.Millisecond); err != nil {
		return err
	}
	middle := opinions(10_000, 300, 449_260)
	if err := r.grouping(ctx, "10,000 × 300", middle, 240*time.Millisecond); err != nil {
		return err
	}
	if err := r.groupedFile(ctx, "10,000 × 300", asList(middle), 220); err != nil {
		return err
	}
	return r.groupedFile(ctx, "100,000 × 1,000", asList(opinions(100_000, 1_000, 5_000_000)), 1024)
}

// grouping takes the least of many runs, each from nothing: whatever else the
// machine does only adds.
func (r *run) grouping(ctx context.Context, what string, votes []cluster.Vote, target time.Duration) error {
	var took, again []time.Duration
	for range 8 * rounds {
		began := time.Now()
		v := &cluster.Votes{}
		for _, b := range votes {
			if err := v.Cast(b); err != nil {
				return err
			}
		}
		if _, err := v.Groups(ctx, cluster.Rule{}); err != nil {
			return err
		}
		took = append(took, time.Since(began))
		began = time.Now()
		one := votes[0]
		one.Says, one.At = (one.Says+2)%3-1, math.MaxInt64
		if err := v.Cast(one); err != nil {
			return err
		}
		if _, err := v.Groups(ctx, cluster.Rule{}); err != nil {
			return err
		}
		again = append(again, time.Since(began))
	}
	least := slices.Min(took)
	r.print(line{what: fmt.Sprintf("cluster: %s, %s votes", what, count(len(votes))), target: fmt.Sprintf("< %v", target), ok: least < target,
		result: fmt.Sprintf("%.1f ms, after one more vote %.1f ms", ms(least), ms(slices.Min(again)))})
	return nil
}

// groupedFile runs the command as anybody would.
func (r *run) groupedFile(ctx context.Context, what string, list []byte, mebibytes int64) error {
	dir, err := r.folder("cluster")
	if err != nil {
		return err
	}
	name := filepath.Join(dir, "votes.csv")
	if err := os.WriteFile(name, list, 0o600); err != nil {
		return err
	}
	defer os.Remove(name)
	votes := bytes.Count(list, []byte("\n")) - 1
	debug.FreeOSMemory() // Linux counts what the parent held when it started the child
	cmd := exec.CommandContext(ctx, r.glosa, "method", "cluster", name, "--json")
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return err
	}
	took := time.Since(began)
	peak := int64(0)
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = usage.Maxrss >> 10 // Linux counts in KiB
	}
	r.print(line{what: fmt.Sprintf("cluster: file of %s, %s votes", what, count(votes)), result: fmt.Sprintf("%.2f s, peak %d MiB", took.Seconds(), peak),
		target: fmt.Sprintf("< %d MiB", mebibytes), ok: peak < mebibytes})
	return nil
}

func asList(votes []cluster.Vote) []byte {
	var b bytes.Buffer
	b.WriteString("timestamp,comment-id,voter-id,vote\n")
	for _, v := range votes {
		fmt.Fprintf(&b, "%d,%s,%s,%d\n", v.At, v.Statement, v.Participant, v.Says)
	}
	return b.Bytes()
}

// listed is the votes of a list of which no field is quoted.
func listed(raw []byte) (votes []cluster.Vote) {
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
		f := bytes.Split(lines.Bytes(), []byte(","))
		at, err := strconv.ParseInt(string(f[0]), 10, 64)
		if err != nil {
			continue // the header
		}
		says, _ := strconv.Atoi(string(f[4]))
		votes = append(votes, cluster.Vote{Participant: string(f[3]), Statement: string(f[2]), Says: says, At: at})
	}
	return votes
}

// opinions are the votes of a conversation: four camps, statements that divide
// them more or less, few people who vote on much and many on little, each going
// through the statements in an order of their own.
func opinions(participants, statements, votes int) []cluster.Vote {
	rnd := rand.New(rand.NewPCG(5, 7))
	mind := make([][4]float64, statements)
	for s := range mind {
		common := rnd.Float64()*2 - 1
		for c := range mind[s] {
			mind[s][c] = 0.6*common + 0.4*(rnd.Float64()*2-1)
		}
	}
	cast, all := make([]int, participants), 0
	for p := range cast {
		cast[p] = min(max(int(rnd.ExpFloat64()*float64(votes)/float64(participants)), 1), statements)
		all += cast[p]
	}
	for all != votes { // to the last vote
		p := rnd.IntN(participants)
		switch {
		case all < votes && cast[p] < statements:
			cast[p], all = cast[p]+1, all+1
		case all > votes && cast[p] > 1:
			cast[p], all = cast[p]-1, all-1
		}
	}
	out := make([]cluster.Vote, 0, votes)
	for p, n := range cast {
		camp, id := rnd.IntN(4), strconv.Itoa(p)
		for _, s := range rnd.Perm(statements)[:n] {
			says := 0
			if x := mind[s][camp] + rnd.NormFloat64()*0.5; math.Abs(x) > 0.1 {
				says = int(math.Copysign(1, x))
			}
			out = append(out, cluster.Vote{Participant: id, Statement: strconv.Itoa(s), Says: says, At: int64(len(out))})
		}
	}
	return out
}
