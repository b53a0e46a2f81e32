package portrait

import (
	"cmp"
	"slices"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	civic "glosa/civic/people/portrait"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// Pages is the page of who is missing, bound to its desks.
type Pages struct{ chain.Desks }

// Mount hangs it up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/ediciones/{edition}/quien-falta", p.show)
	r.Page("/ediciones/{edition}/quien-falta.csv", p.table)
	r.Page("/ediciones/{edition}/quien-falta.json", p.data)
	r.Act("/ediciones/{edition}/quien-falta", p.answer)
	r.Desk("/mesa/quien-falta/{edition}", p.desk)
}

// place is one municipality beside its share of the population.
type place struct {
	people.Share
	Name     string
	Row, Col int
	Answered int
	Speakers int // per mille of three years and more who speak an indigenous language; -1 when it is not counted
}

// meter is everything that the page, its files and the desk show.
type meter struct {
	ed     edition.Edition
	whole  people.Territory
	places []place // in the order of their codes
	total  int
	board  civic.Board
}

// meter reads it. An edition that is known from sources only took no questions here: NotFound.
func (p *Pages) meter(r *door.Request) (m meter, err error) {
	id := glosa.EditionID(r.Path("edition"))
	if m.ed, err = p.Edition.Get(r.Context(), id); err != nil {
		return m, err
	}
	if m.ed.Documented || m.ed.Zone == nil {
		return m, glosa.Missing("portrait", string(id))
	}
	var parts []people.Territory
	m.whole, parts, err = p.People.Places(r.Context(), m.ed.Territory, r.Now.In(m.ed.Zone))
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return m, err
	}
	by, err := p.Question.Places(r.Context(), id)
	if err != nil {
		return m, err
	}
	answered, err := p.Question.PlacesAnswered(r.Context(), id)
	if err != nil {
		return m, err
	}
	for i, s := range people.Represent(parts, "total", by) {
		x := place{Share: s, Name: parts[i].Name, Row: parts[i].Row, Col: parts[i].Column, Answered: answered[s.Territory], Speakers: -1}
		if from3 := parts[i].Census["from3"]; from3 > 0 {
			x.Speakers = int(1000 * parts[i].Census["speakers3"] / from3)
		}
		m.total += s.Received
		m.places = append(m.places, x)
	}
	m.board, err = p.Portrait.Board(r.Context(), id)
	return m, err
}

// absent are the municipalities that ask less than half of their share, the
// farthest from it first; one that nobody asks from is absent however few are expected.
func (m meter) absent() (out []place) {
	if m.total == 0 {
		return nil
	}
	for _, x := range m.places {
		if x.Reach == people.Absent || x.Reach == people.Few && x.Received == 0 {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.Ratio, b.Ratio), cmp.Compare(b.Expected, a.Expected))
	})
	return out
}

// desk is where one goes out to look for those who are missing.
func (p *Pages) desk(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	board, err := p.Portrait.Look(r.Context(), r.Actor, id)
	if glosa.KindOf(err) == glosa.Denied && err != nil {
		return door.View{}, glosa.Missing("edition", string(id))
	}
	if err != nil {
		return door.View{}, err
	}
	m, err := p.meter(r)
	if err != nil {
		return door.View{}, err
	}
	m.board = board
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	d := outing{Page: head(r, m, w.T("x.desk.title")), all: r.To("/ediciones", string(id), "quien-falta")}
	d.Path, d.NoIndex, d.Signed = "/mesa/quien-falta/"+string(id), true, names.Actor(r.Actor)
	d.Crumbs = []leaf.Link{{Text: w.T("en.desk.title"), Href: r.To("/mesa")}}
	d.More = w.T("x.desk.what")
	for _, x := range m.absent() {
		d.rows = append(d.rows, errand(r, x))
	}
	for _, g := range groups(r, m) {
		for _, row := range g.rows {
			if row.low {
				d.rows = append(d.rows, leaf.Item{Text: row.name, Shape: leaf.Later, Word: w.T("x.ratio.is", "n", row.ratio), Notes: []string{g.title}})
			}
		}
	}
	return door.View{Body: deskPage(d)}, nil
}

// errand says what is missing from a municipality and what may help there.
func errand(r *door.Request, x place) leaf.Item {
	w := r.Words
	item := leaf.Item{Text: x.Name, Shape: leaf.Later, Word: w.T("x.errand", "n", w.N(x.Received), "of", hundredths(x.Expected))}
	if need := (x.Expected*8/10+99)/100 - x.Received; need > 0 {
		item.Notes = append(item.Notes, w.T("x.errand.need", "n", w.N(need)))
	}
	if x.Speakers >= 200 {
		item.Notes = append(item.Notes, w.T("x.errand.tongue", "n", percent(x.Speakers)))
	}
	item.Notes = append(item.Notes, w.T("x.errand.doors"))
	return item
}
