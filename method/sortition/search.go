package sortition

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// errNumbers is a linear programme that floating point could not solve.
var errNumbers = errors.New("a linear programme could not be solved in floating point")

// errLimit is a search given up after its limit of nodes.
var errLimit = errors.New("search given up")

// mostBranches bounds all searches for one result together. Without a bound quotas
// could be made that keep any computer busy for ever, since to find a panel is
// NP-hard (exact quotas of one in three categories are three-dimensional matching).
const mostBranches = 300_000

// Unfinished is the error of a computation given up, because it took more than
// 300,000 branches (some minutes). It does not depend on how fast the machine is.
type Unfinished struct {
	Branches int
	Stands   string // how far it came
}

func (e *Unfinished) Error() string {
	return fmt.Sprintf("given up after %d branches; so far: %s", e.Branches, e.Stands)
}

// effort is what was spent on one result, and how far it came.
type effort struct {
	branches, most int
	stands         string
	tell           func(string)
}

func newEffort(most int, tell func(string)) *effort {
	if tell == nil {
		tell = func(string) {}
	}
	return &effort{most: most, stands: "it is open whether the quotas can be met", tell: tell}
}

func (w *effort) says(stands string) {
	w.stands = stands
	w.tell(stands)
}

// branch counts one more, and now and then repeats how far the work is, so that
// whoever waits sees that it goes on.
func (w *effort) branch(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if w.branches == w.most {
		return &Unfinished{w.branches, w.stands}
	}
	if w.branches++; w.branches%1000 == 0 {
		w.tell(fmt.Sprintf("%s (%d branches)", w.stands, w.branches))
	}
	return nil
}

// A search looks for panels by branch and bound over the linear relaxation.
// A branch is given up only when bound proves that nothing is in it, so what a
// search says is exact, whatever rounding did to the relaxation.
type search struct {
	sp    *space
	lp    *program
	least float64 // panels worth less are not looked for
	// panels found, the best last
	found [][]int
	best  float64
	eager int // nodes to go on after a first find; 0: stop at once
	after int // nodes since the first find
	nodes int
	limit int     // most nodes; 0 is no limit
	rows  int     // variables: kinds, then from here a count for each row, then elastic
	step  float64 // by how much a further panel must be better

	elastic []int // variables by which bounds give way, in a search for the smallest relaxation
	gives   []int // their values in the last find
}

func newSearch(sp *space) *search {
	m := len(sp.low)
	s := &search{sp: sp, lp: newProgram(m)}
	for _, k := range sp.kinds {
		ones := make([]float64, len(k.rows))
		for i := range ones {
			ones[i] = 1
		}
		s.lp.add(column{k.rows, ones}, 0, float64(k.cap), 0)
	}
	s.rows = len(sp.kinds)
	var basis []int
	for r := range m {
		basis = append(basis, s.lp.add(column{[]int32{int32(r)}, []float64{-1}}, float64(sp.low[r]), float64(sp.high[r]), 0))
	}
	s.lp.start(basis)
	return s
}

// above looks for panels worth at least least. Worth is c a member. It returns
// what it found, the best last; nothing, without an error, proves that there is none.
func (s *search) above(ctx context.Context, c []float64, least float64, eager, limit int) ([][]int, error) {
	s.least, s.found, s.best = least, nil, math.Inf(-1)
	s.eager, s.after, s.nodes, s.limit = eager, 0, 0, limit
	for t := range c {
		s.lp.cost[t] = -c[t]
	}
	s.lp.settle()
	err := s.node(ctx)
	if len(s.found) > 0 && errors.Is(err, errLimit) {
		err = nil
	}
	return s.found, err
}

// node solves the relaxation of the current bounds and branches.
func (s *search) node(ctx context.Context) error {
	if s.nodes++; s.limit > 0 && s.nodes > s.limit {
		return errLimit
	}
	if err := s.sp.work.branch(ctx); err != nil {
		return err
	}
	if len(s.found) > 0 {
		if s.after++; s.after > s.eager {
			return errLimit
		}
	}
	feasible, err := s.lp.solve(ctx)
	if err != nil {
		return err
	}
	if most := s.bound(feasible); most < s.want() || math.IsInf(most, -1) {
		return nil
	}
	v, at := s.fractional(feasible)
	if v < 0 {
		if feasible {
			s.keep()
		}
		return nil
	}
	low, high := s.lp.low[v], s.lp.high[v]
	down := math.Floor(at)
	for side := range 2 {
		if (at-down < 0.5) == (side == 0) {
			s.lp.high[v] = down
		} else {
			s.lp.low[v] = down + 1
		}
		s.lp.settle()
		err := s.node(ctx)
		s.lp.low[v], s.lp.high[v] = low, high
		if err != nil {
			s.lp.settle()
			return err
		}
	}
	s.lp.settle()
	return nil
}

