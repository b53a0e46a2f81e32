package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"glosa"
)

// meaning is what an engine's error means to the house.
type meaning struct {
	kind glosa.Kind
	key  string // a key of web/text
}

var (
	conflict   = meaning{glosa.Conflict, "e.409"}
	busy       = meaning{glosa.Busy, "e.busy"}
	diskFull   = meaning{glosa.Busy, "e.disk"}
	internal   = meaning{glosa.Internal, "e.500"}
	isDamaged  = meaning{glosa.Internal, "e.damaged"}
	isReadOnly = meaning{glosa.Internal, "e.readonly"}
)

// sqliteMeanings maps SQLite's result codes; an extended code that is not here
// means what its primary code (the low byte) means.
var sqliteMeanings = map[int]meaning{
	2067: conflict,   // CONSTRAINT_UNIQUE
	1555: conflict,   // CONSTRAINT_PRIMARYKEY
	2579: conflict,   // CONSTRAINT_ROWID
	275:  conflict,   // CONSTRAINT_CHECK
	787:  conflict,   // CONSTRAINT_FOREIGNKEY
	1811: conflict,   // CONSTRAINT_TRIGGER
	5:    busy,       // BUSY: another process writes
	6:    busy,       // LOCKED
	7:    busy,       // NOMEM
	9:    busy,       // INTERRUPT
	13:   diskFull,   // FULL
	11:   isDamaged,  // CORRUPT
	26:   isDamaged,  // NOTADB
	8:    isReadOnly, // READONLY
}

// postgresMeanings maps PostgreSQL's codes; a code that is not here means what
// its class (the first two letters) means.
var postgresMeanings = map[string]meaning{
	"23505": conflict, // unique_violation
	"23514": conflict, // check_violation
	"23503": conflict, // foreign_key_violation
	"23P01": conflict, // exclusion_violation
	"40":    busy,     // serialization_failure, deadlock_detected: something beside us writes, ten times
	"53":    busy,     // out of memory, too many connections
	"53100": diskFull, // disk_full
	"55P03": busy,     // lock_not_available
	"57":    busy,     // shut down, cancelled
	"08":    busy,     // the connection broke
	"25006": isReadOnly,
	"XX001": isDamaged, // data_corrupted
	"XX002": isDamaged, // index_corrupted
}

// asError turns what an engine or a context reports into the house's error.
// What is one already stays as it is.
func asError(err error) error {
	var known *glosa.Error
	var lite *sqlite.Error
	var pg *pgconn.PgError
	m := internal
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.Is(err, sql.ErrNoRows):
		m = meaning{glosa.NotFound, "e.404"}
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		m = busy
	case errors.As(err, &lite):
		m = look(sqliteMeanings, lite.Code(), lite.Code()&0xff)
	case errors.As(err, &pg):
		m = look(postgresMeanings, pg.Code, pg.Code[:min(2, len(pg.Code))])
	case connectionBroke(err):
		m = busy
	}
	if m == isDamaged {
		return damaged(err)
	}
	return &glosa.Error{Kind: m.kind, Key: m.key, Err: err}
}

func look[K comparable](table map[K]meaning, code, class K) meaning {
	if m, ok := table[code]; ok {
		return m
	}
	if m, ok := table[class]; ok {
		return m
	}
	return internal
}

// connectionBroke tells whether PostgreSQL went away before it took the statement.
func connectionBroke(err error) bool {
	var refused *pgconn.ConnectError
	return errors.As(err, &refused) || pgconn.SafeToRetry(err)
}

// tryAgain tells whether a PostgreSQL transaction met another one and should run again.
// A plan that outlived a migration counts: the driver forgets it on failing.
func tryAgain(err error) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	return pg.Code == "40001" || pg.Code == "40P01" ||
		pg.Code == "0A000" && strings.Contains(pg.Message, "cached plan")
}

func damaged(err error) error {
	return &glosa.Error{Kind: glosa.Internal, Key: "e.damaged", Err: fmt.Errorf(
		"the database is damaged: %w. Stop Glosa, keep a copy of the folder as it is, then restore the latest backup "+
			"(docs/operator.md, \"Restore\"); the public record tells which acts came after it", err)}
}

func closedError() error {
	return &glosa.Error{Kind: glosa.Busy, Key: "e.busy", Err: errors.New("db: closed")}
}
