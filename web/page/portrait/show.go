package portrait

import (
	"slices"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/people/portrait"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// shown is the public page.
type shown struct {
	leaf.Page
	tiles  leaf.TileMap
	label  string // of the map, in one sentence
	bars   []bar
	rows   []row
	absent []leaf.Item
	groups []group
	drawn  string // when the boards were drawn; "" before
	cross  []crossed
}

// outing is the desk's page.
type outing struct {
	leaf.Page
	rows []leaf.Item
	all  string
}

// row is one line of a table: everything as it is printed.
type row struct {
	name, received, expected, ratio, answered string
	low                                       bool
}

// group is one attribute: its table and its bars.
type group struct {
	id, title, of string
	rows          []row
	bars          []bar
	label         string
}

// crossed is a table of two attributes.
type crossed struct {
	title string
	heads []string
	rows  [][]string
}

// head is the page of an edition's meter, with what it says first.
func head(r *door.Request, m meter, title string) leaf.Page {
	w, id := r.Words, string(m.ed.ID)
	l := leaf.From(r, title)
	l.Synthetic = m.ed.Synthetic
	l.Crumbs = []leaf.Link{{Text: chain.Name(w, m.ed), Href: r.To("/ediciones", id), Said: chain.Lang(w, m.ed)}}
	l.Margin = leaf.Margin{Head: m.ed.Code, Lines: leaf.Notes(w.T("c.asof", "date", w.Stamp(r.Now.In(m.ed.Zone))))}
	absent := m.absent()
	switch {
	case m.total == 0:
		l.Shape, l.State = leaf.Later, w.T("x.none")
		l.More = w.T("x.none.when")
	case len(absent) == 0:
		l.Shape, l.State = leaf.Done, w.T("x.all")
	default:
		l.Shape, l.State = leaf.Later, w.T("x.missing", "n", w.N(len(absent)), "all", w.N(len(m.places)))
		l.More = w.T("x.missing.more", "place", absent[0].Name, "n", w.N(absent[0].Received), "of", hundredths(absent[0].Expected))
	}
	return l
}

func (p *Pages) show(r *door.Request) (door.View, error) {
	m, err := p.meter(r)
	if err != nil {
		return door.View{}, err
	}
	w, base := r.Words, r.To("/ediciones", string(m.ed.ID), "quien-falta")
	s := shown{Page: head(r, m, w.T("x.miss"))}
	s.Downloads = []leaf.Link{{Text: "CSV", Href: base + ".csv"}, {Text: "JSON", Href: base + ".json"}}
	if _, open := m.ed.Accepts(r.Now); open {
		s.Action = chain.Action(r, m.ed)
		s.Clock = chain.Clock(w, m.ed, r.Now, r.Site.Place)
	}
	s.Margin.Cite = p.Cite(r, m.ed.Zone, s.State, w.T("x.cite.of", "n", w.N(m.total)), base)
	s.tiles = leaf.TileMap{Before: m.total == 0, Source: w.T("ep.census"), CSV: base + ".csv"}
	most := 0
	for _, x := range m.places {
		most = max(most, 100*x.Received, x.Expected)
	}
	for _, x := range m.places {
		s.tiles.Tiles = append(s.tiles.Tiles, leaf.Tile{Name: x.Name, Row: x.Row, Col: x.Col, Received: x.Received, Expected: float64(x.Expected) / 100})
		low := x.Ratio >= 0 && x.Ratio < 50
		s.rows = append(s.rows, row{name: x.Name, received: w.N(x.Received), expected: hundredths(x.Expected), ratio: ratio(x.Ratio), answered: w.N(x.Answered), low: low && m.total > 0})
		s.bars = append(s.bars, bar{name: x.Name, figure: ratio(x.Ratio), received: part(100*x.Received, most), expected: part(x.Expected, most), sort: x.Ratio})
	}
	slices.SortStableFunc(s.bars, func(a, b bar) int { return a.sort - b.sort })
	s.label = s.State + " " + s.More
	for _, x := range m.absent() {
		s.absent = append(s.absent, errand(r, x))
	}
	s.groups = groups(r, m)
	if !m.board.Drawn.IsZero() {
		s.drawn = w.Day(m.board.Drawn.In(m.ed.Zone))
		s.cross = crosses(r, m)
	}
	return door.View{Body: showPage(s), Tags: chain.Tags(m.ed), Until: nextDay(r.Now, m.ed)}, nil
}

// nextDay is when the page's own date changes.
func nextDay(now time.Time, ed edition.Edition) time.Time {
	t := now.In(ed.Zone)
	until := time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, ed.Zone)
	for _, at := range []time.Time{ed.Plan.Begins(edition.IntakeOpen), ed.Plan.On(edition.IntakeClosed)} {
		if at.After(now) && at.Before(until) {
			until = at
		}
	}
	return until
}

