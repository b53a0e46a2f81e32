package commitment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"glosa/civic/panel"
	"glosa/civic/people"
)

// Drift is one wording with what it added and removed since the one before.
type Drift struct {
	Version Version
	Words   []panel.Span // against the version before; the first is all Added
}

// drift lays each wording beside the one before. Agreed wordings are compared
// word by word, exactly. Of restated ones nobody's literal words are known, so
// there only the gist is compared ([Gist]).
func drift(versions []Version) []Drift {
	out := make([]Drift, len(versions))
	for i, v := range versions {
		before := ""
		if i > 0 {
			before = versions[i-1].Wording.Plain()
		}
		words := panel.Diff(before, v.Wording.Plain())
		if v.Restated && i > 0 {
			words = Gist(before, v.Wording.Plain())
		}
		out[i] = Drift{Version: v, Words: words}
	}
	return out
}

// Gist compares two restated wordings by their words' families: «Planeación»
// and «Plan» are one, «reforma» and «reformar» too. It gives the new wording
// only, as Same and Added spans that join to it byte for byte. A single kept
// word between two new stretches, and small words at the end of a new stretch,
// do not break it up.
func Gist(old, new string) (spans []panel.Span) {
	a, b := strings.Fields(old), pieces(new)
	kept := keptWords(a, b)
	for i := 1; i+1 < len(kept); i++ {
		if kept[i] && !kept[i-1] && !kept[i+1] {
			kept[i] = false
		}
	}
	for i := len(kept) - 1; i >= 0; i-- {
		if !kept[i] && i+1 < len(kept) && kept[i+1] && small(b[i]) {
			kept[i] = true
		}
	}
	for i, w := range b {
		op := panel.Added
		if kept[i] {
			op = panel.Same
		}
		if n := len(spans); n > 0 && spans[n-1].Op == op {
			spans[n-1].Text += w
			continue
		}
		spans = append(spans, panel.Span{Op: op, Text: w})
	}
	return spans
}

// pieces cuts a text into words, each with the blank space that follows it.
func pieces(s string) (out []string) {
	start, blank := 0, false
	for i, r := range s {
		if space := unicode.IsSpace(r); !space && blank {
			out = append(out, s[start:i])
			start = i
			blank = false
		} else {
			blank = blank || space
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

// keptWords marks the words of b that belong to the longest common subsequence of families.
func keptWords(a, b []string) []bool {
	best := make([][]int, len(a)+1)
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if akin(a[i], b[j]) {
				best[i][j] = max(best[i][j], best[i+1][j+1]+1)
			}
		}
	}
	kept := make([]bool, len(b))
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case akin(a[i], b[j]) && best[i][j] == best[i+1][j+1]+1:
			kept[j] = true
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return kept
}

// akin tells whether two words are of one family: the same word, or the shorter
// begins as the longer does, for four letters at least.
func akin(a, b string) bool {
	a, b = core(a), core(b)
	if a == b {
		return true
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	shorter := min(len(a), len(b))
	return n >= 4 && n >= shorter-2
}

// core is a word without accents, capitals and punctuation.
func core(w string) string {
	return people.Fold(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
}

// small tells whether a word only joins others.
func small(w string) bool {
	return utf8.RuneCountInString(core(w)) <= 4 && !strings.ContainsAny(w, "0123456789")
}
