package shares

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// race is a rule under way: it buys one item after another.
type race interface {
	tied() []int             // what it may buy next, equal to the last digit; none at the end
	buy(item int)            // buys one of them
	narrow(tied []int) []int // some of them, of which the choice does not concern the others
	fork() race              // the same race, to go on another way
	key() string             // races with the same key go on alike
	won() []int              // what it has bought, in order
}

// play runs a race to its end by the tie rule.
func (t *tally) play(r race) error {
	for {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		tied := r.tied()
		if len(tied) == 0 {
			return nil
		}
		r.buy(slices.MinFunc(tied, t.before))
	}
}

// quote is where one item stands now: the lower, the sooner it is bought.
type quote struct {
	item   int
	lo, hi float64 // bounds of where it stands

	num   *big.Int // equal shares, Phragmén: exact, once it was worked out
	poor  []entry  // equal shares: supporters who pay all they have
	rich  int64    // equal shares: points of those who pay the full price
	score *big.Rat // sequential PAV
}

// runners are the items of a race. What an item's quote was once, it is at
// least for ever after: so most items need no second look.
type runners struct {
	order []int
	low   []float64 // item → lower bound of its quote
	gone  []bool    // item → bought, or never to be
}

func newRunners(n int, gone func(item int) bool) runners {
	f := runners{low: make([]float64, n), gone: make([]bool, n)}
	for i := range n {
		if f.gone[i] = gone(i); !f.gone[i] {
			f.order = append(f.order, i)
		}
	}
	return f
}

func (f *runners) clone() runners {
	return runners{slices.Clone(f.order), slices.Clone(f.low), slices.Clone(f.gone)}
}

// first lists the items whose quote is the lowest, exactly.
func (f *runners) first(quoted func(item int) (quote, bool), compare func(a, b *quote) int) []int {
	f.order = slices.DeleteFunc(f.order, func(i int) bool { return f.gone[i] })
	slices.SortFunc(f.order, func(a, b int) int { return cmp.Or(cmp.Compare(f.low[a], f.low[b]), cmp.Compare(a, b)) })
	var near []quote
	best := math.Inf(1)
	for _, i := range f.order {
		if f.low[i] > best {
			break
		}
		q, ok := quoted(i)
		if !ok {
			f.gone[i] = true
			continue
		}
		f.low[i] = q.lo
		if q.lo > best {
			continue
		}
		best = min(best, q.hi)
		q.poor = slices.Clone(q.poor)
		near = append(near, q)
	}
	near = slices.DeleteFunc(near, func(q quote) bool { return q.lo > best })
	var tied []int
	win := 0
	for k := range near {
		c := 0
		if k > 0 {
			c = compare(&near[k], &near[win])
		}
		if c < 0 {
			win, tied = k, tied[:0]
		}
		if c <= 0 {
			tied = append(tied, near[k].item)
		}
	}
	return tied
}

// reduce brings num/(parts·den) to the form p/(widen·den), in lowest terms but for den.
func reduce(num *big.Int, parts int64) (p, widen *big.Int) {
	var k, r, g big.Int
	k.SetInt64(parts)
	g.GCD(nil, nil, &k, r.Mod(num, &k))
	return new(big.Int).Quo(num, &g), new(big.Int).Quo(&k, &g)
}

var one = big.NewInt(1)

func near64(num, den *big.Int) float64 {
	f, _ := new(big.Rat).SetFrac(num, den).Float64()
	return f
}
