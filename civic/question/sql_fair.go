package question

import (
	"time"

	"glosa"
	"glosa/db"
)

// waited is when a question came and when it was first decided, or is to be.
type waited struct{ received, decided, due time.Time }

// selectFirstDecisions is when each decided question of an edition was first
// admitted or refused; follow-ups apart.
func selectFirstDecisions(tx *db.Tx, ed glosa.EditionID) ([]waited, error) {
	return db.Collect(tx, func(rows *db.Rows) (w waited, err error) { return w, rows.Scan(&w.received, &w.decided) },
		`select q.received_at, min(s.at) from question q join question_step s on s.question = q.id
		where q.edition = $1 and q.follows = '' and s.kind in ('question.admitted', 'question.refused') group by q.id, q.received_at`, ed)
}

// selectBacklog is when each question that waits for moderators came, and when it is due.
func selectBacklog(tx *db.Tx, ed glosa.EditionID) ([]waited, error) {
	return db.Collect(tx, func(rows *db.Rows) (w waited, err error) { return w, rows.Scan(&w.received, &w.due) },
		`select received_at, due_at from question where edition = $1 and follows = '' and state in ('received', 'second', 'needs_edit', 'held', 'appealed')`, ed)
}

// countAdmittedAlone counts the admissions by one person, by who it was as the record names them.
func countAdmittedAlone(tx *db.Tx, ed glosa.EditionID) (map[string]int, error) {
	by := map[string]int{}
	_, err := db.Collect(tx, func(rows *db.Rows) (who string, err error) {
		var n int
		err = rows.Scan(&who, &n)
		by[who] = n
		return who, err
	}, `select who, count(*) from question_step where edition = $1 and kind = 'question.admitted' and word = 'one' group by who`, ed)
	return by, err
}

// selectClosedRulings is every decision on a refusal or an appeal that is over.
func selectClosedRulings(tx *db.Tx, ed glosa.EditionID) ([]ruling, error) {
	return db.Collect(tx, scanRuling, `select `+rulingColumns+` from question_ruling where kind in ('refuse', 'appeal') and closed_at > 0
		and outcome <> 'nothing' and question in (select q.id from question q where q.edition = $1) order by id`, ed)
}

// selectDecided counts the decided questions by theme, addressee, place and outcome.
func selectDecided(tx *db.Tx, ed glosa.EditionID) ([]decidedAlike, error) {
	return db.Collect(tx, func(rows *db.Rows) (c decidedAlike, err error) {
		var s State
		err = rows.Scan(&c.theme, &c.institution, &c.place, &s, &c.n)
		c.refused = s == Refused || s == Appealed
		return c, err
	}, `select theme, addressed, municipality, state, count(*) from question where edition = $1 and follows = ''
		and (admitted_at > 0 or state in ('refused', 'appealed')) group by theme, addressed, municipality, state`, ed)
}

// countRefused counts the questions that stand refused, which their list shows as well.
func countRefused(tx *db.Tx, ed glosa.EditionID) (n int, err error) {
	err = tx.Row(`select count(*) from question where edition = $1 and follows = '' and state in ('refused', 'appealed')`, ed).Scan(&n)
	return n, err
}

// countTranslations counts those awaited, those of them that are late, and those made.
func countTranslations(tx *db.Tx, ed glosa.EditionID) (owed, late, made int, err error) {
	err = tx.Row(`select count(case when w.done_at = 0 and q.erased = false and q.state not in ('refused', 'withdrawn') then 1 end),
		count(case when w.done_at = 0 and q.erased = false and q.state not in ('refused', 'withdrawn') and w.late_at > 0 then 1 end),
		count(case when w.done_at > 0 then 1 end)
		from question_translation w join question q on q.id = w.question where q.edition = $1`, ed).Scan(&owed, &late, &made)
	return owed, late, made, err
}

// countSealed counts an edition's redactions.
func countSealed(tx *db.Tx, ed glosa.EditionID) (n int, err error) {
	err = tx.Row(`select count(*) from question_sealed s join question q on q.id = s.question where q.edition = $1`, ed).Scan(&n)
	return n, err
}

// selectUnlooked lists editions that have numbers for questions and no rates yet.
func selectUnlooked(tx *db.Tx) ([]glosa.EditionID, error) {
	return db.Collect(tx, func(rows *db.Rows) (ed glosa.EditionID, err error) { return ed, rows.Scan(&ed) },
		`select distinct b.edition from question_block b where not exists (select 1 from question_refused r where r.edition = b.edition) order by b.edition`)
}

func insertRates(tx *db.Tx, ed glosa.EditionID, looked time.Time) error {
	_, err := tx.Exec(`insert into question_refused (edition, looked) values ($1, $2) on conflict do nothing`, ed, looked)
	return err
}

func selectRates(tx *db.Tx) ([]keptRates, error) {
	return db.Collect(tx, func(rows *db.Rows) (k keptRates, err error) {
		return k, rows.Scan(&k.edition, &k.looked, &k.drawn, &k.refused, &k.tables)
	}, `select edition, looked, drawn, refused, tables from question_refused order by edition`)
}

func saveRates(tx *db.Tx, k keptRates) error {
	_, err := tx.Exec(`update question_refused set looked = $2, drawn = $3, refused = $4, tables = $5 where edition = $1`,
		k.edition, k.looked, k.drawn, k.refused, k.tables)
	return err
}
