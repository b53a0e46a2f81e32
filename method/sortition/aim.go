package sortition

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// An aim is the chances that the quotas alone allow: the rule's optimum over all
// fractional panels, which is a small programme (a row for each quota, not for
// each kind). No lottery can do better, and as a rule one does as well; then the
// duals of the small programme prove it, and what is left to find is panels whose
// average is the aim.
type aim struct {
	sp     *space
	lp     *program
	rows   [][]int32       // kind → rows it counts in
	capped []int           // kinds with a row of their own
	chance []float64       // kind → chance
	level  []int           // kind → level, or -1
	duals  [][]float64     // level → worth of a member of each kind
	tight  map[int]float64 // row → what every panel in use counts there
	low    map[int]int     // kind → as many as every panel in use has
}

// aim computes it. That no chance is above 1 is a row only for kinds that would
// have more without it: found one after the other.
func (sp *space) aim(ctx context.Context, rule string) (*aim, error) {
	var capped []int
	for {
		a := newAim(sp, capped)
		over, err := a.run(ctx, rule)
		if err != nil || over == nil {
			return a, err
		}
		capped = append(capped, over...)
	}
}

// newAim sets the small programme up: a row for each of the space's, then one for
// each kind in capped. Variables are what rows count, then, for each kind, by how
// much its chance is above its level.
func newAim(sp *space, capped []int) *aim {
	a := &aim{sp: sp, capped: capped, low: map[int]int{}, tight: map[int]float64{}}
	a.lp = newProgram(len(sp.low) + len(capped))
	for t, k := range sp.kinds {
		a.chance, a.level, a.rows = append(a.chance, 0), append(a.level, -1), append(a.rows, k.rows)
		if i := slices.Index(capped, t); i >= 0 {
			a.rows[t] = append(slices.Clone(k.rows), int32(len(sp.low)+i))
		}
	}
	for r := range a.lp.m {
		low, high := 0, 0
		if r < len(sp.low) {
			low, high = sp.low[r], sp.high[r]
		} else {
			high = sp.kinds[capped[r-len(sp.low)]].cap
		}
		a.lp.add(column{[]int32{int32(r)}, []float64{-1}}, float64(low), float64(high), 0)
	}
	for t, k := range sp.kinds {
		c := column{rows: a.rows[t]}
		for range c.rows {
			c.vals = append(c.vals, float64(len(k.people)))
		}
		a.lp.add(c, 0, math.Inf(1), 0)
	}
	return a
}

// run climbs level by level, as lottery does. over are kinds with a chance above
// what they can have.
func (a *aim) run(ctx context.Context, rule string) (over []int, err error) {
	basis := make([]int, a.lp.m)
	for r := range basis {
		basis[r] = r
	}
	if !a.lp.start(basis) {
		return nil, errNumbers
	}
	for len(a.duals) == 0 || rule == Leximin && slices.Contains(a.level, -1) {
		delta := a.lp.add(a.together(), 0, math.Inf(1), -1)
		ok, err := a.lp.solve(ctx)
		if err == nil && !ok {
			err = errNumbers // there is a panel
		}
		if err != nil {
			return nil, err
		}
		for t, k := range a.sp.kinds {
			if a.level[t] < 0 {
				a.chance[t] += a.lp.x[delta]
			}
			p := a.chance[t]
			if rule == Maximin { // the kind's own, which the optimum may need
				p += a.lp.x[a.lp.m+t]
			}
			if p > float64(k.cap)/float64(len(k.people))+1e-9 && !slices.Contains(a.capped, t) {
				over = append(over, t)
			}
		}
		if over != nil {
			return over, nil
		}
		a.stay()
		a.lp.cost[delta], a.lp.low[delta], a.lp.high[delta] = 0, a.lp.x[delta], a.lp.x[delta]
	}
	return nil, nil
}

// stay keeps those whom the duals prove to have no more, and notes the rows that
// every lottery with these chances meets exactly.
func (a *aim) stay() {
	duals, most := make([]float64, len(a.level)), 0.0
	for t := range duals {
		for _, r := range a.rows[t] {
			duals[t] -= a.lp.pi[r]
		}
		if duals[t] = max(0, duals[t]); a.level[t] < 0 {
			most = max(most, duals[t])
		}
	}
	for r, pi := range a.lp.pi {
		if math.Abs(pi) <= float64(1e-7*most) {
			continue
		}
		if r < len(a.sp.low) {
			a.tight[r] = a.lp.x[r]
		} else {
			t := a.capped[r-len(a.sp.low)]
			a.low[t] = a.sp.kinds[t].cap
		}
	}
	for t, at := range a.level {
		if at < 0 && duals[t] > float64(1e-6*most) {
			a.level[t] = len(a.duals)
		}
	}
	a.duals = append(a.duals, duals)
}

