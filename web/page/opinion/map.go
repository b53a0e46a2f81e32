package opinion

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"glosa/civic/opinion"
)

const (
	side = 48 // of a cell of the grid
	edge = 2
)

// drawMap draws the grid and a mark for each group in a cell: its shape and its
// letter say which group, its size how many. Colour only repeats it.
func drawMap(pic opinion.Picture, label string) templ.Component {
	var s strings.Builder
	wide, high := opinion.Wide*side+2*edge, opinion.High*side+2*edge
	fmt.Fprintf(&s, `<svg class="opinions" viewBox="0 0 %d %d" role="img" aria-label="%s"><rect class="field" x="1" y="1" width="%d" height="%d"/>`,
		wide, high, templ.EscapeString(label), wide-2, high-2)
	here := map[[2]int]int{}
	for _, d := range pic.Dots {
		here[[2]int{d.X, d.Y}]++
	}
	drawn := map[[2]int]int{}
	for _, d := range pic.Dots {
		at := [2]int{d.X, d.Y}
		x := edge + d.X*side + side*(2*drawn[at]+1)/(2*here[at]) // marks that share a cell stand side by side
		y := edge + d.Y*side + side/2
		mark(&s, d, x, y, here[at])
		drawn[at]++
	}
	s.WriteString(`</svg>`)
	return templ.Raw(s.String())
}

// mark draws one group's people in one cell.
func mark(s *strings.Builder, d opinion.Dot, x, y, share int) {
	r := [...]int{0, 10, 15, 21}[d.Many]
	if share > 1 {
		r = min(r, side/(2*share)-1)
	}
	class, size := "g"+string(rune('a'+d.Group%5)), r*13/10 // of the letter: to be read on a phone, where the map is half as wide
	switch d.Group % 5 {
	case 1:
		fmt.Fprintf(s, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, class, x-r, y-r, 2*r, 2*r)
	case 2:
		size = r
		r += r / 7
		fmt.Fprintf(s, `<path class="%s" d="M%d %dl%d %dl%d %dl%d %dz"/>`, class, x, y-r, r, r, -r, r, -r, -r)
	case 3:
		size = r * 9 / 10
		fmt.Fprintf(s, `<path class="%s" d="M%d %dl%d %dh%dz"/>`, class, x, y-r, r, 2*r, -2*r)
	default:
		fmt.Fprintf(s, `<circle class="%s" cx="%d" cy="%d" r="%d"/>`, class, x, y, r)
	}
	if r >= 9 {
		for _, l := range [...]struct {
			name   string
			px     int
			centre int
		}{{"big", 26, 9}, {"mid", 18, 6}, {"low", 0, 5}} {
			if size >= l.px {
				fmt.Fprintf(s, `<text class="%s %s" x="%d" y="%d">%s</text>`, class, l.name, x, y+l.centre, letter(d.Group))
				break
			}
		}
	}
}

// sign is the mark of a group in a table.
func sign(group int) templ.Component {
	var s strings.Builder
	s.WriteString(`<svg class="opinions sign" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">`)
	mark(&s, opinion.Dot{Group: group, Many: 1}, 12, 12, 1)
	s.WriteString(`</svg>`)
	return templ.Raw(s.String())
}
