package rights

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

const (
	// boxesLast is how long a box is kept after its request ended.
	boxesLast = 90 * 24 * time.Hour
	// standing is how soon a clock that stands still is looked at again.
	standing = 24 * time.Hour
)

// Due says in public what was not answered in time, and empties the boxes of
// requests that ended long ago.
func (d *Desk) Due() edition.Due {
	return edition.Due{Room: "rights", Run: runDue, Next: nextDue}
}

func runDue(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	overdue, err := selectOverdue(tx, now, limit)
	for i := 0; i < len(overdue) && err == nil; i++ {
		err = overdue[i].overdue(tx, now)
		done++
	}
	if err != nil || done >= limit {
		return done, err
	}
	rows, err := selectKept(tx, now.Add(-boxesLast), limit-done)
	for i := 0; i < len(rows) && err == nil; i++ {
		r := rows[i]
		r.empty()
		if err = save(tx, r); err == nil {
			err = leave(tx, glosa.System(), r)
		}
		done++
	}
	return done, err
}

// overdue says it once, unless a suspension of the edition moved the day.
func (r row) overdue(tx *db.Tx, now time.Time) error {
	e, err := edition.Load(tx, r.edition)
	if err != nil {
		return err
	}
	switch sum := clock(e, r); {
	case sum.Standing:
		r.due = now.Add(standing)
	case sum.Due.After(now):
		r.due = sum.Due
	default:
		r.late = now
		if err := tx.Leave(late.Event(glosa.System(), r.edition, string(r.edition), Late{Kind: glosa.Code(r.kind), Due: sum.Due.UTC()}, "rights")); err != nil {
			return err
		}
	}
	return save(tx, r)
}

func nextDue(tx *db.Tx) (next time.Time, err error) {
	if next, err = selectNextDue(tx); err != nil {
		return next, err
	}
	at, err := selectOldestKept(tx)
	if at.IsZero() || err != nil {
		return next, err
	}
	if at = at.Add(boxesLast); next.IsZero() || at.Before(next) {
		next = at
	}
	return next, nil
}

// shut empties the box of what was asked, once it is done. What was done to which
// question is kept as long as boxes are, for whoever asked to see; how to reach them
// while they are still to be told. Of an access all is kept: the copy says it.
func (d *Desk) shut(r *row, w words) (err error) {
	if r.kind != Access {
		w.Text, w.Name, w.Questions = "", "", nil
	}
	if !r.told.IsZero() || !d.Mail {
		w.Contact, w.Language = "", ""
	}
	r.boxID, r.box, err = d.seal(w)
	return err
}

// Reach is where to write to whoever asked, and in which language. NotFound when
// nothing is to be told, or there is no way left to tell it.
func (d *Desk) Reach(tx *db.Tx, id ID) (to people.Private, lang glosa.Code, err error) {
	r, err := selectOne(tx, id)
	if err != nil {
		return to, "", err
	}
	w, err := d.unseal(r)
	if err == nil && (w.Contact == "" || r.resolved.IsZero() || !r.told.IsZero()) {
		err = glosa.Missing("contact", "")
	}
	return people.NewPrivate(w.Contact), w.Language, err
}

// Outcome is how a request was resolved. NotFound.
func (d *Desk) Outcome(tx *db.Tx, id ID) (Outcome, error) {
	r, err := selectOne(tx, id)
	return r.outcome, err
}

// Told says that whoever asked was written to, or cannot be: how to reach them is
// erased, inside the act of who carries the mails. Denied; NotFound.
func (d *Desk) Told(tx *db.Tx, by glosa.Actor, id ID) error {
	if err := by.May(actTold); err != nil {
		return err
	}
	r, err := selectOne(tx, id)
	if err != nil || !r.told.IsZero() {
		return err
	}
	w, err := d.unseal(r)
	if err != nil {
		return err
	}
	r.told, w.Contact, w.Language = tx.Now, "", ""
	r.empty()
	if w.Text != "" || w.Name != "" || len(w.Questions) > 0 || len(w.Done) > 0 {
		if r.boxID, r.box, err = d.seal(w); err != nil {
			return err
		}
	}
	if err := save(tx, r); err != nil {
		return err
	}
	return leave(tx, by, r)
}
