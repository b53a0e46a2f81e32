package opinion_test

import (
	"testing"
	"time"

	"glosa/civic/edition"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/db"
)

// TestAMailboxIsOfUseOnceTheVoteOpened: not before, and not when the key is gone.
func TestAMailboxIsOfUseOnceTheVoteOpened(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		says := func(when string, want bool) {
			t.Helper()
			h.ok(h.db.Read(h.ctx, func(tx *db.Tx) error {
				e, err := edition.Load(tx, ed)
				if err != nil {
					return err
				}
				got, err := opinion.Uses(tx, e, voter.Contact)
				if got != want {
					t.Errorf("%s: %v", when, got)
				}
				if paper, err := opinion.Uses(tx, e, "paper"); err != nil || paper {
					t.Errorf("%s a door that is none is of use, %v", when, err)
				}
				return err
			}))
		}
		says("before there is a set", false)
		_, err := h.Freeze(h.ctx, facilitator, ed)
		h.ok(err)
		says("before the vote", false)
		h.statements(3)
		h.ok(h.Open(h.ctx, facilitator, ed, h.clock.Now().AddDate(0, 0, 10)))
		says("while it is open", true)
		h.later(11 * 24 * time.Hour)
		says("after it, for one's own votes", true)
		h.ok(h.edition.Cancel(h.ctx, facilitator, ed, "Huracán", ""))
		h.later((voter.KeyLasts + 1) * 24 * time.Hour)
		says("without a key", false)
	})
}
