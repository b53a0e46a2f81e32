package shares

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// spending is one run of equal shares with one size of share.
//
// A voter who is not exhausted has paid the full price of every item bought
// that is on the ballot, so what is left is share − Σ prices of those items:
// voters with the same bought items are one class, and a class is a path of
// rounds. That makes every exact amount an integer combination of few numbers.
type spending struct {
	*tally

	// Exact amounts are integers over the common denominator den.
	den   *big.Int
	share *big.Int
	paid  []*big.Int // round → price × den

	shareF float64   // the same, nearly
	bought []int     // round → item
	marks  []Round   // round → what to publish, but for Step and amounts
	class  []int32   // group → class; none when exhausted
	left   []float64 // class → money left, nearly
	parent []int32   // class → class before its last payment
	last   []int32   // class → round of its last payment
	gone   []bool    // item → bought, or never to be
	low    []float64 // item → lower bound of its rho; never falls

	weight []int64 // scratch: class → supporters in it, zero between quotes
	touch  []int32 // scratch: classes of the supporters, by money left
	child  []int32 // scratch: class → class after paying
}

const exhausted = int32(-1)

// quote is what one item would cost its supporters now.
type quote struct {
	item   int
	poor   []int32  // classes that pay all they have; a slice of touch, or a copy
	rich   int64    // supporters who pay the full price
	lo, hi float64  // bounds of rho
	num    *big.Int // price × den × rich, once it was worked out
}

func (t *tally) newSpending(share *big.Rat) *spending {
	f, _ := share.Float64()
	s := &spending{tally: t, den: new(big.Int).Set(share.Denom()), share: new(big.Int).Set(share.Num()), shareF: f,
		class: make([]int32, len(t.groups)), left: []float64{f}, parent: []int32{exhausted}, last: []int32{-1},
		gone: make([]bool, len(t.items)), low: make([]float64, len(t.items)), weight: []int64{0}, child: []int32{0}}
	for i, it := range t.items {
		s.gone[i] = t.count[i] == 0 || it.Cost > t.budget
	}
	return s
}

// run buys until nothing is affordable.
func (s *spending) run() {
	order := make([]int, 0, len(s.items))
	for i := range s.items {
		if !s.gone[i] {
			order = append(order, i)
		}
	}
	for {
		order = slices.DeleteFunc(order, func(i int) bool { return s.gone[i] })
		slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(s.low[a], s.low[b]), cmp.Compare(a, b)) })
		best, ok := s.cheapest(order)
		if !ok {
			return
		}
		s.buy(best)
	}
}

// cheapest finds the item with the smallest rho, exactly. Items whose last
// bound is already above the best need no second look.
func (s *spending) cheapest(order []int) (int, bool) {
	var near []quote
	best := math.Inf(1)
	for _, i := range order {
		if s.low[i] > best {
			break
		}
		q, ok := s.quote(i)
		if !ok {
			s.gone[i] = true
			continue
		}
		s.low[i] = q.lo
		if q.lo > best {
			continue
		}
		best = min(best, q.hi)
		q.poor = slices.Clone(q.poor)
		near = append(near, q)
	}
	near = slices.DeleteFunc(near, func(q quote) bool { return q.lo > best })
	if len(near) == 0 {
		return 0, false
	}
	win := &near[0]
	for k := 1; k < len(near); k++ {
		if s.compare(&near[k], win) < 0 {
			win = &near[k]
		}
	}
	return win.item, true
}

// compare orders two quotes by exact rho, then by the tie rule.
func (s *spending) compare(a, b *quote) int {
	for _, q := range []*quote{a, b} {
		if q.num == nil {
			q.num = s.numerator(q)
		}
	}
	var x, y, k big.Int
	x.Mul(a.num, k.SetInt64(b.rich)).Mul(&x, k.SetInt64(s.unit[b.item]))
	y.Mul(b.num, k.SetInt64(a.rich)).Mul(&y, k.SetInt64(s.unit[a.item]))
	return cmp.Or(x.Cmp(&y), s.before(a.item, b.item))
}

