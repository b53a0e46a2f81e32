package shares

import (
	"cmp"
	"fmt"
	"maps"
	"math/bits"
	"slices"
)

// queue buys items by a rank that does not change, as they fit: greedy, and the
// completions that go by support.
type queue struct {
	*tally
	step   string
	rank   func(a, b int) int
	order  []int // items that were neither bought nor passed over, by rank
	room   int64
	left   map[int]int64 // item passed over → what the budget had at its turn
	bought []int
	marks  []Round
}

func (t *tally) newQueue(step string, room int64, chosen []bool, rank func(a, b int) int) *queue {
	q := &queue{tally: t, step: step, rank: rank, room: room, left: map[int]int64{}}
	for i := range t.items {
		if !chosen[i] && (t.count[i] > 0 || t.committee) {
			q.order = append(q.order, i)
		}
	}
	slices.SortFunc(q.order, func(a, b int) int { return cmp.Or(rank(a, b), t.before(a, b)) })
	return q
}

func (t *tally) byCount(a, b int) int { return cmp.Compare(t.count[b], t.count[a]) }
func (t *tally) byScore(a, b int) int { return cmp.Compare(t.score[b], t.score[a]) }

// byValue is satisfaction by money: with cost satisfaction that is the plain score.
func (t *tally) byValue(a, b int) int {
	if t.rule.Satisfaction == Cost {
		return t.byScore(a, b)
	}
	return compareProducts(t.score[b], t.items[a].Cost, t.score[a], t.items[b].Cost)
}

// compareProducts compares a·b with c·d; none is negative.
func compareProducts(a, b, c, d int64) int {
	h1, l1 := bits.Mul64(uint64(a), uint64(b))
	h2, l2 := bits.Mul64(uint64(c), uint64(d))
	return cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2))
}

// tied is what has the best rank of all that still fits.
func (q *queue) tied() []int {
	for len(q.order) > 0 && q.items[q.order[0]].Cost > q.room {
		q.left[q.order[0]] = q.room
		q.order = q.order[1:]
	}
	var tied []int
	for _, i := range q.order {
		if q.rank(q.order[0], i) != 0 {
			break
		}
		if q.items[i].Cost <= q.room {
			tied = append(tied, i)
		}
	}
	return tied
}

func (q *queue) buy(item int) {
	it := q.items[item]
	q.order = slices.DeleteFunc(slices.Clone(q.order), func(i int) bool { return i == item })
	q.room -= it.Cost
	q.bought = append(q.bought, item)
	q.marks = append(q.marks, Round{ID: it.ID, Cost: it.Cost, Step: q.step, Supporters: q.count[item]})
}

func (q *queue) won() []int { return q.bought }

// narrow: where all fit, the order is nobody's concern.
func (q *queue) narrow(tied []int) []int {
	if q.costOf(tied) <= q.room {
		return tied[:1] // all of them fit
	}
	return tied
}

func (q *queue) fork() race {
	c := *q
	c.left = maps.Clone(q.left)
	c.order, c.bought, c.marks = slices.Clone(q.order), slices.Clone(q.bought), slices.Clone(q.marks)
	return &c
}

func (q *queue) key() string { return fmt.Sprint(slices.Sorted(slices.Values(q.bought))) }
