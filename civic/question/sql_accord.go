package question

import (
	"time"

	"glosa"
	"glosa/db"
)

const accordColumns = `id, edition, kind, about, body, human1, side1, post1, at1, human2, side2, post2, at2, outcome, closed_at`

func scanAccord(rows *db.Rows) (a accord, err error) {
	var human, side, post *string
	var at *int64
	err = rows.Scan(&a.id, &a.edition, &a.kind, &a.about, &a.body, &a.first.human, &a.first.side, &a.first.post, &a.first.at,
		&human, &side, &post, &at, &a.outcome, &a.closedAt)
	if err == nil && human != nil {
		a.second = &voice{human: glosa.HumanID(*human), side: glosa.Side(*side), post: glosa.Code(*post), at: glosa.FromMicros(*at)}
	}
	return a, err
}

func insertAccord(tx *db.Tx, a accord) error {
	_, err := tx.Exec(`insert into question_accord (id, edition, kind, about, body, human1, side1, post1, at1)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.id, a.edition, a.kind, a.about, a.body, a.first.human, a.first.side, a.first.post, a.first.at)
	return err
}

func closeAccord(tx *db.Tx, a accord) error {
	if a.second == nil {
		_, err := tx.Exec(`update question_accord set outcome = $2, closed_at = $3 where id = $1`, a.id, a.outcome, tx.Now)
		return err
	}
	s := a.second
	_, err := tx.Exec(`update question_accord set outcome = $2, closed_at = $3, human2 = $4, side2 = $5, post2 = $6, at2 = $7 where id = $1`,
		a.id, a.outcome, tx.Now, s.human, s.side, s.post, s.at)
	return err
}

// selectAccord is one of them. NotFound.
func selectAccord(tx *db.Tx, id string) (accord, error) {
	all, err := db.Collect(tx, scanAccord, `select `+accordColumns+` from question_accord where id = $1`, id)
	if err == nil && len(all) == 0 {
		err = glosa.Missing("accord", id)
	}
	if err != nil {
		return accord{}, err
	}
	return all[0], nil
}

// openAccord is the one that waits for its second person; false when none does.
func openAccord(tx *db.Tx, ed glosa.EditionID, kind accordKind, about string) (accord, bool, error) {
	all, err := db.Collect(tx, scanAccord, `select `+accordColumns+` from question_accord
		where edition = $1 and kind = $2 and about = $3 and closed_at = 0`, ed, kind, about)
	if err != nil || len(all) == 0 {
		return accord{}, false, err
	}
	return all[0], true, nil
}

// openAccords lists those of an edition that wait for a second person, the oldest first.
func openAccords(tx *db.Tx, ed glosa.EditionID) ([]accord, error) {
	return db.Collect(tx, scanAccord, `select `+accordColumns+` from question_accord where edition = $1 and closed_at = 0 order by at1, id`, ed)
}

// lastAccord is the last one both agreed on; without a second when there is none.
func lastAccord(tx *db.Tx, ed glosa.EditionID, kind accordKind, about string) (accord, error) {
	all, err := db.Collect(tx, scanAccord, `select `+accordColumns+` from question_accord
		where edition = $1 and kind = $2 and about = $3 and outcome = 'agreed' order by closed_at desc, id desc limit 1`, ed, kind, about)
	if err != nil || len(all) == 0 {
		return accord{}, err
	}
	return all[0], nil
}

func insertSealKey(tx *db.Tx, ed glosa.EditionID, side glosa.Side, key SealKey) error {
	_, err := tx.Exec(`insert into question_seal_key (edition, side, n, public, at)
		values ($1, $2, (select coalesce(max(k.n), 0) + 1 from question_seal_key k where k.edition = $1 and k.side = $2), $3, $4)`,
		ed, side, key.String(), tx.Now)
	return err
}

// selectSealKeys is the present key of each side.
func selectSealKeys(tx *db.Tx, ed glosa.EditionID) (map[glosa.Side]SealKey, error) {
	keys := map[glosa.Side]SealKey{}
	_, err := db.Collect(tx, func(rows *db.Rows) (side glosa.Side, err error) {
		var text string
		if err = rows.Scan(&side, &text); err == nil {
			keys[side], err = ParseSealKey(text)
		}
		return side, err
	}, `select side, public from question_seal_key where edition = $1 order by side, n`, ed)
	return keys, err
}

// sideKey is the key of one side of one edition.
type sideKey struct {
	edition glosa.EditionID
	side    glosa.Side
	key     SealKey
}

// selectAllSealKeys is the present key of each side of each edition.
func selectAllSealKeys(tx *db.Tx) ([]sideKey, error) {
	return db.Collect(tx, func(rows *db.Rows) (k sideKey, err error) {
		var text string
		if err = rows.Scan(&k.edition, &k.side, &text); err == nil {
			k.key, err = ParseSealKey(text)
		}
		return k, err
	}, `select k.edition, k.side, k.public from question_seal_key k where k.n = (select max(o.n) from question_seal_key o
		where o.edition = k.edition and o.side = k.side) order by k.edition, k.side`)
}

// sealed is a sealed original as it is kept.
type sealed struct {
	version int // of the redacted words
	bundle  []byte
	digest  glosa.Hash
	at      time.Time
}

func insertSealed(tx *db.Tx, id glosa.QuestionID, version int, bundle []byte, digest glosa.Hash) error {
	_, err := tx.Exec(`insert into question_sealed (question, version, bundle, digest, at) values ($1, $2, $3, $4, $5)`, id, version, bundle, digest, tx.Now)
	return err
}

// selectSealed lists the sealed originals of a question that were not erased.
func selectSealed(tx *db.Tx, id glosa.QuestionID) ([]sealed, error) {
	return db.Collect(tx, func(rows *db.Rows) (s sealed, err error) {
		err = rows.Scan(&s.version, &s.bundle, &s.digest, &s.at)
		return s, err
	}, `select version, bundle, digest, at from question_sealed where question = $1 and bundle is not null order by version`, id)
}

// eraseSealed destroys the sealed originals of a question.
func eraseSealed(tx *db.Tx, id glosa.QuestionID) error {
	_, err := tx.Exec(`update question_sealed set bundle = null where question = $1`, id)
	return err
}

// sealWords takes words and salts out of a version whose place another took: the
// commitment stays, sealed.
func sealWords(tx *db.Tx, id glosa.QuestionID, version, by int) error {
	_, err := tx.Exec(`update question_text set state = 'sealed', object = null, salt_server = null, salt_device = null,
		replaced_by = case when replaced_by = 0 then $3 else replaced_by end where question = $1 and version = $2 and state <> 'erased'`, id, version, by)
	return err
}

// startTranslation starts the clock of a question's translation, or starts it anew.
func startTranslation(tx *db.Tx, id glosa.QuestionID, due time.Time) error {
	_, err := tx.Exec(`insert into question_translation (question, from_at, due_at, next_at) values ($1, $2, $3, $3)
		on conflict (question) do update set from_at = excluded.from_at, due_at = excluded.due_at, next_at = excluded.next_at, late_at = 0, done_at = 0`,
		id, tx.Now, due)
	return err
}

func endTranslation(tx *db.Tx, id glosa.QuestionID) error {
	_, err := tx.Exec(`update question_translation set next_at = 0, done_at = $2 where question = $1`, id, tx.Now)
	return err
}

func lookAgain(tx *db.Tx, id glosa.QuestionID, due, next, late time.Time) error {
	_, err := tx.Exec(`update question_translation set due_at = $2, next_at = $3, late_at = $4 where question = $1`, id, due, next, late)
	return err
}

// selectTranslation is the clock of a question's translation; zero when it needs none.
func selectTranslation(tx *db.Tx, id glosa.QuestionID) (w waiting, err error) {
	all, err := db.Collect(tx, func(rows *db.Rows) (w waiting, err error) {
		err = rows.Scan(&w.from, &w.due, &w.next, &w.late, &w.done)
		return w, err
	}, `select from_at, due_at, next_at, late_at, done_at from question_translation where question = $1`, id)
	if err != nil || len(all) == 0 {
		return waiting{}, err
	}
	return all[0], nil
}

func selectTranslationsDue(tx *db.Tx, now time.Time, limit int) ([]glosa.QuestionID, error) {
	return db.Collect(tx, scanID, `select question from question_translation where next_at > 0 and next_at <= $1 order by next_at, question limit $2`, now, limit)
}

func nextTranslation(tx *db.Tx) (at time.Time, err error) {
	err = tx.Row(`select coalesce(min(next_at), 0) from question_translation where next_at > 0`).Scan(&at)
	return at, err
}

// selectUntranslated is what awaits a translation, the next due first.
func selectUntranslated(tx *db.Tx, ed glosa.EditionID, limit int) ([]Task, error) {
	return db.Collect(tx, func(rows *db.Rows) (t Task, err error) {
		var object *string
		err = rows.Scan(&t.ID, &t.Version, &t.Language, &t.Since, &t.Due, &t.Late, &object)
		o := objectOf(object)
		t.Text, t.Context = o.Text, o.Context
		return t, err
	}, `select q.id, q.version, q.lang, w.from_at, w.due_at, w.late_at, t.object from question_translation w
		join question q on q.id = w.question join question_text t on t.question = q.id and t.version = q.version
		where q.edition = $1 and w.done_at = 0 and q.erased = false and q.state not in ('refused', 'withdrawn')
		order by case when w.due_at = 0 then 1 else 0 end, w.due_at, q.id limit $2`, ed, limit)
}

func selectReads(tx *db.Tx, human glosa.HumanID) ([]glosa.Code, error) {
	return db.Collect(tx, func(rows *db.Rows) (l glosa.Code, err error) { return l, rows.Scan(&l) },
		`select lang from question_reader where human = $1 order by lang`, human)
}

func keepReads(tx *db.Tx, human glosa.HumanID, langs []glosa.Code) error {
	if _, err := tx.Exec(`delete from question_reader where human = $1`, human); err != nil {
		return err
	}
	for _, l := range langs {
		if _, err := tx.Exec(`insert into question_reader (human, lang, at) values ($1, $2, $3)`, human, l, tx.Now); err != nil {
			return err
		}
	}
	return nil
}
