package shares

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
)

// maxForks and maxWork bound the search for all outcomes: choices followed, and
// what copying the state at each of them costs.
const (
	maxForks = 200_000
	maxWork  = 1_000_000_000
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

// search follows ties, and keeps the outcomes found.
type search struct {
	*tally
	found map[string][]int // the outcome's name → its items, ascending
	forks int
	work  int64
}

// keep notes an outcome.
func (w *search) keep(items []int) {
	set := slices.Sorted(slices.Values(items))
	w.found[fmt.Sprint(set)] = set
}

// order is what has been decided of the order of the items: pairs of an item
// and one that stands behind it, with all that follows from them. It is nil
// where one race is run once: then no two choices can contradict each other,
// since what was chosen is not on offer again.
type order map[[2]int]bool

// allows tells whether none of the tied items stands before this one.
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

// key: equal orders have equal keys.
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

// way is an outcome of one step of add1, and the orders that lead to it: for
// each, any order of the items that agrees with it.
type way struct {
	s      *spending
	orders []order
}

// ways are those of one step by what is bought, and their names as they came.
type ways struct {
	by    map[string]*way
	names []string
}

// add notes an outcome and orders that lead to it.
func (ws *ways) add(s *spending, orders []order) {
	name := fmt.Sprint(slices.Sorted(slices.Values(s.bought)))
	w, ok := ws.by[name]
	if !ok {
		w = &way{s: s}
		ws.by[name] = w
		ws.names = append(ws.names, name)
	}
	for _, o := range orders {
		if !slices.ContainsFunc(w.orders, o.equal) {
			w.orders = append(w.orders, o)
		}
	}
}

func newWays() *ways { return &ways{by: map[string]*way{}} }

// equalShares finds the outcomes of equal shares with its completion; for add1
// step by step, since the order of the items is one for all steps.
func (w *search) equalShares() error {
	share, step := w.shares()
	if step == nil {
		return w.ends(w.spend(share), nil, func(r race, o order) error { return w.fill(r.(*spending), o) })
	}
	now, err := w.step(w.spend(share), order{}, map[string]*ways{})
	for steps := 0; err == nil && len(now.names) > 0; steps++ {
		if steps > maxSteps {
			return endless(step)
		}
		share = new(big.Rat).Add(share, step)
		now, err = w.raise(now, share)
		w.say(fmt.Sprintf("add1: step %d", steps+1))
	}
	return err
}

// step runs equal shares every way that the order allows. Where each choice of
// a tie leads to one outcome, the choice is forgotten.
func (w *search) step(s *spending, o order, seen map[string]*ways) (*ways, error) {
	out := newWays()
	for {
		if err := w.ctx.Err(); err != nil {
			return nil, err
		}
		tied := s.tied()
		if len(tied) == 0 {
			out.add(s, []order{o})
			return out, nil
		}
		part := tied
		if len(tied) > 1 {
			part = s.narrow(tied)
		}
		free := slices.DeleteFunc(slices.Clone(part), func(i int) bool { return !o.allows(i, part) })
		if len(free) == 1 {
			s.buy(free[0])
			continue
		}
		key := s.key() + o.key()
		if known, ok := seen[key]; ok {
			return known, nil
		}
		seen[key] = out
		return out, w.split(s, o, part, free, seen, out)
	}
}

// split follows each of the free items of a tie.
func (w *search) split(s *spending, o order, part, free []int, seen map[string]*ways, out *ways) error {
	after := make([]*ways, len(free))
	for k, i := range free {
		if err := w.pay(); err != nil {
			return err
		}
		next := s.fork().(*spending)
		next.buy(i)
		var err error
		if after[k], err = w.step(next, o.with(i, part), seen); err != nil {
			return err
		}
	}
	if len(after[0].names) == 1 {
		name := after[0].names[0]
		if !slices.ContainsFunc(after, func(a *ways) bool { return len(a.names) != 1 || a.names[0] != name }) {
			out.add(after[0].by[name].s, []order{o})
			return nil
		}
	}
	for _, a := range after {
		for _, name := range a.names {
			out.add(a.by[name].s, a.by[name].orders)
		}
	}
	return nil
}

// raise takes each way one step further: what is complete, or would overspend
// next, is an outcome; the rest goes on.
func (w *search) raise(now *ways, share *big.Rat) (*ways, error) {
	after := map[string]*ways{} // order → what it leads to with the larger share
	next := newWays()
	for _, name := range now.names {
		l := now.by[name]
		done := w.complete(l.s)
		for _, o := range forget(l.orders) {
			if done {
				if err := w.fill(l.s, o); err != nil {
					return nil, err
				}
				continue
			}
			key := o.key()
			if after[key] == nil {
				var err error
				if after[key], err = w.step(w.spend(share), o, map[string]*ways{}); err != nil {
					return nil, err
				}
			}
			for _, n := range after[key].names {
				n := after[key].by[n]
				if n.s.cost() <= w.budget {
					next.add(n.s, n.orders)
					continue
				}
				for _, o := range n.orders {
					if err := w.fill(l.s, o); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	return next, nil
}

// forget puts two orders that differ in one pair alone into one without it.
func forget(orders []order) []order {
	for again := true; again; {
		again = false
		for x := range orders {
			for y := range orders[:x] {
				if o := orders[x].without(orders[y]); o != nil {
					orders[y] = o
					orders = slices.Delete(orders, x, x+1)
					again = true
					break
				}
			}
			if again {
				break
			}
		}
	}
	return orders
}

// without is what two orders have in common, if they differ just in which of
// two items stands before the other; else nil.
func (o order) without(p order) order {
	base := order{}
	for pair := range o {
		if p[pair] {
			base[pair] = true
		}
	}
	for pair := range o {
		if p[[2]int{pair[1], pair[0]}] && base.with(pair[0], pair[1:]).equal(o) && base.with(pair[1], pair[:1]).equal(p) {
			return base
		}
	}
	return nil
}

func (o order) equal(p order) bool { return maps.Equal(o, p) }
