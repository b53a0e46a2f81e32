package alike

import (
	"slices"
	"strings"
	"unicode"

	"github.com/kljensen/snowball/spanish"
)

// Text is a text made ready for comparison. The zero value is the empty text.
type Text struct {
	stems    string   // all of them, in order, one space between
	count    int      // how many
	shingles []uint64 // of three words, sorted; none in a short text
	letters  []uint64 // of four letters, sorted; only of a short text
	bag      []uint64 // every stem once, sorted
	content  []uint64 // those that carry meaning
	numbers  []string
	places   []string
	names    []uint64 // proper names, as stems, by hash
}

// short is the number of words below which letters are compared.
const short = 8

// Places are the place names of a territory: every spelling and the place it means.
type Places struct {
	of      map[string]string // folded spelling → place
	longest int               // words of the longest spelling
}

// NewPlaces reads a table from spelling to place; a spelling may have several
// words. Case, accents and apostrophes do not matter.
func NewPlaces(aliases map[string]string) *Places {
	p := &Places{of: make(map[string]string, len(aliases))}
	spellings := make([]string, 0, len(aliases))
	for s := range aliases {
		spellings = append(spellings, s)
	}
	slices.Sort(spellings) // where two fold to one, the first by bytes stands, on every machine
	for _, s := range spellings {
		var words []string
		for _, w := range split(s) {
			words = append(words, w.folded)
		}
		key := strings.Join(words, " ")
		if _, taken := p.of[key]; !taken && key != "" {
			p.of[key] = aliases[s]
			p.longest = max(p.longest, len(words))
		}
	}
	return p
}

