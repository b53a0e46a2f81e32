package cell

import (
	"fmt"
	"testing"
)

// table hides and shows one line of known sum with the least of one attribute.
func table(counts ...int) (out []int) {
	l := Line{Known: true}
	for _, n := range counts {
		c := New(n, Few)
		l.Cells = append(l.Cells, &c)
	}
	Hide([]Line{l})
	for _, c := range l.Cells {
		out = append(out, c.Figure())
	}
	return out
}

func TestHide(t *testing.T) {
	for name, c := range map[string]struct {
		counts []int
		want   string
	}{
		"AllLarge":          {[]int{12, 9, 5}, "[10 10 5]"},
		"NoneIsSmall":       {[]int{0, 40, 60}, "[-1 -1 60]"},
		"OneAndOne":         {[]int{1, 1, 40, 60}, "[-1 -1 -1 60]"},
		"LoneTakesMore":     {[]int{4, 5, 40, 60}, "[-1 -1 -1 60]"}, // 4 + 5 is less than twice five
		"EnoughTogether":    {[]int{4, 4, 4, 40}, "[-1 -1 -1 40]"},
		"NearlyEqualOnes":   {[]int{4, 9, 9, 60}, "[-1 -1 -1 60]"}, // 13 of two cells, of which one is at most 9: 4 and 9
		"LittleHidesAll":    {[]int{5, 1, 0}, "[-1 -1 -1]"},
		"NothingIsNoFigure": {[]int{0, 0}, "[-1 -1]"},
	} {
		if got := fmt.Sprint(table(c.counts...)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestNoSmallCountIsTold: a reader who knows the sum and the rules thinks of every
// table that would look the same. Of each hidden small count none and four, and
// everything between, stay possible, where the sum leaves so much.
func TestNoSmallCountIsTold(t *testing.T) {
	const most = 40
	type world [3]int
	alike := map[string][]world{}
	for a := range most {
		for b := range most {
			for c := range most {
				seen := fmt.Sprint(a+b+c, table(a, b, c))
				alike[seen] = append(alike[seen], world{a, b, c})
			}
		}
	}
	for seen, all := range alike {
		if sum := all[0][0] + all[0][1] + all[0][2]; sum >= most {
			continue // worlds of more than these are not thought of here
		}
		for i := range 3 {
			can := map[int]bool{}
			hidden := false
			for _, w := range all {
				can[w[i]] = true
				hidden = hidden || table(w[:]...)[i] == Hidden
			}
			sum := all[0][0] + all[0][1] + all[0][2]
			for n := 0; hidden && n <= min(Few-1, sum); n++ {
				if !can[n] {
					t.Errorf("%s: count %d is not %d, in %v", seen, i, n, all)
				}
			}
		}
	}
	if len(alike) < 100 {
		t.Errorf("%d tables are not enough to tell anything", len(alike))
	}
}

func TestTotal(t *testing.T) {
	big, small := New(12, Few), New(3, Few)
	if n := (Line{Cells: []*Cell{&big, &big}}).Total(); n != 25 {
		t.Errorf("12 and 12 are %d in fives", n)
	}
	if n := (Line{Cells: []*Cell{&big, &small}}).Total(); n != Hidden {
		t.Errorf("a sum stands beside a hidden count: %d", n)
	}
}
