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
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
)

// lookEvery is how often it is looked whether something is to be counted.
const lookEvery = time.Minute

// Follow counts what is over and draws at night what is open, until ctx ends, on
// one node. What fails is told and tried again.
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

// Count counts every set whose vote is over and not counted, once; and draws, once
// a night, the groups of one that is open and has ten more people than when it was
// drawn last. It computes outside any act.
func (d *Desk) Count(ctx context.Context) error {
	var sets []keptSet
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		sets, err = selectSets(tx)
		return err
	})
	failed := []error{err}
	for _, k := range sets {
		err = nil
		switch {
		case k.opened.IsZero() || !k.destroyed.IsZero():
		case !k.shut.IsZero():
			err = d.final(ctx, k)
		default:
			err = d.night(ctx, k)
		}
		if err != nil { // the others are counted all the same
			failed = append(failed, fmt.Errorf("opinion %s: %w", k.id, err))
		}
	}
	return errors.Join(failed...)
}

// gathered is what a count is made of.
type gathered struct {
	ballots []*ballot
	all     []Statement
	drawn   drawing
	ed      edition.Edition
}

func (d *Desk) gather(ctx context.Context, k keptSet, enough func(tx *db.Tx, g gathered) (bool, error)) (g gathered, yes bool, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		g, yes = gathered{}, false
		if g.ed, err = edition.Load(tx, glosa.EditionID(k.edition)); err != nil {
			return err
		}
		if g.drawn, err = selectDrawing(tx, k.contest()); err != nil {
			return err
		}
		if yes, err = enough(tx, g); err != nil || !yes {
			return err
		}
		if g.ballots, err = selectAllStanding(tx, k.contest()); err != nil {
			return err
		}
		g.all, err = d.statements(tx, k)
		return err
	})
	return g, yes, err
}

// final makes the count after the end: the file of rows first, then the groups
// from its bytes, then what may be told of them.
func (d *Desk) final(ctx context.Context, k keptSet) error {
	g, yes, err := d.gather(ctx, k, func(tx *db.Tx, g gathered) (bool, error) {
		_, err := selectResult(tx, k.contest())
		if err != nil && glosa.KindOf(err) == glosa.NotFound {
			return true, nil
		}
		return false, err
	})
	if err != nil || !yes {
		return err
	}
	list, out := listed(g.all)
	r := result{file: rowsOf(g.ballots, g.all), ballots: len(g.ballots), software: d.Software}
	r.input = glosa.Digest(r.file)
	res, asked, err := group(ctx, r.file, list)
	if err != nil {
		return err
	}
	if res != nil {
		js, err := res.File()
		if err != nil {
			return err
		}
		r.digest, r.groups = glosa.Digest(js), res.K
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		picture, err := json.Marshal(paint(res, asked, out, true, tx.Now))
		if err != nil {
			return err
		}
		done, err := insertResult(tx, k.contest(), r)
		if err != nil || !done {
			return err
		}
		if err := upsertDrawing(tx, k.contest(), drawing{looked: tx.Now, people: r.ballots, picture: string(picture)}); err != nil {
			return err
		}
		return tx.Leave(kCounted.Event(glosa.System(), glosa.EditionID(k.edition), k.id, countedBody{Input: r.input, Result: r.digest,
			Picture: glosa.Digest(picture), Ballots: r.ballots, Groups: r.groups, Software: r.software}))
	})
}

// lastStretch is how long before the announced end no night draws any more: from
// the picture of fewer than ten people before, the final one would tell of the few
// who came last.
const lastStretch = 48 * time.Hour

// night draws the groups as they stand, at the hour, when ten people are new.
func (d *Desk) night(ctx context.Context, k keptSet) error {
	now := d.DB.Clock().Now()
	people, hour := 0, time.Time{}
	g, yes, err := d.gather(ctx, k, func(tx *db.Tx, g gathered) (bool, error) {
		if hour = g.ed.Night(now); !hour.After(g.drawn.looked) || !hour.After(k.opened) || k.until.Sub(hour) < lastStretch {
			return false, nil
		}
		var err error
		people, err = countStanding(tx, k.contest())
		return true, err
	})
	if err != nil || !yes {
		return err
	}
	next := drawing{looked: hour, people: g.drawn.people, picture: g.drawn.picture}
	if people-g.drawn.people >= voter.Step {
		list, out := listed(g.all)
		res, asked, err := group(ctx, rowsOf(g.ballots, g.all), list)
		if err != nil {
			return err
		}
		picture, err := json.Marshal(paint(res, asked, out, false, hour))
		if err != nil {
			return err
		}
		next.people, next.picture = people, string(picture)
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if err := upsertDrawing(tx, k.contest(), next); err != nil {
			return err
		}
		return tx.Leave(kDrawn.Event(glosa.System(), glosa.EditionID(k.edition), k.id, noBody{}))
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
