package draw

import (
	"context"
	"maps"
	"slices"

	"glosa"
	"glosa/db"
)

// Trace is what the record says of data that are gone and a restored database may
// not know.
type Trace struct {
	Gone      []GoneNumber
	Back      map[glosa.EditionID][]glosa.Hash // registrations taken back before the freeze
	Destroyed []glosa.EditionID
}

// GoneNumber is a number whose owner took their data back.
type GoneNumber struct {
	Edition glosa.EditionID
	Number  int
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

// Repeat erases again what a restored database still holds. Denied.
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
			v, err := selectNumber(tx, g.Edition, g.Number)
			if err != nil && glosa.KindOf(err) == glosa.NotFound {
				continue // frozen in the part of the record that was lost
			}
			if err != nil {
				return err
			}
			v = v.emptied()
			v.gone = true
			if err := saveVolunteer(tx, v); err != nil {
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
