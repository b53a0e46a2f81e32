package portrait

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// spend remembers a permit; false when it was spent before.
func spend(tx *db.Tx, ed glosa.EditionID, permit glosa.Hash) (first bool, err error) {
	n, err := tx.Exec(`insert into portrait_spent (edition, permit) values ($1, $2) on conflict do nothing`, ed, permit)
	return n == 1, err
}

// begin makes the edition's row, at the hour before its first answer.
func begin(tx *db.Tx, ed glosa.EditionID, at time.Time) error {
	_, err := tx.Exec(`insert into portrait_board (edition, drawn, looked, tables, told) values ($1, $2, $2, '[]', '[]') on conflict do nothing`, ed, at)
	return err
}

func insertWaiting(tx *db.Tx, id people.PersonID, ed glosa.EditionID, sealed []byte) error {
	_, err := tx.Exec(`insert into portrait_waiting (id, edition, box) values ($1, $2, $3)`, id, ed, sealed)
	return err
}

// waiting is one answer that waits.
type waiting struct {
	id     people.PersonID
	sealed []byte
}

// selectWaiting reads what waits in the order of its random ids, which is none.
func selectWaiting(tx *db.Tx, ed glosa.EditionID) ([]waiting, error) {
	return db.Collect(tx, func(r *db.Rows) (w waiting, err error) { return w, r.Scan(&w.id, &w.sealed) },
		`select id, box from portrait_waiting where edition = $1 order by id`, ed)
}

// empty deletes what waited.
func empty(tx *db.Tx, ed glosa.EditionID) error {
	_, err := tx.Exec(`delete from portrait_waiting where edition = $1`, ed)
	return err
}

// drop deletes what waits and the permits that were spent, when no board will be
// drawn any more.
func drop(tx *db.Tx, ed glosa.EditionID) error {
	if err := empty(tx, ed); err != nil {
		return err
	}
	_, err := tx.Exec(`delete from portrait_spent where edition = $1`, ed)
	return err
}

// queue is how many answers of an edition wait, and at which hour it was last
// looked whether they are enough.
type queue struct {
	edition glosa.EditionID
	looked  time.Time
	waiting int
}

func selectQueues(tx *db.Tx) ([]queue, error) {
	return db.Collect(tx, func(r *db.Rows) (q queue, err error) { return q, r.Scan(&q.edition, &q.looked, &q.waiting) },
		`select b.edition, b.looked, count(w.id) from portrait_board b left join portrait_waiting w on w.edition = b.edition
		group by b.edition, b.looked order by b.edition`)
}

// look writes down at which hour it was looked and nothing drawn.
func look(tx *db.Tx, ed glosa.EditionID, at time.Time) error {
	_, err := tx.Exec(`update portrait_board set looked = $1 where edition = $2`, at, ed)
	return err
}

func selectCounts(tx *db.Tx, ed glosa.EditionID) (map[where]int, error) {
	type row struct {
		where
		n int
	}
	all, err := db.Collect(tx, func(r *db.Rows) (x row, err error) {
		return x, r.Scan(&x.attribute, &x.place, &x.value, &x.n)
	}, `select attribute, place, value, people from portrait_count where edition = $1`, ed)
	out := map[where]int{}
	for _, x := range all {
		out[x.where] = x.n
	}
	return out, err
}

func saveCounts(tx *db.Tx, ed glosa.EditionID, counts map[where]int) error {
	for _, w := range slices.SortedFunc(maps.Keys(counts), inOrder) {
		if _, err := tx.Exec(`insert into portrait_count (edition, attribute, place, value, people) values ($1, $2, $3, $4, $5)
			on conflict (edition, attribute, place, value) do update set people = excluded.people`, ed, w.attribute, w.place, w.value, counts[w]); err != nil {
			return err
		}
	}
	return nil
}

func inOrder(a, b where) int {
	return cmp.Or(cmp.Compare(a.attribute, b.attribute), cmp.Compare(a.place, b.place), cmp.Compare(a.value, b.value))
}

// board is a board as it is kept.
type board struct {
	edition glosa.EditionID
	drawn   time.Time
	tables  []Table
	told    map[where]int
}

// least is what the boards so far give away of one count: that it is at least so much.
type least struct {
	Attribute Attribute           `json:"a"`
	Place     glosa.TerritoryCode `json:"p,omitempty"`
	Value     glosa.Code          `json:"v"`
	Lo        int                 `json:"lo"`
}

func selectBoard(tx *db.Tx, ed glosa.EditionID) (b board, err error) {
	var tables, told string
	b.edition = ed
	if err := tx.Row(`select drawn, tables, told from portrait_board where edition = $1`, ed).Scan(&b.drawn, &tables, &told); err != nil {
		return b, err
	}
	var list []least
	if err = json.Unmarshal([]byte(tables), &b.tables); err == nil {
		err = json.Unmarshal([]byte(told), &list)
	}
	b.told = map[where]int{}
	for _, x := range list {
		b.told[where{x.Attribute, x.Place, x.Value}] = x.Lo
	}
	return b, err
}

func saveBoard(tx *db.Tx, b board) error {
	list := []least{}
	for _, w := range slices.SortedFunc(maps.Keys(b.told), inOrder) {
		list = append(list, least{w.attribute, w.place, w.value, b.told[w]})
	}
	tables, err := json.Marshal(b.tables)
	if err != nil {
		return err
	}
	told, err := json.Marshal(list)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`update portrait_board set drawn = $1, looked = $1, tables = $2, told = $3 where edition = $4`, b.drawn, string(tables), string(told), b.edition)
	return err
}
