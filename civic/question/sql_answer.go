package question

import (
	"time"

	"glosa"
	"glosa/db"
)

// selectLeft lists what is still owed of an edition that is over, what it
// inherited among it, by folio.
func selectLeft(tx *db.Tx, ed glosa.EditionID, limit int) ([]row, error) {
	return db.Collect(tx, scanRow, sqlRow+` where state in ('admitted', 'routed', 'overdue')
		and (edition = $1 and carried_to = '' or carried_to <> '' and carried_to = $1) order by id limit $2`, ed, limit)
}

// countInherited counts what an edition inherited and has neither answered nor
// made publicly overdue.
func countInherited(tx *db.Tx, ed glosa.EditionID) (n int, err error) {
	err = tx.Row(`select count(*) from question where carried_to <> '' and carried_to = $1 and follows = ''
		and state in ('admitted', 'routed')`, ed).Scan(&n)
	return n, err
}

// selectHeldSince is when the institution that holds a question got it.
func selectHeldSince(tx *db.Tx, id glosa.QuestionID) (at time.Time, err error) {
	err = tx.Row(`select coalesce(max(at), 0) from question_step where question = $1
		and kind in ('question.routed', 'question.referred')`, id).Scan(&at)
	return at, err
}

// signAbsent keeps by which document a substitute signed.
func signAbsent(tx *db.Tx, id glosa.QuestionID, v Version) error {
	_, err := tx.Exec(`update question_answer set absence = $3, absence_digest = $4 where question = $1 and version = $2`,
		id, v.Number, v.Absence.Title, v.Absence.Document)
	return err
}
