package opinion

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/method/cell"
	"glosa/method/cluster"
)

const (
	// LeastPeople and LeastGroup are below what no groups are shown (trust.md §5).
	LeastPeople = 30
	LeastGroup  = cell.Fewer

	// Wide and High are the grid that places on the map are rounded to.
	Wide = 12
	High = 8

	mostShared = 5
)

// Why there are no groups to show.
const (
	WhyFew   glosa.Code = "few"   // fewer than thirty people voted
	WhySmall glosa.Code = "small" // however they are parted, a group has fewer than ten
)

// Picture is everything that may be told of the groups, and no more. Sizes are in
// fives; of a count below ten nothing is said but that.
type Picture struct {
	Drawn    time.Time  `json:"drawn"` // after the end, from the rows of the count
	Why      glosa.Code `json:"why,omitempty"`
	People   int        `json:"people"`  // who voted
	Grouped  int        `json:"grouped"` // who voted enough to be placed among others
	K        int        `json:"k"`       // the number of groups that was asked for; 0: the method's own
	Groups   []Group    `json:"groups,omitempty"`
	Shared   []Said     `json:"shared,omitempty"`   // what every group agrees on
	Agree    []int      `json:"agree,omitempty"`    // what most of all agree on, by number
	Disagree []int      `json:"disagree,omitempty"` // what most of all disagree with
	Dots     []Dot      `json:"dots,omitempty"`
	Out      []int      `json:"out,omitempty"` // statements that shaped nothing: their words were not public any more
}

// Group is people who voted alike, the largest first.
type Group struct {
	Size int    `json:"size"`
	Says []Said `json:"says"` // what sets it apart
}

// Said is a statement and what groups say of it.
type Said struct {
	N      int   `json:"n"`
	Agrees bool  `json:"agrees"`
	By     []int `json:"by,omitempty"` // of each group, the percentage that says so, or [cell.Hidden]
}

// Dot is a cell of the map with people of one group in it.
type Dot struct {
	X     int `json:"x"` // from the left
	Y     int `json:"y"` // from the top
	Group int `json:"group"`
	Many  int `json:"many"` // 2: five to nine; 3: ten or more
}

// listed are a set's statements as the method wants them, and which are out.
func listed(all []Statement) (list []cluster.Statement, out []int) {
	for _, s := range all {
		list = append(list, cluster.Statement{ID: strconv.Itoa(s.N), Out: !s.Votable()})
		if !s.Votable() && (s.State == Admitted || s.State == Erased) {
			out = append(out, s.N)
		}
	}
	return list, out
}

// computed is what the method makes of a file of rows.
type computed struct {
	res    *cluster.Result // nil where there are no votes
	asked  int             // how many groups were asked for; 0: the method's own number
	digest glosa.Hash      // of the result as a file
}

func (c computed) groups() int {
	if c.res == nil {
		return 0
	}
	return c.res.K
}

// compute makes the groups of a file.
func compute(ctx context.Context, file []byte, list []cluster.Statement) (c computed, err error) {
	if c.res, c.asked, err = group(ctx, file, list); err != nil || c.res == nil {
		return c, err
	}
	js, err := c.res.File()
	c.digest = glosa.Digest(js)
	return c, err
}

// group computes the groups of a file: as many as the method finds, or where one
// of them would be too small to be shown, the most with which none is. Without
// votes there is no result. k is what was asked for.
func group(ctx context.Context, file []byte, list []cluster.Statement) (res *cluster.Result, k int, err error) {
	all, err := cluster.Read(bytes.NewReader(file))
	if err != nil || all.Count() == 0 {
		return nil, 0, err
	}
	first, err := all.Groups(ctx, cluster.Rule{Statements: list})
	if err != nil || smallest(first) >= LeastGroup {
		return first, 0, err
	}
	for k := first.K - 1; k >= 2; k-- {
		res, err := all.Groups(ctx, cluster.Rule{K: k, Statements: list})
		if err != nil || smallest(res) >= LeastGroup {
			return res, k, err
		}
	}
	return first, 0, nil
}

func smallest(res *cluster.Result) int {
	least := math.MaxInt
	for _, g := range res.Groups {
		least = min(least, g.Size)
	}
	return least
}

// paint is the picture of a result.
func paint(c computed, out []int, drawn time.Time) Picture {
	res, p := c.res, Picture{Drawn: drawn, K: c.asked, Out: out}
	if res == nil {
		p.Why = WhyFew
		return p
	}
	grouped := 0
	for _, g := range res.Groups {
		grouped += g.Size
	}
	if grouped < LeastPeople {
		p.Why = WhyFew
		return p
	}
	p.People, p.Grouped = cell.Fives(len(res.Participants)), cell.Fives(grouped)
	p.Agree, p.Disagree = consensus(res.Consensus.Agree), consensus(res.Consensus.Disagree)
	if smallest(res) < LeastGroup {
		p.Why = WhySmall
		return p
	}
	for _, g := range res.Groups {
		one := Group{Size: cell.Fives(g.Size)}
		for _, r := range g.Representative {
			if r.Trials >= LeastGroup {
				one.Says = append(one.Says, said(res, number(r.Statement), r.For == "agree"))
			}
		}
		p.Groups = append(p.Groups, one)
	}
	p.Shared, p.Dots = shared(res, out), dots(res)
	return p
}

func number(id string) int {
	n, _ := strconv.Atoi(id) // we wrote it
	return n
}

func consensus(list []cluster.Agreed) (out []int) {
	for _, a := range list {
		if a.Trials >= LeastGroup {
			out = append(out, number(a.Statement))
		}
	}
	return out
}

