package priority

import (
	"cmp"
	"math/big"

	"glosa"
	"glosa/civic/priority"
	"glosa/web/door"

	"glosa/web/page/leaf"
	"glosa/web/text"
)

// proof is the certificate in one sentence, with its sums one tap away: no group
// large enough to deserve a further question was left without one.
type proof struct {
	Holds    bool
	Sentence string
	Sums     leaf.Ledger
	How      []string
	More     leaf.Link // the whole sums
}

func (v *agendaPage) proof(w *text.Words) {
	a := v.Agenda
	if !a.Computed || a.Ballots == 0 {
		return
	}
	need := new(big.Rat).SetFrac64(int64(a.Criteria.PerQuestion)*int64(a.Ballots), int64(a.Criteria.Minutes))
	x := &proof{Holds: a.Fair, Sentence: w.T("ag.fair"), More: leaf.Link{Text: w.T("ag.proof.more"), Href: v.To("/ediciones", string(v.Edition.ID), "agenda", "cuentas")}}
	if !a.Fair {
		x.Sentence = w.T("ag.unfair", "question", a.Unfair)
	}
	x.Sums = leaf.Ledger{Caption: w.T("ag.sums"), Rows: []leaf.Row{
		{Label: w.T("ag.s.minutes"), Value: w.N(a.Criteria.Minutes)},
		{Label: w.T("ag.s.ballots"), Value: w.N(a.Ballots)},
		{Label: w.T("ag.s.each", "n", w.N(a.Criteria.Minutes), "of", w.N(a.Ballots)), Value: minutes(w, first(a))},
		{Label: w.T("ag.s.cost"), Value: w.T("ag.minutes", "n", w.N(a.Criteria.PerQuestion))},
	}, Total: &leaf.Row{Label: w.T("ag.s.need"), Value: w.N(ceil(need))}}
	x.How = []string{w.T("ag.how.1"), w.T("ag.how.2", "share", minutes(w, a.Share)), w.T("ag.how.3"), w.T("ag.how.4")}
	v.Proof = x
}

// ceil is the smallest whole number not below x.
func ceil(x *big.Rat) int {
	q, m := new(big.Int).QuoRem(x.Num(), x.Denom(), new(big.Int))
	if m.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return int(q.Int64())
}

// sumsPage is the certificate's mathematics: who paid what for which question,
// what was left, and how it was checked.
type sumsPage struct {
	agendaPage
	Prices []price
	Total  string      // minutes of all rows
	Money  leaf.Ledger // shared out = paid + not spent
}

// price is one question's row: full × price + rest paid = minutes.
type price struct {
	item
	N, Supporters, Price, Full, Rest, RestPaid, Minutes string
	Filled                                              bool
}

// accounts is the page of the sums. NotFound where nothing was computed from ballots.
func (p *Pages) accounts(r *door.Request) (door.View, error) {
	x, tags, err := p.made(r)
	if err != nil {
		return door.View{}, err
	}
	if x.Proof == nil {
		return door.View{}, glosa.Missing("agenda", r.Path("edition"))
	}
	w := r.Words
	v := sumsPage{agendaPage: x}
	v.Title, v.Path = w.T("ac.title"), x.Path
	v.State, v.More, v.Action, v.Chain = x.Proof.Sentence, "", nil, nil
	here := r.To("/ediciones", string(v.Edition.ID), "agenda")
	v.Crumbs = append(x.Crumbs[:2:2], leaf.Link{Text: w.T("ag.title"), Href: here}, leaf.Link{Text: v.Title})
	v.Margin.Cite = p.Cite(r, v.Zone, v.State, "", r.To("/ediciones", string(v.Edition.ID), "agenda", "cuentas"))
	v.Downloads = []leaf.Link{{Text: "CSV", Href: here + "/precios.csv"}, {Text: "JSON", Href: here + ".json"}, {Text: ".pb", Href: here + ".pb"}}
	paid := 0
	for i, c := range v.Agenda.Chosen {
		row := price{item: v.Chosen[i].item, N: w.N(c.N), Supporters: w.N(c.Supporters), Minutes: w.N(c.Minutes), Filled: !c.Paid}
		if c.Paid {
			paid += c.Minutes
			row.Price, row.Full, row.Rest, row.RestPaid = c.Price, w.N(c.Full), w.N(c.Rest), cmp.Or(c.RestPaid, "0")
		}
		v.Prices = append(v.Prices, row)
	}
	v.Total = w.N(v.Agenda.Used)
	v.money(w, paid)
	return door.View{Body: sumsBody(v), Tags: tags}, nil
}

// money closes what was shared out on what was paid and what was not spent.
func (v *sumsPage) money(w *text.Words, paid int) {
	a := v.Agenda
	all, ok := new(big.Rat).SetString(a.Share)
	if !ok {
		return
	}
	all.Mul(all, new(big.Rat).SetInt64(int64(a.Ballots)))
	left := new(big.Rat).Sub(all, new(big.Rat).SetInt64(int64(paid)))
	v.Money = leaf.Ledger{Caption: w.T("ac.money"), Rows: []leaf.Row{
		{Label: w.T("ac.money.paid"), Value: w.T("ag.minutes", "n", w.N(paid))},
		{Label: w.T("ac.money.left"), Value: minutes(w, left.RatString())},
	}, Total: &leaf.Row{Label: w.T("ac.money.total") + ": " + w.T("ac.money.each", "n", w.N(a.Ballots), "share", a.Share), Value: minutes(w, all.RatString())}}
}

// first is what each ballot gets before the rule raises it: "p/q".
func first(a priority.Agenda) string {
	return new(big.Rat).SetFrac64(int64(a.Criteria.Minutes), int64(a.Ballots)).RatString()
}
