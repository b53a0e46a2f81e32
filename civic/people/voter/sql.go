package voter

import (
	"time"

	"glosa"
	"glosa/db"
)

func insertProof(tx *db.Tx, p proof) error {
	_, err := tx.Exec(`insert into voter_proof (id, code, identifier, box_id, box, until) values ($1, $2, $3, $4, $5, $6)`,
		p.id, p.code, p.identifier, string(p.boxID), p.box, p.until)
	return err
}

func selectProof(tx *db.Tx, id string) ([]proof, error) {
	return db.Collect(tx, func(r *db.Rows) (p proof, err error) {
		err = r.Scan(&p.id, &p.code, &p.identifier, &p.boxID, &p.box, &p.tries, &p.until)
		return p, err
	}, `select id, code, identifier, box_id, box, tries, until from voter_proof where id = $1`, id)
}

func countTry(tx *db.Tx, id string) error {
	_, err := tx.Exec(`update voter_proof set tries = tries + 1 where id = $1`, id)
	return err
}

// emptyProof forgets a letter.
func emptyProof(tx *db.Tx, id string) error {
	_, err := tx.Exec(`update voter_proof set box_id = '', box = $2 where id = $1`, id, []byte{})
	return err
}

func deleteProof(tx *db.Tx, id string) error {
	_, err := tx.Exec(`delete from voter_proof where id = $1`, id)
	return err
}

// deleteOver forgets what is over, and tells how many there were.
func deleteOver(tx *db.Tx, now time.Time) (int, error) {
	n, err := tx.Exec(`delete from voter_proof where until <= $1`, now)
	return int(n), err
}

func selectFirstOver(tx *db.Tx) (at time.Time, err error) {
	err = tx.Row(`select coalesce(min(until), 0) from voter_proof`).Scan(&at)
	return at, err
}

func countProofs(tx *db.Tx) (n int, err error) {
	err = tx.Row(`select count(*) from voter_proof`).Scan(&n)
	return n, err
}

func insertDoor(tx *db.Tx, door glosa.Code) error {
	_, err := tx.Exec(`insert into voter_door (door, since) values ($1, $2) on conflict (door) do nothing`, door, tx.Now)
	return err
}

func selectOffered(tx *db.Tx, ed glosa.EditionID) ([]glosa.Code, error) {
	return db.Collect(tx, func(r *db.Rows) (door glosa.Code, err error) { return door, r.Scan(&door) },
		`select door from voter_door union select 'code' from voter_list where edition = $1 and state <> 'proposed'`, ed)
}
