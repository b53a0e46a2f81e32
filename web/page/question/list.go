package question

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// groups are the states that a filter of the list names. The first four are the
// rows of the balance, so that each figure leads to its list.
var groups = []struct {
	code   string
	states []civic.State
}{
	{"admitted", []civic.State{civic.Admitted, civic.Routed, civic.Overdue, civic.Spoken, civic.Answered, civic.Transferred, civic.Finished}},
	{"merged", []civic.State{civic.Merged}},
	{"refused", []civic.State{civic.Refused}},
	{"withdrawn", []civic.State{civic.Withdrawn}},
	{"waiting", []civic.State{civic.Admitted, civic.Routed, civic.Overdue}},
	{"overdue", []civic.State{civic.Overdue}},
	{inherited, []civic.State{civic.Admitted, civic.Routed, civic.Overdue, civic.Spoken, civic.Answered, civic.Transferred, civic.Finished}},
	{"answered", []civic.State{civic.Spoken, civic.Answered, civic.Transferred, civic.Finished}},
}

// inherited is the filter of what earlier editions left unanswered to this one.
const inherited = "inherited"

const (
	perPage  = 50
	perBatch = 200 // the longest page the room gives
	exported = 50  // batches of what is overdue, at most
)

func (s scene) filter() civic.Filter {
	f := civic.Filter{Edition: s.Edition.ID, Institution: glosa.InstitutionKey(s.r.Query("institucion")),
		Municipality: glosa.TerritoryCode(s.r.Query("municipio")), Theme: glosa.Code(s.r.Query("tema")),
		Language: glosa.Code(s.r.Query("idioma")), Words: s.r.Query("q")}
	for _, g := range groups {
		if g.code == s.r.Query("estado") {
			f.States, f.Inherited = g.states, g.code == inherited
		}
	}
	return f
}

// nobody tells that the filter asks for a state which there is not: nothing is in it.
func (s scene) nobody() bool {
	return s.r.Query("estado") != "" && s.filter().States == nil
}

// found is one page of a list, and the cursor of the next.
func (p *Pages) found(s scene, limit int) (out []civic.Brief, next string, err error) {
	if s.nobody() {
		return nil, "", nil
	}
	return p.Question.List(s.r.Context(), s.filter(), s.r.Query("despues"), limit)
}

// catalogue is the list as its page shows it.
type catalogue struct {
	leaf.Page
	scene  scene
	rows   []leaf.Item
	next   string
	first  string
	fields []leaf.Field
	search leaf.Field
	bar    leaf.Balance
	none   *leaf.Link
	late   leaf.Link  // to what is overdue
	left   *leaf.Link // to what earlier editions left to this one
	any    bool       // a filter is set
}

func (p *Pages) list(r *door.Request) (door.View, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	links, err := p.Of(r, s.Edition)
	if err != nil {
		return door.View{}, err
	}
	found, next, err := p.found(s, perPage)
	if err != nil {
		return door.View{}, err
	}
	facets, current, err := p.Question.Facets(r.Context(), s.Edition.ID)
	if err != nil {
		return door.View{}, err
	}
	until := links.Until
	if again := facets.At.Add(civic.FacetsLast); !current && (until.IsZero() || again.Before(until)) {
		until = again // then what stands beside the filters is counted anew
	}
	c := catalogue{Page: s.page(r.Words.T("qt.list.title")), scene: s, any: s.filtered()}
	c.Chain = &links.Chain
	c.rows = make([]leaf.Item, 0, len(found))
	for _, b := range found {
		c.rows = append(c.rows, s.Row(b, r.To("/preguntas", string(b.ID))))
	}
	c.head(links.Balance)
	c.count(p, links)
	c.choices(facets)
	if n := facets.Inherited; n > 0 {
		c.left = &leaf.Link{Text: r.Words.T("qt.inherited", "n", r.Words.N(n)), Href: r.To("/ediciones", string(s.Edition.ID), "preguntas") + "?estado=" + inherited}
	}
	if c.late, _, err = p.Late(r, s.Edition); err != nil {
		return door.View{}, err
	}
	if next != "" {
		c.next = s.link(next)
	}
	if r.Query("despues") != "" {
		c.first = s.link("")
	}
	return door.View{Body: listPage(c), Tags: chain.Tags(s.Edition), Until: until}, nil
}

