package db

import (
	"context"

	"glosa"
)

// groupSize is how many acts share one commit on SQLite at most.
const groupSize = 256

// writer is SQLite's one writer. Its goroutine opens a transaction, lets the
// waiting acts run one after the other, each in its own savepoint, writes their
// events with dense numbers, commits, and only then answers any of them.
type writer struct {
	queue
	d    *DB
	conn *preparedConn
	jobs chan func() // what must run between two commits
}

func newWriter(d *DB, conn *preparedConn) *writer {
	w := &writer{queue: newQueue(d), d: d, conn: conn, jobs: make(chan func())}
	go w.loop()
	return w
}

func (w *writer) loop() {
	defer close(w.gone)
	for {
		select {
		case a := <-w.acts:
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
	case a := <-g.w.acts:
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
