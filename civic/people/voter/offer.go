package voter

import (
	"context"
	"slices"

	"glosa"
	"glosa/db"
)

// Offer keeps that this house offers some doors, from its start on: contact where it
// sends mail, oidc where it knows an issuer of accounts. What was offered once stays
// so in the counts of doors, since somebody may have come by it.
func (d *Desk) Offer(ctx context.Context, doors ...glosa.Code) error {
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		for _, door := range doors {
			if err := insertDoor(tx, door); err != nil {
				return err
			}
		}
		return nil
	})
}

// Offered are the doors that an edition's people could have come by, from the weakest
// to the strongest: a browser; a mailbox or an account where this house ever offered
// it; a code where a list of them was loaded.
func Offered(tx *db.Tx, ed glosa.EditionID) ([]glosa.Code, error) {
	ever, err := selectOffered(tx, ed)
	ever = append(ever, Device)
	return slices.DeleteFunc(Doors(), func(door glosa.Code) bool { return !slices.Contains(ever, door) }), err
}
