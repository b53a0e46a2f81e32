package priority

import (
	"encoding/hex"
	"math/big"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
	"glosa/web/text"
)

// agendaPage is everything the page of an agenda shows.
type agendaPage struct {
	leaf.Page
	Agenda  priority.Agenda
	Edition edition.Edition
	Names   who.Names
	Zone    *time.Location
	Rule    []leaf.Row // the frozen criteria, in words
	Digest  string     // of the criteria, in hexadecimal
	Note    string     // what the protocol says of its doors
	Chosen  []chosen
	Missed  []missed
	Proof   *proof
	Cover   cover
	Replay  *replay
	Batches []batchRow
	Decided bool
	Empty   string
}

// chosen is a question of the agenda and who paid for it.
type chosen struct {
	N                          int
	ID, Text, Href, Lang, Paid string
	Minutes                    string
}

// missed is a question that did not get in, with the plain reason.
type missed struct {
	ID, Text, Href, Lang, Why string
	Short                     string
}

// proof is the certificate in one sentence, with its sums one tap away.
type proof struct {
	Holds    bool
	Sentence string
	Sums     leaf.Ledger
	How      []string
}

// cover compares the rule with the raw count: two bars of 100.
type cover struct {
	Of         int
	Rule, Raw  int
	RuleP      string
	RawP       string
	Label      string
	Date, Note string
}

// replay is how to compute it again.
type replay struct {
	PB, JSON, CSV string
	Input, Result string // hexadecimal SHA-256
	Software      string
	PBSize        int64
	By, At        string
}

type batchRow struct {
	N, New, Changed, Withdrawn, At, Root, Href string
}

// agenda is the page.
func (p *Pages) agenda(r *door.Request) (door.View, error) {
	ed, err := p.edition(r)
	if err != nil {
		return door.View{}, err
	}
	v, until, err := p.read(r, ed)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: agendaBody(v), Tags: chain.Tags(ed), Until: until}, nil
}

