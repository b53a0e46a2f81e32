package priority

import (
	"glosa"
	"glosa/db"
)

// selectExclusions lists the classes that were proposed in a contest, in order.
func selectExclusions(tx *db.Tx, contest glosa.ContestID) ([]Exclusion, error) {
	return db.Collect(tx, func(r *db.Rows) (x Exclusion, err error) {
		err = r.Scan(&x.N, &x.State, &x.Class.Same, &x.Class.Door, &x.Class.Batch, &x.Ballots, &x.Reason,
			&x.human, &x.Side, &x.By, &x.At, &x.Side2, &x.By2, &x.At2)
		return x, err
	}, `select n, state, same, door, batch, ballots, reason, human, side, by, at, side2, by2, at2
		from priority_exclusion where contest = $1 order by n`, contest)
}

func insertExclusion(tx *db.Tx, contest glosa.ContestID, x Exclusion) error {
	_, err := tx.Exec(`insert into priority_exclusion (contest, n, state, same, door, batch, ballots, reason, human, side, by, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		contest, x.N, x.State, x.Class.Same, x.Class.Door, x.Class.Batch, x.Ballots, x.Reason, x.human, x.Side, x.By, tx.Now)
	return err
}

// updateExclusion keeps what the other side said of one that waits.
func updateExclusion(tx *db.Tx, contest glosa.ContestID, x Exclusion, by glosa.Actor) error {
	_, err := tx.Exec(`update priority_exclusion set state = $3, human2 = $4, side2 = $5, by2 = $6, at2 = $7
		where contest = $1 and n = $2 and state = 'proposed'`, contest, x.N, x.State, by.Human, x.Side2, x.By2, tx.Now)
	return err
}
