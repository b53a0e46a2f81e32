package alike

import (
	"cmp"
	"errors"
	"iter"
	"math"
	"slices"
)

// Pair is two texts that score at least the threshold, A before B.
type Pair struct {
	A, B  int
	Score float64
}

// Groups are texts found alike.
type Groups struct {
	Of [][]int // each sorted, of two or more, by their first text

	same  [][]int    // texts that are equal once normalised, each class sorted
	class []int      // of each text
	near  [][]scored // of each class: the others it is alike to
}

type scored struct {
	class int
	score float64
}

// Group finds the pairs that score at least the threshold, and the groups they
// make. An error tells a threshold that is not in (0, 1].
func Group(texts []Text, threshold float64) (*Groups, error) {
	if !(threshold > 0 && threshold <= 1) {
		return nil, errors.New("threshold must be above 0 and at most 1")
	}
	g := classes(texts)
	f := finder{texts: make([]Text, len(g.same)), threshold: threshold, near: make([][]scored, len(g.same))}
	for c, members := range g.same {
		f.texts[c] = texts[members[0]]
	}
	f.long()
	f.short()
	g.near = f.near
	g.join()
	return g, nil
}

// Pairs yields every pair, by A, then B.
func (g *Groups) Pairs() iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		for a, c := range g.class {
			var of []Pair
			add := func(class int, score float64) {
				members := g.same[class]
				from, _ := slices.BinarySearch(members, a+1)
				for _, b := range members[from:] {
					of = append(of, Pair{A: a, B: b, Score: score})
				}
			}
			add(c, 1)
			for _, n := range g.near[c] {
				add(n.class, n.score)
			}
			slices.SortFunc(of, func(x, y Pair) int { return cmp.Compare(x.B, y.B) })
			for _, p := range of {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// classes puts texts together that no part of the score tells apart.
func classes(texts []Text) *Groups {
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &texts[i], &texts[j]
		return cmp.Or(cmp.Compare(a.stems, b.stems), slices.Compare(a.places, b.places), slices.Compare(a.names, b.names), cmp.Compare(i, j))
	})
	g := &Groups{class: make([]int, len(texts))}
	for n, i := range order {
		if n > 0 {
			a, b := &texts[order[n-1]], &texts[i]
			if a.stems == b.stems && slices.Equal(a.places, b.places) && slices.Equal(a.names, b.names) {
				last := len(g.same) - 1
				g.same[last] = append(g.same[last], i)
				continue
			}
		}
		g.same = append(g.same, []int{i})
	}
	slices.SortFunc(g.same, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	for c, members := range g.same {
		for _, i := range members {
			g.class[i] = c
		}
	}
	return g
}

// join makes the connected components.
func (g *Groups) join() {
	root := make([]int, len(g.same))
	for c := range root {
		root[c] = c
	}
	find := func(c int) int {
		for root[c] != c {
			root[c] = root[root[c]]
			c = root[c]
		}
		return c
	}
	for c, near := range g.near {
		for _, n := range near {
			a, b := find(c), find(n.class)
			root[max(a, b)] = min(a, b)
		}
	}
	at := make([]int, len(g.same))
	for i, c := range g.class {
		r := find(c)
		if at[r] == 0 {
			g.Of = append(g.Of, nil)
			at[r] = len(g.Of)
		}
		g.Of[at[r]-1] = append(g.Of[at[r]-1], i)
	}
	g.Of = slices.DeleteFunc(g.Of, func(group []int) bool { return len(group) < 2 })
}

// finder looks for alike classes; texts[c] stands for its class.
type finder struct {
	texts     []Text
	threshold float64
	near      [][]scored
}

// long compares the texts of 8 words and more with each other.
func (f *finder) long() {
	var who []int
	var sets [][]uint64
	for c := range f.texts {
		if f.texts[c].count >= short {
			who, sets = append(who, c), append(sets, f.texts[c].shingles)
		}
	}
	f.meet(who, sets, false)
}

// short compares the short texts with each other, and with the longer ones that
// have few enough letters to reach the threshold with any of them.
func (f *finder) short() {
	most := 0
	for c := range f.texts {
		most = max(most, len(f.texts[c].letters))
	}
	if most == 0 {
		return
	}
	var who []int
	var sets [][]uint64
	for c := range f.texts {
		set := f.texts[c].inLetters()
		if f.texts[c].count < short || float64(len(set))*f.threshold <= float64(most+1) {
			who, sets = append(who, c), append(sets, set)
		}
	}
	f.meet(who, sets, true)
}

// meet scores the pairs whose sets fall into one bucket of some band, once each.
// Where the sets are letters, two long texts have met by their words already.
func (f *finder) meet(who []int, sets [][]uint64, letters bool) {
	rows, bands := banding(f.threshold)
	keys := f.keys(who, sets, rows, bands)
	all := make([]int, len(who))
	for band := range bands {
		order := all
		for i := range order {
			order[i] = i
		}
		key := func(i int) uint64 { return keys[i*bands+band] }
		slices.SortFunc(order, func(i, j int) int { return cmp.Or(cmp.Compare(key(i), key(j)), cmp.Compare(i, j)) })
		for len(order) > 0 {
			n := 1
			for n < len(order) && key(order[n]) == key(order[0]) {
				n++
			}
			for x, i := range order[:n] {
				for _, j := range order[x+1 : n] {
					long := f.texts[who[i]].count >= short && f.texts[who[j]].count >= short
					if !(letters && long) && !met(keys[i*bands:i*bands+band], keys[j*bands:j*bands+band]) {
						f.score(who[i], who[j])
					}
				}
			}
			order = order[n:]
		}
	}
}

// met tells whether two texts shared a bucket of an earlier band.
func met(a, b []uint64) bool {
	for i := range a {
		if a[i] == b[i] {
			return true
		}
	}
	return false
}

func (f *finder) score(a, b int) {
	x, y := f.texts[a], f.texts[b]
	if f.threshold > Cap && !agree(x, y).Same() {
		return
	}
	if s := Compare(x, y).Score; s >= f.threshold {
		f.near[a] = append(f.near[a], scored{b, s})
		f.near[b] = append(f.near[b], scored{a, s})
	}
}

const (
	mostHashes = 128
	mostBands  = 1024
	missed     = 0.001 // the most of the pairs at the threshold that may be missed
)

// banding is the most rows a band, hence the fewest false candidates, with which
// bands enough to miss no more than [missed] still fit.
func banding(threshold float64) (rows, bands int) {
	for rows = 8; rows > 1; rows-- {
		if bands = bandsFor(threshold, rows); rows*bands <= mostHashes {
			return rows, bands
		}
	}
	return 1, bandsFor(threshold, 1)
}

func bandsFor(threshold float64, rows int) (bands int) {
	miss := 1.0
	for range rows {
		miss *= threshold
	}
	each := 1 - miss // of a pair at the threshold, in one band
	for miss = 1; miss > missed && bands < mostBands; bands++ {
		miss *= each
	}
	return bands
}

// keys is one bucket for each text and band: MinHashes of the set, and above the
// cap the numbers and places, since with others no pair reaches the threshold.
func (f *finder) keys(who []int, sets [][]uint64, rows, bands int) []uint64 {
	keys := make([]uint64, len(who)*bands)
	least, seeds := make([]uint64, rows*bands), make([]uint64, rows*bands)
	for h := range seeds {
		seeds[h] = mix(uint64(h) + 1)
	}
	for i, set := range sets {
		for h := range least {
			least[h] = math.MaxUint64
		}
		for _, s := range set {
			for h := range least {
				least[h] = min(least[h], mix(s^seeds[h]))
			}
		}
		same := offset
		if t := &f.texts[who[i]]; f.threshold > Cap {
			same = mix(hash(t.numbers...) ^ mix(hash(t.places...)))
		}
		for band := range bands {
			key := same
			for _, m := range least[band*rows : (band+1)*rows] {
				key = mix(key ^ m)
			}
			keys[i*bands+band] = key
		}
	}
	return keys
}

// mix is the finaliser of SplitMix64: a permutation of 64 bits.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
