package priority

import (
	"context"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
)

// Destruction lets the clock follower destroy what could join ballots to people,
// ninety days after the evaluation: the edition's key and every row of a ballot,
// with its credential and its salts. What stays is public: batches, commitments,
// the published file and the result. It happens once for each contest.
func (d *Desk) Destruction() edition.Due {
	return edition.Due{Room: "priority", Run: d.destroy, Next: nextDestruction}
}

// destroy destroys the key first: should the act fail after it, it is done again,
// and nobody can use the rows meanwhile.
func (d *Desk) destroy(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	kept, err := selectKept(tx)
	if err != nil {
		return 0, err
	}
	for _, id := range kept {
		ed, err := edition.Load(tx, id)
		if err != nil {
			return done, err
		}
		if at := voter.KeyGoes(ed); at.IsZero() || now.Before(at) || done >= limit {
			continue
		}
		if err := d.Keys.Destroy(id); err != nil {
			return done, err
		}
		if err := deleteBallots(tx, id); err != nil {
			return done, err
		}
		if err := voter.Forget(tx, id); err != nil {
			return done, err
		}
		body := destroyedBody{Contest: ContestOf(id)}
		if err := tx.Leave(kDestroyed.Event(glosa.System(), id, string(body.Contest), body)); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

func nextDestruction(tx *db.Tx) (next time.Time, err error) {
	kept, err := selectKept(tx)
	if err != nil {
		return next, err
	}
	for _, id := range kept {
		ed, err := edition.Load(tx, id)
		if err != nil {
			return next, err
		}
		if at := voter.KeyGoes(ed); !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

// Repeat forgets again in a restored database the ballots of editions whose key
// the record says was destroyed. The key is no part of a backup; no event is left,
// since the record has it. Errors: Denied.
func (d *Desk) Repeat(ctx context.Context, by glosa.Actor, over []glosa.EditionID) error {
	if err := by.May(actRepeat); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		for _, ed := range over {
			if err := deleteBallots(tx, ed); err != nil {
				return err
			}
			if err := voter.Forget(tx, ed); err != nil {
				return err
			}
		}
		return nil
	})
}

// Kept lists the editions whose ballots are still kept, so that they can be audited.
func (d *Desk) Kept(ctx context.Context) (all []glosa.EditionID, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = selectKept(tx)
		return err
	})
	return all, err
}
