package shares

import (
	"cmp"
	"iter"
	"math/big"
	"slices"
)

// Axiom is the EJR+ check of an outcome (Brill and Peters 2023): did a group of
// voters who all support one further item, large enough to deserve it, go without?
//
// With s supporters of an item of cost k in a group, n voters and budget b, the
// group's share is s·b/n. Under cardinality satisfaction that share would buy ℓ
// items of cost k when s·b/n ≥ ℓ·k; the outcome fails when the item was not
// bought and every one of those s voters got fewer than ℓ items. For equal
// costs this is EJR+ as the paper states it. Under cost satisfaction it fails
// when s·b/n ≥ k + the money that went to items of any one of those voters.
// Where ballots give points, a voter's satisfaction is the points of the items
// bought (times their costs, under cost satisfaction), and the outcome fails
// when, for each voter of the group, having and u together are at most
// U·b/(n·k): u is what the item would give the voter, U what it would give the
// group. With one point from everybody that is the same as above.
// Equal shares without completion never fails; the other rules may.
type Axiom struct {
	Holds   bool     `json:"holds"`
	Witness *Witness `json:"witness,omitempty"`
}

// Witness is a group and the item it deserved.
type Witness struct {
	ID       string `json:"id"`
	Group    int64  `json:"group"`    // supporters of the item who got no more than Has
	Share    string `json:"share"`    // the group's part of the budget
	Deserves string `json:"deserves"` // satisfaction that its share would have bought, in items like this one
	Has      int64  `json:"has"`      // the most that any one of the group got
}

// ejrPlus looks, for each item left out, at its supporters from the least
// satisfied on: polynomial, since only the levels of satisfaction matter.
func (t *tally) ejrPlus(chosen []bool) Axiom {
	got := t.satisfaction(chosen)
	levels := t.levels(got)
	for i := range t.items {
		if chosen[i] || t.count[i] == 0 || !t.reaches(i, t.score[i], t.unit[i]) {
			continue
		}
		var heads, points, most int64
		for l := range levels(i) {
			heads, points, most = heads+l.heads, points+l.points, max(most, l.has)
			l.has = most
			if t.reaches(i, points, l.with) {
				return Axiom{Witness: t.witness(i, heads, points, l)}
			}
		}
	}
	return Axiom{Holds: true}
}

// satisfaction is what each group's voters got.
func (t *tally) satisfaction(chosen []bool) []int64 {
	got := make([]int64, len(t.groups))
	for i := range t.items {
		if chosen[i] {
			for k, g := range t.sup[i] {
				got[g] += t.pointsOf(i, k) * t.unit[i]
			}
		}
	}
	return got
}

// satisfied is the supporters of an item who would be equally satisfied with it.
type satisfied struct {
	heads, points int64
	has, with     int64 // the most that one of them has, and all would have with the item
}

// levels gives an item's supporters by what they would have with it, the least first.
func (t *tally) levels(got []int64) func(item int) iter.Seq[satisfied] {
	if t.points != nil {
		return func(item int) iter.Seq[satisfied] { return slices.Values(t.sorted(item, got)) }
	}
	// Approval: what the item adds is the same for all, so that what they have decides.
	values := slices.Clone(got)
	slices.Sort(values)
	values = slices.Compact(values)
	rank := make([]int32, len(got))
	for g, v := range got {
		at, _ := slices.BinarySearch(values, v)
		rank[g] = int32(at)
	}
	heads := make([]int64, len(values))
	return func(item int) iter.Seq[satisfied] {
		return func(yield func(satisfied) bool) {
			clear(heads)
			for _, g := range t.sup[item] {
				heads[rank[g]] += t.weight[g]
			}
			for at, n := range heads {
				if n > 0 && !yield(satisfied{n, n, values[at], values[at] + t.unit[item]}) {
					return
				}
			}
		}
	}
}

func (t *tally) sorted(item int, got []int64) []satisfied {
	all := make([]satisfied, len(t.sup[item]))
	for k, g := range t.sup[item] {
		p := t.pointsOf(item, k)
		all[k] = satisfied{t.weight[g], p * t.weight[g], got[g], got[g] + p*t.unit[item]}
	}
	slices.SortFunc(all, func(a, b satisfied) int { return cmp.Compare(a.with, b.with) })
	out := all[:0]
	for _, s := range all {
		if n := len(out); n > 0 && out[n-1].with == s.with {
			last := &out[n-1]
			*last = satisfied{last.heads + s.heads, last.points + s.points, max(last.has, s.has), s.with}
			continue
		}
		out = append(out, s)
	}
	return out
}

// reaches tells whether a group that gives an item so many points could pay for
// more of such items than anybody in it has with the item:
// points·b·unit ≥ n·cost·with.
func (t *tally) reaches(item int, points, with int64) bool {
	own, need := t.scales(item, points)
	return own.Cmp(need.Mul(need, big.NewInt(with))) >= 0
}

func (t *tally) scales(item int, points int64) (own, each *big.Int) {
	own, each = new(big.Int).Mul(big.NewInt(points), big.NewInt(t.budget)), new(big.Int).Mul(big.NewInt(t.voters), big.NewInt(t.items[item].Cost))
	return own.Mul(own, big.NewInt(t.unit[item])), each
}

func (t *tally) witness(item int, heads, points int64, l satisfied) *Witness {
	own, each := t.scales(item, points)
	share := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(heads), big.NewInt(t.budget)), big.NewInt(t.voters))
	deserves := new(big.Rat).SetInt64(l.with)
	if each.Sign() > 0 {
		deserves.SetFrac(own, each)
	}
	return &Witness{ID: t.items[item].ID, Group: heads, Share: share.RatString(), Deserves: deserves.RatString(), Has: l.has}
}
