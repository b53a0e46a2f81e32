package edition

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"glosa"
	"glosa/db"
)

// retry is how long the clock leaves a row alone that failed.
const retry = time.Minute

// Stuck is a row whose time has come and in which what is due fails: a fault of
// ours, for whoever keeps the house to report.
type Stuck struct {
	Room, Row string
	Since     time.Time // it failed first
	Err       error     // the last one
	again     time.Time
}

// stuck are the rows that failed and did not succeed since, by room and row.
type stuck struct {
	sync.Mutex
	rows map[[2]string]Stuck
}

// Stuck lists the rows that the clock leaves out, on the node that runs it.
func (d *Desk) Stuck() (out []Stuck) {
	d.stuck.Lock()
	defer d.stuck.Unlock()
	for _, s := range d.stuck.rows {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Stuck) int { return strings.Compare(a.Room+" "+a.Row, b.Room+" "+b.Row) })
	return out
}

func (d *Desk) forgetStuck() {
	d.stuck.Lock()
	defer d.stuck.Unlock()
	clear(d.stuck.rows)
}

// leftOut is which rows of a room the clock leaves alone at now.
func (d *Desk) leftOut(room string, now time.Time) (out []string) {
	for _, s := range d.Stuck() {
		if s.Room == room && now.Before(s.again) {
			out = append(out, s.Row)
		}
	}
	return out
}

// comeAgain is which rows that failed are tried again at now: first, since one that
// is no longer due would not be met otherwise, and be called stuck for ever.
func (d *Desk) comeAgain(room string, now time.Time) (out []string) {
	for _, s := range d.Stuck() {
		if s.Room == room && !now.Before(s.again) {
			out = append(out, s.Row)
		}
	}
	return out
}

// failed keeps in mind that a row failed, and says so.
func (d *Desk) failed(room, row string, now time.Time, err error) error {
	d.stuck.Lock()
	defer d.stuck.Unlock()
	s, known := d.stuck.rows[[2]string{room, row}]
	if !known {
		s = Stuck{Room: room, Row: row, Since: now}
	}
	s.Err, s.again = err, now.Add(retry)
	if d.stuck.rows == nil {
		d.stuck.rows = map[[2]string]Stuck{}
	}
	d.stuck.rows[[2]string{room, row}] = s
	if d.Log != nil {
		d.Log.Error("the clock leaves out a row that fails", "room", room, "row", row, "since", s.Since, "err", err)
	}
	return fmt.Errorf("due of %s, %s: %w", room, row, err)
}

func (d *Desk) passed(room string, rows []string) {
	d.stuck.Lock()
	defer d.stuck.Unlock()
	for _, row := range rows {
		delete(d.stuck.rows, [2]string{room, row})
	}
}

// tickRows does what is due in a room's rows: all of a batch in one act, and where
// that fails each in an act of its own, so that one cannot keep the others from
// their time.
func (d *Desk) tickRows(ctx context.Context, due Due) (done int, err error) {
	for {
		var rows []string
		var now time.Time
		e := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			now = tx.Now
			out := d.leftOut(due.Room, now)
			rows, err = due.Rows(tx, now, dueBatch+len(out))
			again := d.comeAgain(due.Room, now)
			rows = append(again, slices.DeleteFunc(rows, func(row string) bool { return slices.Contains(out, row) || slices.Contains(again, row) })...)
			rows = rows[:min(len(rows), dueBatch)]
			return err
		})
		if e != nil {
			return done, errors.Join(err, fmt.Errorf("due of %s: %w", due.Room, e))
		}
		if len(rows) == 0 {
			return done, err
		}
		n, e := d.doRows(ctx, due, rows, now)
		done, err = done+n, errors.Join(err, e)
		if n == 0 || len(rows) < dueBatch || ctx.Err() != nil {
			return done, err
		}
	}
}

func (d *Desk) doRows(ctx context.Context, due Due, rows []string, now time.Time) (done int, err error) {
	e := d.DB.Act(ctx, func(tx *db.Tx) error {
		for _, row := range rows {
			if err := due.Row(tx, tx.Now, row); err != nil {
				return err
			}
		}
		return nil
	})
	if e == nil {
		d.passed(due.Room, rows)
		return len(rows), nil
	}
	for _, row := range rows {
		e := d.DB.Act(ctx, func(tx *db.Tx) error { return due.Row(tx, tx.Now, row) })
		switch {
		case e == nil:
			d.passed(due.Room, []string{row})
			done++
		case ctx.Err() != nil || glosa.KindOf(e) == glosa.Busy: // no fault of the row's
			return done, errors.Join(err, e)
		default:
			err = errors.Join(err, d.failed(due.Room, row, now, e))
		}
	}
	return done, err
}
