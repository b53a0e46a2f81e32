package priority

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db"
)

// insertContest is false when the edition has one.
func insertContest(tx *db.Tx, c Criteria, js string, digest glosa.Hash, by glosa.Actor) (bool, error) {
	n, err := tx.Exec(`insert into priority_contest (id, edition, criteria, digest, frozen_at, frozen_by)
		values ($1, $2, $3, $4, $5, $6) on conflict do nothing`, c.Contest, c.Edition, js, digest, tx.Now, by.By())
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(`insert into priority_clock (contest, due_at) values ($1, $2)`, c.Contest, tx.Now.Add(voter.BatchEvery))
	return true, err
}

func selectContest(tx *db.Tx, ed glosa.EditionID) (Criteria, error) {
	c, _, _, err := selectFrozen(tx, ed)
	return c, err
}

// selectFrozen reads the criteria with their digest and when they were frozen. NotFound.
func selectFrozen(tx *db.Tx, ed glosa.EditionID) (c Criteria, digest glosa.Hash, at time.Time, err error) {
	var js json.RawMessage
	row := tx.Row(`select criteria, digest, frozen_at from priority_contest where edition = $1`, ed)
	if err = row.Scan(&js, &digest, &at); err != nil {
		return c, digest, at, err
	}
	return c, digest, at, json.Unmarshal(js, &c)
}

const ballotColumns = `committed, key, contest, door, fresh, state, batch, salt_server, salt_device, opener, choices`

func scanBallot(r *db.Rows) (*ballot, error) {
	var b ballot
	var choices string
	var device []byte
	err := r.Scan(&b.commit, &b.key, &b.contest, &b.door, &b.fresh, &b.state, &b.batch, &b.saltServer, &device, &b.opener, &choices)
	copy(b.saltDevice[:], device)
	for c := range strings.SplitSeq(choices, ",") {
		b.choices = append(b.choices, glosa.QuestionID(c))
	}
	return &b, err
}

// selectStanding finds the ballots that stand under some keys.
func selectStanding(tx *db.Tx, keys []glosa.Hash) (map[glosa.Hash]*ballot, error) {
	found := make(map[glosa.Hash]*ballot, len(keys))
	for part := range portions(keys) {
		args := make([]any, len(part))
		for i, k := range part {
			args[i] = k[:]
		}
		all, err := db.Collect(tx, scanBallot, selectSome[len(part)], args...)
		if err != nil {
			return nil, err
		}
		for _, b := range all {
			found[b.key] = b
		}
	}
	return found, nil
}

func insertBallots(tx *db.Tx, made []*ballot) error {
	for part := range portions(made) {
		args := make([]any, 0, 11*len(part))
		for _, b := range part {
			choices := make([]string, len(b.choices))
			for j, c := range b.choices {
				choices[j] = string(c)
			}
			args = append(args, b.commit[:], b.key[:], string(b.contest), string(b.door), b.fresh, b.state, int64(b.batch),
				b.saltServer[:], b.saltDevice[:], b.opener[:], strings.Join(choices, ","))
		}
		if _, err := tx.Exec(insertSome[len(part)], args...); err != nil {
			return err
		}
	}
	return nil
}

// portionSizes are the only lengths of a set's statements.
var portionSizes = []int{256, 128, 64, 32, 16, 8, 4, 2, 1}

// insertSome and selectSome are the statements for each size, written once.
var insertSome, selectSome = func() (ins, sel map[int]string) {
	ins, sel = map[int]string{}, map[int]string{}
	for _, n := range portionSizes {
		rows := make([]string, n)
		for i := range rows {
			rows[i] = "(" + places(11*i+1, 11) + ")"
		}
		ins[n] = `insert into priority_ballot (` + ballotColumns + `) values ` + strings.Join(rows, ", ")
		sel[n] = `select ` + ballotColumns + ` from priority_ballot where state = 'standing' and key in (` + places(1, n) + `)`
	}
	return ins, sel
}()

// portions cuts a list into pieces of few different lengths, so that few
// different statements are kept prepared.
func portions[T any](list []T) func(func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(list) > 0 {
			n := portionSizes[slices.IndexFunc(portionSizes, func(size int) bool { return size <= len(list) })]
			if !yield(list[:n]) {
				return
			}
			list = list[n:]
		}
	}
}

// places writes $from, … for n arguments.
func places(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}

// updateState ends the standing of a ballot.
func updateState(tx *db.Tx, b *ballot) error {
	_, err := tx.Exec(`update priority_ballot set state = $2 where state = 'standing' and key = $1`, b.key, b.state)
	return err
}

// selectUnbatched lists the versions that no batch holds yet.
func selectUnbatched(tx *db.Tx, contest glosa.ContestID) ([]*ballot, error) {
	return db.Collect(tx, scanBallot, `select `+ballotColumns+` from priority_ballot
		where contest = $1 and batch = 0 order by committed`, contest)
}

