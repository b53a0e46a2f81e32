package sortition

import (
	"context"
	"errors"
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// A mix is a lottery over panels of kinds, in whole numbers: panel j has weight
// weights[j]/whole.
type mix struct {
	panels  [][]int
	weights []*big.Int
	whole   *big.Int
}

// grid is what weights are rounded to where they cannot be had exactly.
const grid = 1_000_000_000_000

// exact turns what floating point found into whole numbers. The panels in use
// and who stays at which level determine the weights: the solution of a linear
// system with whole coefficients, which is solved exactly and then checked. Where
// that fails (numbers with more digits than anyone would publish, or a structure
// that rounding hid) the weights are rounded to a grid; every claim about the
// result is proved from the result itself, so nothing false is said either way.
func (l *lottery) exact(ctx context.Context) (*mix, error) {
	m := &mix{whole: big.NewInt(1)}
	var share []float64
	for j, v := range l.vars {
		if l.lp.place[v] >= 0 && l.lp.high[v] > 0 { // however small: it may be needed
			m.panels = append(m.panels, l.panels[j])
			share = append(share, l.lp.x[v])
		}
	}
	order := make([]int, len(share))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(m.panels[b], m.panels[a]) })
	panels, shares := make([][]int, len(order)), make([]float64, len(order))
	for i, o := range order {
		panels[i], shares[i] = m.panels[o], share[o]
	}
	m.panels = panels
	num, den, err := l.system(panels).solve(ctx)
	if err != nil {
		return nil, err
	}
	if num != nil {
		ok := true
		for j := range panels {
			ok = ok && num[j].Sign() >= 0
		}
		if ok {
			m.weights, m.whole = num[:len(panels)], den
			m.tidy()
			return m, nil
		}
	}
	m.round(shares)
	m.tidy()
	return m, nil
}

// round puts weights on the grid; the heaviest takes what is left over.
func (m *mix) round(shares []float64) {
	m.whole, m.weights = big.NewInt(grid), nil
	left, heaviest := int64(grid), 0
	for j, s := range shares {
		w := int64(math.Round(s * grid))
		m.weights = append(m.weights, big.NewInt(w))
		if left -= w; s > shares[heaviest] {
			heaviest = j
		}
	}
	m.weights[heaviest].Add(m.weights[heaviest], big.NewInt(left))
}

// tidy drops panels without weight and cancels what all weights share.
func (m *mix) tidy() {
	var panels [][]int
	var weights []*big.Int
	gcd := new(big.Int).Set(m.whole)
	for j, w := range m.weights {
		if w.Sign() > 0 {
			panels, weights = append(panels, m.panels[j]), append(weights, w)
			gcd.GCD(nil, nil, gcd, w)
		}
	}
	for _, w := range weights {
		w.Quo(w, gcd)
	}
	m.panels, m.weights, m.whole = panels, weights, new(big.Int).Quo(m.whole, gcd)
}

// system is the equations that the weights and the levels' chances z satisfy:
// Σ_j w_j·x_jt = m_t·z of t's level, for each kind at a level, and Σ w_j = 1.
func (l *lottery) system(panels [][]int) *system {
	s := &system{n: len(panels) + len(l.duals)}
	for t, k := range l.sp.kinds {
		at := l.level[t]
		if at < 0 && l.lp.x[t] > 1e-9 {
			continue // chance above the level: no equation
		}
		var row []entry
		for j, x := range panels {
			if x[t] != 0 {
				row = append(row, entry{j, int64(x[t])})
			}
		}
		row = append(row, entry{len(panels) + max(at, 0), -int64(len(k.people))})
		s.rows, s.rhs = append(s.rows, row), append(s.rhs, 0)
	}
	var row []entry
	for j := range panels {
		row = append(row, entry{j, 1})
	}
	s.rows, s.rhs = append(s.rows, row), append(s.rhs, 1)
	return s
}

// chances are the exact probabilities, one a kind.
func (m *mix) chances(sp *space) []*big.Rat {
	p := make([]*big.Rat, len(sp.kinds))
	for t, k := range sp.kinds {
		sum := new(big.Int)
		for j, x := range m.panels {
			if x[t] != 0 {
				sum.Add(sum, new(big.Int).Mul(m.weights[j], big.NewInt(int64(x[t]))))
			}
		}
		p[t] = new(big.Rat).SetFrac(sum, new(big.Int).Mul(m.whole, big.NewInt(int64(len(k.people)))))
	}
	return p
}

// A system is linear equations in n unknowns with whole coefficients, at least
// as many as unknowns.
type system struct {
	n    int
	rows [][]entry
	rhs  []int64
}

type entry struct {
	at  int
	val int64
}

const prime = 1<<31 - 1 // 2³¹ − 1 is prime (Euler 1772)

// mostDigits bounds the p-adic digits of a solution, and so its fractions to some
// 2,700 decimal digits above and below the line; longer ones nobody would publish.
const mostDigits = 600

