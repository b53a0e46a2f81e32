package shares

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// tally is an instance as the methods need it: equal ballots are one group.
type tally struct {
	ctx       context.Context
	say       func(string)
	items     []Item
	rule      Rule
	whole     bool // add1 steps are one unit for the whole budget
	committee bool
	budget    int64
	voters    int64
	groups    [][]int32 // group → items that it gives something, ascending
	weight    []int64   // group → voters with that ballot
	sup       [][]int32 // item → groups that support it
	points    [][]int64 // item → points of each of these groups; nil where all is approval
	count     []int64   // item → voters that support it
	score     []int64   // item → points that it has; the same as count where all is approval
	unit      []int64   // item → satisfaction that one point of it gives
	patience  int       // see leap.go
}

func newTally(ctx context.Context, in *Instance, rule Rule, say func(string)) (*tally, error) {
	if err := rule.Check(); err != nil {
		return nil, err
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	if err := rule.on(in.votes()); err != nil {
		return nil, err
	}
	if say == nil {
		say = func(string) {}
	}
	n := len(in.Items)
	t := &tally{ctx: ctx, say: say, items: in.Items, rule: rule, whole: in.Committee || in.meta(stepKey) == wholeBudget, committee: in.Committee,
		budget: in.Budget, voters: int64(len(in.Ballots)), patience: patience, sup: make([][]int32, n), count: make([]int64, n), unit: make([]int64, n)}
	for i, it := range in.Items {
		t.unit[i] = 1
		if rule.Satisfaction == Cost && it.Cost > 0 {
			t.unit[i] = it.Cost
		}
	}
	if in.votes() == Approvals {
		t.score = t.count
		t.group(in.Ballots)
	} else {
		t.score, t.points = make([]int64, n), make([][]int64, n)
		t.groupPoints(in)
	}
	sum := new(big.Int)
	for i, n := range t.score {
		sum.Add(sum, new(big.Int).Mul(big.NewInt(n), big.NewInt(t.unit[i])))
	}
	if t.points != nil && !sum.IsInt64() {
		return nil, fmt.Errorf("points times costs add up to %v, more than %d", sum, int64(math.MaxInt64))
	}
	return t, nil
}

// group makes one group of equal ballots, in the order in which they come.
func (t *tally) group(ballots []Ballot) {
	total := 0
	for _, b := range ballots {
		total += len(b.Choices)
	}
	store := make([]int32, 0, total)
	t.groups, t.weight = make([][]int32, 0, len(ballots)), make([]int64, 0, len(ballots))
	table := make([]int32, 1<<bits.Len(uint(2*len(ballots)))) // open addressing: 1 + group
	for _, b := range ballots {
		from := len(store)
		store = append(store, b.Choices...)
		set := store[from:len(store):len(store)]
		slices.Sort(set)
		hash := uint64(len(set))
		for _, c := range set {
			hash = (hash ^ uint64(c)) * 0x9e3779b97f4a7c15
			hash ^= hash >> 29
		}
		at := int(hash) & (len(table) - 1)
		for table[at] != 0 && !slices.Equal(t.groups[table[at]-1], set) {
			at = (at + 1) & (len(table) - 1)
		}
		if table[at] == 0 {
			t.groups = append(t.groups, set)
			t.weight = append(t.weight, 0)
			table[at] = int32(len(t.groups))
		} else {
			store = store[:from]
		}
		t.weight[table[at]-1]++
	}
	sizes := make([]int, len(t.items))
	for g, set := range t.groups {
		for _, c := range set {
			sizes[c]++
			t.count[c] += t.weight[g]
		}
	}
	all := make([]int32, 0, len(store))
	for i, n := range sizes {
		t.sup[i], all = all[:0:n], all[n:n]
	}
	for g, set := range t.groups {
		for _, c := range set {
			t.sup[c] = append(t.sup[c], int32(g))
		}
	}
}

// groupPoints is group for ballots that give points; what gets none is left out.
func (t *tally) groupPoints(in *Instance) {
	type mark struct {
		item   int32
		points int64
	}
	seen := map[string]int32{}
	for _, b := range in.Ballots {
		var marks []mark
		for i, c := range b.Choices {
			p := int64(len(b.Choices) - 1 - i) // Borda: how many on the ballot are ranked lower
			if b.Points != nil {
				p = b.Points[i]
			}
			if p > 0 {
				marks = append(marks, mark{c, p})
			}
		}
		slices.SortFunc(marks, func(a, b mark) int { return cmp.Compare(a.item, b.item) })
		var key []byte
		for _, m := range marks {
			key = binary.BigEndian.AppendUint32(key, uint32(m.item))
			key = binary.BigEndian.AppendUint64(key, uint64(m.points))
		}
		g, ok := seen[string(key)]
		if !ok {
			g = int32(len(t.groups))
			seen[string(key)] = g
			set := make([]int32, len(marks))
			for i, m := range marks {
				set[i] = m.item
				t.sup[m.item] = append(t.sup[m.item], g)
				t.points[m.item] = append(t.points[m.item], m.points)
			}
			t.groups = append(t.groups, set)
			t.weight = append(t.weight, 0)
		}
		t.weight[g]++
		for _, m := range marks {
			t.count[m.item]++
			t.score[m.item] += m.points
		}
	}
}

// pointsOf is what the k-th supporting group of an item gives it.
func (t *tally) pointsOf(item, k int) int64 {
	if t.points == nil {
		return 1
	}
	return t.points[item][k]
}

// before is the tie rule: more supporters, lower cost, smaller id; in a
// committee, whoever is listed first.
func (t *tally) before(a, b int) int {
	switch {
	case t.rule.ties != nil:
		return t.rule.ties(t, a, b)
	case t.committee:
		return cmp.Compare(a, b)
	}
	return cmp.Or(cmp.Compare(t.count[b], t.count[a]),
		cmp.Compare(t.items[a].Cost, t.items[b].Cost), cmp.Compare(t.items[a].ID, t.items[b].ID))
}

// apart finds, among tied items, some whose choice concerns no other: none of
// their supporters supports one of the rest. It takes the fewest it can. heard
// tells whether a group still has a say.
func (t *tally) apart(tied []int, heard func(group int32) bool) []int {
	root := make([]int, len(tied))
	owner := map[int32]int{}
	find := func(k int) int {
		for root[k] != k {
			k = root[k]
		}
		return k
	}
	for k, i := range tied {
		root[k] = k
		for _, g := range t.sup[i] {
			if !heard(g) {
				continue
			}
			if o, ok := owner[g]; ok {
				root[find(k)] = find(o)
			} else {
				owner[g] = k
			}
		}
	}
	parts := make([][]int, len(tied))
	least := -1
	for k, i := range tied {
		r := find(k)
		parts[r] = append(parts[r], i)
	}
	for k := range parts {
		if len(parts[k]) > 0 && (least < 0 || len(parts[k]) < len(parts[least])) {
			least = k
		}
	}
	return parts[least]
}

// costOf is what items cost together.
func (t *tally) costOf(items []int) (sum int64) {
	for _, i := range items {
		sum += t.items[i].Cost
	}
	return sum
}
