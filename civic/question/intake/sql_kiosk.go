package intake

import (
	"time"

	"glosa"
	"glosa/db"
)

func insertKiosk(tx *db.Tx, id string, desk DeskID, code glosa.Hash, who string, until time.Time) error {
	_, err := tx.Exec(`insert into intake_kiosk (id, desk, code, who, until) values ($1, $2, $3, $4, $5)`, id, desk, code, who, until)
	return err
}

// deleteCodes takes away what nobody typed, and devices whose time is over.
func deleteCodes(tx *db.Tx, desk DeskID) error {
	_, err := tx.Exec(`delete from intake_kiosk where desk = $1 and (device is null or until <= $2)`, desk, tx.Now)
	return err
}

// openKiosk gives a code's place to a device; false when no such code stands.
func openKiosk(tx *db.Tx, desk DeskID, code, device glosa.Hash, until time.Time) (bool, error) {
	n, err := tx.Exec(`update intake_kiosk set code = null, device = $3, opened_at = $4, until = $5 where desk = $1 and code = $2 and until > $4`,
		desk, code, device, tx.Now, until)
	return n == 1, err
}

func hasKiosk(tx *db.Tx, desk DeskID, device glosa.Hash) (bool, error) {
	var n int
	err := tx.Row(`select count(*) from intake_kiosk where desk = $1 and device = $2 and until > $3`, desk, device, tx.Now).Scan(&n)
	return n > 0, err
}

// deleteKiosk is false when there is no such device or code.
func deleteKiosk(tx *db.Tx, desk DeskID, id string) (bool, error) {
	n, err := tx.Exec(`delete from intake_kiosk where desk = $1 and id = $2`, desk, id)
	return n == 1, err
}

func selectKiosks(tx *db.Tx, desk DeskID) ([]Device, error) {
	return db.Collect(tx, func(rows *db.Rows) (d Device, err error) {
		return d, rows.Scan(&d.ID, &d.Opened, &d.Until)
	}, `select id, opened_at, until from intake_kiosk where desk = $1 and until > $2 order by opened_at, id`, desk, tx.Now)
}
