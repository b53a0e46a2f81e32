package opinion

import (
	"time"

	"glosa"
	"glosa/db"
)

// keptStatement is a statement as its row has it.
type keptStatement struct {
	Statement

	contest  glosa.ContestID
	writer   glosa.HumanID
	body     string
	salt     []byte
	commit   []byte
	lock     []byte
	lockBy   glosa.Code
	secondAt time.Time
}

func (s keptStatement) source() glosa.Code {
	if s.Citizen {
		return "citizen"
	}
	return "desk"
}

const statementColumns = `contest, n, sort, source, writer, question, state, language, body, salt, committed, lock, lock_by, ground, second_at, admitted_at`

func scanStatement(r *db.Rows) (s keptStatement, err error) {
	var source string
	err = r.Scan(&s.contest, &s.N, &s.Sort, &source, &s.writer, &s.Question, &s.State, &s.Language, &s.body, &s.salt, &s.commit,
		&s.lock, &s.lockBy, &s.Ground, &s.secondAt, &s.Admitted)
	s.Citizen, s.Text = source == "citizen", s.body
	return s, err
}

func selectStatements(tx *db.Tx, contest glosa.ContestID) ([]keptStatement, error) {
	return db.Collect(tx, scanStatement, `select `+statementColumns+` from opinion_statement where contest = $1 order by n`, contest)
}

// selectStatement reads one. NotFound.
func selectStatement(tx *db.Tx, contest glosa.ContestID, n int) (keptStatement, error) {
	all, err := db.Collect(tx, scanStatement, `select `+statementColumns+` from opinion_statement where contest = $1 and n = $2`, contest, n)
	if err == nil && len(all) == 0 {
		err = glosa.Missing("statement", string(contest))
	}
	if err != nil {
		return keptStatement{}, err
	}
	return all[0], nil
}

// selectStatementsAfter pages over every statement with words of its own.
func selectStatementsAfter(tx *db.Tx, contest glosa.ContestID, n, limit int) ([]keptStatement, error) {
	return db.Collect(tx, scanStatement, `select `+statementColumns+` from opinion_statement
		where sort = 'statement' and (contest > $1 or contest = $1 and n > $2) order by contest, n limit $3`, contest, n, limit)
}

// selectSealed finds the statements behind a commitment.
func selectSealed(tx *db.Tx, commit glosa.Hash) ([]keptStatement, error) {
	return db.Collect(tx, scanStatement, `select `+statementColumns+` from opinion_statement where committed = $1`, commit)
}

// selectSilent lists the statements whose second word did not come while their
// vote was not closed.
func selectSilent(tx *db.Tx, now time.Time, limit int) ([]keptStatement, error) {
	return db.Collect(tx, scanStatement, `select `+statementColumns+` from opinion_statement
		where state = 'second' and second_at <= $1 and contest in (select id from opinion_set where closed_at = 0) order by second_at, contest, n limit $2`, now, limit)
}

func insertStatement(tx *db.Tx, s keptStatement) error {
	_, err := tx.Exec(`insert into opinion_statement (`+statementColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		s.contest, s.N, string(s.Sort), s.source(), s.writer, s.Question, string(s.State), s.Language, s.body, s.salt, s.commit, s.lock, s.lockBy,
		s.Ground, s.secondAt, s.Admitted)
	return err
}

// saveStatement writes what moves in a statement's life.
func saveStatement(tx *db.Tx, s keptStatement) error {
	_, err := tx.Exec(`update opinion_statement set state = $3, body = $4, salt = $5, ground = $6, second_at = $7, admitted_at = $8
		where contest = $1 and n = $2`, s.contest, s.N, string(s.State), s.body, s.salt, s.Ground, s.secondAt, s.Admitted)
	return err
}

// voice is one person's word on a statement. The human stays in this room.
type voice struct {
	human glosa.HumanID
	side  glosa.Side
	post  glosa.Code
	word  glosa.Code
}

