package priority

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// KeyLasts is how many days after the evaluation an edition's key, credentials
// and salts are kept: as long as somebody may ask to look at the count again.
const KeyLasts = 90

// KeyGoes is when an edition's key is destroyed; zero while nobody has evaluated
// the edition. A cancelled one is evaluated by nobody: its days run from then.
func KeyGoes(ed edition.Edition) time.Time {
	from := ed.Plan.Happened(edition.Evaluated)
	if ed.Stage == edition.Cancelled {
		from = ed.Since
	}
	if from.IsZero() {
		return from
	}
	if ed.Zone != nil {
		from = from.In(ed.Zone)
	}
	return from.AddDate(0, 0, KeyLasts)
}

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
		if at := KeyGoes(ed); at.IsZero() || now.Before(at) || done >= limit {
			continue
		}
		if err := d.Keys.Destroy(id); err != nil {
			return done, err
		}
		if err := deleteBallots(tx, id); err != nil {
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
		if at := KeyGoes(ed); !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}
