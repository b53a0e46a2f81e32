package db

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// queue is where acts wait for their turn. Each engine has one goroutine that
// takes them from it, lets them run one after the other, several in one
// transaction, and answers them when they are durable.
type queue struct {
	d     *DB
	acts  chan *act
	quit  chan struct{} // closed: take no more
	gone  chan struct{} // closed: the goroutine has ended
	alarm *time.Timer
}

func newQueue(d *DB) queue {
	return queue{d: d, acts: make(chan *act, groupSize), quit: make(chan struct{}), gone: make(chan struct{}), alarm: time.NewTimer(tooLong)}
}

// The states of an act. A caller whose context ends may take it back while it waits.
const (
	waiting int32 = iota
	running
	dropped
)

type act struct {
	state atomic.Int32
	turn  chan *Tx   // the caller may run fn now
	ran   chan error // fn is over
	done  chan error // the outcome, after the commit
}

// take makes the act run; false when its caller has taken it back.
func (a *act) take() bool { return a.state.CompareAndSwap(waiting, running) }

// act runs fn in its turn. The caller's goroutine runs it, so a panic or a
// t.FailNow inside fn ends there and not in the queue's.
func (q *queue) act(ctx context.Context, fn func(*Tx) error) error {
	a := &act{turn: make(chan *Tx, 1), ran: make(chan error, 1), done: make(chan error, 1)}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case q.acts <- a:
	case <-ctx.Done():
		return ctx.Err()
	case <-q.quit:
		return closedError()
	}
	var giveUp error
	select {
	case tx := <-a.turn:
		return a.run(fn, tx)
	case err := <-a.done:
		return err
	case <-ctx.Done():
		giveUp = ctx.Err()
	case <-q.gone:
		giveUp = closedError()
	}
	if a.state.CompareAndSwap(waiting, dropped) {
		return giveUp
	}
	select { // too late: it runs, and its outcome is what the caller hears
	case tx := <-a.turn:
		return a.run(fn, tx)
	case err := <-a.done:
		return err
	}
}

// errLeft says that fn ended its goroutine: it cannot run again.
var errLeft = errors.New("db: fn ended its goroutine")

// run runs fn, again whenever the transaction has to begin anew, until the
// outcome is known.
func (a *act) run(fn func(*Tx) error, tx *Tx) error {
	left := true
	defer func() {
		if left { // the others must not wait for it
			a.ran <- errLeft
		}
	}()
	for {
		left = true
		err := protect(fn, tx)
		left = false
		a.ran <- err
		select {
		case tx = <-a.turn:
		case err := <-a.done:
			return err
		}
	}
}

// tooLong is when an act that still runs is worth a line in the log.
const tooLong = 10 * time.Second

// wait waits for fn. An act that calls Act waits for itself: nothing can save
// it, but the log says why everything stands still.
func (q *queue) wait(a *act) error {
	q.alarm.Reset(tooLong)
	defer q.alarm.Stop()
	select {
	case err := <-a.ran:
		return err
	case <-q.alarm.C:
		q.d.conf.Log.Error("an act has been running for long and every other one waits; does its fn call Act?", "after", tooLong)
		return <-a.ran
	}
}

// close lets the transaction that runs finish and answers whoever still waits.
func (q *queue) close() {
	close(q.quit)
	<-q.gone
}
