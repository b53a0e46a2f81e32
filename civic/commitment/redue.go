package commitment

import (
	"glosa/civic/edition"
	"glosa/db"
)

// Redue computes the end of every open right of reply of an edition anew, when a
// suspension moved it. The days of milestones are promises, not terms: they stay.
func Redue(tx *db.Tx, ed edition.Edition) error {
	open, err := selectReplying(tx)
	if err != nil {
		return err
	}
	for _, a := range open {
		c, _, err := load(tx, a.Commitment)
		if err != nil {
			return err
		}
		if c.Edition != ed.ID {
			continue
		}
		if err := updateReplyUntil(tx, a.Commitment, a.Number, replyUntil(ed, a.At)); err != nil {
			return err
		}
	}
	return nil
}
