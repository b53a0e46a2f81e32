package sortition

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// The rules.
const (
	Maximin = "maximin"
	Leximin = "leximin"
)

// A lottery is the master programme: which panels, with which weight. First it
// tries to reach the chances that the quotas alone allow (aim.go). Where no
// lottery reaches them, it climbs: for each kind t of m_t people, row t says that
// its chance is at least the sum of the levels up to its own,
//
//	Σ_j w_j·x_jt − m_t·Σ_{levels t is in} δ_r − s_t = 0, all t;  Σ_j w_j = 1
//
// and the last δ is maximised. When no further panel would raise it, the kinds
// with a positive dual can have no more in any optimum; they stay at this level,
// and the others go on to the next.
type lottery struct {
	sp     *space
	lp     *program // variables: s_t, then others
	find   *search
	panels [][]int
	vars   []int // panel → its variable
	known  map[string]bool
	level  []int       // kind → level where it stays, or -1
	duals  [][]float64 // level → worth of a member of each kind, which proves it
	most   []float64   // level → worth of a panel that can have a part in the optimum
	mean   []float64   // kind → running mean of its dual
}

func newLottery(sp *space) *lottery {
	l := &lottery{sp: sp, find: newSearch(sp)}
	l.begin()
	return l
}

// begin makes an empty master programme.
func (l *lottery) begin() {
	n := len(l.sp.kinds)
	l.lp = newProgram(n + 1)
	l.lp.rhs[n] = 1
	l.mean = nil
	l.panels, l.vars, l.known = nil, nil, map[string]bool{}
	l.level, l.duals, l.most = make([]int, n), nil, nil
	for t := range n {
		l.level[t] = -1
		l.lp.add(column{[]int32{int32(t)}, []float64{-1}}, 0, math.Inf(1), 0)
	}
}

// put adds a panel, unless it is there.
func (l *lottery) put(x []int) bool {
	key := fmt.Sprint(x)
	if l.known[key] {
		return false
	}
	l.known[key] = true
	var c column
	for t, n := range x {
		if n > 0 {
			c.rows, c.vals = append(c.rows, int32(t)), append(c.vals, float64(n))
		}
	}
	c.rows, c.vals = append(c.rows, int32(len(x))), append(c.vals, 1)
	l.vars = append(l.vars, l.lp.add(c, 0, math.Inf(1), 0))
	l.panels = append(l.panels, x)
	return true
}

// run finds the lottery of a rule.
func (l *lottery) run(ctx context.Context, rule string, direct bool) error {
	if direct {
		a, err := l.sp.aim(ctx, rule)
		reached := false
		if err == nil {
			reached, err = l.reach(ctx, a)
		}
		if reached {
			l.sp.work.says(fmt.Sprintf("the quotas' own bound is reached with %d panels", len(l.panels)))
			return nil
		}
		if err != nil && !errors.Is(err, errNumbers) {
			return err
		}
		l.sp.work.says("the quotas' own bound is out of reach: level by level")
	}
	return l.climb(ctx, rule)
}

// climb raises level after level: one for maximin, all for leximin.
func (l *lottery) climb(ctx context.Context, rule string) error {
	earlier := l.panels
	l.begin()
	if err := l.seed(ctx, earlier); err != nil {
		return err
	}
	var levels []int
	for {
		if err := l.rise(ctx, &levels); err != nil {
			return err
		}
		if rule == Maximin || !slices.Contains(l.level, -1) {
			return l.polish(ctx, l.find, levels)
		}
		l.sp.work.says(fmt.Sprintf("level %d is reached with %d panels", len(l.duals), len(l.panels)))
	}
}

