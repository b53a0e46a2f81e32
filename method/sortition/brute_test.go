package sortition

import (
	"math/big"
	"slices"
)

// What the tests judge by, sharing nothing with the package: all panels listed
// one by one, and a simplex method in fractions with Bland's rule.

// panelsOf lists every panel of people (by index) that keeps all quotas.
func panelsOf(in *Instance, quotas []Quota) [][]int {
	var out [][]int
	var pick func(from int, chosen []int)
	pick = func(from int, chosen []int) {
		if len(chosen) == in.Size {
			if distance(in, quotas, chosen) == 0 {
				out = append(out, slices.Clone(chosen))
			}
			return
		}
		for i := from; i < len(in.Pool.People); i++ {
			home := in.Pool.People[i].Household
			if in.Households && home != "" && slices.ContainsFunc(chosen, func(c int) bool { return in.Pool.People[c].Household == home }) {
				continue
			}
			pick(i+1, append(chosen, i))
		}
	}
	pick(0, nil)
	return out
}

// distance is by how much bounds would have to move for a panel.
func distance(in *Instance, quotas []Quota, chosen []int) int {
	sum := 0
	for _, q := range quotas {
		c, n := slices.Index(in.Pool.Categories, q.Category), 0
		for _, i := range chosen {
			if in.Pool.People[i].Features[c] == q.Feature {
				n++
			}
		}
		sum += max(0, q.Min-n) + max(0, n-q.Max)
	}
	return sum
}

// maximize solves max c·x, rows·x = rhs, x ≥ 0; the programme is feasible and bounded.
func maximize(rows [][]*big.Rat, rhs, c []*big.Rat) *big.Rat {
	m, n := len(rows), len(c)
	tab := make([][]*big.Rat, m)
	basis := make([]int, m)
	for i := range rows {
		row := append(slices.Clone(rows[i]), make([]*big.Rat, m+1)...)
		for k := range m {
			row[n+k] = new(big.Rat)
		}
		row[n+m] = rhs[i]
		if rhs[i].Sign() < 0 {
			for k := range row {
				row[k] = new(big.Rat).Neg(row[k])
			}
		}
		row[n+i] = big.NewRat(1, 1)
		tab[i], basis[i] = row, n+i
	}
	phase1 := make([]*big.Rat, n+m)
	for k := range phase1 {
		phase1[k] = new(big.Rat)
		if k >= n {
			phase1[k].SetInt64(-1)
		}
	}
	run(tab, basis, phase1, n+m)
	phase2 := append(slices.Clone(c), phase1[n:]...)
	for i, b := range basis { // artificial variables that are left stand at zero: pivot them out
		if b < n {
			continue
		}
		for k := range n {
			if tab[i][k].Sign() != 0 {
				pivot(tab, basis, i, k)
				break
			}
		}
	}
	run(tab, basis, phase2, n)
	sum := new(big.Rat)
	for i, b := range basis {
		if b < n {
			sum.Add(sum, new(big.Rat).Mul(c[b], tab[i][n+m]))
		}
	}
	return sum
}

func run(tab [][]*big.Rat, basis []int, c []*big.Rat, n int) {
	last := len(tab[0]) - 1
	for {
		enter := -1
		for k := 0; k < n && enter < 0; k++ {
			if slices.Contains(basis, k) {
				continue
			}
			d := new(big.Rat).Set(c[k])
			for i, b := range basis {
				d.Sub(d, new(big.Rat).Mul(c[b], tab[i][k]))
			}
			if d.Sign() > 0 {
				enter = k
			}
		}
		if enter < 0 {
			return
		}
		leave := -1
		var best *big.Rat
		for i := range tab {
			if tab[i][enter].Sign() > 0 {
				q := new(big.Rat).Quo(tab[i][last], tab[i][enter])
				if leave < 0 || q.Cmp(best) < 0 || q.Cmp(best) == 0 && basis[i] < basis[leave] {
					leave, best = i, q
				}
			}
		}
		if leave < 0 {
			panic("unbounded")
		}
		pivot(tab, basis, leave, enter)
	}
}

func pivot(tab [][]*big.Rat, basis []int, r, c int) {
	by := new(big.Rat).Inv(tab[r][c])
	for k := range tab[r] {
		tab[r][k] = new(big.Rat).Mul(tab[r][k], by)
	}
	for i := range tab {
		if f := tab[i][c]; i != r && f.Sign() != 0 {
			for k := range tab[i] {
				if tab[r][k].Sign() != 0 {
					tab[i][k] = new(big.Rat).Sub(tab[i][k], new(big.Rat).Mul(f, tab[r][k]))
				}
			}
		}
	}
	basis[r] = c
}

// bruteLeximin is every person's chance, level by level: a level is the largest
// chance that all who are free can have; then each who cannot have more, given the
// levels of all others, is fixed.
func bruteLeximin(people int, panels [][]int) []*big.Rat {
	fixed := make([]*big.Rat, people)
	for {
		free := slices.IndexFunc(fixed, func(p *big.Rat) bool { return p == nil })
		if free < 0 {
			return fixed
		}
		z := bruteBest(people, panels, fixed, nil, -1)
		var stuck []int
		for i := range fixed {
			if fixed[i] == nil && bruteBest(people, panels, fixed, z, i).Cmp(z) == 0 {
				stuck = append(stuck, i)
			}
		}
		for _, i := range stuck {
			fixed[i] = z
		}
	}
}

// bruteBest is the largest chance of everybody free (whom < 0), or of one person
// where all free ones have at least least.
func bruteBest(people int, panels [][]int, fixed []*big.Rat, least *big.Rat, whom int) *big.Rat {
	n := len(panels)
	cols := n + 1 + people // weights, z, surpluses
	zero := func() []*big.Rat {
		row := make([]*big.Rat, cols)
		for k := range row {
			row[k] = new(big.Rat)
		}
		return row
	}
	var rows [][]*big.Rat
	var rhs []*big.Rat
	c := zero()
	for i := range people {
		row := zero()
		for j, p := range panels {
			if slices.Contains(p, i) {
				row[j].SetInt64(1)
			}
		}
		row[n+1+i].SetInt64(-1)
		at := fixed[i]
		if at == nil {
			if at = least; whom < 0 || whom == i {
				row[n].SetInt64(-1)
				at = new(big.Rat)
			}
		}
		rows, rhs = append(rows, row), append(rhs, at)
	}
	row := zero()
	for j := range n {
		row[j].SetInt64(1)
	}
	c[n].SetInt64(1)
	return maximize(append(rows, row), append(rhs, big.NewRat(1, 1)), c)
}