func (p *Pages) read(r *door.Request, ed edition.Edition) (v agendaPage, until time.Time, err error) {
	w := r.Words
	v = agendaPage{Page: leaf.From(r, w.T("ag.title")), Edition: ed, Zone: ed.Zone}
	if v.Zone == nil {
		v.Zone = time.UTC
	}
	v.Synthetic = ed.Synthetic
	v.Crumbs = []leaf.Link{{Text: w.T("nav.editions"), Href: r.To("/ediciones")}, chain.Crumb(r, ed), {Text: w.T("ag.title")}}
	v.Margin = leaf.Margin{Head: chain.Name(w, ed), HeadLang: chain.Lang(w, ed), Lines: leaf.Notes(chain.Step(w, ed)), Synthetic: ed.Synthetic}
	links, err := p.Of(r, ed)
	if err != nil {
		return v, until, err
	}
	v.Chain, until = &links.Chain, links.Until
	if ed.Documented {
		v.State, v.Empty = w.T("c.nodata")+".", w.T("ag.documented")
		return v, until, nil
	}
	if v.Agenda, err = p.Priority.Agenda(r.Context(), ed.ID); err != nil {
		return v, until, err
	}
	if v.Names, err = who.Read(r.Context(), p.People, w); err != nil {
		return v, until, err
	}
	v.rule(w)
	if v.Decided = v.Agenda.Status == priority.Decided; v.Decided {
		err = p.decided(r, &v)
	} else {
		err = p.before(r, &v)
	}
	if err != nil {
		return v, until, err
	}
	if v.Batches, err = p.batchRows(r, v); err != nil {
		return v, until, err
	}
	stamp, soon, err := p.Seal(r, ed, string(v.Agenda.Contest), "priority.selected")
	v.Stamp = stamp
	return v, earlier(until, soon), err
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// before is the page until the agenda is made: the date and the frozen rule.
func (p *Pages) before(r *door.Request, v *agendaPage) error {
	w, a := r.Words, v.Agenda
	on := v.Edition.Plan.On(edition.Selected)
	switch {
	case a.Status == priority.Unfrozen:
		v.State, v.More = w.T("ag.unfrozen"), w.T("ag.unfrozen.more")
	case on.IsZero():
		v.State = w.T("ag.nodate")
	default:
		v.State = w.T("g.empty", "date", w.Date(on.In(v.Zone))) + "."
	}
	if a.Status == priority.Ended {
		v.More = w.T("ag.ended")
	}
	if a.Status == priority.Open && !a.Closes.IsZero() {
		whole, _, err := p.People.Places(r.Context(), v.Edition.Territory, r.Now)
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		days := chain.DaysTo(r.Now, a.Closes, v.Zone)
		v.More = w.T("ag.open")
		bold, rest := w.Split("cn.clock.support", "n", w.N(days), "date", w.DayMonth(a.Closes.In(v.Zone)), "time", w.Hour(a.Closes.In(v.Zone)), "territory", whole.Name)
		if days > 0 {
			v.Clock = &leaf.Clock{Bold: bold, Rest: rest + "."}
		}
		v.Action = &leaf.Action{Text: w.T("ag.support"), Href: r.To("/ediciones", string(v.Edition.ID), "preguntas")}
	}
	return nil
}

// decided is the page once the agenda stands.
func (p *Pages) decided(r *door.Request, v *agendaPage) error {
	w, a := r.Words, v.Agenda
	texts, err := p.texts(r, v.Edition.ID)
	if err != nil {
		return err
	}
	for _, c := range a.Chosen {
		q := texts[c.Question]
		v.Chosen = append(v.Chosen, chosen{N: c.N, ID: string(c.Question), Text: words(w, q), Lang: lang(q), Href: r.To("/preguntas", string(c.Question)),
			Minutes: w.T("ag.minutes", "n", w.N(c.Minutes)), Paid: paid(w, a, c)})
	}
	for _, m := range a.Missed {
		q := texts[m.Question]
		x := missed{ID: string(m.Question), Text: words(w, q), Lang: lang(q), Href: r.To("/preguntas", string(m.Question)), Why: why(w, m)}
		if m.Short > 0 && m.Reason != "no-support" {
			x.Short = w.T("q.out", "n", w.N(m.Short)) + "."
		}
		v.Missed = append(v.Missed, x)
	}
	v.State = w.T("ag.used", "n", w.N(a.Used), "of", w.N(a.Criteria.Minutes))
	v.More = w.T("ag.counts", "n", w.N(len(a.Chosen)), "missed", w.N(len(a.Missed)))
	if len(a.Chosen) == 0 {
		v.More = w.T("ag.nobody")
	}
	v.Action = &leaf.Action{Text: w.T("g.replay"), Href: "#repetir"}
	v.proof(w)
	v.cover(w)
	if err := p.replayOf(r, v); err != nil {
		return err
	}
	here := r.To("/ediciones", string(v.Edition.ID), "agenda")
	v.Margin.Cite = p.Cite(r, v.Zone, v.State, "", here)
	v.Downloads = []leaf.Link{{Text: "Atom", Href: here + ".atom"}, {Text: "CSV", Href: here + ".csv"}, {Text: "JSON", Href: here + ".json"}, {Text: ".pb", Href: here + ".pb"}}
	return nil
}

// words are a question's text, or that it is no longer public.
func words(w *text.Words, q question.Brief) string {
	if q.Text == "" {
		return w.T("ag.notext")
	}
	return q.Text
}

func lang(q question.Brief) string {
	if q.Language == "" {
		return "es"
	}
	return string(q.Language)
}

// paid says who paid for a question and how much each.
func paid(w *text.Words, a priority.Agenda, c priority.Place) string {
	switch {
	case !a.Computed:
		return w.T("ag.picked", "n", w.N(c.Supporters))
	case !c.Paid:
		return w.T("ag.filled", "n", w.N(c.Supporters))
	case c.Rest == 0:
		return w.T("ag.paid", "n", w.N(c.Full), "price", minutes(w, c.Price))
	case c.Full == 0:
		return w.T("ag.paid.rest", "n", w.N(c.Rest), "sum", minutes(w, c.RestPaid))
	}
	return w.T("ag.paid", "n", w.N(c.Full), "price", minutes(w, c.Price)) + " " + w.T("ag.paid.rest", "n", w.N(c.Rest), "sum", minutes(w, c.RestPaid))
}

// minutes writes an exact "p/q" as people read it, to two places.
func minutes(w *text.Words, exact string) string {
	x, ok := new(big.Rat).SetString(exact)
	if !ok {
		return exact
	}
	s := strings.TrimSuffix(strings.TrimRight(x.FloatString(2), "0"), ".")
	if s == "0" && x.Sign() > 0 {
		s = "0.01"
	}
	return w.T("ag.minutes", "n", s)
}

// why is the plain reason for which a question did not get in.
func why(w *text.Words, m priority.Missed) string {
	return w.T("ag.why."+strings.ReplaceAll(string(m.Reason), "-", "_"), "n", w.N(m.Supporters), "left", minutes(w, m.Left), "cost", w.T("ag.minutes", "n", w.N(m.Minutes)))
}

// rule writes the criteria down.
func (v *agendaPage) rule(w *text.Words) {
	a := v.Agenda
	if a.Status == priority.Unfrozen {
		return
	}
	c := a.Criteria
	v.Digest = hex.EncodeToString(a.Digest[:])
	v.Rule = []leaf.Row{
		{Label: w.T("ag.r.rule"), Value: w.T("ag.rule." + string(c.Rule))},
		{Label: w.T("ag.r.minutes"), Value: w.T("ag.r.minutes.v", "n", w.N(c.Minutes), "each", w.N(c.PerQuestion), "fit", w.N(c.Minutes/max(1, c.PerQuestion)))},
		{Label: w.T("ag.r.choices"), Value: w.T("ag.r.choices.v", "n", w.N(c.Choices))},
		{Label: w.T("ag.r.doors"), Value: doors(w, c.Counting)},
	}
	if len(c.Apart) > 0 {
		v.Rule = append(v.Rule, leaf.Row{Label: w.T("ag.r.apart"), Value: doors(w, c.Apart)})
	}
	if len(c.Ties) > 0 {
		v.Rule = append(v.Rule, leaf.Row{Label: w.T("ag.r.ties"), Value: ties(w, c.Ties)})
	}
	if !a.FrozenAt.IsZero() {
		v.Rule = append(v.Rule, leaf.Row{Label: w.T("ag.r.frozen"), Value: w.Date(a.FrozenAt.In(v.Zone))})
	}
	if v.Edition.Protocol != nil {
		v.Note = v.Edition.Protocol.Selection.DoorsNote.In(w.Lang)
	}
}

// doors are the words of doors, in the order of the criteria.
func doors(w *text.Words, codes []glosa.Code) string {
	var out []string
	for _, c := range codes {
		out = append(out, w.T("ag.door."+string(c)))
	}
	return strings.Join(out, ", ")
}

// ties are the words of what decides between equals, in their order.
func ties(w *text.Words, codes []glosa.Code) string {
	var out []string
	for _, c := range codes {
		out = append(out, w.T("ag.tie."+string(c)))
	}
	return strings.Join(out, ", ")
}
