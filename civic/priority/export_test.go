package priority

import (
	"context"

	"glosa"
	"glosa/db"
)

// BesideFile is the file of another count, which no page serves. NotFound.
func (d *Desk) BesideFile(ctx context.Context, id glosa.EditionID, of glosa.Code) (file []byte, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		file, _, err = selectBesideFiles(tx, ContestOf(id), of)
		return err
	})
	return file, err
}
