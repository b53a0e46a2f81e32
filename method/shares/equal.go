package shares

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
)

// spending is one run of equal shares with one size of share.
//
// A voter who is not exhausted has paid the full price of every item bought
// that is on the ballot, so what is left is share − Σ prices of those items:
// voters with the same bought items (and points for them) are one class, and a
// class is a path of rounds. That makes every exact amount an integer
// combination of few numbers.
type spending struct {
	*tally
	runners
	full bool // stops when the budget is spent, though the shares are larger: a committee has so many seats

	// Exact amounts are integers over the common denominator den.
	den   *big.Int
	share *big.Int
	paid  []*big.Int // round → price of a point × den

	shareF float64   // the same, nearly
	bought []int     // round → item
	marks  []Round   // round → what to publish, but for Step
	class  []int32   // group → class; none when exhausted
	left   []float64 // class → money left, nearly
	parent []int32   // class → class before its last payment
	last   []int32   // class → round of its last payment
	gave   []int64   // class → points for which it paid then

	touch []entry            // scratch: who supports an item
	slot  []int32            // scratch: class → 1 + place in touch, zero between quotes
	slots map[[2]int64]int32 // the same where ballots give points: class and points → 1 + place
}

const exhausted = int32(-1)

// entry is the supporters of an item who are in one class and give it the same points.
type entry struct {
	class  int32
	heads  int64
	points int64
	ratio  float64 // money left per point
}

func (t *tally) newSpending(share *big.Rat) *spending {
	f, _ := share.Float64()
	s := &spending{tally: t, den: new(big.Int).Set(share.Denom()), share: new(big.Int).Set(share.Num()), shareF: f,
		class: make([]int32, len(t.groups)), left: []float64{f}, parent: []int32{exhausted}, last: []int32{-1},
		gave: []int64{0}, slot: []int32{0}}
	s.runners = newRunners(len(t.items), func(i int) bool { return t.count[i] == 0 || t.items[i].Cost > t.budget })
	if t.points != nil {
		s.slots = map[[2]int64]int32{}
	}
	return s
}

func (s *spending) tied() []int {
	if s.full && s.cost() == s.budget {
		return nil
	}
	return s.first(s.quote, s.compare)
}

func (s *spending) won() []int { return s.bought }

// narrow: items without a common supporter who still has money do not concern
// each other, unless the seats run out first.
func (s *spending) narrow(tied []int) []int {
	if s.full && s.costOf(tied) > s.budget-s.cost() {
		return tied
	}
	return s.apart(tied, func(g int32) bool { return s.class[g] != exhausted })
}

