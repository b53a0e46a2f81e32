package sortition

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
)

// A Panel of a lottery: who sits in it, by id, and with what probability.
type Panel struct {
	Members []string
	Weight  *big.Rat
}

// A Result is a lottery over panels. Weights are positive and sum to 1, every
// panel keeps the quotas, Probabilities are what the panels give and sum to Size:
// all exactly.
type Result struct {
	Rule          string
	Size          int
	Panels        []Panel
	Probabilities map[string]*big.Rat // id → chance to sit in the panel drawn
	Min           *big.Rat            // the least of them
	// Bound is proved: no lottery gives everybody more than this. Min is the
	// optimum where they are equal. nil where nothing was proved.
	Bound *big.Rat
	// Optimal: it is proved exactly that the rule's optimum is reached. For
	// leximin this is said of all levels, not of the lowest alone.
	Optimal bool
}

// Solve computes the lottery of a rule. Quotas that cannot be met are an
// *[Infeasible], other wrong input any other error. tell, if not nil, hears now
// and then how far the work is. A cancelled ctx ends it with ctx's error; what
// takes too long anyway ends with an [*Unfinished].
func Solve(ctx context.Context, in *Instance, rule string, tell func(string)) (*Result, error) {
	return solve(ctx, in, rule, newEffort(mostBranches, tell), true)
}

// Feasible is nil when some panel meets the quotas, and what [Solve] says
// otherwise: an *[Infeasible], an [*Unfinished], wrong input, or ctx's error. It
// costs no lottery.
func Feasible(ctx context.Context, in *Instance) error {
	work := newEffort(mostBranches, nil)
	sp, err := newSpace(in, work)
	if err != nil {
		return err
	}
	return sp.met(ctx, work)
}

// met is nil when a panel meets the quotas.
func (sp *space) met(ctx context.Context, work *effort) error {
	x, err := sp.feasible(ctx)
	if err != nil || x != nil {
		return err
	}
	work.says("the quotas cannot be met: looking for the conflict")
	why, err := sp.conflict(ctx)
	if err != nil {
		return err
	}
	return why
}

// solve is Solve; direct lets it try to reach the quotas' own bound first.
func solve(ctx context.Context, in *Instance, rule string, work *effort, direct bool) (*Result, error) {
	if rule != Maximin && rule != Leximin {
		return nil, fmt.Errorf("rule %q: want %s or %s", rule, Maximin, Leximin)
	}
	sp, err := newSpace(in, work)
	if err != nil {
		return nil, err
	}
	if err := sp.met(ctx, work); err != nil {
		return nil, err
	}
	work.says(fmt.Sprintf("the quotas can be met; %d people of %d kinds", len(in.Pool.People), len(sp.kinds)))
	if n := len(sp.kinds); n > mostKinds {
		return nil, fmt.Errorf("the quotas can be met, but people of %d kinds are too many for a lottery: at most %d; leave categories out", n, mostKinds)
	}
	l := newLottery(sp)
	if err := l.run(ctx, rule, direct); err != nil {
		return nil, err
	}
	work.says("computing the exact weights")
	m, err := l.exact(ctx)
	if err != nil {
		return nil, err
	}
	r := &Result{Rule: rule, Size: in.Size, Panels: m.people(in, sp), Probabilities: map[string]*big.Rat{}}
	chance := m.chances(sp)
	for t, k := range sp.kinds {
		for _, who := range k.people {
			r.Probabilities[in.Pool.People[who].ID] = chance[t]
		}
		if r.Min == nil || chance[t].Cmp(r.Min) < 0 {
			r.Min = chance[t]
		}
	}
	if err := r.Verify(in); err != nil {
		return nil, err
	}
	work.says("proving the optimum")
	return r, l.judge(ctx, m, chance, r)
}

// judge proves what can be proved of the result. For leximin by induction: in any
// lottery that is as good up to a level, those at lower levels have their chances,
// so the proof of this one says that those who stay at it have its chance at most
// on a weighted average with positive weights, hence exactly it if all have at
// least it.
func (l *lottery) judge(ctx context.Context, m *mix, chance []*big.Rat, r *Result) error {
	r.Optimal = l.levels(chance)
	for level := range l.duals {
		pr, err := l.prove(ctx, level, m)
		if err != nil {
			return err
		}
		if pr == nil {
			r.Optimal = false
			return nil
		}
		most := new(big.Rat).SetInt64(pr.most)
		if level == 0 {
			r.Bound = new(big.Rat).Quo(most, pr.people(l.sp))
		}
		r.Optimal = r.Optimal && pr.value(l.sp, chance).Cmp(most) == 0
		for t, w := range pr.worth {
			if w == 0 && l.level[t] == level {
				r.Optimal = false // not proved of this kind
			}
		}
		if !r.Optimal {
			return nil
		}
	}
	return nil
}

