package portrait

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"glosa/web/page/leaf"
)

// bar is one line of a bar chart: what came and what was expected, as parts of
// the longest.
type bar struct {
	name, figure       string
	received, expected float64
	sort               int
}

// draw draws one bar: what was expected hatched, what came solid before it.
func (b bar) draw() templ.Component {
	var s strings.Builder
	s.WriteString(`<svg viewBox="0 0 300 18" height="18" preserveAspectRatio="none" aria-hidden="true">`)
	fmt.Fprintf(&s, `<rect class="line-ink" x="1" y="1" width="%.1f" height="16" fill="url(#expected)" vector-effect="non-scaling-stroke"/>`, 298*b.expected)
	fmt.Fprintf(&s, `<rect class="fill-act" x="1" y="5" width="%.1f" height="8"/></svg>`, 298*b.received)
	return templ.Raw(s.String())
}

// hatch is the pattern that bars are drawn with; once on a page.
func hatch() templ.Component {
	return templ.Raw(`<svg width="0" height="0" aria-hidden="true"><defs><pattern id="expected" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="line-ink" d="M0 0v6"/></pattern></defs></svg>`)
}

const (
	tileWidth  = 108
	tileHeight = 82
	tileGap    = 4
)

// tiled tells whether the territory has a grid of at most 40 places.
func tiled(m leaf.TileMap) bool {
	for _, t := range m.Tiles {
		if t.Row < 1 || t.Col < 1 {
			return false
		}
	}
	return len(m.Tiles) > 0 && len(m.Tiles) <= 40
}

// tileMap draws the scheme: each tile in its place, its name, its figure, its
// border and ground by its band.
func tileMap(m leaf.TileMap, label string) templ.Component {
	rows, cols := 0, 0
	for _, t := range m.Tiles {
		rows, cols = max(rows, t.Row), max(cols, t.Col)
	}
	var s strings.Builder
	fmt.Fprintf(&s, `<svg class="tilemap" viewBox="0 0 %d %d" role="img" aria-label="%s">`, cols*(tileWidth+tileGap), rows*(tileHeight+tileGap), templ.EscapeString(label))
	for _, t := range m.Tiles {
		x, y := (t.Col-1)*(tileWidth+tileGap)+2, (t.Row-1)*(tileHeight+tileGap)+2
		fmt.Fprintf(&s, `<g class="%s"><rect x="%d" y="%d" width="%d" height="%d"/>`, band(t, m.Before), x, y, tileWidth-2, tileHeight-2)
		for i, line := range lines(t.Name) {
			fmt.Fprintf(&s, `<text x="%d" y="%d">%s</text>`, x+8, y+18+15*i, templ.EscapeString(line))
		}
		fmt.Fprintf(&s, `<text class="figure" x="%d" y="%d">%s</text></g>`, x+8, y+tileHeight-12, templ.EscapeString(figureOf(t, m.Before)))
	}
	s.WriteString(`</svg>`)
	return templ.Raw(s.String())
}

// band is how far a place is from its share.
func band(t leaf.Tile, before bool) string {
	switch {
	case before || t.Expected <= 0:
		return "even"
	case float64(t.Received) < 0.5*t.Expected:
		return "few"
	case float64(t.Received) < 0.8*t.Expected:
		return "below"
	case float64(t.Received) < 1.25*t.Expected:
		return "even"
	}
	return "many"
}

// figureOf is the number on a tile; a star says that fewer than five were expected.
func figureOf(t leaf.Tile, before bool) string {
	star := ""
	if t.Expected < 5 && !before {
		star = "*"
	}
	if before || t.Expected <= 0 {
		return "–"
	}
	return strconv.FormatFloat(float64(t.Received)/t.Expected, 'f', 1, 64) + star
}

// lines breaks a name so that it fits its tile.
func lines(name string) (out []string) {
	const most = 11
	for _, word := range strings.Fields(name) {
		if n := len(out); n > 0 && len([]rune(out[n-1]))+1+len([]rune(word)) <= most {
			out[n-1] += " " + word
			continue
		}
		out = append(out, word)
	}
	return out
}
