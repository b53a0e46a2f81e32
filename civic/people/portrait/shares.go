package portrait

import "glosa"

// Share is one cell of an attribute beside the census, among the cells that are shown.
type Share struct {
	Value  glosa.Code
	People int // in fives, or Hidden
	Given  int // per mille of those shown; Hidden without two cells
	Census int // per mille of the same cells in the census; Hidden when it does not count them
	Ratio  int // hundredths: given ÷ census; Hidden when either is
}

// Shares compares a table with the census. Shares are of the cells that are
// shown, on both sides, and are computed from the rounded figures.
func Shares(t Table, census map[glosa.Code]int64) (out []Share) {
	var people, all int64
	shown := 0
	for _, c := range t.Cells {
		if c.People != Hidden {
			people, all, shown = people+int64(c.People), all+census[c.Value], shown+1
		}
	}
	for _, c := range t.Cells {
		s := Share{Value: c.Value, People: c.People, Given: Hidden, Census: Hidden, Ratio: Hidden}
		if c.People != Hidden && shown > 1 {
			s.Given = half(1000*int64(c.People), people)
			if n := census[c.Value]; n > 0 {
				s.Census = half(1000*n, all)
				s.Ratio = half(100*int64(c.People)*all, n*people)
			}
		}
		out = append(out, s)
	}
	return out
}

// half divides and rounds half up.
func half(a, b int64) int { return int((2*a + b) / (2 * b)) }
