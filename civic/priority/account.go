package priority

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"sync"

	"glosa"
	"glosa/method/shares"
)

// Account is what an agenda's published file tells beside its result. Whoever has
// the file works it out too: nothing of it comes from anywhere else, and no table
// keeps it.
type Account struct {
	Raw     []glosa.QuestionID // what the raw count would have chosen, most supporters first
	RawOnly []glosa.QuestionID // of those, what the agenda has not
	Without []glosa.QuestionID // on the agenda, and not in Raw, by place

	// Paid is what the supporters of a question left out had paid for, most
	// minutes first. A question with few supporters is not in it: a count over
	// fewer than five ballots would spell out single ones.
	Paid map[glosa.QuestionID][]Payment

	// In and Out are what would come onto the agenda, and go, were the folios in
	// the opposite order: then only the folio, the last word on ties, decided.
	In, Out []glosa.QuestionID
}

// Payment is what the supporters of a question left out paid for a chosen one.
type Payment struct {
	Question   glosa.QuestionID
	Supporters int    // of the question left out, who paid for this one; two or more
	Minutes    string // that they paid together: "p/q"
}

const (
	fewest   = 5 // supporters of a question whose payments are told
	payments = 3 // told of each question
)

// accounts keeps what files told. A file never changes, so nothing grows old.
type accounts struct {
	mu   sync.Mutex
	kept map[glosa.Hash]Account
}

// accountBound is how many are kept; then it begins anew.
const accountBound = 32

// Account reads an agenda's published file. NotFound until it is made.
func (d *Desk) Account(ctx context.Context, id glosa.EditionID) (Account, error) {
	a, err := d.Agenda(ctx, id)
	if err == nil && a.Status != Decided {
		err = glosa.Missing("agenda", string(id))
	}
	if err != nil {
		return Account{}, err
	}
	d.accounts.mu.Lock() // a crowd that comes at once works it out once
	defer d.accounts.mu.Unlock()
	if x, ok := d.accounts.kept[a.Result]; ok {
		return x, nil
	}
	file, err := d.File(ctx, id)
	if err != nil {
		return Account{}, err
	}
	x, err := accountOf(file, a)
	if err != nil {
		return Account{}, err
	}
	if len(d.accounts.kept) >= accountBound || d.accounts.kept == nil {
		d.accounts.kept = map[glosa.Hash]Account{}
	}
	d.accounts.kept[a.Result] = x
	return x, nil
}

// accountOf works an account out of the file's bytes and the agenda they gave.
func accountOf(file []byte, a Agenda) (x Account, err error) {
	if len(file) == 0 {
		return Account{}, nil // no ballot counted
	}
	in, err := shares.Parse(bytes.NewReader(file))
	if err != nil {
		return x, err
	}
	var chosen []glosa.QuestionID
	for _, p := range a.Chosen {
		chosen = append(chosen, p.Question)
	}
	raw, err := shares.Run(in, rawCount)
	if err != nil {
		return x, err
	}
	x.Raw = folios(raw.Selected)
	x.RawOnly, x.Without = differ(x.Raw, chosen), differ(chosen, x.Raw)
	if !a.Computed {
		return x, nil
	}
	if x.Paid, err = paidFor(in, a); err != nil {
		return x, err
	}
	rule, err := a.Criteria.rule()
	if err != nil {
		return x, err
	}
	other, err := turned(in, rule)
	x.In, x.Out = differ(other, chosen), differ(chosen, other)
	return x, err
}

// Command is what anybody types to compute the agenda again out of its published
// file, kept under some name: it writes the result's own bytes. "" where nothing
// was computed from ballots.
func (a Agenda) Command(file string) string {
	rule, err := a.Criteria.rule()
	if err != nil || !a.Computed || a.Ballots == 0 {
		return ""
	}
	return "glosa method shares --json --rule " + rule.Kind + " --satisfaction " + rule.Satisfaction + " --completion " + rule.Completion + " " + file
}

// rawCount ranks by number of supporters alone, as they fit.
var rawCount = shares.Rule{Kind: shares.Greedy, Satisfaction: shares.Cost, Completion: shares.None}

func folios(ids []string) (out []glosa.QuestionID) {
	for _, id := range ids {
		out = append(out, glosa.QuestionID(id))
	}
	return out
}

