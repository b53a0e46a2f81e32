package opinion

import (
	"encoding/json"
	"slices"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/db"
)

// keptSet is a statement set as its row has it.
type keptSet struct {
	id, edition         string
	settings            Settings
	text                string // the settings' canonical JSON
	digest              glosa.Hash
	frozen              time.Time
	opened, until, shut time.Time
	early               bool
	destroyed           time.Time
}

func (k keptSet) contest() glosa.ContestID { return glosa.ContestID(k.id) }

const setColumns = `id, edition, settings, digest, frozen_at, opened_at, until_at, closed_at, early, destroyed_at`

func scanSet(r *db.Rows) (k keptSet, err error) {
	err = r.Scan(&k.id, &k.edition, &k.text, &k.digest, &k.frozen, &k.opened, &k.until, &k.shut, &k.early, &k.destroyed)
	if err == nil {
		err = json.Unmarshal([]byte(k.text), &k.settings)
	}
	return k, err
}

// insertSet is false when the edition has one.
func insertSet(tx *db.Tx, s Settings, js string, digest glosa.Hash, by glosa.Actor) (bool, error) {
	n, err := tx.Exec(`insert into opinion_set (id, edition, settings, digest, frozen_at, frozen_by)
		values ($1, $2, $3, $4, $5, $6) on conflict do nothing`, s.Contest, s.Edition, js, digest, tx.Now, by.By())
	return n > 0, err
}

// selectSet reads an edition's set. NotFound.
func selectSet(tx *db.Tx, ed glosa.EditionID) (keptSet, error) {
	all, err := db.Collect(tx, scanSet, `select `+setColumns+` from opinion_set where edition = $1`, ed)
	if err == nil && len(all) == 0 {
		err = glosa.Missing("contest", string(ContestOf(ed)))
	}
	if err != nil {
		return keptSet{}, err
	}
	return all[0], nil
}

func selectSets(tx *db.Tx) ([]keptSet, error) {
	return db.Collect(tx, scanSet, `select `+setColumns+` from opinion_set order by id`)
}

// selectUnopened lists the sets that were never opened and in which statements wait.
func selectUnopened(tx *db.Tx) ([]keptSet, error) {
	return db.Collect(tx, scanSet, `select `+setColumns+` from opinion_set where opened_at = 0
		and id in (select contest from opinion_statement where state in ('waiting', 'second')) order by id`)
}

func openSet(tx *db.Tx, contest glosa.ContestID, until, due time.Time) error {
	if _, err := tx.Exec(`update opinion_set set opened_at = $2, until_at = $3 where id = $1`, contest, tx.Now, until); err != nil {
		return err
	}
	_, err := tx.Exec(`insert into opinion_clock (contest, due_at) values ($1, $2)`, contest, due)
	return err
}

func closeSet(tx *db.Tx, contest glosa.ContestID, early bool) error {
	if _, err := tx.Exec(`update opinion_set set closed_at = $2, early = $3 where id = $1`, contest, tx.Now, early); err != nil {
		return err
	}
	_, err := tx.Exec(`delete from opinion_clock where contest = $1`, contest)
	return err
}

func updateDue(tx *db.Tx, contest glosa.ContestID, at time.Time) error {
	_, err := tx.Exec(`update opinion_clock set due_at = $2 where contest = $1`, contest, at)
	return err
}

func selectDue(tx *db.Tx, now time.Time, limit int) ([]keptSet, error) {
	return db.Collect(tx, scanSet, `select s.id, s.edition, s.settings, s.digest, s.frozen_at, s.opened_at, s.until_at, s.closed_at, s.early, s.destroyed_at
		from opinion_clock k join opinion_set s on s.id = k.contest where k.due_at <= $1 order by k.due_at, s.id limit $2`, now, limit)
}

// selectNextDue is the zero time when nothing is due any more.
func selectNextDue(tx *db.Tx) (at time.Time, err error) {
	err = tx.Row(`select coalesce(min(w.at), 0) from (select due_at as at from opinion_clock
		union all select second_at as at from opinion_statement
		where state = 'second' and contest in (select id from opinion_set where closed_at = 0)) w`).Scan(&at)
	return at, err
}

const ballotColumns = `committed, key, contest, door, fresh, state, batch, salt_server, salt_device, opener, votes, withdrawn`

func scanBallot(r *db.Rows) (*ballot, error) {
	var b ballot
	var device []byte
	var said string
	err := r.Scan(&b.commit, &b.key, &b.contest, &b.door, &b.fresh, &b.state, &b.batch, &b.saltServer, &device, &b.opener, &said, &b.withdrawn)
	copy(b.saltDevice[:], device)
	b.votes, _ = parseVotes(said) // we wrote it
	return &b, err
}