// seed begins with panels found earlier, then adds some with those who were in few.
func (l *lottery) seed(ctx context.Context, earlier [][]int) error {
	n := len(l.sp.kinds)
	times, c := make([]float64, n), make([]float64, n)
	add := func(x []int) {
		for t := range x {
			times[t] += float64(x[t])
		}
		l.put(x)
	}
	for _, x := range earlier {
		add(x)
	}
	for i := 0; i < n/2+1 || len(l.panels) == 0; i++ {
		for t, k := range l.sp.kinds {
			c[t] = 1 / (float64(len(k.people)) + float64(4*times[t]))
		}
		limit := 300
		if len(l.panels) == 0 {
			limit = 0
		}
		found, err := l.find.above(ctx, c, -1, 0, limit)
		if errors.Is(err, errLimit) {
			break // enough: the rest is left to the duals
		}
		if err == nil && len(found) == 0 {
			err = errNumbers // there is a panel
		}
		if err != nil {
			return err
		}
		add(found[len(found)-1])
	}
	basis := make([]int, n, n+1)
	for t := range n {
		basis[t] = t
	}
	if !l.lp.start(append(basis, l.vars[0])) {
		return errNumbers
	}
	return nil
}

// rise adds a level for those who stay at none yet and raises it to its optimum.
// levels are the variables of those so far; the new one is appended.
func (l *lottery) rise(ctx context.Context, levels *[]int) error {
	var c column
	for t, at := range l.level {
		if at < 0 {
			c.rows, c.vals = append(c.rows, int32(t)), append(c.vals, -float64(len(l.sp.kinds[t].people)))
		}
	}
	if n := len(*levels); n > 0 {
		last := (*levels)[n-1]
		l.lp.cost[last], l.lp.low[last], l.lp.high[last] = 0, l.lp.x[last], l.lp.x[last]
	}
	delta := l.lp.add(c, 0, math.Inf(1), -1)
	*levels = append(*levels, delta)
	for round := 0; ; round++ {
		if ok, err := l.lp.solve(ctx); err != nil || !ok {
			if err == nil {
				err = errNumbers
			}
			return err
		}
		if ok, err := l.price(ctx, l.find); err != nil || !ok {
			l.stay()
			return err
		}
		if round%20 == 19 {
			l.sp.work.says(fmt.Sprintf("level %d: %d panels", len(l.duals)+1, len(l.panels)))
		}
	}
}

// stay keeps those whom the duals prove to have no more at the current level.
func (l *lottery) stay() {
	worth, most := make([]float64, len(l.level)), 0.0
	for t, at := range l.level {
		if worth[t] = max(0, l.lp.pi[t]); at < 0 {
			most = max(most, worth[t])
		}
	}
	for t, at := range l.level {
		if at < 0 && worth[t] > float64(1e-6*most) {
			l.level[t] = len(l.duals)
		}
	}
	l.duals, l.most = append(l.duals, worth), append(l.most, -l.lp.pi[len(worth)])
}

// polish goes to a corner where what should be zero is, closer than tolerance
// hides: whoever stays at a level is exactly at it. The weights follow from that
// corner exactly. levels are variables that may adjust.
func (l *lottery) polish(ctx context.Context, find *search, levels []int) error {
	for t, at := range l.level {
		if at >= 0 {
			l.lp.high[t] = 0
		}
	}
	for _, v := range levels {
		l.lp.low[v], l.lp.high[v], l.lp.cost[v] = 0, 1, 0
	}
	l.lp.tol = 1e-12
	for range 200 {
		for j, x := range l.panels {
			if levels != nil && !l.onFace(x) {
				l.lp.high[l.vars[j]] = 0
			}
		}
		if !l.lp.refactor() {
			return nil // as good as it gets: exact will see
		}
		ok, err := l.lp.solve(ctx)
		if err == nil && !ok {
			ok, err = l.price(ctx, find)
			ok = !ok
		}
		if ok || err != nil {
			if errors.Is(err, errNumbers) {
				err = nil
			}
			return err
		}
	}
	return nil
}

// onFace reports whether a panel is worth as much as any at every level: no other
// can have a part in the optimum.
func (l *lottery) onFace(x []int) bool {
	for i, worth := range l.duals {
		sum := 0.0
		for t, n := range x {
			sum += float64(worth[t] * float64(n))
		}
		if sum < l.most[i]-1e-7 {
			return false
		}
	}
	return true
}
