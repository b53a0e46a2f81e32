package question

import (
	"glosa"
	"glosa/db"
)

// lying is where one attachment lies, and what opens it; nil when it was erased.
type lying struct {
	file glosa.FileID
	key  []byte
}

func scanLying(rows *db.Rows) (l lying, err error) {
	err = rows.Scan(&l.file, &l.key)
	return l, err
}

func insertFile(tx *db.Tx, id glosa.QuestionID, version int, l lying) error {
	_, err := tx.Exec(`insert into question_file (question, version, file, key) values ($1, $2, $3, $4)`, id, version, l.file, l.key)
	return err
}

func selectFile(tx *db.Tx, id glosa.QuestionID, version int) ([]lying, error) {
	return db.Collect(tx, scanLying, `select f.file, f.key from question_file f where f.question = $1 and f.version = $2 and f.key is not null`, id, version)
}

func selectFilesNamed(tx *db.Tx) ([]glosa.FileID, error) {
	return db.Collect(tx, scanFileID, `select f.file from question_file f where f.key is not null order by f.file`)
}

func selectFilesGone(tx *db.Tx) ([]glosa.FileID, error) {
	return db.Collect(tx, scanFileID, `select f.file from question_file f where f.key is null order by f.file`)
}

func scanFileID(rows *db.Rows) (id glosa.FileID, err error) {
	err = rows.Scan(&id)
	return id, err
}

func forgetFiles(tx *db.Tx, id glosa.QuestionID) error {
	_, err := tx.Exec(`update question_file set key = null where question = $1`, id)
	return err
}

func deleteFile(tx *db.Tx, file glosa.FileID) error {
	_, err := tx.Exec(`delete from question_file where file = $1 and key is null`, file)
	return err
}

// selectAttached is what came with the questions that moderators have before them.
func selectAttached(tx *db.Tx, ed glosa.EditionID) (map[glosa.QuestionID][]Attached, error) {
	all := map[glosa.QuestionID][]Attached{}
	_, err := db.Collect(tx, func(rows *db.Rows) (a Attached, err error) {
		var id glosa.QuestionID
		var object *string
		if err = rows.Scan(&id, &a.Version, &a.commit, &object); err == nil {
			a.read(object)
			all[id] = append(all[id], a)
		}
		return a, err
	}, `select t.question, t.version, t.committed, t.object from question_text t join question q on q.id = t.question
		where t.kind = 'attachment' and t.replaced_by = 0 and q.edition = $1 and (q.state in ('received', 'second', 'held', 'appealed') or `+unwritten+`)
		order by t.question, t.version`, ed)
	return all, err
}
