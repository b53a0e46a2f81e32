package sortition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// small draws an instance that can be listed panel by panel.
func small(t *rapid.T, households bool) *Instance {
	in := &Instance{Pool: &Pool{IDColumn: "id"}, Households: households}
	features := rapid.SliceOfN(rapid.IntRange(2, 3), 1, 3).Draw(t, "features")
	people := rapid.IntRange(2, 7).Draw(t, "people")
	in.Size = rapid.IntRange(1, min(4, people)).Draw(t, "size")
	for c, n := range features {
		in.Pool.Categories = append(in.Pool.Categories, fmt.Sprintf("c%d", c))
		for f := range n {
			low := rapid.IntRange(0, 2).Draw(t, "min")
			q := Quota{fmt.Sprintf("c%d", c), fmt.Sprintf("f%d", f), low, low + rapid.IntRange(0, 3).Draw(t, "more"), NoLimit, NoLimit, 0}
			if rapid.Bool().Draw(t, "limits") {
				q.MinFlex, q.MaxFlex = rapid.IntRange(0, q.Min).Draw(t, "min_flex"), q.Max+rapid.IntRange(0, 2).Draw(t, "max_flex")
			}
			in.Quotas = append(in.Quotas, q)
		}
	}
	for i := range people {
		p := Person{ID: fmt.Sprint(i + 1)}
		for _, n := range features {
			p.Features = append(p.Features, fmt.Sprintf("f%d", rapid.IntRange(0, n-1).Draw(t, "feature")))
		}
		if households {
			p.Household = []string{"", "a", "b", "c", "d"}[rapid.IntRange(0, 4).Draw(t, "household")]
		}
		in.Pool.People = append(in.Pool.People, p)
	}
	return in
}

// TestBruteForce: against all panels listed one by one, in fractions: the
// maximin, every chance of leximin, on both ways to them; whether quotas can be
// met at all; that a conflict is one and irreducible; that a relaxation is smallest.
func TestBruteForce(t *testing.T) {
	seen := map[string]int{}
	for _, households := range []bool{false, true} {
		rapid.Check(t, func(t *rapid.T) {
			in := small(t, households)
			panels := panelsOf(in, in.Quotas)
			if len(panelsOf(in, nil)) == 0 {
				if _, err := Solve(context.Background(), in, Maximin, nil); err == nil {
					t.Fatal("more seats than households")
				}
				seen["too few"]++
				return
			}
			if len(panels) == 0 {
				judgeConflict(t, in)
				seen["infeasible"]++
				return
			}
			seen["feasible"]++
			want := bruteLeximin(len(in.Pool.People), panels)
			least := slices.MinFunc(want, (*big.Rat).Cmp)
			for _, direct := range []bool{true, false} {
				r, err := solve(context.Background(), in, Maximin, newEffort(mostBranches, nil), direct)
				if err != nil {
					t.Fatal(err)
				}
				sumsToSize(t, in, r)
				if r.Min.Cmp(least) != 0 || !r.Optimal {
					t.Fatalf("maximin %s, optimal %v, bound %v; want %s", r.Min, r.Optimal, r.Bound, least)
				}
				r, err = solve(context.Background(), in, Leximin, newEffort(mostBranches, nil), direct)
				if err != nil {
					t.Fatal(err)
				}
				sumsToSize(t, in, r)
				for i, p := range in.Pool.People {
					if have := r.Probabilities[p.ID]; have.Cmp(want[i]) != 0 {
						t.Fatalf("leximin (direct %v) gives %s chance %s, want %s", direct, p.ID, have, want[i])
					}
				}
				if !r.Optimal {
					t.Fatal("leximin is right, but not proved")
				}
			}
		})
	}
	for _, what := range []string{"feasible", "infeasible", "too few"} {
		if seen[what] == 0 {
			t.Errorf("no instance was %s", what)
		}
	}
}

// sumsToSize adds the published chances up.
func sumsToSize(t interface{ Fatalf(string, ...any) }, in *Instance, r *Result) {
	sum := new(big.Rat)
	for _, p := range in.Pool.People {
		sum.Add(sum, r.Probabilities[p.ID])
	}
	if sum.Cmp(big.NewRat(int64(in.Size), 1)) != 0 || len(r.Probabilities) != len(in.Pool.People) {
		t.Fatalf("%d chances sum to %s, want %d", len(r.Probabilities), sum, in.Size)
	}
}

