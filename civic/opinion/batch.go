package opinion

import (
	"context"
	"slices"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/method/cell"
)

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
	var commits []glosa.Hash
	fresh, gone := 0, 0
	for _, v := range made {
		if commits = append(commits, v.commit); v.fresh {
			fresh++
		}
	}
	for _, v := range over {
		if v.withdrawn {
			gone++
		}
	}
	b := voter.NewBatch(contest, last+1, commits, fresh, gone)
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
	err = tx.Leave(kBatch.Event(glosa.System(), ed, k.id, b.Told()))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(b.Commits, voter.BatchedSize) {
		if err := tx.Leave(kBatched.Event(glosa.System(), ed, voter.Listed(contest, b.N), voter.CommitsTold{Contest: contest, N: b.N, Commits: part})); err != nil {
			return err
		}
	}
	return unlock(tx, k, b.N, over)
}

// unlock opens the locks of the versions that no longer stand and forgets them.
func unlock(tx *db.Tx, k keptSet, n int, over []*ballot) error {
	for part := range slices.Chunk(over, voter.OpenedSize) {
		body := voter.LocksTold{Contest: k.contest(), N: n, LockBy: "server"}
		for _, v := range part {
			body.Opened = append(body.Opened, voter.Opening{Former: v.commit, Opener: v.opener})
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
			t.add(says, by)
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
		if t.behind() >= voter.Step {
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
func (d *Desk) Batches(ctx context.Context, contest glosa.ContestID) (all []voter.Batch, err error) {
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
	if err != nil {
		return err
	}
	for _, k := range sets {
		batches, err := d.Batches(ctx, k.contest())
		if err != nil {
			return err
		}
		for _, b := range batches {
			commits, err := d.Batch(ctx, b.Contest, b.N)
			if err != nil {
				return err
			}
			for _, c := range commits {
				if err := emit(c); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
