package edition

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// line is one edition in a list.
type line struct {
	Name, Nth, Href   string
	Lang              string // of Name, when it is not the page's
	When, Where, Word string
	Shape             leaf.Shape
	Clash             string // fields on which sources disagree
	Nothing           bool
	Synthetic         bool
}

// listed is the page of all editions.
type listed struct {
	leaf.Page
	Ours []line // held on this site
	Real []line // known from sources, newest first
}

// public lists the editions, newest first: those held here, and those that sources know.
func (p *Pages) public(r *door.Request) (ours, real []edition.Edition, err error) {
	all, err := p.Edition.List(r.Context(), "")
	for _, e := range all {
		if e.Documented {
			real = append(real, e)
		} else {
			ours = append(ours, e)
		}
	}
	newest := func(a, b edition.Edition) int {
		return cmp.Or(cmp.Compare(a.Series, b.Series), cmp.Compare(b.Number, a.Number))
	}
	slices.SortFunc(ours, newest)
	slices.SortFunc(real, newest)
	return ours, real, err
}

func (p *Pages) list(r *door.Request) (door.View, error) {
	w := r.Words
	ours, real, err := p.public(r)
	if err != nil {
		return door.View{}, err
	}
	l := listed{Page: leaf.From(r, w.T("nav.editions"))}
	l.State = w.T("ep.list.state", "real", w.N(len(real)), "ours", w.N(len(ours)))
	l.More = w.T("ep.list.more")
	l.Margin = leaf.Margin{Head: w.T("ep.list.margin"), Lines: leaf.Notes(w.T("ep.list.newest"))}
	l.Downloads = downloads(r, "/ediciones")
	tags := []string{"editions", "sources"}
	var until time.Time
	for _, e := range ours {
		l.Ours = append(l.Ours, p.ours(r, e))
		tags, until = append(tags, "edition:"+string(e.ID)), soon(until, chain.Until(e, r.Now))
	}
	l.Margin.Cite = p.Cite(r, nil, l.Title+": "+l.State, "", r.To("/ediciones"))
	for _, e := range real {
		x, err := p.real(r, e)
		if err != nil {
			return door.View{}, err
		}
		l.Real = append(l.Real, x)
	}
	return door.View{Body: listPage(l), Tags: tags, Until: until}, nil
}

// downloads stand next to every list.
func downloads(r *door.Request, path string) []leaf.Link {
	return []leaf.Link{{Text: "Atom", Href: r.To(path + ".atom")}, {Text: "CSV", Href: r.To(path + ".csv")}, {Text: "JSON", Href: r.To(path + ".json")}}
}

func (p *Pages) ours(r *door.Request, e edition.Edition) line {
	w := r.Words
	x := line{Name: chain.Name(w, e), Lang: chain.Lang(w, e), Nth: w.Ordinal(e.Number), Href: r.To("/ediciones", string(e.ID)), Where: e.Place.City,
		Word: chain.Word(w, e.StageAt(r.Now)), Shape: shapeOf(e), Synthetic: e.Synthetic, When: w.T("s.nodate")}
	if day := e.Plan.Begins(edition.InSession); !day.IsZero() && e.Stage != edition.Postponed {
		x.When = w.T("ep.session.on", "date", w.Day(day.In(e.Zone)))
	}
	return x
}

func shapeOf(e edition.Edition) leaf.Shape {
	switch e.Stage {
	case edition.Postponed:
		return leaf.Paused
	case edition.Cancelled:
		return leaf.Barred
	case edition.Evaluated, edition.Closed:
		return leaf.Done
	case edition.IntakeOpen:
		return leaf.Open
	}
	return leaf.Going
}

func (p *Pages) real(r *door.Request, e edition.Edition) (line, error) {
	w := r.Words
	facts, err := p.Edition.Facts(r.Context(), e.ID)
	x := line{Name: chain.Name(w, e), Nth: w.Ordinal(e.Number), Href: r.To("/ediciones", string(e.ID)),
		When: e.Known.Date.In(w.Lang), Where: e.Known.Place.In(w.Lang), Nothing: e.Known.Nothing}
	if e.Known.Nothing {
		x.When = strconv.Itoa(e.Session.Year())
	}
	for _, f := range facts {
		if f.Conflict {
			x.Clash = w.T("ep.clash." + string(f.Field))
		}
	}
	return x, err
}