// groups are the attributes beside the census.
func groups(r *door.Request, m meter) (out []group) {
	w := r.Words
	for _, a := range civic.Attributes() {
		t, ok := m.board.Table(a, false)
		g := group{id: string(a), title: w.T("x.by." + string(a)), of: w.T("x.of." + string(a))}
		if !ok {
			out = append(out, g)
			continue
		}
		shares := civic.Shares(t, civic.Census(m.whole, a))
		most := 0
		for _, s := range shares {
			most = max(most, s.Given, s.Census)
		}
		for _, s := range shares {
			x := row{name: valueName(r, a, s.Value), received: counted(r, s.People), answered: "–", expected: "–", ratio: "–"}
			if s.Given != civic.Hidden {
				x.answered = percent(s.Given)
			}
			if s.Ratio != civic.Hidden {
				x.expected, x.ratio, x.low = percent(s.Census), ratio(s.Ratio), s.Ratio < 50
				g.bars = append(g.bars, bar{name: x.name, figure: x.ratio, received: part(s.Given, most), expected: part(s.Census, most)})
				g.label += x.name + ": " + w.T("x.bar.said", "given", x.answered, "census", x.expected) + " "
			}
			g.rows = append(g.rows, x)
		}
		out = append(out, g)
	}
	return out
}

// crosses are the tables of municipality by sex and by age.
func crosses(r *door.Request, m meter) (out []crossed) {
	for _, a := range civic.Attributes() {
		t, ok := m.board.Table(a, true)
		if !ok {
			continue
		}
		c := crossed{title: r.Words.T("x.cross." + string(a))}
		for _, v := range a.Values() {
			c.heads = append(c.heads, valueName(r, a, v))
		}
		for _, x := range m.places {
			line := []string{x.Name}
			for _, v := range a.Values() {
				line = append(line, counted(r, t.Cell(v, x.Territory)))
			}
			c.rows = append(c.rows, line)
		}
		out = append(out, c)
	}
	return out
}

func valueName(r *door.Request, a civic.Attribute, v glosa.Code) string {
	return r.Words.T("x.value." + string(a) + "." + string(v))
}

// counted is a figure of a board, or why there is none.
func counted(r *door.Request, n int) string {
	if n == civic.Hidden {
		return r.Words.T("x.hidden")
	}
	return r.Words.N(n)
}

// hundredths is 491 as 4.9.
func hundredths(n int) string { return strconv.FormatFloat(float64(n)/100, 'f', 1, 64) }

// ratio is 87 as 0.87; a dash when there is none.
func ratio(n int) string {
	if n < 0 {
		return "–"
	}
	return strconv.FormatFloat(float64(n)/100, 'f', 2, 64)
}

// percent is 496 per mille as 49.6 %.
func percent(mille int) string { return strconv.FormatFloat(float64(mille)/10, 'f', 1, 64) + " %" }

// part is a share of the longest bar.
func part(n, most int) float64 {
	if most == 0 {
		return 0
	}
	return float64(n) / float64(most)
}

