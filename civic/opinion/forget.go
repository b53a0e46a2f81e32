package opinion

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
)

// Destruction lets the clock follower destroy what could join votes to people,
// ninety days after the evaluation: the edition's key and every ballot with its
// credential and its salts; and the rows of the count, unless they were frozen
// public. What stays: batches, commitments, digests and the picture. It happens
// once for each set.
func (d *Desk) Destruction() edition.Due {
	return edition.Due{Room: "opinion", Run: d.destroy, Next: nextDestruction}
}

// kept lists the sets whose rows are still kept, with when they go; those that
// nobody has evaluated yet have no time.
func kept(tx *db.Tx) (sets []keptSet, goes []time.Time, err error) {
	all, err := selectSets(tx)
	if err != nil {
		return nil, nil, err
	}
	for _, k := range all {
		if !k.destroyed.IsZero() {
			continue
		}
		ed, err := edition.Load(tx, glosa.EditionID(k.edition))
		if err != nil {
			return nil, nil, err
		}
		if at := voter.KeyGoes(ed); !at.IsZero() {
			sets, goes = append(sets, k), append(goes, at)
		}
	}
	return sets, goes, nil
}

// destroy destroys the key first: should the act fail after it, it is done again,
// and nobody can use the rows meanwhile.
func (d *Desk) destroy(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	sets, goes, err := kept(tx)
	if err != nil {
		return 0, err
	}
	for i, k := range sets {
		if now.Before(goes[i]) || done >= limit {
			continue
		}
		if err := d.Keys.Destroy(glosa.EditionID(k.edition)); err != nil {
			return done, err
		}
		if err := destroyRows(tx, k); err != nil {
			return done, err
		}
		if err := tx.Leave(kRowsGone.Event(glosa.System(), glosa.EditionID(k.edition), k.id, contestBody{Contest: k.contest()})); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

func nextDestruction(tx *db.Tx) (next time.Time, err error) {
	_, goes, err := kept(tx)
	for _, at := range goes {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, err
}
