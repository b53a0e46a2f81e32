package question

import (
	"fmt"
	"slices"
	"time"

	"glosa"
	"glosa/db"
)

// fixed are the columns that never change after the question is received.
const fixed = `id, edition, number, follows, received_at, lang, municipality, addressed, passage, lock_by, auth, lock, merge_by`

// moving are the columns that acts change, in the order of [row.moving].
const moving = `state, since_at, before_merge, since_before, agenda, listed_at, admitted_at, theme, signed, person, version, edits, erased, ground, place,
	ruling, root, merged_into, kept_apart, institution, referrals, clock_start, extended, paused_at, due_at, next_at, level,
	contest, seat, minutes_short, agenda_word, mesa, video, answer, answered_at, rating, rated_answer, rated_at, carried_to`

var (
	sqlRow    = `select ` + fixed + `, ` + moving + ` from question`
	sqlSave   = `update question set ` + sets(moving, 2) + ` where id = $1`
	sqlInsert = `insert into question (` + fixed + `, ` + moving + `, promise) values (` + places(1, columns(fixed)+columns(moving)+1) + `)
		on conflict do nothing`
)

// load is one question. NotFound when there is none.
func load(tx *db.Tx, id glosa.QuestionID) (row, error) {
	rows, err := db.Collect(tx, scanRow, sqlRow+` where id = $1`, id)
	if err != nil {
		return row{}, err
	}
	if len(rows) == 0 {
		return row{}, glosa.Missing("question", string(id))
	}
	return rows[0], nil
}

// selectKnown reads what later rooms may know of some questions.
func selectKnown(tx *db.Tx, ids []any) ([]Known, error) {
	return db.Collect(tx, func(rows *db.Rows) (k Known, err error) {
		err = rows.Scan(&k.ID, &k.Edition, &k.State, &k.Agenda, &k.Canonical, &k.Institution, &k.Contest, &k.Admitted)
		return k, err
	}, `select id, edition, state, agenda, root, institution, contest, admitted_at from question where id in (`+places(1, len(ids))+`)`, ids...)
}

// selectAfter pages over every question, by folio.
func selectAfter(tx *db.Tx, after glosa.QuestionID, limit int) ([]row, error) {
	return db.Collect(tx, scanRow, sqlRow+` where id > $1 order by id limit $2`, after, limit)
}

// loadGroup is every question whose root is the given one, the root first.
func loadGroup(tx *db.Tx, root glosa.QuestionID) ([]row, error) {
	return db.Collect(tx, scanRow, sqlRow+` where (id = $1 and root = id) or (root = $1 and root <> id)
		order by case when id = $1 then 0 else 1 end, received_at, id`, root)
}

func save(tx *db.Tx, r *row) error {
	_, err := tx.Exec(sqlSave, append([]any{r.id}, r.moving()...)...)
	return err
}

// insert tells false when the number is taken.
func insert(tx *db.Tx, r *row, promise []byte) (bool, error) {
	n, err := tx.Exec(sqlInsert, append(append(r.fixed(), r.moving()...), promise)...)
	return n == 1, err
}

// selectBlocks lists an edition's blocks in order, each with the desk that holds it.
func selectBlocks(tx *db.Tx, ed glosa.EditionID) ([]Block, error) {
	return db.Collect(tx, func(rows *db.Rows) (b Block, err error) {
		err = rows.Scan(&b.Number, &b.Desk)
		return b, err
	}, `select block, desk from question_block where edition = $1 order by block`, ed)
}

// newestBlocks are the two newest blocks of one desk, the newest last.
func newestBlocks(tx *db.Tx, ed glosa.EditionID, desk string) ([]int, error) {
	all, err := db.Collect(tx, func(rows *db.Rows) (n int, err error) { return n, rows.Scan(&n) },
		`select block from question_block where edition = $1 and desk = $2 order by block desc limit 2`, ed, desk)
	slices.Reverse(all)
	return all, err
}

// nextBlock is the number of the next block, from 0, whoever holds those before it.
func nextBlock(tx *db.Tx, ed glosa.EditionID) (n int, err error) {
	err = tx.Row(`select coalesce(max(block), -1) + 1 from question_block where edition = $1`, ed).Scan(&n)
	return n, err
}

func openBlock(tx *db.Tx, ed glosa.EditionID, block int, desk string) error {
	_, err := tx.Exec(`insert into question_block (edition, block, desk, opened_at) values ($1, $2, $3, $4) on conflict do nothing`,
		ed, block, desk, tx.Now)
	return err
}