// selectStanding is the ballot that stands under a key; nil when none does.
func selectStanding(tx *db.Tx, key glosa.Hash) (*ballot, error) {
	all, err := db.Collect(tx, scanBallot, `select `+ballotColumns+` from opinion_ballot where state = 'standing' and key = $1`, key)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

func insertBallot(tx *db.Tx, b *ballot) error {
	_, err := tx.Exec(`insert into opinion_ballot (`+ballotColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		b.commit, b.key, b.contest, b.door, b.fresh, b.state, b.batch, b.saltServer, b.saltDevice[:], b.opener, b.votes.String(), b.withdrawn)
	return err
}

// endBallot ends the standing of a ballot: another comes in its place, or none.
func endBallot(tx *db.Tx, key glosa.Hash, withdrawn bool) error {
	_, err := tx.Exec(`update opinion_ballot set state = 'replaced', withdrawn = $2 where state = 'standing' and key = $1`, key, withdrawn)
	return err
}

// selectUnbatched lists the versions that no batch holds yet.
func selectUnbatched(tx *db.Tx, contest glosa.ContestID) ([]*ballot, error) {
	return db.Collect(tx, scanBallot, `select `+ballotColumns+` from opinion_ballot
		where contest = $1 and batch = 0 order by committed`, contest)
}

// selectOver lists the versions that no longer stand.
func selectOver(tx *db.Tx, contest glosa.ContestID) ([]*ballot, error) {
	return db.Collect(tx, scanBallot, `select `+ballotColumns+` from opinion_ballot
		where contest = $1 and state <> 'standing' order by committed`, contest)
}

// selectAllStanding lists the ballots that stand, by commitment.
func selectAllStanding(tx *db.Tx, contest glosa.ContestID) ([]*ballot, error) {
	return db.Collect(tx, scanBallot, `select `+ballotColumns+` from opinion_ballot
		where contest = $1 and state = 'standing' order by committed`, contest)
}

// selectEveryVersion lists every row of a contest, by commitment.
func selectEveryVersion(tx *db.Tx, contest glosa.ContestID) ([]*ballot, error) {
	return db.Collect(tx, scanBallot, `select `+ballotColumns+` from opinion_ballot where contest = $1 order by committed, batch`, contest)
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
		if err == nil {
			err = b.seal()
		}
		return b.commit, err
	}, `select `+ballotColumns+` from opinion_ballot where contest = $1 and batch >= $2 order by committed`, contest, least)
}

func updateBatched(tx *db.Tx, contest glosa.ContestID, n int) error {
	_, err := tx.Exec(`update opinion_ballot set batch = $2 where contest = $1 and batch = 0`, contest, n)
	return err
}

// deleteOver forgets the versions whose openers are published.
func deleteOver(tx *db.Tx, contest glosa.ContestID) error {
	_, err := tx.Exec(`delete from opinion_ballot where contest = $1 and state <> 'standing'`, contest)
	return err
}

// destroyRows forgets every ballot of a set and, unless its rows are everybody's,
// the file of the count; and says when.
func destroyRows(tx *db.Tx, k keptSet) error {
	if _, err := tx.Exec(`delete from opinion_ballot where contest = $1`, k.id); err != nil {
		return err
	}
	if k.settings.Rows != ForAll {
		if _, err := tx.Exec(`update opinion_result set file = $2 where contest = $1`, k.id, []byte{}); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`update opinion_set set destroyed_at = $2 where id = $1`, k.id, tx.Now)
	return err
}

func insertBatch(tx *db.Tx, b voter.Batch) error {
	commits := []byte{}
	for _, c := range b.Commits {
		commits = append(commits, c[:]...)
	}
	_, err := tx.Exec(`insert into opinion_batch (contest, n, fresh, changed, withdrawn, root, commits, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, b.Contest, b.N, b.New, b.Changed, b.Withdrawn, b.Root, commits, tx.Now)
	return err
}

func selectBatches(tx *db.Tx, contest glosa.ContestID) ([]voter.Batch, error) {
	return db.Collect(tx, func(r *db.Rows) (b voter.Batch, err error) {
		err = r.Scan(&b.Contest, &b.N, &b.New, &b.Changed, &b.Withdrawn, &b.Root, &b.At)
		return b, err
	}, `select contest, n, fresh, changed, withdrawn, root, at from opinion_batch where contest = $1 order by n`, contest)
}

// selectCommits reads the commitments of one batch. NotFound.
func selectCommits(tx *db.Tx, contest glosa.ContestID, n int) (commits []glosa.Hash, err error) {
	var raw []byte
	if err := tx.Row(`select commits from opinion_batch where contest = $1 and n = $2`, contest, n).Scan(&raw); err != nil {
		return nil, err
	}
	for c := range slices.Chunk(raw, len(glosa.Hash{})) {
		commits = append(commits, glosa.Hash(c))
	}
	return commits, nil
}

// selectLastBatch is the number of the last batch.
func selectLastBatch(tx *db.Tx, contest glosa.ContestID) (n int, err error) {
	err = tx.Row(`select count(*) from opinion_batch where contest = $1`, contest).Scan(&n)
	return n, err
}

// result is the count after the end, as it is kept.
type result struct {
	file            []byte
	input, digest   glosa.Hash
	picture         string
	ballots, groups int
	software        glosa.Code
	at              time.Time
}

// insertResult is false when the count was made already.
func insertResult(tx *db.Tx, contest glosa.ContestID, r result) (bool, error) {
	n, err := tx.Exec(`insert into opinion_result (contest, file, input, digest, picture, ballots, parts, software, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
		contest, r.file, r.input, r.digest, r.picture, r.ballots, r.groups, r.software, tx.Now)
	return n > 0, err
}

// selectResult reads the count without its file. NotFound.
func selectResult(tx *db.Tx, contest glosa.ContestID) (r result, err error) {
	err = tx.Row(`select input, digest, picture, ballots, parts, software, at from opinion_result where contest = $1`, contest).
		Scan(&r.input, &r.digest, &r.picture, &r.ballots, &r.groups, &r.software, &r.at)
	return r, err
}

// selectFile reads the rows of the count. NotFound.
func selectFile(tx *db.Tx, contest glosa.ContestID) (file []byte, err error) {
	err = tx.Row(`select file from opinion_result where contest = $1`, contest).Scan(&file)
	return file, err
}
