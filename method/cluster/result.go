package cluster

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Rule is what a result depends on besides the votes. The zero value is Polis' own.
type Rule struct {
	K          int            // how many groups; 0 asks the silhouette
	Assign     map[string]int // participant → group: the groups are given, and K is their number
	Statements []Statement    // where given, every statement voted on is among them
}

// Statement is one that participants may vote on.
type Statement struct {
	ID  string
	Out bool // moderated out, or no opinion but a question about the participant: counted, never shown as an opinion
}

// Result is the groups that appear.
type Result struct {
	K                   int                `json:"k"`
	Participants        []Participant      `json:"participants"` // all, by id
	PCA                 PCA                `json:"pca"`
	Groups              []Group            `json:"groups"`
	Consensus           Consensus          `json:"consensus"`
	GroupAwareConsensus map[string]float64 `json:"group_aware_consensus"`
}

// Participant is a place on the map. Group is nil for those who voted too little
// to be placed among others.
type Participant struct {
	ID    string  `json:"id"`
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
	Group *int    `json:"group"`
}

// PCA is how votes became places.
type PCA struct {
	Statements []string     `json:"statements"`
	Center     []float64    `json:"center"`     // mean vote on each, 1 being agreement
	Components [2][]float64 `json:"components"` // each of length 1
}

// Group is the participants with one number, and what sets them apart.
type Group struct {
	ID             int              `json:"id"`
	Size           int              `json:"size"`
	Votes          map[string]Tally `json:"votes"` // of each statement
	Representative []Representative `json:"representative"`
}

// Tally is how a group voted on a statement.
type Tally struct {
	Agree    int `json:"A"`
	Disagree int `json:"D"`
	Seen     int `json:"S"` // all votes, passes too
}

const (
	enoughVotes  = 7  // to be placed among others, or all statements where they are fewer
	enoughPeople = 15 // where fewer voted enough, those with most votes make up the number
)

// Groups computes the result. The same votes and rule give the same bytes, in
// whatever order the votes were cast and whether or not a result was asked for
// between them. It ends early with the context's error. Other errors name the
// statement, participant or number that is wrong.
func (v *Votes) Groups(ctx context.Context, rule Rule) (*Result, error) {
	m, err := v.arrange(rule)
	if err != nil {
		return nil, err
	}
	res := &Result{PCA: PCA{Statements: m.ids}}
	if res.PCA.Components, err = m.axes(ctx); err != nil {
		return nil, err
	}
	res.PCA.Center = m.mean
	places := m.places(res.PCA.Components)
	who, of, err := m.members(ctx, rule, places)
	if err != nil {
		return nil, err
	}
	group := make([]*int, len(m.people))
	for i, p := range who {
		group[p] = &of[i]
	}
	res.Participants = make([]Participant, len(m.people))
	for i, p := range m.people {
		res.Participants[i] = Participant{v.people.id[p], places[i].x, places[i].y, group[i]}
	}
	m.tell(res, who, of)
	return res, nil
}

// File is the result as one line of JSON that ends in a newline.
func (r *Result) File() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(r)
	return b.Bytes(), err
}

// matrix is the votes in the order of the ids: rows and columns by place.
type matrix struct {
	*Votes
	people []int32   // place → participant
	ids    []string  // of the statements, by place
	order  []int32   // place → statement
	place  []int32   // statement → place
	out    []bool    // by place
	mean   []float64 // by place; 0 where out
}