func selectAccount(tx *db.Tx, ed glosa.EditionID) ([]Block, error) {
	return db.Collect(tx, func(rows *db.Rows) (b Block, err error) {
		err = rows.Scan(&b.Number, &b.Desk, &b.Closed, &b.Used)
		return b, err
	}, `select b.block, b.desk, b.closed_at, (select count(*) from question q where q.edition = b.edition
		and q.number > b.block * 500 and q.number <= b.block * 500 + 500) from question_block b where b.edition = $1 order by b.block`, ed)
}

// selectUnaccounted lists the editions some of whose numbers still have no account.
func selectUnaccounted(tx *db.Tx) ([]glosa.EditionID, error) {
	return db.Collect(tx, func(rows *db.Rows) (ed glosa.EditionID, err error) {
		err = rows.Scan(&ed)
		return ed, err
	}, `select distinct edition from question_block where closed_at = 0 and desk = '' order by edition`)
}

func closeBlock(tx *db.Tx, ed glosa.EditionID, block int) error {
	_, err := tx.Exec(`update question_block set closed_at = $3 where edition = $1 and block = $2`, ed, block, tx.Now)
	return err
}

func selectOnce(tx *db.Tx, once glosa.Hash) (body glosa.Hash, id glosa.QuestionID, err error) {
	err = tx.Row(`select body, question from question_once where once = $1`, once).Scan(&body, &id)
	return body, id, err
}

func insertOnce(tx *db.Tx, once, body glosa.Hash, id glosa.QuestionID) (bool, error) {
	n, err := tx.Exec(`insert into question_once (once, body, question) values ($1, $2, $3) on conflict do nothing`, once, body, id)
	return n == 1, err
}

func deleteOnce(tx *db.Tx, id glosa.QuestionID) error {
	_, err := tx.Exec(`delete from question_once where question = $1`, id)
	return err
}

func selectPromise(tx *db.Tx, id glosa.QuestionID) (note []byte, err error) {
	err = tx.Row(`select promise from question where id = $1`, id).Scan(&note)
	return note, err
}

const textColumns = `t.question, t.version, t.kind, t.lang, t.replaced_by, t.committed, t.salt_server, t.salt_device, t.object, t.state, t.at, t.promise`

const rulingColumns = `id, question, kind, round, human1, side1, post1, word1, place1, at1, human2, side2, post2, word2, at2, outcome, closed_at`

// selectRulings is every ruling on a question, oldest first.
func selectRulings(tx *db.Tx, id glosa.QuestionID) ([]ruling, error) {
	return db.Collect(tx, scanRuling, `select `+rulingColumns+` from question_ruling where question = $1 order by at1, round, id`, id)
}