// table is the list as CSV.
func (p *Pages) table(r *door.Request) (door.View, error) {
	ours, real, err := p.public(r)
	if err != nil {
		return door.View{}, err
	}
	rows := make([][]string, 0, len(ours)+len(real))
	for _, e := range slices.Concat(ours, real) {
		rows = append(rows, []string{string(e.ID), strconv.Itoa(e.Number), chain.Name(r.Words, e), string(e.Stage), dayOf(e, r.Words),
			e.Place.City, strconv.FormatBool(e.Documented), strconv.FormatBool(e.Synthetic), synthetic(e, r.Words)})
	}
	return door.View{File: feed.CSV("ediciones", []string{"id", "number", "name", "stage", "date", "city", "documented", "synthetic", "note"}, rows),
		Tags: []string{"editions", "sources"}}, nil
}

func synthetic(e edition.Edition, w *text.Words) string {
	if e.Synthetic {
		return w.T("c.synth")
	}
	return ""
}

// dayOf is an edition's day as it is known.
func dayOf(e edition.Edition, w *text.Words) string {
	if e.Documented {
		return e.Known.Date.In(w.Lang)
	}
	if day := e.Plan.Begins(edition.InSession); !day.IsZero() {
		return day.In(e.Zone).Format(time.DateOnly)
	}
	return ""
}

// item is one edition of the list as JSON.
type item struct {
	ID         string   `json:"id"`
	Number     int      `json:"number"`
	Name       string   `json:"name"`
	Stage      string   `json:"stage"`
	Date       string   `json:"date,omitempty"`
	City       string   `json:"city,omitempty"`
	Documented bool     `json:"documented"`
	Synthetic  bool     `json:"synthetic"`
	Note       string   `json:"note,omitempty"`
	Facts      []factJS `json:"facts,omitempty"`
}

type factJS struct {
	Field    string   `json:"field"`
	Value    string   `json:"value"`
	Conflict bool     `json:"conflict,omitempty"`
	Sources  []string `json:"sources"`
}

func (p *Pages) items(r *door.Request) (door.View, error) {
	ours, real, err := p.public(r)
	if err != nil {
		return door.View{}, err
	}
	out := struct {
		Items []item `json:"items"`
	}{Items: []item{}}
	for _, e := range slices.Concat(ours, real) {
		x := item{ID: string(e.ID), Number: e.Number, Name: chain.Name(r.Words, e), Stage: string(e.Stage), Date: dayOf(e, r.Words),
			City: e.Place.City, Documented: e.Documented, Synthetic: e.Synthetic, Note: synthetic(e, r.Words)}
		facts, err := p.Edition.Facts(r.Context(), e.ID)
		if err != nil {
			return door.View{}, err
		}
		d, err := p.Edition.Dossier(r.Context(), e.Series)
		if err != nil {
			return door.View{}, err
		}
		for _, f := range facts {
			js := factJS{Field: string(f.Field), Value: f.Value.In(r.Lang), Conflict: f.Conflict}
			for _, id := range f.Sources {
				if s, ok := d.Source(id); ok {
					js.Sources = append(js.Sources, s.URL)
				}
			}
			x.Facts = append(x.Facts, js)
		}
		out.Items = append(out.Items, x)
	}
	f, err := feed.JSON("ediciones", out)
	return door.View{File: f, Tags: []string{"editions", "sources"}}, err
}

func (p *Pages) feed(r *door.Request) (door.View, error) {
	ours, real, err := p.public(r)
	if err != nil {
		return door.View{}, err
	}
	var entries []feed.Entry
	for _, e := range slices.Concat(ours, real) {
		entries = append(entries, feed.Entry{Invented: e.Synthetic, Title: chain.Name(r.Words, e), Path: r.To("/ediciones", string(e.ID)), Updated: e.Since,
			Summary: chain.Word(r.Words, e.Stage)})
	}
	f, err := feed.Atom(r, r.Words.T("nav.editions"), r.To("/ediciones"), entries)
	return door.View{File: f, Tags: []string{"editions"}}, err
}
