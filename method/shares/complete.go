package shares

import (
	"fmt"
	"math/big"
)

// byTurns runs a rule that needs no shares.
func (t *tally) byTurns(res *Result, chosen []bool) error {
	r := t.simple()
	if err := t.play(r); err != nil {
		return err
	}
	t.take(res, chosen, r)
	for i, it := range t.items {
		if chosen[i] || t.count[i] == 0 {
			continue
		}
		reason, room := NoRoom, t.budget-res.Cost
		if q, ok := r.(*queue); ok {
			room = q.left[i]
		}
		switch {
		case it.Cost > t.budget:
			reason = TooDear
		case t.rule.Kind == SeqPhragmen && it.Cost <= room:
			reason = Stopped
		}
		res.Missed = append(res.Missed, Missed{ID: it.ID, Cost: it.Cost, Supporters: t.count[i], Reason: reason,
			Left: fmt.Sprint(room), Short: max(1, it.Cost-room)})
	}
	t.unsupported(res, chosen)
	return nil
}

// simple is the race of a rule without shares.
func (t *tally) simple() race {
	switch t.rule.Kind {
	case SeqPhragmen:
		return t.newLoads(SeqPhragmen, t.budget, make([]bool, len(t.items)), nil)
	case SeqPAV:
		return t.newThiele()
	}
	return t.newQueue(Greedy, t.budget, make([]bool, len(t.items)), t.byValue)
}

// equalShares runs the method and its completion.
func (t *tally) equalShares(res *Result, chosen []bool) error {
	s, err := t.raised(res)
	if err != nil {
		return err
	}
	res.Share = ratio(s.share, s.den)
	t.take(res, chosen, s)
	if r := t.filling(s, t.budget-res.Cost, chosen); r != nil {
		if err := t.play(r); err != nil {
			return err
		}
		t.take(res, chosen, r)
	}
	t.missed(res, chosen, s)
	return nil
}

// take adds what a race bought to the result.
func (t *tally) take(res *Result, chosen []bool, r race) {
	var marks []Round
	switch r := r.(type) {
	case *spending:
		for k := range r.marks {
			r.marks[k].Step = EqualShares
		}
		marks = r.marks
	case *loads:
		marks = r.marks
	case *thiele:
		marks = r.marks
	case *queue:
		marks = r.marks
	}
	for k, i := range r.won() {
		chosen[i] = true
		res.Selected = append(res.Selected, t.items[i].ID)
		res.Cost += t.items[i].Cost
		res.Rounds = append(res.Rounds, marks[k])
	}
}

// filling is the race for what equal shares left over; nil without one.
func (t *tally) filling(s *spending, room int64, chosen []bool) race {
	switch t.rule.Completion {
	case Utilitarian, Add1U:
		return t.newQueue(Utilitarian, room, chosen, t.byScore)
	case Approval:
		return t.newQueue(Approval, room, chosen, t.byCount)
	case Phragmen:
		return t.newLoads(Phragmen, room, chosen, s)
	case Add1:
		if t.committee { // all seats are filled
			return t.newQueue(Utilitarian, room, chosen, t.byScore)
		}
	}
	return nil
}

// raised runs equal shares: once, or for add1 again and again with larger shares.
func (t *tally) raised(res *Result) (*spending, error) {
	share, step := t.shares()
	s := t.spend(share)
	if err := t.play(s); err != nil || step == nil {
		return s, err
	}
	res.Increment = step.RatString()
	c := climb{tally: t, step: step, share: share, at: s, leap: 1}
	for runs := 0; !t.complete(c.at); runs++ {
		if runs > maxSteps {
			return nil, endless(step)
		}
		done, err := c.up()
		if err != nil {
			return nil, err
		}
		if done {
			break
		}
	}
	res.Steps = c.steps
	return c.at, nil
}

func endless(step *big.Rat) error {
	return fmt.Errorf("add1: no end after %d runs in steps of %s: take a larger increment", maxSteps, step.RatString())
}

// shares is what each voter has at first, and for add1 how much more at each step.
func (t *tally) shares() (share, step *big.Rat) {
	share = big.NewRat(t.budget, t.voters)
	if t.rule.Completion != Add1 && t.rule.Completion != Add1U {
		return share, nil
	}
	step = big.NewRat(t.rule.Increment, 1)
	if t.rule.Increment == 0 {
		step = big.NewRat(1, 1)
		if t.whole || t.budget < t.voters {
			step = big.NewRat(1, t.voters)
		}
	}
	if t.rule.Integral {
		share = new(big.Rat).SetInt64(t.budget / t.voters)
	}
	return share, step
}

// spend is a run of equal shares. In a committee it ends when the seats are filled.
func (t *tally) spend(share *big.Rat) *spending {
	s := t.newSpending(share)
	s.full = t.committee
	return s
}

// complete tells whether no larger share can change the outcome for the better.
func (t *tally) complete(s *spending) bool {
	room := t.budget - s.cost()
	if t.committee && room == 0 {
		return true
	}
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
		up := new(big.Int).Add(short.Num(), new(big.Int).Sub(short.Denom(), one))
		res.Missed = append(res.Missed, Missed{ID: it.ID, Cost: it.Cost, Supporters: t.count[i], Reason: reason,
			Left: left.RatString(), Short: max(1, up.Quo(up, short.Denom()).Int64())})
	}
	t.unsupported(res, chosen)
}

func (t *tally) unsupported(res *Result, chosen []bool) {
	for i, it := range t.items {
		if t.count[i] == 0 && !chosen[i] {
			res.Missed = append(res.Missed, Missed{ID: it.ID, Cost: it.Cost, Reason: NoSupport, Left: "0", Short: max(1, it.Cost)})
		}
	}
}
