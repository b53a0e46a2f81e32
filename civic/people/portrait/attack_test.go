package portrait

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"glosa"
)

// reader is somebody who kept every board of an edition, knows the rules, and
// nothing else. It shares no line with the room's own care (cells.go).
type reader struct {
	days  []map[where]span
	lines []ruled
}

// span is between what and what a reader knows a count to be.
type span struct{ lo, hi int }

const endless = 1 << 30

// ruled is what a reader knows of some counts of one day: their sum lies between
// two numbers, or below another count.
type ruled struct {
	day    int
	cells  []where
	lo, hi int
	below  *where
}

func (r *reader) keep(b []Table) {
	day := len(r.days)
	known := map[where]span{}
	for _, t := range b {
		columns := map[glosa.Code][]where{}
		var all []where
		for _, c := range t.Cells {
			w := where{t.Attribute, c.Place, c.Value}
			known[w] = span{0, endless}
			if c.People >= 0 {
				known[w] = span{max(t.Least, c.People-2), c.People + 2}
			}
			all = append(all, w)
			columns[c.Value] = append(columns[c.Value], w)
		}
		if !t.Crossed {
			r.single(day, t, all, known)
			continue
		}
		for _, v := range slices.Sorted(maps.Keys(columns)) {
			r.lines = append(r.lines, ruled{day: day, cells: columns[v], below: &where{t.Attribute, "", v}})
		}
	}
	r.days = append(r.days, known)
}

// single is what follows from the rules of a table of one attribute.
func (r *reader) single(day int, t Table, all []where, known map[where]span) {
	var hidden []where
	top := endless
	for i, c := range t.Cells {
		if c.People < 0 {
			hidden = append(hidden, all[i])
		} else {
			top = min(top, c.People+2)
		}
	}
	for _, w := range hidden {
		known[w] = span{0, top}
		if len(hidden) > 2 {
			known[w] = span{0, min(top, t.Least-1)}
		}
	}
	if t.Total >= 0 {
		r.lines = append(r.lines, ruled{day: day, cells: all, lo: t.Total - 2, hi: t.Total + 2})
		if len(hidden) > 0 {
			r.lines = append(r.lines, ruled{day: day, cells: hidden, lo: 2 * t.Least, hi: endless})
		}
	}
}

// think draws what follows until nothing more does.
func (r *reader) think() {
	for moved := true; moved; {
		moved = false
		put := func(day int, w where, lo, hi int) {
			was := r.days[day][w]
			is := span{max(was.lo, lo), min(was.hi, hi)}
			if is != was {
				r.days[day][w], moved = is, true
			}
		}
		for d := 1; d < len(r.days); d++ { // nobody takes an answer back
			for w, s := range r.days[d] {
				put(d-1, w, 0, s.hi)
				put(d, w, r.days[d-1][w].lo, endless)
			}
		}
		for _, l := range r.lines {
			lo, hi := l.lo, l.hi
			if l.below != nil {
				hi = r.days[l.day][*l.below].hi
			}
			sum := span{}
			for _, w := range l.cells {
				s := r.days[l.day][w]
				sum.lo, sum.hi = sum.lo+s.lo, sum.hi+s.hi
			}
			for _, w := range l.cells {
				s := r.days[l.day][w]
				put(l.day, w, lo-(sum.hi-s.hi), min(endless, hi-(sum.lo-s.lo)))
			}
			if l.below != nil {
				put(l.day, *l.below, sum.lo, endless)
			}
		}
	}
}

// finds lists the small counts that the reader tells from none, or from the most
// that may be hidden; truth are the true counts of each day.
func (r *reader) finds(truth []map[where]int) (out []string) {
	r.think()
	for day, known := range r.days {
		for w, s := range known {
			least := few
			if w.place != "" || w.attribute == Language {
				least = fewer
			}
			if n := truth[day][w]; n < s.lo || n > s.hi {
				out = append(out, fmt.Sprintf("day %d %v: %d is not in %v: the reader reasons wrongly", day, w, n, s))
			}
			if truth[day][w] >= least {
				continue
			}
			open := least - 1
			if w.place != "" {
				open = min(open, known[where{w.attribute, "", w.value}].hi)
			}
			if s.lo > 0 || s.hi < open {
				out = append(out, fmt.Sprintf("day %d %v: %d is known to be in %v", day, w, truth[day][w], s))
			}
		}
	}
	slices.Sort(out)
	return out
}

// towns share a population as unevenly as Quintana Roo's.
var towns = map[glosa.TerritoryCode]int{"23001": 48, "23002": 45, "23003": 12, "23004": 126, "23005": 491, "23006": 21,
	"23007": 16, "23008": 180, "23009": 25, "23010": 22, "23011": 14}

// somebody is a synthetic person.
func somebody(rnd *rand.Rand) Answer {
	var a Answer
	at := rnd.IntN(1000)
	for _, p := range slices.Sorted(maps.Keys(towns)) {
		if at -= towns[p]; at < 0 {
			a.Municipality = p
			break
		}
	}
	pick := func(x Attribute, weights ...int) glosa.Code {
		at := rnd.IntN(100)
		for i, w := range weights {
			if at -= w; at < 0 {
				return values[x][i]
			}
		}
		return ""
	}
	a.Sex, a.Age, a.Language = pick(Sex, 46, 46), pick(Age, 2, 30, 40, 15, 5), pick(Language, 6, 80)
	if rnd.IntN(12) == 0 {
		a.Municipality = ""
	}
	return a
}

