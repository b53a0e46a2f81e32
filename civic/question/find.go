package question

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/spanish"

	"glosa"
	"glosa/db"
)

// A question is found by the words of its public texts, whatever their accents,
// capitals, apostrophes and endings: «enfermería» finds «enfermeras», «kʼiin»
// finds «k'iin». Words and what is looked for pass through the same fold and the
// same stem, here, so that both engines find the same.

const (
	longestSearch = 200 // bytes of what is looked for
	mostWords     = 12  // that are looked for at once
	longestWord   = 40  // letters of one; the rest is cut
	shortestStart = 3   // letters from which the beginning of a word finds it
)

// foldWords are the words of a text: small letters, without accents, without the
// apostrophes of the Mayan languages, in any of the ways they are typed.
func foldWords(s string) (words []string) {
	var b strings.Builder
	letters := 0
	end := func() {
		if letters > 0 {
			words = append(words, b.String())
		}
		b.Reset()
		letters = 0
	}
	for _, r := range s {
		switch {
		case strings.ContainsRune(apostrophes, r), unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if letters++; letters <= longestWord {
				b.WriteString(plainLetter(unicode.ToLower(r)))
			}
		default:
			end()
		}
	}
	end()
	return words
}

const apostrophes = "'’ʼ‘`´ʻʹˈ′ꞌꞋ"

// plainLetter is a small letter without its accent.
func plainLetter(r rune) string {
	if r < utf8.RuneSelf {
		return string(r)
	}
	if i := strings.IndexRune("áàâäãåāéèêëēíìîïīóòôöõōúùûüūñçýÿ", r); i >= 0 {
		return string("aaaaaaaeeeeeiiiiioooooouuuuuncyy"[utf8.RuneCountInString("áàâäãåāéèêëēíìîïīóòôöõōúùûüūñçýÿ"[:i])])
	}
	return string(r)
}

// endings are what the stemmer should see instead of what the fold left: the accent
// it knows, or the person whose place or trade it is (enfermería, enfermera).
var endings = [][2]string{{"cion", "ción"}, {"sion", "sión"}, {"xion", "xión"}, {"eria", "era"}, {"erias", "era"}}

// stem is what the forms of a word have in common.
func stem(word string) string {
	for _, x := range endings {
		if base, ok := strings.CutSuffix(word, x[0]); ok && base != "" {
			word = base + x[1]
			break
		}
	}
	return strings.Join(foldWords(spanish.Stem(word, true)), "")
}

// silent are words that nearly every text has: nobody finds anything by them.
var silent = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`a al ante asi aun con cual cuales cuando de del desde donde el ella ellas ellos en entre
		era es esa ese eso esta estan este esto ha han hasta hay la las le les lo los mas me mi muy ni no nos o para pero
		por porque que quien quienes se ser si sin sobre son su sus tan te ti tu un una uno unos y ya yo como`) {
		m[w] = true
	}
	return m
}()

// termsOf are the stems under which texts are found, each once, in order.
func termsOf(texts ...string) []string {
	found := map[string]bool{}
	for _, t := range texts {
		for _, w := range foldWords(t) {
			if !silent[w] {
				found[stem(w)] = true
			}
		}
	}
	delete(found, "")
	return slices.Sorted(maps.Keys(found))
}

// sought is what somebody looks for: every stem, the beginning of the last word,
// and words that stand side by side.
type sought struct {
	folio   glosa.QuestionID // then nothing else
	stems   []string
	start   string // how the last word begins; its stem does as well
	whole   string // that stem
	phrases [][]string
}

func (s sought) empty() bool {
	return s.folio == "" && len(s.stems) == 0 && s.start == "" && len(s.phrases) == 0
}

// parseSought reads what was typed: words, all of which a text must have, the
// last of which may be begun only; and, between quotation marks, words that stand
// side by side. A folio finds its question. Words that say nothing are passed over.
func parseSought(typed string) (s sought) {
	if len(typed) > longestSearch {
		typed = strings.ToValidUTF8(typed[:longestSearch], "")
	}
	if id, err := ParseFolio(typed); err == nil {
		return sought{folio: id}
	}
	parts := strings.Split(quotes.Replace(typed), `"`)
	left := mostWords
	for i, part := range parts {
		words := foldWords(part)
		words = words[:min(left, len(words))]
		left -= len(words)
		if i%2 == 1 && i < len(parts)-1 && len(words) > 1 { // a mark that is never closed opens nothing
			s.phrases = append(s.phrases, words)
		}
		for n, w := range words {
			last := n == len(words)-1 && i == len(parts)-1
			switch {
			case last && len(w) >= shortestStart && (!silent[w] || len(s.stems) == 0):
				s.start, s.whole = w, stem(w)
			case !silent[w]:
				s.stems = append(s.stems, stem(w))
			}
		}
	}
	slices.Sort(s.stems)
	s.stems = slices.Compact(s.stems)
	return s
}

var quotes = strings.NewReplacer("“", `"`, "”", `"`, "«", `"`, "»", `"`, "„", `"`)

// holds tells whether a text has every phrase, word by word.
func (s sought) holds(text string) bool {
	if len(s.phrases) == 0 {
		return true
	}
	words := foldWords(text)
	for _, p := range s.phrases {
		if !slices.ContainsFunc(starts(words, len(p)), func(w []string) bool { return slices.Equal(w, p) }) {
			return false
		}
	}
	return true
}

// starts are all stretches of n words.
func starts(words []string, n int) (out [][]string) {
	for i := 0; i+n <= len(words); i++ {
		out = append(out, words[i:i+n])
	}
	return out
}

// reindex keeps the words under which a question is found: those of its texts
// that are open and stand, translations too, and the number of its folio. Whoever opens, closes or erases a
// text does it in the same act.
func reindex(tx *db.Tx, r *row) error {
	if err := deleteTerms(tx, r.id); err != nil || r.erased || r.admitted.IsZero() {
		return err
	}
	all, err := selectWords(tx, r.id)
	if err != nil {
		return err
	}
	var texts []string
	for _, w := range all {
		if w.state == Opened && w.replaced == 0 {
			o := objectOf(w.object)
			texts = append(texts, o.Text, o.Context)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	if part := strings.Split(string(r.id), "-"); len(part) == 3 {
		texts = append(texts, part[1])
	}
	return insertTerms(tx, r, termsOf(texts...))
}

// perIndexing is how many questions one act indexes.
const perIndexing = 100

// Index makes those questions findable that were published before there was an
// index, and returns; then every act keeps it.
func (d *Desk) Index(ctx context.Context) error {
	var after glosa.QuestionID
	for {
		n := 0
		err := d.DB.Act(ctx, func(tx *db.Tx) error {
			rows, err := selectUnindexed(tx, after, perIndexing)
			n = len(rows)
			for i := 0; i < n && err == nil; i++ {
				err = reindex(tx, &rows[i])
			}
			if n > 0 {
				after = rows[n-1].id
			}
			return err
		})
		if err != nil || n < perIndexing {
			return err
		}
	}
}
