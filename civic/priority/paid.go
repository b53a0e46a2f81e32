package priority

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"glosa"
	"glosa/method/shares"
)

// purchase is a chosen question that ballots paid for.
type purchase struct {
	question glosa.QuestionID
	round    int
	price    *big.Int // what one ballot pays, unless it has less left, in [purses].unit
}

// purse is what a ballot did with its share: it paid whole prices, and perhaps one
// rest. Ballots with the same purchases have the same purse.
type purse struct {
	full []*purchase
	last *purchase // for which it gave all that it had left, if any
	rest *big.Int
}

// spend is what some ballots paid for one purchase.
type spend struct {
	full  int
	purse map[*purse]int // ballots that gave their rest, by purse
}

func (s *spend) ballots() (n int) {
	for _, k := range s.purse {
		n += k
	}
	return n + s.full
}

// paid is what they paid for it, in [purses].unit.
func (s *spend) paid(p *purchase) *big.Int {
	sum := new(big.Int).Mul(p.price, big.NewInt(int64(s.full)))
	var some, many big.Int
	for x, n := range s.purse {
		sum.Add(sum, some.Mul(x.rest, many.SetInt64(int64(n))))
	}
	return sum
}

// spending is what the supporters of one question paid, by purchase.
type spending map[*purchase]*spend

func (x spending) of(p *purchase) *spend {
	if x[p] == nil {
		x[p] = &spend{purse: map[*purse]int{}}
	}
	return x[p]
}

func (x spending) add(w *purse) {
	for _, p := range w.full {
		x.of(p).full++
	}
	if w.last != nil {
		x.of(w.last).purse[w]++
	}
}

// purses works each out once. Money is counted in whole units of 1/unit minutes,
// unit being a common denominator of the share and of all prices: thousands of
// sums of fractions would each look for their own.
type purses struct {
	unit  *big.Int
	share *big.Int
	kept  map[string]*purse
}

// newPurses counts in a unit that fits a share and some prices; nil prices count nothing.
func newPurses(share *big.Rat, prices []*big.Rat) purses {
	k := purses{unit: new(big.Int).Set(share.Denom()), kept: map[string]*purse{}}
	var gcd, over big.Int
	for _, r := range prices {
		if r != nil {
			k.unit.Mul(k.unit, over.Div(r.Denom(), gcd.GCD(nil, nil, k.unit, r.Denom())))
		}
	}
	k.share = k.units(share)
	return k
}

// units is r in whole units.
func (k purses) units(r *big.Rat) *big.Int {
	n := new(big.Int).Div(k.unit, r.Denom())
	return n.Mul(n, r.Num())
}

// of is what a ballot with these purchases did, round by round: the price, or all
// that it has left.
func (k purses) of(bought []*purchase) *purse {
	slices.SortFunc(bought, func(a, b *purchase) int { return cmp.Compare(a.round, b.round) })
	var key []byte
	for _, p := range bought {
		key = binary.AppendUvarint(key, uint64(p.round))
	}
	if w := k.kept[string(key)]; w != nil {
		return w
	}
	w, left := &purse{}, new(big.Int).Set(k.share)
	for _, p := range bought {
		if left.Cmp(p.price) < 0 {
			if left.Sign() > 0 {
				w.last, w.rest = p, left
			}
			break
		}
		w.full = append(w.full, p)
		left.Sub(left, p.price)
	}
	k.kept[string(key)] = w
	return w
}

// paidFor replays the price system, ballot by ballot, for the questions left out.
func paidFor(in *shares.Instance, a Agenda) (map[glosa.QuestionID][]Payment, error) {
	share, ok := new(big.Rat).SetString(a.Share)
	if !ok {
		return nil, fmt.Errorf("agenda of %s: share %q", a.Edition, a.Share)
	}
	at := make(map[glosa.QuestionID]int, len(in.Items))
	for i, it := range in.Items {
		at[glosa.QuestionID(it.ID)] = i
	}
	bought, left := make([]*purchase, len(in.Items)), make([]spending, len(in.Items))
	prices := make([]*big.Rat, len(a.Chosen))
	for n, c := range a.Chosen {
		if price, ok := new(big.Rat).SetString(c.Price); ok && c.Paid {
			prices[n] = price
		}
	}
	k := newPurses(share, prices)
	for n, c := range a.Chosen {
		if prices[n] != nil {
			bought[at[c.Question]] = &purchase{c.Question, n, k.units(prices[n])}
		}
	}
	for _, m := range a.Missed {
		if m.Supporters >= fewest {
			left[at[m.Question]] = spending{}
		}
	}
	var of []*purchase
	for _, b := range in.Ballots {
		of = of[:0]
		for _, i := range b.Choices {
			if bought[i] != nil {
				of = append(of, bought[i])
			}
		}
		w := k.of(of)
		for _, i := range b.Choices {
			if left[i] != nil {
				left[i].add(w)
			}
		}
	}
	all := map[glosa.QuestionID][]Payment{}
	for i, x := range left {
		if x != nil {
			all[glosa.QuestionID(in.Items[i].ID)] = k.most(x)
		}
	}
	return all, nil
}

// most are the purchases on which the most minutes went, by the order of the
// agenda where they are even. What one ballot alone paid for is not told.
func (k purses) most(x spending) (out []Payment) {
	paid := map[*purchase]*big.Int{}
	for p, s := range x {
		paid[p] = s.paid(p)
	}
	order := slices.SortedFunc(maps.Keys(x), func(a, b *purchase) int {
		return cmp.Or(paid[b].Cmp(paid[a]), cmp.Compare(a.round, b.round))
	})
	for _, p := range order {
		if n := x[p].ballots(); n > 1 && len(out) < payments {
			out = append(out, Payment{Question: p.question, Supporters: n, Minutes: new(big.Rat).SetFrac(paid[p], k.unit).RatString()})
		}
	}
	return out
}
