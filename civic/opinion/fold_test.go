package opinion_test

import (
	"testing"

	"glosa"
	"glosa/civic/opinion"
	"glosa/db/dbtest"
)

// said is what the leaves say of a set's ballots, batches and count.
type said struct {
	glosa.Ledger
	t     testing.TB
	words map[string]string
}

func (s said) Say(_, _, what, word string)          { s.words[what] = word }
func (s said) SayText(_, _, _ string, _ glosa.Hash) {}
func (s said) Word(_, _, what string) string        { return s.words[what] }
func (s said) Text(glosa.Hash, string)              {}
func (s said) Fault(why string)                     { s.t.Error(why) }

// leavesAgree folds the leaves, none of which is at fault, and holds what they say
// against the tables.
func (h *hall) leavesAgree() map[string]string {
	h.t.Helper()
	s := said{t: h.t, words: map[string]string{}}
	for _, e := range dbtest.Events(h.t, h.db) {
		if e.Public {
			h.ok(opinion.Fold(s, e))
		}
	}
	h.ok(h.Officials(h.ctx, func(o glosa.Official) error {
		if o.Word != "" && s.words[o.What] != o.Word {
			h.t.Errorf("%s: the tables say %q, the leaves %q", o.What, o.Word, s.words[o.What])
		}
		return nil
	}))
	return s.words
}

// TestLeavesTellOfWithdrawnBallots: after ballots moved and went, what the leaves
// say is what the tables have, and the sums hold at the count.
func TestLeavesTellOfWithdrawnBallots(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(2)
		dev, acc, other := h.device(), h.account("1"), h.device()
		h.vote(dev, 1, opinion.Agree)
		h.vote(other, 1, opinion.Agree)
		h.stood()
		h.gather(acc, dev)
		h.ok(h.Unvote(h.ctx, citizen, other, ed))
		h.counts(1)
		words := h.leavesAgree()
		stands := 0
		h.ok(h.Officials(h.ctx, func(o glosa.Official) error {
			if o.Word == "stands" {
				stands++
			}
			return nil
		}))
		for _, word := range words {
			if word == "stands" {
				stands--
			}
		}
		if stands != 0 {
			t.Errorf("the tables have %d ballots more than the leaves", stands)
		}
	})
}
