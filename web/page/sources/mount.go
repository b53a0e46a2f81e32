package sources

import (
	"slices"
	"strconv"
	"strings"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// Pages is the page of sources. Real is the documented series.
type Pages struct {
	Edition    *edition.Desk
	Commitment *commitment.Desk
	Real       glosa.SeriesID
}

// Mount hangs it up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/fuentes", p.show)
	r.Page("/fuentes.csv", p.table)
	r.Page("/fuentes.json", p.items)
}

// shown is the page.
type shown struct {
	leaf.Page
	Clashes []fact // where sources disagree
	Gaps    []fact // what was looked for and not found
	Topics  []topic
	Sources []source
}

type topic struct {
	ID, Title string
	Facts     []fact
}

// fact is one fact with its addresses and what contradicts it.
type fact struct {
	ID, Date, Text, Of string
	OfHref             string // the edition or commitment it is about
	Gap                bool
	Sources            []leaf.Link
	Clash              string
	Against            []leaf.Link
	Tally              *leaf.Ledger
	Off                string // the sum, when the parts do not add up
}

// source is one address and how many facts stand on it.
type source struct {
	ID, Publisher, URL, Note, Used string
	Reopen                         bool
}

func (p *Pages) show(r *door.Request) (door.View, error) {
	facts, d, err := p.gather(r)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	v := shown{Page: leaf.From(r, w.T("foot.sources"))}
	used := map[glosa.SourceID]int{}
	for _, f := range facts {
		v.place(w, f)
		for _, id := range f.ids {
			used[id]++
		}
	}
	for _, s := range d.Sources {
		v.Sources = append(v.Sources, source{ID: string(s.ID), Publisher: s.Publisher, URL: s.URL, Note: s.Note.In(r.Lang), Reopen: s.Reopen,
			Used: w.T("fu.used", "n", w.N(used[s.ID]))})
	}
	v.State = w.T("fu.state", "facts", w.N(len(facts)), "sources", w.N(len(d.Sources)))
	v.More = w.T("fu.more", "clashes", w.N(len(v.Clashes)), "gaps", w.N(len(v.Gaps)))
	v.Margin = leaf.Margin{Head: w.T("ho.real"), Lines: leaf.Notes(w.T("fu.words")), Cite: &leaf.Cite{
		Text: w.T("fu.cite", "clashes", w.N(len(v.Clashes)), "facts", w.N(len(facts))), Denominator: w.T("fu.cite.of"), URL: chain.Permanent(r, r.To("/fuentes"))}}
	v.Downloads = []leaf.Link{{Text: "CSV", Href: r.To("/fuentes.csv")}, {Text: "JSON", Href: r.To("/fuentes.json")}}
	return door.View{Body: page(v), Tags: []string{"sources", "editions"}}, nil
}

// place puts a fact where it is read: conflicts and gaps first, then by topic.
func (v *shown) place(w *text.Words, f gathered) {
	switch {
	case f.Clash != "" || f.Off != "":
		v.Clashes = append(v.Clashes, f.fact)
	case f.Gap:
		v.Gaps = append(v.Gaps, f.fact)
	}
	i := slices.IndexFunc(v.Topics, func(t topic) bool { return t.ID == f.topic })
	if i < 0 {
		title := f.topic
		if w.Has("fu.topic." + f.topic) {
			title = w.T("fu.topic." + f.topic)
		}
		v.Topics, i = append(v.Topics, topic{ID: f.topic, Title: title}), len(v.Topics)
	}
	v.Topics[i].Facts = append(v.Topics[i].Facts, f.fact)
}

// gathered is a fact with what the page needs beside it.
type gathered struct {
	fact
	topic string
	ids   []glosa.SourceID
}

// gather reads the dossier's findings and what is said of each edition.
func (p *Pages) gather(r *door.Request) (out []gathered, d edition.Dossier, err error) {
	if d, err = p.Edition.Dossier(r.Context(), p.Real); err != nil {
		return nil, d, err
	}
	for _, f := range d.Findings {
		out = append(out, p.finding(r, f, d))
	}
	editions, err := p.Edition.List(r.Context(), p.Real)
	if err != nil {
		return nil, d, err
	}
	for _, e := range editions {
		if !e.Documented {
			continue
		}
		facts, err := p.Edition.Facts(r.Context(), e.ID)
		if err != nil {
			return nil, d, err
		}
		out = append(out, ofEdition(r, e, facts, d)...)
		promised, err := p.ofPromises(r, e, d)
		if err != nil {
			return nil, d, err
		}
		out = append(out, promised...)
	}
	return out, d, nil
}