func (v *Votes) arrange(rule Rule) (*matrix, error) {
	if v.Count() == 0 {
		return nil, errors.New("no votes")
	}
	m := &matrix{Votes: v}
	m.people, _ = v.people.sorted()
	m.order, m.place = v.statements.sorted()
	n := len(m.order)
	m.ids, m.out, m.mean = make([]string, n), make([]bool, n), make([]float64, n)
	listed := map[string]bool{}
	for _, s := range rule.Statements {
		if _, twice := listed[s.ID]; twice {
			return nil, fmt.Errorf("statement %q twice in the list of statements", s.ID)
		}
		listed[s.ID] = s.Out
	}
	for i, s := range m.order {
		out, known := listed[v.statements.id[s]]
		if !known && rule.Statements != nil {
			return nil, fmt.Errorf("statement %q was voted on but is not in the list of statements", v.statements.id[s])
		}
		m.ids[i], m.out[i] = v.statements.id[s], out
		if !out {
			m.mean[i] = v.sums[s].mean()
		}
	}
	return m, nil
}

// axes are the two principal components, 0 for statements that are out.
func (m *matrix) axes(ctx context.Context) (axes [2][]float64, err error) {
	var columns []int // place of each column
	trace := 0.0
	for i, out := range m.out {
		if !out {
			s := m.sums[m.order[i]]
			columns = append(columns, i)
			trace += float64(s.agree+s.disagree) - float64(m.mean[i]*float64(s.agree-s.disagree))
		}
	}
	var a operator
	if m.inPairs() {
		m.pairs.count(m.rows, len(m.sums))
		a = m.covariance(columns)
	} else {
		a = m.imputed(columns)
	}
	short, err := principal(ctx, a, len(columns), trace)
	if err != nil {
		return axes, err
	}
	for i := range axes {
		axes[i] = make([]float64, len(m.order))
		for c, at := range columns {
			axes[i][at] = short[i][c]
		}
	}
	return axes, nil
}

// covariance is XᵀX (see [sparse]) from what was counted of each two statements.
func (m *matrix) covariance(columns []int) dense {
	n := len(columns)
	d := dense{n, make([]float64, n*n)}
	together(func(part, parts int) {
		for i := part; i < n; i += parts {
			at := columns[i]
			s := m.sums[m.order[at]]
			d.at[i*n+i] = float64(s.agree+s.disagree) - float64(m.mean[at]*float64(s.agree-s.disagree))
			for j, with := range columns[:i] {
				a, b, p, q := m.order[at], m.order[with], m.mean[at], m.mean[with]
				if a > b {
					a, b, p, q = b, a, q, p
				}
				pair := m.pairs.at(a, b)
				cross := float64(p*float64(pair.sumB())) + float64(q*float64(pair.sumA()))
				c := float64(pair.ab()) - cross + float64(float64(p*q)*float64(pair.n()))
				d.at[i*n+j], d.at[j*n+i] = c, c
			}
		}
	})
	return d
}

// inPairs tells whether counting every two statements together pays: the votes
// alone decide, so that what was asked before does not. Where most participants saw
// few of many statements, a pass over the votes is shorter than a row for each.
func (m *matrix) inPairs() bool {
	n := len(m.order)
	return n <= mostPairs && n*n <= 2*m.Count()
}

// imputed is the same matrix, kept as the votes it is made of, in the order of the
// ids: turned into columns, then back into rows.
func (m *matrix) imputed(columns []int) *sparse {
	s := &sparse{mean: make([]float64, len(columns)), table: make([]float64, 8*len(columns))}
	column := make([]int32, len(m.sums)) // of each statement, or -1
	for st := range column {
		column[st] = -1
	}
	next := make([]int, len(columns)) // where the next vote on it goes
	all := 0
	for c, at := range columns {
		s.mean[c], column[m.order[at]], next[c] = m.mean[at], int32(c), all
		all += m.sums[m.order[at]].votes
	}
	people, says := make([]int32, all), make([]int8, all)
	s.ends = make([]int, len(m.people))
	for i, p := range m.people {
		for _, v := range m.rows[p] {
			if c := column[v.statement]; c >= 0 {
				people[next[c]], says[next[c]] = int32(i), v.vote
				next[c]++
				s.ends[i]++
			}
		}
	}
	from := 0
	for i, n := range s.ends { // for now where each begins
		s.ends[i], from = from, from+n
	}
	s.votes = make([]int32, all)
	from = 0
	for c, to := range next {
		for at, p := range people[from:to] {
			s.votes[s.ends[p]] = int32(4*c) + int32(says[from+at]) + 1
			s.ends[p]++
		}
		from = to
	}
	return s
}

