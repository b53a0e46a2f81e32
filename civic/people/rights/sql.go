package rights

import (
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// row is a request as it is kept.
type row struct {
	id                   ID
	edition              glosa.EditionID
	kind                 Kind
	state                State
	proof                Proof
	outcome              Outcome
	ground               glosa.Code
	received, due        time.Time
	extended             time.Time
	extendedBy           string
	reason               glosa.Code
	resolved, executed   time.Time
	code                 glosa.Hash
	boxID                people.PersonID
	box                  []byte
	firstHuman           glosa.HumanID
	firstSide            glosa.Side
	firstPost, firstWord string
	secondHuman          glosa.HumanID
	secondSide           glosa.Side
	late, told           time.Time
	firstAt              time.Time
	secondPost           string
	disputed             time.Time
	checked              glosa.Code
	seenBy               glosa.HumanID
	seenAt               time.Time
}

const columns = `id, edition, kind, state, proof, outcome, ground, received, due, extended, extended_by, reason, resolved, executed, code, box_id, box,
	first_human, first_side, first_post, first_word, second_human, second_side, late, told,
	first_at, second_post, disputed, checked, seen_by, seen_at`

type scanner interface{ Scan(dest ...any) error }

func scan(s scanner) (r row, err error) {
	err = s.Scan(&r.id, &r.edition, &r.kind, &r.state, &r.proof, &r.outcome, &r.ground, &r.received, &r.due, &r.extended, &r.extendedBy, &r.reason,
		&r.resolved, &r.executed, &r.code, &r.boxID, &r.box, &r.firstHuman, &r.firstSide, &r.firstPost, &r.firstWord, &r.secondHuman, &r.secondSide,
		&r.late, &r.told, &r.firstAt, &r.secondPost, &r.disputed, &r.checked, &r.seenBy, &r.seenAt)
	return r, err
}

func selectOne(tx *db.Tx, id ID) (row, error) {
	r, err := scan(tx.Row(`select `+columns+` from right_request where id = $1`, id))
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return r, glosa.Missing("right", "")
	}
	return r, err
}

func selectOf(tx *db.Tx, ed glosa.EditionID) ([]row, error) {
	return db.Collect(tx, func(r *db.Rows) (row, error) { return scan(r) },
		`select `+columns+` from right_request where edition = $1 order by case when resolved = 0 then 0 else 1 end, due, id`, ed)
}

// selectKept lists requests that ended before an instant and still have a box.
func selectKept(tx *db.Tx, before time.Time, limit int) ([]row, error) {
	return db.Collect(tx, func(r *db.Rows) (row, error) { return scan(r) },
		`select `+columns+` from right_request where box_id <> '' and resolved > 0 and resolved <= $1 order by resolved, id limit $2`, before, limit)
}

// selectOverdue lists requests of people who showed who they are, whose answer was
// due at an instant, and of which nobody said yet that it is late.
func selectOverdue(tx *db.Tx, now time.Time, limit int) ([]row, error) {
	return db.Collect(tx, func(r *db.Rows) (row, error) { return scan(r) },
		`select `+columns+` from right_request where resolved = 0 and late = 0 and proof <> '' and due <= $1 order by due, id limit $2`, now, limit)
}

// selectNextDue is when the next answer is due; zero when none is owed.
func selectNextDue(tx *db.Tx) (at time.Time, err error) {
	err = tx.Row(`select coalesce(min(due), 0) from right_request where resolved = 0 and late = 0 and proof <> ''`).Scan(&at)
	return at, err
}

// selectOldestKept is when the longest ended request that has a box ended; zero for none.
func selectOldestKept(tx *db.Tx) (at time.Time, err error) {
	err = tx.Row(`select coalesce(min(resolved), 0) from right_request where box_id <> '' and resolved > 0`).Scan(&at)
	return at, err
}

func insert(tx *db.Tx, r row) (bool, error) {
	n, err := tx.Exec(`insert into right_request (id, edition, kind, state, proof, outcome, ground, received, due, resolved, executed, code, box_id, box)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing`,
		r.id, r.edition, r.kind, r.state, r.proof, r.outcome, r.ground, r.received, r.due, r.resolved, r.executed, r.code, r.boxID, r.box)
	return n == 1, err
}

func save(tx *db.Tx, r row) error {
	_, err := tx.Exec(`update right_request set state = $1, proof = $2, outcome = $3, ground = $4, due = $5, extended = $6, extended_by = $7, reason = $8,
		resolved = $9, executed = $10, box_id = $11, box = $12, first_human = $13, first_side = $14, first_post = $15, first_word = $16,
		second_human = $17, second_side = $18, late = $19, told = $20,
		first_at = $21, second_post = $22, disputed = $23, checked = $24, seen_by = $25, seen_at = $26 where id = $27`,
		r.state, r.proof, r.outcome, r.ground, r.due, r.extended, r.extendedBy, r.reason, r.resolved, r.executed, r.boxID, r.box,
		r.firstHuman, r.firstSide, r.firstPost, r.firstWord, r.secondHuman, r.secondSide, r.late, r.told, r.firstAt, r.secondPost,
		r.disputed, r.checked, r.seenBy, r.seenAt, r.id)
	return err
}
