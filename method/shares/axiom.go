package shares

import (
	"cmp"
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
// Equal shares never fails; greedy does.
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
// satisfied on: polynomial, since only the satisfaction levels matter.
func (t *tally) ejrPlus(chosen []bool) Axiom {
	got := make([]int64, len(t.groups))
	for g, set := range t.groups {
		for _, i := range set {
			if chosen[i] {
				got[g] += t.unit[i]
			}
		}
	}
	for i := range t.items {
		if chosen[i] || t.count[i] == 0 {
			continue
		}
		groups := slices.Clone(t.sup[i])
		slices.SortFunc(groups, func(a, b int32) int { return cmp.Compare(got[a], got[b]) })
		var heads int64
		for k, g := range groups {
			heads += t.weight[g]
			if k+1 < len(groups) && got[groups[k+1]] == got[g] {
				continue
			}
			if w := t.deserved(i, heads, got[g]); w != nil {
				return Axiom{Witness: w}
			}
		}
	}
	return Axiom{Holds: true}
}

// deserved is nil unless heads supporters with at most has could pay for more:
// heads·b·u ≥ n·cost·(has+u).
func (t *tally) deserved(item int, heads, has int64) *Witness {
	var own, need big.Int
	u := t.unit[item]
	own.Mul(big.NewInt(heads), big.NewInt(t.budget)).Mul(&own, big.NewInt(u))
	each := new(big.Int).Mul(big.NewInt(t.voters), big.NewInt(t.items[item].Cost))
	need.Mul(each, big.NewInt(has+u))
	if own.Cmp(&need) < 0 {
		return nil
	}
	share := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(heads), big.NewInt(t.budget)), big.NewInt(t.voters))
	deserves := new(big.Rat).SetInt64(has + u)
	if each.Sign() > 0 {
		deserves.SetFrac(&own, each)
	}
	return &Witness{ID: t.items[item].ID, Group: heads, Share: share.RatString(), Deserves: deserves.RatString(), Has: has}
}