// levels reports whether all who stay at a level have the same chance, at least
// that of the level before, and nobody above them less.
func (l *lottery) levels(chance []*big.Rat) bool {
	at := make([]*big.Rat, len(l.duals))
	for t, level := range l.level {
		if level < 0 {
			continue
		}
		if at[level] == nil {
			at[level] = chance[t]
		}
		if at[level].Cmp(chance[t]) != 0 {
			return false
		}
	}
	for i := range at {
		if i > 0 && at[i].Cmp(at[i-1]) < 0 {
			return false
		}
	}
	for t, level := range l.level {
		if level < 0 && chance[t].Cmp(at[len(at)-1]) < 0 {
			return false
		}
	}
	return true
}

// Verify checks a lottery against what it was computed for, exactly: weights,
// quotas, households, size, probabilities. Anyone may, with a published result.
func (r *Result) Verify(in *Instance) error {
	if err := r.check(); err != nil {
		return err
	}
	if r.Size != in.Size {
		return fmt.Errorf("panels of %d, not %d", r.Size, in.Size)
	}
	at := map[string]int{}
	for i, p := range in.Pool.People {
		at[p.ID] = i
	}
	for i, p := range r.Panels {
		if err := in.allows(p.Members, at); err != nil {
			return fmt.Errorf("panel %d: %w", i+1, err)
		}
	}
	if len(r.Probabilities) != len(in.Pool.People) {
		return fmt.Errorf("%d probabilities for %d people", len(r.Probabilities), len(in.Pool.People))
	}
	for _, p := range in.Pool.People {
		if r.Probabilities[p.ID] == nil {
			return fmt.Errorf("person %s: no probability", p.ID)
		}
	}
	return nil
}

// allows checks one panel of people.
func (in *Instance) allows(members []string, at map[string]int) error {
	count, home := map[[2]string]int{}, map[string]bool{}
	for _, id := range members {
		i, ok := at[id]
		if !ok {
			return fmt.Errorf("person %s is not in the pool", id)
		}
		p := in.Pool.People[i]
		for c, f := range p.Features {
			count[[2]string{in.Pool.Categories[c], f}]++
		}
		if in.Households && p.Household != "" {
			if home[p.Household] {
				return fmt.Errorf("two of household %s", p.Household)
			}
			home[p.Household] = true
		}
	}
	for _, q := range in.Quotas {
		if n := count[[2]string{q.Category, q.Feature}]; n < q.Min || n > q.Max {
			return fmt.Errorf("%s, %s: %d, not %d to %d", q.Category, q.Feature, n, q.Min, q.Max)
		}
	}
	return nil
}

// check checks what a lottery must be, whatever it was computed for.
func (r *Result) check() error {
	if len(r.Panels) == 0 {
		return errors.New("no panels")
	}
	sum, chance := new(big.Rat), map[string]*big.Rat{}
	for i, p := range r.Panels {
		if len(p.Members) != r.Size || r.Size == 0 {
			return fmt.Errorf("panel %d: %d members, not %d", i+1, len(p.Members), r.Size)
		}
		if p.Weight.Sign() <= 0 {
			return fmt.Errorf("panel %d: weight %s is not positive", i+1, p.Weight.RatString())
		}
		ids := slices.Clone(p.Members)
		slices.Sort(ids)
		if len(slices.Compact(ids)) != r.Size {
			return fmt.Errorf("panel %d: the same person twice", i+1)
		}
		sum.Add(sum, p.Weight)
	}
	if sum.Cmp(big.NewRat(1, 1)) != 0 {
		return errors.New("the weights do not sum to 1")
	}
	whole, weights := r.common()
	counts := map[string]*big.Int{}
	for i, p := range r.Panels {
		for _, id := range p.Members {
			if counts[id] == nil {
				counts[id] = new(big.Int)
			}
			counts[id].Add(counts[id], weights[i])
		}
	}
	for id, n := range counts {
		chance[id] = new(big.Rat).SetFrac(n, whole)
	}
	total, seats := new(big.Int), new(big.Int).Mul(whole, big.NewInt(int64(r.Size)))
	for _, n := range counts {
		total.Add(total, n)
	}
	if total.Cmp(seats) != 0 {
		return errors.New("the probabilities do not sum to the panel's size")
	}
	for _, id := range slices.SortedFunc(maps.Keys(r.Probabilities), compareID) { // the first that is wrong is named
		p := r.Probabilities[id]
		if have := chance[id]; have == nil && p.Sign() != 0 || have != nil && have.Cmp(p) != 0 {
			return fmt.Errorf("person %s: the panels do not give probability %s", id, p.RatString())
		}
		delete(chance, id)
	}
	if len(chance) > 0 {
		return errors.New("somebody in a panel has no probability")
	}
	return nil
}

// common brings all weights to one denominator.
func (r *Result) common() (whole *big.Int, weights []*big.Int) {
	whole = big.NewInt(1)
	var last *big.Int
	for _, p := range r.Panels {
		d := p.Weight.Denom()
		if last != nil && d.Cmp(last) == 0 || new(big.Int).Rem(whole, d).Sign() == 0 {
			continue
		}
		last = d
		g := new(big.Int).GCD(nil, nil, whole, d)
		whole = new(big.Int).Mul(whole, new(big.Int).Quo(d, g))
	}
	for _, p := range r.Panels {
		w := new(big.Int).Quo(whole, p.Weight.Denom())
		weights = append(weights, w.Mul(w, p.Weight.Num()))
	}
	return whole, weights
}