// said is what each group says of a statement: percentages of rounded counts, and
// none of fewer than ten people.
func said(res *cluster.Result, n int, agrees bool) Said {
	s := Said{N: n, Agrees: agrees}
	for _, g := range res.Groups {
		t := g.Votes[strconv.Itoa(n)]
		who := t.Agree
		if !agrees {
			who = t.Disagree
		}
		share := cell.Hidden
		if who >= cell.Fewer {
			share = min(100, (100*cell.Fives(who)+cell.Fives(t.Seen)/2)/cell.Fives(t.Seen))
		}
		s.By = append(s.By, share)
	}
	return s
}

// shared are the statements on which most of every group agree, by group-aware
// consensus; at most five.
func shared(res *cluster.Result, out []int) (list []Said) {
	var found []int
	for id := range res.GroupAwareConsensus {
		n := number(id)
		all := !slices.Contains(out, n)
		for _, g := range res.Groups {
			t := g.Votes[id]
			all = all && t.Seen >= LeastGroup && 2*(t.Agree+1) > t.Seen+2
		}
		if all {
			found = append(found, n)
		}
	}
	slices.SortFunc(found, func(a, b int) int {
		x, y := res.GroupAwareConsensus[strconv.Itoa(a)], res.GroupAwareConsensus[strconv.Itoa(b)]
		return cmp.Or(cmp.Compare(y, x), cmp.Compare(a, b))
	})
	for _, n := range found[:min(mostShared, len(found))] {
		list = append(list, said(res, n, true))
	}
	return list
}

// dots are the places of the grouped, on the grid, sorted. No cell has fewer than
// five people of a group: those are drawn where the nearest five of theirs are. Who
// is farther out than most is at the border, so that nobody sets the scale.
func dots(res *cluster.Result) []Dot {
	var away [2][]float64
	for _, p := range res.Participants {
		if p.Group != nil {
			away[0], away[1] = append(away[0], math.Abs(p.X)), append(away[1], math.Abs(p.Y))
		}
	}
	far := [2]float64{most(away[0]), most(away[1])}
	count := map[Dot]int{}
	for _, p := range res.Participants {
		if p.Group != nil {
			count[Dot{X: on(p.X, far[0], Wide), Y: High - 1 - on(p.Y, far[1], High), Group: *p.Group}]++
		}
	}
	all := together(count)
	slices.SortFunc(all, inOrder)
	return all
}

func inOrder(a, b Dot) int {
	return cmp.Or(cmp.Compare(a.Y, b.Y), cmp.Compare(a.X, b.X), cmp.Compare(a.Group, b.Group))
}

// most is what nineteen of twenty stay within.
func most(away []float64) float64 {
	if len(away) == 0 {
		return 0
	}
	slices.Sort(away)
	return away[(len(away)-1)*19/20]
}

// together moves the people of cells with fewer than five to the nearest cell of
// their group with five or more; to its fullest where it has none.
func together(count map[Dot]int) (all []Dot) {
	cells := slices.SortedFunc(maps.Keys(count), func(a, b Dot) int { return cmp.Or(cmp.Compare(count[b], count[a]), inOrder(a, b)) })
	sum := map[Dot]int{}
	for _, d := range cells { // the fullest first
		to, near := d, math.MaxInt
		for _, x := range cells {
			if _, kept := sum[x]; !kept || x.Group != d.Group || count[d] >= cell.Few {
				continue
			}
			if far := (x.X-d.X)*(x.X-d.X) + (x.Y-d.Y)*(x.Y-d.Y); far < near {
				to, near = x, far
			}
		}
		sum[to] += count[d]
	}
	for d, n := range sum {
		if n < cell.Few {
			continue // a group so small is not shown at all
		}
		d.Many = 2
		if n >= cell.Fewer {
			d.Many = 3
		}
		all = append(all, d)
	}
	return all
}

// on is the cell of a grid of n on which x falls, between -far and far.
func on(x, far float64, n int) int {
	if far == 0 {
		return n / 2
	}
	return max(0, min(n-1, int((x+far)/(2*far)*float64(n))))
}

// columnsOf are the statements that the rows of a count have a column for.
func columnsOf(all []Statement) (columns []int) {
	for _, s := range all {
		if s.State == Admitted || s.State == Erased {
			columns = append(columns, s.N)
		}
	}
	return columns
}

// rowsOf writes the standing ballots as Polis writes participants-votes.csv, by
// tracker: no time, no door, no order of coming. Groups are left empty: they are
// computed from this file.
func rowsOf(ballots []*ballot, columns []int) []byte {
	var b bytes.Buffer
	b.WriteString("participant,group-id,n-comments,n-votes,n-agree,n-disagree")
	for _, n := range columns {
		b.WriteString("," + strconv.Itoa(n))
	}
	b.WriteByte('\n')
	lines := make([]string, len(ballots))
	for i, x := range ballots {
		lines[i] = rowOf(x, columns)
	}
	slices.Sort(lines) // by tracker, with which each begins
	for _, line := range lines {
		b.WriteString(line)
	}
	return b.Bytes()
}

func rowOf(x *ballot, columns []int) string {
	count := map[Says]int{}
	for _, says := range x.votes {
		count[says]++
	}
	var b strings.Builder
	b.WriteString(voter.Tracker(x.salt()) + ",,0," + strconv.Itoa(len(x.votes)) + "," + strconv.Itoa(count[Agree]) + "," + strconv.Itoa(count[Disagree]))
	for _, n := range columns {
		b.WriteByte(',')
		if says, voted := x.votes[n]; voted {
			b.WriteString(strconv.Itoa(int(says)))
		}
	}
	b.WriteByte('\n')
	return b.String()
}
