package question

import (
	"glosa"
	"glosa/db"
)

// selectBrief is one question as lists show it. NotFound.
func selectBrief(tx *db.Tx, id glosa.QuestionID) (Brief, error) {
	all, err := db.Collect(tx, scanBrief, `select `+briefColumns+` from question q
		join question_text t on t.question = q.id and t.version = q.version where q.id = $1`, id)
	if err == nil && len(all) == 0 {
		err = glosa.Missing("question", string(id))
	}
	if err != nil {
		return Brief{}, err
	}
	return all[0], nil
}
