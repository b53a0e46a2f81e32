package opinion_test

import (
	"slices"
	"strings"
	"testing"

	"glosa/civic/opinion"
)

// TestACountIsOfWhatStandsWhenItIsWritten: what is erased or goes while groups are
// computed is not written as if it stood; the next count knows of it, and the audit
// agrees.
func TestACountIsOfWhatStandsWhenItIsWritten(t *testing.T) {
	for name, meanwhile := range map[string]func(h *hall, rc opinion.Receipt){
		"Erased": func(h *hall, _ opinion.Receipt) {
			h.ok(h.Erase(h.ctx, civil, ed, 2, "third_party_data", "minor"))
			h.ok(h.Erase(h.ctx, government, ed, 2, "third_party_data", "minor"))
		},
		"AnotherRow": func(h *hall, rc opinion.Receipt) {
			h.root("update opinion_ballot set votes = '1:1' where committed = $1", rc.Commit)
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *hall) {
				rc, _ := h.voted()
				h.ok(h.Close(h.ctx, facilitator, ed))
				done, err := h.CountMeanwhile(h.ctx, ed, func() { meanwhile(h, rc) })
				h.ok(err)
				if s := h.board().Status; done || s == opinion.Counted || len(h.events("opinion.counted")) > 0 {
					t.Fatalf("a count of what is no more so is written: %v, %s", done, s)
				}
				h.ok(h.Count(h.ctx))
				b := h.board()
				if b.Status != opinion.Counted {
					t.Fatalf("it is not counted again: %s", b.Status)
				}
				rows, err := h.Rows(h.ctx, evaluator, ed)
				h.ok(err)
				if name == "AnotherRow" { // which the audit names, and the count says as it is
					if !strings.Contains(string(rows), rc.Tracker+",,0,1,1,0,1,") {
						t.Errorf("the row is not counted as it stood:\n%s", rows)
					}
					return
				}
				if !slices.Contains(b.Picture.Out, 2) || !h.audit().OK() {
					t.Errorf("out are %v; the audit: %+v", b.Picture.Out, h.audit().Findings)
				}
				h.leavesAgree()
			})
		})
	}
}

// TestACountThatNothingMovesIsWritten: and a second one that began before it leaves it.
func TestACountThatNothingMovesIsWritten(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.voted()
		h.ok(h.Close(h.ctx, facilitator, ed))
		done, err := h.CountMeanwhile(h.ctx, ed, func() { h.ok(h.Count(h.ctx)) })
		h.ok(err)
		if n := len(h.events("opinion.counted")); !done || n != 1 {
			t.Errorf("done %v, counted %d times", done, n)
		}
	})
}
