package priority

import (
	"time"

	"glosa"
	"glosa/db"
)

// addCame keeps the row keys that come for the first time with batch n, before their
// rows are put into it.
func addCame(tx *db.Tx, contest glosa.ContestID, n int) error {
	_, err := tx.Exec(`insert into priority_came (key, contest, door, batch)
		select key, contest, door, cast($2 as bigint) from priority_ballot where contest = $1 and batch = 0 and fresh = true
		on conflict (key) do nothing`, contest, n)
	return err
}

// selectCame is how many credentials came by each door that brought any.
func selectCame(tx *db.Tx, contest glosa.ContestID) (map[glosa.Code]int, error) {
	all, err := db.Collect(tx, func(r *db.Rows) (c DoorCount, err error) { return c, r.Scan(&c.Door, &c.Came) },
		`select door, count(*) from priority_came where contest = $1 group by door`, contest)
	came := make(map[glosa.Code]int, len(all))
	for _, c := range all {
		came[c.Door] = c.Came
	}
	return came, err
}

// arrival is a credential that came, and with which batch it did first.
type arrival struct {
	door  glosa.Code
	batch int
}

// selectArrivals lists, by row key, everybody who came.
func selectArrivals(tx *db.Tx, contest glosa.ContestID) (map[glosa.Hash]arrival, error) {
	type row struct {
		key glosa.Hash
		arrival
	}
	all, err := db.Collect(tx, func(r *db.Rows) (x row, err error) { return x, r.Scan(&x.key, &x.door, &x.batch) },
		`select key, door, batch from priority_came where contest = $1`, contest)
	came := make(map[glosa.Hash]arrival, len(all))
	for _, x := range all {
		came[x.key] = x.arrival
	}
	return came, err
}

// selectBefore finds, among row keys under which nothing stands, those by which a
// ballot came already: a batch told of it, or it went before one did.
func selectBefore(tx *db.Tx, keys []glosa.Hash) (map[glosa.Hash]bool, error) {
	before := map[glosa.Hash]bool{}
	for part := range portions(keys) {
		args := make([]any, len(part))
		for i, k := range part {
			args[i] = k[:]
		}
		all, err := db.Collect(tx, func(r *db.Rows) (key glosa.Hash, err error) { return key, r.Scan(&key) }, beforeSome[len(part)], args...)
		if err != nil {
			return nil, err
		}
		for _, k := range all {
			before[k] = true
		}
	}
	return before, nil
}

// beforeSome are the statements of selectBefore for each size, written once.
var beforeSome = func() map[int]string {
	some := map[int]string{}
	for _, n := range portionSizes {
		some[n] = `select key from priority_came where key in (` + places(1, n) + `)
			union all select key from priority_ballot where state <> 'standing' and key in (` + places(1, n) + `)`
	}
	return some
}()

// deleteCame forgets who came.
func deleteCame(tx *db.Tx, ed glosa.EditionID) error {
	_, err := tx.Exec(`delete from priority_came where contest in (select id from priority_contest where edition = $1)`, ed)
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