// ofPromises is every line of the story of each commitment of an edition, and
// the word that a source gives of it, each a fact with its own addresses.
func (p *Pages) ofPromises(r *door.Request, e edition.Edition, d edition.Dossier) (out []gathered, err error) {
	board, err := p.Commitment.Board(r.Context(), commitment.Filter{Edition: e.ID})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(board.Rows, func(a, b commitment.Row) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, row := range board.Rows {
		card, err := p.Commitment.Card(r.Context(), string(row.ID))
		if err != nil {
			return nil, err
		}
		told := func(es, en string) string { return edition.Words{Es: es, En: en}.In(r.Lang) }
		add := func(id, date, text, clash string, ids, against []glosa.SourceID) {
			out = append(out, gathered{topic: "commitment", ids: slices.Concat(ids, against), fact: fact{ID: id, Of: string(row.ID),
				OfHref: r.To("/compromisos", string(row.ID)), Date: date, Text: text, Sources: linksOf(ids, d), Clash: clash, Against: linksOf(against, d)}})
		}
		for n, x := range card.Timeline {
			if len(x.Sources) == 0 {
				continue
			}
			text := told(x.Text, x.En.Text)
			if note := told(x.Note, x.En.Note); note != "" {
				text += ". " + note
			}
			add(string(row.ID)+"-"+strconv.Itoa(n+1), told(x.DateText, x.En.DateText), text, told(x.Conflict, x.En.Conflict), x.Sources, x.Disputing)
		}
		if v := card.Government; len(v.Sources) > 0 {
			text := r.Words.T("m.gov") + ": " + told(v.Own, v.OwnEn)
			if note := told(v.Note, v.NoteEn); note != "" {
				text += ". " + note
			}
			add("government-"+string(row.ID), "", text, "", v.Sources, nil)
		}
	}
	return out, nil
}

func (p *Pages) finding(r *door.Request, f edition.Finding, d edition.Dossier) gathered {
	w := r.Words
	g := gathered{topic: string(f.Topic), ids: f.Sources}
	g.fact = fact{ID: f.ID, Date: f.Date.In(r.Lang), Text: f.Text.In(r.Lang), Gap: f.Kind == "gap", Sources: linksOf(f.Sources, d)}
	if f.About != "" {
		g.Of, g.OfHref = f.About, r.To("/compromisos", f.About)
		if strings.HasPrefix(f.About, string(p.Real)+"-") {
			g.OfHref = r.To("/ediciones", f.About)
		}
	}
	if f.Conflict != nil {
		g.Clash, g.Against = f.Conflict.Says.In(r.Lang), linksOf(f.Conflict.Sources, d)
		g.ids = slices.Concat(g.ids, f.Conflict.Sources)
	}
	if t := f.Tally; t != nil {
		l := leaf.Ledger{Caption: g.Text, Small: true, Total: &leaf.Row{Label: w.T("fu.tally.total", "unit", t.Unit.In(r.Lang)), Value: w.N(t.Total)}}
		for _, part := range t.Parts {
			l.Rows = append(l.Rows, leaf.Row{Label: part.Label.In(r.Lang), Value: w.N(part.N)})
		}
		if sum := t.Adds(); sum != t.Total {
			l.Rows = append(l.Rows, leaf.Row{Label: w.T("fu.tally.sum"), Value: w.N(sum)})
			g.Off = w.T("fu.tally.off", "sum", w.N(sum), "total", w.N(t.Total))
		}
		g.Tally = &l
	}
	return g
}

// ofEdition is what sources say of one edition, each field a fact; an edition of
// which nothing was located is one gap.
func ofEdition(r *door.Request, e edition.Edition, facts []edition.Fact, d edition.Dossier) (out []gathered) {
	w := r.Words
	name, href := chain.Name(w, e), r.To("/ediciones", string(e.ID))
	if e.Known.Nothing {
		return []gathered{{topic: "editions", fact: fact{ID: string(e.ID), Of: name, OfHref: href, Gap: true,
			Text: w.T("c.nodata") + ".", Date: strconv.Itoa(e.Session.Year())}}}
	}
	for _, f := range facts {
		if n := len(out) - 1; f.Conflict && n >= 0 {
			out[n].Clash, out[n].Against = f.Value.In(r.Lang), linksOf(f.Sources, d)
			out[n].ids = slices.Concat(out[n].ids, f.Sources)
			continue
		}
		out = append(out, gathered{topic: "editions", ids: f.Sources, fact: fact{ID: string(e.ID) + "-" + string(f.Field), Of: name, OfHref: href,
			Date: w.T("ep.field." + string(f.Field)), Text: f.Value.In(r.Lang), Sources: linksOf(f.Sources, d)}})
	}
	return out
}

func linksOf(ids []glosa.SourceID, d edition.Dossier) (out []leaf.Link) {
	for _, id := range ids {
		if s, ok := d.Source(id); ok {
			out = append(out, leaf.Link{Text: s.Publisher, Href: s.URL})
		}
	}
	return out
}

func (p *Pages) table(r *door.Request) (door.View, error) {
	facts, _, err := p.gather(r)
	rows := [][]string{}
	for _, f := range facts {
		rows = append(rows, []string{f.ID, f.topic, f.Date, f.Text, addresses(f.Sources), f.Clash, addresses(f.Against), f.Off, strconv.FormatBool(f.Gap)})
	}
	return door.View{File: feed.CSV("fuentes", []string{"id", "topic", "date", "fact", "sources", "conflict", "conflict_sources", "sum", "gap"}, rows),
		Tags: []string{"sources", "editions"}}, err
}

func addresses(links []leaf.Link) string {
	var all []string
	for _, l := range links {
		all = append(all, l.Href)
	}
	return strings.Join(all, " ")
}

// factJS is one fact as programs read it.
type factJS struct {
	ID       string   `json:"id"`
	Topic    string   `json:"topic"`
	Date     string   `json:"date,omitempty"`
	Text     string   `json:"text"`
	Sources  []string `json:"sources"`
	Conflict string   `json:"conflict,omitempty"`
	Against  []string `json:"conflict_sources,omitempty"`
	Gap      bool     `json:"gap,omitempty"`
	Sum      string   `json:"sum,omitempty"`
}

func (p *Pages) items(r *door.Request) (door.View, error) {
	facts, _, err := p.gather(r)
	if err != nil {
		return door.View{}, err
	}
	out := struct {
		Items []factJS `json:"items"`
	}{Items: []factJS{}}
	for _, f := range facts {
		out.Items = append(out.Items, factJS{f.ID, f.topic, f.Date, f.Text, strings.Fields(addresses(f.Sources)), f.Clash, strings.Fields(addresses(f.Against)), f.Gap, f.Off})
	}
	file, err := feed.JSON("fuentes", out)
	return door.View{File: file, Tags: []string{"sources", "editions"}}, err
}
