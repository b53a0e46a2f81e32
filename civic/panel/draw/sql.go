package draw

import (
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// row is a draw as it is kept.
type row struct {
	edition           glosa.EditionID
	state             State
	terms             string
	closes, seedAt    time.Time
	frozen, drawn     time.Time
	volunteers        int
	unproven          int // of them: with a contact that nobody proved
	quotas, pool      []byte
	lottery           []byte
	software          glosa.Code
	seed              string
	transcript, order []byte
	panel             string
	chairs            string // of the table, that are for whoever is drawn
	destroyed         time.Time
	looked, boardAt   time.Time
	board             string
	pair              pair // who typed the seed that drew
}

const drawColumns = `edition, state, terms, closes, seed_at, frozen, volunteers, unproven, quotas, pool, lottery, software, seed, drawn, transcript, panel,
	order_file, chairs, destroyed, looked, board_at, board, gov_human, civil_human`

type scanner interface{ Scan(dest ...any) error }

func scanDraw(s scanner) (r row, err error) {
	err = s.Scan(&r.edition, &r.state, &r.terms, &r.closes, &r.seedAt, &r.frozen, &r.volunteers, &r.unproven, &r.quotas, &r.pool, &r.lottery, &r.software,
		&r.seed, &r.drawn, &r.transcript, &r.panel, &r.order, &r.chairs, &r.destroyed, &r.looked, &r.boardAt, &r.board, &r.pair.gov, &r.pair.civil)
	return r, err
}

// selectDraw reads an edition's draw. NotFound.
func selectDraw(tx *db.Tx, ed glosa.EditionID) (row, error) {
	r, err := scanDraw(tx.Row(`select `+drawColumns+` from draw where edition = $1`, ed))
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return r, glosa.Missing("draw", string(ed))
	}
	return r, err
}

func selectDraws(tx *db.Tx) ([]row, error) {
	return db.Collect(tx, func(r *db.Rows) (row, error) { return scanDraw(r) }, `select `+drawColumns+` from draw order by edition`)
}

func insertDraw(tx *db.Tx, r row) error {
	_, err := tx.Exec(`insert into draw (edition, state, terms, closes, seed_at, quotas, pool, lottery, transcript, order_file) values ($1, $2, $3, $4, $5, $6, $6, $6, $6, $6)`,
		r.edition, r.state, r.terms, r.closes, r.seedAt, []byte{})
	return err
}

func saveDraw(tx *db.Tx, r row) error {
	_, err := tx.Exec(`update draw set state = $1, terms = $2, closes = $3, seed_at = $4, frozen = $5, volunteers = $6, quotas = $7, pool = $8, lottery = $9,
		software = $10, seed = $11, drawn = $12, transcript = $13, panel = $14, order_file = $15, chairs = $16, destroyed = $17, looked = $18, board_at = $19, board = $20,
		gov_human = $21, civil_human = $22, unproven = $23 where edition = $24`, r.state, r.terms, r.closes, r.seedAt, r.frozen, r.volunteers, file(r.quotas), file(r.pool), file(r.lottery),
		r.software, r.seed, r.drawn, file(r.transcript), r.panel, file(r.order), r.chairs, r.destroyed, r.looked, r.boardAt, r.board, r.pair.gov, r.pair.civil, r.unproven, r.edition)
	return err
}

// file is bytes as they are kept: what is not there yet is empty, and not null.
func file(b []byte) []byte { return append([]byte{}, b...) }

// volunteer is a registration as it is kept.
type volunteer struct {
	id        Ticket
	edition   glosa.EditionID
	lock      glosa.Hash
	contact   glosa.Hash
	proven    bool // the contact was shown at the door of a mailbox
	fresh     bool // came after the last board
	boxID     people.PersonID
	box       []byte
	number    int
	committed glosa.Hash
	gone      bool // took their data back after the freeze
	seat      Seat
	place     int // in which order they were asked: the panel together, then one by one
	forNumber int
	why       glosa.Code
	invited   time.Time
	side      glosa.Side
	chair     int
	pair      pair // who said that nobody comes
}

const volunteerColumns = `id, edition, lock, contact, proven, fresh, box_id, box, number, committed, gone, seat, place, for_number, why, invited, side, chair, gov_human, civil_human`

func scanVolunteer(s scanner) (v volunteer, err error) {
	var committed []byte
	err = s.Scan(&v.id, &v.edition, &v.lock, &v.contact, &v.proven, &v.fresh, &v.boxID, &v.box, &v.number, &committed, &v.gone,
		&v.seat, &v.place, &v.forNumber, &v.why, &v.invited, &v.side, &v.chair, &v.pair.gov, &v.pair.civil)
	copy(v.committed[:], committed)
	return v, err
}

// selectTicket reads a registration. NotFound.
func selectTicket(tx *db.Tx, id Ticket) (volunteer, error) {
	return scanVolunteer(tx.Row(`select `+volunteerColumns+` from draw_volunteer where id = $1`, id))
}

// selectNumber reads a volunteer by the number of the pool. NotFound.
func selectNumber(tx *db.Tx, ed glosa.EditionID, number int) (volunteer, error) {
	return scanVolunteer(tx.Row(`select `+volunteerColumns+` from draw_volunteer where edition = $1 and number = $2 and number > 0`, ed, number))
}

// selectPool reads all volunteers, by their random ids, or by number once they have one.
func selectPool(tx *db.Tx, ed glosa.EditionID) ([]volunteer, error) {
	return db.Collect(tx, func(r *db.Rows) (volunteer, error) { return scanVolunteer(r) },
		`select `+volunteerColumns+` from draw_volunteer where edition = $1 order by number, id`, ed)
}

