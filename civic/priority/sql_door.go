package priority

import (
	"time"

	"glosa"
	"glosa/db"
)

// addCame adds the ballots that a batch brought by each door.
func addCame(tx *db.Tx, contest glosa.ContestID, came []DoorCount) error {
	for _, c := range came {
		_, err := tx.Exec(`insert into priority_door (contest, door, came) values ($1, $2, $3)
			on conflict (contest, door) do update set came = priority_door.came + excluded.came`, contest, c.Door, c.Came)
		if err != nil {
			return err
		}
	}
	return nil
}

// selectCame is how many ballots came by each door that brought any.
func selectCame(tx *db.Tx, contest glosa.ContestID) (map[glosa.Code]int, error) {
	all, err := db.Collect(tx, func(r *db.Rows) (c DoorCount, err error) { return c, r.Scan(&c.Door, &c.Came) },
		`select door, came from priority_door where contest = $1`, contest)
	came := make(map[glosa.Code]int, len(all))
	for _, c := range all {
		came[c.Door] = c.Came
	}
	return came, err
}

// deleteCame forgets what came and was never told.
func deleteCame(tx *db.Tx, ed glosa.EditionID) error {
	_, err := tx.Exec(`delete from priority_door where contest in (select id from priority_contest where edition = $1)`, ed)
	return err
}

// insertDoors keeps what a leaf tells of the doors.
func insertDoors(tx *db.Tx, contest glosa.ContestID, t DoorsTold) error {
	for _, c := range t.Doors {
		_, err := tx.Exec(`insert into priority_door_told (contest, n, door, came, batch, at) values ($1, $2, $3, $4, $5, $6)`,
			contest, t.N, c.Door, c.Came, t.Batch, tx.Now)
		if err != nil {
			return err
		}
	}
	return nil
}

// selectDoors lists what was told of the doors, in order.
func selectDoors(tx *db.Tx, contest glosa.ContestID) (all []DoorsTold, err error) {
	type row struct {
		DoorsTold
		DoorCount
	}
	rows, err := db.Collect(tx, func(r *db.Rows) (x row, err error) {
		return x, r.Scan(&x.N, &x.Door, &x.Came, &x.Batch, &x.At)
	}, `select n, door, came, batch, at from priority_door_told where contest = $1 order by n, door`, contest)
	for _, x := range rows {
		if len(all) == 0 || all[len(all)-1].N != x.N {
			all = append(all, x.DoorsTold)
		}
		last := &all[len(all)-1]
		last.Doors = append(last.Doors, x.DoorCount)
	}
	for _, t := range all {
		inOrder(t.Doors)
	}
	return all, err
}

// selectLook is when the doors of a contest are looked at again.
func selectLook(tx *db.Tx, contest glosa.ContestID) (at time.Time, err error) {
	err = tx.Row(`select doors_at from priority_clock where contest = $1`, contest).Scan(&at)
	return at, err
}

func updateLook(tx *db.Tx, contest glosa.ContestID, at time.Time) error {
	_, err := tx.Exec(`update priority_clock set doors_at = $2 where contest = $1`, contest, at)
	return err
}
