package shares

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
)

// loads is one run of Phragmén's sequential rule. Everybody earns money at the
// same pace; as soon as the supporters of an item have its cost together, it is
// bought and they have nothing. The time at which a voter had nothing last is
// the voter's load. So all supporters of an item bought have one load, and few
// numbers are loads: the levels.
type loads struct {
	*tally
	runners
	step string
	room int64

	den    *big.Int
	level  []*big.Int // load × den
	nearly []float64  // the same
	at     []int32    // group → level

	bought []int
	marks  []Round
}

// newLoads starts with nobody having earned anything, or, after equal shares,
// with what is left of the shares.
func (t *tally) newLoads(step string, room int64, chosen []bool, after *spending) *loads {
	l := &loads{tally: t, step: step, room: room, den: big.NewInt(1), level: []*big.Int{new(big.Int)}, nearly: []float64{0}, at: make([]int32, len(t.groups))}
	l.runners = newRunners(len(t.items), func(i int) bool { return chosen[i] || t.items[i].Cost > t.budget })
	if after == nil {
		return l
	}
	l.den.Set(after.den)
	known := map[int32]int32{exhausted: 0}
	for g, c := range after.class {
		at, ok := known[c]
		if !ok {
			at = int32(len(l.level))
			known[c] = at
			owed := after.exactLeft(c)
			l.level = append(l.level, owed.Neg(owed))
			l.nearly = append(l.nearly, near64(owed, l.den))
		}
		l.at[g] = at
	}
	return l
}

// tied ends the race as soon as one of the items that come first does not fit.
// In a committee, seats that are left when nobody supports anyone go to anyone.
func (l *loads) tied() []int {
	first := l.first(l.quote, l.compare)
	if len(first) == 0 && l.committee {
		for i := range l.items {
			if l.count[i] == 0 && !slices.Contains(l.bought, i) {
				first = append(first, i)
			}
		}
	}
	if slices.ContainsFunc(first, func(i int) bool { return l.items[i].Cost > l.room }) {
		return nil
	}
	return first
}

func (l *loads) won() []int { return l.bought }

// narrow: items without a common supporter do not concern each other, unless one may not fit.
func (l *loads) narrow(tied []int) []int {
	if l.costOf(tied) > l.room {
		return tied
	}
	return l.apart(tied, func(int32) bool { return true })
}

// key: a voter's load is the highest of the items bought that the voter supports.
func (l *loads) key() string {
	words := make([]string, len(l.bought))
	for r, i := range l.bought {
		words[r] = fmt.Sprint(i, "@", l.marks[r].Load)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

func (l *loads) fork() race {
	c := *l
	c.runners = l.runners.clone()
	c.den, c.level = new(big.Int).Set(l.den), make([]*big.Int, len(l.level))
	for k, v := range l.level {
		c.level[k] = new(big.Int).Set(v)
	}
	c.nearly, c.at, c.bought, c.marks = slices.Clone(l.nearly), slices.Clone(l.at), slices.Clone(l.bought), slices.Clone(l.marks)
	return &c
}

// quote is the load that an item's supporters would have: (its cost + their
// loads) by their number. Loads only grow, so it never falls.
func (l *loads) quote(item int) (quote, bool) {
	if l.count[item] == 0 {
		return quote{}, false
	}
	sum := float64(l.items[item].Cost)
	size := sum
	for _, g := range l.sup[item] {
		x := float64(float64(l.weight[g]) * l.nearly[l.at[g]])
		sum += x
		size += math.Abs(x)
	}
	n := float64(l.count[item])
	slack := float64(len(l.sup[item])+8) * size * 0x1p-51 / n
	return quote{item: item, lo: sum/n - slack, hi: sum/n + slack}, true
}

// compare orders two quotes by exact load.
func (l *loads) compare(a, b *quote) int {
	for _, q := range []*quote{a, b} {
		if q.num == nil {
			q.num = l.numerator(q.item, l.heads(q.item))
		}
	}
	var x, y, k big.Int
	x.Mul(a.num, k.SetInt64(l.count[b.item]))
	y.Mul(b.num, k.SetInt64(l.count[a.item]))
	return x.Cmp(&y)
}

// heads counts an item's supporters on each level.
func (l *loads) heads(item int) []int64 {
	heads := make([]int64, len(l.level))
	for _, g := range l.sup[item] {
		heads[l.at[g]] += l.weight[g]
	}
	return heads
}

// numerator is cost and loads of an item's supporters, × den.
func (l *loads) numerator(item int, heads []int64) *big.Int {
	var k, m big.Int
	num := new(big.Int).Mul(l.den, k.SetInt64(l.items[item].Cost))
	for at, n := range heads {
		if n != 0 {
			num.Add(num, m.Mul(l.level[at], k.SetInt64(n)))
		}
	}
	return num
}

// buy gives all supporters of an item one load.
func (l *loads) buy(item int) {
	it := l.items[item]
	m := Round{ID: it.ID, Cost: it.Cost, Step: l.step, Supporters: l.count[item]}
	if l.count[item] > 0 {
		heads := l.heads(item)
		p, widen := reduce(l.numerator(item, heads), l.count[item])
		if widen.Cmp(one) != 0 {
			l.den.Mul(l.den, widen)
			for _, v := range l.level {
				v.Mul(v, widen)
			}
		}
		m.Load, m.Paid = ratio(p, l.den), l.payments(p, heads)
		l.level, l.nearly = append(l.level, p), append(l.nearly, near64(p, l.den))
		for _, g := range l.sup[item] {
			l.at[g] = int32(len(l.level) - 1)
		}
	}
	l.gone[item] = true
	l.room -= it.Cost
	l.bought, l.marks = append(l.bought, item), append(l.marks, m)
}

// payments is who paid what towards a load, the largest first.
func (l *loads) payments(load *big.Int, heads []int64) []Payment {
	var levels []int
	for at, n := range heads {
		if n > 0 {
			levels = append(levels, at)
		}
	}
	slices.SortStableFunc(levels, func(a, b int) int { return l.level[a].Cmp(l.level[b]) })
	var paid []Payment
	for k, at := range levels {
		if k > 0 && l.level[at].Cmp(l.level[levels[k-1]]) == 0 {
			paid[len(paid)-1].Voters += heads[at]
			continue
		}
		paid = append(paid, Payment{heads[at], ratio(new(big.Int).Sub(load, l.level[at]), l.den)})
	}
	return paid
}
