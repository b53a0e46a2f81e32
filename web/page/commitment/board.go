package commitment

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
	"glosa/web/text"
)

// pageSize is how many rows one page of a board shows.
const pageSize = 60

// board is a page with groups of commitments: real ones and synthetic ones
// apart, for no figure may add the two.
type boardPage struct {
	leaf.Page
	Action  string // where the filter leads
	Fields  []leaf.Field
	Groups  []group
	Earlier []fate // what this edition must say of earlier ones
	Left    int
	Parked  []leaf.Item // proposed here and not agreed yet
	Empty   string
	When    string
	Pages   [2]string // the page before and the page after
}

// group is one list with its totals.
type group struct {
	ID        string
	Title     string
	Synthetic bool
	Rows      []row
	Total     int
	Gap       commitment.GapTotal
	Matrix    matrix
	States    leaf.Ledger
	Cite      *leaf.Cite
}

// row is one commitment of a board.
type row struct {
	commitment.Row
	Href       string
	Owner      string // who leads for the government today; "" when nobody is known
	Government string
	Observed   string
	Gap        string
	Ends       string
	First      string   // the day it was to end at first, where an amendment moved it
	Marks      []string // overdue milestones, no update: always with the triangle
}

// fate is a commitment of an earlier edition and what this one said of it.
type fate struct {
	ID, Title, Href string
	Outcome         string // "" while nothing was said
	Reason          string
	Into            []leaf.Link
	By              string
}

// filter reads the query of a board.
func filter(r *door.Request) commitment.Filter {
	f := commitment.Filter{Edition: glosa.EditionID(r.Query("edicion")), Owner: glosa.InstitutionKey(r.Query("responsable"))}
	if ed := r.Path("edition"); ed != "" {
		f.Edition = glosa.EditionID(ed)
	}
	switch s := r.Query("estado"); s {
	case "abiertos":
		f.Open = true
	default:
		f.State = commitment.State(s)
	}
	if ods := r.Query("ods"); strings.Contains(ods, ".") {
		f.Target = glosa.TargetCode(ods)
	} else if n, err := strconv.Atoi(ods); err == nil {
		f.Goal = n
	}
	return f
}

// read reads the board of the visit's query; an owner nobody registered owns nothing.
func (p *Pages) read(r *door.Request) (b commitment.Board, err error) {
	b, err = p.Commitment.Board(r.Context(), filter(r))
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return commitment.Board{}, nil
	}
	gov, obs := r.Query("gobierno"), r.Query("observatorio")
	b.Rows = slices.DeleteFunc(b.Rows, func(x commitment.Row) bool {
		return gov != "" && string(x.Government.Status) != gov || obs != "" && string(x.Observed.Status) != obs
	})
	return b, err
}

// board is the page over every series.
func (p *Pages) board(r *door.Request) (door.View, error) {
	b, err := p.read(r)
	if err != nil {
		return door.View{}, err
	}
	names, err := p.names(r)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	v := boardPage{Page: leaf.From(r, w.T("nav.commitments")), Action: r.To("/compromisos")}
	v.groups(p, r, names, b, p.Zone(r))
	var counts []string
	for _, g := range v.Groups {
		key := "cb.n.real"
		if g.Synthetic {
			key = "cb.n.synthetic"
		}
		counts = append(counts, w.T(key, "n", w.N(g.Total)))
	}
	v.State = strings.Join(counts, " · ") + "."
	v.More = w.T("cb.lead")
	if len(b.Rows) == 0 {
		v.State, v.More = w.T("cb.n", "n", "0"), ""
		v.Empty, v.When = w.T("cb.none"), w.T("cb.none.when")
	}
	v.Margin = leaf.Margin{Head: w.T("cb.margin"), Lines: leaf.Notes(w.T("cb.margin.all"))}
	if v.Fields, err = p.fields(r, names); err != nil {
		return door.View{}, err
	}
	v.Downloads = downloads(r, r.To("/compromisos"))
	tags, err := p.seriesTags(r)
	return door.View{Body: boardBody(v), Tags: tags, Until: b.Until}, err
}

