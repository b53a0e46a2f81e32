package opinion

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
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

// gathered is what a count is made of.
type gathered struct {
	ballots []*ballot
	all     []Statement
}

// gather reads what a count is made of; over when it was made already, or the
// ballots are destroyed.
func (d *Desk) gather(tx *db.Tx, k keptSet) (g gathered, over bool, err error) {
	now, err := selectSet(tx, glosa.EditionID(k.edition))
	if err != nil || !now.destroyed.IsZero() {
		return g, true, err
	}
	_, err = selectResult(tx, k.contest())
	if over = err == nil; over || glosa.KindOf(err) != glosa.NotFound {
		return g, over, err
	}
	if g.ballots, err = selectAllStanding(tx, k.contest()); err != nil {
		return g, false, err
	}
	g.all, err = d.statements(tx, k)
	return g, false, err
}

// file is the file of rows.
func (g gathered) file() []byte { return rowsOf(g.ballots, columnsOf(g.all)) }

// same tells whether two readings make the same count: the same rows, of statements
// that stand the same.
func (g gathered) same(other gathered) bool {
	list, out := listed(g.all)
	list2, out2 := listed(other.all)
	return slices.Equal(list, list2) && slices.Equal(out, out2) && bytes.Equal(g.file(), other.file())
}

// tries is how often a count is computed anew because what it is made of changed
// meanwhile; then the next look tries again.
const tries = 3

// count makes the count after the end: the file of rows first, then the groups
// from its bytes, then what may be told of them. It is computed outside the act,
// which writes it only if nothing was erased or withdrawn meanwhile.
func (d *Desk) count(ctx context.Context, k keptSet) error {
	for range tries {
		var g gathered
		over := false
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			g, over, err = d.gather(tx, k)
			return err
		})
		if err != nil || over {
			return err
		}
		if done, err := d.countOf(ctx, k, g); done || err != nil {
			return err
		}
	}
	return errors.New("statements or ballots went while they were counted, again and again")
}

// countOf computes and writes; done is false when what it was made of is no more so.
func (d *Desk) countOf(ctx context.Context, k keptSet, g gathered) (done bool, err error) {
	list, out := listed(g.all)
	r := result{file: g.file(), ballots: len(g.ballots), software: d.Software}
	r.input = glosa.Digest(r.file)
	c, err := compute(ctx, r.file, list)
	if err != nil {
		return false, err
	}
	r.digest, r.groups = c.digest, c.groups()
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		now, over, err := d.gather(tx, k)
		if done = err == nil && (over || now.same(g)); over || !done {
			return err
		}
		picture, err := json.Marshal(paint(c, out, tx.Now))
		if err != nil {
			return err
		}
		r.picture = string(picture)
		fresh, err := insertResult(tx, k.contest(), r)
		if err != nil || !fresh {
			return err
		}
		return tx.Leave(kCounted.Event(glosa.System(), glosa.EditionID(k.edition), k.id, countedBody{Input: r.input, Result: r.digest,
			Picture: glosa.Digest(picture), Ballots: r.ballots, Groups: r.groups, Software: r.software}))
	})
	return done, err
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
