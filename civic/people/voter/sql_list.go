package voter

import (
	"slices"

	"glosa"
	"glosa/db"
)

const listColumns = `id, edition, issuer, state, codes, root, first_human, first_side, first_at, second_human, second_side, loaded_at,
	used, destroyed, told_human, told_side, closed_human, closed_side, closed_at`

func scanList(r *db.Rows) (i Issue, err error) {
	err = r.Scan(&i.ID, &i.Edition, &i.Issuer, &i.State, &i.Codes, &i.Root, &i.first.human, &i.first.side, &i.Proposed,
		&i.second.human, &i.second.side, &i.Loaded, &i.Used, &i.Destroyed, &i.told.human, &i.told.side, &i.closed.human, &i.closed.side, &i.Closed)
	i.Told = i.told.human != ""
	return i, err
}

func selectLists(tx *db.Tx, ed glosa.EditionID) ([]Issue, error) {
	return db.Collect(tx, scanList, `select `+listColumns+` from voter_list where edition = $1 order by first_at, id`, ed)
}

func selectEveryList(tx *db.Tx) ([]Issue, error) {
	return db.Collect(tx, scanList, `select `+listColumns+` from voter_list where state <> 'proposed' order by id`)
}

// selectList is one list of an edition. NotFound.
func selectList(tx *db.Tx, ed glosa.EditionID, id glosa.Code) (Issue, error) {
	all, err := db.Collect(tx, scanList, `select `+listColumns+` from voter_list where edition = $1 and id = $2`, ed, id)
	if err == nil && len(all) == 0 {
		err = glosa.Missing("codes", string(id))
	}
	if err != nil {
		return Issue{}, err
	}
	return all[0], nil
}

func insertList(tx *db.Tx, i Issue) error {
	_, err := tx.Exec(`insert into voter_list (id, edition, issuer, state, codes, root, first_human, first_side, first_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, i.ID, i.Edition, i.Issuer, string(i.State), i.Codes, i.Root, i.first.human, i.first.side, i.Proposed)
	return err
}

func deleteList(tx *db.Tx, id glosa.Code) error {
	_, err := tx.Exec(`delete from voter_list where id = $1 and state = 'proposed'`, id)
	return err
}

func saveList(tx *db.Tx, i Issue) error {
	_, err := tx.Exec(`update voter_list set state = $2, second_human = $3, second_side = $4, loaded_at = $5, used = $6, destroyed = $7,
		told_human = $8, told_side = $9, closed_human = $10, closed_side = $11, closed_at = $12 where id = $1`, i.ID, string(i.State),
		i.second.human, i.second.side, i.Loaded, i.Used, i.Destroyed, i.told.human, i.told.side, i.closed.human, i.closed.side, i.Closed)
	return err
}

func insertCodes(tx *db.Tx, id glosa.Code, hashes []glosa.Hash) error {
	sets := make([][]any, len(hashes))
	for i, h := range hashes {
		sets[i] = []any{h, id}
	}
	for len(sets) > 0 {
		n := min(len(sets), 256)
		made, err := tx.ExecMany(`insert into voter_code (hash, list) values ($1, $2) on conflict do nothing`, sets[:n])
		if err != nil {
			return err
		}
		if slices.Contains(made, 0) { // a code of another list: whose envelope would it be?
			return glosa.Refuse(glosa.Conflict, "vo.list.there", "rule", string(actBring))
		}
		sets = sets[n:]
	}
	return nil
}

// selectGood tells whether a code was issued for an edition and its list is open.
func selectGood(tx *db.Tx, ed glosa.EditionID, hash glosa.Hash) (bool, error) {
	var n int
	err := tx.Row(`select count(*) from voter_code c join voter_list l on l.id = c.list
		where c.hash = $1 and l.edition = $2 and l.state = 'loaded'`, hash, ed).Scan(&n)
	return n > 0, err
}

func markShown(tx *db.Tx, hash glosa.Hash) error {
	_, err := tx.Exec(`update voter_code set shown = true where hash = $1 and shown = false`, hash)
	return err
}

func unmark(tx *db.Tx, ed glosa.EditionID) error {
	_, err := tx.Exec(`update voter_code set shown = false where list in (select id from voter_list where edition = $1)`, ed)
	return err
}

func countShown(tx *db.Tx, id glosa.Code) (n int, err error) {
	err = tx.Row(`select count(*) from voter_code where list = $1 and shown = true`, id).Scan(&n)
	return n, err
}

func selectHashes(tx *db.Tx, id glosa.Code) ([]glosa.Hash, error) {
	return db.Collect(tx, func(r *db.Rows) (h glosa.Hash, err error) { return h, r.Scan(&h) },
		`select hash from voter_code where list = $1 order by hash`, id)
}

// selectShown lists the codes of an edition's lists that somebody typed.
func selectShown(tx *db.Tx, ed glosa.EditionID) ([]glosa.Hash, error) {
	return db.Collect(tx, func(r *db.Rows) (hash glosa.Hash, err error) { return hash, r.Scan(&hash) }, `select c.hash from voter_code c
		join voter_list l on l.id = c.list where l.edition = $1 and l.state <> 'proposed' and c.shown = true order by c.hash`, ed)
}
