package people

import (
	"context"
	"slices"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// chairsOf are the chairs that an edition's protocol lists, of the sides whose
// people the actor names.
func chairsOf(by glosa.Actor, ed edition.Edition) (out []Seat) {
	if ed.Protocol == nil {
		return nil
	}
	rules := ed.Protocol.Seats
	for _, c := range rules.Chairs {
		for n := c.Number; n <= c.Last() && Names(by, c.Side); n++ {
			out = append(out, Seat{ID: seatID(ed.ID, c.Side, n), Edition: ed.ID, Side: c.Side, Number: n, Roles: c.Roles,
				Sector: Sector(c.Sector), Delegable: rules.Delegable(c.Roles)})
		}
	}
	return out
}

// unmade are those that the edition does not have yet.
func unmade(tx *db.Tx, by glosa.Actor, ed edition.Edition) ([]Seat, error) {
	have, err := selectSeats(tx, ed.ID)
	return slices.DeleteFunc(chairsOf(by, ed), func(s Seat) bool {
		return slices.ContainsFunc(have, func(h Seat) bool { return h.ID == s.ID })
	}), err
}

// SeatAll makes the chairs that the edition's protocol lists and the edition does
// not have yet, of the sides whose people the actor names, and says how many it
// made. Doing it again makes none. Denied, NotFound.
func (d *Desk) SeatAll(ctx context.Context, by glosa.Actor, id glosa.EditionID) (made int, err error) {
	if err := by.MayIn("people.seat", id); err != nil {
		return 0, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := edition.Enter(tx, by, "people.seat", id)
		if err != nil {
			return err
		}
		list, err := unmade(tx, by, ed)
		if err != nil {
			return err
		}
		made = len(list)
		for _, s := range list {
			if err := checkSeat(s); err != nil {
				return err
			}
			if _, err := insertSeat(tx, s, NamedBy(by)); err != nil {
				return err
			}
			if err := tx.Leave(madeOf(by, s)); err != nil {
				return err
			}
		}
		return nil
	})
	return made, err
}

func madeOf(by glosa.Actor, s Seat) glosa.Event {
	return seatMade.Event(by, s.Edition, s.ID, SeatMade{Side: glosa.Code(s.Side), Number: s.Number,
		Roles: codes(s.Roles), Sector: glosa.Code(s.Sector), Institution: s.Institution, Delegable: s.Delegable})
}

// Unseat takes away a chair of the actor's side in which nobody has sat, until
// the intake closes: later a mesa may count on it. Denied, NotFound, Closed,
// Conflict when somebody has sat there.
func (d *Desk) Unseat(ctx context.Context, by glosa.Actor, id glosa.EditionID, seat string) error {
	if err := by.MayIn("people.seat", id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := edition.Enter(tx, by, "people.seat", id)
		if err != nil {
			return err
		}
		s, err := seatIn(tx, id, seat)
		if err != nil {
			return err
		}
		if err := OwnSide(by, "people.seat", s.Side); err != nil {
			return err
		}
		if ed.Reached(edition.IntakeClosed) {
			return glosa.Refuse(glosa.Closed, "pe.chairs.shut", "rule", "people.seat")
		}
		sat, err := selectSittings(tx, seat)
		if err != nil {
			return err
		}
		if len(sat) > 0 {
			return glosa.Refuse(glosa.Conflict, "pe.sat", "seat", seat)
		}
		if err := deleteSeat(tx, seat); err != nil {
			return err
		}
		return tx.Leave(seatRemoved.Event(by, id, seat, SeatRemoved{Side: glosa.Code(s.Side), Number: s.Number}))
	})
}

// Place is a seat of an edition or a post, with who has it and what of it was
// handed on, from today on. Humans stay inside the house.
type Place struct {
	Seat        Seat // its ID is empty for a post
	Post        Post // its Key is empty for a seat
	Sittings    []Sitting
	Tenures     []Tenure
	Delegations []Delegation
	Fresh       bool // nobody has ever sat in the seat
}

// Roster is the seats of an edition and the posts of today, of the sides whose
// people the actor names, and how many chairs of the protocol are still to be
// made: the desk of places. Denied, NotFound.
func (d *Desk) Roster(ctx context.Context, by glosa.Actor, id glosa.EditionID) (all []Place, missing int, err error) {
	if err := by.MayIn("people.seat", id); err != nil {
		return nil, 0, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		ed, err := edition.Load(tx, id)
		if err != nil {
			return err
		}
		left, err := unmade(tx, by, ed)
		if err != nil {
			return err
		}
		missing = len(left)
		today, err := Today(tx, id)
		if err != nil {
			return err
		}
		seats, err := seatPlaces(tx, by, id, today)
		if err != nil {
			return err
		}
		posts, err := postPlaces(tx, by, today)
		all = append(seats, posts...)
		return err
	})
	return all, missing, err
}

func seatPlaces(tx *db.Tx, by glosa.Actor, id glosa.EditionID, today Day) (out []Place, err error) {
	seats, err := selectSeats(tx, id)
	for _, s := range seats {
		if !Names(by, s.Side) {
			continue
		}
		sat, err := selectSittings(tx, s.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, Place{Seat: s, Fresh: len(sat) == 0,
			Sittings: slices.DeleteFunc(sat, func(x Sitting) bool { return x.To != "" && x.To < today })})
	}
	return out, err
}

func postPlaces(tx *db.Tx, by glosa.Actor, today Day) (out []Place, err error) {
	posts, err := Posts(tx, today.Time())
	for _, p := range posts {
		if !Names(by, p.Side) {
			continue
		}
		held, err := selectTenures(tx, p.Key)
		if err != nil {
			return nil, err
		}
		granted, err := selectDelegations(tx, p.Key)
		if err != nil {
			return nil, err
		}
		out = append(out, Place{Post: p,
			Tenures:     slices.DeleteFunc(held, func(x Tenure) bool { return x.To != "" && x.To < today }),
			Delegations: slices.DeleteFunc(granted, func(x Delegation) bool { return !x.Ended.IsZero() || x.To < today })})
	}
	return out, err
}

// DelegationOf is a delegation by its id. NotFound.
func DelegationOf(tx *db.Tx, id string) (Delegation, error) {
	found, err := selectDelegation(tx, id)
	if err != nil {
		return Delegation{}, err
	}
	if len(found) == 0 {
		return Delegation{}, glosa.Missing("delegation", id)
	}
	return found[0], nil
}
