package opinion

import (
	"context"

	"glosa"
	"glosa/db"
)

// CountMeanwhile counts a set and does something after it was read, before what was
// computed is written. done is false when that would be of something that is no more so.
func (d *Desk) CountMeanwhile(ctx context.Context, id glosa.EditionID, meanwhile func()) (done bool, err error) {
	var k keptSet
	var g gathered
	if err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if k, err = selectSet(tx, id); err == nil {
			g, _, err = d.gather(tx, k)
		}
		return err
	}); err != nil {
		return false, err
	}
	meanwhile()
	return d.countOf(ctx, k, g)
}
