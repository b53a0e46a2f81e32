package priority

import (
	"strings"
	"time"

	"glosa"
	"glosa/civic/question/intake"
	"glosa/db"
)

const paperColumns = `id, contest, desk, state, code, first_human, first_side, first_choices, second_human, second_side, second_choices`

func scanPaper(r *db.Rows) (s sheet, err error) {
	var first, second string
	var code []byte
	err = r.Scan(&s.id, &s.contest, &s.desk, &s.state, &code, &s.first.human, &s.first.side, &first, &s.second.human, &s.second.side, &second)
	copy(s.code[:], code)
	s.first.set, s.second.set = split(first), split(second)
	return s, err
}

func split(list string) (set []glosa.QuestionID) {
	for id := range strings.SplitSeq(list, ",") {
		if id != "" {
			set = append(set, glosa.QuestionID(id))
		}
	}
	return set
}

func joined(set []glosa.QuestionID) string {
	words := make([]string, len(set))
	for i, id := range set {
		words[i] = string(id)
	}
	return strings.Join(words, ",")
}

// selectSheet is the pending sheet of a code: none or one.
func selectSheet(tx *db.Tx, code glosa.Hash) ([]sheet, error) {
	return db.Collect(tx, scanPaper, `select `+paperColumns+` from priority_paper where code = $1`, code)
}

// selectPending lists the sheets of a contest that are not cast.
func selectPending(tx *db.Tx, contest glosa.ContestID) ([]sheet, error) {
	return db.Collect(tx, scanPaper, `select `+paperColumns+` from priority_paper
		where contest = $1 and state <> 'cast' order by id`, contest)
}

func insertSheet(tx *db.Tx, s sheet) error {
	_, err := tx.Exec(`insert into priority_paper (id, contest, desk, state, code, first_human, first_side, first_choices)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, s.id, s.contest, s.desk, string(s.state), s.code, s.first.human, s.first.side, joined(s.first.set))
	return err
}

func saveSheet(tx *db.Tx, s sheet) error {
	_, err := tx.Exec(`update priority_paper set state = $2, first_human = $3, first_side = $4, first_choices = $5,
		second_human = $6, second_side = $7, second_choices = $8 where id = $1`, s.id, string(s.state),
		s.first.human, s.first.side, joined(s.first.set), s.second.human, s.second.side, joined(s.second.set))
	return err
}

// emptySheet keeps of a cast sheet who typed it, and nothing of the ballot.
func emptySheet(tx *db.Tx, s sheet) error {
	_, err := tx.Exec(`update priority_paper set state = 'cast', code = null, first_choices = '',
		second_human = $2, second_side = $3, second_choices = '' where id = $1`, s.id, s.second.human, s.second.side)
	return err
}

func deleteSheet(tx *db.Tx, id string) error {
	_, err := tx.Exec(`delete from priority_paper where id = $1`, id)
	return err
}

func deletePending(tx *db.Tx, contest glosa.ContestID) error {
	_, err := tx.Exec(`delete from priority_paper where contest = $1 and state <> 'cast'`, contest)
	return err
}

func deletePapers(tx *db.Tx, ed glosa.EditionID) error {
	_, err := tx.Exec(`delete from priority_paper where contest in (select id from priority_contest where edition = $1)`, ed)
	return err
}

// paperCount is how much paper was typed at a desk.
type paperCount struct {
	desk intake.DeskID
	n    int
}

func scanPaperCount(r *db.Rows) (c paperCount, err error) {
	return c, r.Scan(&c.desk, &c.n)
}

func countPapers(tx *db.Tx, contest glosa.ContestID) ([]paperCount, error) {
	return db.Collect(tx, scanPaperCount, `select desk, count(*) from priority_paper where contest = $1 group by desk order by desk`, contest)
}

func insertPaperCount(tx *db.Tx, contest glosa.ContestID, c paperCount) error {
	_, err := tx.Exec(`insert into priority_paper_count (contest, desk, n) values ($1, $2, $3)`, contest, c.desk, c.n)
	return err
}

func selectPaperCounts(tx *db.Tx, contest glosa.ContestID) ([]paperCount, error) {
	return db.Collect(tx, scanPaperCount, `select desk, n from priority_paper_count where contest = $1 order by desk`, contest)
}

// selectPaperClock is when a contest's paper was counted and when it was closed.
func selectPaperClock(tx *db.Tx, contest glosa.ContestID) (counted, closed time.Time, err error) {
	err = tx.Row(`select paper_counted_at, paper_closed_at from priority_contest where id = $1`, contest).Scan(&counted, &closed)
	return counted, closed, err
}

func savePaperClock(tx *db.Tx, contest glosa.ContestID, counted, closed time.Time) error {
	_, err := tx.Exec(`update priority_contest set paper_counted_at = $2, paper_closed_at = $3 where id = $1`, contest, counted, closed)
	return err
}

// updateLastBatch keeps with which batch the window ended.
func updateLastBatch(tx *db.Tx, contest glosa.ContestID, n int) error {
	_, err := tx.Exec(`update priority_contest set last_batch = $2 where id = $1`, contest, n)
	return err
}

// selectWindow is what is official of the window's end; "" before it.
func selectWindow(tx *db.Tx, contest glosa.ContestID) (word string, err error) {
	var counted time.Time
	var last int
	err = tx.Row(`select paper_counted_at, last_batch from priority_contest where id = $1`, contest).Scan(&counted, &last)
	if err == nil && !counted.IsZero() {
		word = windowWord(last)
	}
	return word, err
}
