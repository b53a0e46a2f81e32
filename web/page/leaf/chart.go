package leaf

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"glosa/web/text"
)

// Balance is the account of a list of questions: what was received is what it
// became. At names the instant, CSV the download.
type Balance struct {
	Received, Admitted, Merged, Refused, Withdrawn, Waiting int

	At    string // "23 nov 2026, 14:05"
	CSV   string
	Opens string // before anything is received: when intake opens
}

// Ledger is the balance as an account that closes on what was received. hrefs
// lead from each row to its list: admitted, merged, refused, withdrawn, waiting.
func (b Balance) Ledger(w *text.Words, hrefs [5]string) Ledger {
	n := [5]int{b.Admitted, b.Merged, b.Refused, b.Withdrawn, b.Waiting}
	keys := [5]string{"b.ok", "b.join", "b.no", "b.out", "b.wait"}
	l := Ledger{Caption: w.T("b.title"), Total: &Row{Label: w.T("b.in"), Value: w.N(b.Received)}}
	for i, k := range keys {
		l.Rows = append(l.Rows, Row{Label: w.T(k), Value: w.N(n[i]), Href: hrefs[i]})
	}
	return l
}

// bar draws the balance from 0 to received; patterns stand beside colours.
func (b Balance) bar(label string) templ.Component {
	const width = 600.0
	total := max(b.Received, 1)
	x := 0.0
	var s strings.Builder
	fmt.Fprintf(&s, `<svg viewBox="0 0 600 36" height="36" preserveAspectRatio="none" role="img" aria-label="%s">`, templ.EscapeString(label))
	s.WriteString(`<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="line-ink" d="M0 0v6"/></pattern></defs>`)
	for _, part := range []struct {
		n     int
		paint string
	}{
		{b.Admitted, `class="fill-act"`}, {b.Merged, `class="fill-wash"`}, {b.Refused, `fill="url(#hatch)"`},
		{b.Withdrawn, `class="fill-paper"`}, {b.Waiting, `class="fill-sheet"`},
	} {
		if part.n == 0 {
			continue
		}
		w := width * float64(part.n) / float64(total)
		fmt.Fprintf(&s, `<g class="line-ink" vector-effect="non-scaling-stroke"><rect x="%.1f" y="1" width="%.1f" height="34" %s vector-effect="non-scaling-stroke"/></g>`, x, w, part.paint)
		x += w
	}
	s.WriteString(`</svg>`)
	return templ.Raw(s.String())
}

// Tile is one territory of a tile map; Row and Col count from 1.
type Tile struct {
	Name     string
	Row, Col int
	Received int
	Expected float64
}

// TileMap is a scheme, not a map to scale: received ÷ expected for each territory.
type TileMap struct {
	Tiles  []Tile
	Before bool   // before intake only what is expected is shown
	Source string // "Censo 2020, INEGI"
	CSV    string
}

// tiled tells whether the territory data give every tile a place in four
// columns; others, and more than forty, are shown as sorted rows.
func (m TileMap) tiled() bool {
	for _, t := range m.Tiles {
		if t.Row < 1 || t.Row > 8 || t.Col < 1 || t.Col > 4 {
			return false
		}
	}
	return len(m.Tiles) <= 40
}

func (t Tile) ratio() float64 {
	if t.Expected <= 0 {
		return 0
	}
	return float64(t.Received) / t.Expected
}

// class is the tile's place and its band: below 0.5, to 0.79, to 1.24, above.
func (t Tile) class(before bool) string {
	place := "r" + strconv.Itoa(t.Row) + " c" + strconv.Itoa(t.Col)
	r := t.ratio()
	switch {
	case before:
		return place
	case r < 0.5:
		return place + " few"
	case r < 0.8:
		return place
	case r < 1.25:
		return place + " even"
	}
	return place + " many"
}

// figure is the number printed on the tile; a star says that fewer than five were expected.
func (t Tile) figure(before bool) string {
	star := ""
	if t.Expected < 5 {
		star = "*"
	}
	if before {
		return strconv.FormatFloat(t.Expected, 'f', 0, 64) + star
	}
	return strconv.FormatFloat(t.ratio(), 'f', 1, 64) + star
}
