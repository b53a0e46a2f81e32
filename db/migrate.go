package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"glosa"
)

//go:embed schema
var ownSchema embed.FS

// Schema is what a room keeps in the database.
type Schema struct {
	Room  string // names the version table: goose_<room>
	FS    fs.FS  // holds schema/*.sql in goose's format; nil when the room keeps nothing
	Views string // "create view …;" statements: the room's doors, dropped and made anew after each migrate
}

// dialectDB is where migrations run, and how goose speaks there.
type dialectDB struct {
	dialect database.Dialect
	db      *sql.DB
}

// Migrate brings the rooms' tables up to date, in the order given (the civic
// calendar), then makes every view anew. One process of a cluster does it at a
// time. It refuses a schema that is newer than this program, or that other files
// made, and changes nothing then. Hand in every room each time: the views of a room left out are dropped
// and not made. Errors are Internal, with a sentence for the operator.
func (d *DB) Migrate(ctx context.Context, rooms ...Schema) error {
	held, unlock, err := d.lockName(ctx, "migrate")
	if err != nil {
		return asError(err)
	}
	defer unlock()
	on := d.eng.migrations()
	var pending bool
	var providers []*goose.Provider
	for _, r := range rooms {
		p, err := provide(on, r.Room, r.FS, "schema")
		if err != nil {
			return asError(err)
		}
		if p == nil {
			continue
		}
		more, err := refuseNewer(held, p, r.Room)
		if err == nil {
			err = refuseDrift(held, p, on.db, r)
		}
		if err != nil {
			return err
		}
		pending = pending || more
		providers = append(providers, p)
	}
	return d.bringUp(held, on.db, rooms, providers, pending)
}

// Pending tells whether [DB.Migrate] would change tables of these rooms, and
// whether they have none yet. Errors are those of Migrate.
func (d *DB) Pending(ctx context.Context, rooms ...Schema) (pending, fresh bool, err error) {
	held, unlock, err := d.lockName(ctx, "migrate")
	if err != nil {
		return false, false, asError(err)
	}
	defer unlock()
	on, fresh := d.eng.migrations(), true
	for _, r := range rooms {
		p, err := provide(on, r.Room, r.FS, "schema")
		if err != nil {
			return false, false, asError(err)
		}
		if p == nil {
			continue
		}
		more, err := refuseNewer(held, p, r.Room)
		if err != nil {
			return false, false, err
		}
		has, err := p.GetDBVersion(held)
		if err != nil {
			return false, false, asError(err)
		}
		pending, fresh = pending || more, fresh && has == 0
	}
	return pending, fresh, nil
}

func (d *DB) bringUp(ctx context.Context, pool *sql.DB, rooms []Schema, providers []*goose.Provider, pending bool) error {
	want := hashViews(rooms)
	var have string
	err := pool.QueryRowContext(ctx, "select value from meta where name = 'views'").Scan(&have)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return asError(err)
	}
	if !pending && have == want {
		return nil
	}
	if err := d.dropViews(ctx, pool); err != nil {
		return asError(err)
	}
	for _, p := range providers {
		if _, err := p.Up(ctx); err != nil {
			return asError(fmt.Errorf("db: migrating: %w", err))
		}
	}
	if err := keepDrift(ctx, pool, rooms); err != nil {
		return asError(err)
	}
	return asError(makeViews(ctx, pool, rooms, want))
}

// migrateOwn brings db's own tables up to date, before anything else.
func (d *DB) migrateOwn(ctx context.Context, folder string) error {
	held, unlock, err := d.lockName(ctx, "migrate")
	if err != nil {
		return asError(err)
	}
	defer unlock()
	on := d.eng.migrations()
	p, err := provide(on, "db", ownSchema, folder)
	if err != nil {
		return asError(err)
	}
	more, err := refuseNewer(held, p, "db")
	if err != nil || !more {
		return err
	}
	if _, err = p.Up(held); err != nil {
		return asError(fmt.Errorf("db: migrating: %w", err))
	}
	return nil
}

