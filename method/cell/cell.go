// Package cell hides small counts, so that no figure that is published tells of a
// few people (trust.md §5): the one piece of care that all published tables share.
//
// In come counts and which of them are read together; out comes which are shown.
// A count below its least is hidden, and zero is below. Whatever else would give a
// hidden one away is hidden with it: beside a lone one the next smallest, and more
// until what is hidden together is at least twice the least, where people know its
// sum ([Line.Known]). Figures that are shown are rounded by [Fives], or are public
// to the last one anyway; a sum is told only where nothing is hidden ([Line.Total]).
//
// It decides nothing about time: when a table is drawn anew is its room's affair.
// It is pure, and holds against a reader who knows these rules.
//
// Source of the rules: Hundepool et al., Statistical Disclosure Control, 2012, ch. 4
// (primary and complementary suppression).
package cell

// Hidden is a figure that is not shown.
const Hidden = -1

const (
	Few     = 5  // the least of one attribute
	Fewer   = 10 // the least of a language, and of two attributes crossed
	Renewal = 10 // without so much that is new, nothing is drawn anew
	step    = 5  // figures are rounded to it
)

// Cell is a count on its way to be shown.
type Cell struct {
	N     int
	Least int // below it the count is small
	Told  int // what earlier tables gave away: it is at least so much
	Shown bool
}

// New is a cell that is shown unless it is small.
func New(n, least int) Cell { return Cell{N: n, Least: least, Shown: n >= least} }

// Figure is what is shown of a count: in fives, or [Hidden].
func (c *Cell) Figure() int {
	if !c.Shown {
		return Hidden
	}
	return Fives(c.N)
}

// Line is cells that are read together: a table of one attribute, or a row or a
// column of a crossed one.
type Line struct {
	Cells []*Cell
	Whole *Cell // of a column: the same value everywhere, which is at least their sum; nil otherwise
	Known bool  // everybody knows the sum of the cells, whatever this table says
}

// Hide hides in each line what would give another away.
func Hide(lines []Line) {
	for hid := true; hid; {
		hid = false
		for _, l := range lines {
			if l.lone() || l.tight() || l.scant() {
				hid = l.smallest() || hid
			}
		}
	}
}

// Total is the sum in fives. Beside a hidden cell there is none, however large
// what is hidden: a later table that shows one hidden cell would, with today's
// sum, give the other one away.
func (l Line) Total() int {
	sum := 0
	for _, x := range l.Cells {
		if !x.Shown {
			return Hidden
		}
		sum += x.N
	}
	return Fives(sum)
}

// lone tells whether just one cell is hidden: the sum of a row or a column is
// known to many, and would give it away.
func (l Line) lone() bool {
	hidden := 0
	for _, x := range l.Cells {
		if !x.Shown {
			hidden++
		}
	}
	return hidden == 1
}

// tight tells whether a small cell of a column has less room than it may seem to
// have. Its room is what the whole leaves beside the shown cells and what earlier
// tables gave away of the hidden ones. True counts are taken, not the rounded
// ones, so that no later table can make the room narrower.
func (l Line) tight() bool {
	if l.Whole == nil {
		return false
	}
	room, small := l.Whole.N, false
	for _, x := range l.Cells {
		if x.Shown {
			room -= x.N
		} else {
			room, small = room-x.Told, small || x.N < x.Least
		}
	}
	return small && room < min(Fewer-1, l.Whole.N)
}

// scant tells whether what is hidden of a line of known sum is too little to hide
// anything: less than twice the least, or as much as only nearly equal cells could
// hold, since none of those hidden for others' sake exceeds the smallest shown.
func (l Line) scant() bool {
	if !l.Known {
		return false
	}
	sum, hidden, least, top := 0, 0, 0, -1
	for _, x := range l.Cells {
		switch {
		case !x.Shown:
			sum, hidden, least = sum+x.N, hidden+1, max(least, x.Least)
		case top < 0 || x.N < top:
			top = x.N
		}
	}
	return hidden > 0 && top >= 0 && (sum < 2*least || sum >= top*(hidden-1))
}

// smallest hides the smallest cell that is shown; false when none is.
func (l Line) smallest() bool {
	var least *Cell
	for _, x := range l.Cells {
		if x.Shown && (least == nil || x.N < least.N) {
			least = x
		}
	}
	if least != nil {
		least.Shown = false
	}
	return least != nil
}

// Fives rounds to the nearest five.
func Fives(n int) int { return (n + step/2) / step * step }