func (p *Pages) table(r *door.Request) (door.View, error) {
	m, err := p.meter(r)
	if err != nil {
		return door.View{}, err
	}
	mark := feed.Word(r.Words, m.ed.Synthetic)
	var rows [][]string
	for _, x := range m.places {
		rows = append(rows, []string{"municipality", string(x.Territory), x.Name, "", strconv.Itoa(x.Received), hundredths(x.Expected), blank(x.Ratio), strconv.Itoa(x.Answered), "", mark})
	}
	for _, t := range m.board.Tables {
		shares := civic.Shares(t, civic.Census(m.whole, t.Attribute))
		for i, c := range t.Cells {
			line := []string{string(t.Attribute), string(c.Place), m.name(c.Place), string(c.Value), number(c.People), "", "", "", strconv.Itoa(t.Least), mark}
			if !t.Crossed && shares[i].Ratio != civic.Hidden {
				line[6] = ratio(shares[i].Ratio)
			}
			rows = append(rows, line)
		}
	}
	header := []string{"attribute", "municipality", "municipality_name", "value", "received", "expected", "ratio", "answered", "hidden_below", "note"}
	return door.View{File: feed.CSV(string(m.ed.ID)+"-quien-falta", header, rows), Tags: chain.Tags(m.ed)}, nil
}

func (m meter) name(code glosa.TerritoryCode) string {
	for _, x := range m.places {
		if x.Territory == code {
			return x.Name
		}
	}
	return ""
}

// blank is a ratio in a cell: nothing when there is none.
func blank(n int) string {
	if n < 0 {
		return ""
	}
	return ratio(n)
}

// number is a figure in a cell: nothing when it is hidden.
func number(n int) string {
	if n == civic.Hidden {
		return ""
	}
	return strconv.Itoa(n)
}

// sheet is the meter as programs read it. A figure that is hidden is null.
type sheet struct {
	Edition        glosa.EditionID `json:"edition"`
	AsOf           string          `json:"as_of"`
	Synthetic      bool            `json:"synthetic"`
	Source         string          `json:"source"`
	Municipalities []township      `json:"municipalities"`
	Drawn          string          `json:"drawn,omitempty"`
	Tables         []figures       `json:"tables"`
}

type township struct {
	Code     glosa.TerritoryCode `json:"code"`
	Name     string              `json:"name"`
	People   int64               `json:"people"`
	Received int                 `json:"received"`
	Expected float64             `json:"expected"`
	Ratio    *float64            `json:"ratio"`
	Answered int                 `json:"answered"`
}

type figures struct {
	Attribute   civic.Attribute `json:"attribute"`
	Crossed     bool            `json:"crossed"`
	HiddenBelow int             `json:"hidden_below"`
	Cells       []figure        `json:"cells"`
}

type figure struct {
	Value        glosa.Code          `json:"value"`
	Municipality glosa.TerritoryCode `json:"municipality,omitempty"`
	People       *int                `json:"people"`
	Ratio        *float64            `json:"ratio,omitempty"`
}

func (p *Pages) data(r *door.Request) (door.View, error) {
	m, err := p.meter(r)
	if err != nil {
		return door.View{}, err
	}
	out := sheet{Edition: m.ed.ID, AsOf: r.Now.UTC().Format(time.RFC3339), Synthetic: m.ed.Synthetic, Source: r.Words.T("ep.census"),
		Municipalities: []township{}, Tables: []figures{}}
	for _, x := range m.places {
		out.Municipalities = append(out.Municipalities, township{x.Territory, x.Name, x.Amount, x.Received, float64(x.Expected) / 100, fraction(x.Ratio), x.Answered})
	}
	if !m.board.Drawn.IsZero() {
		out.Drawn = m.board.Drawn.In(m.ed.Zone).Format(time.DateOnly)
	}
	for _, t := range m.board.Tables {
		shares := civic.Shares(t, civic.Census(m.whole, t.Attribute))
		f := figures{Attribute: t.Attribute, Crossed: t.Crossed, HiddenBelow: t.Least, Cells: []figure{}}
		for i, c := range t.Cells {
			x := figure{Value: c.Value, Municipality: c.Place}
			if c.People != civic.Hidden {
				x.People = &c.People
			}
			if !t.Crossed {
				x.Ratio = fraction(shares[i].Ratio)
			}
			f.Cells = append(f.Cells, x)
		}
		out.Tables = append(out.Tables, f)
	}
	f, err := feed.JSON(string(m.ed.ID)+"-quien-falta", out)
	return door.View{File: f, Tags: chain.Tags(m.ed)}, err
}

func fraction(hundredths int) *float64 {
	if hundredths < 0 {
		return nil
	}
	x := float64(hundredths) / 100
	return &x
}
