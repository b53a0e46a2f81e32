package db

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"glosa"
)

// Follow hands fn every event after the place where the follower of that name
// stopped, at most limit at a time, in order, each exactly once: the place moves
// in the same act as what fn writes. One node at a time runs it. What fn does
// outside tx may happen twice (fn may run again, the process may end before the
// commit): such work is left in a row and done from there.
//
// It blocks until ctx ends and returns ctx's error, or Busy once the database is
// closed. When fn fails, that is logged and tried again, after a pause that
// grows from 100 ms to 30 s; nothing is ever skipped.
func (d *DB) Follow(ctx context.Context, name string, limit int, fn func(tx *Tx, evs []glosa.Event) error) error {
	if limit <= 0 {
		limit = 100
	}
	f := follower{d: d, name: name, limit: limit, fn: fn}
	for pause := firstPause; ; {
		err := d.Exclusive(ctx, "follow:"+name, func(held context.Context) error {
			return f.run(held, func() { pause = firstPause })
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		select {
		case <-d.line.over:
			return closedError()
		default:
		}
		d.conf.Log.Error("follower stopped; it will go on", "follower", name, "after", pause, "err", err)
		if err := waitFor(ctx, pause/2+rand.N(pause/2)); err != nil {
			return err
		}
		pause = min(2*pause, longestPause)
	}
}

const (
	firstPause   = 100 * time.Millisecond
	longestPause = 30 * time.Second
)

type follower struct {
	d     *DB
	name  string
	limit int
	fn    func(*Tx, []glosa.Event) error
}

func (f *follower) run(ctx context.Context, well func()) error {
	place, err := f.place(ctx)
	if err != nil {
		return err
	}
	for {
		if err := f.d.line.Wait(ctx, place); err != nil {
			return err
		}
		evs, err := f.d.line.After(ctx, place, f.limit)
		if err != nil {
			return err
		}
		if len(evs) == 0 {
			return errors.New("db: the line's head moved but no event came")
		}
		f.d.conf.step("follow.read")
		if err := f.move(ctx, place, evs); err != nil {
			return err
		}
		f.d.conf.step("follow.done")
		place = evs[len(evs)-1].Seq
		well()
	}
}

func (f *follower) place(ctx context.Context) (place int64, err error) {
	err = f.d.Read(ctx, func(tx *Tx) error {
		place, err = f.placeIn(tx)
		return err
	})
	return place, err
}

func (f *follower) placeIn(tx *Tx) (place int64, err error) {
	err = tx.Row("select seq from follower_cursor where name = $1", f.name).Scan(&place)
	if errors.Is(err, ErrNoRows) {
		return 0, nil
	}
	return place, err
}

// move hands the events to fn and moves the place, in one act. The place is read
// again inside: if a node lost its lock without knowing, one of the two stops here.
func (f *follower) move(ctx context.Context, place int64, evs []glosa.Event) error {
	return f.d.Act(ctx, func(tx *Tx) error {
		at, err := f.placeIn(tx)
		if err != nil {
			return err
		}
		if at != place {
			return errors.New("db: another node has moved this follower")
		}
		if err := f.fn(tx, evs); err != nil {
			return err
		}
		f.d.conf.step("follow.ran")
		_, err = tx.Exec("insert into follower_cursor (name, seq) values ($1, $2) "+
			"on conflict (name) do update set seq = excluded.seq", f.name, evs[len(evs)-1].Seq)
		f.d.conf.step("follow.moved")
		return err
	})
}
