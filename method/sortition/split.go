package sortition

import (
	"math/big"
	"slices"
	"strings"
)

// An interval is where, in the weight of one panel of kinds, a person sits in it.
type interval struct {
	who      int // in Pool.People
	from, to *big.Int
}

// people turns a lottery over panels of kinds into one over panels of people in
// which all members of a kind have the same chance, exactly.
//
// The weight of a panel is a line. Each kind divides its seats on all lines
// together among its members, every member the same length: one after the other,
// each takes of a line where it must (no member can hold two seats of a panel, so
// what is left may not exceed the members left), then what comes next; on each
// line the lengths wrap around its seats (McNaughton, "Scheduling with Deadlines
// and Loss Functions", Management Science 1959). This cuts few lines: there are
// at most about two panels more for each person. Kinds of a class of households
// rotate instead: on each line every household takes every seat for the same
// length.
func (m *mix) people(in *Instance, sp *space) []Panel {
	unit := big.NewInt(1) // what every length is a whole number of: 1/(whole·unit)
	for t := range sp.kinds {
		unit = lcm(unit, len(sp.kinds[t].people))
	}
	for c := range sp.classes {
		unit = lcm(unit, sp.turns(c))
	}
	lines := make([]*big.Int, len(m.weights))
	for j, w := range m.weights {
		lines[j] = new(big.Int).Mul(w, unit)
	}
	sits := make([][]interval, len(lines))
	for t := range sp.kinds {
		if sp.kinds[t].class < 0 {
			m.divide(sp, t, lines, sits)
		}
	}
	for c := range sp.classes {
		m.rotate(sp, c, lines, sits)
	}
	total := new(big.Int).Mul(m.whole, unit)
	at := map[string]int{}
	var out []Panel
	for j, line := range lines {
		for _, piece := range cut(line, sits[j]) {
			var ids []string
			for _, who := range piece.who {
				ids = append(ids, in.Pool.People[who].ID)
			}
			slices.SortFunc(ids, compareID)
			key := strings.Join(ids, "\x00")
			weight := new(big.Rat).SetFrac(piece.length, total)
			if i, ok := at[key]; ok {
				out[i].Weight.Add(out[i].Weight, weight)
				continue
			}
			at[key] = len(out)
			out = append(out, Panel{ids, weight})
		}
	}
	return out
}

func lcm(a *big.Int, n int) *big.Int {
	b := big.NewInt(int64(n))
	g := new(big.Int).GCD(nil, nil, a, b)
	return new(big.Int).Mul(a, b.Quo(b, g))
}

// turns is how many places a class rotates through.
func (sp *space) turns(c int) int {
	copies := big.NewInt(1)
	for _, t := range sp.classes[c].kinds {
		copies = lcm(copies, sp.kinds[t].copies)
	}
	return sp.classes[c].households * int(copies.Int64())
}

// divide gives each member of kind t an equal length.
func (m *mix) divide(sp *space, t int, lines []*big.Int, sits [][]interval) {
	k := &sp.kinds[t]
	var on []int // lines with seats for this kind
	total := new(big.Int)
	left := make([]*big.Int, len(lines))
	for j := range lines {
		if n := m.panels[j][t]; n > 0 {
			on = append(on, j)
			left[j] = new(big.Int).Mul(lines[j], big.NewInt(int64(n)))
			total.Add(total, left[j])
		}
	}
	if len(on) == 0 {
		return
	}
	each := new(big.Int).Quo(total, big.NewInt(int64(len(k.people))))
	pos := make([]*big.Int, len(lines))
	for _, j := range on {
		pos[j] = new(big.Int)
	}
	next := t * len(on) / len(sp.kinds) // not every kind begins with the same panel
	for i, who := range k.people {
		others := big.NewInt(int64(len(k.people) - i - 1))
		need := new(big.Int).Set(each)
		takes := make([]*big.Int, len(on))
		for a, j := range on {
			takes[a] = new(big.Int).Sub(left[j], new(big.Int).Mul(lines[j], others))
			if takes[a].Sign() < 0 {
				takes[a].SetInt64(0)
			}
			need.Sub(need, takes[a])
		}
		for n := 0; need.Sign() > 0; n++ {
			a := (next + n) % len(on)
			more := smaller(need, smaller(lines[on[a]], left[on[a]]))
			more = new(big.Int).Sub(smaller(new(big.Int).Add(more, takes[a]), smaller(lines[on[a]], left[on[a]])), takes[a])
			takes[a].Add(takes[a], more)
			if need.Sub(need, more); need.Sign() == 0 {
				next = a
			}
		}
		for a, j := range on {
			if takes[a].Sign() > 0 {
				left[j].Sub(left[j], takes[a])
				sits[j] = wrap(sits[j], who, pos[j], takes[a], lines[j])
			}
		}
	}
}

func smaller(a, b *big.Int) *big.Int {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

// wrap seats who on a line from pos on, for a length, around its end if need be;
// pos moves on.
func wrap(sits []interval, who int, pos, length, line *big.Int) []interval {
	end := new(big.Int).Add(pos, length)
	if end.Cmp(line) <= 0 {
		sits = append(sits, interval{who, new(big.Int).Set(pos), new(big.Int).Set(end)})
	} else {
		sits = append(sits, interval{who, new(big.Int).Set(pos), line})
		sits = append(sits, interval{who, new(big.Int), new(big.Int).Sub(end, line)})
	}
	if pos.Set(end); pos.Cmp(line) >= 0 {
		pos.Sub(pos, line)
	}
	return sits
}

// rotate seats a class of households on every line.
func (m *mix) rotate(sp *space, c int, lines []*big.Int, sits [][]interval) {
	turns := sp.turns(c)
	homes := sp.classes[c].households
	for j, line := range lines {
		var seats []int // kinds
		for _, t := range sp.classes[c].kinds {
			for range m.panels[j][t] {
				seats = append(seats, t)
			}
		}
		if len(seats) == 0 {
			continue
		}
		length := new(big.Int).Quo(line, big.NewInt(int64(turns)))
		from := new(big.Int)
		for r := range turns {
			to := new(big.Int).Add(from, length)
			for s, t := range seats {
				k := &sp.kinds[t]
				who := k.people[(s+r)%homes*k.copies+r/homes%k.copies]
				sits[j] = append(sits[j], interval{who, from, to})
			}
			from = to
		}
	}
}

type piece struct {
	length *big.Int
	who    []int
}

// cut divides a line wherever somebody comes or goes.
func cut(line *big.Int, sits []interval) []piece {
	marks := []*big.Int{new(big.Int), line}
	for _, s := range sits {
		marks = append(marks, s.from, s.to)
	}
	slices.SortFunc(marks, (*big.Int).Cmp)
	marks = slices.CompactFunc(marks, func(a, b *big.Int) bool { return a.Cmp(b) == 0 })
	out := make([]piece, len(marks)-1)
	for i := range out {
		out[i].length = new(big.Int).Sub(marks[i+1], marks[i])
	}
	for _, s := range sits {
		at, _ := slices.BinarySearchFunc(marks, s.from, (*big.Int).Cmp)
		for ; at < len(out) && marks[at].Cmp(s.to) < 0; at++ {
			out[at].who = append(out[at].who, s.who)
		}
	}
	return out
}
