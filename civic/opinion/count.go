package opinion

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

// lookEvery is how often it is looked whether something is to be counted.
const lookEvery = time.Minute

// Follow counts what is over, until ctx ends, on one node. What fails is told and
// tried again.
func (d *Desk) Follow(ctx context.Context) error {
	return d.DB.Exclusive(ctx, "opinion", func(ctx context.Context) error {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			if err := d.Count(ctx); err != nil && ctx.Err() == nil && d.Log != nil {
				d.Log.Error("counting opinions", "err", err)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tick.C:
			}
		}
	})
}

// Count counts every set whose vote is over and not counted, once. It computes
// outside any act.
//
// Nothing is drawn of a vote that is open: of two pictures that fewer than ten
// people part, the second would tell of those few, and whoever draws the first
// cannot know how many will still come, or take their ballot back.
func (d *Desk) Count(ctx context.Context) error {
	var sets []keptSet
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		sets, err = selectSets(tx)
		return err
	})
	failed := []error{err}
	for _, k := range sets {
		if k.shut.IsZero() || !k.destroyed.IsZero() {
			continue
		}
		if err := d.count(ctx, k); err != nil { // the others are counted all the same
			failed = append(failed, fmt.Errorf("opinion %s: %w", k.id, err))
		}
	}
	return errors.Join(failed...)
}

// gather reads what a count is made of; counted when it was made already.
func (d *Desk) gather(ctx context.Context, k keptSet) (ballots []*ballot, all []Statement, counted bool, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := selectResult(tx, k.contest())
		if counted = err == nil; counted || glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		if ballots, err = selectAllStanding(tx, k.contest()); err != nil {
			return err
		}
		all, err = d.statements(tx, k)
		return err
	})
	return ballots, all, counted, err
}

// count makes the count after the end: the file of rows first, then the groups
// from its bytes, then what may be told of them.
func (d *Desk) count(ctx context.Context, k keptSet) error {
	ballots, all, counted, err := d.gather(ctx, k)
	if err != nil || counted {
		return err
	}
	list, out := listed(all)
	r := result{file: rowsOf(ballots, columnsOf(all)), ballots: len(ballots), software: d.Software}
	r.input = glosa.Digest(r.file)
	c, err := compute(ctx, r.file, list)
	if err != nil {
		return err
	}
	r.digest, r.groups = c.digest, c.groups()
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		picture, err := json.Marshal(paint(c, out, tx.Now))
		if err != nil {
			return err
		}
		r.picture = string(picture)
		done, err := insertResult(tx, k.contest(), r)
		if err != nil || !done {
			return err
		}
		return tx.Leave(kCounted.Event(glosa.System(), glosa.EditionID(k.edition), k.id, countedBody{Input: r.input, Result: r.digest,
			Picture: glosa.Digest(picture), Ballots: r.ballots, Groups: r.groups, Software: r.software}))
	})
}

// Rows is the file of the count, as Polis writes participants-votes.csv: for
// auditors. Errors: Denied; NotFound before the count and once the rows are gone.
func (d *Desk) Rows(ctx context.Context, by glosa.Actor, id glosa.EditionID) ([]byte, error) {
	if err := by.MayIn(actAudit, id); err != nil {
		return nil, err
	}
	return d.file(ctx, id)
}

// PublicRows is the same for everybody. NotFound unless the settings froze the
// rows public.
func (d *Desk) PublicRows(ctx context.Context, id glosa.EditionID) ([]byte, error) {
	b, err := d.Board(ctx, id)
	if err == nil && b.Settings.Rows != ForAll {
		err = glosa.Missing("rows", string(id))
	}
	if err != nil {
		return nil, err
	}
	return d.file(ctx, id)
}

func (d *Desk) file(ctx context.Context, id glosa.EditionID) (file []byte, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if file, err = selectFile(tx, ContestOf(id)); err == nil && len(file) == 0 {
			err = glosa.Missing("rows", string(id))
		}
		return err
	})
	return file, err
}

// Votes writes rows as Polis writes votes.csv, without times: a line for each vote.
func Votes(out io.Writer, rows []byte) error {
	w := bufio.NewWriter(out)
	_, _ = w.WriteString("comment-id,voter-id,vote\n") // a bufio.Writer keeps its first error
	lines := bytes.Split(bytes.TrimSpace(rows), []byte("\n"))
	head := strings.Split(string(lines[0]), ",")
	for _, line := range lines[1:] {
		cells := strings.Split(string(line), ",")
		for i := 6; i < len(cells); i++ { // after n-disagree
			if cells[i] != "" {
				_, _ = w.WriteString(head[i] + "," + cells[0] + "," + cells[i] + "\n")
			}
		}
	}
	return w.Flush()
}