// in lists the places that the words name, the longest spelling first where one
// lies in another, sorted, each once.
func (p *Places) in(words []word) (found []string) {
	if p == nil {
		return nil
	}
	for i := 0; i < len(words); i++ {
		for n := min(p.longest, len(words)-i); n > 0; n-- {
			if place, ok := p.of[phrase(words[i:i+n])]; ok {
				found = append(found, place)
				i += n - 1
				break
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func phrase(words []word) string {
	if len(words) == 1 {
		return words[0].folded
	}
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w.folded
	}
	return strings.Join(list, " ")
}

// Read makes a text ready. places may be nil.
func Read(text string, places *Places) Text { return read(text, places, stem) }

// ReadAll makes many texts ready; each word of theirs is stemmed once.
func ReadAll(texts []string, places *Places) []Text {
	known := map[string]string{}
	remember := func(w string) string {
		s, in := known[w]
		if !in {
			s = stem(w)
			known[w] = s
		}
		return s
	}
	out := make([]Text, len(texts))
	for i, t := range texts {
		out[i] = read(t, places, remember)
	}
	return out
}

// read is Read with a stemmer of the caller's, who may remember stems.
func read(text string, places *Places, stem func(string) string) Text {
	words := split(text)
	t := Text{count: len(words), places: places.in(words)}
	stems := make([]string, len(words))
	shouts := !strings.ContainsFunc(text, unicode.IsLower)
	for i, w := range words {
		stems[i] = stem(w.folded)
		h := hash(stems[i])
		t.bag = append(t.bag, h)
		if !fillers[w.folded] {
			t.content = append(t.content, h)
		}
		if w.named && !shouts {
			t.names = append(t.names, h)
		}
		t.numbers = appendNumbers(t.numbers, stems[i])
	}
	t.stems = strings.Join(stems, " ")
	t.bag, t.content, t.names = set(t.bag), set(t.content), set(t.names)
	slices.Sort(t.numbers)
	t.numbers = slices.Compact(t.numbers)
	if t.count < short {
		t.letters = lettersOf(t.stems)
	} else {
		t.shingles = shinglesOf(stems)
	}
	return t
}

// shinglesOf is the set of three words in a row.
func shinglesOf(stems []string) []uint64 {
	out := make([]uint64, 0, len(stems)-2)
	for i := 0; i+3 <= len(stems); i++ {
		out = append(out, hash(stems[i], stems[i+1], stems[i+2]))
	}
	return set(out)
}

// lettersOf is the set of four letters in a row, spaces among them; a text of
// fewer letters is one shingle, the empty text none.
func lettersOf(stems string) []uint64 {
	if stems == "" {
		return nil
	}
	runes := []rune(stems)
	if len(runes) <= 4 {
		return []uint64{hash(stems)}
	}
	out := make([]uint64, 0, len(runes)-3)
	for i := 0; i+4 <= len(runes); i++ {
		h := offset
		for _, r := range runes[i : i+4] {
			for range 3 {
				h = (h ^ uint64(r&0xff)) * prime
				r >>= 8
			}
		}
		out = append(out, h)
	}
	return set(out)
}

func set(list []uint64) []uint64 {
	slices.Sort(list)
	return slices.Clip(slices.Compact(list))
}

const (
	offset uint64 = 14695981039346656037
	prime  uint64 = 1099511628211
)

// hash is FNV-1a of the words with a separator that no word holds.
func hash(words ...string) uint64 {
	h := offset
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * prime
		}
		h = (h ^ 0xff) * prime
	}
	return h
}

// word is one word of a text, folded; named when it has a capital and does not
// begin a sentence.
type word struct {
	folded string
	named  bool
}

// split cuts a text into folded words.
func split(text string) (words []word) {
	var b strings.Builder
	begins, capital := true, false
	end := func() {
		if b.Len() > 0 {
			words = append(words, word{folded: b.String(), named: capital && !begins})
			b.Reset()
			begins = false
		}
	}
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case unicode.Is(unicode.Mn, r), isApostrophe(r):
			continue // an accent written apart, an apostrophe: the word goes on
		case (r == ',' || r == '.') && i > 0 && i+1 < len(runes) && isDigit(runes[i-1]) && isDigit(runes[i+1]):
			if r == '.' || !thousands(runes[i+1:]) {
				b.WriteByte('.')
			}
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			begins = begins || strings.ContainsRune(".?!¿¡:…;\n\"“«(•", r) || i == 0
			continue
		}
		if b.Len() == 0 {
			capital = unicode.IsUpper(r)
		}
		fold(&b, r)
	}
	end()
	return words
}

// thousands tells whether exactly three digits follow a comma, as in 1,200.
func thousands(rest []rune) bool {
	n := 0
	for n < len(rest) && isDigit(rest[n]) {
		n++
	}
	return n == 3
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// appendNumbers adds the numbers in a folded word: "2025", "3.5", the 1 of "1o".
func appendNumbers(list []string, w string) []string {
	for len(w) > 0 {
		i := strings.IndexFunc(w, isDigit)
		if i < 0 {
			break
		}
		w = w[i:]
		n := strings.IndexFunc(w, func(r rune) bool { return !isDigit(r) && r != '.' })
		if n < 0 {
			n = len(w)
		}
		number := strings.TrimLeft(strings.TrimSuffix(w[:n], "."), "0")
		if number == "" || number[0] == '.' {
			number = "0" + number
		}
		list, w = append(list, number), w[n:]
	}
	return list
}

// stem is the stem of a folded word, folded.
func stem(w string) string {
	if n, ok := smallNumbers[w]; ok {
		return n
	}
	if len(w) < 3 || len(w) > 40 || strings.ContainsFunc(w, isDigit) {
		return w
	}
	if strings.HasSuffix(w, "ion") {
		w = w[:len(w)-2] + "ón" // folding took the accent that the stemmer knows the ending by
	}
	var b strings.Builder
	for _, r := range spanish.Stem(w, true) {
		fold(&b, r)
	}
	return b.String()
}

var smallNumbers = map[string]string{"dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6",
	"siete": "7", "ocho": "8", "nueve": "9", "diez": "10", "once": "11", "doce": "12"}