// want is what a branch must promise to be worth looking at.
func (s *search) want() float64 {
	if len(s.found) == 0 {
		return s.least
	}
	return max(s.least, s.best+max(s.step, float64(1e-7*math.Abs(s.best))))
}

// bound is a proven upper bound on the worth of any panel within the current
// bounds: for every λ, worth is at most Σ_rows max(λ_r·s_r) + Σ_kinds
// max((c_t − Σ λ_r)·x_t). λ comes from the duals of the relaxation, and need not be
// exact. Rounding is paid for by a margin: with n terms, each a sum of fewer than
// 32 parts, the error is below (n + 32)·2⁻⁵³ of the sum of all parts' sizes; the
// margin is over twice that. For an infeasible relaxation worth counts as 0, and
// a bound below 0 is the contradiction (Farkas), returned as -∞.
func (s *search) bound(feasible bool) float64 {
	sum, size := 0.0, 0.0
	for v := range s.lp.x {
		d := 0.0
		if feasible {
			d = -s.lp.cost[v]
		}
		all := math.Abs(d)
		rows, vals := s.lp.column(v)
		for k, r := range rows {
			part := float64(vals[k] * s.lp.pi[r])
			d += part
			all += math.Abs(part)
		}
		bd := s.lp.high[v]
		if d < 0 {
			bd = s.lp.low[v]
		}
		sum += float64(d * bd)
		size += float64(all * math.Abs(bd))
	}
	sum += float64(math.Ldexp(float64(len(s.lp.x)+64), -52) * size)
	if feasible {
		return sum
	}
	if sum < 0 {
		return math.Inf(-1)
	}
	return math.Inf(1)
}

// fractional chooses the variable to branch on: a row's count before a kind's,
// the one furthest from a whole number, the first of equals; -1 where all are
// whole. Where the relaxation claims, without proof, that nothing is left, any
// variable that can still move.
func (s *search) fractional(feasible bool) (v int, at float64) {
	v = -1
	if !feasible {
		for j := range s.lp.x {
			if s.lp.low[j] < s.lp.high[j] {
				return j, math.Floor((s.lp.low[j]+s.lp.high[j])/2) + 0.25
			}
		}
		return -1, 0
	}
	far := 1e-6
	try := func(from, to int) {
		for j := from; j < to; j++ {
			if d := math.Abs(s.lp.x[j] - math.Round(s.lp.x[j])); d > far {
				v, at, far = j, s.lp.x[j], d
			}
		}
	}
	try(s.rows, len(s.lp.x))
	if v < 0 {
		try(0, s.rows)
	}
	return v, at
}

// keep notes the panel that the relaxation found, once it is one indeed.
func (s *search) keep() {
	x := make([]int, len(s.sp.kinds))
	worth := 0.0
	for v, at := range s.lp.x {
		if s.lp.cost[v] != 0 {
			worth -= float64(s.lp.cost[v] * math.Round(at))
		}
	}
	for t := range x {
		x[t] = int(math.Round(s.lp.x[t]))
	}
	gives := make([]int, len(s.elastic))
	more := make([]int, len(s.sp.low)) // by which each row's count is helped
	for i, v := range s.elastic {
		gives[i] = int(math.Round(s.lp.x[v]))
		rows, vals := s.lp.column(v)
		more[rows[0]] += gives[i] * int(vals[0])
	}
	if worth > s.best && s.sp.allows(x, more) {
		s.best, s.gives = worth, gives
		s.found = append(s.found, x)
	}
}

// allows reports whether x is a panel, its counts helped by more.
func (sp *space) allows(x, more []int) bool {
	count := slices.Clone(more)
	for t, n := range x {
		if n < 0 || n > sp.kinds[t].cap {
			return false
		}
		for _, r := range sp.kinds[t].rows {
			count[r] += n
		}
	}
	for r, n := range count {
		if n < sp.low[r] || n > sp.high[r] {
			return false
		}
	}
	return true
}

// feasible finds a panel, or proves that there is none.
func (sp *space) feasible(ctx context.Context) ([]int, error) {
	found, err := newSearch(sp).above(ctx, make([]float64, len(sp.kinds)), -1, 0, 0)
	if len(found) == 0 || err != nil {
		return nil, err
	}
	return slices.Clone(found[0]), nil
}
