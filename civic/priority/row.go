package priority

import (
	"bytes"
	"context"

	"glosa"
	"glosa/db"
)

// rows are the names of the rows of a contest's files.
type rows struct{ counted, excluded map[string]bool }

// Row says where a receipt's ballot is once the agenda stands, and its row's name:
// [OwnCounted] in the published file, [OwnExcluded] only in the file of all ballots;
// "" in neither. NotFound until the agenda is made.
func (d *Desk) Row(ctx context.Context, id glosa.EditionID, rc Receipt) (where glosa.Code, name string, err error) {
	all, err := d.rows.Read(ctx, d.DB, id, ours, func(tx *db.Tx) (rows, error) { return rowsOf(tx, ContestOf(id)) })
	whole := WholeTracker(rc.Salt())
	switch {
	case err != nil:
		return "", "", err
	case all.counted[rc.Tracker]:
		return OwnCounted, rc.Tracker, nil
	case all.excluded[whole]:
		return OwnExcluded, whole, nil
	}
	return "", "", nil
}

func rowsOf(tx *db.Tx, contest glosa.ContestID) (all rows, err error) {
	file, err := selectFile(tx, contest)
	if err != nil {
		return all, err
	}
	whole, _, err := selectBesideFiles(tx, contest, Whole)
	if err != nil && glosa.KindOf(err) != glosa.NotFound { // nothing was excluded
		return all, err
	}
	return rows{rowNames(file), rowNames(whole)}, nil
}

// rowNames are the trackers of a .pb file: 64 hexadecimal digits begin no other line.
func rowNames(file []byte) map[string]bool {
	names := map[string]bool{}
	for line := range bytes.Lines(file) {
		if name, _, ok := bytes.Cut(line, []byte{';'}); ok && len(name) == 64 {
			names[string(name)] = true
		}
	}
	return names
}
