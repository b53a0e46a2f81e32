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
	price    *big.Rat // what one ballot pays, unless it has less left
}

// purse is what a ballot did with its share: it paid whole prices, and perhaps one
// rest. Ballots with the same purchases have the same purse.
type purse struct {
	full []*purchase
	last *purchase // for which it gave all that it had left, if any
	rest *big.Rat
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

func (s *spend) minutes(p *purchase) *big.Rat {
	sum := new(big.Rat).Mul(p.price, new(big.Rat).SetInt64(int64(s.full)))
	for x, n := range s.purse {
		sum.Add(sum, new(big.Rat).Mul(x.rest, new(big.Rat).SetInt64(int64(n))))
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

// purses works each out once.
type purses struct {
	share *big.Rat
	kept  map[string]*purse
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
	w, left := &purse{}, new(big.Rat).Set(k.share)
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
	for n, c := range a.Chosen {
		if price, ok := new(big.Rat).SetString(c.Price); ok && c.Paid {
			bought[at[c.Question]] = &purchase{c.Question, n, price}
		}
	}
	for _, m := range a.Missed {
		if m.Supporters >= fewest {
			left[at[m.Question]] = spending{}
		}
	}
	k := purses{share, map[string]*purse{}}
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
			all[glosa.QuestionID(in.Items[i].ID)] = most(x)
		}
	}
	return all, nil
}

// most are the purchases on which the most minutes went, by the order of the
// agenda where they are even. What one ballot alone paid for is not told.
func most(x spending) (out []Payment) {
	minutes := map[*purchase]*big.Rat{}
	for p, s := range x {
		minutes[p] = s.minutes(p)
	}
	order := slices.SortedFunc(maps.Keys(x), func(a, b *purchase) int {
		return cmp.Or(minutes[b].Cmp(minutes[a]), cmp.Compare(a.round, b.round))
	})
	for _, p := range order {
		if n := x[p].ballots(); n > 1 && len(out) < payments {
			out = append(out, Payment{Question: p.question, Supporters: n, Minutes: minutes[p].RatString()})
		}
	}
	return out
}