func judgeConflict(t *rapid.T, in *Instance) {
	_, err := Solve(context.Background(), in, Leximin, nil)
	var why *Infeasible
	if !errors.As(err, &why) {
		t.Fatalf("error %v, but no panel exists", err)
	}
	loose := func(without int) []Quota {
		quotas := slices.Clone(in.Quotas)
		for i, q := range quotas {
			quotas[i].Min, quotas[i].Max = 0, MaxSize
			for b, bound := range why.Conflict {
				if b == without || bound.Category != q.Category || bound.Feature != q.Feature {
					continue
				}
				if bound.Bound == "min" {
					quotas[i].Min = bound.Value
				} else {
					quotas[i].Max = bound.Value
				}
			}
		}
		return quotas
	}
	if len(panelsOf(in, loose(-1))) > 0 {
		t.Fatalf("no conflict: %v", why.Conflict)
	}
	for b := range why.Conflict {
		if len(panelsOf(in, loose(b))) == 0 {
			t.Fatalf("a conflict also without %v: %v", why.Conflict[b], why.Conflict)
		}
	}
	judgeRelaxation(t, in, why)
}

// judgeRelaxation lists all panels: none needs less change, within the file's limits
// where one of those does.
func judgeRelaxation(t *rapid.T, in *Instance, why *Infeasible) {
	best, within := MaxSize, MaxSize
	for _, p := range panelsOf(in, nil) {
		d := distance(in, in.Quotas, p)
		best = min(best, d)
		if distance(in, limits(in.Quotas), p) == 0 {
			within = min(within, d)
		}
	}
	if why.Beyond != (within == MaxSize) {
		t.Fatalf("beyond the limits: %v; within them %d are enough", why.Beyond, within)
	}
	if !why.Beyond {
		best = within
	}
	total, quotas := 0, slices.Clone(in.Quotas)
	for _, c := range why.Relaxation {
		for i, q := range quotas {
			switch {
			case q.Category != c.Category || q.Feature != c.Feature:
			case c.Bound == "min" && q.Min == c.From:
				quotas[i].Min = c.To
				total += c.From - c.To
			case c.Bound == "max" && q.Max == c.From:
				quotas[i].Max = c.To
				total += c.To - c.From
			default:
				t.Fatalf("no bound for %v", c)
			}
		}
	}
	if !why.Beyond {
		for i, q := range limits(in.Quotas) {
			if quotas[i].Min < q.Min || quotas[i].Max > q.Max {
				t.Fatalf("%v goes beyond %v", why.Relaxation, in.Quotas[i])
			}
		}
	}
	if total != best || len(panelsOf(in, quotas)) == 0 {
		t.Fatalf("relaxation %v of %d; the smallest is %d", why.Relaxation, total, best)
	}
}

// limits are the quotas as far as they may give way.
func limits(quotas []Quota) []Quota {
	out := slices.Clone(quotas)
	for i, q := range quotas {
		if out[i].Min = 0; q.MinFlex != NoLimit {
			out[i].Min = q.MinFlex
		}
		if out[i].Max = MaxSize; q.MaxFlex != NoLimit {
			out[i].Max = q.MaxFlex
		}
	}
	return out
}

// TestRenamedVolunteers have the chances of the same people under their old names,
// and whether quotas can be met, and which cannot, does not depend on names at all.
func TestRenamedVolunteers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := small(t, rapid.Bool().Draw(t, "households"))
		order := rapid.Permutation([]string{"ana", "10", "9", "beto", "Z", "á", "01"}).Draw(t, "names")
		other, pool := *in, *in.Pool
		pool.People = slices.Clone(in.Pool.People)
		for i := range pool.People {
			pool.People[i].ID = order[i]
		}
		other.Pool = &pool
		for _, rule := range []string{Maximin, Leximin} {
			a, err := Solve(context.Background(), in, rule, nil)
			b, err2 := Solve(context.Background(), &other, rule, nil)
			if fmt.Sprint(err) != fmt.Sprint(err2) {
				t.Fatalf("%v; under other names %v", err, err2)
			}
			for i := 0; err == nil && i < len(order) && i < len(pool.People); i++ {
				x, y := a.Probabilities[in.Pool.People[i].ID], b.Probabilities[order[i]]
				if x.Cmp(y) != 0 {
					t.Fatalf("%s: %s has %s, not %s", rule, order[i], y, x)
				}
			}
		}
	})
}

