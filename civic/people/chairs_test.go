package people

import (
	"testing"

	"glosa"
	"glosa/civic/edition"
)

// TestTheProtocolSaysThePlaces: each side makes its own, once; one is added and
// taken away by hand; and where somebody sat, the chair stays.
func TestTheProtocolSaysThePlaces(t *testing.T) {
	each(t, func(r room) {
		ctx := t.Context()
		text, err := edition.Template("pregunta-jalisco")
		r.ok(err)
		const ours = glosa.EditionID("jal-1")
		editions := &edition.Desk{DB: r.DB}
		r.ok(editions.Found(ctx, facilitator, edition.Founding{ID: ours, Series: "jal", Number: 1, Code: "JAL1", Protocol: text}))
		places, missing, err := r.Roster(ctx, office, ours)
		r.ok(err)
		if missing != 5 || len(places) == 0 || places[0].Post.Key == "" {
			t.Errorf("before: %d missing, %d places", missing, len(places))
		}
		_, err = r.SeatAll(ctx, glosa.Actor{Roles: []glosa.Role{glosa.Moderator}, Side: glosa.Civil, Seat: 2}, ours)
		r.want(glosa.Denied, err)
		for _, c := range []struct {
			by         glosa.Actor
			want, then int
		}{{office, 5, 0}, {facilitator, 10, 0}} {
			made, err := r.SeatAll(ctx, c.by, ours)
			r.ok(err)
			again, err := r.SeatAll(ctx, c.by, ours)
			r.ok(err)
			if made != c.want || again != c.then {
				t.Errorf("%s made %d, then %d; want %d, then %d", c.by.Side, made, again, c.want, c.then)
			}
		}
		places, missing, err = r.Roster(ctx, office, ours)
		r.ok(err)
		if missing != 0 || places[0].Seat.Number != 1 || !places[0].Fresh || !places[0].Seat.Delegable {
			t.Errorf("after: %d missing, %+v", missing, places[0])
		}
		extra, err := r.Seat(ctx, facilitator, Seat{Edition: ours, Side: glosa.Civil, Number: 40, Roles: []glosa.Role{glosa.Panelist}, Sector: "media"})
		r.ok(err)
		r.want(glosa.Denied, r.Unseat(ctx, office, ours, extra))
		r.want(glosa.NotFound, r.Unseat(ctx, facilitator, ed, extra))
		r.ok(r.Unseat(ctx, facilitator, ours, extra))
		r.want(glosa.NotFound, r.Unseat(ctx, facilitator, ours, extra))
		seat := seatID(ours, glosa.Civil, 2)
		_, err = r.Sit(ctx, facilitator, ours, Sitting{Seat: seat, Human: r.human(), From: "2026-02-01", Document: paper("Oficio")})
		r.ok(err)
		r.want(glosa.Conflict, r.Unseat(ctx, facilitator, ours, seat))
		if evaluator, err := r.Sit(ctx, facilitator, ours, Sitting{Seat: seatID(ours, glosa.Observatory, 2), Human: r.human(), From: "2026-02-01", To: "2026-03-01",
			Substitute: true, Document: paper("Oficio")}); glosa.KindOf(err) != glosa.Denied {
			t.Errorf("a substitute for the evaluator: %s %v", evaluator, err)
		}
	})
}
