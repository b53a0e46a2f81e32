package question

import (
	"fmt"

	"glosa"
	"glosa/db"
)

// sqlHeld is what some institutions owe an answer to.
const sqlHeld = ` from question q left join question_answer a on a.question = q.id and a.version = q.answer + 1`

func whereHeld(keys []string) string {
	return ` where q.institution <> '' and q.institution in (` + places(1, len(keys)) + `) and q.state in ('routed', 'overdue', 'answered_oral')`
}

// selectHeld are the questions an institution owes an answer to, the next due first.
func selectHeld(tx *db.Tx, keys []string, which Owing, limit int) ([]Owed, error) {
	args, more := heldArgs(keys), ""
	put := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	if which.Theme != "" {
		more += ` and q.theme = ` + put(which.Theme)
	}
	if which.Signing {
		more += ` and a.state = ` + put(InReview)
	}
	return db.Collect(tx, scanOwed, `select `+briefColumns+`, coalesce(a.state, ''), a.digest`+sqlHeld+`
		join question_text t on t.question = q.id and t.version = q.version`+whereHeld(keys)+more+`
		order by q.due_at, q.id limit `+put(limit)+` offset `+put(max(0, which.From)), args...)
}

func heldArgs(keys []string) (args []any) {
	for _, k := range keys {
		args = append(args, k)
	}
	return args
}

// countHeld counts the same, by theme.
func countHeld(tx *db.Tx, keys []string) (Debt, error) {
	n := Debt{Theme: map[glosa.Code]int{}}
	_, err := db.Collect(tx, func(r *db.Rows) (theme glosa.Code, err error) {
		var all, signing int
		err = r.Scan(&theme, &all, &signing)
		n.Theme[theme], n.All, n.Signing = all, n.All+all, n.Signing+signing
		return theme, err
	}, `select q.theme, count(*), count(case when a.state = 'in_review' then 1 end)`+sqlHeld+whereHeld(keys)+` group by q.theme`, heldArgs(keys)...)
	return n, err
}

// sqlItem reads what moderators have before them. No name, no municipality, no
// first person's ground is read.
const sqlItem = `select q.id, q.state, q.lang, q.addressed, q.passage, q.due_at, q.since_at, q.edits, q.ground, q.follows, q.version, t.object,
	(select min(r.side1) from question_ruling r where r.question = q.id and r.closed_at = 0 and r.kind <> 'erase'),
	coalesce((select p.word from question_pace p where p.question = q.id), '')
	from question q join question_text t on t.question = q.id and t.version = q.version`

// one narrows a part to one question, where only one is meant.
func (p Part) one(ed glosa.EditionID, limit int) (where string, args []any) {
	args = []any{ed, limit, max(0, p.From)}
	if p.ID == "" {
		return "", args
	}
	args[2] = 0
	return ` and q.id = $4`, append(args, p.ID)
}

// selectQueue is part of what moderators have to decide, the longest waiting first.
func selectQueue(tx *db.Tx, ed glosa.EditionID, which Part, limit int) ([]Item, error) {
	one, args := which.one(ed, limit)
	states := `'received', 'second', 'appealed'`
	switch {
	case which.ID != "":
		states += `, 'held'`
	case which.Held:
		states = `'held'`
	}
	return db.Collect(tx, scanItem, sqlItem+` where q.edition = $1 and q.state in (`+states+`)`+one+`
		order by case when q.due_at = 0 then 1 else 0 end, q.due_at, q.since_at, q.id limit $2 offset $3`, args...)
}

func countQueue(tx *db.Tx, ed glosa.EditionID) (n Backlog, err error) {
	err = tx.Row(`select count(case when state <> 'held' then 1 end), count(case when state = 'held' then 1 end) from question
		where edition = $1 and state in ('received', 'second', 'held', 'appealed')`, ed).Scan(&n.Timed, &n.Held)
	if err != nil {
		return n, err
	}
	silent, err := countUnwritten(tx, ed)
	n.Timed += silent
	return n, err
}
