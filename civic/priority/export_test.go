package priority

import (
	"context"

	"glosa"
	"glosa/db"
)

// BesideFile is the file of another count and its result, which no page serves. NotFound.
func (d *Desk) BesideFile(ctx context.Context, id glosa.EditionID, of glosa.Code) (file, result []byte, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		file, result, err = selectBesideFiles(tx, ContestOf(id), of)
		return err
	})
	return file, result, err
}

// TellsDoors is the rule of the daily leaf, for other numbers than the house's.
func TellsDoors(came, told []int, least, step int) bool { return tells(came, told, least, step) }

// DoorLeast is from how many ballots on a door is told.
const DoorLeast = doorLeast