// together is the column of a level: all who stay at none yet rise together.
func (a *aim) together() column {
	sums := make([]float64, a.lp.m)
	for t, k := range a.sp.kinds {
		if a.level[t] < 0 {
			for _, r := range a.rows[t] {
				sums[r] += float64(len(k.people))
			}
		}
	}
	var c column
	for r, s := range sums {
		if s > 0 {
			c.rows, c.vals = append(c.rows, int32(r)), append(c.vals, s)
		}
	}
	return c
}

// reach looks for a lottery with the chances aimed at, and reports whether there
// is one. The sum of what kinds lack is minimised, panels being added for as long
// as one helps; all of them on the face where the tight quotas are met exactly,
// since no others can have a part in it.
//
//	Σ_j w_j·x_jt + lack_t − s_t = m_t·chance_t, all t;  Σ_j w_j = 1
func (l *lottery) reach(ctx context.Context, a *aim) (bool, error) {
	n := len(l.sp.kinds)
	face := *l.sp
	face.low, face.high = append([]int(nil), l.sp.low...), append([]int(nil), l.sp.high...)
	for r, at := range a.tight {
		if math.Abs(at-math.Round(at)) > 1e-6 {
			return false, nil
		}
		face.low[r], face.high[r] = int(math.Round(at)), int(math.Round(at))
	}
	find := newSearch(&face)
	for t, n := range a.low {
		find.lp.low[t] = float64(n)
	}
	for t, k := range l.sp.kinds {
		l.lp.rhs[t] = float64(a.chance[t] * float64(len(k.people)))
		l.lp.add(column{[]int32{int32(t)}, []float64{1}}, 0, math.Inf(1), 1)
	}
	if ok, err := l.herd(ctx, find); err != nil || !ok {
		return false, err
	}
	basis := make([]int, 0, n+1)
	for t := range n {
		if float64(l.panels[0][t]) > l.lp.rhs[t] {
			basis = append(basis, t)
		} else {
			basis = append(basis, n+t)
		}
	}
	if !l.lp.start(append(basis, l.vars[0])) {
		return false, errNumbers
	}
	for round := 0; ; round++ {
		if ok, err := l.lp.solve(ctx); err != nil || !ok {
			return false, err
		}
		lack := 0.0
		for t := range n {
			lack += l.lp.x[n+t]
		}
		if lack < 1e-8 {
			l.level, l.duals = a.level, a.duals
			for t := range n {
				l.lp.high[n+t], l.lp.cost[n+t] = 0, 0
			}
			return true, l.polish(ctx, find, nil)
		}
		if round%20 == 19 {
			l.sp.work.says(fmt.Sprintf("%d panels; %.6f seats from the aim", len(l.panels), lack))
		}
		if ok, err := l.price(ctx, find); err != nil || !ok {
			return false, err
		}
	}
}

// herd begins with panels each of which makes up for what those before it lack.
func (l *lottery) herd(ctx context.Context, find *search) (bool, error) {
	n := len(l.sp.kinds)
	need := make([]float64, n)
	for i := range n/2 + 2 {
		for t := range need {
			need[t] += l.lp.rhs[t]
		}
		limit := 300
		if i == 0 {
			limit = 0
		}
		found, err := find.above(ctx, need, math.Inf(-1), 0, limit)
		if err == errLimit {
			break
		}
		if err != nil || len(found) == 0 {
			return false, err
		}
		x := found[len(found)-1]
		for t, k := range x {
			need[t] -= float64(k)
		}
		l.put(x)
	}
	return true, nil
}

// price adds panels that the duals of the master programme call for, and reports
// whether there were any. Duals swing from one panel to the next, so the first look
// is for panels worth much by their running mean (Neame, "Nonsmooth Dual Methods in
// Integer Programming", 1999): such panels help for longer. Where none of those
// helps now, the duals themselves decide.
func (l *lottery) price(ctx context.Context, find *search) (bool, error) {
	duals := slices.Clone(l.lp.pi[:len(l.sp.kinds)])
	price := -l.lp.pi[len(duals)]
	least := price + float64(1e-9*(1+math.Abs(price)))
	if l.mean == nil {
		l.mean = slices.Clone(duals)
	}
	for t, pi := range duals {
		l.mean[t] = float64(0.75*l.mean[t]) + float64(0.25*pi)
	}
	found, err := find.above(ctx, l.mean, math.Inf(-1), 20, 2000)
	if err != nil && !errors.Is(err, errLimit) {
		return false, err
	}
	fresh := false
	for _, x := range found {
		worth := 0.0
		for t, n := range x {
			worth += float64(duals[t] * float64(n))
		}
		fresh = worth > least && l.put(x) || fresh
	}
	if fresh {
		return true, nil
	}
	found, err = find.above(ctx, duals, least, 20, 0)
	for _, x := range found {
		fresh = l.put(x) || fresh
	}
	return fresh, err
}
