package alike

import (
	"slices"
	"strings"
)

// Cap is the most that two texts score that name other numbers, places or names.
const Cap = 0.5

// Parts is a score and what it is made of.
type Parts struct {
	Score    float64 // the shingles' share, capped: whether two texts are the same question
	Near     float64 // the words' share, capped: whether one is worth showing beside the other
	Shingles float64 // Jaccard similarity of the shingles
	Letters  bool    // they were of four letters: one of the two is short
	Words    float64 // share of the words that carry meaning
	Numbers  bool    // both name the same numbers
	Places   bool    // both name the same places
	Names    bool    // neither has a proper name where the other has another
}

// Same tells whether numbers, places and names agree, so that nothing is capped.
func (p Parts) Same() bool { return p.Numbers && p.Places && p.Names }

// Compare measures two texts. It is symmetric.
func Compare(a, b Text) Parts {
	p := agree(a, b)
	p.Letters, p.Words = a.count < short || b.count < short, tversky(common(a.content, b.content), len(a.content), len(b.content))
	if p.Letters {
		p.Shingles = jaccard(a.inLetters(), b.inLetters())
	} else {
		p.Shingles = jaccard(a.inWords(), b.inWords())
	}
	p.Score, p.Near = p.Shingles, p.Words
	if !p.Same() {
		p.Score, p.Near = min(p.Score, Cap), min(p.Near, Cap)
	}
	return p
}

// agree fills in what may cap a score.
func agree(a, b Text) Parts {
	return Parts{Numbers: slices.Equal(a.numbers, b.numbers), Places: slices.Equal(a.places, b.places),
		Names: !foreign(a.names, b.bag) || !foreign(b.names, a.bag)}
}

// foreign tells whether one of the names is no word of the other text.
func foreign(names, bag []uint64) bool { return common(names, bag) < len(names) }

func (t Text) inWords() []uint64 {
	if t.shingles == nil {
		return shinglesOf(strings.Fields(t.stems))
	}
	return t.shingles
}

func (t Text) inLetters() []uint64 {
	if t.letters == nil {
		return lettersOf(t.stems)
	}
	return t.letters
}

// Shared lists the stems that both texts have, in the first one's order, each once.
func Shared(a, b Text) (stems []string) {
	for _, s := range strings.Fields(a.stems) {
		h := hash(s)
		if _, in := slices.BinarySearch(b.content, h); !in || slices.Contains(stems, s) {
			continue
		}
		if _, in := slices.BinarySearch(a.content, h); in {
			stems = append(stems, s)
		}
	}
	return stems
}

// common counts what two sorted sets share.
func common(a, b []uint64) (n int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

// jaccard is the share of all that is in both. Two empty sets are equal.
func jaccard(a, b []uint64) float64 {
	both := common(a, b)
	all := len(a) + len(b) - both
	if all == 0 {
		return 1
	}
	return float64(both) / float64(all)
}

// tversky weighs what the poorer side lacks four times what the richer one has
// beyond it. In fifths, so that the division is the only rounding.
func tversky(both, a, b int) float64 {
	less, more := min(a, b)-both, max(a, b)-both
	all := 5*both + 4*less + more
	if all == 0 {
		return 0 // no word that carries meaning on either side says nothing
	}
	return float64(5*both) / float64(all)
}

// Words is how many different words of the text carry meaning.
func (t Text) Words() int { return len(t.content) }
