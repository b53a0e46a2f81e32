package question

import (
	"time"

	"glosa"
	"glosa/db"
)

func insertUnwritten(tx *db.Tx, id glosa.QuestionID, due time.Time) error {
	_, err := tx.Exec(`insert into question_unwritten (question, from_at, due_at) values ($1, $2, $3) on conflict do nothing`, id, tx.Now, due)
	return err
}

func deleteUnwritten(tx *db.Tx, id glosa.QuestionID) error {
	_, err := tx.Exec(`delete from question_unwritten where question = $1`, id)
	return err
}

// selectUnwritten is since when a public question waits for its words; zero when it has them.
func selectUnwritten(tx *db.Tx, id glosa.QuestionID) (from time.Time, err error) {
	err = tx.Row(`select coalesce(max(from_at), 0) from question_unwritten where question = $1`, id).Scan(&from)
	return from, err
}

// unwritten are the questions of an edition that wait for their words.
const unwritten = `q.id in (select u.question from question_unwritten u)`

// selectUnwrittenItems are those of an edition before a moderator, the next due first.
func selectUnwrittenItems(tx *db.Tx, ed glosa.EditionID, which Part, limit int) ([]Item, error) {
	one, args := which.one(ed, limit)
	items, err := db.Collect(tx, scanItem, sqlItem+` where q.edition = $1 and `+unwritten+one+` order by q.id limit $2 offset $3`, args...)
	for i := range items {
		x := &items[i]
		err = tx.Row(`select from_at, due_at from question_unwritten where question = $1`, x.ID).Scan(&x.Since, &x.Due)
		if err != nil {
			return nil, err
		}
	}
	return items, err
}

func countUnwritten(tx *db.Tx, ed glosa.EditionID) (n int, err error) {
	err = tx.Row(`select count(*) from question q where q.edition = $1 and `+unwritten, ed).Scan(&n)
	return n, err
}
