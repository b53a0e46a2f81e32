package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/pressly/goose/v3/database"
)

// checkAtOpen is how long Open may look for damage. A larger database is
// looked at as far as that goes; `glosa verify FOLDER` looks at all of it.
const checkAtOpen = 2 * time.Second

// lookAround is how often the line looks for events of another process, such as
// a command run beside the server.
const lookAround = time.Second

// lite is the SQLite engine: one writer, several readers, one file.
type lite struct {
	d       *DB
	path    string
	writeDB *sql.DB
	readDB  *sql.DB
	w       *writer
	readers chan *preparedConn // nil entries are connections not opened yet
	stop    context.CancelFunc
	bg      sync.WaitGroup
	once    sync.Once
}

func (d *DB) openSQLite(ctx context.Context) error {
	dir, err := filepath.Abs(d.conf.Dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	e := &lite{d: d, path: filepath.Join(dir, "glosa.db")}
	if err := touch(e.path); err != nil {
		return err
	}
	sync := "FULL"
	if d.conf.NoSync {
		sync = "OFF"
	}
	e.writeDB, err = openFile(e.path, writePragmas(sync)...)
	if err != nil {
		return err
	}
	n := max(4, 2*runtime.GOMAXPROCS(0))
	e.writeDB.SetMaxOpenConns(2) // the writer's, and one for migrations
	if e.readDB, err = openFile(e.path, readPragmas()...); err != nil {
		return errors.Join(err, e.writeDB.Close())
	}
	e.readDB.SetMaxOpenConns(n)
	e.readDB.SetMaxIdleConns(n)
	e.readers = make(chan *preparedConn, n)
	for range n {
		e.readers <- nil
	}
	d.eng = e
	if err := e.refuseDamaged(ctx); err != nil {
		return err
	}
	if err := d.migrateOwn(ctx, "schema/sqlite"); err != nil {
		return err
	}
	return e.start(ctx)
}

func (e *lite) start(ctx context.Context) error {
	conn, err := prepared(ctx, e.writeDB)
	if err != nil {
		return asError(err)
	}
	head, err := conn.number("select coalesce(max(seq), 0) from event")
	if err != nil {
		conn.close()
		return asError(err)
	}
	e.d.line.start(head)
	e.w = newWriter(e.d, conn)
	var bg context.Context
	bg, e.stop = context.WithCancel(context.Background())
	e.bg.Go(func() { e.look(bg) })
	return nil
}

// look reports the events of other processes.
func (e *lite) look(ctx context.Context) {
	for waitFor(ctx, lookAround) == nil {
		if err := e.d.catchUp(ctx); err != nil && ctx.Err() == nil {
			e.d.conf.Log.Warn("event line: cannot look for new events", "err", err)
		}
	}
}

// catchUp publishes the events that are in the database and not yet known.
func (d *DB) catchUp(ctx context.Context) error {
	for {
		var n int
		head, _ := d.line.Head(ctx)
		err := d.Read(ctx, func(tx *Tx) error {
			evs, err := eventsAfter(tx, head, 1000)
			d.line.publish(evs)
			n = len(evs)
			return err
		})
		if err != nil || n < 1000 {
			return err
		}
	}
}

// touch makes the file with a mode that keeps other users out: SQLite gives
// its journals the same one.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func openFile(path string, pragmas ...string) (*sql.DB, error) {
	q := url.Values{"_pragma": pragmas}
	return sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
}

// writePragmas: WAL so that readers never wait; FULL so that a commit is on the
// disk when it returns; secure_delete so that erased text is overwritten.
func writePragmas(sync string) []string {
	return []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(" + sync + ")", "foreign_keys(ON)",
		"secure_delete(ON)", "temp_store(MEMORY)", "trusted_schema(OFF)", "cache_size(-65536)",
		"wal_autocheckpoint(4000)", "journal_size_limit(67108864)"}
}

func readPragmas() []string {
	return []string{"busy_timeout(10000)", "query_only(ON)", "temp_store(MEMORY)", "trusted_schema(OFF)", "cache_size(-16384)"}
}

