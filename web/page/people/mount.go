package people

import (
	"cmp"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/people"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// Pages is the pages of institutions.
type Pages struct{ chain.Desks }

// Mount hangs them up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/instituciones", p.list)
	r.Page("/instituciones.csv", p.table)
	r.Page("/instituciones.json", p.items)
	r.Page("/instituciones/{key}", p.show)
	r.Page("/instituciones/{key}/datos.csv", p.owedTable)
	r.Page("/instituciones/{key}/cambios.atom", p.changes)
}

// register is the page of all institutions.
type register struct {
	leaf.Page
	Groups []group
}

// group is the institutions of one side.
type group struct {
	ID, Title string
	Rows      []leaf.Item
}

func (p *Pages) list(r *door.Request) (door.View, error) {
	all, err := p.People.Everybody(r.Context())
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	v := register{Page: leaf.From(r, w.T("ins.title"))}
	gone := 0
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil, glosa.Observatory} {
		g := group{ID: string(side), Title: w.T("who.side." + string(side))}
		for _, i := range byName(all, side) {
			if i.Until != "" || i.Next != "" {
				gone++
			}
			g.Rows = append(g.Rows, item(r, i))
		}
		if len(g.Rows) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	v.State = w.T("ins.state", "n", w.N(len(all)))
	v.More = w.T("ins.more", "n", w.N(gone))
	v.Margin = leaf.Margin{Head: w.T("ins.register"), Lines: leaf.Notes(w.T("ins.register.more"))}
	v.Margin.Cite = p.Cite(r, nil, v.State, "", r.To("/instituciones"))
	v.Downloads = []leaf.Link{{Text: "CSV", Href: r.To("/instituciones.csv")}, {Text: "JSON", Href: r.To("/instituciones.json")}}
	return door.View{Body: registerPage(v), Tags: []string{"people", "institutions", "editions"}}, nil
}

func byName(all []people.Institution, side glosa.Side) (out []people.Institution) {
	for _, i := range all {
		if i.Side == side {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b people.Institution) int {
		return cmp.Or(strings.Compare(people.Fold(a.Name), people.Fold(b.Name)), cmp.Compare(a.Key, b.Key))
	})
	return out
}

func item(r *door.Request, i people.Institution) leaf.Item {
	x := leaf.Item{Text: i.Name, Href: r.To("/instituciones", string(i.Key)), Lang: "es"}
	if string(i.Key) != i.Name {
		x.Notes = append(x.Notes, string(i.Key))
	}
	if span := lifeOf(r.Words, i.Life); span != "" {
		x.Notes = append(x.Notes, span)
	}
	if i.Next != "" {
		x.Shape, x.Word = leaf.Sent, r.Words.T("ins.next."+string(i.NextBy), "next", string(i.Next))
	}
	return x
}

// lifeOf says from when until when, no more exactly than the sources do.
func lifeOf(w *text.Words, l people.Life) string {
	var parts []string
	if l.Since != "" {
		parts = append(parts, whenOf(w, "since", l.Since))
	}
	if l.Until != "" {
		parts = append(parts, whenOf(w, "until", l.Until))
	}
	return strings.Join(parts, "; ")
}

// whenOf is a date as exactly as its source gives it: a day, a month, a year, a
// range, or that nobody says.
func whenOf(w *text.Words, end string, at people.When) string {
	from, to, ranged := strings.Cut(string(at), "/")
	switch {
	case at == people.Unknown:
		return w.T("ins." + end + ".unknown")
	case !ranged:
		return w.T("ins."+end, "date", dayOf(w, from))
	case from == "..":
		return w.T("ins."+end+".before", "date", dayOf(w, to))
	case to == "..":
		return w.T("ins."+end+".after", "date", dayOf(w, from))
	}
	return w.T("ins."+end+".between", "from", dayOf(w, from), "to", dayOf(w, to))
}

func (p *Pages) table(r *door.Request) (door.View, error) {
	all, err := p.People.Everybody(r.Context())
	rows := [][]string{}
	for _, i := range all {
		rows = append(rows, []string{string(i.Key), i.Name, string(i.Side), string(i.Sector), string(i.Since), string(i.Until), string(i.Next), string(i.NextBy), i.Note, strings.Join(i.Sources, " ")})
	}
	return door.View{File: feed.CSV("instituciones", []string{"key", "name", "side", "sector", "since", "until", "next", "next_by", "note", "sources"}, rows),
		Tags: []string{"people", "institutions"}}, err
}

// entry is one institution as programs read it.
type entry struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Side    string   `json:"side"`
	Sector  string   `json:"sector"`
	Since   string   `json:"since,omitempty"`
	Until   string   `json:"until,omitempty"`
	Next    string   `json:"next,omitempty"`
	NextBy  string   `json:"next_by,omitempty"`
	Note    string   `json:"note,omitempty"`
	Sources []string `json:"sources"`
}

func (p *Pages) items(r *door.Request) (door.View, error) {
	all, err := p.People.Everybody(r.Context())
	if err != nil {
		return door.View{}, err
	}
	out := struct {
		Items []entry `json:"items"`
	}{Items: []entry{}}
	for _, i := range all {
		out.Items = append(out.Items, entry{string(i.Key), i.Name, string(i.Side), string(i.Sector), string(i.Since), string(i.Until),
			string(i.Next), string(i.NextBy), i.Note, i.Sources})
	}
	f, err := feed.JSON("instituciones", out)
	return door.View{File: f, Tags: []string{"people", "institutions"}}, err
}
