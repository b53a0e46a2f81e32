package db

import (
	"context"
	"sync/atomic"
	"time"

	"glosa"
)

// groupSize is how many acts share one commit at most.
const groupSize = 256

// writer is SQLite's one writer. Its goroutine opens a transaction, lets the
// waiting acts run one after the other, each in its own savepoint and each in its
// caller's goroutine, writes their events with dense numbers, commits, and only
// then answers any of them.
type writer struct {
	d     *DB
	conn  *preparedConn
	queue chan *act
	jobs  chan func()   // what must run between two commits
	quit  chan struct{} // closed: take no more
	gone  chan struct{} // closed: the goroutine has ended
	alarm *time.Timer
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

func newWriter(d *DB, conn *preparedConn) *writer {
	w := &writer{d: d, conn: conn, queue: make(chan *act, groupSize), jobs: make(chan func()),
		quit: make(chan struct{}), gone: make(chan struct{}), alarm: time.NewTimer(tooLong)}
	go w.loop()
	return w
}

// act runs fn in its turn. The caller's goroutine runs it, so a panic or a
// t.FailNow inside fn ends there and not in the writer.
func (w *writer) act(ctx context.Context, fn func(*Tx) error) error {
	a := &act{turn: make(chan *Tx, 1), ran: make(chan error, 1), done: make(chan error, 1)}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case w.queue <- a:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
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
	case <-w.gone:
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

func (a *act) run(fn func(*Tx) error, tx *Tx) error {
	left := true
	defer func() {
		if left { // fn ended the goroutine: the writer must not wait for it
			a.ran <- bug("fn ended its goroutine")
		}
	}()
	err := protect(fn, tx)
	left = false
	a.ran <- err
	return <-a.done
}

func (w *writer) loop() {
	defer close(w.gone)
	for {
		select {
		case a := <-w.queue:
			w.group(a)
		case job := <-w.jobs:
			job()
		case <-w.quit:
			return
		}
	}
}

// group is one commit: the first act and whatever waits behind it.
func (w *writer) group(first *act) {
	g := group{w: w}
	err := g.begin()
	for a := first; err == nil && a != nil; {
		if err = g.one(a); err == nil {
			a = g.next() // never taken from the queue but to be run: nobody else would answer it
		}
	}
	if err == nil {
		err = g.commit()
	}
	if err != nil {
		w.conn.run("rollback") // fails when SQLite has rolled back by itself: the same to us
		if g.acts == nil && first.state.CompareAndSwap(waiting, running) {
			g.acts = append(g.acts, outcome{act: first})
		}
	} else {
		w.d.line.publish(g.events)
		w.d.conf.step("group.published")
	}
	for _, o := range g.acts {
		if err != nil {
			o.err = err // its own error may come from what another act had written
		}
		o.act.done <- asError(o.err)
	}
}

type outcome struct {
	act *act
	err error
}

type group struct {
	w      *writer
	head   int64
	acts   []outcome
	events []glosa.Event
}

func (g *group) begin() (err error) {
	if err := g.w.conn.run("begin immediate"); err != nil {
		return err
	}
	// Asked for each time: a command beside the server may have acted too.
	g.head, err = g.w.conn.number("select coalesce(max(seq), 0) from event")
	return err
}

func (g *group) next() *act {
	if len(g.acts) >= groupSize {
		return nil
	}
	select {
	case a := <-g.w.queue:
		return a
	default:
		return nil
	}
}

// one runs one act in its savepoint. An error means that the whole
// transaction is lost, not that the act failed.
func (g *group) one(a *act) error {
	if !a.state.CompareAndSwap(waiting, running) {
		return nil
	}
	g.acts = append(g.acts, outcome{act: a})
	o := &g.acts[len(g.acts)-1]
	if err := g.w.conn.run("savepoint act"); err != nil {
		return err
	}
	g.w.d.conf.step("act.begun")
	tx := g.w.d.newTx(g.w.conn, true)
	a.turn <- tx
	o.err = g.w.wait(a)
	if err := tx.finish(); o.err == nil {
		o.err = err
	}
	g.w.d.conf.step("act.ran")
	if o.err != nil {
		if err := g.w.conn.run("rollback to act"); err != nil {
			return asError(o.err) // SQLite gave up the transaction (disk full, I/O): this is why
		}
	}
	if err := g.w.conn.run("release act"); err != nil {
		return err
	}
	if o.err == nil {
		g.events = append(g.events, tx.events...)
	}
	return nil
}

// tooLong is when an act that still runs is worth a line in the log.
const tooLong = 10 * time.Second

// wait waits for fn. An act that calls Act waits for itself: nothing can save
// it, but the log says why everything stands still.
func (w *writer) wait(a *act) error {
	w.alarm.Reset(tooLong)
	defer w.alarm.Stop()
	select {
	case err := <-a.ran:
		return err
	case <-w.alarm.C:
		w.d.conf.Log.Error("an act has been running for long and every other one waits; does its fn call Act?", "after", tooLong)
		return <-a.ran
	}
}

func (g *group) commit() error {
	for i := range g.events {
		g.events[i].Seq = g.head + int64(i) + 1
	}
	if err := insertEvents(g.w.conn, true, g.events); err != nil {
		return err
	}
	g.w.d.conf.step("group.written")
	if err := g.w.conn.run("commit"); err != nil {
		return err
	}
	g.w.d.conf.step("group.committed")
	return nil
}

// alone runs fn on the writer's connection while no transaction is open.
func (w *writer) alone(ctx context.Context, fn func(*preparedConn) error) error {
	done := make(chan error, 1)
	select {
	case w.jobs <- func() { done <- fn(w.conn) }:
		return <-done
	case <-ctx.Done():
		return ctx.Err()
	case <-w.gone:
		return closedError()
	}
}

// close lets the group that runs finish and answers whoever still waits.
func (w *writer) close() {
	close(w.quit)
	<-w.gone
}
