package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3/database"

	"glosa"
)

// pgPool is how many connections a node takes, beside the three it keeps for
// itself: locks, the sequencer, notifications.
const pgPool = 32

// pg is the PostgreSQL engine: acts take turns in its lane, readings have a pool.
type pg struct {
	d       *DB
	conf    *pgx.ConnConfig
	pool    *sql.DB
	keeper  *keeper
	seq     *sequencer
	lane    *lane
	durably bool // Durable was called after NoSync
	mu      sync.RWMutex
	stop    context.CancelFunc
	bg      sync.WaitGroup
	once    sync.Once
}

// URLHasPassword tells whether a database URL carries a password. Such a URL
// belongs in a file (or the password in PGPASSFILE), never on a command line,
// where every user of the machine can read it.
func URLHasPassword(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return true // what cannot be read may hold one
	}
	_, has := u.User.Password()
	return has || u.Query().Has("password")
}

func (d *DB) openPostgres(ctx context.Context) error {
	conf, err := pgx.ParseConfig(d.conf.URL)
	if err != nil {
		return errors.New("db: the database URL cannot be read (it is not shown: it may hold a password)")
	}
	conf.RuntimeParams["timezone"] = "UTC"
	conf.RuntimeParams["client_encoding"] = "UTF8"
	if _, named := conf.RuntimeParams["application_name"]; !named {
		conf.RuntimeParams["application_name"] = "glosa"
	}
	// A node that vanished must not keep its locks for hours.
	for name, value := range map[string]string{"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"} {
		conf.RuntimeParams[name] = value
	}
	if d.conf.NoSync {
		conf.RuntimeParams["synchronous_commit"] = "off"
	}
	e := &pg{d: d, conf: conf, pool: stdlib.OpenDB(*conf)}
	e.pool.SetMaxOpenConns(pgPool + 1) // the lane keeps one
	e.pool.SetMaxIdleConns(pgPool + 1)
	e.pool.SetConnMaxIdleTime(5 * time.Minute)
	var bg context.Context
	bg, e.stop = context.WithCancel(context.Background())
	e.keeper = newKeeper(e)
	d.eng = e
	if err := e.refuseUnfit(ctx); err != nil {
		return e.unreached(err)
	}
	if err := d.migrateOwn(ctx, "schema/postgres"); err != nil {
		return err
	}
	var head int64
	if err := e.pool.QueryRowContext(ctx, "select coalesce(max(seq), 0) from event").Scan(&head); err != nil {
		return asError(err)
	}
	d.line.start(head)
	e.seq = newSequencer(e)
	e.lane = newLane(e)
	e.bg.Go(func() { e.keeper.watch(bg) })
	e.bg.Go(func() { e.seq.run(bg) })
	e.bg.Go(func() { e.seq.nudge(bg) })
	e.bg.Go(func() { e.listen(bg) })
	return nil
}

// unreached says which address does not answer, without its password: at the
// start, that is a mistake to mend and not a moment to wait for.
func (e *pg) unreached(err error) error {
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) {
		return asError(err)
	}
	cause := error(connect)
	for next := errors.Unwrap(cause); next != nil; next = errors.Unwrap(next) {
		cause = next
	}
	address := net.JoinHostPort(e.conf.Host, strconv.Itoa(int(e.conf.Port)))
	return &glosa.Error{Kind: glosa.Internal, Key: "e.500", Err: fmt.Errorf(
		"PostgreSQL cannot be reached at %s, database %q, as %q: %v", address, e.conf.Database, e.conf.User, cause)}
}

