package draw

import (
	"maps"
	"slices"
	"testing"
	"time"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// backup is a copy of the volunteers' rows; what it hands out puts them back, and what
// the record told since.
func (r *room) backup() (restore func() Trace) {
	r.t.Helper()
	var rows []volunteer
	r.ok(r.DB.Read(r.t.Context(), func(tx *db.Tx) (err error) {
		rows, err = selectPool(tx, ed)
		return err
	}))
	from := len(dbtest.Events(r.t, r.DB))
	return func() (t Trace) {
		r.t.Helper()
		for _, e := range dbtest.Events(r.t, r.DB)[from:] {
			switch e.Kind {
			case kGone.Name:
				b, err := glosa.BodyOf[goneBody](e)
				r.ok(err)
				t.Gone = append(t.Gone, GoneNumber{e.Edition, b.Number})
			case kSeat.Name:
				b, err := glosa.BodyOf[seatBody](e)
				r.ok(err)
				t.Seats = append(t.Seats, ToldSeat{e.Edition, b.Number, Seat(b.State), b.Why, b.For, e.At})
			}
		}
		r.ok(r.DB.Act(r.t.Context(), func(tx *db.Tx) error {
			for _, v := range rows {
				if err := saveVolunteer(tx, v); err != nil {
					return err
				}
			}
			return tx.Leave(kBoard.Event(glosa.System(), ed, string(ed), noBody{}))
		}))
		return t
	}
}

func (r *room) takesBack(number int) {
	r.t.Helper()
	rc := r.receipt(number)
	r.ok(r.Withdraw(r.t.Context(), glosa.Citizen(), rc.Ticket, rc.Key))
}

// newest is who was asked last.
func (r *room) newest() Standing {
	seats := r.view().Seats
	return seats[len(seats)-1]
}

// TestARestoreGivesSeatsOnAgain: whoever took their data back since the backup holds
// no seat in what is restored; whom the record says was asked instead is asked, by the
// same instant, over others who are gone too. All seats are held, each by one.
func TestARestoreGivesSeatsOnAgain(t *testing.T) {
	each(t, func(r *room) {
		ctx, v := t.Context(), r.drawn(24)
		a, b := v.Panel[0], v.Panel[1]
		r.answers(a, true)
		restore := r.backup()
		r.clock.Advance(time.Hour)
		r.takesBack(a)
		first := r.newest()
		r.takesBack(first.Number) // who was asked instead goes, too
		r.takesBack(b)
		want, told := r.view().Seats, official(t, r.Desk)
		r.ok(r.Repeat(ctx, glosa.Admin(), restore()))
		if now := official(t, r.Desk); !maps.Equal(now, told) {
			t.Errorf("the record tells\n%v\nthe tables have\n%v", told, now)
		}
		slices.SortFunc(want, func(x, y Standing) int { return x.Number - y.Number })
		now := r.view().Seats
		slices.SortFunc(now, func(x, y Standing) int { return x.Number - y.Number })
		if !slices.EqualFunc(now, want, func(x, y Standing) bool { return x == y }) {
			t.Errorf("%+v\nwant\n%+v", now, want)
		}
	})
}

// TestARestoreFillsNoSeatTwice: an answer that the backup does not know is given again,
// so whoever was asked after it, and is gone, brings nobody in beside them.
func TestARestoreFillsNoSeatTwice(t *testing.T) {
	each(t, func(r *room) {
		ctx, v := t.Context(), r.drawn(24)
		a := v.Panel[0]
		holds := func() (n int) {
			for _, s := range r.view().Seats {
				if s.Seat.Holds() {
					n++
				}
			}
			return n
		}
		restore := r.backup()
		r.answers(a, false)
		r.takesBack(r.newest().Number)
		r.ok(r.Repeat(ctx, glosa.Admin(), restore()))
		if n := holds(); n != 6 {
			t.Errorf("%d seats are held, with one whose answer was lost", n)
		}
		r.answers(a, false)
		if n := holds(); n != 6 {
			t.Errorf("%d seats are held after the answer is given again", n)
		}

		c := v.Panel[1]
		restore = r.backup()
		for _, by := range []glosa.Actor{facilitator, government} {
			_, err := r.Vacate(ctx, by, ed, c, "no_show")
			r.ok(err)
		}
		r.takesBack(c)
		r.ok(r.Repeat(ctx, glosa.Admin(), restore()))
		seats := r.view().Seats
		at := slices.IndexFunc(seats, func(s Standing) bool { return s.Number == c })
		if n := holds(); n != 6 || seats[at].Seat.Holds() {
			t.Errorf("%d seats are held after one was vacated, and gone: %+v", n, seats[at])
		}
	})
}
