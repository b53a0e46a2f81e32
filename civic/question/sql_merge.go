package question

import (
	"time"

	"glosa"
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

const sqlProposal = `select id, edition, question, target, post, proposed_at, due_at from question_merge where closed_at = 0`

func scanProposal(rows *db.Rows) (p proposal, err error) {
	err = rows.Scan(&p.id, &p.edition, &p.question, &p.target, &p.post, &p.at, &p.due)
	return p, err
}

// insertProposal tells false when the question stands in one already.
func insertProposal(tx *db.Tx, p proposal) (bool, error) {
	n, err := tx.Exec(`insert into question_merge (id, edition, question, target, post, proposed_at, due_at)
		values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`, p.id, p.edition, p.question, p.target, p.post, p.at, p.due)
	return n == 1, err
}

// selectProposalsOf is every open proposal in which a question stands, on either side.
func selectProposalsOf(tx *db.Tx, id glosa.QuestionID) ([]proposal, error) {
	return db.Collect(tx, scanProposal, sqlProposal+` and (question = $1 or target = $1) order by proposed_at, id`, id)
}

// selectProposal tells false when it is over.
func selectProposal(tx *db.Tx, id string) (p proposal, open bool, err error) {
	all, err := db.Collect(tx, scanProposal, sqlProposal+` and id = $1`, id)
	if err != nil || len(all) == 0 {
		return p, false, err
	}
	return all[0], true, nil
}

func selectProposalsDue(tx *db.Tx, now time.Time, limit int) ([]proposal, error) {
	return db.Collect(tx, scanProposal, sqlProposal+` and due_at <= $1 order by due_at, id limit $2`, now, limit)
}

// nextProposal is when the next one is due; zero when none is open.
func nextProposal(tx *db.Tx) (at time.Time, err error) {
	err = tx.Row(`select coalesce(min(due_at), 0) from question_merge where closed_at = 0`).Scan(&at)
	return at, err
}

func moveProposal(tx *db.Tx, id string, due time.Time) error {
	_, err := tx.Exec(`update question_merge set due_at = $2 where id = $1`, id, due)
	return err
}

func closeProposal(tx *db.Tx, id string, outcome glosa.Code) error {
	_, err := tx.Exec(`update question_merge set closed_at = $2, outcome = $3 where id = $1`, id, tx.Now, outcome)
	return err
}

func insertConsent(tx *db.Tx, merge string, id glosa.QuestionID) (bool, error) {
	n, err := tx.Exec(`insert into question_consent (merge, question, at) values ($1, $2, $3) on conflict do nothing`, merge, id, tx.Now)
	return n == 1, err
}

func selectConsents(tx *db.Tx, merge string) ([]glosa.QuestionID, error) {
	return db.Collect(tx, scanID, `select question from question_consent where merge = $1 order by question`, merge)
}
