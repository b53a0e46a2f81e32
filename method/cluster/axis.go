package cluster

import (
	"context"
	"math"
	"slices"
)

const (
	converged = 1e-14 // residual of an eigenvector, as part of its eigenvalue
	nothing   = 1e-12 // a share of the variance below which an axis is rounding
	mostSteps = 600   // of one Lanczos run
	someSteps = 6     // steps between two looks at the residual
)

// operator is a symmetric matrix that can be applied: y = Ax.
type operator interface{ times(y, x []float64) }

// dense is a matrix by rows.
type dense struct {
	n  int
	at []float64
}

func (d dense) times(y, x []float64) {
	job := func(part, parts int) {
		for i := part; i < d.n; i += parts {
			y[i] = dot(d.at[i*d.n:(i+1)*d.n], x)
		}
	}
	if d.n < 1024 { // sooner done than shared: on a busy machine each waits for the other
		job(0, 1)
		return
	}
	together(job)
}

// sparse is XᵀX, X having a row for each participant and a column for each
// statement, with vote − mean where there is a vote and 0 where there is none. A
// vote is kept as 4·column + vote + 1, so that a pass over the votes only looks
// numbers up and adds.
type sparse struct {
	mean  []float64 // of each column
	votes []int32
	ends  []int // of each participant's votes
	table []float64
}

func (s *sparse) times(y, x []float64) {
	in, out := s.table[:4*len(x)], s.table[4*len(x):]
	for j, m := range s.mean {
		for v := range 3 {
			in[4*j+v] = float64((float64(v-1) - m) * x[j])
		}
	}
	clear(out)
	from := 0
	for _, end := range s.ends {
		row := s.votes[from:end]
		t := gathered(in, row)
		for _, at := range row {
			out[at] += t
		}
		from = end
	}
	for j, m := range s.mean {
		y[j] = 0
		for v := range 3 {
			y[j] += float64((float64(v-1) - m) * out[4*j+v])
		}
	}
}

// gathered adds what a row points at up in four strands, always the same, none of
// which waits for another.
func gathered(in []float64, row []int32) float64 {
	var s, t, u, v float64
	i := 0
	for ; i+4 <= len(row); i += 4 {
		s += in[row[i]]
		t += in[row[i+1]]
		u += in[row[i+2]]
		v += in[row[i+3]]
	}
	for ; i < len(row); i++ {
		s += in[row[i]]
	}
	return (s + t) + (u + v)
}

// dot multiplies in four strands, always the same, with every product rounded: no
// compiler may fuse it with the sum.
func dot(a, b []float64) float64 {
	var s, t, u, v float64
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s += float64(a[i] * b[i])
		t += float64(a[i+1] * b[i+1])
		u += float64(a[i+2] * b[i+2])
		v += float64(a[i+3] * b[i+3])
	}
	for ; i < len(a); i++ {
		s += float64(a[i] * b[i])
	}
	return (s + t) + (u + v)
}

func addTimes(y []float64, f float64, x []float64) {
	for i := range y {
		y[i] += float64(f * x[i])
	}
}

// principal finds the two longest axes of a matrix of n rows with that trace,
// each of length 1, its entry of largest magnitude positive (of nearly equal ones
// the first). Where an axis has no variance it is all zeros.
func principal(ctx context.Context, a operator, n int, trace float64) (axes [2][]float64, err error) {
	var found [][]float64
	for i := range axes {
		axes[i] = make([]float64, n)
		if len(found) < i || n == i {
			continue
		}
		value, v, err := longest(ctx, a, n, trace, found)
		if err != nil {
			return axes, err
		}
		if value > nothing*trace {
			axes[i], found = pointed(v), append(found, v)
		}
	}
	return axes, nil
}

// pointed turns an axis so that its sign is a matter of rule, not of chance.
func pointed(v []float64) []float64 {
	most := 0.0
	for _, x := range v {
		most = max(most, math.Abs(x))
	}
	first := slices.IndexFunc(v, func(x float64) bool { return math.Abs(x) >= most*(1-1e-9) })
	sign := 1.0
	if v[first] < 0 {
		sign = -1
	}
	out := make([]float64, len(v))
	for i, x := range v {
		if math.Abs(x) > 0x1p-53 { // less is rounding
			out[i] = float64(x * sign)
		}
	}
	return out
}

