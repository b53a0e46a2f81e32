package report

import (
	"strconv"
	"strings"

	"glosa"
)

// Number gives each passage its anchor. before are all passages the report ever
// had, in the order of its last text, gone ones among them: a number of theirs
// goes only to the passage it belongs to. See the package comment for the rule.
func Number(before, now []Passage) {
	n := numbering{top: topLevel(now), used: map[int]int{}, taken: map[string]bool{}}
	for _, p := range before {
		n.see(p.Anchor)
	}
	pair := make([]string, len(now)) // anchor kept by each passage; "" for none
	last := living(before)
	at := sameWords(before, last, now, pair)
	reworded(last, now, at, pair)
	for i := range now {
		n.give(&now[i], pair[i])
	}
}

func living(before []Passage) []Passage {
	var out []Passage
	for _, p := range before {
		if !p.Gone {
			out = append(out, p)
		}
	}
	return out
}

// sameWords pairs passages that read the same, first those of the last text,
// then those that had gone away and come back. It returns, for each passage
// now, its place in the last text, or -1.
func sameWords(before, last, now []Passage, pair []string) []int {
	waiting := map[glosa.Hash][]int{}
	for i, p := range last {
		waiting[p.Hash] = append(waiting[p.Hash], i)
	}
	back := map[glosa.Hash][]string{}
	for _, p := range before {
		if p.Gone {
			back[p.Hash] = append(back[p.Hash], p.Anchor)
		}
	}
	at := make([]int, len(now))
	for i, p := range now {
		at[i] = -1
		if w := waiting[p.Hash]; len(w) > 0 {
			at[i], waiting[p.Hash] = w[0], w[1:]
			pair[i] = last[w[0]].Anchor
		}
	}
	for i, p := range now {
		if w := back[p.Hash]; pair[i] == "" && len(w) > 0 {
			pair[i], back[p.Hash] = w[0], w[1:]
		}
	}
	return at
}

// window is how many passages are compared with a reworded one: further away it
// is another passage, and a report rewritten whole must not take minutes.
const window = 30

// reworded pairs what is left between two neighbours that stayed: in order, of
// the same kind, with at least half of the words in common.
func reworded(last, now []Passage, at []int, pair []string) {
	free := make([]bool, len(last))
	for i := range free {
		free[i] = true
	}
	for _, j := range at {
		if j >= 0 {
			free[j] = false
		}
	}
	next := 0 // first place of the last text that may still be paired
	for i := range now {
		if at[i] >= 0 {
			next = max(next, at[i]+1)
			continue
		}
		if pair[i] != "" {
			continue
		}
		for j := next; j < min(len(last), next+window) && free[j]; j++ {
			if last[j].Kind == now[i].Kind && last[j].Level == now[i].Level && alike(last[j].Words, now[i].Words) {
				pair[i], free[j], next = last[j].Anchor, false, j+1
				break
			}
		}
	}
}

// alike tells whether at least half of the longer text's words are in both.
func alike(a, b string) bool {
	left, right := strings.Fields(strings.ToLower(a)), strings.Fields(strings.ToLower(b))
	have := map[string]int{}
	for _, w := range left {
		have[w]++
	}
	both := 0
	for _, w := range right {
		if have[w] > 0 {
			have[w]--
			both++
		}
	}
	return 2*both >= max(len(left), len(right))
}

// numbering hands out numbers that were never used.
type numbering struct {
	top     int             // the level of heading that opens a section
	used    map[int]int     // by section: the highest number used in it
	last    int             // the highest section used
	section int             // the section the text is in
	taken   map[string]bool // anchors given in this text
}

func (n *numbering) see(anchor string) {
	section, part := parts(anchor)
	n.last = max(n.last, section)
	n.used[section] = max(n.used[section], part)
}

func parts(anchor string) (section, part int) {
	s, p, _ := strings.Cut(anchor, "-")
	section, _ = strconv.Atoi(s)
	part, _ = strconv.Atoi(p)
	return section, part
}

// give writes the anchor of the next passage in the order of the text.
func (n *numbering) give(p *Passage, kept string) {
	opens := p.Kind == Heading && p.Level == n.top
	if kept != "" && (strings.Contains(kept, "-") || opens) {
		p.Anchor = kept
	} else if opens {
		n.last++
		p.Anchor = strconv.Itoa(n.last)
	} else {
		n.used[n.section]++
		p.Anchor = strconv.Itoa(n.section) + "-" + strconv.Itoa(n.used[n.section])
	}
	if opens {
		n.section, _ = parts(p.Anchor)
	}
}

// topLevel is the level whose headings open sections: the highest that occurs
// at least twice, or the highest; a lone title is not a section.
func topLevel(now []Passage) int {
	var times [7]int
	for _, p := range now {
		if p.Kind == Heading {
			times[p.Level]++
		}
	}
	highest := 0
	for level := 1; level <= 6; level++ {
		if times[level] > 1 {
			return level
		}
		if times[level] == 1 && highest == 0 {
			highest = level
		}
	}
	return highest
}
