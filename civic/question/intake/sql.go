package intake

import (
	"time"

	"glosa"
	"glosa/db"
)

// standing are the sheets of a desk as they stand; since is what moved after the count.
const tableColumns = `d.id, d.edition, d.number, d.kind, d.name, d.place, d.municipality, d.opened_at, d.counted_at,
	d.issued, d.captured, d.void, d.waiting, d.missing, d.accounted_at,
	(select count(*) from intake_sheet s1 where s1.desk = d.id and s1.state = 'issued'),
	(select count(*) from intake_sheet s2 where s2.desk = d.id and s2.state = 'captured'),
	(select count(*) from intake_sheet s3 where s3.desk = d.id and s3.state = 'void'),
	(select count(*) from intake_sheet s4 where s4.desk = d.id and s4.state <> 'issued' and s4.at > d.counted_at),
	(select count(*) from intake_entry e where e.desk = d.id)`

func scanTable(rows *db.Rows) (t Table, err error) {
	var out, moved int
	l := &t.Ledger
	err = rows.Scan(&t.ID, &t.Edition, &t.Number, &t.Kind, &t.Name, &t.Place, &t.Municipality, &t.Opened, &t.Counted,
		&t.Logged.Issued, &t.Logged.Captured, &t.Logged.Void, &t.Logged.Waiting, &t.Logged.Missing, &t.accounted,
		&out, &l.Captured, &l.Void, &moved, &t.Questions)
	l.Issued, l.Missing = out+l.Captured+l.Void, out
	if !t.Counted.IsZero() {
		l.Waiting, l.Missing = max(0, t.Logged.Waiting-moved), t.Logged.Missing
	}
	return t, err
}

// load is one desk. NotFound.
func load(tx *db.Tx, id DeskID) (Table, error) {
	all, err := db.Collect(tx, scanTable, `select `+tableColumns+` from intake_desk d where d.id = $1`, id)
	if err == nil && len(all) == 0 {
		err = glosa.Missing("desk", string(id))
	}
	if err != nil {
		return Table{}, err
	}
	return all[0], nil
}

func selectTables(tx *db.Tx, ed glosa.EditionID) ([]Table, error) {
	return db.Collect(tx, scanTable, `select `+tableColumns+` from intake_desk d where d.edition = $1 order by d.number`, ed)
}

func selectEvery(tx *db.Tx) ([]Table, error) {
	return db.Collect(tx, scanTable, `select `+tableColumns+` from intake_desk d order by d.id`)
}

// selectUnaccounted are the editions that have desks whose numbers have no account
// in the record yet.
func selectUnaccounted(tx *db.Tx) ([]glosa.EditionID, error) {
	return db.Collect(tx, func(rows *db.Rows) (ed glosa.EditionID, err error) { return ed, rows.Scan(&ed) },
		`select distinct edition from intake_desk where accounted_at = 0 order by edition`)
}

func countDesks(tx *db.Tx, ed glosa.EditionID) (n int, err error) {
	err = tx.Row(`select count(*) from intake_desk where edition = $1`, ed).Scan(&n)
	return n, err
}

