package home

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// Pages is the front door. Series is the one whose edition it shows ("" is any);
// Real is the documented one whose promises and editions stand below.
type Pages struct {
	chain.Desks
	Series glosa.SeriesID
	Real   glosa.SeriesID
}

// Mount hangs up the front door.
func (p *Pages) Mount(r *door.Router) { r.Page("/", p.show) }

// home is everything the front door shows.
type home struct {
	leaf.Page
	Edition  edition.Edition
	Account  *chain.Account
	Counted  leaf.Margin
	Promised []promise
	Year     string // of the first promises
	Span     string // "2018 a 2025"
	Editions []old
	All      string // "Las nueve ediciones"
}

// promise is one row of what was promised first.
type promise struct {
	ID, Title, Href string
	Last            string // what is last on record; "" when nothing was located
	After           string // since when nothing was located
	Inferred        bool   // that it continues is our reading
}

// old is one row of the box of editions.
type old struct {
	Nth, Href, Text string
	Conflict        string // where two sources disagree
}

func (p *Pages) show(r *door.Request) (door.View, error) {
	h := home{Page: leaf.From(r, r.Words.T("h.title"))}
	h.Side = leaf.FolioBox(r.Words, r.Lang)
	tags := []string{"editions", "sources"}
	until, err := p.today(r, &h)
	if err != nil {
		return door.View{}, err
	}
	if h.Edition.ID != "" {
		tags = append(tags, "edition:"+string(h.Edition.ID))
	}
	if tags, err = p.past(r, &h, tags); err != nil {
		return door.View{}, err
	}
	return door.View{Body: page(h), Tags: tags, Until: until}, nil
}

// today is the edition at the door; without one the promises come first.
func (p *Pages) today(r *door.Request, h *home) (until time.Time, err error) {
	w := r.Words
	ed, err := p.Edition.Home(r.Context(), p.Series)
	if glosa.KindOf(err) == glosa.NotFound && err != nil {
		h.State, h.More = w.T("ho.none"), w.T("ho.none.more")
		return time.Time{}, nil
	}
	if err != nil {
		return until, err
	}
	x, err := p.Edition.Exceptions(r.Context(), ed.ID)
	if err != nil {
		return until, err
	}
	links, err := p.Of(r, ed)
	if err != nil {
		return until, err
	}
	h.Edition = ed
	here := r.To("/ediciones", string(ed.ID))
	h.Margin = leaf.Margin{Head: chain.Name(w, ed), HeadLang: chain.Lang(w, ed), Lines: leaf.Notes(chain.Step(w, ed)), Synthetic: ed.Synthetic}
	h.State, h.More = chain.Sentence(w, ed, x.Halts, r.Now)
	h.Clock = chain.Clock(w, ed, r.Now, r.Site.Place)
	h.Action = chain.Action(r, ed)
	h.Chain = &links.Chain
	if ed.Reached(edition.IntakeOpen) {
		a, err := p.AccountOf(r, ed, links)
		if err != nil {
			return until, err
		}
		h.Account = &a
		said := w.T("ho.cite", "n", w.N(links.Balance.Received), "name", chain.Name(w, ed))
		h.Counted = leaf.Margin{Head: w.T("ho.account"), Lines: leaf.Notes(w.T("ho.at", "date", w.Stamp(r.Now.In(ed.Zone)))),
			Synthetic: ed.Synthetic, Cite: p.Cite(r, ed.Zone, said, w.T("ho.cite.of"), here+"#cuenta")}
	}
	return links.Until, nil
}

// past is what was promised in the first documented edition, and the editions.
func (p *Pages) past(r *door.Request, h *home, tags []string) ([]string, error) {
	editions, err := p.Edition.List(r.Context(), p.Real)
	if err != nil {
		return tags, err
	}
	real := slices.DeleteFunc(editions, func(e edition.Edition) bool { return !e.Documented })
	if len(real) == 0 {
		return tags, nil
	}
	slices.SortFunc(real, func(a, b edition.Edition) int { return cmp.Compare(b.Number, a.Number) })
	h.All = r.Words.T("ho.all", "n", r.Words.N(len(real)))
	h.Span = r.Words.T("ho.span", "from", strconv.Itoa(real[len(real)-1].Session.Year()), "to", strconv.Itoa(real[0].Session.Year()))
	if h.Editions, err = p.box(r, real); err != nil {
		return tags, err
	}
	return p.promises(r, h, real[len(real)-1], tags)
}

// box picks the editions that the front door names: the three newest, those on
// which sources disagree, and the first. The others are one tap away.
func (p *Pages) box(r *door.Request, real []edition.Edition) (box []old, err error) {
	w := r.Words
	for i, e := range real {
		facts, err := p.Edition.Facts(r.Context(), e.ID)
		if err != nil {
			return nil, err
		}
		x := old{Nth: w.Ordinal(e.Number), Href: r.To("/ediciones", string(e.ID)), Text: e.Known.Date.In(w.Lang)}
		clash := slices.IndexFunc(facts, func(f edition.Fact) bool { return f.Conflict })
		if clash >= 0 {
			x.Conflict = w.T("ho.clash." + string(facts[clash].Field))
		}
		if i > 2 && i != len(real)-1 && clash < 0 {
			continue
		}
		switch {
		case e.Known.Nothing:
			x.Text = w.T("ho.nothing", "year", strconv.Itoa(e.Session.Year()))
		case e.Place.City != "":
			x.Text += ", " + e.Place.City
		case e.Known.Place.IsZero():
			x.Text += " · " + w.T("ho.noplace")
		}
		box = append(box, x)
	}
	return box, nil
}

func (p *Pages) promises(r *door.Request, h *home, first edition.Edition, tags []string) ([]string, error) {
	board, err := p.Commitment.Board(r.Context(), commitment.Filter{Edition: first.ID})
	if err != nil {
		return tags, err
	}
	dossier, err := p.Edition.Dossier(r.Context(), p.Real)
	if err != nil {
		return tags, err
	}
	slices.SortFunc(board.Rows, func(a, b commitment.Row) int { return cmp.Compare(a.ID, b.ID) })
	h.Year = strconv.Itoa(first.Session.Year())
	for _, row := range board.Rows {
		card, err := p.Commitment.Card(r.Context(), string(row.ID))
		if err != nil {
			return tags, err
		}
		about := func(kind glosa.Code) string { return finding(dossier, kind, row.ID, r.Words) }
		h.Promised = append(h.Promised, promise{ID: string(row.ID), Title: card.Versions[0].Wording.Title, Href: r.To("/compromisos", string(row.ID)),
			Last: about("last"), After: about("after"), Inferred: reading(card)})
		tags = append(tags, "commitment:"+string(row.ID))
	}
	return tags, nil
}

// finding is what the sources say about one commitment as a whole.
func finding(d edition.Dossier, kind glosa.Code, about glosa.CommitmentID, w *text.Words) string {
	for _, f := range d.Findings {
		if f.Kind == kind && f.About == string(about) {
			return f.Text.In(w.Lang)
		}
	}
	return ""
}

// reading tells whether what follows a promise is tied to it by our reading only.
func reading(c commitment.Card) bool {
	return slices.ContainsFunc(c.Links, func(l commitment.Link) bool { return l.Basis == commitment.Inferred }) &&
		!slices.ContainsFunc(c.Links, func(l commitment.Link) bool { return l.Basis == commitment.OnRecord })
}