func (e *lite) name() string { return SQLite }

func (e *lite) act(ctx context.Context, fn func(*Tx) error) error { return e.w.act(ctx, fn) }

func (e *lite) read(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var c *preparedConn
	select {
	case c = <-e.readers:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { e.readers <- c }()
	if c == nil {
		var err error
		if c, err = prepared(ctx, e.readDB); err != nil {
			c = nil
			return err
		}
	}
	if err := c.run("begin"); err != nil {
		return err
	}
	defer func() { // after reading there is nothing to keep
		if c.run("rollback") != nil {
			c.close()
			c = nil // the pool opens another
		}
	}()
	tx := e.d.newTx(c, false)
	defer tx.finish()
	err := protect(fn, tx)
	if ferr := tx.finish(); err == nil {
		err = ferr
	}
	return err
}

// lock: one process, so the names held in it are enough.
func (e *lite) lock(ctx context.Context, _ string) (context.Context, func(), error) {
	return ctx, func() {}, nil
}

func (e *lite) migrations() dialectDB {
	return dialectDB{dialect: database.DialectSQLite3, db: e.writeDB}
}

func (e *lite) settled(ctx context.Context) (int64, error) { return e.d.line.Head(ctx) }

// durable turns syncing on, then moves everything into the file and syncs that.
func (e *lite) durable(ctx context.Context) error {
	return e.w.alone(ctx, func(c *preparedConn) error {
		if err := c.run("pragma synchronous = FULL"); err != nil {
			return err
		}
		for try := 0; ; try++ {
			busy, err := c.number("pragma wal_checkpoint(TRUNCATE)") // its first column
			if err != nil || busy == 0 {
				return err
			}
			if err := waitFor(ctx, time.Duration(1+try)*10*time.Millisecond); err != nil {
				return err
			}
		}
	})
}

// refuseDamaged looks for damage before anything is written.
func (e *lite) refuseDamaged(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, checkAtOpen)
	defer cancel()
	err := checkFile(short, e.readDB, "quick_check(5)")
	if err != nil && short.Err() != nil && ctx.Err() == nil {
		e.d.conf.Log.Info("the database is too large to be checked whole while it opens: run glosa verify on its folder")
		return nil
	}
	if err != nil {
		return asError(err)
	}
	var mode string
	if err := e.writeDB.QueryRowContext(ctx, "pragma journal_mode").Scan(&mode); err != nil {
		return asError(err)
	}
	if mode != "wal" {
		return fmt.Errorf("db: %s cannot keep a write-ahead log (journal mode %q): use a local disk", e.path, mode)
	}
	return nil
}

func checkFile(ctx context.Context, pool *sql.DB, check string) error {
	rows, err := pool.QueryContext(ctx, "pragma "+check)
	if err != nil {
		return err
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		if s != "ok" {
			found = append(found, s)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(found) > 0 {
		return damaged(errors.New(strings.Join(found, "; ")))
	}
	return nil
}

// check looks by a connection of its own: the readings may hold all of theirs.
func (e *lite) check(ctx context.Context) error {
	own, err := openFile(e.path, readPragmas()...)
	if err != nil {
		return err
	}
	defer own.Close()
	own.SetMaxOpenConns(1)
	if err := checkFile(ctx, own, "integrity_check(20)"); err != nil {
		return err
	}
	rows, err := own.QueryContext(ctx, "pragma foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		var table, parent string
		var row, fk sql.NullInt64
		if err := rows.Scan(&table, &row, &parent, &fk); err != nil {
			return err
		}
		return damaged(fmt.Errorf("a row of %s points at a row of %s that is not there", table, parent))
	}
	return rows.Err()
}

func (e *lite) close() (err error) {
	e.once.Do(func() {
		if e.stop != nil {
			e.stop()
			e.bg.Wait()
			e.w.close()
			err = e.w.conn.close()
		}
		for range cap(e.readers) { // waits for the readings that run
			if c := <-e.readers; c != nil {
				c.close()
			}
		}
		err = errors.Join(err, e.readDB.Close(), e.writeDB.Close())
	})
	return err
}
