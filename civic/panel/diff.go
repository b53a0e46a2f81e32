package panel

import (
	"strings"
	"unicode"
)

// Op is what became of a stretch of words between two versions.
type Op string

const (
	Same    Op = "same"
	Added   Op = "added"
	Removed Op = "removed"
)

// Span is a stretch of words with one fate.
type Span struct {
	Op   Op
	Text string
}

// maxCells bounds the table of [Diff]: four million cells are 16 MB and some
// 30 ms. A longer changed middle is shown as replaced whole, which is true, if coarse.
const maxCells = 4 << 20

// Diff compares two versions word by word: the longest common subsequence of
// their words stays, the rest was added or removed. Blank space follows the
// word before it and does not count as a change. Joining what is Same and what
// is Added gives the new version, byte for byte; the words of Same and Removed
// are the words of the old one.
func Diff(old, new string) []Span {
	a, b := words(old), words(new)
	head := 0
	for head < len(a) && head < len(b) && equal(a[head], b[head]) {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && equal(a[len(a)-1-tail], b[len(b)-1-tail]) {
		tail++
	}
	var out spans
	out.add(Same, b[:head]...)
	middle(&out, a[head:len(a)-tail], b[head:len(b)-tail])
	out.add(Same, b[len(b)-tail:]...)
	return out
}

func middle(out *spans, a, b []string) {
	if len(a)*len(b) > maxCells {
		out.add(Removed, a...)
		out.add(Added, b...)
		return
	}
	// longest[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
	w := len(b) + 1
	longest := make([]int32, (len(a)+1)*w)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if equal(a[i], b[j]) {
				longest[i*w+j] = longest[(i+1)*w+j+1] + 1
			} else {
				longest[i*w+j] = max(longest[(i+1)*w+j], longest[i*w+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case equal(a[i], b[j]):
			out.add(Same, b[j])
			i, j = i+1, j+1
		case longest[(i+1)*w+j] >= longest[i*w+j+1]:
			out.add(Removed, a[i])
			i++
		default:
			out.add(Added, b[j])
			j++
		}
	}
	out.add(Removed, a[i:]...)
	out.add(Added, b[j:]...)
}

type spans []Span

func (s *spans) add(op Op, text ...string) {
	t := strings.Join(text, "")
	if t == "" {
		return
	}
	if n := len(*s); n > 0 && (*s)[n-1].Op == op {
		(*s)[n-1].Text += t
		return
	}
	if n := len(*s); op == Removed && n > 0 && !blankEnd((*s)[n-1].Text) && !blankStart(t) {
		t = " " + t // the old version had a blank here: without it two words would read as one
	}
	*s = append(*s, Span{Op: op, Text: t})
}

func blankEnd(s string) bool   { return strings.TrimRightFunc(s, unicode.IsSpace) != s }
func blankStart(s string) bool { return strings.TrimLeftFunc(s, unicode.IsSpace) != s }

// words cuts a text into words, each with the blank space that follows it. Blank
// space at the very start belongs to the first word.
func words(s string) (out []string) {
	start, inWord, blankAfter := 0, false, false
	for i, r := range s {
		blank := unicode.IsSpace(r)
		if !blank && inWord && blankAfter {
			out = append(out, s[start:i])
			start, blankAfter = i, false
		}
		if !blank {
			inWord = true
		} else if inWord {
			blankAfter = true
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

func equal(a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }
