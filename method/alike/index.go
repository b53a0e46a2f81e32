package alike

import (
	"cmp"
	"slices"
	"sync"
)

// Index holds texts by id and finds those near another one. The zero value is
// ready. Any number of goroutines may use it: queries run beside each other, and
// a change waits for them. It keeps nothing of a text it is asked about.
type Index struct {
	mu    sync.RWMutex
	at    map[string]int32
	slots []slot
	free  []int32
	lists map[uint64][]int32 // word → slots, ascending
}

type slot struct {
	id   string // "" when free
	text Text
}

// Match is a text found near another.
type Match struct {
	ID string
	Parts
	Shared []string // the stems of both that carry meaning
}

// Add puts a text in, in place of what had the id before.
func (x *Index) Add(id string, t Text) {
	if id == "" {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
	if x.at == nil {
		x.at, x.lists = map[string]int32{}, map[uint64][]int32{}
	}
	var s int32
	if n := len(x.free); n > 0 {
		s, x.free = x.free[n-1], x.free[:n-1]
	} else {
		s = int32(len(x.slots))
		x.slots = append(x.slots, slot{})
	}
	t.shingles, t.letters = nil, nil // made again for the few that are shown
	x.slots[s], x.at[id] = slot{id, t}, s
	for _, h := range t.content {
		list := x.lists[h]
		i, _ := slices.BinarySearch(list, s)
		x.lists[h] = slices.Insert(list, i, s)
	}
}

// Remove takes a text out; nothing of it stays.
func (x *Index) Remove(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
}

func (x *Index) remove(id string) {
	s, in := x.at[id]
	if !in {
		return
	}
	for _, h := range x.slots[s].text.content {
		list := x.lists[h]
		if i, ok := slices.BinarySearch(list, s); ok {
			list = slices.Delete(list, i, i+1)
		}
		if x.lists[h] = list; len(list) == 0 {
			delete(x.lists, h)
		}
	}
	delete(x.at, id)
	x.slots[s] = slot{}
	x.free = append(x.free, s)
}

// Len is how many texts it holds.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.at)
}

// Query finds the texts whose Near is above [Cap], hence none with other
// numbers, places or names, the nearest first, equal ones by id. Exact.
func (x *Index) Query(t Text, limit int) []Match {
	x.mu.RLock()
	defer x.mu.RUnlock()
	shared := make([]uint16, len(x.slots))
	for _, h := range t.content {
		for _, s := range x.lists[h] {
			shared[s]++
		}
	}
	type found struct {
		slot int32
		near float64
	}
	var best []found
	order := func(a, b found) int {
		return cmp.Or(cmp.Compare(b.near, a.near), cmp.Compare(x.slots[a.slot].id, x.slots[b.slot].id))
	}
	for s, n := range shared {
		if n == 0 {
			continue
		}
		other := &x.slots[s].text
		f := found{int32(s), tversky(int(n), len(t.content), len(other.content))}
		if f.near <= Cap || len(best) == limit && (limit == 0 || order(f, best[limit-1]) > 0) || !agree(t, *other).Same() {
			continue
		}
		i, _ := slices.BinarySearchFunc(best, f, order)
		best = slices.Insert(best, i, f)
		best = best[:min(len(best), limit)]
	}
	out := make([]Match, len(best))
	for i, f := range best {
		other := x.slots[f.slot]
		out[i] = Match{ID: other.id, Parts: Compare(t, other.text), Shared: Shared(t, other.text)}
	}
	return out
}
