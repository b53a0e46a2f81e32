package cluster

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Votes are what participants said of statements, the last word of each on each.
// The zero value is ready. It is a tally: whatever comes in is counted at once,
// in integers, so the order in which votes come leaves no trace ([Votes.Cast]).
// One goroutine at a time.
type Votes struct {
	people, statements names
	rows               [][]cell // participant → what they said, by statement number
	sums               []sum    // of each statement
	pairs              pairs
}

// Vote is what a participant said of a statement, and when.
type Vote struct {
	Participant, Statement string
	Says                   int   // 1 agree, 0 pass, -1 disagree
	At                     int64 // in any unit, the same for all
}

// cell is the last word of one participant on one statement.
type cell struct {
	at        int64 // when it was cast, in the caller's unit
	statement int32
	vote      int8 // 1 agree, 0 pass, -1 disagree
}

// fewVotes is what there is room for at a participant's first vote.
const fewVotes = 8

// sum counts the votes on a statement.
type sum struct{ votes, agree, disagree int }

func (s *sum) add(vote int8, n int) {
	s.votes += n
	switch vote {
	case 1:
		s.agree += n
	case -1:
		s.disagree += n
	}
}

// mean of the votes cast, between -1 and 1.
func (s sum) mean() float64 {
	if s.votes == 0 {
		return 0
	}
	return float64(s.agree-s.disagree) / float64(s.votes)
}

// Cast counts a vote. Of two votes of one participant on one statement the later
// stands, and of two at the same instant the one cast here last. An error says
// what of the vote is wrong; then nothing was counted. It costs time in proportion
// to what the participant has voted on.
func (v *Votes) Cast(b Vote) error {
	if b.Says < -1 || b.Says > 1 {
		return fmt.Errorf("vote %d of participant %q on statement %q: want 1, 0 or -1", b.Says, b.Participant, b.Statement)
	}
	return v.cast([]byte(b.Participant), []byte(b.Statement), int8(b.Says), b.At)
}

func (v *Votes) cast(participant, statement []byte, says int8, at int64) error {
	if err := cmp.Or(checkID("participant", participant), checkID("statement", statement)); err != nil {
		return err
	}
	p, s := v.participant(participant), v.statement(statement)
	row := v.rows[p]
	i, voted := len(row), false
	if i > 0 && row[i-1].statement >= s { // most people go down the list
		i, voted = slices.BinarySearchFunc(row, s, func(c cell, s int32) int { return cmp.Compare(c.statement, s) })
	}
	now := cell{at: at, statement: s, vote: says}
	if voted {
		old := row[i]
		if at < old.at {
			return nil
		}
		if row[i] = now; old.vote != now.vote {
			v.sums[s].add(old.vote, -1)
			v.sums[s].add(now.vote, 1)
			v.pairs.change(row, i, old.vote)
		}
		return nil
	}
	if row == nil {
		row = make([]cell, 0, fewVotes)
	}
	if row = append(row, now); i < len(row)-1 {
		copy(row[i+1:], row[i:])
		row[i] = now
	}
	v.rows[p] = row
	v.sums[s].add(now.vote, 1)
	v.pairs.enter(row, i)
	return nil
}

// Join makes a participant known who has not voted, as exports list them.
func (v *Votes) Join(participant string) error {
	if err := checkID("participant", []byte(participant)); err != nil {
		return err
	}
	v.participant([]byte(participant))
	return nil
}

// Participants is how many are known.
func (v *Votes) Participants() int { return len(v.people.id) }

// Count is how many votes stand: one for each participant and statement voted on.
func (v *Votes) Count() (n int) {
	for _, s := range v.sums {
		n += s.votes
	}
	return n
}

func (v *Votes) participant(id []byte) int32 {
	p, fresh := v.people.number(id)
	if fresh {
		v.rows = append(v.rows, nil)
	}
	return p
}

func (v *Votes) statement(id []byte) int32 {
	s, fresh := v.statements.number(id)
	if fresh {
		v.sums = append(v.sums, sum{})
		v.pairs.grow(len(v.sums))
	}
	return s
}

func checkID(what string, id []byte) error {
	switch {
	case len(id) == 0:
		return errors.New("no id of a " + what)
	case !utf8.Valid(id):
		return errors.New("the id of a " + what + " is not UTF-8")
	}
	return nil
}

// names numbers ids in the order in which they come.
type names struct {
	id   []string
	at   map[string]int32
	last int32 // asked for: lists are sorted by one thing or another
}

func (n *names) number(id []byte) (at int32, fresh bool) {
	if len(n.id) > 0 && n.id[n.last] == string(id) {
		return n.last, false
	}
	at, known := n.at[string(id)]
	if known {
		n.last = at
		return at, false
	}
	if n.at == nil {
		n.at = map[string]int32{}
	}
	name := string(id)
	at = int32(len(n.id))
	n.id, n.at[name], n.last = append(n.id, name), at, at
	return at, true
}

// sorted is the order of the ids, and the place of each number in it: as numbers
// where all are whole numbers, else by bytes.
func (n *names) sorted() (order, place []int32) {
	order, place = make([]int32, len(n.id)), make([]int32, len(n.id))
	for i := range order {
		order[i] = int32(i)
	}
	compare := byID(n.id)
	slices.SortFunc(order, func(a, b int32) int { return compare(n.id[a], n.id[b]) })
	for i, at := range order {
		place[at] = int32(i)
	}
	return order, place
}

// byID is how these ids are compared: as numbers where all are whole numbers in
// their shortest form, of any length, else by bytes.
func byID(ids []string) func(a, b string) int {
	for _, id := range ids {
		digits := strings.TrimPrefix(id, "-")
		if digits == "" || strings.Trim(digits, "0123456789") != "" || id != "0" && digits[0] == '0' {
			return strings.Compare
		}
	}
	return func(a, b string) int {
		x, y := a[0] == '-', b[0] == '-'
		switch {
		case x && y:
			a, b = b, a
		case x:
			return -1
		case y:
			return 1
		}
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	}
}
