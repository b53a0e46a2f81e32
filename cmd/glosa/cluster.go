package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"glosa/method/cluster"
)

type clusterCmd struct {
	Votes      string `arg:"" help:"Votes as Polis hands them out: participants-votes.csv, votes.csv or votes.json, or - for standard input."`
	Statements string `help:"The statements: comments.csv or comments.json. Those moderated out shape no group." placeholder:"FILE"`
	K          int    `name:"k" help:"So many groups, instead of the number that fits best." placeholder:"N"`
	Assign     string `help:"Groups that are given, {\"participant\":group,…}: only what they think is computed." placeholder:"FILE.json"`
	JSON       bool   `help:"Write JSON." name:"json"`
}

// Run finds the groups and writes what sets them apart.
func (m *clusterCmd) Run(c *console) error {
	rule := cluster.Rule{K: m.K}
	var err error
	switch {
	case m.K < 0:
		return wrong("--k: %d is not a number of groups", m.K)
	case m.K > 0 && m.Assign != "":
		return wrong("--k and --assign: the groups are either sought or given")
	}
	if m.Statements != "" {
		err = c.reading(m.Statements, func(in io.Reader) (err error) {
			rule.Statements, err = cluster.ReadStatements(in)
			return err
		})
	}
	if err == nil && m.Assign != "" {
		err = c.reading(m.Assign, func(in io.Reader) (err error) {
			rule.Assign, err = given(in)
			return err
		})
	}
	if err != nil {
		return err
	}
	var votes *cluster.Votes
	err = c.reading(m.Votes, func(in io.Reader) (err error) {
		votes, err = cluster.Read(in)
		return err
	})
	if err != nil {
		return err
	}
	if n := votes.Count(); n >= manyVotes {
		fmt.Fprintf(c.err, "glosa: %d votes of %d participants; looking for groups\n", n, votes.Participants())
	}
	res, err := votes.Groups(c, rule)
	switch {
	case c.Err() != nil:
		return c.Err()
	case err != nil:
		return wrong("%s: %w", m.Votes, err)
	case m.JSON:
		raw, err := res.File()
		if err == nil {
			_, err = c.out.Write(raw)
		}
		return err
	}
	return outline(c.out, res)
}

// outline is the result for somebody who reads it.
func outline(out io.Writer, res *cluster.Result) error {
	grouped := 0
	for _, g := range res.Groups {
		grouped += g.Size
	}
	_, err := fmt.Fprintf(out, "%d groups of %d participants, %d others\n", res.K, grouped, len(res.Participants)-grouped)
	for _, g := range res.Groups {
		_, err2 := fmt.Fprintf(out, "group %d: %d participants\n", g.ID, g.Size)
		err = errors.Join(err, err2)
		for _, r := range g.Representative {
			_, err2 := fmt.Fprintf(out, "\t%s with %s: %d of %d\n", r.For, r.Statement, r.Success, r.Trials)
			err = errors.Join(err, err2)
		}
	}
	for _, side := range []struct {
		word string
		list []cluster.Agreed
	}{{"agree", res.Consensus.Agree}, {"disagree", res.Consensus.Disagree}} {
		for _, a := range side.list {
			_, err2 := fmt.Fprintf(out, "all %s with %s: %d of %d\n", side.word, a.Statement, a.Success, a.Trials)
			err = errors.Join(err, err2)
		}
	}
	return err
}

// given reads the groups that somebody else found.
func given(in io.Reader) (map[string]int, error) {
	dec := json.NewDecoder(in)
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New(`want {"participant":group,…}`)
	}
	groups := map[string]int{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf(`want {"participant":group,…}: %w`, err)
		}
		id, _ := t.(string) // the decoder takes no other name
		var group int
		if err := dec.Decode(&group); err != nil || group < 0 {
			return nil, fmt.Errorf("participant %q: want a group, a whole number from 0", id)
		}
		if _, twice := groups[id]; twice {
			return nil, fmt.Errorf("participant %q twice", id)
		}
		groups[id] = group
	}
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf(`want {"participant":group,…}: %w`, err)
	}
	switch _, err := dec.Token(); {
	case !errors.Is(err, io.EOF):
		return nil, errors.New(`want {"participant":group,…} and nothing else`)
	case len(groups) == 0:
		return nil, errors.New("nobody has a group")
	}
	return groups, nil
}

const (
	manyVotes = 1_000_000
	manyBytes = 32 << 20 // between two words of how far reading has come
)

// reading opens a file, or standard input for -, and hands it over. What is wrong
// in it is told with its name. Reading ends when the command is interrupted, and
// of a long file it is told how far it has come.
func (c *console) reading(name string, read func(io.Reader) error) error {
	in := c.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return wrong("%w", err)
		}
		defer f.Close()
		in = f
	}
	err := read(&longReader{c: c, name: name, in: in, next: manyBytes})
	switch {
	case c.Err() != nil:
		return c.Err()
	case err != nil:
		return wrong("%s: %w", name, err)
	}
	return nil
}

type longReader struct {
	c          *console
	name       string
	in         io.Reader
	done, next int64
}

func (r *longReader) Read(p []byte) (int, error) {
	if err := r.c.Err(); err != nil {
		return 0, err
	}
	n, err := r.in.Read(p)
	if r.done += int64(n); r.done >= r.next {
		fmt.Fprintf(r.c.err, "glosa: %s: %d MiB read\n", r.name, r.done>>20)
		r.next += manyBytes
	}
	return n, err
}
