package commitment_test

import (
	"testing"
	"time"

	"glosa/civic/commitment"
	"glosa/civic/edition"
)

// TestSuspensionGivesTheRightOfReplyItsDaysBack, in its own edition only; the days
// of milestones, which were promised, stay.
func TestSuspensionGivesTheRightOfReplyItsDaysBack(t *testing.T) {
	each(t, func(h *house) {
		h.edition.Redue = []edition.Redue{commitment.Redue}
		id := h.active()
		h.ok(h.Assess(h.ctx, h.evaluator, id, commitment.Assessment{Status: commitment.NoEvidence, Rationale: "No hay nada publicado."}))
		was := h.card(id)
		from, to := h.clock.Now(), h.clock.Now().AddDate(0, 0, 90)
		h.ok(h.edition.Suspend(h.ctx, facilitator, "demo26", from, to, "Contingencia.", "Decreto."))
		if now := h.card(id); !now.Assessments[0].ReplyUntil.Equal(was.Assessments[0].ReplyUntil) {
			h.Error("another edition's suspension moved it")
		}
		h.ok(h.edition.Suspend(h.ctx, facilitator, "demo25", from, to, "Contingencia.", "Decreto."))
		now := h.card(id)
		if given := now.Assessments[0].ReplyUntil.Sub(was.Assessments[0].ReplyUntil); given < 89*24*time.Hour || given > 92*24*time.Hour {
			h.Errorf("the right of reply got %s", given)
		}
		if !now.Milestones[0].Due.Equal(was.Milestones[0].Due) {
			h.Error("a promised day moved")
		}
		h.clock.Set(was.Assessments[0].ReplyUntil.Add(time.Second))
		h.tick()
		if c := h.state(id, commitment.Active); c.Observed.Said() {
			h.Error("the verdict took effect before its time")
		}
		h.clock.Set(now.Assessments[0].ReplyUntil.Add(time.Second))
		h.tick()
		if c := h.card(id); c.Observed.Status != commitment.NoEvidence {
			h.Error("the right of reply never ended")
		}
	})
}