// selectSeats reads whoever was ever asked to sit, in that order.
func selectSeats(tx *db.Tx, ed glosa.EditionID) ([]volunteer, error) {
	return db.Collect(tx, func(r *db.Rows) (volunteer, error) { return scanVolunteer(r) },
		`select `+volunteerColumns+` from draw_volunteer where edition = $1 and seat <> '' order by place, number`, ed)
}

// insertVolunteer keeps a registration; false when its id, or its proven contact, is
// there already.
func insertVolunteer(tx *db.Tx, v volunteer) (bool, error) {
	n, err := tx.Exec(`insert into draw_volunteer (id, edition, lock, contact, proven, fresh, box_id, box, committed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict do nothing`, v.id, v.edition, v.lock, v.contact, v.proven, true, v.boxID, v.box, []byte{})
	return n == 1, err
}

func countProven(tx *db.Tx, ed glosa.EditionID, contact glosa.Hash) (n int, err error) {
	err = tx.Row(`select count(*) from draw_volunteer where edition = $1 and contact = $2 and proven`, ed, contact).Scan(&n)
	return n, err
}

func countFresh(tx *db.Tx, ed glosa.EditionID) (n int, err error) {
	err = tx.Row(`select count(*) from draw_volunteer where edition = $1 and fresh`, ed).Scan(&n)
	return n, err
}

func staleAll(tx *db.Tx, ed glosa.EditionID) error {
	_, err := tx.Exec(`update draw_volunteer set fresh = $1 where edition = $2`, false, ed)
	return err
}

func saveVolunteer(tx *db.Tx, v volunteer) error {
	_, err := tx.Exec(`update draw_volunteer set contact = $1, box_id = $2, box = $3, number = $4, committed = $5, gone = $6, seat = $7, place = $8,
		for_number = $9, why = $10, invited = $11, side = $12, chair = $13, gov_human = $14, civil_human = $15 where id = $16`,
		v.contact, v.boxID, file(v.box), v.number, v.committed, v.gone, v.seat, v.place, v.forNumber, v.why, v.invited, v.side, v.chair, v.pair.gov, v.pair.civil, v.id)
	return err
}

// deleteVolunteer takes a registration away before it is in a pool.
func deleteVolunteer(tx *db.Tx, id Ticket) error {
	_, err := tx.Exec(`delete from draw_volunteer where id = $1 and number = 0`, id)
	return err
}

// emptyBoxes leaves nothing of what anybody said in a draw: boxes, locks, the marks
// of contacts, and who sat in which chair. A mark stays different from the others, as the index wants.
func emptyBoxes(tx *db.Tx, ed glosa.EditionID) error {
	if _, err := tx.Exec(`delete from draw_volunteer where edition = $1 and number = 0`, ed); err != nil {
		return err
	}
	pool, err := selectPool(tx, ed)
	for i := 0; i < len(pool) && err == nil; i++ {
		v := pool[i].emptied()
		_, err = tx.Exec(`update draw_volunteer set contact = $1, box_id = $2, box = $3, lock = $4, side = $5, chair = $6 where id = $7`, v.contact, v.boxID, v.box, glosa.Hash{}, v.side, v.chair, v.id)
	}
	return err
}

// pair is the two humans of two sides behind one act: the table refuses one for both.
type pair struct{ gov, civil glosa.HumanID }

// pairOf is the pair of whoever spoke first and whoever acts now.
func pairOf(first voice, by glosa.Actor) pair {
	if by.Side == glosa.Government {
		return pair{gov: by.Human, civil: first.human}
	}
	return pair{gov: first.human, civil: by.Human}
}

// voice is what one side typed, or said of a seat.
type voice struct {
	side  glosa.Side
	human glosa.HumanID
	by    string
	words string
	at    time.Time
}

func selectSeeds(tx *db.Tx, ed glosa.EditionID) ([]voice, error) {
	return db.Collect(tx, func(r *db.Rows) (v voice, err error) { return v, r.Scan(&v.side, &v.human, &v.by, &v.words, &v.at) },
		`select side, human, by_actor, typed, at from draw_seed where edition = $1 order by side`, ed)
}

func deleteSeed(tx *db.Tx, ed glosa.EditionID, side glosa.Side) error {
	_, err := tx.Exec(`delete from draw_seed where edition = $1 and side = $2`, ed, side)
	return err
}

func insertSeed(tx *db.Tx, ed glosa.EditionID, v voice) error {
	_, err := tx.Exec(`insert into draw_seed (edition, side, human, by_actor, typed, at) values ($1, $2, $3, $4, $5, $6)`, ed, v.side, v.human, v.by, v.words, v.at)
	return err
}

func selectWords(tx *db.Tx, ed glosa.EditionID, number int) ([]voice, error) {
	return db.Collect(tx, func(r *db.Rows) (v voice, err error) { return v, r.Scan(&v.side, &v.human, &v.words) },
		`select side, human, why from draw_word where edition = $1 and number = $2 order by side`, ed, number)
}

func deleteWord(tx *db.Tx, ed glosa.EditionID, number int, side glosa.Side) error {
	_, err := tx.Exec(`delete from draw_word where edition = $1 and number = $2 and side = $3`, ed, number, side)
	return err
}

func insertWord(tx *db.Tx, ed glosa.EditionID, number int, v voice) error {
	_, err := tx.Exec(`insert into draw_word (edition, number, side, human, why) values ($1, $2, $3, $4, $5)`, ed, number, v.side, v.human, v.words)
	return err
}