func insertRuling(tx *db.Tx, r ruling) error {
	f := r.first
	_, err := tx.Exec(`insert into question_ruling (id, question, kind, round, human1, side1, post1, word1, place1, at1)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, r.id, r.question, r.kind, r.round, f.human, f.side, f.post, f.word, f.place, f.at)
	return err
}

func closeRuling(tx *db.Tx, r ruling) error {
	if r.second == nil {
		_, err := tx.Exec(`update question_ruling set outcome = $2, closed_at = $3 where id = $1`, r.id, r.outcome, tx.Now)
		return err
	}
	s := r.second
	_, err := tx.Exec(`update question_ruling set human2 = $2, side2 = $3, post2 = $4, word2 = $5, at2 = $6, outcome = $7, closed_at = $8
		where id = $1`, r.id, s.human, s.side, s.post, s.word, s.at, r.outcome, tx.Now)
	return err
}

func insertPause(tx *db.Tx, id glosa.QuestionID, from, to time.Time, why glosa.Code) error {
	_, err := tx.Exec(`insert into question_pause (question, from_at, to_at, why) values ($1, $2, $3, $4)`, id, from, to, why)
	return err
}

func selectPauses(tx *db.Tx, id glosa.QuestionID) ([]Pause, error) {
	return db.Collect(tx, func(rows *db.Rows) (p Pause, err error) {
		err = rows.Scan(&p.From, &p.To, &p.Why)
		return p, err
	}, `select from_at, to_at, why from question_pause where question = $1 order by from_at`, id)
}

func insertNote(tx *db.Tx, id glosa.QuestionID, n Note) error {
	_, err := tx.Exec(`insert into question_note (id, question, kind, post, days, words, at) values ($1, $2, $3, $4, $5, $6, $7)`,
		tx.NewID(), id, n.Kind, n.Post, n.Days, n.Words, tx.Now)
	return err
}

func selectNotes(tx *db.Tx, id glosa.QuestionID) ([]Note, error) {
	return db.Collect(tx, func(rows *db.Rows) (n Note, err error) {
		err = rows.Scan(&n.Kind, &n.Post, &n.Days, &n.Words, &n.At)
		return n, err
	}, `select kind, post, days, words, at from question_note where question = $1 order by at, id`, id)
}

func insertStep(tx *db.Tx, r *row, s Step) error {
	_, err := tx.Exec(`insert into question_step (question, n, edition, kind, who, word, other, number, at)
		values ($1, (select coalesce(max(s.n), 0) + 1 from question_step s where s.question = $1), $2, $3, $4, $5, $6, $7, $8)`,
		r.id, r.edition, s.Kind, s.By, s.Word, s.Other, s.Number, told(s.By, tx.Now))
	return err
}

// selectDue lists what the clock has to do, the longest overdue first.
func selectDue(tx *db.Tx, now time.Time, limit int) ([]row, error) {
	return db.Collect(tx, scanRow, sqlRow+` where next_at > 0 and next_at <= $1 order by next_at, id limit $2`, now, limit)
}

// selectSignedIn lists the editions that still keep an author's name.
func selectSignedIn(tx *db.Tx) ([]glosa.EditionID, error) {
	return db.Collect(tx, func(rows *db.Rows) (ed glosa.EditionID, err error) { return ed, rows.Scan(&ed) },
		`select distinct edition from question where person <> '' order by edition`)
}

// selectRunning lists an edition's questions that some clock runs for.
func selectRunning(tx *db.Tx, ed glosa.EditionID) ([]row, error) {
	return db.Collect(tx, scanRow, sqlRow+` where edition = $1 and due_at > 0 order by id`, ed)
}

func selectSigned(tx *db.Tx, ed glosa.EditionID, limit int) ([]row, error) {
	return db.Collect(tx, scanRow, sqlRow+` where edition = $1 and person <> '' order by id limit $2`, ed, limit)
}

func selectNext(tx *db.Tx) (at time.Time, err error) {
	err = tx.Row(`select coalesce(min(next_at), 0) from question where next_at > 0`).Scan(&at)
	return at, err
}

// keepDraft writes or overwrites the draft of a version; false when it waits for
// a signature or was signed.
func keepDraft(tx *db.Tx, id glosa.QuestionID, v Version) (bool, error) {
	n, err := tx.Exec(`insert into question_answer (question, version, state, kind, object, institution, drafted_by, drafted_at, digest)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (question, version) do update set kind = excluded.kind, object = excluded.object, digest = excluded.digest,
		institution = excluded.institution, drafted_by = excluded.drafted_by, drafted_at = excluded.drafted_at
		where question_answer.state = 'draft'`, id, v.Number, v.State, v.Kind, v.object, v.Institution, v.DraftedBy, tx.Now, glosa.Digest([]byte(v.object)))
	return n == 1, err
}

func moveDraft(tx *db.Tx, id glosa.QuestionID, version int, from, to AnswerState) (int64, error) {
	return tx.Exec(`update question_answer set state = $4 where question = $1 and version = $2 and state = $3`, id, version, from, to)
}

func dropDrafts(tx *db.Tx, id glosa.QuestionID) error {
	_, err := tx.Exec(`delete from question_answer where question = $1 and state in ('draft', 'in_review')`, id)
	return err
}

// dropUnsigned drops drafts and the notes with which they came back, and tells how many.
func dropUnsigned(tx *db.Tx, id glosa.QuestionID) (int64, error) {
	drafts, err := tx.Exec(`delete from question_answer where question = $1 and state in ('draft', 'in_review')`, id)
	if err != nil {
		return 0, err
	}
	notes, err := tx.Exec(`delete from question_note where question = $1 and kind = $2`, id, noteReturn)
	return drafts + notes, err
}

// dropReturns drops the notes with which drafts came back.
func dropReturns(tx *db.Tx, id glosa.QuestionID) error {
	_, err := tx.Exec(`delete from question_note where question = $1 and kind = $2`, id, noteReturn)
	return err
}

func signAnswer(tx *db.Tx, id glosa.QuestionID, v Version) error {
	_, err := tx.Exec(`update question_answer set state = $3, institution = $4, post = $5, human = $6, digest = $7, signed_at = $8
		where question = $1 and version = $2`, id, v.Number, v.State, v.Institution, v.Post, v.human, v.Digest, v.SignedAt)
	if err != nil || v.Absence == nil {
		return err
	}
	return signAbsent(tx, id, v)
}

const answerColumns = `a.version, a.state, a.object, a.institution, a.drafted_by, a.drafted_at, a.post, a.digest, a.signed_at, a.absence, a.absence_digest`

func scanAnswer(rows *db.Rows) (v Version, err error) {
	err = rows.Scan(&v.Number, &v.State, &v.object, &v.Institution, &v.DraftedBy, &v.DraftedAt, &v.Post, &v.Digest, &v.SignedAt, &v.absence.Title, &v.absence.Document)
	if v.absence.Title != "" {
		v.Absence = &v.absence
	}
	if err == nil {
		err = v.open()
	}
	return v, err
}

// selectAnswer is one version. A Conflict error when there is none: nothing was drafted.
func selectAnswer(tx *db.Tx, id glosa.QuestionID, version int) (Version, error) {
	all, err := db.Collect(tx, scanAnswer, `select `+answerColumns+` from question_answer a where a.question = $1 and a.version = $2`, id, version)
	if err != nil {
		return Version{}, err
	}
	if len(all) == 0 {
		return Version{}, glosa.Refuse(glosa.Conflict, "li.nodraft")
	}
	return all[0], nil
}

func selectAnswers(tx *db.Tx, id glosa.QuestionID) ([]Version, error) {
	return db.Collect(tx, scanAnswer, `select `+answerColumns+` from question_answer a where a.question = $1 order by a.version desc`, id)
}

// moveClock gives pauses, reasons and answers to the question that takes another's
// place: what it had of its own were of a clock that is over.
func moveClock(tx *db.Tx, from, to glosa.QuestionID) error {
	for _, sql := range []string{`delete from question_answer where question = $1`, `delete from question_pause where question = $1`,
		`delete from question_note where question = $1`} {
		if _, err := tx.Exec(sql, to); err != nil {
			return err
		}
	}
	for _, sql := range []string{`update question_pause set question = $2 where question = $1`,
		`update question_note set question = $2 where question = $1`, `update question_answer set question = $2 where question = $1`} {
		if _, err := tx.Exec(sql, from, to); err != nil {
			return err
		}
	}
	return nil
}

func countOverdue(tx *db.Tx, ed glosa.EditionID) (n int, err error) {
	err = tx.Row(`select count(*) from question where edition = $1 and state = 'overdue'`, ed).Scan(&n)
	return n, err
}

func selectFollow(tx *db.Tx, id glosa.QuestionID) ([]glosa.QuestionID, error) {
	return db.Collect(tx, scanID, `select id from question where follows = $1 and follows <> ''`, id)
}

func scanID(rows *db.Rows) (id glosa.QuestionID, err error) {
	err = rows.Scan(&id)
	return id, err
}

func selectUnanswered(tx *db.Tx, ed glosa.EditionID) ([]glosa.QuestionID, error) {
	return db.Collect(tx, scanID, `select id from question where edition = $1 and follows = ''
		and state in ('admitted', 'routed', 'overdue') order by id`, ed)
}

// selectStates counts an edition's questions by state, follow-ups apart.
func selectStates(tx *db.Tx, ed glosa.EditionID) (map[State]int, error) {
	by := map[State]int{}
	_, err := db.Collect(tx, func(rows *db.Rows) (s State, err error) {
		var n int
		err = rows.Scan(&s, &n)
		by[s] = n
		return s, err
	}, `select state, count(*) from question where edition = $1 and follows = '' group by state`, ed)
	return by, err
}

func selectCandidates(tx *db.Tx, ed glosa.EditionID) ([]Candidate, error) {
	groups := map[glosa.QuestionID][]glosa.QuestionID{}
	_, err := db.Collect(tx, func(rows *db.Rows) (id glosa.QuestionID, err error) {
		var root glosa.QuestionID
		err = rows.Scan(&root, &id)
		groups[root] = append(groups[root], id)
		return id, err
	}, `select root, id from question where edition = $1 and root <> id order by root, id`, ed)
	if err != nil {
		return nil, err
	}
	return db.Collect(tx, func(rows *db.Rows) (c Candidate, err error) {
		var object *string
		err = rows.Scan(&c.ID, &c.Institution, &c.Municipality, &c.Theme, &c.Language, &c.Admitted, &object)
		c.Group = append([]glosa.QuestionID{c.ID}, groups[c.ID]...)
		c.Text = objectOf(object).Text
		return c, err
	}, `select q.id, case when q.institution <> '' then q.institution else q.addressed end, q.municipality, q.theme, q.lang,
		q.admitted_at, t.object from question q join question_text t on t.question = q.id and t.version = q.version
		where q.edition = $1 and q.follows = '' and q.agenda = '' and q.root = q.id and q.state in ('admitted', 'routed', 'overdue')
		order by q.id`, ed)
}

func selectSteps(tx *db.Tx, id glosa.QuestionID) ([]Step, error) {
	return db.Collect(tx, scanStep, `select question, n, kind, who, word, other, number, at from question_step where question = $1 order by n`, id)
}

// selectLog is the public log of an edition's decisions, newest first, after a cursor.
func selectLog(tx *db.Tx, ed glosa.EditionID, c cursor, limit int) ([]Step, error) {
	return db.Collect(tx, scanStep, `select question, n, kind, who, word, other, number, at from question_step
		where edition = $1 and (at, question, n) < ($2, $3, $4)
		order by at desc, question desc, n desc limit $5`, ed, c.at, c.id, c.n, limit)
}

const briefColumns = `q.id, q.edition, q.state, q.agenda, q.listed_at, q.admitted_at, q.lang, q.municipality, q.theme, q.addressed, q.institution,
	q.due_at, q.level, q.ground, q.place, q.root, q.rating, q.paused_at, q.referrals, q.answered_at, q.since_at, q.erased, q.carried_to,
	exists (select 1 from question_translation w where w.question = q.id and w.done_at = 0), t.object,
	(select count(*) from question m where m.root = q.id and m.root <> m.id and m.state = 'merged')`

// selectWaiting is one page of those that wait, in the order of their folios.
func selectWaiting(tx *db.Tx, ed glosa.EditionID, states []State, after glosa.QuestionID, limit int) ([]Brief, error) {
	args := []any{ed, after, limit}
	for _, s := range states {
		args = append(args, s)
	}
	return db.Collect(tx, scanBrief, `select `+briefColumns+` from question q
		join question_text t on t.question = q.id and t.version = q.version
		where q.id in (select w.id from question w where w.edition = $1 and w.state in (`+places(4, len(states))+`)
			and w.listed_at = 0 and w.id > $2 order by w.id limit $3) order by q.id`, args...)
}

// selectBorne is the beginning of one part of what institutions hold or held; part and order are [borne]'s.
func selectBorne(tx *db.Tx, keys []any, part, order string, limit int) ([]Brief, error) {
	return db.Collect(tx, scanBrief, `select `+briefColumns+` from question q join question_text t on t.question = q.id and t.version = q.version
		where q.listed_at > 0 and q.institution in (`+places(1, len(keys))+`) and `+part+` order by `+order+fmt.Sprintf(` limit %d`, limit), keys...)
}

func countBorne(tx *db.Tx, keys []any) (n [3]int, err error) {
	err = tx.Row(`select count(case when q.state = 'overdue' then 1 end), count(case when q.state = 'routed' then 1 end), count(case when
		q.answered_at > 0 and q.state not in ('overdue', 'routed') then 1 end) from question q where q.listed_at > 0 and q.institution in (`+
		places(1, len(keys))+`)`, keys...).Scan(&n[0], &n[1], &n[2])
	return n, err
}

func selectOriginals(tx *db.Tx, root glosa.QuestionID) ([]Original, error) {
	return db.Collect(tx, func(rows *db.Rows) (o Original, err error) {
		var object *string
		err = rows.Scan(&o.ID, &o.Municipality, &o.Language, &o.Rating, &o.Erased, &object)
		words := objectOf(object)
		o.Text, o.Context = words.Text, words.Context
		return o, err
	}, `select q.id, q.municipality, q.lang, q.rating, q.erased, t.object from question q
		join question_text t on t.question = q.id and t.version = q.version
		where q.root = $1 and q.root <> q.id and q.state = 'merged' order by q.received_at, q.id`, root)
}

func selectPlaces(tx *db.Tx, ed glosa.EditionID) ([]placed, error) {
	return db.Collect(tx, func(r *db.Rows) (p placed, err error) { return p, r.Scan(&p.at, &p.state, &p.n) }, `select municipality, state, count(*) from question where edition = $1 and follows = '' group by municipality, state`, ed)
}
