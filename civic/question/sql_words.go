package question

import (
	"glosa"
	"glosa/db"
)

func insertWords(tx *db.Tx, w words) error {
	_, err := tx.Exec(`insert into question_text (question, version, kind, lang, committed, salt_server, salt_device, object, state, at, promise)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		w.question, w.version, w.kind, w.lang, w.commit, w.server, w.device, w.object, w.state, w.at, w.promise)
	return err
}

// selectWords is every version of a question's texts, of all kinds, oldest first.
func selectWords(tx *db.Tx, id glosa.QuestionID) ([]words, error) {
	return db.Collect(tx, scanWords, `select `+textColumns+` from question_text t where t.question = $1 order by t.version`, id)
}

// lastVersion is the highest version of a question's texts.
func lastVersion(tx *db.Tx, id glosa.QuestionID) (n int, err error) {
	err = tx.Row(`select coalesce(max(version), 0) from question_text where question = $1`, id).Scan(&n)
	return n, err
}

// replaceWords notes which version took another's place.
func replaceWords(tx *db.Tx, id glosa.QuestionID, version, by int) error {
	_, err := tx.Exec(`update question_text set replaced_by = $3 where question = $1 and version = $2`, id, version, by)
	return err
}

// selectCommitted is the question that a commitment belongs to. NotFound.
func selectCommitted(tx *db.Tx, commit glosa.Hash) (id glosa.QuestionID, err error) {
	err = tx.Row(`select question from question_text where committed = $1`, commit).Scan(&id)
	return id, err
}

// openWords publishes what stands, of every kind; what was replaced stays sealed.
func openWords(tx *db.Tx, id glosa.QuestionID) error {
	_, err := tx.Exec(`update question_text set state = 'opened' where question = $1 and replaced_by = 0 and state = 'sealed' and object is not null`, id)
	return err
}

// eraseWords empties every version of every kind. The commitments stay.
func eraseWords(tx *db.Tx, id glosa.QuestionID) error {
	_, err := tx.Exec(`update question_text set state = 'erased', object = null, salt_server = null, salt_device = null where question = $1`, id)
	return err
}

// selectTexts pages over every commitment of every question, in a fixed order.
func selectTexts(tx *db.Tx, after glosa.QuestionID, version, limit int) ([]words, error) {
	return db.Collect(tx, scanWords, `select `+textColumns+` from question_text t
		where (t.question, t.version) > ($1, $2) order by t.question, t.version limit $3`, after, version, limit)
}
