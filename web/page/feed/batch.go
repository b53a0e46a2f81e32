package feed

import (
	"strconv"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/web/door"
)

// batch is a contest's batch as programs read it.
type batch struct {
	N         int          `json:"n"`
	At        string       `json:"at"`
	New       int          `json:"new"`
	Changed   int          `json:"changed"`
	Withdrawn int          `json:"withdrawn"`
	Root      glosa.Hash   `json:"root"`
	Commits   []glosa.Hash `json:"commits,omitempty"`
	Note      string       `json:"note,omitempty"` // SINTÉTICO, in what was invented
}

func batchOf(b voter.Batch) batch {
	return batch{N: b.N, At: b.At.UTC().Format(time.RFC3339), New: b.New, Changed: b.Changed, Withdrawn: b.Withdrawn, Root: b.Root}
}

// Batches is what each quarter of an hour brought to a contest, as JSON.
func Batches(note string, all []voter.Batch) (*door.File, error) {
	items := []batch{}
	for _, b := range all {
		items = append(items, batchOf(b))
	}
	return JSON("lotes", struct {
		Note  string  `json:"note,omitempty"`
		Items []batch `json:"items"`
	}{note, items})
}

// Batch is the one that a path names, with its commitments: whoever holds a receipt
// finds theirs and computes the root again. NotFound.
func Batch(note, path string, all []voter.Batch, commits func(contest glosa.ContestID, n int) ([]glosa.Hash, error)) (*door.File, error) {
	n, err := strconv.Atoi(path)
	if err != nil || n < 1 || n > len(all) {
		return nil, glosa.Missing("batch", path)
	}
	b := batchOf(all[n-1])
	b.Note = note
	if b.Commits, err = commits(all[n-1].Contest, n); err != nil {
		return nil, err
	}
	return JSON("lote-"+path, b)
}
