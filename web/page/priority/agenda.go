package priority

import (
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
	Account priority.Account // what its published file tells beside
	Edition edition.Edition
	Names   who.Names
	Zone    *time.Location
	Rule    []leaf.Row // the frozen criteria, in words
	Digest  string     // of the criteria, in hexadecimal
	Note    string     // what the protocol says of its doors
	Chosen  []chosen
	Minutes leaf.Ledger // paid, filled, unused: the whole agenda
	Tied    *tied       // nil where nothing was computed
	Missed  []missed
	Told    bool // some of Missed tell what their supporters paid for
	Proof   *proof
	Cover   cover
	Differ  differ
	Came    *came // by which doors ballots came; nil until they are taken
	Strong  *strong
	Whole   *strong    // over all ballots, where a class was left out
	Classes []classRow // that were proposed to be left out
	Mesas   mesas
	Run     []leaf.Row
	Replay  *replay
	Batches []batchRow
	Decided bool
	Empty   string
	texts   map[glosa.QuestionID]question.Brief
}

// item is a question named in a list: its words, where they lead, a remark.
type item struct {
	ID, Text, Href, Lang, Note string
}

// chosen is a question of the agenda and who paid for it.
type chosen struct {
	item
	N       int
	Minutes string
	Filled  bool // nobody paid: it filled what was left
}

// missed is a question that did not get in, with the plain reason.
type missed struct {
	item
	Short string
	Gone  []item // what its supporters had paid for
	Whose string // before Gone
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
	v.Classes = classRows(w, v.Agenda, v.Names)
	if err := p.rule(r, &v); err != nil {
		return v, until, err
	}
	if v.Decided = v.Agenda.Status == priority.Decided; v.Decided {
		err = p.decided(r, &v)
	} else {
		err = p.before(r, &v)
	}
	if err != nil {
		return v, until, err
	}
	if err := p.came(r, &v); err != nil {
		return v, until, err
	}
	if v.Batches, err = p.batchRows(r, v); err != nil {
		return v, until, err
	}
	stamp, soon, err := p.Seal(r, ed, string(v.Agenda.Contest), "priority.selected")
	v.Stamp = stamp
	if v.Decided && stamp != nil && stamp.Href != "" {
		v.Run = append(v.Run, leaf.Row{Label: w.T("ag.run.leaf"), Value: w.T("ag.run.leaf.n", "n", w.N(int(stamp.N))), Href: stamp.Href})
	}
	return v, earlier(until, soon), err
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// decided is the page once the agenda stands.
func (p *Pages) decided(r *door.Request, v *agendaPage) (err error) {
	w, a := r.Words, v.Agenda
	if v.texts, err = p.texts(r, v.Edition.ID); err != nil {
		return err
	}
	if v.Account, err = p.Priority.Account(r.Context(), v.Edition.ID); err != nil {
		return err
	}
	for _, c := range a.Chosen {
		v.Chosen = append(v.Chosen, chosen{item: v.item(c.Question, paid(w, a, c)), N: c.N, Filled: a.Computed && !c.Paid,
			Minutes: w.T("ag.minutes", "n", w.N(c.Minutes))})
	}
	for _, m := range a.Missed {
		v.Missed = append(v.Missed, v.missed(w, m))
	}
	v.State = w.T("ag.used", "n", w.N(a.Used), "of", w.N(a.Criteria.Minutes))
	v.More = w.T("ag.counts", "n", w.N(len(a.Chosen)), "missed", w.N(len(a.Missed)))
	switch {
	case a.Ballots == 0 && len(a.Chosen) == 0:
		v.More = w.T("ag.nobody")
	case len(a.Chosen) == 0:
		v.More = w.T("ag.nomore")
	}
	v.Action = &leaf.Action{Text: w.T("g.replay"), Href: "#repetir", Note: &leaf.Link{Text: w.T("ag.how"), Href: r.To("/como-se-elige")}}
	v.sums(w)
	v.tied(w)
	v.proof(w)
	v.cover(w)
	v.strong(w)
	v.whole(w)
	v.replay(w)
	if err := p.mesas(r, v); err != nil {
		return err
	}
	here := r.To("/ediciones", string(v.Edition.ID), "agenda")
	v.Margin.Cite = p.Cite(r, v.Zone, v.State, "", here)
	v.Downloads = []leaf.Link{{Text: "Atom", Href: here + ".atom"}, {Text: "CSV", Href: here + ".csv"},
		{Text: w.T("ag.dl.chosen"), Href: here + "/elegidas.csv"}, {Text: w.T("ag.dl.missed"), Href: here + "/fuera.csv"},
		{Text: w.T("ag.dl.prices"), Href: here + "/precios.csv"}, {Text: "JSON", Href: here + ".json"}, {Text: ".pb", Href: here + ".pb"}}
	return nil
}

// order is in which order the chosen ones stand.
func (v *agendaPage) order() string {
	if !v.Agenda.Computed {
		return v.Words.T("ag.order.picked")
	}
	return v.Words.T("ag.order")
}

// item names a question by its words.
func (v *agendaPage) item(id glosa.QuestionID, note string) item {
	q := v.texts[id]
	return item{ID: string(id), Text: words(v.Words, q), Lang: lang(q), Href: v.To("/preguntas", string(id)), Note: note}
}

// missed is a question left out: why, by how much, and where the minutes of its
// supporters had gone.
func (v *agendaPage) missed(w *text.Words, m priority.Missed) missed {
	x := missed{item: v.item(m.Question, why(w, m))}
	if m.Short > 0 && m.Reason != "no-support" {
		x.Short = w.T("q.out", "n", w.N(m.Short)) + "."
	}
	for _, p := range v.Account.Paid[m.Question] {
		x.Gone = append(x.Gone, v.item(p.Question, w.T("ag.gone.item", "n", w.N(p.Supporters), "sum", minutes(w, p.Minutes))))
	}
	if len(x.Gone) > 0 {
		x.Whose, v.Told = w.T("ag.gone", "n", w.N(m.Supporters)), true
	}
	return x
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

// paid says who paid for a question and how much each. Where some had less than
// the price, the parts are rounded so that they close on the question's minutes.
func paid(w *text.Words, a priority.Agenda, c priority.Place) string {
	cost := w.T("ag.minutes", "n", w.N(c.Minutes))
	switch {
	case !a.Computed:
		return w.T("ag.picked", "n", w.N(c.Supporters))
	case !c.Paid:
		return w.T("ag.filled", "n", w.N(c.Supporters))
	case c.Full == c.Supporters:
		return w.T("ag.paid.all", "n", w.N(c.Full), "price", minutes(w, c.Price), "sum", cost)
	}
	rest, _ := new(big.Rat).SetString(c.RestPaid)
	if rest == nil {
		rest = new(big.Rat)
	}
	near, _ := new(big.Rat).SetString(rest.FloatString(2))
	full := new(big.Rat).Sub(new(big.Rat).SetInt64(int64(c.Minutes)), near)
	parts := []string{w.T("ag.paid.full", "n", w.N(c.Full), "price", minutes(w, c.Price), "sum", minutes(w, full.RatString()))}
	if c.Rest > 0 {
		parts = append(parts, w.T("ag.paid.rest", "n", w.N(c.Rest), "sum", minutes(w, near.RatString())))
	}
	if gone := c.Supporters - c.Full - c.Rest; gone > 0 {
		parts = append(parts, w.T("ag.paid.spent", "n", w.N(gone)))
	}
	return strings.Join(append(parts, w.T("ag.paid.sum", "sum", cost)), " ")
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
