package opinion

import (
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/method/cell"
)

// batchEvery is how often the votes that came in are told to the record.
const batchEvery = 15 * time.Minute

// These keep an event below a leaf's 16 KiB.
const (
	batchedSize = 256 // commitments
	openedSize  = 100 // openings
)

// Batch is what one quarter of an hour brought.
type Batch struct {
	Contest   glosa.ContestID
	N         int // from 1
	New       int // ballots that did not stand before
	Changed   int // new versions of ballots that stood
	Withdrawn int
	Root      glosa.Hash
	Commits   []glosa.Hash
	At        time.Time
}

// batch tells the record what came since the last one and moves the public
// counts. Nothing is told when nothing came.
func batch(tx *db.Tx, k keptSet) error {
	contest := k.contest()
	made, err := selectUnbatched(tx, contest)
	if err != nil {
		return err
	}
	over, err := selectOver(tx, contest)
	if err != nil || len(made)+len(over) == 0 {
		return err
	}
	last, err := selectLastBatch(tx, contest)
	if err != nil {
		return err
	}
	b := Batch{Contest: contest, N: last + 1}
	for _, v := range made {
		b.Commits = append(b.Commits, v.commit)
		if v.fresh {
			b.New++
		} else {
			b.Changed++
		}
	}
	for _, v := range over {
		if v.withdrawn {
			b.Withdrawn++
		}
	}
	b.Commits = voter.Distinct(b.Commits)
	b.Root = voter.Merkle(b.Commits)
	if err := insertBatch(tx, b); err != nil {
		return err
	}
	if err := count(tx, contest, made, over); err != nil {
		return err
	}
	if err := updateBatched(tx, contest, b.N); err != nil {
		return err
	}
	ed := glosa.EditionID(k.edition)
	err = tx.Leave(kBatch.Event(glosa.System(), ed, k.id, batchBody{Contest: contest, N: b.N, New: b.New, Changed: b.Changed, Withdrawn: b.Withdrawn, Root: b.Root}))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(b.Commits, batchedSize) {
		if err := tx.Leave(kBatched.Event(glosa.System(), ed, k.id, batchedBody{Contest: contest, N: b.N, Commits: part})); err != nil {
			return err
		}
	}
	return unlock(tx, k, b.N, over)
}

// unlock opens the locks of the versions that no longer stand and forgets them.
func unlock(tx *db.Tx, k keptSet, n int, over []*ballot) error {
	for part := range slices.Chunk(over, openedSize) {
		body := unlockedBody{Contest: k.contest(), N: n, LockBy: "server"}
		for _, v := range part {
			body.Opened = append(body.Opened, Opening{Former: v.commit, Opener: v.opener})
		}
		if err := tx.Leave(kUnlocked.Event(glosa.System(), glosa.EditionID(k.edition), k.id, body)); err != nil {
			return err
		}
	}
	return deleteOver(tx, k.contest())
}

// count moves the tallies by what the batch brought: what stands now, less what
// an earlier batch had counted of the same ballots.
func count(tx *db.Tx, contest glosa.ContestID, made, over []*ballot) error {
	all, err := selectTallies(tx, contest)
	if err != nil {
		return err
	}
	moved := map[int]bool{}
	add := func(v votes, by int) {
		for n, says := range v {
			t := all[n]
			t.n, moved[n] = n, true
			switch says {
			case Agree:
				t.agree += by
			case Disagree:
				t.disagree += by
			case Pass:
				t.pass += by
			}
			all[n] = t
		}
	}
	for _, v := range made {
		if v.state == standing {
			add(v.votes, 1)
		}
	}
	for _, v := range over {
		if v.batch > 0 {
			add(v.votes, -1)
		}
	}
	for n := range moved {
		t := all[n]
		if voter.Moved(t.toldSum(), t.sum()) != t.toldSum() {
			t.told = [3]int{t.agree, t.disagree, t.pass}
		}
		if err := upsertTally(tx, contest, t); err != nil {
			return err
		}
	}
	return nil
}

// tell is what may be said of the votes on a statement: nothing before ten, and
// anew only with ten more; each answer in fives, and of fewer than five only that
// (trust.md §5). There is no total beside a hidden answer: Votes is the sum of what
// is shown, so it says nothing more.
func (t tally) tell() Told {
	told := [3]int{cell.Hidden, cell.Hidden, cell.Hidden}
	votes := 0
	for i, n := range t.told {
		if t.toldSum() >= voter.Step && n >= cell.Few {
			told[i] = cell.Fives(n)
			votes += told[i]
		}
	}
	return Told{Votes: votes, Agree: told[0], Disagree: told[1], Pass: told[2]}
}

// Batches lists a set's batches without their commitments, in order.
func (d *Desk) Batches(ctx context.Context, contest glosa.ContestID) (all []Batch, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = selectBatches(tx, contest)
		return err
	})
	return all, err
}

// Batch lists the commitments of one batch, sorted. NotFound.
func (d *Desk) Batch(ctx context.Context, contest glosa.ContestID, n int) (commits []glosa.Hash, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		commits, err = selectCommits(tx, contest, n)
		return err
	})
	return commits, err
}

// Commitments hands out the commitment of every ballot that a batch told the
// record of: they are sealed, since no published row shows a salt.
func (d *Desk) Commitments(ctx context.Context, emit func(glosa.Hash) error) error {
	var sets []keptSet
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		sets, err = selectSets(tx)
		return err
	})
	for i := 0; i < len(sets) && err == nil; i++ {
		var batches []Batch
		batches, err = d.Batches(ctx, sets[i].contest())
		for j := 0; j < len(batches) && err == nil; j++ {
			var commits []glosa.Hash
			commits, err = d.Batch(ctx, sets[i].contest(), batches[j].N)
			for x := 0; x < len(commits) && err == nil; x++ {
				err = emit(commits[x])
			}
		}
	}
	return err
}
