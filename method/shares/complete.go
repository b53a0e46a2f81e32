package shares

import (
	"cmp"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
)

// equalShares runs the method and its completion.
func (t *tally) equalShares(res *Result, chosen []bool) error {
	share := big.NewRat(t.budget, t.voters)
	var s *spending
	var err error
	if t.rule.Completion == Add1 || t.rule.Completion == Add1U {
		if s, err = t.add1(res, share); err != nil {
			return err
		}
	} else {
		s = t.newSpending(share)
		s.run()
	}
	res.Share = ratio(s.share, s.den)
	for r, i := range s.bought {
		s.marks[r].Step = EqualShares
		t.take(res, chosen, i, s.marks[r])
	}
	if t.rule.Completion == Utilitarian || t.rule.Completion == Add1U {
		t.fill(res, chosen)
	}
	t.missed(res, chosen, s)
	return nil
}

func (t *tally) take(res *Result, chosen []bool, item int, r Round) {
	chosen[item] = true
	res.Selected = append(res.Selected, t.items[item].ID)
	res.Cost += t.items[item].Cost
	res.Rounds = append(res.Rounds, r)
}

// add1 raises everybody's share until the next step would overspend.
func (t *tally) add1(res *Result, share *big.Rat) (*spending, error) {
	step := big.NewRat(t.rule.Increment, 1)
	if t.rule.Increment == 0 {
		step = big.NewRat(1, 1)
		if t.whole || t.budget < t.voters {
			step = big.NewRat(1, t.voters)
		}
	}
	if t.rule.Integral {
		share = new(big.Rat).SetInt64(t.budget / t.voters)
	}
	res.Increment = step.RatString()
	s := t.newSpending(share)
	s.run()
	for !t.complete(s) {
		if res.Steps == maxSteps {
			return nil, fmt.Errorf("add1: no end after %d steps of %s: take a larger increment", maxSteps, step.RatString())
		}
		share = new(big.Rat).Add(share, step)
		next := t.newSpending(share)
		next.run()
		if next.cost() > t.budget {
			break
		}
		s = next
		res.Steps++
	}
	return s, nil
}

// complete tells whether no larger share can change the outcome for the better.
func (t *tally) complete(s *spending) bool {
	room := t.budget - s.cost()
	all := true
	bought := make([]bool, len(t.items))
	for _, i := range s.bought {
		bought[i] = true
	}
	for i, it := range t.items {
		if bought[i] || t.count[i] == 0 || it.Cost > t.budget {
			continue
		}
		if all = false; it.Cost <= room {
			return false
		}
	}
	return all || t.rule.Exhaustive
}

// fill adds items by number of supporters, as they fit: the utilitarian completion.
func (t *tally) fill(res *Result, chosen []bool) {
	for _, i := range t.ranked(t.byCount) {
		if !chosen[i] && t.items[i].Cost <= t.budget-res.Cost {
			t.take(res, chosen, i, Round{ID: t.items[i].ID, Cost: t.items[i].Cost, Step: Utilitarian, Supporters: t.count[i]})
		}
	}
}

// ranked lists the items that somebody supports, by rank and then by the tie rule.
func (t *tally) ranked(rank func(a, b int) int) []int {
	var order []int
	for i := range t.items {
		if t.count[i] > 0 {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(rank(a, b), t.before(a, b)) })
	return order
}

func (t *tally) byCount(a, b int) int { return cmp.Compare(t.count[b], t.count[a]) }

// greedy takes items by satisfaction per unit of money, as they fit: with cost
// satisfaction that is the plain count of supporters.
func (t *tally) greedy(res *Result, chosen []bool) {
	rank := t.byCount
	if t.rule.Satisfaction == Cardinality {
		rank = func(a, b int) int { // count/cost, the larger first, without division
			return compareProducts(t.count[b], t.items[a].Cost, t.count[a], t.items[b].Cost)
		}
	}
	for _, i := range t.ranked(rank) {
		it, room := t.items[i], t.budget-res.Cost
		if it.Cost <= room {
			t.take(res, chosen, i, Round{ID: it.ID, Cost: it.Cost, Step: Greedy, Supporters: t.count[i]})
			continue
		}
		reason := NoRoom
		if it.Cost > t.budget {
			reason = TooDear
		}
		res.Missed = append(res.Missed, Missed{ID: it.ID, Cost: it.Cost, Supporters: t.count[i], Reason: reason,
			Left: fmt.Sprint(room), Short: it.Cost - room})
	}
	t.unsupported(res)
}

// compareProducts compares a·b with c·d; none is negative.
func compareProducts(a, b, c, d int64) int {
	h1, l1 := bits.Mul64(uint64(a), uint64(b))
	h2, l2 := bits.Mul64(uint64(c), uint64(d))
	return cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2))
}

func (t *tally) missed(res *Result, chosen []bool, s *spending) {
	for i, it := range t.items {
		if chosen[i] || t.count[i] == 0 {
			continue
		}
		reason := Spent
		if it.Cost > t.budget {
			reason = TooDear
		}
		left := s.remaining(i)
		short := new(big.Rat).Sub(new(big.Rat).SetInt64(it.Cost), left)
		up := new(big.Int).Add(short.Num(), new(big.Int).Sub(short.Denom(), big.NewInt(1)))
		res.Missed = append(res.Missed, Missed{ID: it.ID, Cost: it.Cost, Supporters: t.count[i], Reason: reason,
			Left: left.RatString(), Short: max(1, up.Quo(up, short.Denom()).Int64())})
	}
	t.unsupported(res)
}

func (t *tally) unsupported(res *Result) {
	for i, it := range t.items {
		if t.count[i] == 0 {
			res.Missed = append(res.Missed, Missed{ID: it.ID, Cost: it.Cost, Reason: NoSupport, Left: "0", Short: max(1, it.Cost)})
		}
	}
}