// provide makes goose's provider of one room; nil when the room keeps nothing.
func provide(on dialectDB, room string, files fs.FS, folder string) (*goose.Provider, error) {
	if files == nil {
		return nil, nil
	}
	sub, err := fs.Sub(files, folder)
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(on.dialect, on.db, bareNumbers{sub}, goose.WithTableName("goose_"+room),
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fmt.Errorf("db: schema of %s: %w", room, err)
	}
	return p, nil
}

// bareNumbers lets a migration be called 0001.sql; goose wants 0001_name.sql.
type bareNumbers struct{ fs.FS }

// Glob implements [fs.GlobFS]. Any other name is an error: goose would pass over it.
func (b bareNumbers) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(b.FS, pattern)
	for i, n := range names {
		number := strings.TrimSuffix(n, ".sql")
		if _, perr := strconv.ParseUint(number, 10, 31); perr != nil || number == n {
			return nil, fmt.Errorf("%s: a migration is named by its number, such as 0001.sql", n)
		}
		names[i] = number + "_.sql"
	}
	return names, err
}

// Open implements [fs.FS].
func (b bareNumbers) Open(name string) (fs.File, error) {
	return b.FS.Open(strings.Replace(name, "_.sql", ".sql", 1))
}

// refuseNewer compares the database's version with the program's.
func refuseNewer(ctx context.Context, p *goose.Provider, room string) (pending bool, err error) {
	has, knows, err := p.GetVersions(ctx)
	if err != nil {
		return false, asError(fmt.Errorf("db: schema of %s: %w", room, err))
	}
	if has > knows {
		return false, &glosa.Error{Kind: glosa.Internal, Key: "e.newer", Err: fmt.Errorf(
			"the database holds version %d of the %s tables and this program knows up to %d: "+
				"run the newer Glosa that wrote it, or restore the backup made before that one was installed", has, room, knows)}
	}
	return has < knows, nil
}

// dropViews drops every view: a view would stand in the way of changing what it reads.
func (d *DB) dropViews(ctx context.Context, pool *sql.DB) error {
	list := "select name from sqlite_master where type = 'view'"
	if d.Engine() == Postgres {
		list = "select viewname::text from pg_views where schemaname = current_schema()"
	}
	if _, err := pool.ExecContext(ctx, "delete from meta where name = 'views'"); err != nil {
		return err
	}
	for { // views may stand on views: go round until none is left
		names, err := listNames(ctx, pool, list)
		if err != nil || len(names) == 0 {
			return err
		}
		var dropped int
		var last error
		for _, n := range names {
			if _, err := pool.ExecContext(ctx, `drop view "`+n+`"`); err != nil {
				last = err
				continue
			}
			dropped++
		}
		if dropped == 0 {
			return last
		}
	}
}

func listNames(ctx context.Context, pool *sql.DB, query string) (names []string, err error) {
	rows, err := pool.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		names = append(names, n)
	}
	return names, rows.Err()
}

func makeViews(ctx context.Context, pool *sql.DB, rooms []Schema, hash string) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, r := range rooms {
		for _, s := range statements(r.Views) {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return fmt.Errorf("db: views of %s: %w", r.Room, err)
			}
		}
	}
	_, err = tx.ExecContext(ctx, "insert into meta (name, value) values ('views', $1) "+
		"on conflict (name) do update set value = excluded.value", hash)
	if err != nil {
		return err
	}
	return tx.Commit()
}

// statements parts view definitions at the semicolons that end a line. Views
// hold no text with such a line end.
func statements(views string) []string {
	var all []string
	for s := range strings.SplitSeq(strings.ReplaceAll(views, "\r\n", "\n")+"\n", ";\n") {
		if strings.TrimSpace(s) != "" {
			all = append(all, s)
		}
	}
	return all
}

func hashViews(rooms []Schema) string {
	h := sha256.New()
	for _, r := range rooms {
		fmt.Fprintf(h, "%s\x00%s\x00", r.Room, r.Views)
	}
	return hex.EncodeToString(h.Sum(nil))
}
