package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestAxes are eigenvectors: a conversation's matrix, from the counts and from the
// votes, maps each onto itself, and no other vector is stretched more.
func TestAxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := votesOf(t, conversation(t))
		m, err := v.arrange(Rule{})
		if err != nil {
			t.Fatal(err)
		}
		n := len(m.order)
		columns := make([]int, n)
		for i := range columns {
			columns[i] = i
		}
		v.pairs.count(v.rows, n)
		counted, passed := m.covariance(columns), m.imputed(columns)
		trace := 0.0
		for i := range n {
			trace += counted.at[i*n+i]
		}
		for _, a := range []operator{counted, passed} {
			checkAxes(t, a, counted, trace)
		}
	})
}

func checkAxes(t *rapid.T, a operator, d dense, trace float64) {
	axes, err := principal(context.Background(), a, d.n, trace)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(2, 3))
	image := make([]float64, d.n)
	for i, q := range axes {
		long := dot(q, q)
		if long != 0 && !near(long, 1) || i == 1 && !near(dot(axes[0], q), 0) {
			t.Fatalf("axis %d has length² %v and leans on the first by %v", i, long, dot(axes[0], q))
		}
		d.times(image, q)
		value := dot(image, q)
		for j := range image {
			if math.Abs(image[j]-value*q[j]) > 1e-9*trace {
				t.Fatalf("axis %d: entry %d is %v, want %v", i, j, image[j], value*q[j])
			}
		}
		for range 20 { // nothing at right angles to the axes before is stretched more
			w := make([]float64, d.n)
			for j := range w {
				w[j] = rnd.NormFloat64()
			}
			rightAngled(w, axes[:i], nil)
			d.times(image, w)
			if s := dot(w, w); s > 1e-9 && dot(image, w)/s > value+1e-9*trace {
				t.Fatalf("axis %d has %v, another direction %v", i, value, dot(image, w)/s)
			}
		}
	}
}

// TestEqualAxes finds both of two axes that no single run can tell apart.
func TestEqualAxes(t *testing.T) {
	d := dense{5, make([]float64, 25)}
	for i, x := range []float64{1, 7, 2, 7, 3} {
		d.at[i*5+i] = x
	}
	axes, err := principal(t.Context(), d, 5, 20)
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range axes {
		if !near(q[1]*q[1]+q[3]*q[3], 1) {
			t.Errorf("axis %d is %v", i, q)
		}
	}
	if !near(dot(axes[0], axes[1]), 0) {
		t.Errorf("%v and %v", axes[0], axes[1])
	}
}

// TestMoreStatementsThanPairs gives the same places by passes over the votes as by counts.
func TestMoreStatementsThanPairs(t *testing.T) {
	v := tallied(t, invented(60, mostPairs+200, 12_000))
	m, err := v.arrange(Rule{})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.order) <= mostPairs {
		t.Fatalf("only %d statements", len(m.order))
	}
	res, err := v.Groups(t.Context(), Rule{})
	if err != nil {
		t.Fatal(err)
	}
	if v.pairs.counted {
		t.Error("pairs were counted")
	}
	columns := make([]int, len(m.order))
	for i := range columns {
		columns[i] = i
	}
	a, image := m.imputed(columns), make([]float64, len(columns))
	for i, q := range res.PCA.Components {
		a.times(image, q)
		value := dot(image, q)
		for j := range q {
			if math.Abs(image[j]-value*q[j]) > 1e-9*value {
				t.Fatalf("component %d: entry %d is %v, want %v", i, j, image[j], value*q[j])
			}
		}
	}
}