// key: who has what left follows from the prices paid.
func (s *spending) key() string {
	words := make([]string, len(s.bought))
	for r, i := range s.bought {
		words[r] = fmt.Sprint(i, "@", s.marks[r].Price)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

func (s *spending) fork() race {
	c := *s
	c.runners = s.runners.clone()
	c.den, c.share, c.paid = new(big.Int).Set(s.den), new(big.Int).Set(s.share), make([]*big.Int, len(s.paid))
	for r, p := range s.paid {
		c.paid[r] = new(big.Int).Set(p)
	}
	c.bought, c.marks, c.class, c.left = slices.Clone(s.bought), slices.Clone(s.marks), slices.Clone(s.class), slices.Clone(s.left)
	c.parent, c.last, c.gave, c.touch = slices.Clone(s.parent), slices.Clone(s.last), slices.Clone(s.gave), nil
	c.slot = make([]int32, len(s.slot))
	if s.slots != nil {
		c.slots = map[[2]int64]int32{}
	}
	return &c
}

// compare orders two quotes by exact rho.
func (s *spending) compare(a, b *quote) int {
	for _, q := range []*quote{a, b} {
		if q.num == nil {
			q.num = s.numerator(q)
		}
	}
	var x, y, k big.Int
	x.Mul(a.num, k.SetInt64(b.rich)).Mul(&x, k.SetInt64(s.unit[b.item]))
	y.Mul(b.num, k.SetInt64(a.rich)).Mul(&y, k.SetInt64(s.unit[a.item]))
	return x.Cmp(&y)
}

// quote prices an item; ok is false when its supporters cannot pay it. The
// price of a point is the cost, less all that the poor have, by the points of
// the rich; who is poor at some price is poor at every higher one.
func (s *spending) quote(item int) (q quote, ok bool) {
	total, heads, money := s.gather(item)
	defer s.clear()
	cost := float64(s.items[item].Cost)
	slack := s.slack(cost, heads)
	switch {
	case money < cost-slack:
		return quote{}, false
	case money <= cost+slack:
		return s.exactly(item, total, heads)
	}
	at, rich, sum, price := 0, total, 0.0, cost/float64(total)
	for moved := true; moved; {
		moved = false
		for k := at; k < len(s.touch); k++ {
			if e := s.touch[k]; e.ratio < price {
				sum += float64(float64(e.heads) * s.left[e.class])
				rich -= e.heads * e.points
				s.touch[at], s.touch[k] = e, s.touch[at]
				at, moved = at+1, true
			}
		}
		if rich <= 0 {
			return s.exactly(item, total, heads)
		}
		price = (cost - sum) / float64(rich)
	}
	slack /= float64(rich)
	for _, e := range s.touch {
		if math.Abs(price-e.ratio) <= slack+s.blur() {
			return s.exactly(item, total, heads)
		}
	}
	return s.bounds(quote{item: item, poor: s.touch[:at], rich: rich}, price, slack), true
}

// bounds is a quote from a price that is right but for slack.
func (s *spending) bounds(q quote, price, slack float64) quote {
	u := float64(s.unit[q.item])
	q.lo, q.hi = max(0, (price-slack)/u*(1-1e-14)), (price+slack)/u*(1+1e-14)
	return q
}

// exactly is quote without floating point.
func (s *spending) exactly(item int, total int64, heads float64) (quote, bool) {
	at, rich, ok := s.walkExactly(item, total)
	if !ok {
		return quote{}, false
	}
	q := quote{item: item, poor: s.touch[:at], rich: rich}
	q.num = s.numerator(&q)
	slack := s.slack(float64(s.items[item].Cost), heads)
	return s.bounds(q, near64(q.num, s.den)/float64(rich), slack/float64(rich)), true
}

// blur bounds the rounding error of a class's money: each payment rounds at
// most three times, and no amount on the way exceeds the share.
func (s *spending) blur() float64 { return float64(len(s.paid)+4) * s.shareF * 0x1p-50 }

// slack bounds the error of a sum of money left against a cost.
func (s *spending) slack(cost, heads float64) float64 {
	return float64(heads*s.blur()) + float64(float64(len(s.touch)+8)*cost*0x1p-51)
}

// gather fills touch with an item's supporters who have money.
func (s *spending) gather(item int) (total int64, heads, money float64) {
	s.touch = s.touch[:0]
	var n int64
	for k, g := range s.sup[item] {
		c := s.class[g]
		if c == exhausted {
			continue
		}
		p := s.pointsOf(item, k)
		at := s.place(c, p)
		if *at == 0 {
			s.touch = append(s.touch, entry{class: c, points: p, ratio: s.left[c] / float64(p)})
			*at = int32(len(s.touch))
			s.keep(c, p, *at)
		}
		w := s.weight[g]
		s.touch[*at-1].heads += w
		total += w * p
		n += w
	}
	for _, e := range s.touch {
		money += float64(float64(e.heads) * s.left[e.class])
	}
	return total, float64(n), money
}

// place is where an entry stands in touch, plus one; 0 where there is none.
func (s *spending) place(class int32, points int64) *int32 {
	if s.slots == nil {
		return &s.slot[class]
	}
	at := s.slots[[2]int64{int64(class), points}]
	return &at
}

// keep notes the place of an entry that place could not.
func (s *spending) keep(class int32, points int64, at int32) {
	if s.slots != nil {
		s.slots[[2]int64{int64(class), points}] = at
	}
}

// clear makes touch ready for the next item.
func (s *spending) clear() {
	if s.slots != nil {
		clear(s.slots)
		return
	}
	for _, e := range s.touch {
		s.slot[e.class] = 0
	}
}

// walkExactly sorts the supporters by exact money per point and finds the first
// who can pay the price in full.
func (s *spending) walkExactly(item int, total int64) (at int, rich int64, ok bool) {
	money := make(map[int32]*big.Int, len(s.touch))
	for _, e := range s.touch {
		if money[e.class] == nil {
			money[e.class] = s.exactLeft(e.class)
		}
	}
	var x, y, k big.Int
	slices.SortFunc(s.touch, func(a, b entry) int {
		if s.points != nil {
			x.Mul(money[a.class], k.SetInt64(b.points))
			y.Mul(money[b.class], k.SetInt64(a.points))
			return cmp.Or(x.Cmp(&y), cmp.Compare(a.class, b.class), cmp.Compare(a.points, b.points))
		}
		return cmp.Or(money[a.class].Cmp(money[b.class]), cmp.Compare(a.class, b.class))
	})
	var need, due big.Int // need: cost less what the poor pay, × den
	need.Mul(s.den, k.SetInt64(s.items[item].Cost))
	rich = total
	for i, e := range s.touch {
		x.Mul(money[e.class], k.SetInt64(rich))
		if due.Mul(&need, k.SetInt64(e.points)).Cmp(&x) <= 0 {
			return i, rich, true
		}
		need.Sub(&need, x.Mul(money[e.class], k.SetInt64(e.heads)))
		rich -= e.heads * e.points
	}
	return 0, 0, false
}

// exactLeft is a class's money × den.
func (s *spending) exactLeft(c int32) *big.Int {
	left := new(big.Int).Set(s.share)
	var x, k big.Int
	for ; s.last[c] >= 0; c = s.parent[c] {
		if s.gave[c] == 1 {
			left.Sub(left, s.paid[s.last[c]])
		} else {
			left.Sub(left, x.Mul(s.paid[s.last[c]], k.SetInt64(s.gave[c])))
		}
	}
	return left
}

// numerator is cost less the money of the poor, × den: the price of a point is that over rich × den.
func (s *spending) numerator(q *quote) *big.Int {
	num := new(big.Int).Mul(s.den, big.NewInt(s.items[q.item].Cost))
	return num.Sub(num, s.together(q.poor))
}

// together is the money of all who are in some entries, × den.
func (s *spending) together(all []entry) *big.Int {
	var heads int64
	times := make([]int64, len(s.paid)) // round → points for which they paid then
	for _, e := range all {
		heads += e.heads
		for c := e.class; s.last[c] >= 0; c = s.parent[c] {
			times[s.last[c]] += e.heads * s.gave[c]
		}
	}
	var k, m big.Int
	sum := new(big.Int).Mul(s.share, k.SetInt64(heads))
	for r, n := range times {
		if n != 0 {
			sum.Sub(sum, m.Mul(s.paid[r], k.SetInt64(n)))
		}
	}
	return sum
}
