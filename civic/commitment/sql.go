package commitment

import (
	"encoding/json"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

// Lists of ids are kept as lines of one text: no id holds a line end.
func lines[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return strings.Join(out, "\n")
}

func unlines[T ~string](text string) (out []T) {
	for s := range strings.SplitSeq(text, "\n") {
		if s != "" {
			out = append(out, T(s))
		}
	}
	return out
}

// scope is which commitments a reading is about; empty means any.
type scope struct {
	id      glosa.CommitmentID
	edition glosa.EditionID
	series  glosa.SeriesID
}

// within is the condition of a scope, on the table aliased c.
const within = ` ($1 = '' or c.id = $1) and ($2 = '' or c.edition = $2) and ($3 = '' or c.series = $3) `

func headRows(r *db.Rows) (c Commitment, err error) {
	var gov, obs string
	err = r.Scan(&c.ID, &c.Edition, &c.Series, &c.State, &c.Synthetic, &c.Mesa, &c.Question, &c.Territory, &c.Goal, &c.Starts, &c.Ends,
		&c.Proposed, &c.Accepted, &c.Updated, &c.Government.Status, &c.Government.Own, &c.Government.OwnEn, &c.Government.Note, &c.Government.NoteEn,
		&gov, &c.Government.At, &c.Government.By, &c.Observed.Status, &c.Observed.Own, &c.Observed.OwnEn, &c.Observed.Note, &c.Observed.NoteEn,
		&obs, &c.Observed.At, &c.Observed.By, &c.Reason, &c.ReasonBy)
	c.Government.Sources, c.Observed.Sources = unlines[glosa.SourceID](gov), unlines[glosa.SourceID](obs)
	return c, err
}

func selectHeads(tx *db.Tx, s scope) ([]Commitment, error) {
	return db.Collect(tx, headRows, `select c.id, c.edition, c.series, c.state, c.synthetic, c.mesa, c.question, c.territory, c.goal, c.starts, c.ends,
		c.proposed, c.accepted, c.updated, c.gov_status, c.gov_own, c.gov_own_en, c.gov_note, c.gov_note_en, c.gov_sources, c.gov_at, c.gov_by,
		c.obs_status, c.obs_own, c.obs_own_en, c.obs_note, c.obs_note_en, c.obs_sources, c.obs_at, c.obs_by, c.reason, c.reason_by
		from commitment c where`+within+`order by c.year, c.prefix, c.number`, s.id, s.edition, s.series)
}

// selectOfQuestion lists the commitments that came from a question.
func selectOfQuestion(tx *db.Tx, q glosa.QuestionID) ([]glosa.CommitmentID, error) {
	return db.Collect(tx, func(r *db.Rows) (id glosa.CommitmentID, err error) {
		err = r.Scan(&id)
		return id, err
	}, `select id from commitment where question = $1 order by year, prefix, number`, q)
}

// nextNumber is the next free number of a series' year.
func nextNumber(tx *db.Tx, prefix string, year int) (n int, err error) {
	err = tx.Row(`select coalesce(max(number), 0) + 1 from commitment where prefix = $1 and year = $2`, prefix, year).Scan(&n)
	return n, err
}

// insertHead tells whether the id was free.
func insertHead(tx *db.Tx, c Commitment, n Number) (bool, error) {
	rows, err := tx.Exec(`insert into commitment (id, edition, series, prefix, year, number, state, synthetic, mesa, question, territory, goal, proposed)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
		c.ID, c.Edition, c.Series, n.Prefix, n.Year, n.N, c.State, c.Synthetic, c.Mesa, c.Question, c.Territory, c.Goal, c.Proposed)
	return rows == 1, err
}

func updateHead(tx *db.Tx, c Commitment) error {
	_, err := tx.Exec(`update commitment set state = $2, mesa = $3, question = $4, territory = $5, starts = $6, ends = $7, accepted = $8, updated = $9,
		gov_status = $10, gov_own = $11, gov_sources = $12, gov_at = $13, gov_by = $14,
		obs_status = $15, obs_own = $16, obs_sources = $17, obs_at = $18, obs_by = $19, reason = $20, reason_by = $21,
		gov_own_en = $22, gov_note = $23, gov_note_en = $24, obs_own_en = $25, obs_note = $26, obs_note_en = $27 where id = $1`,
		c.ID, c.State, c.Mesa, c.Question, c.Territory, c.Starts, c.Ends, c.Accepted, c.Updated,
		c.Government.Status, c.Government.Own, lines(c.Government.Sources), c.Government.At, c.Government.By,
		c.Observed.Status, c.Observed.Own, lines(c.Observed.Sources), c.Observed.At, c.Observed.By, c.Reason, c.ReasonBy,
		c.Government.OwnEn, c.Government.Note, c.Government.NoteEn, c.Observed.OwnEn, c.Observed.Note, c.Observed.NoteEn)
	return err
}

// versionRow is a wording with the humans who agreed to it: they stay in this room.
type versionRow struct {
	Version
	of                   glosa.CommitmentID
	govHuman, civilHuman glosa.HumanID
}

func versionRows(r *db.Rows) (v versionRow, err error) {
	var content json.RawMessage
	var sources string
	gov, civil := Signature{Side: glosa.Government}, Signature{Side: glosa.Civil}
	err = r.Scan(&v.of, &v.Number, &content, &v.At, &v.DateText, &v.When, &v.Restated, &v.Stated, &sources, &v.Reason, &v.Digest,
		&v.govHuman, &gov.By, &gov.At, &v.civilHuman, &civil.By, &civil.At, &v.InForce)
	if err != nil {
		return v, err
	}
	v.Sources = unlines[glosa.SourceID](sources)
	for _, sig := range []Signature{gov, civil} {
		if sig.By != "" {
			v.Signed = append(v.Signed, sig)
		}
	}
	return v, json.Unmarshal(content, &v.Wording)
}

func selectVersions(tx *db.Tx, s scope) ([]versionRow, error) {
	return db.Collect(tx, versionRows, `select v.commitment, v.number, v.content, v.at, v.date_text, v.edtf, v.restated, v.stated, v.sources, v.reason, v.digest,
		v.gov_human, v.gov_by, v.gov_at, v.civil_human, v.civil_by, v.civil_at, v.in_force
		from commitment_version v join commitment c on c.id = v.commitment where`+within+`order by v.commitment, v.number`, s.id, s.edition, s.series)
}

// putVersion writes a wording; one that is not yet in force is written over, and
// loses what agreement it had.
func putVersion(tx *db.Tx, id glosa.CommitmentID, v Version) error {
	content, err := glosa.JCS(v.Wording)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into commitment_version (commitment, number, content, at, date_text, edtf, restated, stated, sources, reason, digest, in_force)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (commitment, number) do update set content = excluded.content, at = excluded.at, reason = excluded.reason, digest = excluded.digest,
		gov_human = '', gov_by = '', gov_at = 0, civil_human = '', civil_by = '', civil_at = 0`,
		id, v.Number, string(content), v.At, v.DateText, v.When, v.Restated, v.Stated, lines(v.Sources), v.Reason, v.Digest, v.InForce)
	return err
}

func updateAgreement(tx *db.Tx, id glosa.CommitmentID, number int, by glosa.Actor, at time.Time) error {
	query := `update commitment_version set gov_human = $3, gov_by = $4, gov_at = $5 where commitment = $1 and number = $2`
	if by.Side == glosa.Civil {
		query = `update commitment_version set civil_human = $3, civil_by = $4, civil_at = $5 where commitment = $1 and number = $2`
	}
	_, err := tx.Exec(query, id, number, by.Human, by.By(), at)
	return err
}

func updateInForce(tx *db.Tx, id glosa.CommitmentID, number int, at time.Time) error {
	_, err := tx.Exec(`update commitment_version set in_force = $3 where commitment = $1 and number = $2`, id, number, at)
	return err
}

type of[T any] struct {
	id  glosa.CommitmentID
	row T
}

func selectOwners(tx *db.Tx, s scope) ([]of[Owner], error) {
	return db.Collect(tx, func(r *db.Rows) (o of[Owner], err error) {
		return o, r.Scan(&o.id, &o.row.Side, &o.row.Institution, &o.row.Part)
	}, `select o.commitment, o.side, o.institution, o.part from commitment_owner o join commitment c on c.id = o.commitment where`+within+
		`order by o.commitment, o.side desc, o.part, o.institution`, s.id, s.edition, s.series)
}

func selectTargets(tx *db.Tx, s scope) ([]of[Target], error) {
	return db.Collect(tx, func(r *db.Rows) (o of[Target], err error) {
		return o, r.Scan(&o.id, &o.row.Code, &o.row.Rationale)
	}, `select t.commitment, t.target, t.rationale from commitment_target t join commitment c on c.id = t.commitment where`+within+
		`order by t.commitment, t.place`, s.id, s.edition, s.series)
}

func selectMilestones(tx *db.Tx, s scope) ([]Milestone, error) {
	return db.Collect(tx, milestoneRows, `select m.id, m.commitment, m.number, m.title, m.due, m.progress, m.changed, m.note
		from commitment_milestone m join commitment c on c.id = m.commitment where`+within+`order by m.commitment, m.number`, s.id, s.edition, s.series)
}

func milestoneRows(r *db.Rows) (m Milestone, err error) {
	err = r.Scan(&m.ID, &m.Commitment, &m.Number, &m.Title, &m.Due, &m.Progress, &m.Changed, &m.Note)
	return m, err
}

// replaceParts writes the owners, targets and milestones of a draft anew.
func replaceParts(tx *db.Tx, id glosa.CommitmentID, d Draft) error {
	for _, query := range []string{`delete from commitment_owner where commitment = $1`,
		`delete from commitment_target where commitment = $1`, `delete from commitment_milestone where commitment = $1`} {
		if _, err := tx.Exec(query, id); err != nil {
			return err
		}
	}
	for _, o := range d.Owners {
		if _, err := tx.Exec(`insert into commitment_owner (commitment, side, institution, part) values ($1, $2, $3, $4)`,
			id, o.Side, o.Institution, o.Part); err != nil {
			return err
		}
	}
	for i, t := range d.Targets {
		if _, err := tx.Exec(`insert into commitment_target (commitment, place, target, rationale) values ($1, $2, $3, $4)`,
			id, i+1, t.Code, t.Rationale); err != nil {
			return err
		}
	}
	for i, m := range d.Milestones {
		if _, err := tx.Exec(`insert into commitment_milestone (id, commitment, number, title, due) values ($1, $2, $3, $4, $5)`,
			MilestoneIDOf(id, i+1), id, i+1, m.Title, m.Due); err != nil {
			return err
		}
	}
	return nil
}

// selectMilestone is one milestone. Kinds: NotFound.
func selectMilestone(tx *db.Tx, id glosa.MilestoneID) (Milestone, error) {
	all, err := db.Collect(tx, milestoneRows, `select id, commitment, number, title, due, progress, changed, note from commitment_milestone where id = $1`, id)
	if err == nil && len(all) == 0 {
		err = glosa.Missing("milestone", string(id))
	}
	if err != nil {
		return Milestone{}, err
	}
	return all[0], nil
}

func updateMilestone(tx *db.Tx, m Milestone) error {
	_, err := tx.Exec(`update commitment_milestone set progress = $2, changed = $3, note = $4 where id = $1`, m.ID, m.Progress, m.Changed, m.Note)
	return err
}

const evidenceFrom = `select e.id, e.commitment, e.milestone, e.title, e.file, e.media, e.size, e.url, e.state, e.review, e.reason, e.by_actor, e.side,
	e.at, e.next, e.salt, e.sealed, e.gone_word, e.gone_post1, e.gone_post2, e.gone_at from commitment_evidence e `

// evidenceRow is evidence with its commitment in the record and what opens that;
// there is no salt once it is erased.
type evidenceRow struct {
	Evidence
	salt   []byte
	sealed glosa.Hash
}

func evidenceRows(r *db.Rows) (e evidenceRow, err error) {
	var word glosa.Code
	err = r.Scan(&e.ID, &e.Commitment, &e.Milestone, &e.Title, &e.File, &e.Type, &e.Size, &e.URL, &e.State, &e.Review, &e.Reason,
		&e.By, &e.Side, &e.At, &e.Next, &e.salt, &e.sealed, &word, &e.Erased.Posts[0], &e.Erased.Posts[1], &e.Erased.At)
	e.Erased.Ground, e.Erased.Law = splitWord(word)
	return e, err
}

func selectEvidence(tx *db.Tx, s scope) ([]evidenceRow, error) {
	return db.Collect(tx, evidenceRows, evidenceFrom+`join commitment c on c.id = e.commitment where`+within+`order by e.at, e.id`, s.id, s.edition, s.series)
}

// selectOneEvidence is one piece. Kinds: NotFound.
func selectOneEvidence(tx *db.Tx, id glosa.EvidenceID) (evidenceRow, error) {
	all, err := db.Collect(tx, evidenceRows, evidenceFrom+`where e.id = $1`, id)
	if err == nil && len(all) == 0 {
		err = glosa.Missing("evidence", string(id))
	}
	if err != nil {
		return evidenceRow{}, err
	}
	return all[0], nil
}

func selectUnreviewed(tx *db.Tx, limit int) ([]evidenceRow, error) {
	return db.Collect(tx, evidenceRows, evidenceFrom+`where e.state in ('submitted', 'integrity_checked') order by e.at, e.id limit $1`, limit)
}

func selectFiles(tx *db.Tx) ([]glosa.FileID, error) {
	return db.Collect(tx, func(r *db.Rows) (id glosa.FileID, err error) { return id, r.Scan(&id) },
		`select distinct file from commitment_evidence where file <> '' order by file`)
}

func insertEvidence(tx *db.Tx, e evidenceRow) error {
	_, err := tx.Exec(`insert into commitment_evidence (id, commitment, milestone, title, file, media, size, url, state, by_actor, side, at, salt, sealed)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		e.ID, e.Commitment, e.Milestone, e.Title, e.File, e.Type, e.Size, e.URL, e.State, e.By, e.Side, e.At, e.salt, e.sealed)
	return err
}

// eraseEvidence empties a piece; its seal, its place and the Observatory's word stay.
func eraseEvidence(tx *db.Tx, id glosa.EvidenceID, x Erasure) error {
	_, err := tx.Exec(`update commitment_evidence set state = 'erased', gone_file = file, title = '', file = '', media = '', size = 0, url = '', salt = $2,
		gone_word = $3, gone_post1 = $4, gone_post2 = $5, gone_at = $6 where id = $1`, id, []byte{}, x.word(), x.Posts[0], x.Posts[1], x.At)
	return err
}

// selectSealed is the piece whose commitment the record holds; none when there is no such.
func selectSealed(tx *db.Tx, sealed glosa.Hash) ([]evidenceRow, error) {
	return db.Collect(tx, evidenceRows, evidenceFrom+`where e.sealed = $1`, sealed)
}

// selectErasures are the rounds about one piece, or with id "" about every piece, oldest first.
func selectErasures(tx *db.Tx, id glosa.EvidenceID) ([]erasureRow, error) {
	return db.Collect(tx, func(r *db.Rows) (x erasureRow, err error) {
		return x, r.Scan(&x.of, &x.round, &x.first.human, &x.first.side, &x.first.post, &x.first.word, &x.first.at, &x.outcome, &x.closed)
	}, `select evidence, round, human1, side1, post1, word1, at1, outcome, closed from commitment_erasure
		where $1 = '' or evidence = $1 order by evidence, round`, id)
}

func insertErasure(tx *db.Tx, x erasureRow) error {
	_, err := tx.Exec(`insert into commitment_erasure (evidence, round, human1, side1, post1, word1, at1) values ($1, $2, $3, $4, $5, $6, $7)`,
		x.of, x.round, x.first.human, x.first.side, x.first.post, x.first.word, x.first.at)
	return err
}

func closeErasure(tx *db.Tx, x erasureRow) error {
	_, err := tx.Exec(`update commitment_erasure set human2 = $3, side2 = $4, post2 = $5, word2 = $6, at2 = $7, outcome = $8, closed = $9
		where evidence = $1 and round = $2`, x.of, x.round, x.second.human, x.second.side, x.second.post, x.second.word, x.second.at, x.outcome, x.closed)
	return err
}

// selectErasedFile tells whether these very bytes were erased.
func selectErasedFile(tx *db.Tx, file glosa.FileID) (bool, error) {
	var n int
	err := tx.Row(`select count(*) from commitment_evidence where gone_file = $1 and gone_file <> ''`, file).Scan(&n)
	return n > 0, err
}

func selectPauses(tx *db.Tx, id glosa.CommitmentID) ([]Pause, error) {
	return db.Collect(tx, func(r *db.Rows) (p Pause, err error) {
		return p, r.Scan(&p.Reason, &p.By, &p.At, &p.BackReason, &p.BackBy, &p.BackAt)
	}, `select reason, by_actor, at, back_reason, back_by, back_at from commitment_pause where commitment = $1 order by number`, id)
}

func insertPause(tx *db.Tx, id glosa.CommitmentID, p Pause) error {
	_, err := tx.Exec(`insert into commitment_pause (commitment, number, reason, by_actor, at)
		select $1, count(*) + 1, $2, $3, $4 from commitment_pause where commitment = $1`, id, p.Reason, p.By, p.At)
	return err
}

func endPause(tx *db.Tx, id glosa.CommitmentID, reason, by string, at time.Time) error {
	_, err := tx.Exec(`update commitment_pause set back_reason = $2, back_by = $3, back_at = $4 where commitment = $1 and back_at = 0`, id, reason, by, at)
	return err
}

func updateEvidence(tx *db.Tx, e Evidence) error {
	_, err := tx.Exec(`update commitment_evidence set state = $2, review = $3, reason = $4, next = $5 where id = $1`, e.ID, e.State, e.Review, e.Reason, e.Next)
	return err
}

func selectUpdates(tx *db.Tx, id glosa.CommitmentID) ([]Update, error) {
	return db.Collect(tx, func(r *db.Rows) (u Update, err error) {
		return u, r.Scan(&u.Commitment, &u.Number, &u.Status, &u.Percent, &u.Text, &u.Blockers, &u.Next, &u.By, &u.At)
	}, `select commitment, number, status, percent, words, blockers, next, by_actor, at from commitment_update where commitment = $1 order by number`, id)
}

func insertUpdate(tx *db.Tx, u Update) error {
	_, err := tx.Exec(`insert into commitment_update (commitment, number, status, percent, words, blockers, next, by_actor, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, u.Commitment, u.Number, u.Status, u.Percent, u.Text, u.Blockers, u.Next, u.By, u.At)
	return err
}

const assessmentColumns = `commitment, number, criterion, fixed, status, rationale, considered, closing, phase, by_actor, at, reply_until, reply, reply_by, reply_at, final_at`

func assessmentRows(r *db.Rows) (a Assessment, err error) {
	var considered string
	err = r.Scan(&a.Commitment, &a.Number, &a.Criterion, &a.FixedAt, &a.Status, &a.Rationale, &considered, &a.Closing, &a.Phase,
		&a.By, &a.At, &a.ReplyUntil, &a.Reply, &a.ReplyBy, &a.ReplyAt, &a.FinalAt)
	a.Considered = unlines[glosa.EvidenceID](considered)
	return a, err
}

func selectAssessments(tx *db.Tx, id glosa.CommitmentID) ([]Assessment, error) {
	return db.Collect(tx, assessmentRows, `select `+assessmentColumns+` from commitment_assessment where commitment = $1 order by number`, id)
}

func insertAssessment(tx *db.Tx, a Assessment) error {
	_, err := tx.Exec(`insert into commitment_assessment (commitment, number, criterion, fixed, status, rationale, considered, closing, phase, by_actor, at, reply_until)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		a.Commitment, a.Number, a.Criterion, a.FixedAt, a.Status, a.Rationale, lines(a.Considered), a.Closing, a.Phase, a.By, a.At, a.ReplyUntil)
	return err
}

func updateAssessment(tx *db.Tx, a Assessment) error {
	_, err := tx.Exec(`update commitment_assessment set phase = $3, reply = $4, reply_by = $5, reply_at = $6, final_at = $7 where commitment = $1 and number = $2`,
		a.Commitment, a.Number, a.Phase, a.Reply, a.ReplyBy, a.ReplyAt, a.FinalAt)
	return err
}

func selectLinks(tx *db.Tx, id glosa.CommitmentID) ([]Link, error) {
	return db.Collect(tx, func(r *db.Rows) (l Link, err error) {
		var sources string
		err = r.Scan(&l.From, &l.Way, &l.To, &l.Basis, &sources)
		l.Sources = unlines[glosa.SourceID](sources)
		return l, err
	}, `select commitment, way, target, basis, sources from commitment_link where commitment = $1 order by way, target`, id)
}

// putLink writes a link and tells whether it did. «None» gives way to one that was
// found, and is not said beside it.
func putLink(tx *db.Tx, l Link) (bool, error) {
	n := 0
	if l.To == "" {
		if err := tx.Row(`select count(*) from commitment_link where commitment = $1 and way = $2 and target <> ''`, l.From, l.Way).Scan(&n); err != nil || n > 0 {
			return false, err
		}
	} else if _, err := tx.Exec(`delete from commitment_link where commitment = $1 and way = $2 and target = ''`, l.From, l.Way); err != nil {
		return false, err
	}
	_, err := tx.Exec(`insert into commitment_link (commitment, way, target, basis, sources) values ($1, $2, $3, $4, $5)
		on conflict (commitment, way, target) do update set basis = excluded.basis, sources = excluded.sources`,
		l.From, l.Way, l.To, l.Basis, lines(l.Sources))
	return err == nil, err
}

func selectFates(tx *db.Tx, id glosa.CommitmentID, ed glosa.EditionID) ([]Disposition, error) {
	return db.Collect(tx, func(r *db.Rows) (d Disposition, err error) {
		var into string
		err = r.Scan(&d.Commitment, &d.Edition, &d.Outcome, &d.Reason, &into, &d.By, &d.At)
		d.Into = unlines[glosa.CommitmentID](into)
		return d, err
	}, `select commitment, edition, outcome, reason, into_ids, by_actor, at from commitment_fate
		where ($1 = '' or commitment = $1) and ($2 = '' or edition = $2) order by at, commitment`, id, ed)
}

// putFate writes a disposition and tells whether it did: only one of «unknown» may be decided again.
func putFate(tx *db.Tx, d Disposition) (bool, error) {
	n, err := tx.Exec(`insert into commitment_fate (commitment, edition, outcome, reason, into_ids, by_actor, at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (commitment, edition) do update set outcome = excluded.outcome, reason = excluded.reason, into_ids = excluded.into_ids,
		by_actor = excluded.by_actor, at = excluded.at where commitment_fate.outcome = 'unknown'`,
		d.Commitment, d.Edition, d.Outcome, d.Reason, lines(d.Into), d.By, d.At)
	return n == 1, err
}

func selectEntries(tx *db.Tx, id glosa.CommitmentID) ([]Entry, error) {
	return db.Collect(tx, func(r *db.Rows) (e Entry, err error) {
		var content json.RawMessage
		if err := r.Scan(&content); err != nil {
			return e, err
		}
		return e, json.Unmarshal(content, &e)
	}, `select content from commitment_entry where commitment = $1 order by number`, id)
}

func insertEntry(tx *db.Tx, id glosa.CommitmentID, e Entry) error {
	content, err := glosa.JCS(e)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into commitment_entry (commitment, number, content) values ($1, $2, $3)`, id, e.Number, string(content))
	return err
}

// What is due: commitments whose first day has come, milestones that passed
// their day, replies whose time is over.

func selectBeginning(tx *db.Tx, now time.Time, limit int) ([]glosa.CommitmentID, error) {
	return db.Collect(tx, func(r *db.Rows) (id glosa.CommitmentID, err error) { return id, r.Scan(&id) },
		`select id from commitment where state = 'accepted' and starts <= $1 order by starts, id limit $2`, now, limit)
}

const lateMilestones = ` from commitment_milestone m join commitment c on c.id = m.commitment
	where m.progress in ('pending', 'in_progress', 'rejected') and c.state in ('active', 'carried_over', 'disputed') `

func selectLate(tx *db.Tx, now time.Time, limit int) ([]glosa.MilestoneID, error) {
	return db.Collect(tx, func(r *db.Rows) (id glosa.MilestoneID, err error) { return id, r.Scan(&id) },
		`select m.id`+lateMilestones+`and m.due < $1 order by m.due, m.id limit $2`, now, limit)
}

func selectRepliesOver(tx *db.Tx, now time.Time, limit int) ([]Assessment, error) {
	return db.Collect(tx, assessmentRows, `select `+assessmentColumns+` from commitment_assessment
		where phase = 'right_of_reply' and reply_until <= $1 order by reply_until, commitment limit $2`, now, limit)
}

func selectReplying(tx *db.Tx) ([]Assessment, error) {
	return db.Collect(tx, assessmentRows, `select `+assessmentColumns+` from commitment_assessment
		where phase = 'right_of_reply' order by reply_until, commitment`)
}

func updateReplyUntil(tx *db.Tx, id glosa.CommitmentID, number int, until time.Time) error {
	_, err := tx.Exec(`update commitment_assessment set reply_until = $3 where commitment = $1 and number = $2`, id, number, until)
	return err
}

// selectNext is the first instant at which anything of the above falls due; zero when nothing will.
func selectNext(tx *db.Tx) (next time.Time, err error) {
	for _, query := range []string{
		`select coalesce(min(starts), 0) from commitment where state = 'accepted'`,
		`select coalesce(min(m.due), -1) + 1` + lateMilestones,
		`select coalesce(min(reply_until), 0) from commitment_assessment where phase = 'right_of_reply'`,
	} {
		var at time.Time
		if err := tx.Row(query).Scan(&at); err != nil {
			return next, err
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

func selectEvidenceAfter(tx *db.Tx, after glosa.EvidenceID, limit int) ([]evidenceRow, error) {
	return db.Collect(tx, evidenceRows, evidenceFrom+`where e.id > $1 order by e.id limit $2`, after, limit)
}
