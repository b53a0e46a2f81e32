package shares

import (
	"fmt"
	"math/big"
	"slices"
)

// Add1 raises everybody's share step by step until the outcome costs too much or is
// complete, and most steps change nothing but the amounts. Where the steps are
// small against the costs they are taken many at once: from one share to a larger
// one, if at both, and so at every share between, the same items are bought in the
// same order.
//
// Why at every share between. As long as the same items are bought in the same
// order, nobody who had a larger share at first has less money in any round, and
// no item's price is higher: money is equal or more before a purchase, so the
// smallest price that covers the cost is equal or lower, so what is left is equal
// or more. So at a share between, in each round,
//   - the item bought can be paid, since it can at the smaller share, and its price
//     is at most its price there;
//   - any other item that can be paid has at least its price at the larger share,
//     and one that cannot be paid there cannot be paid here.
//
// If then, in each round, the item's price at the smaller share is below every other
// one's at the larger share, or equal and first by the tie rule, it is the one
// bought at every share between; and at the end nothing can be paid there either.
// Where this cannot be shown the leap is halved, down to a single step, so that the
// outcome, its prices and the number of steps are those of single steps, always:
// the tests compare them.

// patience is how many single steps must have changed nothing before the first
// leap: outcomes that change often are not worth the look.
const patience = 16

// longest bounds a leap, so that the number of steps stays far below an overflow.
const longest = 1 << 40

// climb is add1 under way.
type climb struct {
	*tally
	step  *big.Rat
	share *big.Rat
	at    *spending // the run with that share
	steps int

	calm   int   // single steps in a row that changed nothing
	leap   int64 // steps to take next
	shrank bool  // a leap was too long since the last single step
}

// up takes one step, or many. done tells that the next step would cost too much.
func (c *climb) up() (done bool, err error) {
	to := new(big.Rat).Add(c.share, new(big.Rat).Mul(c.step, new(big.Rat).SetInt64(c.leap)))
	next := c.spend(to)
	if err := c.play(next); err != nil {
		return false, err
	}
	if c.leap == 1 && next.cost() > c.budget {
		return true, nil
	}
	same := slices.Equal(next.bought, c.at.bought)
	if c.leap > 1 && !(same && c.between(to)) {
		c.leap, c.shrank, c.calm = c.leap/2, true, 0
		return false, nil
	}
	switch c.steps += int(c.leap); {
	case c.leap > 1 && !c.shrank:
		c.leap = min(2*c.leap, longest)
	case c.leap > 1:
	case !same:
		c.calm = 0
	default:
		if c.calm++; c.calm >= c.patience {
			c.leap, c.shrank = 2, false
		}
	}
	c.share, c.at = to, next
	c.say(fmt.Sprintf("add1: step %d, cost %d of %d", c.steps, c.at.cost(), c.budget))
	return false, nil
}

// between tells whether the outcome is the same at every share from here to a
// larger one at which it is the same.
func (c *climb) between(to *big.Rat) bool {
	less, more := c.spend(c.share), c.spend(to)
	for _, w := range c.at.bought {
		won, ok := less.quote(w)
		if !ok {
			return false
		}
		won.poor = slices.Clone(won.poor)
		for i := range c.items {
			// What cannot be paid once never can again, and what a quote was it is at least.
			if i == w || more.gone[i] || more.low[i] > won.hi {
				continue
			}
			q, ok := more.quote(i)
			if !ok {
				more.gone[i] = true
				continue
			}
			if more.low[i] = q.lo; q.lo > won.hi {
				continue
			}
			if k := less.against(&won, more, &q); k > 0 || k == 0 && c.before(w, i) >= 0 {
				return false
			}
		}
		less.buy(w)
		more.buy(w)
	}
	return true
}

// against orders a quote of this run and one of another exactly.
func (s *spending) against(a *quote, other *spending, b *quote) int {
	if a.num == nil {
		a.num = s.numerator(a)
	}
	if b.num == nil {
		b.num = other.numerator(b)
	}
	var x, y, k big.Int
	x.Mul(a.num, k.SetInt64(b.rich)).Mul(&x, k.SetInt64(s.unit[b.item])).Mul(&x, other.den)
	y.Mul(b.num, k.SetInt64(a.rich)).Mul(&y, k.SetInt64(s.unit[a.item])).Mul(&y, s.den)
	return x.Cmp(&y)
}
