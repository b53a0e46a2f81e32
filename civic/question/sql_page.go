package question

import "glosa/db"

// traces tells in which other tables there is something of a question. Most
// questions are shown often and have nothing in most of them.
type traces struct {
	translation, originals, answers, notes, pauses, rulings, follow, proposals bool
}

// selectTraces looks once into every table of which a question's page may show
// something, where the parts of the page look: what is everybody's stands with the
// common question.
func selectTraces(tx *db.Tx, r *row) (t traces, err error) {
	err = tx.Row(`select exists (select 1 from question_translation a where a.question = $1),
		exists (select 1 from question b where b.root = $1 and b.root <> b.id),
		exists (select 1 from question_answer c where c.question = $2), exists (select 1 from question_note d where d.question = $2),
		exists (select 1 from question_pause e where e.question = $1), exists (select 1 from question_ruling f where f.question = $1),
		exists (select 1 from question g where g.follows = $1 and g.follows <> ''),
		exists (select 1 from question_merge h where (h.question = $2 or h.target = $2) and h.closed_at = 0)`, r.id, r.root).
		Scan(&t.translation, &t.originals, &t.answers, &t.notes, &t.pauses, &t.rulings, &t.follow, &t.proposals)
	return t, err
}
