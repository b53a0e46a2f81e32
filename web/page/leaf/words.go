package leaf

import (
	"slices"
	"strconv"

	"glosa/web/door"
	"glosa/web/text"
)

// stopNames are the six links of an edition's chain, in the order of the year.
var stopNames = [6]string{"ch.1", "ch.2", "ch.3", "ch.4", "ch.5", "ch.6"}

func stopName(w *text.Words, i int, s Stop) string {
	if s.Name != "" {
		return s.Name
	}
	return w.T(stopNames[i])
}

// shapeWord is what a screen reader hears for a shape.
func shapeWord(w *text.Words, s Shape) string {
	if s == "" || s == Flag {
		return ""
	}
	return w.T("shape." + string(s))
}

// stampTitle never lets a picture of the demonstration pass for the real thing.
func stampTitle(w *text.Words, site door.Site, s Stamp) string {
	switch {
	case site.Demo:
		return w.T("st.demo")
	case s.State == Sealing:
		return w.T("st.sealing")
	}
	return w.T("st.sealed")
}

func balanceSentence(w *text.Words, b Balance) string {
	return w.T("b.sentence", "in", w.N(b.Received), "ok", w.N(b.Admitted), "join", w.N(b.Merged),
		"no", w.N(b.Refused), "out", w.N(b.Withdrawn), "wait", w.N(b.Waiting))
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// tileRows is the tile map of a territory without a grid: the fewest first.
func tileRows(m TileMap) Ledger {
	tiles := slices.Clone(m.Tiles)
	slices.SortStableFunc(tiles, func(a, b Tile) int {
		switch {
		case a.ratio() < b.ratio():
			return -1
		case a.ratio() > b.ratio():
			return 1
		}
		return 0
	})
	var l Ledger
	for _, t := range tiles {
		l.Rows = append(l.Rows, Row{Label: t.Name, Value: t.figure(m.Before)})
	}
	return l
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
