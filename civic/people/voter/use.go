package voter

import (
	"context"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Use tells whether showing a door is of use to anybody in an edition now: whether
// somebody votes or registers by it, or can see what stands by it.
type Use func(tx *db.Tx, ed edition.Edition, door glosa.Code) (bool, error)

// Voting is the [Use] of a contest that takes a door: from when the vote opened, since
// somebody's own ballot is found by the door until the edition's key is destroyed.
func Voting(tx *db.Tx, ed edition.Edition, opened bool) bool {
	goes := KeyGoes(ed)
	return opened && (goes.IsZero() || tx.Now.Before(goes))
}

// TakesMail is nil where showing a mailbox is of use to somebody: elsewhere no mail
// goes out. It depends on nothing but the edition. Errors: NotFound; Closed.
func (d *Desk) TakesMail(ctx context.Context, id glosa.EditionID) error {
	if !d.Mail {
		return glosa.Refuse(glosa.Closed, "nt.off")
	}
	return d.DB.Read(ctx, func(tx *db.Tx) error {
		ed, err := edition.Load(tx, id)
		if err != nil {
			return err
		}
		for _, use := range d.Uses {
			if of, err := use(tx, ed, Contact); err != nil || of {
				return err
			}
		}
		return glosa.Refuse(glosa.Closed, "vo.mail.closed", "edition", string(id), "rule", string(actAskCode))
	})
}
