package intake

import (
	"context"
	"errors"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/db"
)

// FileLasts is how long a previewed file waits for its import.
const FileLasts = 24 * time.Hour

// Gate holds the selection back while paper that was counted at closing is still to
// be captured: it was handed in in time.
func Gate(tx *db.Tx, ed edition.Edition, to edition.Stage) ([]edition.Missing, error) {
	if to != edition.Selected {
		return nil, nil
	}
	tables, err := selectTables(tx, ed.ID)
	n := 0
	for _, t := range tables {
		n += t.Left()
	}
	if n == 0 || err != nil {
		return nil, err
	}
	return []edition.Missing{{Gate: question.GateModeration, Key: "it.gate", Args: map[string]string{"n": strconv.Itoa(n)}}}, nil
}

// Due is what time alone makes necessary: desks that logged no count have none
// when the intake is sealed; numbers are accounted for when their paper is in, or
// can come in no more; files that were left lying go.
func Due() edition.Due {
	return edition.Due{Room: "intake", Run: runDue, Next: nextDue}
}

func runDue(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	stale, err := selectStale(tx, now.Add(-FileLasts), limit)
	if err != nil {
		return 0, err
	}
	for _, id := range stale {
		if err := deleteBatch(tx, id); err != nil {
			return done, err
		}
		done++
	}
	open, err := selectUnaccounted(tx)
	for i := 0; i < len(open) && err == nil && done < limit; i++ {
		var n int
		n, err = accountAll(tx, open[i])
		done += n
	}
	return done, err
}

// Forget drops the files that wait at the desk a question came by, since its words
// may stand in them: whoever previewed them can hand them in again.
func Forget(tx *db.Tx, id glosa.QuestionID) error {
	e, err := selectEntry(tx, id)
	if err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			return nil // it came by the open door
		}
		return err
	}
	return drop(tx, e.desk)
}

// Repeat drops every file that waits in a database put back from an older backup:
// its questions may have been received since, and erased. Denied.
func (d *Desk) Repeat(ctx context.Context, by glosa.Actor) error {
	if err := by.May("question.repeat"); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error { return drop(tx, "") })
}

func drop(tx *db.Tx, desk DeskID) error {
	lying, err := selectLying(tx, desk)
	for i := 0; i < len(lying) && err == nil; i++ {
		err = deleteBatch(tx, lying[i])
	}
	return err
}

// accountAll goes through the desks of an edition once its intake is sealed.
func accountAll(tx *db.Tx, id glosa.EditionID) (done int, err error) {
	ed, err := edition.Load(tx, id)
	if err != nil || ed.Sealed.IsZero() {
		return 0, err
	}
	tables, err := selectTables(tx, id)
	for i := 0; i < len(tables) && err == nil; i++ {
		if tables[i].accounted.IsZero() {
			var n int
			n, err = account(tx, ed, tables[i])
			done += n
		}
	}
	return done, err
}

// account logs what a desk did not log, and accounts for its numbers.
func account(tx *db.Tx, ed edition.Edition, table Table) (done int, err error) {
	by := glosa.System()
	t := &turn{tx: tx, ed: ed, by: by, t: table}
	if table.Counted.IsZero() {
		if err := t.log(table.Ledger); err != nil {
			return 0, err
		}
		done++
		table.Ledger.Waiting = 0
	}
	if table.Ledger.Waiting > 0 && !ed.Reached(edition.Selected) {
		return done, nil // paper is still coming in
	}
	err = question.CloseNumbers(tx, by, ed.ID, string(table.ID), func(first, last int) (int, int, error) {
		return countSpoilt(tx, table.ID, first, last)
	})
	if err != nil {
		return done, err
	}
	return done + 1, saveAccounted(tx, table.ID)
}

// nextDue: the account follows the seal, which the edition's own clock sets.
func nextDue(tx *db.Tx) (next time.Time, err error) {
	at, err := oldestFile(tx)
	if err == nil && !at.IsZero() {
		next = at.Add(FileLasts)
	}
	return next, err
}

// fieldsOf are the wrong fields of an Invalid error.
func fieldsOf(err error) []glosa.Field {
	var e *glosa.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}
