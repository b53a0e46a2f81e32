package voter

import (
	"fmt"

	"glosa"
)

// What every ballot box tells the record, in the events of its own room.
type (
	// BatchTold is a batch without its commitments.
	BatchTold struct {
		Contest   glosa.ContestID `json:"contest"`
		N         int             `json:"n"` // number of the batch, from 1
		New       int             `json:"new"`
		Changed   int             `json:"changed"`
		Withdrawn int             `json:"withdrawn"`
		Root      glosa.Hash      `json:"root"`
	}
	// CommitsTold are a batch's commitments, so that a promise can be checked in the
	// record alone.
	CommitsTold struct {
		Contest glosa.ContestID `json:"contest"`
		N       int             `json:"n"` // the batch this belongs to
		Commits []glosa.Hash    `json:"commits"`
	}
	// LocksTold opens the locks of versions that no longer stand.
	LocksTold struct {
		Contest glosa.ContestID `json:"contest"`
		N       int             `json:"n"` // the batch this belongs to
		Opened  []Opening       `json:"opened"`
		LockBy  glosa.Code      `json:"lock_by"`
	}
)

// Told is the batch without its commitments.
func (b Batch) Told() BatchTold {
	return BatchTold{Contest: b.Contest, N: b.N, New: b.New, Changed: b.Changed, Withdrawn: b.Withdrawn, Root: b.Root}
}

// Leaves is what the leaves of a record say of one ballot box. Its room fills it in
// order, from a verified record. Begin with [NewLeaves].
type Leaves struct {
	Batches []BatchTold
	Lists   map[int][]glosa.Hash      // commitments, by batch
	Commits map[glosa.Hash]int        // which batch told of it
	Opened  map[glosa.Hash]glosa.Hash // openers, by the former commitment
	End     string                    // what came after which no ballot comes, such as "the agenda"; "" before
	Gone    bool                      // the rows are destroyed
	Faults  []string
}

// NewLeaves is a box of which nothing was told.
func NewLeaves() Leaves {
	return Leaves{Lists: map[int][]glosa.Hash{}, Commits: map[glosa.Hash]int{}, Opened: map[glosa.Hash]glosa.Hash{}}
}

// Batch takes in the leaf of a batch.
func (l *Leaves) Batch(e glosa.Event) error {
	b, err := glosa.BodyOf[BatchTold](e)
	if l.End != "" {
		l.fault("batch %d comes after %s", b.N, l.End)
	}
	l.Batches = append(l.Batches, b)
	return err
}

// List takes in what a leaf of a batch's commitments says; its subject is [Listed].
func (l *Leaves) List(b CommitsTold) {
	if l.End != "" {
		l.fault("batch %d comes after %s: its ballots are late", b.N, l.End)
	}
	for _, c := range b.Commits {
		if _, again := l.Commits[c]; again {
			l.fault("ballot %s is told of twice", c)
			continue
		}
		l.Commits[c], l.Lists[b.N] = b.N, append(l.Lists[b.N], c)
	}
}

// Open takes in a leaf of openers.
func (l *Leaves) Open(e glosa.Event) error {
	b, err := glosa.BodyOf[LocksTold](e)
	if l.End != "" {
		l.fault("locks of batch %d are opened after %s", b.N, l.End)
	}
	for _, x := range b.Opened {
		if _, again := l.Opened[x.Former]; again {
			l.fault("the lock of ballot %s is opened twice", x.Former)
		}
		l.Opened[x.Former] = x.Opener
	}
	return err
}

func (l *Leaves) fault(why string, args ...any) {
	l.Faults = append(l.Faults, fmt.Sprintf(why, args...))
}

// Stand is how many ballots stand by what the batches told.
func (l *Leaves) Stand() (n int) {
	for _, b := range l.Batches {
		n += b.New - b.Withdrawn
	}
	return n
}
