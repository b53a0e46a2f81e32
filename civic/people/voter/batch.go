package voter

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strconv"
	"time"

	"glosa"
)

// BatchEvery is how often the ballots that came in are told to the record.
const BatchEvery = 15 * time.Minute

// These keep an event below a leaf's 16 KiB.
const (
	BatchedSize = 256 // commitments
	OpenedSize  = 100 // openings
)

// Batch is what one quarter of an hour brought to a contest.
type Batch struct {
	Contest   glosa.ContestID
	N         int // from 1
	New       int // ballots that did not stand before
	Changed   int // new versions of ballots that stood
	Withdrawn int
	Root      glosa.Hash // [Merkle] of Commits
	Commits   []glosa.Hash
	At        time.Time
}

// NewBatch is the batch of these versions, of which some are fresh: no ballot of
// their credential stood before. withdrawn ballots have no version in it.
func NewBatch(contest glosa.ContestID, n int, commits []glosa.Hash, fresh, withdrawn int) Batch {
	b := Batch{Contest: contest, N: n, New: fresh, Changed: len(commits) - fresh, Withdrawn: withdrawn, Commits: Distinct(commits)}
	b.Root = Merkle(b.Commits)
	return b
}

// Listed is the subject of the leaves that list what a batch holds, in ascending
// order: whoever has a ballot's batch finds its leaf among these alone.
func Listed(contest glosa.ContestID, n int) string { return string(contest) + "." + strconv.Itoa(n) }

// Opening publishes what opens the lock of a ballot that no longer stands:
// SHA-256(Opener) is the lock in the object behind Former, its commitment.
type Opening struct {
	Former glosa.Hash `json:"former"`
	Opener glosa.Hash `json:"opener"`
}

// Merkle is the root of RFC 6962 over sorted distinct commitments:
// leaves SHA-256(0x00 ‖ commitment), nodes SHA-256(0x01 ‖ left ‖ right), the left
// part being the largest power of two below the number; of nothing, SHA-256("").
func Merkle(commits []glosa.Hash) glosa.Hash {
	switch n := len(commits); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, commits[0][:]...))
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		left, right := Merkle(commits[:k]), Merkle(commits[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
	}
}

// Distinct sorts commitments and drops repetitions.
func Distinct(commits []glosa.Hash) []glosa.Hash {
	slices.SortFunc(commits, func(a, b glosa.Hash) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(commits)
}