// refuseUnfit refuses a database whose text does not sort by bytes, as
// SQLite's does: lists and ties would come out otherwise on each engine.
func (e *pg) refuseUnfit(ctx context.Context) error {
	var version int
	var encoding, collate, provider, locale string
	err := e.pool.QueryRowContext(ctx, `select current_setting('server_version_num')::int, pg_encoding_to_char(d.encoding),
		d.datcollate, coalesce(to_jsonb(d)->>'datlocprovider', 'c'),
		coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale', '')
		from pg_database as d where d.datname = current_database()`).Scan(&version, &encoding, &collate, &provider, &locale)
	if err != nil {
		return err
	}
	if version < 130000 {
		return fmt.Errorf("db: PostgreSQL %d is too old: 13 or newer is needed", version/10000)
	}
	if provider == "b" { // the built-in provider: its locale rules, not datcollate
		collate = locale
	}
	fits := map[string]bool{"C": true, "POSIX": true, "C.UTF-8": true, "C.UTF8": true, "C.utf8": true}
	if encoding != "UTF8" || provider == "i" || !fits[collate] {
		return &glosa.Error{Kind: glosa.Internal, Key: "e.collation", Err: fmt.Errorf(
			"the PostgreSQL database has encoding %s and collation %q (provider %s); Glosa needs text that sorts by bytes. "+
				"Make it anew: create database … encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8' template template0", encoding, collate, provider)}
	}
	return nil
}

func (e *pg) name() string { return Postgres }

func (e *pg) act(ctx context.Context, fn func(*Tx) error) error { return e.lane.act(ctx, fn) }

// commitError tells a refusal from a connection that broke with the answer.
func commitError(err error) error {
	if e := asError(err); glosa.KindOf(e) != glosa.Internal {
		return e
	}
	return &glosa.Error{Kind: glosa.Internal, Key: "e.500",
		Err: fmt.Errorf("committing: the act may have been done or not: %w", err)}
}

func (e *pg) read(ctx context.Context, fn func(*Tx) error) error {
	for try := 1; ; try++ {
		err, again := e.readOnce(ctx, fn)
		if err == nil || !again || try == tries {
			return err
		}
	}
}

func (e *pg) readOnce(ctx context.Context, fn func(*Tx) error) (err error, again bool) {
	ptx, err := e.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err, false
	}
	defer ptx.Rollback()
	tx := e.d.newTx(pgRunner{ctx: ctx, on: ptx}, false)
	err = protect(fn, tx)
	if ferr := tx.finish(); err == nil {
		err = ferr
	}
	return err, tx.broken != nil && tryAgain(tx.broken)
}

func (e *pg) migrations() dialectDB {
	return dialectDB{dialect: database.DialectPostgres, db: e.pool}
}

// settled waits until the inbox rows of acts committed by now are on the line.
func (e *pg) settled(ctx context.Context) (int64, error) {
	var last, head int64
	if err := e.pool.QueryRowContext(ctx, "select coalesce(max(n), 0) from event_inbox").Scan(&last); err != nil {
		return 0, err
	}
	for {
		var left bool
		known, _ := e.d.line.Head(ctx)
		err := e.pool.QueryRowContext(ctx, `select exists (select 1 from event_inbox where n <= $1),
			(select coalesce(max(seq), 0) from event)`, last).Scan(&left, &head)
		if err != nil {
			return 0, err
		}
		if !left {
			return head, e.d.line.Wait(ctx, head-1)
		}
		e.seq.wake()
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		err = e.d.line.Wait(short, known)
		cancel()
		if err != nil && (ctx.Err() != nil || short.Err() == nil) {
			return 0, err
		}
	}
}

// durable commits one row the durable way: PostgreSQL's log is written in
// order, so everything before it is on disk then.
func (e *pg) durable(ctx context.Context) error {
	e.mu.Lock()
	e.durably = true
	e.mu.Unlock()
	return e.act(ctx, func(tx *Tx) error {
		_, err := tx.Exec("insert into meta (name, value) values ('durable', $1) on conflict (name) do update set value = excluded.value",
			tx.NewID())
		return err
	})
}

func (e *pg) syncAnew() bool {
	if !e.d.conf.NoSync {
		return false
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.durably
}

func (e *pg) check(ctx context.Context) error {
	if err := e.refuseUnfit(ctx); err != nil {
		return err
	}
	_, err := e.settled(ctx)
	return err
}

func (e *pg) close() (err error) {
	e.once.Do(func() {
		if e.lane != nil {
			e.lane.close()
		}
		e.stop()
		e.bg.Wait()
		e.keeper.close()
		err = e.pool.Close()
	})
	return err
}
