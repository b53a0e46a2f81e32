package question

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// NamesLast is how many months after an edition closed its authors' names are kept.
const NamesLast = 12

// namesGo is when the names of an edition's authors are forgotten: twelve months
// after it closed, or was cancelled. Zero while it goes on.
func namesGo(ed edition.Edition) time.Time {
	over := ed.Plan.Happened(edition.Closed)
	if ed.Stage == edition.Cancelled {
		over = ed.Since
	}
	if over.IsZero() {
		return over
	}
	if ed.Zone != nil {
		over = over.In(ed.Zone)
	}
	return over.AddDate(0, NamesLast, 0)
}

// nextNames is when the next edition's names are to be forgotten; zero when none waits.
func nextNames(tx *db.Tx) (next time.Time, err error) {
	eds, err := selectSignedIn(tx)
	if err != nil {
		return next, err
	}
	for _, id := range eds {
		ed, err := edition.Load(tx, id)
		if err != nil {
			return next, err
		}
		if at := namesGo(ed); !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

// forgetNames makes the questions of editions that are long over anonymous, at
// most limit of them. What is done finds nothing to do again.
func forgetNames(tx *db.Tx, by glosa.Actor, now time.Time, limit int) (done int, err error) {
	eds, err := selectSignedIn(tx)
	if err != nil {
		return 0, err
	}
	for _, id := range eds {
		ed, err := edition.Load(tx, id)
		if err != nil {
			return done, err
		}
		if at := namesGo(ed); at.IsZero() || now.Before(at) || done >= limit {
			continue
		}
		n, err := forgetNamesIn(tx, by, ed, limit-done)
		if done += n; err != nil {
			return done, err
		}
	}
	return done, nil
}

func forgetNamesIn(tx *db.Tx, by glosa.Actor, ed edition.Edition, limit int) (int, error) {
	rows, err := selectSigned(tx, ed.ID, limit)
	if err != nil {
		return 0, err
	}
	tags := make([]string, 0, len(rows))
	for i := range rows {
		t := &turn{tx: tx, ed: ed, by: by, row: &rows[i]}
		if err := t.unname(); err != nil {
			return 0, err
		}
		if err := save(tx, t.row); err != nil {
			return 0, err
		}
		tags = append(tags, "question:"+string(t.row.id))
	}
	return len(rows), tx.Leave(kNamesGone.Event(by, ed.ID, string(ed.ID), namesGoneBody{Names: len(rows)}, tags...))
}