// solve returns the unique solution as num/den, or nil where there is none, more
// than one, or one with too many digits. Dixon, "Exact Solution of Linear
// Equations Using p-Adic Expansions", Numerische Mathematik 40 (1982): an LU
// factorisation modulo a prime lifts the solution digit by digit; fractions are
// recovered by Euclid's algorithm and checked in every equation.
func (s *system) solve(ctx context.Context) (num []*big.Int, den *big.Int, err error) {
	f, err := s.factor(ctx)
	if f == nil {
		return nil, nil, err
	}
	rest := make([]int64, s.n)
	for i, r := range f.chosen {
		rest[i] = s.rhs[r]
	}
	sum := make([]*big.Int, s.n)
	for i := range sum {
		sum[i] = new(big.Int)
	}
	power, p := big.NewInt(1), big.NewInt(prime)
	next := 6
	for d := 1; d <= mostDigits; d++ {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		digit := f.solve(rest)
		for i, r := range f.chosen {
			for _, e := range s.rows[r] {
				rest[i] -= e.val * int64(digit[e.at])
			}
			rest[i] /= prime // exact: the digit was chosen so
		}
		for i, v := range digit {
			sum[i].Add(sum[i], new(big.Int).Mul(power, big.NewInt(int64(v))))
		}
		power.Mul(power, p)
		if d == next || d == mostDigits {
			next = next*3/2 + 1
			if num, den := fractions(sum, power); num != nil && s.holds(num, den) {
				return num, den, nil
			}
		}
	}
	return nil, nil, nil
}

// holds checks every equation exactly.
func (s *system) holds(num []*big.Int, den *big.Int) bool {
	var t big.Int
	for i, row := range s.rows {
		sum := new(big.Int).Mul(den, big.NewInt(-s.rhs[i]))
		for _, e := range row {
			sum.Add(sum, t.Mul(num[e.at], big.NewInt(e.val)))
		}
		if sum.Sign() != 0 {
			return false
		}
	}
	return true
}

// fractions recovers num/den from values modulo m: the one fraction, if any, with
// numerator and denominator below √(m/2).
func fractions(values []*big.Int, m *big.Int) ([]*big.Int, *big.Int) {
	limit := new(big.Int).Sqrt(new(big.Int).Rsh(m, 1))
	half := new(big.Int).Rsh(m, 1)
	den := big.NewInt(1)
	num := make([]*big.Int, len(values))
	for i, v := range values {
		n := new(big.Int).Mul(v, den)
		if n.Mod(n, m); n.Cmp(half) > 0 {
			n.Sub(n, m)
		}
		if n.CmpAbs(limit) > 0 {
			r0, r1 := new(big.Int).Set(m), new(big.Int).Mod(n, m)
			t0, t1 := new(big.Int), big.NewInt(1)
			for r1.CmpAbs(limit) > 0 {
				q, r := new(big.Int).QuoRem(r0, r1, new(big.Int))
				r0, r1 = r1, r
				t0, t1 = t1, new(big.Int).Sub(t0, q.Mul(q, t1))
			}
			if t1.Sign() < 0 {
				r1.Neg(r1)
				t1.Neg(t1)
			}
			if den.Mul(den, t1); den.Cmp(limit) > 0 || t1.Sign() == 0 {
				return nil, nil
			}
			for _, earlier := range num[:i] {
				earlier.Mul(earlier, t1)
			}
			n = r1
		}
		num[i] = n
	}
	return num, den
}

// A factoring is the LU factorisation modulo the prime of n independent rows.
type factoring struct {
	chosen []int // rows of the system, in order of their pivots
	lu     [][]uint64
	inv    []uint64 // inverse of each pivot
}

func mulmod(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	_, rem := bits.Div64(hi, lo, prime)
	return rem
}

func power(a, e uint64) uint64 {
	r := uint64(1)
	for ; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = mulmod(r, a)
		}
		a = mulmod(a, a)
	}
	return r
}

// factor chooses n independent rows, the first that will do for each column; nil
// where the columns are dependent.
func (s *system) factor(ctx context.Context) (*factoring, error) {
	f := &factoring{inv: make([]uint64, s.n)}
	for i, row := range s.rows {
		dense := make([]uint64, s.n)
		for _, e := range row {
			dense[e.at] = uint64((e.val%prime + prime) % prime)
		}
		f.lu, f.chosen = append(f.lu, dense), append(f.chosen, i)
	}
	for c := range s.n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		at := c
		for at < len(f.lu) && f.lu[at][c] == 0 {
			at++
		}
		if at >= len(f.lu) {
			return nil, nil
		}
		f.lu[c], f.lu[at] = f.lu[at], f.lu[c]
		f.chosen[c], f.chosen[at] = f.chosen[at], f.chosen[c]
		pivot := f.lu[c]
		f.inv[c] = power(pivot[c], prime-2)
		for _, row := range f.lu[c+1:] {
			if row[c] == 0 {
				continue
			}
			by := row[c] * f.inv[c] % prime
			row[c] = by // L below the diagonal
			by = prime - by
			for k := c + 1; k < s.n; k++ {
				if pivot[k] != 0 {
					row[k] = (row[k] + by*pivot[k]) % prime
				}
			}
		}
	}
	f.chosen, f.lu = f.chosen[:s.n], f.lu[:s.n]
	return f, nil
}

