package sortition

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
)

// A Bound is one side of a quota.
type Bound struct {
	Category string `json:"category"`
	Feature  string `json:"feature"`
	Bound    string `json:"bound"` // "min" or "max"
	Value    int    `json:"value"`
	Line     int    `json:"line,omitempty"`
}

// A Change is a bound that gives way.
type Change struct {
	Category string `json:"category"`
	Feature  string `json:"feature"`
	Bound    string `json:"bound"`
	From     int    `json:"from"`
	To       int    `json:"to"`
	Line     int    `json:"line,omitempty"`
}

// Infeasible says that no panel meets the quotas.
type Infeasible struct {
	// Conflict cannot be met together, and could be if any one of it were
	// dropped, the others of it kept.
	Conflict []Bound
	// Relaxation changes bounds by the smallest total that lets a panel exist.
	Relaxation []Change
	// Beyond: the file's flexible limits leave no relaxation, so this one goes
	// beyond them.
	Beyond bool
}

func (e *Infeasible) Error() string {
	var parts []string
	for _, b := range e.Conflict {
		parts = append(parts, fmt.Sprintf("%s, %s: %s %d", b.Category, b.Feature, b.Bound, b.Value))
	}
	return "the quotas cannot be met together: " + strings.Join(parts, "; ")
}

// conflict explains why sp has no panel.
func (sp *space) conflict(ctx context.Context) (*Infeasible, error) {
	e := &Infeasible{}
	var err error
	if e.Conflict, err = sp.irreducible(ctx); err != nil {
		return nil, err
	}
	sp.work.says(fmt.Sprintf("the quotas cannot be met; a conflict of %d bounds is found, the smallest relaxation is not", len(e.Conflict)))
	e.Relaxation, err = sp.relax(ctx, true)
	if err == nil && e.Relaxation == nil {
		e.Beyond = true
		e.Relaxation, err = sp.relax(ctx, false)
	}
	return e, err
}

// irreducible drops one bound after the other for as long as no panel appears;
// what cannot be dropped is left (the deletion filter: Chinneck and Dravnieks,
// "Locating Minimal Infeasible Constraint Sets in Linear Programs", ORSA Journal
// on Computing 1991). The panel's size, the pool and the households stay.
func (sp *space) irreducible(ctx context.Context) ([]Bound, error) {
	s := newSearch(sp)
	none := make([]float64, len(sp.kinds))
	loose := *sp // what allows() judges by, as bounds are dropped
	loose.low, loose.high = append([]int(nil), sp.low...), append([]int(nil), sp.high...)
	s.sp = &loose
	var left []Bound
	for i, q := range sp.quotas {
		sp.work.says(fmt.Sprintf("the quotas cannot be met; %d of %d looked at for the conflict", i, len(sp.quotas)))
		r := 1 + i
		v := s.rows + r
		for _, side := range []string{"min", "max"} {
			low, high := loose.low[r], loose.high[r]
			if side == "min" {
				loose.low[r] = 0
			} else {
				loose.high[r] = max(q.Min, sp.size)
			}
			if loose.low[r] == low && loose.high[r] == high {
				continue
			}
			s.lp.low[v], s.lp.high[v] = float64(loose.low[r]), float64(loose.high[r])
			found, err := s.above(ctx, none, -1, 0, 0)
			if err != nil {
				return nil, err
			}
			if len(found) == 0 {
				continue // not needed for the contradiction
			}
			loose.low[r], loose.high[r] = low, high
			s.lp.low[v], s.lp.high[v] = float64(low), float64(high)
			b := Bound{q.Category, q.Feature, side, q.Min, q.Line}
			if side == "max" {
				b.Value = q.Max
			}
			left = append(left, b)
		}
	}
	return left, nil
}

// relax finds the changes of least total; nil where none is within the flexible
// limits.
func (sp *space) relax(ctx context.Context, flexible bool) ([]Change, error) {
	s := newSearch(sp)
	var which []Change
	for i, q := range sp.quotas {
		r := int32(1 + i)
		down, up := q.Min, max(0, sp.size-q.Max)
		if flexible && q.MinFlex != NoLimit {
			down = q.Min - q.MinFlex
		}
		if flexible && q.MaxFlex != NoLimit {
			up = min(up, q.MaxFlex-q.Max)
		}
		if down > 0 { // counts as if the panel had more of them
			s.elastic = append(s.elastic, s.lp.add(column{[]int32{r}, []float64{1}}, 0, float64(down), 1))
			which = append(which, Change{q.Category, q.Feature, "min", q.Min, q.Min, q.Line})
		}
		if up > 0 {
			s.elastic = append(s.elastic, s.lp.add(column{[]int32{r}, []float64{-1}}, 0, float64(up), 1))
			which = append(which, Change{q.Category, q.Feature, "max", q.Max, q.Max, q.Line})
		}
	}
	s.step = 0.75
	if s.elastic == nil {
		return nil, nil
	}
	found, err := s.above(ctx, make([]float64, len(sp.kinds)), -1e9, math.MaxInt, 0)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var out []Change
	for i, by := range s.gives {
		c := which[i]
		if c.To -= by; c.Bound == "max" {
			c.To = c.From + by
		}
		if by > 0 {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("a relaxation of nothing for quotas that cannot be met")
	}
	return out, nil
}
