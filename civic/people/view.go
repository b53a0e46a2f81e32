package people

import (
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/db"
)

// Book is one institution as its page shows it: every name it bore, and its posts.
type Book struct {
	Institution               // under the key that was asked for
	Names       []Institution // the same institution under all its names, oldest first
	Today       *Institution  // the name it bears on the day; nil when it is gone or not yet there
	Posts       []Post        // that exist on the day, under any of its names
}

// Book reads one institution as it stands on a day. NotFound.
func (d *Desk) Book(ctx context.Context, key glosa.InstitutionKey, day time.Time) (b Book, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		b = Book{}
		if b.Institution, err = Office(tx, key); err != nil {
			return err
		}
		if b.Names, err = lineage(tx, key); err != nil {
			return err
		}
		today, err := InstitutionOn(tx, key, day)
		if err == nil {
			b.Today = &today
		} else if glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		posts, err := Posts(tx, day)
		for _, p := range posts {
			for _, n := range b.Names {
				if p.Institution == n.Key {
					b.Posts = append(b.Posts, p)
				}
			}
		}
		return err
	})
	return b, err
}

// Everybody lists every institution under every name it bore, by key.
func (d *Desk) Everybody(ctx context.Context) ([]Institution, error) {
	all, err := d.everybody.Read(ctx, d.DB, struct{}{}, ours, selectInstitutions)
	return slices.Clone(all), err
}

// Places reads a territory and its parts under the names of a day. NotFound.
func (d *Desk) Places(ctx context.Context, code glosa.TerritoryCode, day time.Time) (whole Territory, parts []Territory, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if whole, err = TerritoryOn(tx, code, day); err != nil {
			return err
		}
		parts, err = Municipalities(tx, code, day)
		return err
	})
	return whole, parts, err
}

// Roll is who takes part in an edition: its seats, what they declared, and whom
// sources name of an edition of the past.
type Roll struct {
	Seats        []Seat
	Declarations []Declaration
	Participants []Participant
}

// Roll reads who takes part in an edition.
func (d *Desk) Roll(ctx context.Context, ed glosa.EditionID) (r Roll, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if r.Seats, err = selectSeats(tx, ed); err != nil {
			return err
		}
		if r.Declarations, err = selectDeclarations(tx, ed); err != nil {
			return err
		}
		r.Participants, err = selectParticipants(tx, ed)
		return err
	})
	return r, err
}

// Offices lists every post of the register, by key: pages name who acted by it.
func (d *Desk) Offices(ctx context.Context) ([]Post, error) {
	all, err := d.offices.Read(ctx, d.DB, struct{}{}, ours, selectPosts)
	return slices.Clone(all), err
}
