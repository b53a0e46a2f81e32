package draw

import (
	"context"

	"glosa"
	"glosa/db"
)

// Trace is what the record says of data that are gone and a restored database may
// not know. Who took theirs back before the freeze left no public trace: after a
// restore of a backup from before they stand there again, and may be withdrawn again.
type Trace struct {
	Gone      []GoneNumber
	Destroyed []glosa.EditionID
}

// GoneNumber is a number whose owner took their data back.
type GoneNumber struct {
	Edition glosa.EditionID
	Number  int
}

// Repeat erases again what a restored database still holds. Denied.
func (d *Desk) Repeat(ctx context.Context, by glosa.Actor, t Trace) error {
	if err := by.May(actRepeat); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
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
