package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"

	"glosa/method/cluster"
)

// cluster is the groups of every published conversation, from each form of its
// votes, and of made ones: on both ways to the axes, and with base clusters.
func (p *printer) cluster() error {
	for _, kind := range []struct{ votes, statements string }{
		{"polis-math-fixtures/*/votes.json", "comments.json"},
		{"polis-open-data/*/votes.csv", "comments.csv"},
		{"polis-open-data/*/participants-votes.csv", "comments.csv"},
	} {
		names, err := p.files(kind.votes)
		if err != nil {
			return err
		}
		for _, name := range names {
			votes, err := open(name, cluster.Read)
			if err != nil {
				return err
			}
			rule := cluster.Rule{}
			p.groups("cluster "+short(name), votes, rule)
			if rule.Statements, err = open(filepath.Join(filepath.Dir(name), kind.statements), cluster.ReadStatements); err != nil {
				return err
			}
			p.groups("cluster, statements "+short(name), votes, rule)
			rule.K = 3
			p.groups("cluster, three groups "+short(name), votes, rule)
		}
	}
	sizes := [][3]int{{40, 20, 600}, {150, 30, 2_000}, {400, 300, 8_000}, {60, 2_100, 6_000}}
	if p.large {
		sizes = append(sizes, [3]int{10_000, 300, 449_260}, [3]int{2_031, 896, 225_524})
	}
	for _, of := range sizes {
		votes := &cluster.Votes{}
		for _, v := range opinions(of[0], of[1], of[2]) {
			if err := votes.Cast(v); err != nil {
				return err
			}
		}
		p.groups(fmt.Sprintf("cluster, made %d × %d, %d votes", of[0], of[1], votes.Count()), votes, cluster.Rule{})
	}
	return nil
}

func (p *printer) groups(name string, votes *cluster.Votes, rule cluster.Rule) {
	var file []byte
	res, err := votes.Groups(context.Background(), rule)
	if err == nil {
		file, err = res.File()
	}
	p.line(name, file, err)
}

// opinions are the votes of three camps, some of them changed later. Each camp has
// its mind about every statement; of ten votes seven follow it.
func opinions(participants, statements, votes int) (out []cluster.Vote) {
	rnd := rand.New(rand.NewPCG(uint64(participants), uint64(statements)))
	mind := make([][3]int, statements)
	for s := range mind {
		for c := range mind[s] {
			mind[s][c] = rnd.IntN(3) - 1
		}
	}
	for range votes {
		who, what := rnd.IntN(1+rnd.IntN(participants)), rnd.IntN(statements)
		says := mind[what][who%3]
		if rnd.IntN(10) >= 7 {
			says = rnd.IntN(3) - 1
		}
		out = append(out, cluster.Vote{Participant: fmt.Sprint(who), Statement: fmt.Sprint(what), Says: says, At: int64(len(out))})
	}
	return out
}
