package intake

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/question/intake"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// hall is the public page of an edition's doors.
type hall struct {
	leaf.Page
	s      scene
	tables []civic.Table
	counts leaf.Ledger
	open   bool
	ask    string
}

func (p *Pages) doors(r *door.Request) (door.View, error) {
	s, err := p.scene(r)
	if err != nil {
		return door.View{}, err
	}
	all, err := p.Intake.Public(r.Context(), s.Edition.ID)
	if err != nil {
		return door.View{}, err
	}
	w := s.Words
	h := hall{s: s, tables: all.Tables, ask: r.To("/ediciones", string(s.Edition.ID), "preguntar")}
	_, h.open = s.Edition.Accepts(r.Now)
	h.Page = leaf.From(r, w.T("h.other"))
	h.Synthetic = s.Edition.Synthetic
	h.Crumbs = []leaf.Link{{Text: w.T("nav.editions"), Href: r.To("/ediciones")}, {Text: chain.Name(w, s.Edition), Href: r.To("/ediciones", string(s.Edition.ID))}}
	h.Margin = leaf.Margin{Head: chain.Name(w, s.Edition), Lines: leaf.Notes(w.T("it.equal"))}
	h.State = w.T("it.none")
	if n := len(h.tables); n > 0 {
		h.State = w.T("it.desks.n", "n", w.N(n)) + "."
	}
	if h.open {
		h.Clock = chain.Clock(w, s.Edition, r.Now, s.Directory.Territory.Name)
		h.Action = &leaf.Action{Text: w.T("h.ask"), Href: h.ask}
	} else {
		h.More = w.T("s.closed") + "."
	}
	h.counts = s.counts(all.Counts)
	here := r.To("/ediciones", string(s.Edition.ID), "puertas")
	h.Downloads = []leaf.Link{{Text: "CSV", Href: here + ".csv"}, {Text: "JSON", Href: here + ".json"}}
	return door.View{Body: doorsPage(h), Tags: tagsOf(s.Edition.ID, all.Tables), Until: later(s, r)}, nil
}

// tagsOf are what moves the page of doors: every question of the edition counts.
func tagsOf(ed glosa.EditionID, _ []civic.Table) []string { return []string{"edition:" + string(ed)} }

// later is when days are counted anew, or the stage changes.
func later(s scene, r *door.Request) time.Time {
	y, m, d := r.Now.In(s.Edition.Zone).Date()
	next := time.Date(y, m, d+1, 0, 0, 0, 0, s.Edition.Zone)
	if at := s.Edition.Plan.Begins(edition.IntakeClosed); at.After(r.Now) && at.Before(next) {
		return at
	}
	return next
}

// counts is how many asked by each door: an account that closes unless a number
// in it is too small to be told.
func (s scene) counts(all []civic.Count) leaf.Ledger {
	w, total, told := s.Words, 0, true
	l := leaf.Ledger{Caption: w.T("it.counts"), Small: true}
	for _, c := range all {
		value := w.T("it.few")
		if c.N == civic.Hidden {
			told = false
		} else {
			value, total = w.N(c.N), total+c.N
		}
		l.Rows = append(l.Rows, leaf.Row{Label: kind(s, c.Door), Value: value})
	}
	if told {
		l.Total = &leaf.Row{Label: w.T("b.in"), Value: w.N(total)}
	}
	return l
}

// row is a desk as programs read it.
type row struct {
	Desk         civic.DeskID        `json:"desk"`
	Kind         glosa.Code          `json:"kind"`
	Name         string              `json:"name"`
	Place        string              `json:"place"`
	Municipality glosa.TerritoryCode `json:"municipality"`
	Questions    *int                `json:"questions"` // null while there are fewer than five
	Issued       int                 `json:"folios_issued"`
	Captured     *int                `json:"folios_captured"`
	Void         int                 `json:"folios_void"`
	Synthetic    bool                `json:"synthetic"`
}

func (p *Pages) rows(r *door.Request) (s scene, all civic.Public, out []row, err error) {
	if s, err = p.scene(r); err != nil {
		return s, all, nil, err
	}
	all, err = p.Intake.Public(r.Context(), s.Edition.ID)
	for _, t := range all.Tables {
		x := row{Desk: t.ID, Kind: t.Kind, Name: t.Name, Place: t.Place, Municipality: t.Municipality, Issued: t.Ledger.Issued,
			Void: t.Ledger.Void, Synthetic: s.Edition.Synthetic}
		if t.Shown() {
			x.Questions, x.Captured = &t.Questions, &t.Ledger.Captured
		}
		out = append(out, x)
	}
	return s, all, out, err
}

func (p *Pages) data(r *door.Request) (door.View, error) {
	s, all, rows, err := p.rows(r)
	if err != nil {
		return door.View{}, err
	}
	type count struct {
		Door      glosa.Code `json:"door"`
		Questions *int       `json:"questions"` // null where it is too small to be told
	}
	var counts []count
	for _, c := range all.Counts {
		x := count{Door: c.Door}
		if c.N != civic.Hidden {
			x.Questions = &c.N
		}
		counts = append(counts, x)
	}
	f, err := feed.JSON("puertas-"+string(s.Edition.ID), struct {
		Desks  []row   `json:"desks"`
		Counts []count `json:"counts"`
	}{append([]row{}, rows...), counts})
	return door.View{File: f, Tags: tagsOf(s.Edition.ID, nil)}, err
}

func (p *Pages) csv(r *door.Request) (door.View, error) {
	s, _, rows, err := p.rows(r)
	if err != nil {
		return door.View{}, err
	}
	var lines [][]string
	for _, x := range rows {
		n := ""
		if x.Questions != nil {
			n = s.Words.N(*x.Questions)
		}
		lines = append(lines, []string{string(x.Desk), string(x.Kind), x.Name, x.Place, string(x.Municipality), n, mark(x.Synthetic)})
	}
	f := feed.CSV("puertas-"+string(s.Edition.ID), []string{"desk", "kind", "name", "place", "municipality", "questions", "synthetic"}, lines)
	return door.View{File: f, Tags: tagsOf(s.Edition.ID, nil)}, nil
}

func mark(yes bool) string {
	if yes {
		return "true"
	}
	return "false"
}