// TestOrderAndNames: people in another order change no byte; other names of
// categories and features change no chance.
func TestOrderAndNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := small(t, rapid.Bool().Draw(t, "households"))
		r, err := Solve(context.Background(), in, Leximin, nil)
		if err != nil {
			return
		}
		other := *in
		pool := *in.Pool
		pool.People = rapid.Permutation(in.Pool.People).Draw(t, "order")
		other.Pool = &pool
		again, err := Solve(context.Background(), &other, Leximin, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := r.File()
		b, _ := again.File()
		if !bytes.Equal(a, b) {
			t.Fatalf("in another order:\n%s%s", a, b)
		}
		name := func(s string) string { return string("zyx"[s[1]-'0']) + s[:1] }
		other.Quotas = slices.Clone(in.Quotas)
		for i, q := range in.Quotas {
			other.Quotas[i].Category, other.Quotas[i].Feature = name(q.Category), name(q.Feature)
		}
		slices.Reverse(other.Quotas)
		pool.Categories = nil
		for _, c := range in.Pool.Categories {
			pool.Categories = append(pool.Categories, name(c))
		}
		pool.People = slices.Clone(in.Pool.People)
		for i, p := range pool.People {
			pool.People[i].Features = nil
			for _, f := range p.Features {
				pool.People[i].Features = append(pool.People[i].Features, name(f))
			}
		}
		again, err = Solve(context.Background(), &other, Leximin, nil)
		if err != nil {
			t.Fatal(err)
		}
		for id, p := range r.Probabilities {
			if again.Probabilities[id].Cmp(p) != 0 {
				t.Fatalf("under other names %s has %s, not %s", id, again.Probabilities[id], p)
			}
		}
	})
}

// TestQuotasBound: on pools too large to list, the maximin is what a linear
// programme in fractions, over the quotas alone, allows at most.
func TestQuotasBound(t *testing.T) {
	for seed := range uint64(4) {
		in, rule := made(seed, 100, 16, []int{2, 4, 3, 3}, 1), Leximin
		if seed == 3 {
			in, rule = made(seed, 360, 30, []int{2, 4, 5, 4, 3, 3, 2}, 1), Maximin
		}
		r, err := Solve(t.Context(), in, rule, nil)
		if err != nil {
			t.Fatal(err)
		}
		sumsToSize(t, in, r)
		if limit := quotasBound(in); r.Min.Cmp(limit) != 0 || r.Bound.Cmp(limit) != 0 || !r.Optimal {
			t.Errorf("pool %d: min %s, bound %s, optimal %v; the quotas allow %s", seed, r.Min, r.Bound, r.Optimal, limit)
		}
		if n := len(r.Panels); n > 3*len(in.Pool.People)+20 {
			t.Errorf("pool %d: %d panels", seed, n)
		}
	}
}

// quotasBound solves max z over real-valued panels: for each quota,
// min ≤ Σ_{people with it} (z + u_i) ≤ max, and all of them together are the size.
// People with equal features count together.
func quotasBound(in *Instance) *big.Rat {
	group := map[string]int{}
	var of [][]string
	var many []int64
	for _, p := range in.Pool.People {
		key := fmt.Sprint(p.Features)
		if _, ok := group[key]; !ok {
			group[key] = len(of)
			of, many = append(of, p.Features), append(many, 0)
		}
		many[group[key]]++
	}
	cols := 1 + len(of) + 2*len(in.Quotas)
	var rows [][]*big.Rat
	var rhs []*big.Rat
	row := func(has func(g int) bool, slack int, sign, bound int64) {
		r := make([]*big.Rat, cols)
		for k := range r {
			r[k] = new(big.Rat)
		}
		for g := range of {
			if has(g) {
				r[0].Add(r[0], big.NewRat(many[g], 1))
				r[1+g].SetInt64(1)
			}
		}
		if slack >= 0 {
			r[1+len(of)+slack].SetInt64(sign)
		}
		rows, rhs = append(rows, r), append(rhs, big.NewRat(bound, 1))
	}
	row(func(int) bool { return true }, -1, 0, int64(in.Size))
	for i, q := range in.Quotas {
		c := slices.Index(in.Pool.Categories, q.Category)
		has := func(g int) bool { return of[g][c] == q.Feature }
		row(has, 2*i, -1, int64(q.Min))
		row(has, 2*i+1, 1, int64(q.Max))
	}
	c := make([]*big.Rat, cols)
	for k := range c {
		c[k] = new(big.Rat)
	}
	c[0].SetInt64(1)
	return maximize(rows, rhs, c)
}