// TestConsecutiveBoardsRevealNoSmallCell: 1,000 people answer, a board is drawn
// each day with ten new answers or more, and a reader keeps all boards.
func TestConsecutiveBoardsRevealNoSmallCell(t *testing.T) {
	places := slices.Sorted(maps.Keys(towns))
	shown := 0
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 9))
		counts, told := map[where]int{}, map[where]int{}
		var r reader
		var truth []map[where]int
		for left := 1000; left > 0; {
			batch := min(left, renewal+rnd.IntN(50))
			left -= batch
			for range batch {
				somebody(rnd).count(counts)
			}
			c := draw(counts, places, told)
			told = c.told()
			r.keep(c.board())
			truth = append(truth, maps.Clone(counts))
		}
		for _, f := range r.finds(truth) {
			t.Errorf("seed %d: %s", seed, f)
		}
		last := r.days[len(r.days)-1]
		if s := last[where{Sex, "23005", "woman"}]; s.lo >= fewer {
			shown++
		}
		if s := last[where{Sex, "", "woman"}]; s.lo < 100 {
			t.Errorf("seed %d: of 1,000 people the women are not shown: %v", seed, s)
		}
	}
	if shown < 50 {
		t.Errorf("in %d of 60 years the women of the largest town are shown: the rules hide too much", shown)
	}
}

// TestTheAttackHasTeeth: boards that follow the rules of thumb alone give cells
// away, and the reader sees it.
func TestTheAttackHasTeeth(t *testing.T) {
	sex := func(women, men, total int) []Table {
		return []Table{{Attribute: Sex, Least: few, Total: total, Cells: []Cell{{"woman", "", women}, {"man", "", men}}}}
	}
	truth := func(women, men int) map[where]int {
		return map[where]int{{Sex, "", "woman"}: women, {Sex, "", "man"}: men}
	}
	ages := func(old, total int) []Table {
		return []Table{{Attribute: Age, Least: few, Total: total, Cells: []Cell{{"12_17", "", Hidden}, {"18_29", "", 30}, {"60", "", old}}}}
	}
	age := []Table{{Attribute: Age, Least: few, Total: 45, Cells: []Cell{{"12_17", "", Hidden}, {"18_29", "", 30}, {"30_44", "", Hidden}, {"45_59", "", Hidden}}}}
	for name, c := range map[string]struct {
		boards [][]Table
		truth  []map[where]int
		want   string
	}{
		"LoneHiddenCellBesideATotal": {[][]Table{sex(30, Hidden, 35)}, []map[where]int{truth(30, 4)}, "is known to be"},
		"ThreeSmallOnesWithATotal": {[][]Table{age}, []map[where]int{{{Age, "", "12_17"}: 4, {Age, "", "18_29"}: 32, {Age, "", "30_44"}: 4, {Age, "", "45_59"}: 4}},
			"is known to be"},
		"TheNextBoardShowsTheOther": {[][]Table{ages(Hidden, 40), ages(5, Hidden)}, []map[where]int{
			{{Age, "", "12_17"}: 4, {Age, "", "18_29"}: 30, {Age, "", "60"}: 6}, {{Age, "", "12_17"}: 4, {Age, "", "18_29"}: 32, {Age, "", "60"}: 6}}, "is known to be"},
		"NothingToFind": {[][]Table{sex(Hidden, Hidden, Hidden), sex(30, 10, 40)}, []map[where]int{truth(22, 4), truth(30, 9)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var r reader
			for _, b := range c.boards {
				r.keep(b)
			}
			found := strings.Join(r.finds(c.truth), "\n")
			if c.want != "" && !strings.Contains(found, c.want) || c.want == "" && found != "" {
				t.Errorf("found %q", found)
			}
		})
	}
}

func TestSmallCells(t *testing.T) {
	for name, c := range map[string]struct {
		women, men int
		want       string
	}{
		"NoOne":               {0, 0, "woman -1, man -1, total -1"},
		"AFew":                {3, 4, "woman -1, man -1, total -1"},
		"ALoneOneHidesNext":   {40, 4, "woman -1, man -1, total -1"},
		"NoneIsSmall":         {40, 0, "woman -1, man -1, total -1"},
		"Five":                {5, 6, "woman 5, man 5, total 10"},
		"RoundedAndNotAdding": {12, 12, "woman 10, man 10, total 25"},
	} {
		t.Run(name, func(t *testing.T) {
			b := draw(map[where]int{{Sex, "", "woman"}: c.women, {Sex, "", "man"}: c.men}, nil, nil).board()
			i := slices.IndexFunc(b, func(t Table) bool { return t.Attribute == Sex })
			got := fmt.Sprintf("woman %d, man %d, total %d", b[i].Cell("woman", ""), b[i].Cell("man", ""), b[i].Total)
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
