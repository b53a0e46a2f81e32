package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"glosa"
)

// The names of the engines, as [DB.Engine] gives them.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Config says which database to open: exactly one of Dir and URL is set.
type Config struct {
	Dir    string       // SQLite: the folder of glosa.db, made with mode 0700 if it is missing
	URL    string       // PostgreSQL: postgres://…; never logged
	Clock  glosa.Clock  // nil: the wall clock
	NoSync bool         // seeding only: acts are not durable until Durable has returned
	Log    *slog.Logger // nil: slog.Default

	step func(at string) // crash tests stop the process here; nil otherwise
}

// DB is one open database with its event line. It is safe for many goroutines.
type DB struct {
	conf  Config
	eng   engine
	line  *line
	names nameLocks
}

// engine is what SQLite and PostgreSQL do each in its own way.
type engine interface {
	name() string
	act(ctx context.Context, fn func(*Tx) error) error
	read(ctx context.Context, fn func(*Tx) error) error
	// lock takes the cluster's lock of that name, waiting for it. The context it
	// returns ends when the lock is lost.
	lock(ctx context.Context, name string) (held context.Context, unlock func(), err error)
	migrations() dialectDB
	settled(ctx context.Context) (int64, error)
	durable(ctx context.Context) error
	check(ctx context.Context) error
	purge(ctx context.Context) error
	backup(ctx context.Context, dest string) error
	close() error
}

// Open opens the database, brings db's own tables up to date and starts the
// event line. It refuses, as Internal with a sentence for the operator: a
// damaged SQLite file, a PostgreSQL whose text does not sort by bytes, and a
// schema newer than this program.
func Open(ctx context.Context, c Config) (*DB, error) {
	if (c.Dir == "") == (c.URL == "") {
		return nil, errors.New("db: give either a folder (SQLite) or a URL (PostgreSQL)")
	}
	if c.Clock == nil {
		c.Clock = glosa.WallClock{}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.step == nil {
		c.step = func(string) {}
	}
	d := &DB{conf: c, names: newNameLocks()}
	d.line = newLine(func(ctx context.Context, seq int64, limit int) (evs []glosa.Event, err error) {
		err = d.Read(ctx, func(tx *Tx) error {
			evs, err = eventsAfter(tx, seq, limit)
			return err
		})
		return evs, err
	})
	var err error
	if c.Dir != "" {
		err = d.openSQLite(ctx)
	} else {
		err = d.openPostgres(ctx)
	}
	if err != nil {
		if d.eng != nil {
			d.eng.close()
		}
		return nil, err
	}
	return d, nil
}

// Act runs fn as one durable unit: when Act returns nil, everything fn wrote and
// every event it left is on disk; when it returns an error, nothing is.
//
// fn may run again, so it touches nothing but tx and resets what it fills in. It
// never calls Act. A panic in fn undoes only this act and comes back as Internal
// with the stack. Errors: whatever fn returns; Conflict for a broken constraint;
// Busy when ctx ends while the act waits, when the disk is full, or when the
// database is away; Internal for anything else.
func (d *DB) Act(ctx context.Context, fn func(tx *Tx) error) error {
	return asError(d.eng.act(ctx, fn))
}

// Read runs fn on one snapshot of the database. Exec and Leave refuse. fn never
// calls Read or Act of its own: a reading holds one of few connections. Errors as in Act.
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) error {
	return asError(d.eng.read(ctx, fn))
}

// Line is the event line. The events it returns are shared: never change them.
func (d *DB) Line() glosa.Line { return d.line }

// Settled returns a place on the line by which every act that returned before
// this call has its events. On SQLite that is the head; on PostgreSQL it waits
// for the sequencer, some milliseconds.
func (d *DB) Settled(ctx context.Context) (int64, error) {
	n, err := d.eng.settled(ctx)
	return n, asError(err)
}

// Durable makes everything acted under [Config.NoSync] durable, and every act
// from now on.
func (d *DB) Durable(ctx context.Context) error { return asError(d.eng.durable(ctx)) }

// Check looks for damage: SQLite's integrity check and the foreign keys, or that
// PostgreSQL answers; on both, that the event line has no gap. The error says
// what is damaged and how to restore.
func (d *DB) Check(ctx context.Context) error {
	if err := d.eng.check(ctx); err != nil {
		return asError(err)
	}
	return d.Read(ctx, func(tx *Tx) error {
		var n, head int64
		if err := tx.Row("select count(*), coalesce(max(seq), 0) from event").Scan(&n, &head); err != nil {
			return err
		}
		if n != head {
			return damaged(fmt.Errorf("the event line holds %d events up to number %d", n, head))
		}
		return nil
	})
}

// Close stops the line and closes the database. Acts that wait get Busy.
func (d *DB) Close() error {
	d.line.close()
	return d.eng.close()
}

// Engine is "sqlite" or "postgres".
func (d *DB) Engine() string { return d.eng.name() }

// Clock is the clock that tx.Now comes from.
func (d *DB) Clock() glosa.Clock { return d.conf.Clock }

func (d *DB) newTx(run runner, write bool) *Tx {
	return &Tx{Now: d.conf.Clock.Now(), run: run, write: write, entropy: rand.Reader}
}

// protect runs fn and turns a panic into an Internal error with its stack.
func protect(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &glosa.Error{Kind: glosa.Internal, Key: "e.500", Err: fmt.Errorf("panic: %v\n%s", r, debug.Stack())}
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.broken // an error that fn swallowed undoes the act all the same
}

func waitFor(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