// solve solves the chosen rows for rhs modulo the prime.
func (f *factoring) solve(rhs []int64) []uint64 {
	x := make([]uint64, len(rhs))
	for i, row := range f.lu {
		v := uint64((rhs[i]%prime + prime) % prime)
		for k, e := range row[:i] {
			if e != 0 {
				v = (v + (prime-e)*x[k]) % prime
			}
		}
		x[i] = v
	}
	for i := len(x) - 1; i >= 0; i-- {
		v := x[i]
		for k := i + 1; k < len(x); k++ {
			if e := f.lu[i][k]; e != 0 {
				v = (v + (prime-e)*x[k]) % prime
			}
		}
		x[i] = v * f.inv[i] % prime
	}
	return x
}

// A proof is whole numbers, one worth for a member of each kind, and the most
// that any panel is worth: no lottery gives Σ_t worth_t·m_t·chance_t more.
type proof struct {
	worth []int64
	most  int64
}

// prove finds the proof of a level. Its worths are the duals, which are small
// fractions of each other as a rule; where they are not, they are rounded, and
// the proof is of a bound a little above.
func (l *lottery) prove(ctx context.Context, level int, m *mix) (*proof, error) {
	duals := slices.Clone(l.duals[level])
	for t, at := range l.level {
		if at < 0 || at > level {
			duals[t] = 0
		}
	}
	worth, exact := whole(duals)
	pr := &proof{worth: worth}
	for _, x := range m.panels {
		pr.most = max(pr.most, pr.of(x))
	}
	if !exact {
		pr.most += int64(2*l.sp.size + 2)
	}
	c := make([]float64, len(worth))
	for t, w := range worth {
		c[t] = float64(w)
	}
	for {
		found, err := l.find.above(ctx, c, float64(pr.most)+0.75, 20, 20000)
		var unfinished *Unfinished
		if errors.Is(err, errLimit) || errors.As(err, &unfinished) {
			return nil, nil // not proved: the result will say so
		}
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return pr, nil
		}
		for _, x := range found {
			pr.most = max(pr.most, pr.of(x))
		}
	}
}

func (pr *proof) of(x []int) int64 {
	sum := int64(0)
	for t, n := range x {
		sum += pr.worth[t] * int64(n)
	}
	return sum
}

// value is Σ_t worth_t·m_t·chance_t.
func (pr *proof) value(sp *space, chance []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for t, w := range pr.worth {
		if w > 0 {
			sum.Add(sum, new(big.Rat).Mul(chance[t], new(big.Rat).SetInt64(w*int64(len(sp.kinds[t].people)))))
		}
	}
	return sum
}

// people is Σ_t worth_t·m_t.
func (pr *proof) people(sp *space) *big.Rat {
	sum := new(big.Int)
	for t, w := range pr.worth {
		sum.Add(sum, new(big.Int).Mul(big.NewInt(w), big.NewInt(int64(len(sp.kinds[t].people)))))
	}
	return new(big.Rat).SetInt(sum)
}

// whole scales values to whole numbers: exactly in proportion (within 1e-7) if
// they are fractions of the smallest with a common denominator to a million.
func whole(values []float64) (out []int64, exact bool) {
	top := slices.Max(values)
	least := top
	for _, v := range values {
		if v > float64(1e-8*top) {
			least = min(least, v)
		}
	}
	out = make([]int64, len(values))
	for d := int64(1); ; {
		miss := int64(0)
		for i, v := range values {
			if v <= float64(1e-8*top) {
				continue
			}
			r := v / least * float64(d)
			out[i] = int64(math.Round(r))
			if math.Abs(r-math.Round(r)) > float64(1e-7*float64(d))*max(1, v/least) {
				miss = denominator(r)
				break
			}
		}
		if miss == 0 {
			return out, true
		}
		if d *= miss; miss < 2 || d > 1_000_000 {
			break
		}
	}
	for i, v := range values {
		out[i] = int64(math.Round(v / top * 1e8))
	}
	return out, false
}

// denominator is that of the simplest fraction within 1e-7 of r (relative), by
// continued fractions.
func denominator(r float64) int64 {
	a, q0, q1 := r, int64(0), int64(1)
	p1 := int64(math.Floor(a))
	p0 := int64(1)
	for range 20 {
		if math.Abs(r-float64(p1)/float64(q1)) <= float64(1e-7*max(1, r)) || q1 > 1_000_000 {
			break
		}
		f := a - math.Floor(a)
		if f == 0 {
			break
		}
		a = 1 / f
		n := int64(math.Floor(a))
		if n > 1_000_000_000 {
			break
		}
		p0, p1 = p1, n*p1+p0
		q0, q1 = q1, n*q1+q0
	}
	return q1
}
