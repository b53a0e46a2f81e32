package panel

import (
	"encoding/json"
	"time"

	"glosa"
	"glosa/db"
)

const mesaColumns = `id, edition, number, theme, minutes, contest, state, opened, ended, video, acts`

type scanner interface{ Scan(dest ...any) error }

func scanMesa(r scanner) (m Mesa, err error) {
	err = r.Scan(&m.ID, &m.Edition, &m.Number, &m.Theme, &m.Minutes, &m.Contest, &m.State, &m.Opened, &m.Ended, &m.Video, &m.Acts)
	return m, err
}

func mesaRows(r *db.Rows) (Mesa, error) { return scanMesa(r) }

// selectMesa is one mesa. Kinds: NotFound.
func selectMesa(tx *db.Tx, id glosa.MesaID) (Mesa, error) {
	m, err := scanMesa(tx.Row(`select `+mesaColumns+` from panel_mesa where id = $1`, id))
	if glosa.KindOf(err) == glosa.NotFound && err != nil {
		return m, glosa.Missing("mesa", string(id))
	}
	return m, err
}

func selectMesas(tx *db.Tx, ed glosa.EditionID) ([]Mesa, error) {
	return db.Collect(tx, mesaRows, `select `+mesaColumns+` from panel_mesa where edition = $1 order by number`, ed)
}

func upsertMesa(tx *db.Tx, m Mesa) error {
	_, err := tx.Exec(`insert into panel_mesa (id, edition, number, theme, minutes) values ($1, $2, $3, $4, $5)
		on conflict (id) do update set theme = excluded.theme, minutes = excluded.minutes`,
		m.ID, m.Edition, m.Number, m.Theme, m.Minutes)
	return err
}

func updateContest(tx *db.Tx, id glosa.MesaID, contest glosa.ContestID) error {
	_, err := tx.Exec(`update panel_mesa set contest = $2 where id = $1`, id, contest)
	return err
}

func updateSession(tx *db.Tx, m Mesa) error {
	_, err := tx.Exec(`update panel_mesa set state = $2, opened = $3, ended = $4, video = $5 where id = $1`,
		m.ID, m.State, m.Opened, m.Ended, m.Video)
	return err
}

// countAct gives the console's next act its number.
func countAct(tx *db.Tx, id glosa.MesaID) (n int, err error) {
	err = tx.Row(`update panel_mesa set acts = acts + 1 where id = $1 returning acts`, id).Scan(&n)
	return n, err
}

const placeColumns = `mesa, post, side, seat, duty, institution, delegable, state, arrived, departed, substitute, document, note, word, word_at, objection`

func placeRows(r *db.Rows) (p Place, err error) {
	err = r.Scan(&p.Mesa, &p.Chair.Post, &p.Chair.Side, &p.Chair.Seat, &p.Duty, &p.Institution, &p.Delegable, &p.State,
		&p.In, &p.Out, &p.Substitute, &p.Document, &p.Note, &p.Word, &p.WordAt, &p.Objection)
	return p, err
}

func selectPlaces(tx *db.Tx, mesa glosa.MesaID) ([]Place, error) {
	return db.Collect(tx, placeRows, `select `+placeColumns+` from panel_place where mesa = $1 order by side desc, duty, chair`, mesa)
}

// selectPlace is one chair at one mesa. Kinds: NotFound.
func selectPlace(tx *db.Tx, mesa glosa.MesaID, chair Chair) (Place, error) {
	found, err := db.Collect(tx, placeRows, `select `+placeColumns+` from panel_place where mesa = $1 and chair = $2`, mesa, chair.Key())
	if err != nil {
		return Place{}, err
	}
	if len(found) == 0 {
		return Place{}, glosa.Missing("chair", chair.Key())
	}
	return found[0], nil
}

