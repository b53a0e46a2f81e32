package panel_test

import (
	"testing"

	"glosa"
	"glosa/civic/people"
)

// TestWhoLeftTheSeatSignsNothing: between the page and the signature a panelist
// left; whoever sits there now signs.
func TestWhoLeftTheSeatSignsNothing(t *testing.T) {
	each(t, func(h *hall) {
		id := h.minutes()
		h.ok(h.Sign(h.ctx, signGov, id, 2))
		admin, paper := glosa.Admin(), people.Document{Digest: glosa.Digest([]byte("d")), Title: "Oficio"}
		seat, err := h.people.Seat(h.ctx, admin, people.Seat{Edition: ed, Side: glosa.Civil, Number: 9, Roles: []glosa.Role{glosa.Panelist}, Sector: "cso"})
		h.ok(err)
		on := func(n int) people.Day { return people.DayOf(h.clock.Now().AddDate(0, 0, n)) }
		sits := func(from int) (glosa.Actor, string) {
			human, err := h.people.Enrol(h.ctx, admin)
			h.ok(err)
			sitting, err := h.people.Sit(h.ctx, admin, ed, people.Sitting{Seat: seat, Human: human, From: on(from), Document: paper})
			h.ok(err)
			return glosa.Actor{Human: human, Side: glosa.Civil, Seat: 9, Roles: []glosa.Role{glosa.Panelist}, Edition: ed}, sitting
		}
		left, sitting := sits(-30)
		h.ok(h.people.Rise(h.ctx, admin, ed, seat, sitting, on(-3)))
		next, _ := sits(-2)
		h.is(glosa.Denied, h.Sign(h.ctx, left, id, 2))
		h.ok(h.Sign(h.ctx, next, id, 2))
	})
}
