package priority

import (
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"glosa"
	"glosa/method/shares"
)

// TestPaymentsCloseOnThePrices: replayed ballot by ballot, the payments of each
// question add up to its minutes, and as many paid the whole price as its round says.
func TestPaymentsCloseOnThePrices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := &shares.Instance{Budget: rapid.Int64Range(4, 60).Draw(t, "budget")}
		n := rapid.IntRange(2, 8).Draw(t, "questions")
		for i := range n {
			in.Items = append(in.Items, shares.Item{ID: fmt.Sprintf("q%d", i), Cost: rapid.Int64Range(1, 9).Draw(t, "cost")})
		}
		for v := range rapid.IntRange(1, 12).Draw(t, "ballots") {
			b := shares.Ballot{ID: fmt.Sprintf("v%d", v)}
			b.Choices = rapid.SliceOfNDistinct(rapid.Int32Range(0, int32(n-1)), 1, n, rapid.ID[int32]).Draw(t, "choices")
			in.Ballots = append(in.Ballots, b)
		}
		res, err := shares.Run(in, shares.Default())
		if err != nil {
			t.Fatal(err)
		}
		share, _ := new(big.Rat).SetString(res.Share)
		bought, sums, prices := map[string]*purchase{}, spending{}, make([]*big.Rat, len(res.Rounds))
		for n, r := range res.Rounds {
			if price, ok := new(big.Rat).SetString(r.Price); ok && r.Step == shares.EqualShares {
				prices[n] = price
			}
		}
		k := newPurses(share, prices)
		for n, r := range res.Rounds {
			if prices[n] != nil {
				bought[r.ID] = &purchase{glosa.QuestionID(r.ID), n, k.units(prices[n])}
			}
		}
		for _, b := range in.Ballots {
			var of []*purchase
			for _, i := range b.Choices {
				if p := bought[in.Items[i].ID]; p != nil {
					of = append(of, p)
				}
			}
			sums.add(k.of(of))
		}
		for _, r := range res.Rounds {
			p := bought[r.ID]
			if p == nil {
				continue
			}
			s := sums.of(p)
			if paid := new(big.Rat).SetFrac(s.paid(p), k.unit); paid.Cmp(new(big.Rat).SetInt64(r.Cost)) != 0 {
				t.Errorf("%s costs %d, paid %s", r.ID, r.Cost, paid)
			}
			if int64(s.full) < r.Full || int64(s.ballots()) > r.Full+r.Rest { // who has just the price left may be told as either
				t.Errorf("%s: %d paid the whole price of %d, its round says %d of %d", r.ID, s.full, s.ballots(), r.Full, r.Full+r.Rest)
			}
		}
	})
}
