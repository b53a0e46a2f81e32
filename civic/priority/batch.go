package priority

import (
	"context"
	"maps"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
)

// Due lets the clock follower write the batches.
func Due() edition.Due {
	return edition.Due{Room: "priority", Run: runDue, Next: selectNextDue}
}

func runDue(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	all, err := selectDue(tx, now, limit)
	if err != nil {
		return 0, err
	}
	for _, c := range all {
		if err := tellBatch(tx, c, now, false); err != nil {
			return done, err
		}
		if err := tellDoors(tx, c, now); err != nil {
			return done, err
		}
		next, err := nextBatch(tx, c, now)
		if err != nil {
			return done, err
		}
		if err := updateDue(tx, c.contest, next); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

// batch tells the record what came since the last one and moves the public
// counts. Nothing is told when nothing came.
func batch(tx *db.Tx, c dueContest) error {
	made, err := selectUnbatched(tx, c.contest)
	if err != nil {
		return err
	}
	over, err := selectOver(tx, c.contest)
	if err != nil {
		return err
	}
	if len(made)+len(over) == 0 {
		return nil
	}
	last, _, err := selectSums(tx, c.contest)
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
		if v.state == withdrawn {
			gone++
		}
	}
	b := voter.NewBatch(c.contest, last+1, commits, fresh, gone)
	if err := insertBatch(tx, b); err != nil {
		return err
	}
	if err := addCame(tx, c.contest, b.N); err != nil {
		return err
	}
	if err := updateBatched(tx, c.contest, b.N); err != nil {
		return err
	}
	tags, err := moveCounts(tx, c.contest)
	if err != nil {
		return err
	}
	err = tx.Leave(kBatch.Event(glosa.System(), c.edition, string(c.contest), b.Told(), tags...))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(b.Commits, voter.BatchedSize) {
		body := voter.CommitsTold{Contest: c.contest, N: b.N, Commits: part}
		if err := tx.Leave(kBatched.Event(glosa.System(), c.edition, voter.Listed(c.contest, b.N), body)); err != nil {
			return err
		}
	}
	return publishOpeners(tx, c, b.N, over)
}

// publishOpeners opens the locks of the versions that no longer stand and forgets them.
func publishOpeners(tx *db.Tx, c dueContest, n int, over []*ballot) error {
	for part := range slices.Chunk(over, voter.OpenedSize) {
		body := voter.LocksTold{Contest: c.contest, N: n, LockBy: "server"}
		for _, v := range part {
			body.Opened = append(body.Opened, voter.Opening{Former: v.commit, Opener: v.opener})
		}
		if err := tx.Leave(kOpened.Event(glosa.System(), c.edition, string(c.contest), body)); err != nil {
			return err
		}
	}
	return deleteOver(tx, c.contest)
}

// moveCounts counts the supporters of each canonical question, each once, and
// moves what pages show. It returns the tags of the pages that changed.
func moveCounts(tx *db.Tx, contest glosa.ContestID) (tags []string, err error) {
	ballots, err := selectAllStanding(tx, contest)
	if err != nil {
		return nil, err
	}
	count, err := countSupporters(tx, ballots)
	if err != nil {
		return nil, err
	}
	was, err := selectShown(tx, contest)
	if err != nil {
		return nil, err
	}
	for q := range was {
		if _, ok := count[q]; !ok {
			count[q] = 0
		}
	}
	for q, n := range count {
		if to := voter.Moved(was[q], n); to != was[q] {
			if err := upsertShown(tx, contest, q, to); err != nil {
				return nil, err
			}
			tags = append(tags, "question:"+string(q))
		}
	}
	slices.Sort(tags)
	return tags, nil
}

func countSupporters(tx *db.Tx, ballots []*ballot) (map[glosa.QuestionID]int, error) {
	roots := rooter{tx, map[glosa.QuestionID]glosa.QuestionID{}}
	count := map[glosa.QuestionID]int{}
	for _, b := range ballots {
		set, err := roots.set(b.choices)
		if err != nil {
			return nil, err
		}
		for _, q := range set {
			count[q]++
		}
	}
	return count, nil
}

// set is the canonical questions of some choices, sorted, each once.
func (r rooter) set(choices []glosa.QuestionID) ([]glosa.QuestionID, error) {
	set := make([]glosa.QuestionID, 0, len(choices))
	for _, c := range choices {
		root, err := r.of(c)
		if err != nil {
			return nil, err
		}
		set = append(set, root)
	}
	slices.Sort(set)
	return slices.Compact(set), nil
}

// Batches lists a contest's batches without their commitments, in order.
func (d *Desk) Batches(ctx context.Context, contest glosa.ContestID) (all []voter.Batch, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = selectBatches(tx, contest)
		return err
	})
	return all, err
}

// Batch lists the commitments of one batch, sorted: whoever holds a receipt finds
// theirs and recomputes the root. NotFound.
func (d *Desk) Batch(ctx context.Context, contest glosa.ContestID, n int) (commits []glosa.Hash, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		commits, err = selectCommits(tx, contest, n)
		return err
	})
	return commits, err
}

// Commitments hands out the commitment of every ballot that a batch told the
// record of: they are sealed, since the published rows show trackers, not salts.
func (d *Desk) Commitments(ctx context.Context, emit func(glosa.Hash) error) error {
	var batches []voter.Batch
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		batches, err = selectEveryBatch(tx)
		return err
	})
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
	return nil
}

// Supporters is what pages may show of the support of questions while ballots
// are taken: moved by batches, in steps of ten; a question not listed has fewer
// than ten, or no more than that is said.
func (d *Desk) Supporters(ctx context.Context, ed glosa.EditionID) (map[glosa.QuestionID]int, error) {
	shown, err := d.shown.Read(ctx, d.DB, ed, ours, func(tx *db.Tx) (map[glosa.QuestionID]int, error) { return SupportersOf(tx, ed) })
	return maps.Clone(shown), err
}

// SupportersOf is [Desk.Supporters] within a transaction.
func SupportersOf(tx *db.Tx, ed glosa.EditionID) (map[glosa.QuestionID]int, error) {
	return selectShown(tx, ContestOf(ed))
}
