package sortition

import (
	"context"
	"math"
)

// A program is a linear programme: minimise cost·x where the columns times x
// equal rhs and low ≤ x ≤ high. It is solved by the primal simplex method with
// bounded variables and a dense inverse of the basis. A solve begins at the
// basis where the last one stopped, whether that is feasible or not: as long as
// some basic variable is out of its bounds, what is minimised is the sum of the
// distances.
//
// Floating point guides; nothing here is proof. What is published is proved in
// exact.go and by search.bound. Products are converted explicitly, so that no
// compiler fuses them into the sum: same bits on every machine.
type program struct {
	m         int // rows
	rhs       []float64
	rows      []int32   // of all columns, one after the other
	vals      []float64 // the same
	from      []int     // variable → its column in rows and vals; one more, where the next begins
	low, high []float64
	cost      []float64
	x         []float64 // value of every variable
	basis     []int     // position → variable
	place     []int     // variable → position in the basis, or -1
	inv       []float64 // inverse of the basis, m × m, row by row
	pi        []float64 // dual values of the last solve, one a row
	pivots    int       // since inv was made anew
	alpha     []float64
	tol       float64   // how far out of its bounds a value may be
	support   []int     // scratch: where a row of inv is not zero
	weight    []float64 // of every variable: see entering
}

type column struct {
	rows []int32
	vals []float64
}

const (
	tolCost  = 1e-10
	tolPivot = 1e-8
)

// newProgram makes an empty programme of m rows.
func newProgram(m int) *program {
	return &program{m: m, rhs: make([]float64, m), basis: make([]int, m), inv: make([]float64, m*m),
		pi: make([]float64, m), alpha: make([]float64, m), tol: 1e-9, from: []int{0}}
}

// add appends a variable, standing at its lower bound outside the basis.
func (p *program) add(c column, low, high, cost float64) int {
	p.rows, p.vals = append(p.rows, c.rows...), append(p.vals, c.vals...)
	p.from = append(p.from, len(p.rows))
	p.low, p.high = append(p.low, low), append(p.high, high)
	p.cost = append(p.cost, cost)
	p.x, p.place, p.weight = append(p.x, low), append(p.place, -1), append(p.weight, 1)
	return len(p.x) - 1
}

// column is that of variable v.
func (p *program) column(v int) (rows []int32, vals []float64) {
	from, to := p.from[v], p.from[v+1]
	return p.rows[from:to], p.vals[from:to]
}

// start makes vars the basis. It reports whether they are independent.
func (p *program) start(vars []int) bool {
	for v := range p.place {
		p.place[v] = -1
	}
	copy(p.basis, vars)
	for i, v := range p.basis {
		p.place[v] = i
	}
	return p.refactor()
}

// refactor computes the inverse of the basis anew, by exchanging one column of
// the unit matrix after the other, the largest pivot first in each column.
func (p *program) refactor() bool {
	m := p.m
	clear(p.inv)
	for i := range m {
		p.inv[i*m+i] = 1
	}
	vars := append([]int(nil), p.basis...)
	free := make([]bool, m)
	for i := range free {
		free[i] = true
	}
	for pass := range 2 { // single entries first: they leave the inverse sparse
		for _, v := range vars {
			if (p.from[v+1]-p.from[v] == 1) != (pass == 0) {
				continue
			}
			p.ftran(v)
			best := -1
			for i := range m {
				if free[i] && (best < 0 || math.Abs(p.alpha[i]) > math.Abs(p.alpha[best])) {
					best = i
				}
			}
			if math.Abs(p.alpha[best]) < 1e-11 {
				return false
			}
			free[best] = false
			p.exchange(best)
			p.basis[best], p.place[v] = v, best
		}
	}
	p.pivots = 0
	p.settle()
	return true
}

// ftran computes alpha = inverse × column of v.
func (p *program) ftran(v int) {
	clear(p.alpha)
	m := p.m
	rows, vals := p.column(v)
	for k, r := range rows {
		val, at := vals[k], int(r)
		for i := range p.alpha {
			if e := p.inv[i*m+at]; e != 0 {
				p.alpha[i] += float64(val * e)
			}
		}
	}
}