// insertPlace tells whether the chair was free at this mesa.
func insertPlace(tx *db.Tx, p Place) (bool, error) {
	n, err := tx.Exec(`insert into panel_place (mesa, chair, post, side, seat, duty, institution, delegable)
		values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
		p.Mesa, p.Chair.Key(), p.Chair.Post, p.Chair.Side, p.Chair.Seat, p.Duty, p.Institution, p.Delegable)
	return n == 1, err
}

func deletePlace(tx *db.Tx, mesa glosa.MesaID, chair Chair) error {
	_, err := tx.Exec(`delete from panel_place where mesa = $1 and chair = $2`, mesa, chair.Key())
	return err
}

func updatePlace(tx *db.Tx, p Place) error {
	_, err := tx.Exec(`update panel_place set state = $3, arrived = $4, departed = $5, substitute = $6, document = $7, note = $8,
		word = $9, word_at = $10, objection = $11 where mesa = $1 and chair = $2`,
		p.Mesa, p.Chair.Key(), p.State, p.In, p.Out, p.Substitute, p.Document, p.Note, p.Word, p.WordAt, p.Objection)
	return err
}

const itemColumns = `mesa, question, place, minutes, outcome, second, reason, settled`

func itemRows(r *db.Rows) (i Item, err error) {
	err = r.Scan(&i.Mesa, &i.Question, &i.Place, &i.Minutes, &i.Outcome, &i.Second, &i.Reason, &i.Settled)
	return i, err
}

func selectItems(tx *db.Tx, mesa glosa.MesaID) ([]Item, error) {
	return db.Collect(tx, itemRows, `select `+itemColumns+` from panel_item where mesa = $1 order by place`, mesa)
}

func selectItemsOf(tx *db.Tx, ed glosa.EditionID) ([]Item, error) {
	return db.Collect(tx, itemRows, `select i.mesa, i.question, i.place, i.minutes, i.outcome, i.second, i.reason, i.settled
		from panel_item i join panel_mesa m on m.id = i.mesa where m.edition = $1 order by m.number, i.place`, ed)
}

func selectItemsAbout(tx *db.Tx, q glosa.QuestionID) ([]Item, error) {
	return db.Collect(tx, itemRows, `select `+itemColumns+` from panel_item where question = $1 order by mesa`, q)
}

func replaceItems(tx *db.Tx, mesa glosa.MesaID, items []Item) error {
	if _, err := tx.Exec(`delete from panel_item where mesa = $1`, mesa); err != nil {
		return err
	}
	for _, i := range items {
		if _, err := tx.Exec(`insert into panel_item (mesa, question, place, minutes) values ($1, $2, $3, $4)`,
			mesa, i.Question, i.Place, i.Minutes); err != nil {
			return err
		}
	}
	return nil
}

func updateItem(tx *db.Tx, i Item) error {
	_, err := tx.Exec(`update panel_item set outcome = $3, second = $4, reason = $5, settled = $6 where mesa = $1 and question = $2`,
		i.Mesa, i.Question, i.Outcome, i.Second, i.Reason, i.Settled)
	return err
}

const turnColumns = `id, mesa, number, kind, post, side, seat, question, started, ended, time_limit, second, settled`

func turnRows(r *db.Rows) (t Turn, err error) {
	var seconds int64
	err = r.Scan(&t.ID, &t.Mesa, &t.Number, &t.Kind, &t.Chair.Post, &t.Chair.Side, &t.Chair.Seat, &t.Question,
		&t.Started, &t.Ended, &seconds, &t.Second, &t.Settled)
	t.Limit = time.Duration(seconds) * time.Second
	return t, err
}

func selectTurns(tx *db.Tx, mesa glosa.MesaID) ([]Turn, error) {
	return db.Collect(tx, turnRows, `select `+turnColumns+` from panel_turn where mesa = $1 order by number`, mesa)
}

func insertTurn(tx *db.Tx, t Turn) error {
	_, err := tx.Exec(`insert into panel_turn (id, mesa, number, kind, post, side, seat, question, started, time_limit, second)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		t.ID, t.Mesa, t.Number, t.Kind, t.Chair.Post, t.Chair.Side, t.Chair.Seat, t.Question, t.Started,
		int64(t.Limit/time.Second), t.Second)
	return err
}

func updateTurnEnd(tx *db.Tx, id string, ended time.Time) error {
	_, err := tx.Exec(`update panel_turn set ended = $2 where id = $1`, id, ended)
	return err
}

