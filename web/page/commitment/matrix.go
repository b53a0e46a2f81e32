package commitment

import (
	"glosa/civic/commitment"
	"glosa/web/door"
	"glosa/web/text"
)

// matrix is the chart of the two words: rows are the government's, columns the
// Observatory's. It is a table, which is its own accessible version.
type matrix struct {
	Words []string // of the ladder, from the lowest
	Cells [5][5]cell
	Said  int    // commitments with both words on the ladder
	Label string // what it shows, in one sentence
}

// cell is one count; Href leads to its commitments where the words differ.
type cell struct {
	N     int
	Href  string
	Label string
	Same  bool
}

func matrixOf(w *text.Words, m commitment.Matrix, action string, r *door.Request) matrix {
	var v matrix
	ladder := commitment.Ladder()
	agree := 0
	for i, gov := range ladder {
		v.Words = append(v.Words, w.T("verdict."+string(gov)))
		for j, obs := range ladder {
			c := cell{N: m[i][j], Same: i == j}
			v.Said += c.N
			if c.Same {
				agree += c.N
			} else if c.N > 0 {
				c.Href = action + "?gobierno=" + string(gov) + "&observatorio=" + string(obs)
				c.Label = w.T("cb.matrix.cell", "n", w.N(c.N), "gov", w.T("verdict."+string(gov)), "obs", w.T("verdict."+string(obs)))
			}
			v.Cells[i][j] = c
		}
	}
	v.Label = w.T("cb.matrix.label", "n", w.N(v.Said), "same", w.N(agree))
	return v
}