// selectOver lists the versions that no longer stand, oldest batch first.
func selectOver(tx *db.Tx, contest glosa.ContestID) ([]*ballot, error) {
	return db.Collect(tx, scanBallot, `select `+ballotColumns+` from priority_ballot
		where contest = $1 and state <> 'standing' order by committed`, contest)
}

// selectAllStanding lists the ballots that stand, by commitment.
func selectAllStanding(tx *db.Tx, contest glosa.ContestID) ([]*ballot, error) {
	return db.Collect(tx, scanBallot, `select `+ballotColumns+` from priority_ballot
		where contest = $1 and state = 'standing' order by committed`, contest)
}

func updateBatched(tx *db.Tx, contest glosa.ContestID, n int) error {
	_, err := tx.Exec(`update priority_ballot set batch = $2 where contest = $1 and batch = 0`, contest, n)
	return err
}

// deleteOver forgets the versions whose openers are published.
func deleteOver(tx *db.Tx, contest glosa.ContestID) error {
	_, err := tx.Exec(`delete from priority_ballot where contest = $1 and state <> 'standing'`, contest)
	return err
}

// selectKept lists the editions whose ballots are still kept.
func selectKept(tx *db.Tx) ([]glosa.EditionID, error) {
	return db.Collect(tx, func(r *db.Rows) (ed glosa.EditionID, err error) { return ed, r.Scan(&ed) },
		`select edition from priority_contest where destroyed_at = 0 order by edition`)
}

// deleteBallots forgets every ballot of an edition, and says when.
func deleteBallots(tx *db.Tx, ed glosa.EditionID) error {
	if err := deletePapers(tx, ed); err != nil {
		return err
	}
	if err := deleteCame(tx, ed); err != nil {
		return err
	}
	if err := deleteBesideFiles(tx, ed); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from priority_ballot where contest in (select id from priority_contest where edition = $1)`, ed); err != nil {
		return err
	}
	_, err := tx.Exec(`update priority_contest set destroyed_at = $2 where edition = $1`, ed, tx.Now)
	return err
}

func insertBatch(tx *db.Tx, b voter.Batch) error {
	commits := []byte{} // of withdrawals alone there is none
	for _, c := range b.Commits {
		commits = append(commits, c[:]...)
	}
	_, err := tx.Exec(`insert into priority_batch (contest, n, fresh, changed, withdrawn, root, commits, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, b.Contest, b.N, b.New, b.Changed, b.Withdrawn, b.Root, commits, tx.Now)
	return err
}

func scanBatch(r *db.Rows) (b voter.Batch, err error) {
	err = r.Scan(&b.Contest, &b.N, &b.New, &b.Changed, &b.Withdrawn, &b.Root, &b.At)
	return b, err
}

func selectBatches(tx *db.Tx, contest glosa.ContestID) ([]voter.Batch, error) {
	return db.Collect(tx, scanBatch, `select contest, n, fresh, changed, withdrawn, root, at
		from priority_batch where contest = $1 order by n`, contest)
}

func selectEveryBatch(tx *db.Tx) ([]voter.Batch, error) {
	return db.Collect(tx, scanBatch, `select contest, n, fresh, changed, withdrawn, root, at
		from priority_batch order by contest, n`)
}

// selectCommits reads the commitments of one batch. NotFound.
func selectCommits(tx *db.Tx, contest glosa.ContestID, n int) (commits []glosa.Hash, err error) {
	var raw []byte
	if err := tx.Row(`select commits from priority_batch where contest = $1 and n = $2`, contest, n).Scan(&raw); err != nil {
		return nil, err
	}
	for c := range slices.Chunk(raw, len(glosa.Hash{})) {
		commits = append(commits, glosa.Hash(c))
	}
	return commits, nil
}

// selectSums is how many batches there were, and ballots that came and went.
func selectSums(tx *db.Tx, contest glosa.ContestID) (n, stand int, err error) {
	err = tx.Row(`select count(*), coalesce(sum(fresh), 0) - coalesce(sum(withdrawn), 0)
		from priority_batch where contest = $1`, contest).Scan(&n, &stand)
	return n, stand, err
}

type dueContest struct {
	contest glosa.ContestID
	edition glosa.EditionID
}

func selectDue(tx *db.Tx, now time.Time, limit int) ([]dueContest, error) {
	return db.Collect(tx, func(r *db.Rows) (c dueContest, err error) {
		err = r.Scan(&c.contest, &c.edition)
		return c, err
	}, `select k.contest, c.edition from priority_clock k join priority_contest c on c.id = k.contest
		where k.due_at <= $1 order by k.due_at, k.contest limit $2`, now, limit)
}