// TestHouseholdsLarge: couples of every kind, and still everything is exact.
func TestHouseholdsLarge(t *testing.T) {
	in := made(3, 120, 15, []int{2, 3, 3}, 1)
	in.Households = true
	r := rand.New(rand.NewPCG(1, 2))
	for i := range in.Pool.People {
		if i >= 15 { // the first 15 are a panel
			in.Pool.People[i].Household = fmt.Sprint("h", r.IntN(70))
		}
	}
	res, err := Solve(t.Context(), in, Leximin, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !res.Optimal || res.Bound.Cmp(res.Min) != 0 {
		t.Errorf("min %s, bound %s, optimal %v", res.Min, res.Bound, res.Optimal)
	}
	if err := res.Verify(in); err != nil {
		t.Error(err)
	}
}

// TestVerifyFinds: a result changed by hand is refused.
func TestVerifyFinds(t *testing.T) {
	in := made(1, 20, 4, []int{2, 2}, 1)
	for name, change := range map[string]func(*Result){
		"weight":      func(r *Result) { r.Panels[0].Weight = new(big.Rat).Add(r.Panels[0].Weight, big.NewRat(1, 1000)) },
		"negative":    func(r *Result) { r.Panels[0].Weight = big.NewRat(-1, 2) },
		"stranger":    func(r *Result) { r.Panels[0].Members[0] = "x" },
		"twice":       func(r *Result) { r.Panels[0].Members[0] = r.Panels[0].Members[1] },
		"probability": func(r *Result) { r.Probabilities["p0003"] = big.NewRat(1, 7) },
		"missing":     func(r *Result) { delete(r.Probabilities, "p0003") },
		"small":       func(r *Result) { r.Panels[0].Members = r.Panels[0].Members[1:] },
		"no panels":   func(r *Result) { r.Panels = nil },
	} {
		r, err := Solve(t.Context(), in, Maximin, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Verify(in); err != nil {
			t.Fatal(err)
		}
		change(r)
		if r.Verify(in) == nil {
			t.Errorf("%s: not found", name)
		}
	}
	r, err := Solve(t.Context(), in, Maximin, nil)
	if err != nil {
		t.Fatal(err)
	}
	in.Quotas[0].Min, in.Quotas[0].Max = 0, 0
	if r.Verify(in) == nil {
		t.Error("broken quotas are not found")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Solve(ctx, made(7, 360, 30, []int{2, 4, 5, 4, 3, 3, 2}, 1), Leximin, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestFlexible: a relaxation keeps to the file's limits where it can.
func TestFlexible(t *testing.T) {
	in := made(1, 20, 4, []int{2, 2}, 1)
	// Six of four seats: two must give way.
	set := func(i, low, high, flexLow, flexHigh int) {
		in.Quotas[i].Min, in.Quotas[i].Max, in.Quotas[i].MinFlex, in.Quotas[i].MaxFlex = low, high, flexLow, flexHigh
	}
	set(0, 3, 4, 3, 4)
	set(1, 3, 4, 1, 4)
	set(2, 0, 4, 0, 4)
	set(3, 0, 4, 0, 4)
	why := func() *Infeasible {
		_, err := Solve(t.Context(), in, Leximin, nil)
		var e *Infeasible
		if !errors.As(err, &e) {
			t.Fatalf("error %v", err)
		}
		return e
	}
	e := why()
	if len(e.Conflict) != 2 || len(e.Relaxation) != 1 || e.Relaxation[0].Feature != "f1" || e.Relaxation[0].To != 1 || e.Beyond {
		t.Errorf("%+v", e)
	}
	set(1, 3, 4, 2, 4)
	if e = why(); !e.Beyond {
		t.Errorf("%+v is within limits that allow 1", e)
	}
}

// TestWorkedExample is the one in the package comment.
func TestWorkedExample(t *testing.T) {
	in := &Instance{Size: 2, Pool: &Pool{Categories: []string{"gender"}, IDColumn: "id", People: []Person{
		{ID: "Ana", Features: []string{"woman"}}, {ID: "Beto", Features: []string{"man"}}, {ID: "Carlos", Features: []string{"man"}}}},
		Quotas: []Quota{{"gender", "woman", 1, 1, NoLimit, NoLimit, 2}, {"gender", "man", 1, 1, NoLimit, NoLimit, 3}}}
	r, err := Solve(t.Context(), in, Leximin, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := r.File()
	want := `{"feasible":true,"rule":"leximin","size":2,"min_probability":"1/2","bound":"1/2","optimal":true,` +
		`"probabilities":{"Ana":"1","Beto":"1/2","Carlos":"1/2"},` +
		`"panels":[{"members":["Ana","Beto"],"weight":"1/2"},{"members":["Ana","Carlos"],"weight":"1/2"}]}` + "\n"
	if string(raw) != want {
		t.Errorf("%s, want %s", raw, want)
	}
	in.Quotas[0].Min, in.Quotas[0].Max, in.Quotas[1].Min, in.Quotas[1].Max = 2, 2, 0, 1
	_, err = Solve(t.Context(), in, Leximin, nil)
	var why *Infeasible
	if !errors.As(err, &why) {
		t.Fatal(err)
	}
	raw, _ = why.File()
	want = `{"feasible":false,"conflict":[{"category":"gender","feature":"woman","bound":"min","value":2,"line":2}],` +
		`"smallest_relaxation":[{"category":"gender","feature":"woman","bound":"min","from":2,"to":1,"line":2}],"within_limits":true}` + "\n"
	if string(raw) != want {
		t.Errorf("%s, want %s", raw, want)
	}
}