func deleteTurn(tx *db.Tx, id string) error {
	_, err := tx.Exec(`delete from panel_turn where id = $1`, id)
	return err
}

func settleTurns(tx *db.Tx, mesa glosa.MesaID) error {
	_, err := tx.Exec(`update panel_turn set settled = true where mesa = $1 and ended > 0`, mesa)
	return err
}

func noteRows(r *db.Rows) (n Note, err error) {
	err = r.Scan(&n.ID, &n.Mesa, &n.Question, &n.Agreement, &n.Text, &n.Government, &n.Civil, &n.By, &n.At)
	return n, err
}

func selectNotes(tx *db.Tx, ed glosa.EditionID) ([]Note, error) {
	return db.Collect(tx, noteRows, `select n.id, n.mesa, n.question, n.agreement, n.words, n.government, n.civil, n.by_actor, n.at
		from panel_note n join panel_mesa m on m.id = n.mesa where m.edition = $1 order by m.number, n.at, n.id`, ed)
}

func insertNote(tx *db.Tx, n Note) error {
	_, err := tx.Exec(`insert into panel_note (id, mesa, question, agreement, words, government, civil, by_actor, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		n.ID, n.Mesa, n.Question, n.Agreement, n.Text, n.Government, n.Civil, n.By, n.At)
	return err
}

func deleteNote(tx *db.Tx, id string) error {
	_, err := tx.Exec(`delete from panel_note where id = $1`, id)
	return err
}

// mark is one act of the console that may still be undone.
type mark struct {
	number   int
	what     string // "turn", "end", "hand", "note"
	subject  string // id of the turn or note
	question glosa.QuestionID
	outcome  Outcome // of the question before the act
	second   int     // likewise
}

func insertMark(tx *db.Tx, mesa glosa.MesaID, m mark) error {
	_, err := tx.Exec(`insert into panel_mark (mesa, number, what, subject, question, outcome, second) values ($1, $2, $3, $4, $5, $6, $7)`,
		mesa, m.number, m.what, m.subject, m.question, m.outcome, m.second)
	return err
}

// takeMark removes the newest mark and returns it. Kinds: NotFound when all is settled.
func takeMark(tx *db.Tx, mesa glosa.MesaID) (m mark, err error) {
	err = tx.Row(`delete from panel_mark where mesa = $1 and number = (select max(k.number) from panel_mark k where k.mesa = $1)
		returning number, what, subject, question, outcome, second`, mesa).
		Scan(&m.number, &m.what, &m.subject, &m.question, &m.outcome, &m.second)
	return m, err
}

func countMarks(tx *db.Tx, mesa glosa.MesaID) (n int, err error) {
	err = tx.Row(`select count(*) from panel_mark where mesa = $1`, mesa).Scan(&n)
	return n, err
}

func deleteMarks(tx *db.Tx, mesa glosa.MesaID) error {
	_, err := tx.Exec(`delete from panel_mark where mesa = $1`, mesa)
	return err
}

// selectMinutes is the head of an edition's minutes. Kinds: NotFound.
func selectMinutes(tx *db.Tx, id glosa.MinutesID) (m Minutes, err error) {
	err = tx.Row(`select id, edition, stage, since, until from panel_minutes where id = $1`, id).Scan(&m.ID, &m.Edition, &m.Stage, &m.Since, &m.Until)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return m, glosa.Missing("minutes", string(id))
	}
	return m, err
}

func upsertMinutes(tx *db.Tx, m Minutes) error {
	_, err := tx.Exec(`insert into panel_minutes (id, edition, stage, since, until) values ($1, $2, $3, $4, $5)
		on conflict (id) do update set stage = excluded.stage, since = excluded.since, until = excluded.until`, m.ID, m.Edition, m.Stage, m.Since, m.Until)
	return err
}

// selectClosing lists minutes whose window for comments has closed, oldest first.
func selectClosing(tx *db.Tx, now time.Time, limit int) ([]glosa.MinutesID, error) {
	return db.Collect(tx, func(r *db.Rows) (id glosa.MinutesID, err error) { return id, r.Scan(&id) },
		`select id from panel_minutes where stage = 'comment' and until <= $1 order by until, id limit $2`, now, limit)
}

// selectNextClosing is when the next window closes; zero when none is open.
func selectNextClosing(tx *db.Tx) (t time.Time, err error) {
	err = tx.Row(`select coalesce(min(until), 0) from panel_minutes where stage = 'comment'`).Scan(&t)
	return t, err
}

// signed is a version with the humans behind its signatures: it stays in this room.
type signed struct {
	Version
	govHuman, civilHuman glosa.HumanID
}

func versionRows(r *db.Rows) (s signed, err error) {
	var content json.RawMessage
	var gov, civil Signature
	err = r.Scan(&s.Number, &s.Annex, &s.Reason, &content, &s.Digest, &s.Written, &s.By,
		&s.govHuman, &gov.By, &gov.At, &s.civilHuman, &civil.By, &civil.At, &s.Published)
	if err != nil {
		return s, err
	}
	gov.Side, civil.Side = glosa.Government, glosa.Civil
	for _, sig := range []Signature{gov, civil} {
		if sig.By != "" {
			s.Signed = append(s.Signed, sig)
		}
	}
	return s, json.Unmarshal(content, &s.Text)
}

func selectVersions(tx *db.Tx, id glosa.MinutesID) ([]signed, error) {
	return db.Collect(tx, versionRows, `select number, annex, reason, content, digest, written, by_actor,
		gov_human, gov_by, gov_at, civil_human, civil_by, civil_at, published
		from panel_version where minutes = $1 order by number`, id)
}

func insertVersion(tx *db.Tx, id glosa.MinutesID, v Version) error {
	content, err := glosa.JCS(v.Text)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into panel_version (minutes, number, annex, reason, content, digest, written, by_actor)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, v.Number, v.Annex, v.Reason, string(content), v.Digest, v.Written, v.By)
	return err
}

func updateSignature(tx *db.Tx, id glosa.MinutesID, number int, side glosa.Side, human glosa.HumanID, by string, at time.Time) error {
	query := `update panel_version set gov_human = $3, gov_by = $4, gov_at = $5 where minutes = $1 and number = $2`
	if side == glosa.Civil {
		query = `update panel_version set civil_human = $3, civil_by = $4, civil_at = $5 where minutes = $1 and number = $2`
	}
	_, err := tx.Exec(query, id, number, human, by, at)
	return err
}

func updatePublished(tx *db.Tx, id glosa.MinutesID, number int, at time.Time) error {
	_, err := tx.Exec(`update panel_version set published = $3 where minutes = $1 and number = $2`, id, number, at)
	return err
}

func remarkRows(r *db.Rows) (m Remark, err error) {
	err = r.Scan(&m.ID, &m.Version, &m.By, &m.Side, &m.Text, &m.At)
	return m, err
}

func selectRemarks(tx *db.Tx, id glosa.MinutesID) ([]Remark, error) {
	return db.Collect(tx, remarkRows, `select id, version, by_actor, side, words, at from panel_remark where minutes = $1 order by at, id`, id)
}

func insertRemark(tx *db.Tx, id glosa.MinutesID, m Remark) error {
	_, err := tx.Exec(`insert into panel_remark (id, minutes, version, by_actor, side, words, at) values ($1, $2, $3, $4, $5, $6, $7)`,
		m.ID, id, m.Version, m.By, m.Side, m.Text, m.At)
	return err
}

func selectEveryMesa(tx *db.Tx) ([]Mesa, error) {
	return db.Collect(tx, mesaRows, `select `+mesaColumns+` from panel_mesa order by id`)
}

func selectEveryMinutes(tx *db.Tx) ([]Minutes, error) {
	return db.Collect(tx, func(r *db.Rows) (m Minutes, err error) {
		return m, r.Scan(&m.ID, &m.Edition, &m.Stage, &m.Since, &m.Until)
	}, `select id, edition, stage, since, until from panel_minutes order by id`)
}
