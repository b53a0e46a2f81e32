package commitment_test

import (
	"testing"

	"glosa"
	"glosa/civic/people"
)

// TestWhoLeftTheSeatAgreesToNothing: between the page and the yes a panelist
// left; whoever sits there now agrees.
func TestWhoLeftTheSeatAgreesToNothing(t *testing.T) {
	each(t, func(h *house) {
		desk, admin := &people.Desk{DB: h.db}, glosa.Admin()
		paper := people.Document{Digest: glosa.Digest([]byte("d")), Title: "Oficio"}
		seat, err := desk.Seat(h.ctx, admin, people.Seat{Edition: "demo25", Side: glosa.Civil, Number: 9, Roles: []glosa.Role{glosa.Panelist, glosa.Moderator}, Sector: "cso"})
		h.ok(err)
		on := func(n int) people.Day { return people.DayOf(h.clock.Now().AddDate(0, 0, n)) }
		sits := func(from int) (glosa.Actor, string) {
			human, err := desk.Enrol(h.ctx, admin)
			h.ok(err)
			sitting, err := desk.Sit(h.ctx, admin, "demo25", people.Sitting{Seat: seat, Human: human, From: on(from), Document: paper})
			h.ok(err)
			return glosa.Actor{Human: human, Side: glosa.Civil, Seat: 9, Roles: []glosa.Role{glosa.Panelist, glosa.Moderator}, Edition: "demo25"}, sitting
		}
		left, sitting := sits(-30)
		h.ok(desk.Rise(h.ctx, admin, "demo25", seat, sitting, on(-3)))
		next, _ := sits(-2)

		id, err := h.Propose(h.ctx, rapporteur, "demo25", h.draft())
		h.ok(err)
		h.ok(h.Negotiate(h.ctx, civil, id))
		h.ok(h.Accept(h.ctx, gov, id, h.words(id)))
		h.is(glosa.Denied, h.Accept(h.ctx, left, id, h.words(id)))
		h.ok(h.Accept(h.ctx, next, id, h.words(id)))

		e, _ := h.brought(id)
		h.ok(h.Erase(h.ctx, modGov, e.ID, "third_party_data", "third_party_rights"))
		h.is(glosa.Denied, h.Erase(h.ctx, left, e.ID, "third_party_data", "third_party_rights"))
		h.ok(h.Erase(h.ctx, next, e.ID, "third_party_data", "third_party_rights"))
	})
}