// seriesTags are moved by every event about a commitment of any series.
func (p *Pages) seriesTags(r *door.Request) ([]string, error) {
	all, err := p.Edition.List(r.Context(), "")
	tags := []string{"editions"}
	for _, ed := range all {
		if tag := "series:" + string(ed.Series); !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags, err
}

// editionBoard is the page of one edition's commitments.
func (p *Pages) editionBoard(r *door.Request) (door.View, error) {
	ed, err := p.Edition.Get(r.Context(), glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	b, err := p.read(r)
	if err != nil {
		return door.View{}, err
	}
	names, err := p.names(r)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	here := r.To("/ediciones", string(ed.ID), "compromisos")
	v := boardPage{Page: leaf.From(r, w.T("nav.commitments")), Action: here}
	v.Synthetic = ed.Synthetic
	v.Crumbs = []leaf.Link{{Text: w.T("nav.editions"), Href: r.To("/ediciones")}, chain.Crumb(r, ed), {Text: w.T("nav.commitments")}}
	v.Margin = leaf.Margin{Head: chain.Name(w, ed), HeadLang: chain.Lang(w, ed), Lines: leaf.Notes(chain.Step(w, ed)), Synthetic: ed.Synthetic}
	v.State = w.T("cb.n", "n", w.N(len(b.Rows)))
	v.groups(p, r, names, b, zoneOf(ed))
	links, err := p.Of(r, ed)
	if err != nil {
		return door.View{}, err
	}
	v.Chain = &links.Chain
	if err := v.before(p, r, names, ed); err != nil {
		return door.View{}, err
	}
	if len(b.Rows) == 0 {
		v.Empty, v.When = w.T("cb.none.here"), w.T("cb.none.session")
		if ed.Documented {
			v.Empty, v.When = w.T("c.nodata")+".", w.T("cb.none.proof")
		} else if on := ed.Plan.On(edition.Agreed); !on.IsZero() && !ed.Reached(edition.Agreed) {
			v.When = w.T("cb.none.by", "date", w.Date(on.In(zoneOf(ed))))
		}
	}
	v.Downloads = downloads(r, here)
	return door.View{Body: boardBody(v), Tags: chain.Tags(ed, "series:"+string(ed.Series)), Until: sooner(b.Until, links.Until)}, nil
}

// before adds what stands before the agreed ones: the fate of earlier
// commitments, and what is still being negotiated.
func (v *boardPage) before(p *Pages, r *door.Request, names who.Names, ed edition.Edition) error {
	tasks, left, err := p.Commitment.Worklist(r.Context(), ed.ID)
	if err != nil {
		return err
	}
	v.Left = left
	for _, t := range tasks {
		v.Earlier = append(v.Earlier, fateOf(r, names, t))
	}
	all, err := p.Commitment.Board(r.Context(), commitment.Filter{Edition: ed.ID, Drafts: true})
	for _, x := range all.Rows {
		if !x.State.Agreed() {
			v.Parked = append(v.Parked, leaf.Item{Code: string(x.ID), Text: x.Title, Href: r.To("/compromisos", string(x.ID)),
				Shape: stateShape(x.State), Word: stateWord(r.Words, x.State)})
		}
	}
	return err
}

func fateOf(r *door.Request, names who.Names, t commitment.Task) fate {
	f := fate{ID: string(t.ID), Title: t.Title, Href: r.To("/compromisos", string(t.ID))}
	if t.Fate != nil {
		f.Outcome, f.Reason, f.By = outcome(r.Words, t.Fate.Outcome), t.Fate.Reason, names.By(t.Fate.By)
		for _, id := range t.Fate.Into {
			f.Into = append(f.Into, leaf.Link{Text: string(id), Href: r.To("/compromisos", string(id))})
		}
	}
	return f
}

// groups parts a board into real and synthetic ones, cuts the page, and counts.
func (v *boardPage) groups(p *Pages, r *door.Request, names who.Names, b commitment.Board, zone *time.Location) {
	w := r.Words
	first := (r.Page() - 1) * pageSize
	if first > 0 {
		v.Pages[0] = pageHref(r, v.Action, r.Page()-1)
	}
	if first+pageSize < len(b.Rows) {
		v.Pages[1] = pageHref(r, v.Action, r.Page()+1)
	}
	at := 0
	for _, synthetic := range []bool{false, true} {
		g := group{ID: "reales", Title: w.T("cb.real"), Synthetic: synthetic}
		if synthetic {
			g.ID, g.Title = "sinteticos", w.T("cb.synthetic")
		}
		counts := map[commitment.State]int{}
		var m commitment.Matrix
		for _, x := range b.Rows {
			if x.Synthetic != synthetic {
				continue
			}
			g.Total++
			g.Gap.Add(x.Government.Status, x.Observed.Status)
			m.Add(x.Government.Status, x.Observed.Status)
			counts[x.State]++
			if at >= first && at < first+pageSize {
				g.Rows = append(g.Rows, rowOf(r, names, x, zone))
			}
			at++
		}
		if g.Total == 0 {
			continue
		}
		g.Matrix = matrixOf(w, m, v.Action, r)
		g.States = ledgerOf(w, counts, g.Total, v.Action)
		g.Cite = p.Cite(r, zone, gapTotal(w, g.Gap), w.T("cb.n", "n", w.N(g.Total)), v.Action)
		v.Groups = append(v.Groups, g)
	}
}

// pageHref is the address of another page of the same board.
func pageHref(r *door.Request, base string, page int) string {
	return base + query(r, "pagina", itoa(page))
}

// query is the visit's query with one parameter changed; "" when nothing is left.
func query(r *door.Request, name, value string) string {
	q := r.HTTP.URL.Query()
	for k := range q {
		if !slices.Contains(filters, k) || q.Get(k) == "" {
			q.Del(k)
		}
	}
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// gapTotal is the total of a board with its denominators.
func gapTotal(w *text.Words, g commitment.GapTotal) string {
	if g.Computable == 0 {
		return w.T("cb.gap.none", "n", w.N(g.Of))
	}
	return w.T("cb.gap.steps", "n", w.N(g.Steps)) + " " + w.T("cb.gap.of", "n", w.N(g.Of), "some", w.N(g.Computable))
}

// rowOf is one line of the table.
func rowOf(r *door.Request, names who.Names, x commitment.Row, zone *time.Location) row {
	w := r.Words
	v := row{Row: x, Href: r.To("/compromisos", string(x.ID)), Government: stated(w, x.Government), Observed: said(w, x.Observed), Gap: w.T("cb.gap.no")}
	if x.Computable {
		v.Gap = w.T("cb.gap.steps", "n", itoa(x.Gap))
	}
	if x.Leads != "" {
		v.Owner = names.Institution(x.Leads)
	}
	if !x.Ends.IsZero() {
		v.Ends = w.Day(x.Ends.In(zone))
	}
	if !x.WasEnds.IsZero() {
		v.First = w.Day(x.WasEnds.In(zone))
	}
	if x.Overdue > 0 {
		v.Marks = append(v.Marks, w.T("cb.overdue", "n", w.N(x.Overdue)))
	}
	if x.Stale > 0 {
		v.Marks = append(v.Marks, w.T("m.stale", "n", w.N(x.Stale)))
	}
	return v
}

// ledgerOf counts a board by state; it closes on the total.
func ledgerOf(w *text.Words, counts map[commitment.State]int, total int, action string) leaf.Ledger {
	l := leaf.Ledger{Caption: w.T("cb.bystate"), Total: &leaf.Row{Label: w.T("cb.total"), Value: w.N(total)}}
	for _, s := range states {
		if n := counts[s]; n > 0 {
			l.Rows = append(l.Rows, leaf.Row{Label: w.T("cb.state." + string(s)), Value: w.N(n), Href: action + "?estado=" + string(s)})
		}
	}
	return l
}

// downloads are the three forms of a board, with its filter.
func downloads(r *door.Request, base string) []leaf.Link {
	q := query(r, "pagina", "")
	return []leaf.Link{{Text: "Atom", Href: base + ".atom" + q}, {Text: "CSV", Href: base + ".csv" + q}, {Text: "JSON", Href: base + ".json" + q}}
}