// page is a leaf of this edition.
func (s scene) page(title string) leaf.Page {
	p := leaf.From(s.r, title)
	p.Synthetic = s.Edition.Synthetic
	p.Crumbs = []leaf.Link{{Text: s.Words.T("nav.editions"), Href: s.r.To("/ediciones")},
		chain.Crumb(s.r, s.Edition)}
	p.Margin = leaf.Margin{Head: s.Edition.Code, Lines: leaf.Notes(chain.Step(s.Words, s.Edition)), Synthetic: s.Edition.Synthetic}
	return p
}

// head is the one sentence of state, the clock and the action.
func (c *catalogue) head(b civic.Balance) {
	s := c.scene
	w, now := s.Words, s.Now
	c.Shape, c.State = leaf.Open, w.T("qt.list.count", "n", w.N(b.Received))+"."
	if b.Waiting > 0 {
		c.More = w.T("qt.list.waiting", "n", w.N(b.Waiting))
	}
	if s.Edition.Documented {
		c.Shape, c.State, c.More = "", w.T("c.nodata")+".", w.T("qt.list.documented")
		return
	}
	c.Clock = chain.Clock(w, s.Edition, now, s.Directory.Territory.Name)
	if _, open := s.Edition.Accepts(now); open {
		c.Action = chain.Action(s.r, s.Edition)
	} else if !s.Edition.Reached(edition.IntakeOpen) {
		c.Shape = leaf.Later
	} else {
		c.Shape = leaf.Done
	}
	c.Downloads = []leaf.Link{{Text: "Atom", Href: s.file("atom")}, {Text: "CSV", Href: s.file("csv")}, {Text: "JSON", Href: s.file("json")}, {Text: w.T("r.mail"), Href: s.notices()}}
}

// notices is where one leaves an address to hear of what the list shows: the
// edition, or one theme of it.
func (s scene) notices() string {
	query := url.Values{"edicion": {string(s.Edition.ID)}}
	if theme := s.r.Query("tema"); theme != "" {
		query.Set("tema", theme)
	}
	return s.r.To("/avisos") + "?" + query.Encode()
}

// count is the balance beside its ledger and the citation.
func (c *catalogue) count(p *Pages, l chain.Links) {
	s, b := c.scene, l.Balance
	c.bar = leaf.Balance{Received: b.Received, Admitted: b.Admitted, Merged: b.Merged, Refused: b.Refused, Withdrawn: b.Withdrawn,
		Waiting: b.Waiting, At: s.Words.Stamp(s.local(s.Now)), CSV: s.r.To("/ediciones", string(s.Edition.ID), "cuenta.csv")}
	if opens := s.Edition.Plan.On(edition.IntakeOpen); !opens.IsZero() && s.Now.Before(opens) {
		c.bar.Opens = s.Words.T("s.opens", "date", s.Words.Date(s.local(opens))) + "."
	}
	text := s.Words.T("b.sentence", "in", s.Words.N(b.Received), "ok", s.Words.N(b.Admitted), "join", s.Words.N(b.Merged),
		"no", s.Words.N(b.Refused), "out", s.Words.N(b.Withdrawn), "wait", s.Words.N(b.Waiting))
	c.Margin.Cite = p.Cite(s.r, s.Edition.Zone, text, s.Words.T("qt.list.of", "n", s.Words.N(b.Received), "edition", chain.Name(s.Words, s.Edition)),
		s.r.To("/ediciones", string(s.Edition.ID), "preguntas"))
	if _, open := s.Edition.Accepts(s.Now); open {
		c.none = &leaf.Link{Text: s.Words.T("h.ask"), Href: s.r.To("/ediciones", string(s.Edition.ID), "preguntar")}
	}
}

