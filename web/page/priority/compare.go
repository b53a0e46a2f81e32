package priority

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"glosa"
	"glosa/civic/priority"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// cover compares the rule with the raw count: two bars of 100.
type cover struct {
	Of, Rule, Raw int
	RuleP, RawP   string
	Label, Date   string
	CSV           string
}

// differ is what the raw count would have chosen, beside the agenda.
type differ struct {
	Sentence  string
	Rule, Raw []item // in by one way only
	All       []item // the raw count's whole list
	AllTitle  string
}

// tied says whether the folio alone decided a tie.
type tied struct {
	Sentence string
	In, Out  []item
}

// strong is the agenda by strong doors alone, beside that by all that count.
type strong struct {
	Sentence string
	Rows     []doorRow // none where there is nothing to show
	In, Out  []item
	Digest   glosa.Hash // of the rows, which are not public
}

type doorRow struct{ Name, Ballots, Chosen, Covered string }

func (v *agendaPage) cover(w *text.Words) {
	a := v.Agenda
	v.Cover = cover{Of: a.Coverage.Of, Rule: a.Coverage.Rule, Raw: a.Coverage.Raw, Date: w.Day(a.At.In(v.Zone)),
		CSV: v.To("/ediciones", string(v.Edition.ID), "agenda", "cobertura.csv")}
	if c := &v.Cover; c.Of > 0 {
		c.RuleP, c.RawP = percent(c.Rule, c.Of), percent(c.Raw, c.Of)
		c.Label = w.T("ag.cover.label", "rule", c.RuleP, "raw", c.RawP, "n", w.N(c.Of))
	}
	x := v.Account
	v.Differ = differ{Sentence: w.T("ag.diff.same"), Rule: v.supported(w, x.Without), Raw: v.supported(w, x.RawOnly), All: v.supported(w, x.Raw)}
	if n := max(len(x.Without), len(x.RawOnly)); n > 0 {
		v.Differ.Sentence = w.T("ag.diff", "n", w.N(n))
	}
	v.Differ.AllTitle = w.T("ag.diff.all", "n", w.N(len(x.Raw)))
}

// supported are questions with how many ballots support each.
func (v *agendaPage) supported(w *text.Words, ids []glosa.QuestionID) (out []item) {
	n := map[glosa.QuestionID]int{}
	for _, c := range v.Agenda.Chosen {
		n[c.Question] = c.Supporters
	}
	for _, m := range v.Agenda.Missed {
		n[m.Question] = m.Supporters
	}
	for _, id := range ids {
		out = append(out, v.item(id, w.T("ag.supporters", "n", w.N(n[id]))))
	}
	return out
}

func (v *agendaPage) tied(w *text.Words) {
	if x := v.Account; v.Agenda.Computed && v.Agenda.Ballots > 0 {
		v.Tied = &tied{Sentence: w.T("ag.tied.none"), In: v.supported(w, x.In), Out: v.supported(w, x.Out)}
		if len(x.In) > 0 {
			v.Tied.Sentence = w.T("ag.tied", "n", w.N(len(x.In)))
		}
	}
}

// strong shows the count of strong doors where the room gives one; how many
// ballots came by which doors only where neither kind is few.
func (v *agendaPage) strong(w *text.Words) {
	for _, b := range v.Agenda.Beside {
		if b.Of != priority.Strong {
			continue
		}
		x := &strong{Sentence: w.T("ag.strong." + strings.ReplaceAll(string(b.State), "-", "_"))}
		if b.State == priority.Computed {
			x.Sentence = w.T("ag.strong.equal")
			if b.Differs() {
				x.Sentence = w.T("ag.diff", "n", w.N(max(len(b.Only), len(b.Without))))
			}
			a := v.Agenda
			x.Rows = []doorRow{
				{w.T("ag.strong.all"), w.N(a.Ballots), w.N(len(a.Chosen)), percent(a.Coverage.Rule, a.Coverage.Of)},
				{w.T("ag.strong.only"), w.N(b.Ballots), w.N(len(b.Chosen)), percent(b.Coverage.Rule, b.Coverage.Of)},
				{w.T("ag.strong.rest"), w.N(a.Ballots - b.Ballots), "—", "—"},
			}
			x.In, x.Out = v.supported(w, b.Only), v.supported(w, b.Without)
			x.Digest = b.Input
		}
		v.Strong = x
	}
}

func percent(n, of int) string {
	if of == 0 {
		return "0\u00a0%"
	}
	return fmt.Sprintf("%.1f\u00a0%%", 100*float64(n)/float64(of))
}

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

// sums is the account of the agenda's minutes: it closes on all there are.
func (v *agendaPage) sums(w *text.Words) {
	a := v.Agenda
	var paid, filled, picked, nPaid, nFilled int
	for _, c := range a.Chosen {
		switch {
		case !a.Computed:
			picked += c.Minutes
		case c.Paid:
			paid, nPaid = paid+c.Minutes, nPaid+1
		default:
			filled, nFilled = filled+c.Minutes, nFilled+1
		}
	}
	l := leaf.Ledger{Caption: w.T("ag.l.title"), Total: &leaf.Row{Label: w.T("ag.l.total"), Value: w.N(a.Criteria.Minutes)}}
	add := func(label string, n int) { l.Rows = append(l.Rows, leaf.Row{Label: label, Value: w.N(n)}) }
	if a.Computed {
		add(w.T("ag.l.paid", "n", w.N(nPaid)), paid)
		if nFilled > 0 {
			add(w.T("ag.l.filled", "n", w.N(nFilled)), filled)
		}
	} else {
		add(w.T("ag.l.picked", "n", w.N(len(a.Chosen))), picked)
	}
	add(w.T("ag.l.unused"), a.Criteria.Minutes-a.Used)
	v.Minutes = l
}