// longest finds the largest eigenvalue of a, and its vector, among the vectors at
// right angles to those apart: Lanczos with full reorthogonalisation from a fixed
// start. The second axis is sought after the first so that it is found also where
// both are equally long, which one run cannot see.
func longest(ctx context.Context, a operator, n int, trace float64, apart [][]float64) (value float64, v []float64, err error) {
	basis := [][]float64{start(n, apart)}
	var alpha, beta []float64
	last := min(n-len(apart), mostSteps)
	for {
		if err := ctx.Err(); err != nil {
			return 0, nil, err
		}
		q := basis[len(basis)-1]
		w := make([]float64, n)
		a.times(w, q)
		alpha = append(alpha, dot(w, q))
		rightAngled(w, apart, basis)
		norm := math.Sqrt(dot(w, w))
		k := len(alpha)
		if norm <= converged*trace {
			last = k // what is left of w is rounding: the basis holds all that this start can show
		}
		if k < last && k%someSteps != 0 {
			basis, beta = append(basis, scaled(w, 1/norm)), append(beta, norm)
			continue
		}
		foot := make([]float64, k)
		foot[k-1] = 1
		values := tridiagonal(alpha, beta, [][]float64{foot})
		top := largest(values)
		residual := math.Abs(float64(norm * foot[top]))
		if k < last && residual > converged*values[top] && values[top]+residual > nothing*trace {
			basis, beta = append(basis, scaled(w, 1/norm)), append(beta, norm)
			continue
		}
		return values[top], ritz(alpha, beta, basis, apart), nil
	}
}

// start is a vector of no structure, the same every time but another for each
// axis: what the first run made of its start is the part of it along that axis, so
// the same start again would have nothing of a second axis as long.
func start(n int, apart [][]float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		x := uint64(i+1+n*len(apart)) * 0x9e3779b97f4a7c15 // SplitMix64
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		v[i] = float64(int64(x^x>>31)>>11) / (1 << 52)
	}
	rightAngled(v, apart, nil)
	return scaled(v, 1/math.Sqrt(dot(v, v)))
}

// rightAngled takes out of w what it has of the other vectors, twice, since the
// first time leaves rounding.
func rightAngled(w []float64, those, these [][]float64) {
	for range 2 {
		for _, q := range those {
			addTimes(w, -dot(w, q), q)
		}
		for _, q := range these {
			addTimes(w, -dot(w, q), q)
		}
	}
}

func scaled(v []float64, f float64) []float64 {
	for i := range v {
		v[i] *= f
	}
	return v
}

// ritz is the eigenvector that belongs to the largest eigenvalue of the
// tridiagonal matrix, in terms of the basis.
func ritz(alpha, beta []float64, basis, apart [][]float64) []float64 {
	rows := make([][]float64, len(alpha))
	for i := range rows {
		rows[i] = make([]float64, len(alpha))
		rows[i][i] = 1
	}
	top := largest(tridiagonal(alpha, beta, rows))
	v := make([]float64, len(basis[0]))
	for i, q := range basis {
		addTimes(v, rows[i][top], q)
	}
	rightAngled(v, apart, nil)
	return scaled(v, 1/math.Sqrt(dot(v, v)))
}

// largest is the place of the largest value, the first of equal ones.
func largest(values []float64) (at int) {
	for i, v := range values {
		if v > values[at] {
			at = i
		}
	}
	return at
}

// tridiagonal finds the eigenvalues of the symmetric matrix with that diagonal and
// those entries beside it, by the QL method with implicit shifts (Martin and
// Wilkinson 1968). It turns the given rows of the unit matrix into those rows of
// the matrix of eigenvectors: one row where only the residual is wanted.
func tridiagonal(diagonal, beside []float64, rows [][]float64) []float64 {
	d, e := slices.Clone(diagonal), append(slices.Clone(beside[:len(diagonal)-1]), 0)
	for l := range d {
		for range 100 { // two or three are usual
			m := l
			for m < len(d)-1 && math.Abs(e[m]) > 0x1p-53*(math.Abs(d[m])+math.Abs(d[m+1])) {
				m++
			}
			if m == l {
				break
			}
			turn(d, e, l, m, rows)
		}
	}
	return d
}

// turn is one sweep of rotations from m down to l.
func turn(d, e []float64, l, m int, rows [][]float64) {
	g := (d[l+1] - d[l]) / (2 * e[l])
	r := hypot(g, 1)
	g = d[m] - d[l] + e[l]/(g+math.Copysign(r, g))
	s, c, p := 1.0, 1.0, 0.0
	for i := m - 1; i >= l; i-- {
		f, b := float64(s*e[i]), float64(c*e[i])
		r = hypot(f, g)
		e[i+1] = r
		if r == 0 {
			d[i+1] -= p
			e[m] = 0
			return
		}
		s, c = f/r, g/r
		g = d[i+1] - p
		r = float64((d[i]-g)*s) + float64(2*float64(c*b))
		p = float64(s * r)
		d[i+1] = g + p
		g = float64(c*r) - b
		for _, z := range rows {
			f := z[i+1]
			z[i+1] = float64(s*z[i]) + float64(c*f)
			z[i] = float64(c*z[i]) - float64(s*f)
		}
	}
	d[l] -= p
	e[l] = g
	e[m] = 0
}

// hypot is not math.Hypot, which is another on each processor.
func hypot(x, y float64) float64 { return math.Sqrt(float64(x*x) + float64(y*y)) }