// differ is what a has and b has not, in a's order.
func differ(a, b []glosa.QuestionID) (out []glosa.QuestionID) {
	for _, q := range a {
		if !slices.Contains(b, q) {
			out = append(out, q)
		}
	}
	return out
}

// turned is the outcome with the order of the ids reversed, all else equal.
func turned(in *shares.Instance, rule shares.Rule) ([]glosa.QuestionID, error) {
	order := slices.Clone(in.Items)
	slices.SortFunc(order, func(a, b shares.Item) int { return cmp.Compare(b.ID, a.ID) })
	alias, name := map[string]string{}, map[string]string{}
	for i, it := range order {
		id := fmt.Sprintf("%09d", i)
		alias[it.ID], name[id] = id, it.ID
	}
	mirror := *in
	mirror.Items = slices.Clone(in.Items)
	for i := range mirror.Items {
		mirror.Items[i].ID = alias[mirror.Items[i].ID]
	}
	res, err := shares.Run(&mirror, rule)
	for i, id := range res.Selected {
		res.Selected[i] = name[id]
	}
	return folios(res.Selected), err
}

// purchase is a chosen question that ballots paid for.
type purchase struct {
	question glosa.QuestionID
	round    int
	price    *big.Rat // what one ballot pays, unless it has less left
}

// spend is what some ballots paid for one purchase.
type spend struct {
	ballots int
	minutes big.Rat
}

// paidFor replays the price system, ballot by ballot, for the questions left out.
func paidFor(in *shares.Instance, a Agenda) (map[glosa.QuestionID][]Payment, error) {
	share, ok := new(big.Rat).SetString(a.Share)
	if !ok {
		return nil, fmt.Errorf("agenda of %s: share %q", a.Edition, a.Share)
	}
	bought, left := map[string]*purchase{}, map[string]map[*purchase]*spend{}
	for n, c := range a.Chosen {
		if price, ok := new(big.Rat).SetString(c.Price); ok && c.Paid {
			bought[string(c.Question)] = &purchase{c.Question, n, price}
		}
	}
	for _, m := range a.Missed {
		if m.Supporters >= fewest {
			left[string(m.Question)] = map[*purchase]*spend{}
		}
	}
	for _, b := range in.Ballots {
		var of []*purchase
		var out []map[*purchase]*spend
		for _, i := range b.Choices {
			if p := bought[in.Items[i].ID]; p != nil {
				of = append(of, p)
			}
			if x := left[in.Items[i].ID]; x != nil {
				out = append(out, x)
			}
		}
		if len(out) > 0 {
			pay(of, share, out)
		}
	}
	all := map[glosa.QuestionID][]Payment{}
	for id, x := range left {
		all[glosa.QuestionID(id)] = most(x)
	}
	return all, nil
}

// pay is one ballot paying for what it supports, round by round: the price, or
// all that it has left.
func pay(of []*purchase, share *big.Rat, out []map[*purchase]*spend) {
	slices.SortFunc(of, func(a, b *purchase) int { return cmp.Compare(a.round, b.round) })
	left := new(big.Rat).Set(share)
	for _, p := range of {
		paid := p.price
		if left.Cmp(paid) < 0 {
			paid = new(big.Rat).Set(left)
		}
		if paid.Sign() == 0 {
			return
		}
		left.Sub(left, paid)
		for _, x := range out {
			if x[p] == nil {
				x[p] = &spend{}
			}
			x[p].ballots++
			x[p].minutes.Add(&x[p].minutes, paid)
		}
	}
}

// most are the purchases on which the most minutes went, by the order of the
// agenda where they are even. What one ballot alone paid for is not told.
func most(x map[*purchase]*spend) (out []Payment) {
	order := slices.SortedFunc(maps.Keys(x), func(a, b *purchase) int {
		return cmp.Or(x[b].minutes.Cmp(&x[a].minutes), cmp.Compare(a.round, b.round))
	})
	for _, p := range order {
		if x[p].ballots > 1 && len(out) < payments {
			out = append(out, Payment{Question: p.question, Supporters: x[p].ballots, Minutes: x[p].minutes.RatString()})
		}
	}
	return out
}