// selectNextDue is the zero time when no batch is due any more.
func selectNextDue(tx *db.Tx) (at time.Time, err error) {
	err = tx.Row(`select coalesce(min(due_at), 0) from priority_clock`).Scan(&at)
	return at, err
}

func updateDue(tx *db.Tx, contest glosa.ContestID, at time.Time) error {
	_, err := tx.Exec(`update priority_clock set due_at = $2 where contest = $1`, contest, at)
	return err
}

func deleteDue(tx *db.Tx, contest glosa.ContestID) error {
	_, err := tx.Exec(`delete from priority_clock where contest = $1`, contest)
	return err
}

type shown struct {
	question   glosa.QuestionID
	supporters int
}

func selectShown(tx *db.Tx, contest glosa.ContestID) (map[glosa.QuestionID]int, error) {
	all, err := db.Collect(tx, func(r *db.Rows) (s shown, err error) {
		err = r.Scan(&s.question, &s.supporters)
		return s, err
	}, `select question, supporters from priority_shown where contest = $1`, contest)
	m := make(map[glosa.QuestionID]int, len(all))
	for _, s := range all {
		m[s.question] = s.supporters
	}
	return m, err
}

func upsertShown(tx *db.Tx, contest glosa.ContestID, q glosa.QuestionID, n int) error {
	_, err := tx.Exec(`insert into priority_shown (contest, question, supporters) values ($1, $2, $3)
		on conflict (contest, question) do update set supporters = excluded.supporters`, contest, q, n)
	return err
}

// stored is a selection as it is kept.
type stored struct {
	file                 []byte
	input, digest        glosa.Hash
	result               json.RawMessage
	account              json.RawMessage // see [Account]; read by selectAccount alone
	covered, coveredRaw  int
	ballots, void, apart int
	excluded             int
	software             glosa.Code
	human                glosa.HumanID
	side                 glosa.Side
	by                   string
	freeOn               people.Day // see free.go
	at                   time.Time
	fileSize             int64
}

// insertSelection is false when the contest was decided already.
func insertSelection(tx *db.Tx, contest glosa.ContestID, s stored) (bool, error) {
	n, err := tx.Exec(`insert into priority_selection (contest, file, input, result, digest, covered, covered_raw,
		ballots, void, apart, software, human, side, by, free_on, at, excluded, account)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) on conflict do nothing`,
		contest, s.file, s.input, s.result, s.digest, s.covered, s.coveredRaw, s.ballots, s.void, s.apart,
		s.software, s.human, s.side, s.by, s.freeOn, tx.Now, s.excluded, s.account)
	return n > 0, err
}

// selectSelection reads a selection without its file and its account. NotFound.
func selectSelection(tx *db.Tx, contest glosa.ContestID) (s stored, err error) {
	err = tx.Row(`select input, result, digest, covered, covered_raw, ballots, void, apart, software, side, by, free_on, at, excluded, length(file)
		from priority_selection where contest = $1`, contest).
		Scan(&s.input, &s.result, &s.digest, &s.covered, &s.coveredRaw, &s.ballots, &s.void, &s.apart, &s.software, &s.side, &s.by, &s.freeOn, &s.at, &s.excluded, &s.fileSize)
	return s, err
}

// selectFile reads the published file. NotFound.
func selectFile(tx *db.Tx, contest glosa.ContestID) (file []byte, err error) {
	err = tx.Row(`select file from priority_selection where contest = $1`, contest).Scan(&file)
	return file, err
}

// selectAccount reads what was worked out of the published file. NotFound.
func selectAccount(tx *db.Tx, contest glosa.ContestID) (js json.RawMessage, err error) {
	err = tx.Row(`select account from priority_selection where contest = $1`, contest).Scan(&js)
	return js, err
}

func selectContests(tx *db.Tx) ([]kept, error) {
	return db.Collect(tx, func(r *db.Rows) (k kept, err error) {
		var at time.Time
		err = r.Scan(&k.id, &k.edition, &k.criteria, &at)
		k.destroyed = !at.IsZero()
		return k, err
	}, `select id, edition, criteria, destroyed_at from priority_contest order by id`)
}

// selectMade lists the commitments of the ballots that the record was told of,
// each made again from its row; with all set, of every ballot there is.
func selectMade(tx *db.Tx, contest glosa.ContestID, all bool) ([]glosa.Hash, error) {
	least := 1
	if all {
		least = 0
	}
	return db.Collect(tx, func(r *db.Rows) (glosa.Hash, error) {
		b, err := scanBallot(r)
		b.seal()
		return b.commit, err
	}, `select `+ballotColumns+` from priority_ballot where contest = $1 and batch >= $2 order by committed`, contest, least)
}
