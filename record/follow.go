package record

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"glosa"
	"glosa/db"
)

const (
	eventsAtOnce = 2048 // events turned into leaves in one act
	leavesAtOnce = 4096 // leaves read for the tiles at once
	lookEvery    = 250 * time.Millisecond
	longestPause = 30 * time.Second
)

// Follow keeps the record until ctx ends, and returns ctx's error. Events become
// rows of the table on one node at a time; rows become tiles on each node that
// has a folder of its own. Whatever goes wrong pauses the stage where it went
// wrong and is tried again from what database and disk say, never from memory.
func (l *Log) Follow(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() {
		l.insist(ctx, filling, func(ctx context.Context, well func()) error {
			return l.conf.DB.Exclusive(ctx, "record", func(ctx context.Context) error { return l.fill(ctx, well) })
		})
	})
	wg.Go(func() { l.insist(ctx, sealing, l.seal) })
	wg.Wait()
	return ctx.Err()
}

// insist runs one stage again and again, with a pause that grows while it fails.
func (l *Log) insist(ctx context.Context, stage int, run func(context.Context, func()) error) {
	wait := lookEvery
	for ctx.Err() == nil {
		err := run(ctx, func() {
			wait = lookEvery
			l.resume(stage)
		})
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, errHeld):
			l.resume(stage)
			if err := l.refresh(); err != nil {
				l.pause(stage, err)
			}
			wait = lookEvery
		case glosa.KindOf(err) == glosa.Busy: // the database was busy or moved house: no state of ours is wrong
			l.conf.Log.Warn("record: again in a moment", "err", err)
		default:
			l.pause(stage, err)
		}
		sleep(ctx, nil, wait)
		wait = min(2*wait, longestPause)
	}
}

// fill turns public events into rows of the table, from the last row's event on.
func (l *Log) fill(ctx context.Context, well func()) error {
	var n, seq int64
	err := l.conf.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, seq, err = last(tx)
		return err
	})
	if err != nil {
		return err
	}
	line := l.conf.DB.Line()
	for {
		if err := line.Wait(ctx, seq); err != nil {
			return err
		}
		evs, err := line.After(ctx, seq, eventsAtOnce)
		if err != nil {
			return err
		}
		rows, err := l.rows(n+1, evs)
		if err == nil || len(rows) > 0 {
			if e := l.insert(ctx, n, rows); e != nil {
				return e
			}
			n += int64(len(rows))
		}
		if err != nil {
			return err
		}
		if len(evs) > 0 {
			seq = evs[len(evs)-1].Seq
		}
		well()
	}
}

// rows makes the leaves of a run of events, from number n on. With an error come
// the leaves of the events before the one that must not enter.
func (l *Log) rows(n int64, evs []glosa.Event) ([]row, error) {
	rows := make([]row, 0, len(evs))
	for _, e := range evs {
		if !e.Public {
			if l.kinds.public[e.Kind] != nil {
				return rows, fmt.Errorf("event %d of the public kind %s is marked private", e.Seq, e.Kind)
			}
			continue
		}
		leaf, err := l.kinds.Leaf(n, e)
		if err != nil {
			return rows, err
		}
		rows = append(rows, row{n, e.Seq, e.Subject, leaf})
		n++
	}
	return rows, nil
}

// insert adds rows right after leaf n, or fails if the table ends elsewhere:
// another node has been at work.
func (l *Log) insert(ctx context.Context, n int64, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	err := l.conf.DB.Act(ctx, func(tx *db.Tx) error {
		have, _, err := last(tx)
		if err != nil {
			return err
		}
		if have != n {
			return glosa.Refuse(glosa.Busy, "e.503", "what", fmt.Sprintf("the table ends at leaf %d, not %d", have, n))
		}
		return insertLeaves(tx, rows)
	})
	if err == nil {
		select {
		case l.news <- struct{}{}:
		default:
		}
	}
	return err
}

// seal turns rows into tiles and checkpoints, while it holds the folder's lock.
func (l *Log) seal(ctx context.Context, well func()) error {
	t, err := openTree(ctx, l.conf.Folder, l.keys.log, l.keys.logVerifier, Rows(l.conf.DB))
	if err != nil {
		return err
	}
	defer t.close()
	l.publish(t.tip)
	for {
		began := time.Now()
		drained, err := l.drain(ctx, t, began.Add(sealEvery))
		if err != nil {
			return err
		}
		if t.edge.size > t.tip.Size {
			if err := t.seal(); err != nil {
				return err
			}
			l.publish(t.tip)
		}
		well()
		if drained {
			sleep(ctx, nil, sealEvery-time.Since(began))
			sleep(ctx, l.news, lookEvery)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// drain appends what the table has, for as long as one checkpoint may wait.
func (l *Log) drain(ctx context.Context, t *tree, until time.Time) (drained bool, err error) {
	table := Rows(l.conf.DB)
	for {
		leaves, err := table(ctx, t.edge.size, leavesAtOnce)
		if err != nil {
			return false, err
		}
		if len(leaves) == 0 {
			return true, nil
		}
		if err := t.append(t.edge.size, leaves); err != nil {
			return false, err
		}
		if time.Now().After(until) {
			return false, nil
		}
	}
}

func (l *Log) publish(cp Checkpoint) { l.now.Store(&cp) }

// sleep waits for d, for news, or for the end.
func sleep(ctx context.Context, news <-chan struct{}, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-news:
	case <-ctx.Done():
	}
}
