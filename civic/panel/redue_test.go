package panel_test

import (
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel"
)

// TestSuspensionKeepsCommentsOpen: the days that stand still are given back, and
// the clock does not close the comments on the day of before.
func TestSuspensionKeepsCommentsOpen(t *testing.T) {
	each(t, func(h *hall) {
		h.edition.Redue = []edition.Redue{panel.Redue}
		h.stands(edition.MinutesPending)
		h.ok(h.Draft(h.ctx, rapporteur, ed, text("La sesión se celebró.")))
		id := panel.MinutesIDOf(ed)
		suspend := func(days int) {
			h.ok(h.edition.Suspend(h.ctx, facilitator, ed, h.clock.Now(), h.clock.Now().AddDate(0, 0, days), "Contingencia.", "Decreto."))
		}
		suspend(1) // a draft has no clock yet
		h.ok(h.Circulate(h.ctx, rapporteur, id))
		closes := func() time.Time {
			err := h.Sign(h.ctx, signGov, id, 1)
			h.is(glosa.Closed, err)
			return err.(*glosa.Error).Until
		}
		was := closes()
		suspend(90)
		now := closes()
		if now.Before(h.clock.Now().AddDate(0, 0, 90)) {
			h.Fatalf("comments close %s, before the suspension it was %s", now, was)
		}
		h.at(was.Add(time.Hour))
		h.ok(h.Remark(h.ctx, signCivil, id, "Todavía hay tiempo."))
		h.at(now.Add(time.Second))
		h.is(glosa.Closed, h.Remark(h.ctx, signCivil, id, "Ya no."))
	})
}
