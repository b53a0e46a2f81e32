package question

import (
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
)

// TestWhoLeftTheSeatSaysNothing: the word of a moderator is asked in its own
// transaction whether they still sit; the substitute gives it instead.
func TestWhoLeftTheSeatSaysNothing(t *testing.T) {
	each(t, func(s *stage) {
		desk, admin := &people.Desk{DB: s.d.DB}, glosa.Admin()
		paper := people.Document{Digest: glosa.Digest([]byte("d")), Title: "Oficio"}
		on := func(n int) people.Day { return people.DayOf(s.clock.Now().In(s.edition().Zone).AddDate(0, 0, n)) }
		seat, err := desk.Seat(s.ctx, admin, people.Seat{Edition: s.id, Side: glosa.Civil, Number: 7, Roles: []glosa.Role{glosa.Moderator}, Sector: "cso", Delegable: true})
		s.ok(err)
		sits := func(from, to int, substitute bool) (glosa.Actor, string) {
			human, err := desk.Enrol(s.ctx, admin)
			s.ok(err)
			x := people.Sitting{Seat: seat, Human: human, From: on(from), Substitute: substitute, Document: paper}
			if substitute {
				x.To = on(to)
			}
			id, err := desk.Sit(s.ctx, admin, s.id, x)
			s.ok(err)
			return glosa.Actor{Human: human, Side: glosa.Civil, Seat: 7, Roles: []glosa.Role{glosa.Moderator}, Edition: s.id}, id
		}
		holder, sitting := sits(-30, 0, false)
		rc := s.ask("¿Me arreglan mi recibo?")
		s.ok(s.d.Refuse(s.ctx, s.modGov, rc.ID, edition.OffScope, "capa"))
		substitute, _ := sits(0, 9, true)
		s.ok(desk.Rise(s.ctx, admin, s.id, seat, sitting, on(-1)))
		s.kind(s.d.Refuse(s.ctx, holder, rc.ID, edition.OffScope, "capa"), glosa.Denied)
		s.stands(rc.ID, Second)
		s.ok(s.d.Refuse(s.ctx, substitute, rc.ID, edition.OffScope, "capa"))
		s.stands(rc.ID, Refused)
	})
}