// exchange updates the inverse for a new column in position r; alpha holds it.
func (p *program) exchange(r int) {
	m := p.m
	row := p.inv[r*m : r*m+m]
	scale := 1 / p.alpha[r]
	p.support = p.support[:0]
	for k := range row {
		if row[k] != 0 {
			row[k] *= scale
			p.support = append(p.support, k)
		}
	}
	for i, a := range p.alpha {
		if i == r || a == 0 {
			continue
		}
		other := p.inv[i*m : i*m+m]
		for _, k := range p.support {
			other[k] -= float64(a * row[k])
		}
	}
	p.pivots++
}

// settle puts every variable outside the basis on a bound and computes the rest.
func (p *program) settle() {
	rest := append([]float64(nil), p.rhs...)
	for v, at := range p.place {
		if at >= 0 {
			continue
		}
		if p.x[v]-p.low[v] <= p.high[v]-p.x[v] {
			p.x[v] = p.low[v]
		} else {
			p.x[v] = p.high[v]
		}
		if p.x[v] != 0 {
			rows, vals := p.column(v)
			for k, r := range rows {
				rest[r] -= float64(vals[k] * p.x[v])
			}
		}
	}
	for i, v := range p.basis {
		sum := 0.0
		for k, e := range p.inv[i*p.m : i*p.m+p.m] {
			if e != 0 && rest[k] != 0 {
				sum += float64(e * rest[k])
			}
		}
		p.x[v] = sum
	}
}

// duals computes pi: of the sum of distances where a basic variable is out of
// its bounds (then it reports false), else of the cost.
func (p *program) duals() bool {
	clear(p.pi)
	feasible := true
	for _, v := range p.basis {
		if p.x[v] < p.low[v]-p.tol || p.x[v] > p.high[v]+p.tol {
			feasible = false
			break
		}
	}
	for i, v := range p.basis {
		c := p.cost[v]
		if !feasible {
			c = 0
			if p.x[v] < p.low[v]-p.tol {
				c = -1
			} else if p.x[v] > p.high[v]+p.tol {
				c = 1
			}
		}
		if c == 0 {
			continue
		}
		for k, e := range p.inv[i*p.m : i*p.m+p.m] {
			if e != 0 {
				p.pi[k] += float64(c * e)
			}
		}
	}
	return feasible
}

// reduced is the reduced cost of v under pi.
func (p *program) reduced(v int, feasible bool) float64 {
	d := 0.0
	if feasible {
		d = p.cost[v]
	}
	rows, vals := p.column(v)
	for k, r := range rows {
		d -= float64(vals[k] * p.pi[r])
	}
	return d
}

// entering chooses the variable that improves most for its length, the first of
// equals (bland: the first that improves at all, which cannot cycle); -1 if none
// does. Lengths are those of Forrest and Goldfarb's Devex (Mathematical Programming
// 57, 1992), in a frame that begins anew with each solve: squares of what each
// variable's way through the basis is at least. last is the position of the last
// exchange, whose row of the inverse brings them up to date, or -1.
func (p *program) entering(feasible, bland bool, last int) (v int, up bool) {
	var row []float64
	of := 0.0
	if last >= 0 {
		row, of = p.inv[last*p.m:last*p.m+p.m], p.weight[p.basis[last]]
	}
	v, most := -1, 0.0
	for j, at := range p.place {
		if at >= 0 || p.low[j] == p.high[j] {
			continue
		}
		d, turn := 0.0, 0.0
		if feasible {
			d = p.cost[j]
		}
		rows, vals := p.column(j)
		if row == nil {
			for k, r := range rows {
				d -= float64(vals[k] * p.pi[r])
			}
		} else {
			for k, r := range rows {
				d -= float64(vals[k] * p.pi[r])
				turn += float64(vals[k] * row[r])
			}
			p.weight[j] = max(p.weight[j], float64(float64(turn*turn)*of))
		}
		if gain := math.Abs(d); (d < 0) == (p.x[j] == p.low[j]) && gain > tolCost && (v < 0 || !bland) {
			if by := float64(gain*gain) / p.weight[j]; by > most {
				v, up, most = j, d < 0, by
			}
		}
	}
	return v, up
}