// quote prices an item; ok is false when its supporters cannot pay it.
func (s *spending) quote(item int) (q quote, ok bool) {
	total := s.gather(item)
	defer s.clear()
	cost := float64(s.items[item].Cost)
	slices.SortFunc(s.touch, func(a, b int32) int { return cmp.Or(cmp.Compare(s.left[a], s.left[b]), cmp.Compare(a, b)) })
	rich, sum := total, 0.0
	at, price, slack := len(s.touch), 0.0, 0.0
	doubt := false
	for i, c := range s.touch {
		w := float64(s.weight[c])
		price = (cost - sum) / float64(rich)
		slack = s.slack(cost, float64(total), len(s.touch)) / float64(rich)
		near := math.Abs(price-s.left[c]) <= slack+s.blur()
		if price <= s.left[c] {
			at, doubt = i, doubt || near
			break
		}
		doubt = near
		sum += float64(w * s.left[c])
		rich -= s.weight[c]
	}
	if doubt {
		if at, rich, ok = s.walkExactly(item, total); !ok {
			return quote{}, false
		}
		q = quote{item: item, poor: s.touch[:at], rich: rich}
		q.num = s.numerator(&q)
		price = near64(q.num, s.den) / float64(rich)
		slack = s.slack(cost, float64(total), len(s.touch)) / float64(rich)
	} else if at == len(s.touch) {
		return quote{}, false
	}
	u := float64(s.unit[item])
	q.item, q.poor, q.rich = item, s.touch[:at], rich
	q.lo, q.hi = max(0, (price-slack)/u*(1-1e-14)), (price+slack)/u*(1+1e-14)
	return q, true
}

// blur bounds the rounding error of a class's money: each payment and each
// subtraction rounds once, and no amount on the way exceeds the share.
func (s *spending) blur() float64 { return float64(len(s.paid)+4) * s.shareF * 0x1p-51 }

// slack bounds, before division by the payers, the error of a sum of money left against a cost.
func (s *spending) slack(cost, supporters float64, classes int) float64 {
	return supporters*s.blur() + float64(classes+8)*cost*0x1p-51
}

// gather fills touch and weight with the classes of an item's supporters.
func (s *spending) gather(item int) (total int64) {
	s.touch = s.touch[:0]
	for _, g := range s.sup[item] {
		c := s.class[g]
		if c == exhausted {
			continue
		}
		if s.weight[c] == 0 {
			s.touch = append(s.touch, c)
		}
		s.weight[c] += s.tally.weight[g]
		total += s.tally.weight[g]
	}
	return total
}

func (s *spending) clear() {
	for _, c := range s.touch {
		s.weight[c] = 0
	}
}

// walkExactly sorts the touched classes by exact money and finds the first
// that can pay the price in full.
func (s *spending) walkExactly(item int, total int64) (at int, rich int64, ok bool) {
	money := make(map[int32]*big.Int, len(s.touch))
	for _, c := range s.touch {
		money[c] = s.exactLeft(c)
	}
	slices.SortFunc(s.touch, func(a, b int32) int { return cmp.Or(money[a].Cmp(money[b]), cmp.Compare(a, b)) })
	var need, full, k big.Int // need: cost less what the poor pay, × den
	need.Mul(s.den, k.SetInt64(s.items[item].Cost))
	rich = total
	for i, c := range s.touch {
		if full.Mul(money[c], k.SetInt64(rich)).Cmp(&need) >= 0 {
			return i, rich, true
		}
		need.Sub(&need, full.Mul(money[c], k.SetInt64(s.weight[c])))
		rich -= s.weight[c]
	}
	return 0, 0, false
}

// exactLeft is a class's money × den.
func (s *spending) exactLeft(c int32) *big.Int {
	left := new(big.Int).Set(s.share)
	for ; s.last[c] >= 0; c = s.parent[c] {
		left.Sub(left, s.paid[s.last[c]])
	}
	return left
}

// numerator is cost less the money of the poor, × den: the price is that over rich × den.
func (s *spending) numerator(q *quote) *big.Int {
	weights := s.weigh(q)
	var heads int64
	times := make([]int64, len(s.paid))
	for i, c := range q.poor {
		heads += weights[i]
		for ; s.last[c] >= 0; c = s.parent[c] {
			times[s.last[c]] += weights[i]
		}
	}
	var k, m big.Int
	num := new(big.Int).Mul(s.den, k.SetInt64(s.items[q.item].Cost))
	num.Sub(num, m.Mul(s.share, k.SetInt64(heads)))
	for r, n := range times {
		if n != 0 {
			num.Add(num, m.Mul(s.paid[r], k.SetInt64(n)))
		}
	}
	return num
}

// weigh counts the supporters in each poor class of a quote.
func (s *spending) weigh(q *quote) []int64 {
	if len(q.poor) == 0 {
		return nil
	}
	place := make(map[int32]int, len(q.poor))
	for i, c := range q.poor {
		place[c] = i
	}
	w := make([]int64, len(q.poor))
	for _, g := range s.sup[q.item] {
		if i, ok := place[s.class[g]]; ok {
			w[i] += s.tally.weight[g]
		}
	}
	return w
}

func near64(num, den *big.Int) float64 {
	f, _ := new(big.Rat).SetFrac(num, den).Float64()
	return f
}
