package question

import (
	"glosa/db"
)

// sqlAsked is which questions show their words, as [State.TextIsPublic] says it.
const sqlAsked = `select q.id, q.edition, t.object from question q join question_text t on t.question = q.id and t.version = q.version
	where q.follows = '' and not q.erased and t.state = 'opened'
	and q.state in ('admitted', 'merged', 'routed', 'overdue', 'answered_oral', 'answered', 'transferred', 'closed')`

func scanAsked(rows *db.Rows) (a asked, err error) {
	var object *string
	err = rows.Scan(&a.id, &a.edition, &object)
	a.text = objectOf(object).Text
	return a, err
}

// selectAsked pages over the public texts, by folio.
func selectAsked(tx *db.Tx, after string, limit int) ([]asked, error) {
	return db.Collect(tx, scanAsked, sqlAsked+` and q.id > $1 order by q.id limit $2`, after, limit)
}

// selectAskedOf is those of some questions.
func selectAskedOf(tx *db.Tx, ids []any) ([]asked, error) {
	return db.Collect(tx, scanAsked, sqlAsked+` and q.id in (`+places(1, len(ids))+`) order by q.id`, ids...)
}
