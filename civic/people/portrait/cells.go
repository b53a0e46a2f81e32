package portrait

import (
	"glosa"
	"glosa/method/cell"
)

// The least that a cell shows (trust.md §5): of one attribute five people, of a
// language or of two attributes crossed ten; and without how many new answers
// nothing is drawn anew.
const (
	few     = cell.Few
	fewer   = cell.Fewer
	renewal = cell.Renewal
)

// Hidden is a figure that is not shown.
const Hidden = cell.Hidden

// Cell is one figure: how many said so, in fives, or [Hidden].
type Cell struct {
	Value  glosa.Code          `json:"value"`
	Place  glosa.TerritoryCode `json:"place,omitempty"` // of a crossed table
	People int                 `json:"people"`
}

// Table is the figures of one attribute; crossed, of each municipality's people.
type Table struct {
	Attribute Attribute `json:"attribute"`
	Crossed   bool      `json:"crossed,omitempty"`
	Least     int       `json:"least"` // a cell below it is hidden
	Cells     []Cell    `json:"cells"`
	Total     int       `json:"total"` // in fives, or Hidden; a crossed table has none
}

// Cell finds a figure; Hidden when there is none.
func (t Table) Cell(value glosa.Code, place glosa.TerritoryCode) int {
	for _, c := range t.Cells {
		if c.Value == value && c.Place == place {
			return c.People
		}
	}
	return Hidden
}

// where names a count: of an attribute, in a place or everywhere.
type where struct {
	attribute Attribute
	place     glosa.TerritoryCode
	value     glosa.Code
}

// figure is a count on its way to be shown, and what it counts.
type figure struct {
	where
	cell.Cell
}

// canvas is all that is shown of one edition.
type canvas struct {
	all    []*figure
	lines  []cell.Line
	tables map[Attribute]cell.Line // of one attribute; they are among lines
}

// draw lays out the counts and hides what must be hidden. told is what the
// boards so far gave away; a place that nobody named is a row of zeros.
func draw(counts map[where]int, places []glosa.TerritoryCode, told map[where]int) *canvas {
	c := &canvas{tables: map[Attribute]cell.Line{}}
	add := func(w where, least int) *cell.Cell {
		x := &figure{w, cell.New(counts[w], least)}
		x.Told = told[w]
		c.all = append(c.all, x)
		return &x.Cell
	}
	for _, a := range Attributes() {
		least := few
		if a == Language {
			least = fewer
		}
		var table cell.Line
		for _, v := range values[a] {
			table.Cells = append(table.Cells, add(where{a, "", v}, least))
		}
		c.tables[a], c.lines = table, append(c.lines, table)
		if a == Language || len(places) == 0 {
			continue
		}
		columns := make([]cell.Line, len(values[a]))
		for i := range columns {
			columns[i].Whole = table.Cells[i]
		}
		for _, p := range places {
			var row cell.Line
			for i, v := range values[a] {
				x := add(where{a, p, v}, fewer)
				row.Cells, columns[i].Cells = append(row.Cells, x), append(columns[i].Cells, x)
			}
			c.lines = append(c.lines, row)
		}
		c.lines = append(c.lines, columns...)
	}
	cell.Hide(c.lines)
	for _, x := range c.all {
		if x.Shown {
			x.Told = max(x.Told, x.Least, x.Figure()-2) // a figure in fives is of two more or less
		}
	}
	return c
}

// tables is what everybody sees.
func (c *canvas) board() (out []Table) {
	for _, a := range Attributes() {
		for _, crossed := range []bool{false, true} {
			t := Table{Attribute: a, Crossed: crossed, Total: Hidden}
			for _, x := range c.all {
				if x.attribute == a && (x.place != "") == crossed {
					t.Least = x.Least
					t.Cells = append(t.Cells, Cell{Value: x.value, Place: x.place, People: x.Figure()})
				}
			}
			if len(t.Cells) == 0 {
				continue
			}
			if !crossed {
				t.Total = c.tables[a].Total()
			}
			out = append(out, t)
		}
	}
	return out
}

// told is what the boards so far, this one among them, give away of each count.
func (c *canvas) told() map[where]int {
	out := map[where]int{}
	for _, x := range c.all {
		if x.Told > 0 {
			out[x.where] = x.Told
		}
	}
	return out
}
