package shares

import (
	"fmt"
	"math/big"
	"slices"
)

// thiele is one run of sequential PAV: a voter's next item counts 1, 1/2, 1/3, …
// as the voter has none, one, two, … of those bought. The item that adds most
// for its money is bought, as long as one fits. With cost satisfaction an item
// counts as often as it costs, so that what it adds is not divided by the cost.
type thiele struct {
	*tally
	runners
	room   int64
	have   []int32 // group → items bought that it supports
	bought []int
	marks  []Round
}

func (t *tally) newThiele() *thiele {
	p := &thiele{tally: t, room: t.budget, have: make([]int32, len(t.groups))}
	p.runners = newRunners(len(t.items), func(i int) bool { return t.items[i].Cost > t.budget })
	return p
}

func (p *thiele) tied() []int {
	first := p.first(p.quote, p.compare)
	if len(first) == 0 && p.committee && p.room > 0 {
		for i := range p.items {
			if p.count[i] == 0 && !slices.Contains(p.bought, i) {
				first = append(first, i)
			}
		}
	}
	return first
}

func (p *thiele) won() []int { return p.bought }

func (p *thiele) narrow(tied []int) []int {
	if p.costOf(tied) > p.room {
		return tied
	}
	return p.apart(tied, func(int32) bool { return true })
}

func (p *thiele) key() string { return fmt.Sprint(slices.Sorted(slices.Values(p.bought))) }

func (p *thiele) fork() race {
	c := *p
	c.runners = p.runners.clone()
	c.have, c.bought, c.marks = slices.Clone(p.have), slices.Clone(p.bought), slices.Clone(p.marks)
	return &c
}

// quote is money by gain: gains only shrink, so it never falls.
func (p *thiele) quote(item int) (quote, bool) {
	if p.count[item] == 0 || p.items[item].Cost > p.room {
		return quote{}, false
	}
	gain := 0.0
	for _, g := range p.sup[item] {
		gain += float64(p.weight[g]) / float64(1+p.have[g])
	}
	x := float64(p.items[item].Cost) / float64(gain*float64(p.unit[item]))
	slack := float64(len(p.sup[item])+8) * x * 0x1p-51
	return quote{item: item, lo: x - slack, hi: x + slack}, true
}

// compare orders two quotes by exact money per gain.
func (p *thiele) compare(a, b *quote) int {
	for _, q := range []*quote{a, b} {
		if q.score == nil {
			q.score = p.gain(q.item)
		}
	}
	side := func(cost, other *quote) *big.Rat { // cost.cost × other's gain
		k := new(big.Int).Mul(big.NewInt(p.items[cost.item].Cost), big.NewInt(p.unit[other.item]))
		return new(big.Rat).Mul(other.score, new(big.Rat).SetInt(k))
	}
	return side(a, b).Cmp(side(b, a))
}

// gain is Σ over an item's supporters of 1 / (1 + items they have).
func (p *thiele) gain(item int) *big.Rat {
	var heads []int64
	for _, g := range p.sup[item] {
		for int(p.have[g]) >= len(heads) {
			heads = append(heads, 0)
		}
		heads[p.have[g]] += p.weight[g]
	}
	sum := new(big.Rat)
	for have, n := range heads {
		if n > 0 {
			sum.Add(sum, big.NewRat(n, int64(have)+1))
		}
	}
	return sum
}

func (p *thiele) buy(item int) {
	it := p.items[item]
	p.marks = append(p.marks, Round{ID: it.ID, Cost: it.Cost, Step: SeqPAV, Supporters: p.count[item], Score: p.gain(item).RatString()})
	for _, g := range p.sup[item] {
		p.have[g]++
	}
	p.gone[item] = true
	p.room -= it.Cost
	p.bought = append(p.bought, item)
}
