package report

import (
	"context"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Of is an edition's report, draft included: pages of the public show Title,
// State and the passages, never Draft. NotFound when nobody has written yet.
func Of(tx *db.Tx, ed glosa.EditionID) (Report, error) {
	found, err := selectReport(tx, ed)
	if err != nil {
		return Report{}, err
	}
	if len(found) == 0 {
		return Report{}, glosa.Missing("report", string(IDOf(ed)))
	}
	return found[0], nil
}

// Lateness is by how many whole days the report is late: as counted when it was
// published, or up to now while it is not.
func Lateness(tx *db.Tx, ed edition.Edition) (int, error) {
	rep, err := Of(tx, ed.ID)
	if err == nil && rep.State == Published {
		return rep.Late, nil
	}
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return 0, err
	}
	return lateness(ed, tx.Now), nil
}

// Passages lists the published text in its order.
func Passages(tx *db.Tx, ed glosa.EditionID) ([]Passage, error) {
	all, err := selectPassages(tx, ed)
	return living(all), err
}

// Read is one passage by its id, a gone one too: its address still says what it
// said and that it went away. NotFound.
func Read(tx *db.Tx, ed glosa.EditionID, id glosa.PassageID) (Passage, error) {
	anchor, ok := AnchorOf(ed, id)
	if !ok {
		return Passage{}, glosa.Missing("passage", string(id))
	}
	found, err := selectPassage(tx, ed, anchor)
	if err != nil {
		return Passage{}, err
	}
	if len(found) == 0 {
		return Passage{}, glosa.Missing("passage", string(id))
	}
	return found[0], nil
}

// Preview is the draft as it would be published, with the numbers it would have.
// Invalid, NotFound.
func Preview(tx *db.Tx, ed glosa.EditionID) ([]Passage, error) {
	rep, err := Of(tx, ed)
	if err != nil {
		return nil, err
	}
	now, err := Cut(rep.Draft.Markdown)
	if err != nil {
		return nil, err
	}
	before, err := selectPassages(tx, ed)
	if err != nil {
		return nil, err
	}
	Number(before, now)
	for i := range now {
		now[i].Place = i + 1
	}
	return now, nil
}

// Versions lists every published text, oldest first.
func Versions(tx *db.Tx, ed glosa.EditionID) ([]Version, error) { return selectVersions(tx, ed) }

// FilesOf lists the report's files in the order they were attached.
func FilesOf(tx *db.Tx, ed glosa.EditionID) ([]Attached, error) { return selectFiles(tx, ed) }

// Named lists the files this room names, for [Sweep].
func (d *Desk) Named(ctx context.Context) (ids []glosa.FileID, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		ids, err = selectFileIDs(tx)
		return err
	})
	return ids, err
}

// Statements lists the government's last word on each earlier commitment.
func Statements(tx *db.Tx, ed glosa.EditionID) ([]Statement, error) {
	all, err := selectStatements(tx, ed)
	if err != nil {
		return nil, err
	}
	var out []Statement
	for _, s := range all {
		if n := len(out); n > 0 && out[n-1].Commitment == s.Commitment {
			out[n-1] = s
			continue
		}
		out = append(out, s)
	}
	return out, nil
}

// StatementsOn lists all that governments have said in their reports about one
// commitment, oldest first, every version.
func StatementsOn(tx *db.Tx, id glosa.CommitmentID) ([]Statement, error) {
	return selectStatementsOn(tx, id)
}
