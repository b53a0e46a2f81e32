package question

import (
	"strconv"
	"strings"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// overdue is one edition's part of the public list of what is late.
type overdue struct {
	scene scene
	found []civic.Brief
	rows  []leaf.Item
}

// lateList is the public list of overdue answers, over all editions.
type lateList struct {
	leaf.Page
	parts  []overdue
	office leaf.Field
	action string
}

// lateOnes reads what is overdue in every edition that took questions.
func (p *Pages) lateOnes(r *door.Request) (parts []overdue, tags []string, n int, err error) {
	all, err := p.Edition.List(r.Context(), "")
	if err != nil {
		return nil, nil, 0, err
	}
	tags = []string{"editions"}
	for _, e := range all {
		if e.Documented || !e.Reached(edition.IntakeOpen) {
			continue
		}
		tags = append(tags, "edition:"+string(e.ID))
		f := civic.Filter{Edition: e.ID, States: []civic.State{civic.Overdue}, Institution: glosa.InstitutionKey(r.Query("institucion"))}
		var found []civic.Brief
		for after := ""; len(found) < exported*perBatch; {
			some, next, err := p.Question.List(r.Context(), f, after, perBatch)
			if err != nil {
				return nil, nil, 0, err
			}
			found = append(found, some...)
			if after = next; next == "" {
				break
			}
		}
		if len(found) == 0 {
			continue
		}
		s, err := p.scene(r, e.ID)
		if err != nil {
			return nil, nil, 0, err
		}
		part := overdue{scene: s, found: found}
		for _, b := range found {
			row := s.Row(b, r.To("/preguntas", string(b.ID)))
			row.Shape, row.Word = "", "" // its own clock says that it is late
			part.rows = append(part.rows, row)
		}
		parts, n = append(parts, part), n+len(found)
	}
	return parts, tags, n, nil
}

func (p *Pages) late(r *door.Request) (door.View, error) {
	parts, tags, n, err := p.lateOnes(r)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	l := lateList{Page: leaf.From(r, w.T("qt.late.title")), parts: parts, action: r.To("/vencidas")}
	l.Shape, l.State, l.More = leaf.Done, w.T("qt.late.none")+".", w.T("qt.late.none.why")
	if n > 0 {
		l.Shape, l.State, l.More = leaf.Overdue, w.T("qt.late.n", "n", w.N(n))+".", w.T("qt.late.what")
	}
	v := door.View{Tags: tags}
	l.Synthetic = n > 0
	for _, part := range parts {
		l.Synthetic = l.Synthetic && part.scene.Edition.Synthetic
		v.Until = sooner(v.Until, nextMidnight(part.scene))
	}
	any, err := p.offices(r)
	if err != nil {
		return door.View{}, err
	}
	l.office = any
	query := ""
	if key := r.Query("institucion"); key != "" {
		query = "?institucion=" + key
	}
	for _, kind := range []string{"atom", "csv", "json"} {
		l.Downloads = append(l.Downloads, leaf.Link{Text: label(kind), Href: r.To("/vencidas."+kind) + query})
	}
	if n > 0 {
		s := parts[0].scene
		l.Margin.Cite = p.Cite(r, s.Edition.Zone, w.T("qt.late.n", "n", w.N(n)), w.T("qt.late.of"), r.To("/vencidas"))
	}
	v.Body = latePage(l)
	return v, nil
}

// offices is the filter by institution.
func (p *Pages) offices(r *door.Request) (leaf.Field, error) {
	all, err := p.People.Everybody(r.Context())
	f := leaf.Field{Name: "institucion", Label: r.Words.T("qt.institution"), Value: r.Query("institucion"), Options: []leaf.Option{{Text: r.Words.T("qt.any")}}}
	for _, i := range all {
		if i.Side == glosa.Government {
			f.Options = append(f.Options, leaf.Option{Value: string(i.Key), Text: i.Name})
		}
	}
	return f, err
}

func (p *Pages) lateTable(r *door.Request) (door.View, error) {
	parts, tags, _, err := p.lateOnes(r)
	return door.View{File: sheet("vencidas", lateItems(r, parts)), Tags: tags}, err
}

func lateItems(r *door.Request, parts []overdue) []item {
	items := []item{}
	for _, part := range parts {
		for _, b := range part.found {
			items = append(items, part.scene.item(r, b))
		}
	}
	return items
}

func (p *Pages) lateItems(r *door.Request) (door.View, error) {
	parts, tags, _, err := p.lateOnes(r)
	if err != nil {
		return door.View{}, err
	}
	f, err := feed.JSON("vencidas", listing{Items: lateItems(r, parts)})
	return door.View{File: f, Tags: tags}, err
}

func (p *Pages) lateFeed(r *door.Request) (door.View, error) {
	parts, tags, _, err := p.lateOnes(r)
	if err != nil {
		return door.View{}, err
	}
	var entries []feed.Entry
	for _, part := range parts {
		entries = append(entries, part.scene.entries(r, part.found)...)
	}
	f, err := feed.Atom(r, r.Words.T("qt.late.title"), r.To("/vencidas"), entries)
	return door.View{File: f, Tags: tags}, err
}

// journal is what was decided on the questions of an edition, newest first.
type journal struct {
	leaf.Page
	rows  []leaf.Entry
	next  string
	first string

	figures string // the same in counts
}

func (p *Pages) changes(r *door.Request) (door.View, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	steps, next, err := p.Question.Log(r.Context(), s.Edition.ID, r.Query("despues"), perPage)
	if err != nil {
		return door.View{}, err
	}
	j := journal{Page: s.page(s.Words.T("qt.changes.title"))}
	base := r.To("/ediciones", string(s.Edition.ID), "cambios")
	j.More = s.Words.T("qt.changes.what")
	j.figures = r.To("/ediciones", string(s.Edition.ID), "moderacion")
	j.Downloads = []leaf.Link{{Text: "Atom", Href: base + ".atom"}}
	if next != "" {
		j.next = base + "?despues=" + next
	}
	if r.Query("despues") != "" {
		j.first = base
	}
	for _, st := range steps {
		x := s.Happened(s.Edition.ID, st)
		j.rows = append(j.rows, leaf.Entry{When: s.Words.Stamp(s.local(st.At)), Text: x.Bold + " " + x.Rest, Note: s.Names.By(string(st.By)),
			Links: []leaf.Link{{Text: string(st.Question), Href: r.To("/preguntas", string(st.Question))}}})
	}
	return door.View{Body: changesPage(j), Tags: chain.Tags(s.Edition)}, nil
}

func (p *Pages) changesFeed(r *door.Request) (door.View, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	steps, _, err := p.Question.Log(r.Context(), s.Edition.ID, "", perPage)
	if err != nil {
		return door.View{}, err
	}
	var entries []feed.Entry
	for _, st := range steps {
		x := s.Happened(s.Edition.ID, st)
		entries = append(entries, feed.Entry{Invented: s.Edition.Synthetic, Title: string(st.Question) + ". " + x.Bold + " " + x.Rest, Path: r.To("/preguntas", string(st.Question)), Step: "paso-" + strconv.Itoa(st.N),
			Summary: s.Names.By(string(st.By)), Updated: st.At})
	}
	f, err := feed.Atom(r, s.Words.T("qt.changes.title"), r.To("/ediciones", string(s.Edition.ID), "cambios"), entries)
	return door.View{File: f, Tags: chain.Tags(s.Edition)}, err
}

// label is how a download is called.
func label(kind string) string {
	if kind == "atom" {
		return "Atom"
	}
	return strings.ToUpper(kind)
}
