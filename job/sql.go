package job

import (
	"time"

	"glosa"
	"glosa/db"
)

const columns = `queue, subject, place, made_at, due_at, tries, failed, dead`

func scan(r *db.Rows) (j Job, err error) {
	err = r.Scan(&j.Queue, &j.Subject, &j.Place, &j.Made, &j.Due, &j.Tries, &j.Failed, &j.Dead)
	return j, err
}

func insert(tx *db.Tx, j Job) error {
	_, err := tx.Exec(`insert into job (queue, subject, made_at, due_at) values ($1, $2, $3, $4)
		on conflict (queue, subject) do nothing`, j.Queue, j.Subject, j.Made, j.Due)
	return err
}

func selectDue(tx *db.Tx, now time.Time, limit int) ([]Job, error) {
	return db.Collect(tx, scan, `select `+columns+` from job where dead = false and due_at <= $1 order by due_at, queue, subject limit $2`, now, limit)
}

func selectOne(tx *db.Tx, queue, subject string) ([]Job, error) {
	return db.Collect(tx, scan, `select `+columns+` from job where queue = $1 and subject = $2 and dead = false`, queue, subject)
}

func moveOn(tx *db.Tx, j Job, place string) error {
	_, err := tx.Exec(`update job set place = $1, tries = 0, failed = '' where queue = $2 and subject = $3`, place, j.Queue, j.Subject)
	return err
}

func putOff(tx *db.Tx, j Job) error {
	_, err := tx.Exec(`update job set tries = $1, due_at = $2, failed = $3, dead = $4 where queue = $5 and subject = $6`,
		j.Tries, j.Due, j.Failed, j.Dead, j.Queue, j.Subject)
	return err
}

func remove(tx *db.Tx, queue, subject string) error {
	_, err := tx.Exec(`delete from job where queue = $1 and subject = $2`, queue, subject)
	return err
}

func selectDead(tx *db.Tx) ([]Job, error) {
	return db.Collect(tx, scan, `select `+columns+` from job where dead = true order by made_at, queue, subject`)
}

func selectStandings(tx *db.Tx) ([]Standing, error) {
	return db.Collect(tx, func(r *db.Rows) (s Standing, err error) {
		err = r.Scan(&s.Queue, &s.Waiting, &s.Dead, &s.Oldest)
		return s, err
	}, `select queue, sum(case when dead then 0 else 1 end), sum(case when dead then 1 else 0 end),
		coalesce(min(case when dead then null else made_at end), 0) from job group by queue order by queue`)
}

func revive(tx *db.Tx) (int64, error) {
	return tx.Exec(`update job set dead = false, tries = 0, failed = '', due_at = $1 where dead = true`, glosa.Micros(tx.Now))
}