// fine is the unit in which places are summed: integers, so that the sum is the
// same in any order of the votes. A component is of length 1, so no sum is above
// 2√statements, and a million statements leave room; a vote costs 4·10⁻¹⁶.
const fine = 1 << 50

// places projects every participant, by place: Σ (vote−mean)·component over the
// statements voted on, times √(statements/votes), so that whoever voted on few is
// not drawn into the middle for it. As in Polis, a statement that is out counts
// as voted on by everybody.
func (m *matrix) places(axes [2][]float64) []point {
	steps := make([][3][2]int64, len(m.order)) // statement, vote + 1 → step on each axis
	outs := 0
	for i, s := range m.order {
		if m.out[i] {
			outs++
		}
		for says := range 3 {
			for a := range axes {
				if !m.out[i] {
					step := float64((float64(says-1) - m.mean[i]) * axes[a][i])
					steps[s][says][a] = int64(math.RoundToEven(step * fine))
				}
			}
		}
	}
	places := make([]point, len(m.people))
	for i, p := range m.people {
		var x, y int64
		votes := outs
		for _, c := range m.rows[p] {
			step := &steps[c.statement][c.vote+1]
			x, y = x+step[0], y+step[1]
			if !m.out[m.place[c.statement]] {
				votes++
			}
		}
		scale := math.Sqrt(float64(len(m.order))/float64(max(votes, 1))) / fine
		places[i] = point{float64(x) * scale, float64(y) * scale, 1}
	}
	return places
}

// members says who is in a group, by place, ascending, and in which.
func (m *matrix) members(ctx context.Context, rule Rule, places []point) (who, of []int, err error) {
	if rule.Assign != nil {
		return m.assigned(rule.Assign)
	}
	if rule.K < 0 {
		return nil, nil, fmt.Errorf("k is %d: want a number of groups", rule.K)
	}
	who = m.active()
	points := make([]point, len(who))
	for i, p := range who {
		points[i] = places[p]
	}
	found, err := groups(ctx, points, rule.K)
	if err != nil {
		return nil, nil, err
	}
	if found.k < rule.K {
		return nil, nil, fmt.Errorf("k is %d, but only %d groups of participants can be told apart", rule.K, found.k)
	}
	found = found.bySize()
	of = make([]int, len(who))
	for i, g := range found.of {
		of[i] = int(g)
	}
	return who, of, nil
}

// active are the participants, by place, who voted enough to be grouped.
func (m *matrix) active() (who []int) {
	var rest []int
	for i, p := range m.people {
		switch n := len(m.rows[p]); {
		case n >= min(enoughVotes, len(m.order)):
			who = append(who, i)
		case n > 0:
			rest = append(rest, i)
		}
	}
	if lack := enoughPeople - len(who); lack > 0 {
		slices.SortStableFunc(rest, func(a, b int) int {
			return cmp.Compare(len(m.rows[m.people[b]]), len(m.rows[m.people[a]]))
		})
		who = append(who, rest[:min(lack, len(rest))]...)
		slices.Sort(who)
	}
	return who
}

func (m *matrix) assigned(given map[string]int) (who, of []int, err error) {
	for i, p := range m.people {
		if g, ok := given[m.Votes.people.id[p]]; ok {
			who, of = append(who, i), append(of, g)
		}
	}
	if len(who) == len(given) {
		return who, of, nil
	}
	var strangers []string
	for id := range given {
		if _, known := m.Votes.people.at[id]; !known {
			strangers = append(strangers, id)
		}
	}
	slices.SortFunc(strangers, byID(strangers))
	return nil, nil, fmt.Errorf("participant %q has a group but no votes", strangers[0])
}
