package edition

import (
	"context"
	"errors"
	"fmt"
	"time"

	"glosa"
	"glosa/db"
)

const (
	sealAfter = time.Hour              // stragglers merge for one hour after the intake closes
	dueBatch  = 256                    // of one Due in one act
	longest   = 30 * time.Second       // the clock looks at least this often: a gate may have opened by an act
	breath    = 500 * time.Millisecond // between two looks, however busy the line
)

// due is the next instant at which the clock has to look at an edition; zero when
// only people move it.
func (e Edition) due() time.Time {
	if e.Documented || e.Protocol == nil || e.Stage == Postponed || e.Stage == Cancelled {
		return time.Time{}
	}
	var at time.Time
	if to, ok := e.Stage.Next(); ok {
		if r, known := e.Protocol.Rule(to); known && r.By == "clock" {
			at = e.Plan.On(to)
		}
	}
	if shut := e.Plan.Happened(IntakeClosed); !shut.IsZero() && e.Sealed.IsZero() {
		if seal := shut.Add(sealAfter); at.IsZero() || seal.Before(at) {
			at = seal
		}
	}
	return at
}

// Tick does, as acts by the system, everything that is due now: stages that open
// or close by the clock, the seal of the intake, and the dues of later rooms. It
// returns how many acts it did. One failing part does not keep the others from
// their time; all errors come back joined.
func (d *Desk) Tick(ctx context.Context) (done int, err error) {
	for round := 0; round < 16; round++ { // a long leap of the clock may pass several stages
		n, e := d.tickEditions(ctx)
		m, f := d.tickDues(ctx)
		done += n + m
		if err = errors.Join(e, f); err != nil || n+m == 0 {
			return done, err
		}
	}
	return done, err
}

func (d *Desk) tickEditions(ctx context.Context) (done int, err error) {
	var ids []glosa.EditionID
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		ids, err = selectDue(tx, tx.Now)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		var n int
		e := d.DB.Act(ctx, func(tx *db.Tx) (err error) {
			n, err = d.move(tx, id)
			return err
		})
		if e != nil {
			err = errors.Join(err, fmt.Errorf("edition %s: %w", id, e))
			continue
		}
		done += n
	}
	return done, err
}

// move does what is due in one edition; what gates still hold stays due, and is
// tried again with the next event.
func (d *Desk) move(tx *db.Tx, id glosa.EditionID) (done int, err error) {
	by := glosa.System()
	ed, err := Enter(tx, by, "edition.advance", id)
	if err != nil {
		return 0, err
	}
	if shut := ed.Plan.Happened(IntakeClosed); !shut.IsZero() && ed.Sealed.IsZero() && !tx.Now.Before(shut.Add(sealAfter)) {
		ed.Sealed = tx.Now
		if err := updateEdition(tx, ed); err != nil {
			return 0, err
		}
		if err := tx.Leave(sealedKind.Event(by, id, string(id), sealedBody{Closed: shut.UTC()})); err != nil {
			return 0, err
		}
		done++
	}
	to, ok := ed.Stage.Next()
	if !ok {
		return done, nil
	}
	if r, known := ed.Protocol.Rule(to); !known || r.By != "clock" || tx.Now.Before(ed.Plan.On(to)) {
		return done, nil
	}
	if _, err := d.advance(tx, by, ed); err != nil {
		if blockedBy(err) != nil {
			return done, nil
		}
		return 0, err
	}
	return done + 1, nil
}

func (d *Desk) tickDues(ctx context.Context) (done int, err error) {
	for _, due := range d.Dues {
		if due.Rows != nil {
			n, e := d.tickRows(ctx, due)
			done, err = done+n, errors.Join(err, e)
		}
		for {
			var n int
			e := d.DB.Act(ctx, func(tx *db.Tx) (err error) {
				n, err = due.Run(tx, tx.Now, dueBatch)
				return err
			})
			if e != nil {
				err = errors.Join(err, fmt.Errorf("due of %s: %w", due.Room, e))
				break
			}
			done += n
			if n < dueBatch {
				break
			}
		}
	}
	return done, err
}

// Next is the next instant after now at which something is due; zero when nothing is.
func (d *Desk) Next(ctx context.Context) (next time.Time, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		next = time.Time{}
		at, err := selectNextDue(tx, tx.Now)
		if err != nil {
			return err
		}
		next = at
		for _, due := range d.Dues {
			at, err := due.Next(tx)
			if err != nil {
				return fmt.Errorf("due of %s: %w", due.Room, err)
			}
			if at.After(tx.Now) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		return nil
	})
	return next, err
}

// Clock follows the time until ctx ends, on one node at a time: it ticks, then
// sleeps until something is due or something happens on the line. A failing tick
// is logged and tried again. It returns ctx's error, or an Internal one when the
// lock or the line fails.
func (d *Desk) Clock(ctx context.Context) error {
	return d.DB.Exclusive(ctx, "edition.clock", func(ctx context.Context) error {
		d.forgetStuck() // another node may have had the clock meanwhile
		for {
			seq, err := d.DB.Line().Head(ctx)
			if err != nil {
				return err
			}
			if _, err := d.Tick(ctx); err != nil && ctx.Err() == nil {
				d.log("the clock could not do all that is due", err)
			}
			next, err := d.Next(ctx)
			if err != nil && ctx.Err() == nil {
				d.log("the clock cannot tell what is due next", err)
			}
			if err := d.rest(ctx, seq, next); err != nil {
				return err
			}
		}
	})
}

// rest waits until next, or until something happens after seq.
func (d *Desk) rest(ctx context.Context, seq int64, next time.Time) error {
	pause := time.NewTimer(breath)
	defer pause.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-pause.C:
	}
	wait := longest
	if !next.IsZero() {
		wait = max(0, min(wait, next.Sub(d.DB.Clock().Now())))
	}
	soon, stop := context.WithTimeout(ctx, wait)
	defer stop()
	if err := d.DB.Line().Wait(soon, seq); err != nil && soon.Err() == nil {
		return err
	}
	return ctx.Err()
}

func (d *Desk) log(what string, err error) {
	if d.Log != nil {
		d.Log.Error(what, "err", err)
	}
}
