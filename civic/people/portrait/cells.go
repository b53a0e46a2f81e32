package portrait

import (
	"slices"

	"glosa"
)

// The least that a cell shows (trust.md §5): of one attribute five people, of a
// language or of two attributes crossed ten.
const (
	few     = 5
	fewer   = 10
	step    = 5  // figures are rounded to it
	renewal = 10 // new answers without which nothing is drawn anew
)

// Hidden is a figure that is not shown.
const Hidden = -1

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

// cell is a count on its way to be shown.
type cell struct {
	where
	n     int
	least int
	shown bool
	told  int // what the boards so far gave away: it is at least so much
}

// line is cells that are read together: a table of one attribute, or a row or a
// column of a crossed one.
type line struct {
	cells []*cell
	whole *cell // of a column: the same value everywhere, which is at least their sum
}

// canvas is all that is shown of one edition.
type canvas struct {
	all   []*cell
	lines []line
}

// draw lays out the counts and hides what must be hidden. told is what the
// boards so far gave away; a place that nobody named is a row of zeros.
func draw(counts map[where]int, places []glosa.TerritoryCode, told map[where]int) *canvas {
	c := &canvas{}
	add := func(w where, least int) *cell {
		x := &cell{where: w, n: counts[w], least: least, shown: counts[w] >= least, told: told[w]}
		c.all = append(c.all, x)
		return x
	}
	for _, a := range Attributes() {
		least := few
		if a == Language {
			least = fewer
		}
		var table line
		for _, v := range values[a] {
			table.cells = append(table.cells, add(where{a, "", v}, least))
		}
		c.lines = append(c.lines, table)
		if a == Language || len(places) == 0 {
			continue
		}
		columns := make([]line, len(values[a]))
		for i := range columns {
			columns[i].whole = table.cells[i]
		}
		for _, p := range places {
			var row line
			for i, v := range values[a] {
				x := add(where{a, p, v}, fewer)
				row.cells, columns[i].cells = append(row.cells, x), append(columns[i].cells, x)
			}
			c.lines = append(c.lines, row)
		}
		c.lines = append(c.lines, columns...)
	}
	for c.hide() {
	}
	for _, x := range c.all {
		if x.shown {
			x.told = max(x.told, x.least, fives(x.n)-step/2)
		}
	}
	return c
}

// hide hides one cell more in each line that would give another away, and tells
// whether it hid any.
func (c *canvas) hide() (hid bool) {
	for _, l := range c.lines {
		if l.lone() || l.tight() {
			hid = l.smallest() || hid
		}
	}
	return hid
}

// lone tells whether just one cell is hidden: the sum of a row or a column is
// known to many, and would give it away.
func (l line) lone() bool {
	hidden := 0
	for _, x := range l.cells {
		if !x.shown {
			hidden++
		}
	}
	return hidden == 1
}

// tight tells whether a small cell of a column has less room than it may seem to
// have. Its room is what the whole leaves beside the shown cells and what earlier
// boards gave away of the hidden ones. True counts are taken, not the rounded
// ones, so that no later board can make the room narrower.
func (l line) tight() bool {
	if l.whole == nil {
		return false
	}
	room, small := l.whole.n, false
	for _, x := range l.cells {
		if x.shown {
			room -= x.n
		} else {
			room, small = room-x.told, small || x.n < x.least
		}
	}
	return small && room < min(fewer-1, l.whole.n)
}

// smallest hides the smallest cell that is shown; false when none is.
func (l line) smallest() bool {
	var least *cell
	for _, x := range l.cells {
		if x.shown && (least == nil || x.n < least.n) {
			least = x
		}
	}
	if least != nil {
		least.shown = false
	}
	return least != nil
}

// total is the sum in fives. Beside a hidden cell there is none, however large
// what is hidden: a later board that shows one hidden cell would, with today's
// sum, give the other one away.
func (l line) total() int {
	sum := 0
	for _, x := range l.cells {
		if !x.shown {
			return Hidden
		}
		sum += x.n
	}
	return fives(sum)
}

// fives rounds to the nearest five.
func fives(n int) int { return (n + step/2) / step * step }

// tables is what everybody sees.
func (c *canvas) tables() (out []Table) {
	for _, a := range Attributes() {
		for _, crossed := range []bool{false, true} {
			t := Table{Attribute: a, Crossed: crossed, Total: Hidden}
			for _, x := range c.all {
				if x.attribute != a || (x.place != "") != crossed {
					continue
				}
				t.Least = x.least
				s := Cell{Value: x.value, Place: x.place, People: Hidden}
				if x.shown {
					s.People = fives(x.n)
				}
				t.Cells = append(t.Cells, s)
			}
			if len(t.Cells) == 0 {
				continue
			}
			if !crossed {
				t.Total = c.table(a).total()
			}
			out = append(out, t)
		}
	}
	return out
}

// table is the line of one attribute.
func (c *canvas) table(a Attribute) line {
	return c.lines[slices.IndexFunc(c.lines, func(l line) bool { return l.cells[0].where == where{a, "", values[a][0]} })]
}

// told is what the boards so far, this one among them, give away of each count.
func (c *canvas) told() map[where]int {
	out := map[where]int{}
	for _, x := range c.all {
		if x.told > 0 {
			out[x.where] = x.told
		}
	}
	return out
}
