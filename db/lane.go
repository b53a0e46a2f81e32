package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"glosa"
)

// roundSize is how many acts share one commit on PostgreSQL at most.
const roundSize = 128

// tries is how often a round begins anew because it met something else.
const tries = 10

// lane is the one way by which acts reach PostgreSQL: it runs them one after the
// other, several in one SERIALIZABLE transaction, and nodes take turns by a lock.
// Side by side they would meet: PostgreSQL locks whole index pages for what was
// read, and in a small table every question stands on the same page. 64 people
// asking at once then undo each other without end.
type lane struct {
	queue
	e    *pg
	conn *sql.Conn // nil: none is open
}

func newLane(e *pg) *lane {
	l := &lane{queue: newQueue(e.d), e: e}
	go l.loop()
	return l
}

func (l *lane) loop() {
	defer close(l.gone)
	defer l.drop()
	for {
		select {
		case a := <-l.acts:
			l.serve(a)
		case <-l.quit:
			return
		}
	}
}

// serve is one commit: the first act and whatever waits behind it.
func (l *lane) serve(first *act) {
	r := round{l: l, first: first}
	var err error
	for try := 1; try <= tries; try++ {
		if err = r.attempt(); err == nil || !r.again {
			break
		}
		if try > 1 {
			waitFor(context.Background(), rand.N(min(time.Millisecond<<try, 250*time.Millisecond)))
		}
	}
	if err == nil && len(r.events) > 0 {
		l.d.line.done(r.events)
		l.e.seq.wake()
	}
	if r.acts == nil && err != nil && first.take() {
		r.acts = append(r.acts, outcome{act: first})
	}
	for _, o := range r.acts {
		if err != nil {
			o.err = err // its own error may come from what another act had written
		}
		o.act.done <- asError(o.err)
	}
}

// round is one transaction with its acts, which may have to begin anew.
type round struct {
	l      *lane
	first  *act
	acts   []outcome
	events []glosa.Event
	again  bool // the transaction was undone and may run again
	// careful gives each act a savepoint. At first there is none, which saves two
	// trips to the server for each act: most that fail do so before they write.
	careful bool
}

// attempt runs all acts of the round, those that wait meanwhile too, and
// commits. On an error nothing was done.
func (r *round) attempt() error {
	r.again, r.events = false, nil
	if err := r.begin(); err != nil {
		return r.undo(err)
	}
	for i := 0; ; i++ {
		if i == len(r.acts) && !r.next() {
			break
		}
		if err := r.one(&r.acts[i]); err != nil {
			return r.undo(err)
		}
	}
	if len(r.acts) == 0 {
		return r.undo(nil)
	}
	if err := insertEvents(r.runner(nil), false, r.events); err != nil {
		return r.undo(err)
	}
	r.l.d.conf.step("act.written")
	if err := r.commit(); err != nil {
		return err
	}
	r.l.d.conf.step("act.committed")
	return nil
}

// undo ends the transaction and tells whether the round may run again.
func (r *round) undo(err error) error {
	if uerr := r.l.control("rollback"); uerr != nil {
		r.l.drop()
	}
	r.again = err != nil && (tryAgain(err) || errors.Is(err, errUntidy) || connectionBroke(err) || errors.Is(err, driver.ErrBadConn))
	return err
}

// errUntidy says that an act failed after it had written, without a savepoint.
var errUntidy = errors.New("db: an act failed after it had written")

// next adds an act to the round; false when none waits.
func (r *round) next() bool {
	for len(r.acts) < roundSize {
		a := r.first
		if r.first = nil; a == nil {
			select {
			case a = <-r.l.acts:
			default:
				return false
			}
		}
		if a.take() {
			r.acts = append(r.acts, outcome{act: a})
			return true
		}
	}
	return false
}

// begin opens the transaction when it is this node's turn. LOCK comes before the
// snapshot is taken, so the acts see everything that the node before has done. A
// node that dies, or stands still, loses its turn.
func (r *round) begin() error {
	begin := "begin isolation level serializable; set local idle_in_transaction_session_timeout = '60s'; lock table act_turn in exclusive mode"
	if r.l.e.syncAnew() {
		begin += "; set local synchronous_commit = on"
	}
	if r.l.conn != nil {
		err := r.l.control(begin)
		if err == nil {
			return nil
		}
		r.l.drop() // the server may have gone away since the last round
	}
	ctx, cancel := context.WithTimeout(context.Background(), tooLong)
	defer cancel()
	conn, err := r.l.e.pool.Conn(ctx)
	if err != nil {
		return err
	}
	r.l.conn = conn
	return r.l.control(begin)
}