// choices are the boxes of the filter. Beside each choice stands how many it shows
// by itself; one that shows none is left out, unless it is chosen.
func (c *catalogue) choices(f civic.Facets) {
	s := c.scene
	w, r := s.Words, s.r
	box := func(name, label string, options []leaf.Option, counts []int) {
		shown := []leaf.Option{{Text: w.T("qt.any")}}
		for i, o := range options {
			if counts[i] > 0 {
				o.Text = w.T("fi.option", "what", o.Text, "n", w.N(counts[i]))
			} else if o.Value != r.Query(name) {
				continue
			}
			shown = append(shown, o)
		}
		if len(shown) > 1 {
			c.fields = append(c.fields, leaf.Field{Name: name, Label: label, Value: r.Query(name), Options: shown})
		}
	}
	c.search = leaf.Field{Name: "q", Label: w.T("qt.search"), Type: "search", Value: r.Query("q")}
	states, n := []leaf.Option{}, []int{}
	for _, g := range groups {
		states, n = append(states, leaf.Option{Value: g.code, Text: w.T("qt.filter." + g.code)}), append(n, 0)
		for _, state := range g.states {
			n[len(n)-1] += f.States[state]
		}
		if g.code == inherited {
			n[len(n)-1] = f.Inherited
		}
	}
	box("estado", w.T("qt.state"), states, n)
	owners := s.Owners()
	box("institucion", w.T("qt.institution"), owners, tally(owners, f.Institutions))
	var places []leaf.Option
	for _, m := range s.Directory.Municipalities {
		places = append(places, leaf.Option{Value: string(m.Code), Text: m.Name})
	}
	box("municipio", w.T("x.where"), places, tally(places, f.Places))
	var topics []leaf.Option
	for _, t := range slices.Sorted(maps.Keys(f.Themes)) {
		if t != "" {
			topics = append(topics, leaf.Option{Value: string(t), Text: s.Theme(t)})
		}
	}
	box("tema", w.T("qt.theme"), topics, tally(topics, f.Themes))
	var languages []leaf.Option
	for _, l := range slices.Sorted(maps.Keys(f.Languages)) {
		languages = append(languages, leaf.Option{Value: string(l), Text: s.coded("qt.lang."+string(l), l)})
	}
	if len(languages) > 1 || r.Query("idioma") != "" {
		box("idioma", w.T("qt.ask.language"), languages, tally(languages, f.Languages))
	}
}

// tally is how many questions each choice shows.
func tally[K ~string](options []leaf.Option, by map[K]int) []int {
	n := make([]int, len(options))
	for i, o := range options {
		n[i] = by[K(o.Value)]
	}
	return n
}

func (s scene) filtered() bool {
	return slices.ContainsFunc(filters[:len(filters)-1], func(name string) bool { return s.r.Query(name) != "" })
}

// query is the filter of this visit with one parameter changed, in the order in
// which the address bar has it whatever order it came in.
func (s scene) query(name, value string) string {
	var b strings.Builder
	for _, f := range filters {
		x := s.r.Query(f)
		if f == name {
			x = value
		}
		if x != "" {
			b.WriteString(map[bool]string{true: "?", false: "&"}[b.Len() == 0] + f + "=" + url.QueryEscape(x))
		}
	}
	return b.String()
}

// link is this list from a cursor on.
func (s scene) link(after string) string {
	return s.r.To("/ediciones", string(s.Edition.ID), "preguntas") + s.query("despues", after)
}

// file is the address of a download of this list.
func (s scene) file(kind string) string {
	return s.r.To("/ediciones", string(s.Edition.ID), "preguntas."+kind) + s.query("despues", "")
}