// round is two people's words on a statement, the second given blind.
type round struct {
	contest       glosa.ContestID
	n, round      int
	kind          string // refuse, erase
	first, second voice
	at            time.Time
	outcome       glosa.Code
	closed        time.Time
}

const roundColumns = `contest, n, kind, round, first_human, first_side, first_post, first_word, first_at,
	second_human, second_side, second_post, second_word, outcome, closed_at`

func scanRound(r *db.Rows) (x round, err error) {
	err = r.Scan(&x.contest, &x.n, &x.kind, &x.round, &x.first.human, &x.first.side, &x.first.post, &x.first.word, &x.at,
		&x.second.human, &x.second.side, &x.second.post, &x.second.word, &x.outcome, &x.closed)
	return x, err
}

// selectRounds lists the rounds of a set.
func selectRounds(tx *db.Tx, contest glosa.ContestID) ([]round, error) {
	return db.Collect(tx, scanRound, `select `+roundColumns+` from opinion_word where contest = $1 order by n, kind, round`, contest)
}

// selectRoundsOf lists the rounds of one kind about a statement.
func selectRoundsOf(tx *db.Tx, contest glosa.ContestID, n int, kind string) ([]round, error) {
	return db.Collect(tx, scanRound, `select `+roundColumns+` from opinion_word
		where contest = $1 and n = $2 and kind = $3 order by round`, contest, n, kind)
}

func insertRound(tx *db.Tx, x round) error {
	_, err := tx.Exec(`insert into opinion_word (contest, n, kind, round, first_human, first_side, first_post, first_word, first_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, x.contest, x.n, x.kind, x.round, x.first.human, x.first.side, x.first.post, x.first.word, tx.Now)
	return err
}

func closeRound(tx *db.Tx, x round) error {
	_, err := tx.Exec(`update opinion_word set second_human = $5, second_side = $6, second_post = $7, second_word = $8, outcome = $9, closed_at = $10
		where contest = $1 and n = $2 and kind = $3 and round = $4`,
		x.contest, x.n, x.kind, x.round, x.second.human, x.second.side, x.second.post, x.second.word, x.outcome, tx.Now)
	return err
}

// tally is the votes on a statement: as batches told them, and as pages show them.
type tally struct {
	n                     int
	agree, disagree, pass int
	told                  [3]int // agree, disagree, pass
}

func (t tally) toldSum() int { return t.told[0] + t.told[1] + t.told[2] }

// add counts an answer by times.
func (t *tally) add(says Says, by int) {
	switch says {
	case Agree:
		t.agree += by
	case Disagree:
		t.disagree += by
	case Pass:
		t.pass += by
	}
}

// behind is by how many answers at least what pages show differs from what was
// counted: one that was changed is one.
func (t tally) behind() int {
	more, less := 0, 0
	for i, n := range [3]int{t.agree, t.disagree, t.pass} {
		more, less = more+max(0, n-t.told[i]), less+max(0, t.told[i]-n)
	}
	return max(more, less)
}

func selectTallies(tx *db.Tx, contest glosa.ContestID) (map[int]tally, error) {
	all, err := db.Collect(tx, func(r *db.Rows) (t tally, err error) {
		err = r.Scan(&t.n, &t.agree, &t.disagree, &t.pass, &t.told[0], &t.told[1], &t.told[2])
		return t, err
	}, `select n, agree, disagree, pass, told_agree, told_disagree, told_pass from opinion_tally where contest = $1`, contest)
	m := make(map[int]tally, len(all))
	for _, t := range all {
		m[t.n] = t
	}
	return m, err
}

func upsertTally(tx *db.Tx, contest glosa.ContestID, t tally) error {
	_, err := tx.Exec(`insert into opinion_tally (contest, n, agree, disagree, pass, told_agree, told_disagree, told_pass)
		values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (contest, n) do update set agree = excluded.agree, disagree = excluded.disagree,
		pass = excluded.pass, told_agree = excluded.told_agree, told_disagree = excluded.told_disagree, told_pass = excluded.told_pass`,
		contest, t.n, t.agree, t.disagree, t.pass, t.told[0], t.told[1], t.told[2])
	return err
}