// one lets an act run. An error means that the whole transaction is lost, not
// that the act failed.
func (r *round) one(o *outcome) error {
	if errors.Is(o.err, errLeft) {
		return nil
	}
	if r.careful {
		if err := r.l.control("savepoint act"); err != nil {
			return err
		}
	}
	r.l.d.conf.step("act.begun")
	wrote := false
	tx := r.l.d.newTx(r.runner(&wrote), true)
	o.act.turn <- tx
	o.err = r.l.wait(o.act)
	if err := tx.finish(); o.err == nil {
		o.err = err
	}
	r.l.d.conf.step("act.ran")
	switch {
	case tx.broken != nil && tryAgain(tx.broken):
		return tx.broken
	case o.err == nil:
		r.events = append(r.events, tx.events...)
		if r.careful {
			return r.l.control("release act")
		}
	case r.careful:
		if err := r.l.control("rollback to act; release act"); err != nil {
			return err // the connection broke: the round begins anew, or all of it fails for that
		}
	case wrote || tx.broken != nil:
		r.careful = true
		return errUntidy
	}
	return nil
}

func (r *round) runner(wrote *bool) pgRunner {
	return pgRunner{ctx: context.Background(), on: r.l.conn, conn: r.l.conn, wrote: wrote}
}

// commit is never repeated when its answer got lost: the acts may have been done.
func (r *round) commit() error {
	err := r.l.control("commit")
	if err == nil {
		return nil
	}
	r.again = tryAgain(err)
	r.l.drop()
	return commitError(err)
}

// control sends statements of db's own, in one trip to the server.
func (l *lane) control(statements string) error {
	if l.conn == nil {
		return driver.ErrBadConn
	}
	return l.conn.Raw(func(dc any) error {
		results, err := dc.(*stdlib.Conn).Conn().PgConn().Exec(context.Background(), statements).ReadAll()
		if err != nil {
			return err
		}
		if last := results[len(results)-1].CommandTag.String(); statements == "commit" && last != "COMMIT" {
			return fmt.Errorf("db: commit was answered with %s", last)
		}
		return nil
	})
}

// drop gives the connection up, whatever state it is in.
func (l *lane) drop() {
	if l.conn == nil {
		return
	}
	_ = l.conn.Raw(func(dc any) error {
		closeConn(dc.(*stdlib.Conn).Conn())
		return driver.ErrBadConn // the pool forgets it
	})
	l.conn.Close()
	l.conn = nil
}

// reads tells whether a statement cannot have changed anything.
func reads(query string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(query)), "select")
}

// pgRunner runs statements inside the transaction of a connection.
type pgRunner struct {
	ctx context.Context
	on  interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	}
	conn  *sql.Conn // the transaction's; nil in a reading
	wrote *bool     // set when something may have been written; nil: nobody asks
}

func (r pgRunner) writes() {
	if r.wrote != nil {
		*r.wrote = true
	}
}

func (r pgRunner) exec(query string, args []any) (int64, error) {
	r.writes()
	res, err := r.on.ExecContext(r.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (r pgRunner) query(query string, args []any) (*sql.Rows, error) {
	if !reads(query) {
		r.writes()
	}
	return r.on.QueryContext(r.ctx, query, args...)
}

// many sends all sets at once, inside the transaction of the same connection.
func (r pgRunner) many(query string, sets [][]any) (touched []int64, err error) {
	r.writes()
	err = r.conn.Raw(func(dc any) error {
		var b pgx.Batch
		for _, args := range sets {
			b.Queue(query, args...)
		}
		results := dc.(*stdlib.Conn).Conn().SendBatch(r.ctx, &b)
		for range sets {
			tag, err := results.Exec()
			if err != nil {
				return errors.Join(err, results.Close())
			}
			touched = append(touched, tag.RowsAffected())
		}
		return results.Close()
	})
	return touched, err
}
