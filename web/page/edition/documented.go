package edition

import (
	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// known is the page of a real edition of the past.
type known struct {
	leaf.Page
	Facts    []fact
	People   []person
	Findings []fact // of the dossier, about this edition
	Promises []leaf.Item
	Seats    int // people named by sources
}

// fact is one statement with what contradicts it.
type fact struct {
	Label   string
	Text    string
	Sources []leaf.Link
	Clash   string // what another source says
	Against []leaf.Link
}

// person is somebody whom a source names in public office or by the capacity alone.
type person struct {
	Text    string
	Side    string
	Sources []leaf.Link
}

func (p *Pages) documented(r *door.Request, ed edition.Edition) (door.View, error) {
	w := r.Words
	k := known{Page: below(r, ed, chain.Name(w, ed))}
	k.Crumbs, k.TitleLang = k.Crumbs[:1], chain.Lang(w, ed)
	k.Margin = leaf.Margin{Head: w.T("ep.real"), Lines: leaf.Notes(w.T("ep.real.more"))}
	facts, err := p.Edition.Facts(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	dossier, err := p.Edition.Dossier(r.Context(), ed.Series)
	if err != nil {
		return door.View{}, err
	}
	links, err := p.Of(r, ed)
	if err != nil {
		return door.View{}, err
	}
	k.Chain = &links.Chain
	k.gather(r, facts, dossier)
	k.state(r, ed)
	k.Margin.Cite = p.Cite(r, ed.Zone, k.Title+": "+k.State, "", r.To("/ediciones", string(ed.ID)))
	for _, f := range dossier.Findings {
		if f.About == string(ed.ID) {
			k.Findings = append(k.Findings, findingOf(r, f, dossier))
		}
	}
	if err := k.rest(p, r, ed); err != nil {
		return door.View{}, err
	}
	return door.View{Body: knownPage(k), Tags: chain.Tags(ed, "sources")}, nil
}

// state is the one sentence: when and where, or that nothing was located.
func (k *known) state(r *door.Request, ed edition.Edition) {
	w := r.Words
	if ed.Known.Nothing {
		k.Shape, k.State = leaf.Unknown, w.T("c.nodata")+"."
		k.More = w.T("ep.nothing")
		return
	}
	k.State = w.T("ep.held", "date", ed.Known.Date.In(w.Lang))
	if !ed.Known.Place.IsZero() {
		k.State = w.T("ep.held.at", "date", ed.Known.Date.In(w.Lang), "place", ed.Known.Place.In(w.Lang))
	}
	k.More = w.T("ep.known")
}

// gather lays each field with its sources and what contradicts it; a field
// without a statement says that nothing was located.
func (k *known) gather(r *door.Request, facts []edition.Fact, d edition.Dossier) {
	w := r.Words
	for _, field := range []glosa.Code{"date", "place", "who", "topics"} {
		row := fact{Label: w.T("ep.field." + string(field))}
		for _, f := range facts {
			switch {
			case f.Field != field:
			case f.Conflict:
				row.Clash, row.Against = f.Value.In(w.Lang), sourcesOf(r, f.Sources, d)
			default:
				row.Text, row.Sources = f.Value.In(w.Lang), sourcesOf(r, f.Sources, d)
			}
		}
		k.Facts = append(k.Facts, row)
	}
}

// sourcesOf are the addresses behind a statement, by publisher.
func sourcesOf(r *door.Request, ids []glosa.SourceID, d edition.Dossier) (out []leaf.Link) {
	for _, id := range ids {
		if s, ok := d.Source(id); ok {
			out = append(out, leaf.Link{Text: s.Publisher, Href: s.URL})
		}
	}
	return out
}

func findingOf(r *door.Request, f edition.Finding, d edition.Dossier) fact {
	x := fact{Label: f.Date.In(r.Lang), Text: f.Text.In(r.Lang), Sources: sourcesOf(r, f.Sources, d)}
	if f.Conflict != nil {
		x.Clash, x.Against = f.Conflict.Says.In(r.Lang), sourcesOf(r, f.Conflict.Sources, d)
	}
	return x
}

// rest is whom sources name, and what was promised there.
func (k *known) rest(p *Pages, r *door.Request, ed edition.Edition) error {
	roll, err := p.People.Roll(r.Context(), ed.ID)
	if err != nil {
		return err
	}
	for _, x := range roll.Participants {
		one := person{Text: x.Capacity, Side: r.Words.T("who.side." + string(x.Side))}
		if x.Name != "" {
			one.Text = x.Name + ", " + x.Capacity
		}
		if x.Institution != "" {
			one.Text += ", " + x.Institution
		}
		for _, s := range x.Sources {
			one.Sources = append(one.Sources, leaf.Link{Text: r.Words.T("src", "n", "1"), Href: s})
		}
		k.People = append(k.People, one)
	}
	board, err := p.Commitment.Board(r.Context(), commitment.Filter{Edition: ed.ID})
	for _, row := range board.Rows {
		k.Promises = append(k.Promises, leaf.Item{Code: string(row.ID), Text: row.Title, Href: r.To("/compromisos", string(row.ID)), Lang: "es"})
	}
	return err
}
