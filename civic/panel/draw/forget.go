package draw

import (
	"context"
	"maps"
	"slices"
	"time"

	"glosa"
	"glosa/db"
)

// Trace is what the record says of data that are gone and a restored database may
// not know.
type Trace struct {
	Gone      []GoneNumber
	Seats     []ToldSeat                       // what became of seats, in the record's order
	Back      map[glosa.EditionID][]glosa.Hash // registrations taken back before the freeze
	Destroyed []glosa.EditionID
}

// GoneNumber is a number whose owner took their data back.
type GoneNumber struct {
	Edition glosa.EditionID
	Number  int
}

// ToldSeat is what a leaf says of a number's seat.
type ToldSeat struct {
	Edition glosa.EditionID
	Number  int
	State   Seat
	Why     glosa.Code
	For     int
	At      time.Time
}

// goneAgain erases a number's data again.
func goneAgain(tx *db.Tx, g GoneNumber) error {
	v, err := selectNumber(tx, g.Edition, g.Number)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return nil // frozen in the part of the record that was lost
	}
	if err != nil {
		return err
	}
	v = v.emptied()
	v.gone = true
	return saveVolunteer(tx, v)
}

// passedOn gives on the seat that a number holds whose data are gone, as the record
// tells it: to whom the rule named then, since it looked at features that nobody has
// any more, and on from whoever of them is gone too. What others answered since is
// lost with the backup, and they say it again. A seat that was not drawn yet is
// passed over when it is ([Desk.Seed]).
func passedOn(tx *db.Tx, g GoneNumber, told []ToldSeat) error {
	told = slices.DeleteFunc(slices.Clone(told), func(s ToldSeat) bool { return s.Edition != g.Edition })
	v, err := selectNumber(tx, g.Edition, g.Number)
	for err == nil && v.gone && v.seat.Holds() {
		// No leaf names the two who vacated a seat: it is told as of whoever took their data back.
		v.seat, v.why = Withdrawn, ""
		if slices.ContainsFunc(told, func(s ToldSeat) bool { return s.Number == v.number && s.State == Declined }) {
			v.seat = Declined
		}
		if err := saveVolunteer(tx, v); err != nil {
			return err
		}
		i := slices.IndexFunc(told, func(s ToldSeat) bool { return s.State == Invited && s.For == v.number })
		if i < 0 {
			return nil // nobody was left to ask
		}
		if v, err = selectNumber(tx, g.Edition, told[i].Number); err != nil || v.seat != NoSeat {
			break
		}
		if v.place, err = nextPlace(tx, g.Edition); err != nil {
			return err
		}
		v.seat, v.forNumber, v.invited = Invited, told[i].For, told[i].At
		err = saveVolunteer(tx, v)
	}
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return nil
	}
	return err
}

// nextPlace is the place after the last who was asked.
func nextPlace(tx *db.Tx, ed glosa.EditionID) (int, error) {
	asked, err := selectSeats(tx, ed)
	if err != nil || len(asked) == 0 {
		return 1, err
	}
	return asked[len(asked)-1].place + 1, nil
}

// backOf is the public trace of a registration that was taken back before it had a
// number: of its lock, which is made of the key, so that nobody finds it by trying folios.
func backOf(lock glosa.Hash) glosa.Hash {
	return glosa.Digest(append([]byte("glosa/draw/back/v1\x00"), lock[:]...))
}

// takeBack erases again the registrations that were taken back before the freeze.
func takeBack(tx *db.Tx, ed glosa.EditionID, back []glosa.Hash) error {
	pool, err := selectPool(tx, ed)
	for _, v := range pool {
		if err == nil && v.number == 0 && slices.Contains(back, backOf(v.lock)) {
			err = deleteVolunteer(tx, v.id)
		}
	}
	return err
}

// Repeat erases again what a restored database still holds, and gives on the seats of
// those who are gone. Denied.
func (d *Desk) Repeat(ctx context.Context, by glosa.Actor, t Trace) error {
	if err := by.May(actRepeat); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		for _, ed := range slices.Sorted(maps.Keys(t.Back)) {
			if err := takeBack(tx, ed, t.Back[ed]); err != nil {
				return err
			}
		}
		for _, g := range t.Gone {
			if err := goneAgain(tx, g); err != nil {
				return err
			}
		}
		for _, g := range t.Gone {
			if err := passedOn(tx, g, t.Seats); err != nil {
				return err
			}
		}
		for _, ed := range t.Destroyed {
			if err := emptyBoxes(tx, ed); err != nil {
				return err
			}
			r, err := selectDraw(tx, ed)
			if err != nil && glosa.KindOf(err) == glosa.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			r.destroyed = tx.Now
			if err := saveDraw(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}
