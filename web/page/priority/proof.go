package priority

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"

	"github.com/a-h/templ"

	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// proof is the certificate: no group large enough to deserve a further question
// was left without one, with the sums anybody can repeat by hand.
func (v *agendaPage) proof(w *text.Words) {
	a := v.Agenda
	if !a.Computed || a.Ballots == 0 {
		return
	}
	each := new(big.Rat).SetFrac64(int64(a.Criteria.Minutes), int64(a.Ballots))
	need := new(big.Rat).Quo(new(big.Rat).SetInt64(int64(a.Criteria.PerQuestion)), each)
	x := &proof{Holds: a.Fair, Sentence: w.T("ag.fair")}
	if !a.Fair {
		x.Sentence = w.T("ag.unfair", "question", a.Unfair)
	}
	x.Sums = leaf.Ledger{Caption: w.T("ag.sums"), Rows: []leaf.Row{
		{Label: w.T("ag.s.minutes"), Value: w.N(a.Criteria.Minutes)},
		{Label: w.T("ag.s.ballots"), Value: w.N(a.Ballots)},
		{Label: w.T("ag.s.each", "n", w.N(a.Criteria.Minutes), "of", w.N(a.Ballots)), Value: minutes(w, each.RatString())},
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

// cover compares what the rule covers with what the raw count would have.
func (v *agendaPage) cover(w *text.Words) {
	a := v.Agenda
	c := cover{Of: a.Coverage.Of, Rule: a.Coverage.Rule, Raw: a.Coverage.Raw}
	if c.Of > 0 {
		c.RuleP, c.RawP = percent(c.Rule, c.Of), percent(c.Raw, c.Of)
		c.Label = w.T("ag.cover.label", "rule", c.RuleP, "raw", c.RawP, "n", w.N(c.Of))
	}
	c.Date = w.Day(a.At.In(v.Zone))
	v.Cover = c
}

func percent(n, of int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(of)) }

// bar draws one share of 100; patterns stand beside colours.
func bar(n, of int, class string) templ.Component {
	width := 0.0
	if of > 0 {
		width = 600 * float64(n) / float64(of)
	}
	var s strings.Builder
	s.WriteString(`<svg viewBox="0 0 600 28" height="28" preserveAspectRatio="none" aria-hidden="true">`)
	fmt.Fprintf(&s, `<g class="line-ink"><rect x="1" y="1" width="598" height="26" class="fill-paper" vector-effect="non-scaling-stroke"/><rect x="1" y="1" width="%.1f" height="26" class="%s" vector-effect="non-scaling-stroke"/></g></svg>`, max(0, width-2), class)
	return templ.Raw(s.String())
}

// replayOf gathers what somebody needs to compute the agenda again.
func (p *Pages) replayOf(r *door.Request, v *agendaPage) error {
	a := v.Agenda
	file, err := p.Priority.File(r.Context(), v.Edition.ID)
	if err != nil {
		return err
	}
	here := r.To("/ediciones", string(v.Edition.ID), "agenda")
	v.Replay = &replay{PB: here + ".pb", JSON: here + ".json", CSV: here + ".csv", Input: hex.EncodeToString(a.Input[:]), Result: hex.EncodeToString(a.Result[:]),
		Software: string(a.Software), PBSize: int64(len(file)), By: v.Names.By(a.By), At: r.Words.Stamp(a.At.In(v.Zone))}
	return nil
}

// batchRows are the batches of ballots that entered the record.
func (p *Pages) batchRows(r *door.Request, v agendaPage) (rows []batchRow, err error) {
	if v.Agenda.Status == priority.Unfrozen {
		return nil, nil
	}
	all, err := p.Priority.Batches(r.Context(), v.Agenda.Contest)
	w := r.Words
	for _, b := range all {
		rows = append(rows, batchRow{N: w.N(b.N), New: w.N(b.New), Changed: w.N(b.Changed), Withdrawn: w.N(b.Withdrawn),
			At: w.Stamp(b.At.In(v.Zone)), Root: hex.EncodeToString(b.Root[:]), Href: r.To("/ediciones", string(v.Edition.ID), "agenda", "lotes") + "/" + fmt.Sprint(b.N)})
	}
	return rows, err
}
