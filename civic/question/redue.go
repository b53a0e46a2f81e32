package question

import (
	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Redue computes every running clock of an edition's questions anew, when a
// suspension moved them. An answer that was late and no longer is goes back to
// whoever owes it. Pages explain the new sum; here is only what is kept of it.
func Redue(tx *db.Tx, ed edition.Edition) error {
	rows, err := selectRunning(tx, ed.ID)
	if err != nil {
		return err
	}
	for i := range rows {
		t := &turn{tx: tx, ed: ed, by: glosa.System(), row: &rows[i]}
		if err := t.redue(); err != nil {
			return err
		}
	}
	return nil
}

// redue keeps the present clock as the sum has it now.
func (t *turn) redue() error {
	r := t.row
	if r.state != Admitted && r.state != Routed && r.state != Overdue {
		sum, runs := clockOf(t.ed, r, nil, nil, noTime)
		if !runs {
			return nil
		}
		r.due = sum.Due
		if r.state == Second || r.state == NeedsEdit || r.state == Appealed { // silence does something here
			r.next = sum.Due
		}
		return save(t.tx, r)
	}
	if err := t.retime(); err != nil {
		return err
	}
	if r.state == Overdue && r.due.After(t.tx.Now) {
		if err := t.intime(); err != nil {
			return err
		}
	}
	return save(t.tx, r)
}

// intime takes a lateness back that is none any more: the day has moved.
func (t *turn) intime() error {
	r, body := t.row, redatedBody{Due: t.row.due.UTC()}
	to := Routed
	if r.unrouted() {
		to, body.Owed = Admitted, "route"
	}
	r.state, r.since, r.level, r.next = to, t.tx.Now, 0, r.due
	return t.leave(kRedated, body, Step{})
}
