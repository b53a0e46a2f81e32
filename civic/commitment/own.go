package commitment

import (
	"glosa"
	"glosa/db"
)

// Exists tells whether there is such a commitment that the public can read: a
// question may be about it.
func Exists(tx *db.Tx, id glosa.CommitmentID) (bool, error) {
	_, _, err := load(tx, id)
	if glosa.KindOf(err) == glosa.NotFound && err != nil {
		return false, nil
	}
	return err == nil, err
}

// OwnedBy tells whether an institution answers for a commitment on the
// government's side; an earlier room asks it before it takes a word on it. NotFound.
func OwnedBy(tx *db.Tx, id glosa.CommitmentID, key glosa.InstitutionKey) (bool, error) {
	c, _, err := load(tx, id)
	if err != nil {
		return false, err
	}
	return ownedBy(tx, c, key)
}
