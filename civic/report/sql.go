package report

import (
	"glosa"
	"glosa/db"
)

// selectReport reads the report with its last published version, if any.
func selectReport(tx *db.Tx, ed glosa.EditionID) ([]Report, error) {
	return db.Collect(tx, func(r *db.Rows) (Report, error) {
		rep := Report{ID: IDOf(ed), Edition: ed, State: Drafted}
		var digest []byte
		var first, last int64
		err := r.Scan(&rep.Version, &rep.Draft.Title, &rep.Draft.Markdown, &rep.Late, &first, &rep.Title, &digest, &rep.By, &last)
		copy(rep.Digest[:], digest)
		rep.Published, rep.Changed = glosa.FromMicros(first), glosa.FromMicros(last)
		if rep.Version > 0 {
			rep.State = Published
		} else {
			rep.Title = rep.Draft.Title
		}
		return rep, err
	}, `select r.version, r.draft_title, r.draft_markdown, r.late, r.published,
		coalesce(v.title, ''), coalesce(v.digest, $2), coalesce(v.by_actor, ''), coalesce(v.published, 0)
		from report r left join report_version v on v.edition = r.edition and v.version = r.version
		where r.edition = $1`, string(ed), []byte{})
}

func upsertDraft(tx *db.Tx, ed glosa.EditionID, t Text) error {
	_, err := tx.Exec(`insert into report (edition, version, draft_title, draft_markdown, late, published) values ($1, 0, $2, $3, 0, 0)
		on conflict (edition) do update set draft_title = excluded.draft_title, draft_markdown = excluded.draft_markdown`,
		string(ed), t.Title, t.Markdown)
	return err
}

func insertVersion(tx *db.Tx, ed glosa.EditionID, v Version, late int) error {
	_, err := tx.Exec(`insert into report_version (edition, version, title, markdown, digest, reason, by_actor, published) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		string(ed), v.Number, v.Title, v.Markdown, v.Digest[:], v.Reason, v.By, glosa.Micros(tx.Now))
	if err != nil {
		return err
	}
	if v.Number > 1 {
		_, err = tx.Exec(`update report set version = $1 where edition = $2`, v.Number, string(ed))
		return err
	}
	_, err = tx.Exec(`update report set version = 1, late = $1, published = $2 where edition = $3`, late, glosa.Micros(tx.Now), string(ed))
	return err
}

func selectVersions(tx *db.Tx, ed glosa.EditionID) ([]Version, error) {
	return db.Collect(tx, func(r *db.Rows) (Version, error) {
		var v Version
		var digest []byte
		var at int64
		err := r.Scan(&v.Number, &v.Title, &v.Markdown, &digest, &v.Reason, &v.By, &at)
		copy(v.Digest[:], digest)
		v.Published = glosa.FromMicros(at)
		return v, err
	}, `select version, title, markdown, digest, reason, by_actor, published from report_version where edition = $1 order by version`, string(ed))
}

const passageColumns = `anchor, place, kind, level, words, html, hash, gone`

func passageRows(r *db.Rows) (Passage, error) {
	var p Passage
	var hash []byte
	err := r.Scan(&p.Anchor, &p.Place, &p.Kind, &p.Level, &p.Words, &p.HTML, &hash, &p.Gone)
	copy(p.Hash[:], hash)
	return p, err
}

// selectPassages lists all passages the report ever had: the text in its order, then the gone ones.
func selectPassages(tx *db.Tx, ed glosa.EditionID) ([]Passage, error) {
	return db.Collect(tx, passageRows, `select `+passageColumns+` from passage where edition = $1 order by gone, place, anchor`, string(ed))
}

func selectPassage(tx *db.Tx, ed glosa.EditionID, anchor string) ([]Passage, error) {
	return db.Collect(tx, passageRows, `select `+passageColumns+` from passage where edition = $1 and anchor = $2`, string(ed), anchor)
}

func upsertPassage(tx *db.Tx, ed glosa.EditionID, p Passage) error {
	_, err := tx.Exec(`insert into passage (edition, `+passageColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (edition, anchor) do update set place = excluded.place, kind = excluded.kind, level = excluded.level,
		words = excluded.words, html = excluded.html, hash = excluded.hash, gone = excluded.gone`,
		string(ed), p.Anchor, p.Place, string(p.Kind), p.Level, p.Words, p.HTML, p.Hash[:], p.Gone)
	return err
}

func selectFiles(tx *db.Tx, ed glosa.EditionID) ([]Attached, error) {
	return db.Collect(tx, func(r *db.Rows) (Attached, error) {
		var a Attached
		var at int64
		err := r.Scan(&a.File, &a.Name, &a.Title, &a.Type, &a.Size, &a.Place, &at)
		a.At = glosa.FromMicros(at)
		return a, err
	}, `select file, name, title, type, size, place, at from report_file where edition = $1 order by place, file`, string(ed))
}

func insertFile(tx *db.Tx, ed glosa.EditionID, a Attached) (int64, error) {
	return tx.Exec(`insert into report_file (edition, file, name, title, type, size, place, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (edition, file) do nothing`,
		string(ed), string(a.File), a.Name, a.Title, string(a.Type), a.Size, a.Place, glosa.Micros(tx.Now))
}

func deleteFile(tx *db.Tx, ed glosa.EditionID, id glosa.FileID) (int64, error) {
	return tx.Exec(`delete from report_file where edition = $1 and file = $2`, string(ed), string(id))
}

func selectFileIDs(tx *db.Tx) ([]glosa.FileID, error) {
	return db.Collect(tx, func(r *db.Rows) (id glosa.FileID, err error) {
		err = r.Scan(&id)
		return id, err
	}, `select distinct file from report_file order by file`)
}

const statementColumns = `edition, commitment, version, status, words, digest, by_actor, at`

func statementRows(r *db.Rows) (Statement, error) {
	var s Statement
	var digest []byte
	var at int64
	err := r.Scan(&s.Edition, &s.Commitment, &s.Version, &s.Status, &s.Text, &digest, &s.By, &at)
	copy(s.Digest[:], digest)
	s.At = glosa.FromMicros(at)
	return s, err
}

func selectStatements(tx *db.Tx, ed glosa.EditionID) ([]Statement, error) {
	return db.Collect(tx, statementRows, `select `+statementColumns+` from statement where edition = $1 order by commitment, version`, string(ed))
}

func selectStatementsOn(tx *db.Tx, id glosa.CommitmentID) ([]Statement, error) {
	return db.Collect(tx, statementRows, `select `+statementColumns+` from statement where commitment = $1 order by at, edition, version`, string(id))
}

func insertStatement(tx *db.Tx, s Statement) error {
	_, err := tx.Exec(`insert into statement (`+statementColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		string(s.Edition), string(s.Commitment), s.Version, string(s.Status), s.Text, s.Digest[:], s.By, glosa.Micros(tx.Now))
	return err
}

// selectReported lists the editions whose report, or part of it, was ever said in public.
func selectReported(tx *db.Tx) ([]glosa.EditionID, error) {
	return db.Collect(tx, func(r *db.Rows) (id glosa.EditionID, err error) { return id, r.Scan(&id) },
		`select edition from report_version union select edition from statement order by edition`)
}
