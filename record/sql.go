package record

import (
	"fmt"
	"strconv"
	"strings"

	"glosa"
	"glosa/db"
)

// row is a leaf about to enter the table.
type row struct {
	n, seq  int64
	subject string
	leaf    []byte
}

// last is the highest leaf number, -1 when there is none, and the last event that
// has a leaf: leaves taken over from a copy have none.
func last(tx *db.Tx) (n, seq int64, err error) {
	err = tx.Row("select n, (select max(seq) from record_leaf) from record_leaf order by n desc limit 1").Scan(&n, &seq)
	if notFound(err) {
		return -1, 0, nil
	}
	return n, seq, err
}

// insertChunks are the numbers of rows of one statement: few, so that they stay
// prepared; not more, because SQLite looks each parameter up by walking over all
// those before it.
var insertChunks = [...]int{32, 4, 1}

func insertLeaves(tx *db.Tx, rows []row) error {
	for len(rows) > 0 {
		k := 1
		for _, c := range insertChunks {
			if len(rows) >= c {
				k = c
				break
			}
		}
		leaves := make([]any, 0, 3*k)
		about := make([]any, 0, 2*k)
		for _, r := range rows[:k] {
			leaves = append(leaves, r.n, r.seq, string(r.leaf))
			about = append(about, r.subject, r.n)
		}
		if _, err := tx.Exec(leafInserts[k], leaves...); err != nil {
			return err
		}
		if _, err := tx.Exec(aboutInserts[k], about...); err != nil {
			return err
		}
		rows = rows[k:]
	}
	return nil
}

var (
	leafInserts  = inserts("insert into record_leaf (n, seq, leaf) values ", 3)
	aboutInserts = inserts("insert into record_about (subject, n) values ", 2)
)

func inserts(head string, columns int) map[int]string {
	all := map[int]string{}
	for _, rows := range insertChunks {
		var b strings.Builder
		b.WriteString(head)
		for p := range rows * columns {
			switch {
			case p == 0:
				b.WriteString("(")
			case p%columns == 0:
				b.WriteString("), (")
			default:
				b.WriteString(", ")
			}
			b.WriteString("$" + strconv.Itoa(p+1))
		}
		all[rows] = b.String() + ")"
	}
	return all
}

// readBytes bounds what one reading of leaves holds in memory.
const readBytes = 8 << 20

// leavesFrom reads leaves from n on, in order. A gap is an error: leaf n has index n.
func leavesFrom(tx *db.Tx, from int64, limit int) (out [][]byte, err error) {
	rows, err := tx.Query("select n, leaf from record_leaf where n >= $1 order by n limit $2", from, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for size := 0; size < readBytes && rows.Next(); {
		var n int64
		var leaf string
		if err := rows.Scan(&n, &leaf); err != nil {
			return nil, err
		}
		if n != from+int64(len(out)) {
			return nil, fmt.Errorf("the table has leaf %d where leaf %d belongs", n, from+int64(len(out)))
		}
		out = append(out, []byte(leaf))
		size += len(leaf)
	}
	return out, rows.Err()
}

func leafAt(tx *db.Tx, n int64) (leaf string, err error) {
	err = tx.Row("select leaf from record_leaf where n = $1", n).Scan(&leaf)
	return leaf, err
}

func indexOf(tx *db.Tx, seq int64) (n int64, err error) {
	err = tx.Row("select n from record_leaf where seq = $1", seq).Scan(&n)
	return n, err
}

func leavesAbout(tx *db.Tx, subject string) ([]string, error) {
	return db.Collect(tx, func(r *db.Rows) (leaf string, err error) {
		err = r.Scan(&leaf)
		return leaf, err
	}, `select l.leaf from record_about a join record_leaf l on l.n = a.n where a.subject = $1 order by a.n`, subject)
}

// numbersAbout lists the numbers of the leaves about a thing, in order.
func numbersAbout(tx *db.Tx, subject string) ([]int64, error) {
	return db.Collect(tx, func(r *db.Rows) (n int64, err error) {
		err = r.Scan(&n)
		return n, err
	}, `select n from record_about where subject = $1 order by n`, subject)
}

// notFound tells whether err is the absence of a row.
func notFound(err error) bool { return glosa.KindOf(err) == glosa.NotFound }
