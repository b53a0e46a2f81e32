package question

import (
	"slices"
	"strings"

	civic "glosa/civic/question"
	"glosa/web/page/leaf"
)

// office names who answers for a translation.
func (c card) office(x *civic.Translated) string {
	return c.scene.Names.By(string(x.Office)) + " (" + string(x.Institution) + ")"
}

// machine says how a translation was made.
func machine(x *civic.Translated) string {
	if x.Machine {
		return "qt.trans.machine"
	}
	return "qt.trans.human"
}

// awaited is the clock of a translation that is owed; nil where none runs.
func (c card) awaited() *leaf.Clock {
	if c.q.AwaitsClock.Due.IsZero() {
		return nil
	}
	return c.scene.Deadline(c.q.AwaitsClock, c.Words.T("qt.trans.start"))
}

// unwritten is the clock of the words that somebody is to write down; nil when none runs.
func (c card) unwritten() *leaf.Clock {
	if c.q.WordsClock.Due.IsZero() {
		return nil
	}
	return c.scene.Deadline(c.q.WordsClock, c.Words.T("ak.write.start"))
}

// struckWhat lists the grounds on which something was struck out, each once.
func (c card) struckWhat() string {
	var said []string
	for _, s := range c.q.Redacted {
		if word := c.Words.T("st.ground." + string(s.Ground)); !slices.Contains(said, word) {
			said = append(said, word)
		}
	}
	return strings.Join(said, ", ") + "."
}