// leaving finds how far the entering variable can go and the position that
// stops it, or -1 where its own other bound does. Two passes (Harris): first how
// far with tolerance, then the largest pivot within.
func (p *program) leaving(v int, up, bland bool) (r int, step float64) {
	limit := p.high[v] - p.low[v]
	most := limit
	for i := range p.alpha {
		if room, ok := p.room(i, up); ok {
			most = min(most, (room+p.tol)/math.Abs(p.alpha[i]))
		}
	}
	r, step = -1, limit
	best := 0.0
	for i, a := range p.alpha {
		room, ok := p.room(i, up)
		if !ok {
			continue
		}
		ratio := max(0, room) / math.Abs(a)
		if bland {
			if ratio < step || ratio == step && r >= 0 && p.basis[i] < p.basis[r] {
				r, step = i, ratio
			}
			continue
		}
		if ratio <= most && math.Abs(a) > best {
			r, step, best = i, ratio, math.Abs(a)
		}
	}
	if step >= limit {
		return -1, limit
	}
	return r, step
}

// room is how far the basic variable in position i may move before it meets the
// bound that stops it; ok is false where none does.
func (p *program) room(i int, up bool) (room float64, ok bool) {
	a := p.alpha[i]
	if math.Abs(a) < tolPivot {
		return 0, false
	}
	v := p.basis[i]
	falls := (a > 0) == up
	switch x := p.x[v]; {
	case falls && x > p.high[v]+p.tol:
		return x - p.high[v], true
	case falls && x >= p.low[v]-p.tol:
		return x - p.low[v], !math.IsInf(p.low[v], -1)
	case !falls && x < p.low[v]-p.tol:
		return p.low[v] - x, true
	case !falls && x <= p.high[v]+p.tol:
		return p.high[v] - x, !math.IsInf(p.high[v], 1)
	}
	return 0, false
}

// solve runs to the optimum, and reports whether the programme is feasible. pi
// then holds the duals of the cost, or of the sum of distances.
func (p *program) solve(ctx context.Context) (feasible bool, err error) {
	stall, ok, stale := 0, false, 2 // stale: 0 pi is fresh, 1 it was carried on, 2 it is of another basis
	last := -1
	for v := range p.weight {
		p.weight[v] = 1
	}
	for n := 0; ; n++ {
		if n%64 == 63 {
			if err := ctx.Err(); err != nil {
				return false, err
			}
		}
		if p.pivots > 3*p.m+50 {
			if !p.refactor() {
				return false, errNumbers
			}
			last, stale = -1, 2
		}
		if stale == 2 {
			ok, stale = p.duals(), 0
		}
		bland := stall > 5*p.m+100
		v, up := p.entering(ok, bland, last)
		last = -1
		if v < 0 && stale == 1 {
			stale = 2
			continue
		}
		if v < 0 {
			return ok, nil
		}
		d := p.reduced(v, ok)
		p.ftran(v)
		r, step := p.leaving(v, up, bland)
		if math.IsInf(step, 1) || n > 200*p.m+100000 {
			return false, errNumbers
		}
		if stall++; step > 1e-10 {
			stall = 0
		}
		if last = r; r >= 0 {
			p.weight[p.basis[r]] = 1
		}
		p.move(v, up, r, step)
		if stale = 2; ok {
			stale = p.carry(r, d)
		}
	}
}

// carry updates pi after a move within the feasible region: it changes by the
// entering variable's reduced cost times its new row of the inverse.
func (p *program) carry(r int, d float64) (stale int) {
	if r >= 0 {
		for k, e := range p.inv[r*p.m : r*p.m+p.m] {
			if e != 0 {
				p.pi[k] += float64(d * e)
			}
		}
	}
	return 1
}

func (p *program) move(v int, up bool, r int, step float64) {
	by := step
	if !up {
		by = -step
	}
	for i, a := range p.alpha {
		if a != 0 {
			p.x[p.basis[i]] -= float64(a * by)
		}
	}
	if r < 0 {
		if p.x[v] = p.high[v]; !up {
			p.x[v] = p.low[v]
		}
		return
	}
	p.x[v] += by
	out := p.basis[r]
	if math.Abs(p.x[out]-p.low[out]) <= math.Abs(p.x[out]-p.high[out]) {
		p.x[out] = p.low[out]
	} else {
		p.x[out] = p.high[out]
	}
	p.exchange(r)
	p.basis[r], p.place[v], p.place[out] = v, r, -1
}