func insertDesk(tx *db.Tx, id DeskID, ed glosa.EditionID, n int, o Opening) error {
	_, err := tx.Exec(`insert into intake_desk (id, edition, number, kind, name, place, municipality, opened_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, ed, n, o.Kind, o.Name, o.Place, o.Municipality, tx.Now)
	return err
}

func saveCount(tx *db.Tx, id DeskID, l Ledger) error {
	_, err := tx.Exec(`update intake_desk set counted_at = $2, issued = $3, captured = $4, void = $5, waiting = $6, missing = $7 where id = $1`,
		id, tx.Now, l.Issued, l.Captured, l.Void, l.Waiting, l.Missing)
	return err
}

func saveAccounted(tx *db.Tx, id DeskID) error {
	_, err := tx.Exec(`update intake_desk set accounted_at = $2 where id = $1`, id, tx.Now)
	return err
}

// insertRun is false when this printing was done before.
func insertRun(tx *db.Tx, r run) (bool, error) {
	n, err := tx.Exec(`insert into intake_run (id, desk, once, sheets, who, at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
		r.id, r.desk, r.once, r.sheets, r.who, tx.Now)
	return n == 1, err
}

// highest is the last number printed between two; 0 when none was.
func highest(tx *db.Tx, id DeskID, first, last int) (n int, err error) {
	err = tx.Row(`select coalesce(max(number), 0) from intake_sheet where desk = $1 and number >= $2 and number <= $3`, id, first, last).Scan(&n)
	return n, err
}

func insertSheets(tx *db.Tx, all []sheet) error {
	sets := make([][]any, len(all))
	for i, s := range all {
		sets[i] = []any{s.folio, s.desk, s.run, s.number, s.auth, s.lock, Issued, tx.Now}
	}
	for len(sets) > 0 {
		n := min(len(sets), 256)
		if _, err := tx.ExecMany(`insert into intake_sheet (folio, desk, run, number, auth, lock, state, at)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`, sets[:n]); err != nil {
			return err
		}
		sets = sets[n:]
	}
	return nil
}

// selectSheet is one printed folio. NotFound.
func selectSheet(tx *db.Tx, id glosa.QuestionID) (s sheet, err error) {
	err = tx.Row(`select folio, desk, run, number, auth, lock, state, reason from intake_sheet where folio = $1`, id).
		Scan(&s.folio, &s.desk, &s.run, &s.number, &s.auth, &s.lock, &s.state, &s.reason)
	return s, err
}

func moveSheet(tx *db.Tx, id glosa.QuestionID, to SheetState, reason glosa.Code) error {
	_, err := tx.Exec(`update intake_sheet set state = $2, reason = $3, at = $4 where folio = $1`, id, to, reason, tx.Now)
	return err
}

// countSpoilt is how many sheets between two numbers are void, and how many never came back.
func countSpoilt(tx *db.Tx, id DeskID, first, last int) (void, lost int, err error) {
	err = tx.Row(`select count(case when state = 'void' then 1 end), count(case when state = 'issued' then 1 end) from intake_sheet
		where desk = $1 and number >= $2 and number <= $3`, id, first, last).Scan(&void, &lost)
	return void, lost, err
}

func insertEntry(tx *db.Tx, e entry) error {
	_, err := tx.Exec(`insert into intake_entry (question, edition, desk, asked_on, who, at) values ($1, $2, $3, $4, $5, $6)`,
		e.question, e.edition, e.desk, e.askedOn, e.who, tx.Now)
	return err
}

const entryColumns = `question, edition, desk, asked_on, delivered_at, delivered_on, delivered_how, delivered_version`

func scanEntry(rows *db.Rows) (e entry, err error) {
	err = rows.Scan(&e.question, &e.edition, &e.desk, &e.askedOn, &e.deliveredAt, &e.deliveredOn, &e.how, &e.version)
	return e, err
}

// selectEntry is how one question came in. NotFound when it came by the open door.
func selectEntry(tx *db.Tx, id glosa.QuestionID) (entry, error) {
	all, err := db.Collect(tx, scanEntry, `select `+entryColumns+` from intake_entry where question = $1`, id)
	if err == nil && len(all) == 0 {
		err = glosa.Missing("entry", string(id))
	}
	if err != nil {
		return entry{}, err
	}
	return all[0], nil
}

func selectEntries(tx *db.Tx, id DeskID) ([]entry, error) {
	return db.Collect(tx, scanEntry, `select `+entryColumns+` from intake_entry where desk = $1 order by question`, id)
}

func saveDelivery(tx *db.Tx, e entry) error {
	_, err := tx.Exec(`update intake_entry set delivered_at = $2, delivered_on = $3, delivered_how = $4, delivered_version = $5 where question = $1`,
		e.question, tx.Now, e.deliveredOn, e.how, e.version)
	return err
}

const batchColumns = `id, desk, digest, state, whole, lines, next, taken, known, refused, at`

func scanBatch(rows *db.Rows) (b Batch, err error) {
	err = rows.Scan(&b.ID, &b.Desk, &b.digest, &b.State, &b.Whole, &b.Lines, &b.next, &b.Taken, &b.Known, &b.Refused, &b.At)
	return b, err
}

// selectBatch is one batch of a desk. NotFound.
func selectBatch(tx *db.Tx, desk DeskID, id string) (Batch, error) {
	all, err := db.Collect(tx, scanBatch, `select `+batchColumns+` from intake_batch where desk = $1 and id = $2`, desk, id)
	if err == nil && len(all) == 0 {
		err = glosa.Missing("batch", id)
	}
	if err != nil {
		return Batch{}, err
	}
	return all[0], nil
}

func selectBatchBy(tx *db.Tx, desk DeskID, digest glosa.Hash) ([]Batch, error) {
	return db.Collect(tx, scanBatch, `select `+batchColumns+` from intake_batch where desk = $1 and digest = $2`, desk, digest)
}

func selectBatches(tx *db.Tx, desk DeskID) ([]Batch, error) {
	return db.Collect(tx, scanBatch, `select `+batchColumns+` from intake_batch where desk = $1 order by at desc, id desc`, desk)
}

func selectBytes(tx *db.Tx, id string) (raw []byte, err error) {
	err = tx.Row(`select bytes from intake_batch where id = $1`, id).Scan(&raw)
	return raw, err
}

func insertBatch(tx *db.Tx, b Batch, raw []byte, who string) error {
	_, err := tx.Exec(`insert into intake_batch (id, desk, digest, state, whole, lines, taken, known, refused, bytes, who, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		b.ID, b.Desk, b.digest, b.State, b.Whole, b.Lines, b.Taken, b.Known, b.Refused, raw, who, tx.Now)
	return err
}

// saveBatch keeps how far an import has come; one that is done keeps no file.
func saveBatch(tx *db.Tx, b Batch) error {
	_, err := tx.Exec(`update intake_batch set state = $2, whole = $3, taken = $4, known = $5, refused = $6, next = $7 where id = $1`,
		b.ID, b.stored(), b.Whole, b.Taken, b.Known, b.Refused, b.next)
	if err == nil && b.State == Done {
		_, err = tx.Exec(`update intake_batch set bytes = null, state = 'done' where id = $1`, b.ID)
	}
	return err
}

func deleteBatch(tx *db.Tx, id string) error {
	if _, err := tx.Exec(`delete from intake_flaw where batch = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(`delete from intake_batch where id = $1`, id)
	return err
}

// selectLying are the files of a desk, or of every desk (""), that wait for their import.
func selectLying(tx *db.Tx, desk DeskID) ([]string, error) {
	return db.Collect(tx, func(rows *db.Rows) (id string, err error) { return id, rows.Scan(&id) },
		`select id from intake_batch where bytes is not null and (desk = $1 or $1 = '') order by id`, desk)
}

// selectStale are files that were previewed and left lying.
func selectStale(tx *db.Tx, before time.Time, limit int) ([]string, error) {
	return db.Collect(tx, func(rows *db.Rows) (id string, err error) { return id, rows.Scan(&id) },
		`select id from intake_batch where bytes is not null and at <= $1 order by at limit $2`, before, limit)
}

func oldestFile(tx *db.Tx) (at time.Time, err error) {
	err = tx.Row(`select coalesce(min(at), 0) from intake_batch where bytes is not null`).Scan(&at)
	return at, err
}

// saveFlaws adds to the report of a batch what was found from one of its lines on;
// from the first line on, it is written anew.
func saveFlaws(tx *db.Tx, id string, from int, all []Flaw) error {
	if from == 0 {
		if _, err := tx.Exec(`delete from intake_flaw where batch = $1`, id); err != nil {
			return err
		}
	}
	sets := make([][]any, len(all))
	for i, f := range all {
		sets[i] = []any{id, from*mostColumns + i, f.Line, f.Column, f.Field, f.Reason, f.Arg}
	}
	for len(sets) > 0 {
		n := min(len(sets), 256)
		if _, err := tx.ExecMany(`insert into intake_flaw (batch, n, line, col, field, reason, arg) values ($1, $2, $3, $4, $5, $6, $7)`, sets[:n]); err != nil {
			return err
		}
		sets = sets[n:]
	}
	return nil
}

func selectFlaws(tx *db.Tx, id string) ([]Flaw, error) {
	return db.Collect(tx, func(rows *db.Rows) (f Flaw, err error) {
		err = rows.Scan(&f.Line, &f.Column, &f.Field, &f.Reason, &f.Arg)
		return f, err
	}, `select line, col, field, reason, arg from intake_flaw where batch = $1 order by n`, id)
}
