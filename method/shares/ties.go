package shares

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// maxForks and maxWork bound the search for all outcomes: choices followed, and
// what copying the state at each of them costs.
const (
	maxForks = 200_000
	maxWork  = 4_000_000_000
)

// AllTies lists every outcome that the rule has with some order of the items
// for its ties, each in the order of Items, sorted. The order is one for the
// whole computation: add1 breaks a tie of one step as it broke it in another.
//
// Items that are tied but share no supporter with money do not need an order;
// of the rest all orders are followed, and states that go on alike only once.
// There may be more than anybody can follow: then it is an error.
func AllTies(ctx context.Context, in *Instance, rule Rule, say func(string)) ([][]string, error) {
	t, err := newTally(ctx, in, rule, say)
	if err != nil {
		return nil, err
	}
	w := &search{tally: t, found: map[string][]int{}}
	if rule.Kind == EqualShares {
		err = w.equalShares()
	} else {
		err = w.ends(t.simple(), nil, func(r race, _ order) error { w.keep(r.won()); return nil })
	}
	if err != nil {
		return nil, err
	}
	sets := slices.SortedFunc(maps.Values(w.found), slices.Compare)
	out := make([][]string, len(sets))
	for k, set := range sets {
		out[k] = []string{}
		for _, i := range set {
			out[k] = append(out[k], t.items[i].ID)
		}
	}
	return out, nil
}

type search struct {
	*tally
	found map[string][]int
	forks int
	work  int64
}

func (w *search) keep(items []int) {
	set := slices.Sorted(slices.Values(items))
	w.found[fmt.Sprint(set)] = set
}

// order is what has been decided of the order of the items: pairs of an item
// and one that stands behind it, with all that follows from them. It is nil
// where one race is run once: then no two choices can contradict each other,
// since what was chosen is not on offer again.
type order map[[2]int]bool

func (o order) allows(item int, tied []int) bool {
	return !slices.ContainsFunc(tied, func(i int) bool { return o[[2]int{i, item}] })
}

// with is the order in which item stands before the others too.
func (o order) with(item int, others []int) order {
	if o == nil {
		return nil
	}
	n := maps.Clone(o)
	for _, b := range others {
		if b == item || n[[2]int{item, b}] {
			continue
		}
		front, back := []int{item}, []int{b}
		for p := range n {
			if p[1] == item {
				front = append(front, p[0])
			}
			if p[0] == b {
				back = append(back, p[1])
			}
		}
		for _, x := range front {
			for _, y := range back {
				n[[2]int{x, y}] = true
			}
		}
	}
	return n
}

func (o order) key() string {
	pairs := slices.SortedFunc(maps.Keys(o), func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	return fmt.Sprint(pairs)
}

// ends follows a race to each of its ends.
func (w *search) ends(r race, o order, end func(race, order) error) error {
	type state struct {
		race
		order
		split bool // a choice was made: others may meet here
	}
	seen := map[string]bool{}
	stack := []state{{r, o, false}}
	for len(stack) > 0 {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s.split {
			key := s.race.key() + s.order.key()
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		tied := s.tied()
		if len(tied) == 0 {
			if err := end(s.race, s.order); err != nil {
				return err
			}
			continue
		}
		part := tied
		if len(tied) > 1 {
			part = s.narrow(tied)
		}
		free := slices.DeleteFunc(slices.Clone(part), func(i int) bool { return !s.allows(i, part) })
		for k, i := range free {
			next := s.race
			if k < len(free)-1 {
				if err := w.pay(); err != nil {
					return err
				}
				next = s.fork()
			}
			next.buy(i)
			stack = append(stack, state{next, s.order.with(i, part), s.split || len(free) > 1})
		}
	}
	return nil
}

// pay counts a choice that is followed two ways.
func (w *search) pay() error {
	w.forks++
	w.work += int64(len(w.groups) + len(w.items))
	if w.forks > maxForks || w.work > maxWork {
		return fmt.Errorf("too many ties: after %d choices there are %d outcomes and more to follow", w.forks, len(w.found))
	}
	if w.forks%10_000 == 0 {
		w.say(fmt.Sprintf("ties: %d choices followed, %d outcomes", w.forks, len(w.found)))
	}
	return nil
}

// fill completes one end of equal shares in every way.
func (w *search) fill(s *spending, o order) error {
	chosen := make([]bool, len(w.items))
	for _, i := range s.bought {
		chosen[i] = true
	}
	r := w.filling(s, w.budget-s.cost(), chosen)
	if r == nil {
		w.keep(s.bought)
		return nil
	}
	return w.ends(r, o, func(r race, _ order) error {
		w.keep(append(slices.Clone(s.bought), r.won()...))
		return nil
	})
}

// level is one step of add1, one way: an outcome, and the order that led to it.
type level struct {
	s *spending
	o order
}

func (w *search) equalShares() error {
	share, step := w.shares()
	if step == nil {
		return w.ends(w.spend(share), nil, func(r race, o order) error { return w.fill(r.(*spending), o) })
	}
	now, err := w.step(share, order{})
	if err != nil {
		return err
	}
	for steps := 0; len(now) > 0; steps++ {
		if steps > maxSteps {
			return endless(step)
		}
		share = new(big.Rat).Add(share, step)
		if now, err = w.raise(now, share); err != nil {
			return err
		}
		w.say(fmt.Sprintf("add1: step %d, %d ways", steps+1, len(now)))
	}
	return nil
}

// step runs equal shares with one share, every way that the order allows.
func (w *search) step(share *big.Rat, o order) (out []level, err error) {
	err = w.ends(w.spend(share), o, func(r race, o order) error {
		out = append(out, level{r.(*spending), o})
		return nil
	})
	return out, err
}

// raise takes each way one step further: what is complete, or would overspend
// next, is an outcome; the rest goes on.
func (w *search) raise(now []level, share *big.Rat) ([]level, error) {
	after := map[string][]level{} // order → what it leads to with the larger share
	next := map[string]level{}
	var names []string
	for _, l := range now {
		if w.complete(l.s) {
			if err := w.fill(l.s, l.o); err != nil {
				return nil, err
			}
			continue
		}
		key := l.o.key()
		ways, ok := after[key]
		if !ok {
			var err error
			if ways, err = w.step(share, l.o); err != nil {
				return nil, err
			}
			after[key] = ways
		}
		for _, n := range ways {
			if n.s.cost() > w.budget {
				if err := w.fill(l.s, n.o); err != nil {
					return nil, err
				}
				continue
			}
			name := strings.Join([]string{n.s.key(), n.o.key()}, "/")
			if _, ok := next[name]; !ok {
				names = append(names, name)
				next[name] = n
			}
		}
	}
	out := make([]level, 0, len(names))
	for _, n := range names {
		out = append(out, next[n])
	}
	return out, nil
}
