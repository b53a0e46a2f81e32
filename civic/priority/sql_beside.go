package priority

import (
	"encoding/json"

	"glosa"
	"glosa/db"
)

// insertBeside keeps another count of the ballots of an agenda.
func insertBeside(tx *db.Tx, contest glosa.ContestID, b storedBeside) error {
	_, err := tx.Exec(`insert into priority_beside (contest, sort, state, file, input, result, digest, ballots, covered, covered_raw)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		contest, b.of, b.state, b.file, b.input, b.result, b.digest, b.ballots, b.covered, b.coveredRaw)
	return err
}

// selectBesides lists the other counts of a contest, without their files.
func selectBesides(tx *db.Tx, contest glosa.ContestID) ([]storedBeside, error) {
	return db.Collect(tx, func(r *db.Rows) (b storedBeside, err error) {
		err = r.Scan(&b.of, &b.state, &b.input, &b.result, &b.digest, &b.ballots, &b.covered, &b.coveredRaw)
		return b, err
	}, `select sort, state, input, result, digest, ballots, covered, covered_raw
		from priority_beside where contest = $1 order by sort`, contest)
}

// selectBesideFiles reads the file of a computed count, and its result. NotFound.
func selectBesideFiles(tx *db.Tx, contest glosa.ContestID, of glosa.Code) (file []byte, result json.RawMessage, err error) {
	err = tx.Row(`select file, result from priority_beside where contest = $1 and sort = $2 and state = 'computed'`, contest, of).Scan(&file, &result)
	return file, result, err
}

// deleteBesideFiles forgets the rows of the other counts, which nobody but auditors
// saw; their digests stay.
func deleteBesideFiles(tx *db.Tx, ed glosa.EditionID) error {
	_, err := tx.Exec(`update priority_beside set file = $2 where contest in (select id from priority_contest where edition = $1)`, ed, []byte{})
	return err
}
