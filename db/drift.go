package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"

	"glosa"
)

// A migration that ran is never edited: a database would claim columns that it does
// not have. meta keeps, for each room, a digest of the files that were applied.

func driftName(room string) string { return "schema." + room }

// refuseDrift compares the files of the versions that a room's tables went through
// with those that this program would have applied.
func refuseDrift(ctx context.Context, p *goose.Provider, pool *sql.DB, r Schema) error {
	has, err := p.GetDBVersion(ctx)
	if err != nil || has == 0 {
		return asError(err)
	}
	var kept string
	err = pool.QueryRowContext(ctx, "select value from meta where name = $1", driftName(r.Room)).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // from before digests were kept
	}
	if err != nil {
		return asError(err)
	}
	want, err := hashFiles(r.FS, has)
	if err != nil || kept == want {
		return asError(err)
	}
	return &glosa.Error{Kind: glosa.Internal, Key: "e.500", Err: fmt.Errorf(
		"the %s tables were made by other migrations than this program has: a build between two releases made them; "+
			"run that build again, or begin with an empty folder and database", r.Room)}
}

// keepDrift keeps what was applied.
func keepDrift(ctx context.Context, pool *sql.DB, rooms []Schema) error {
	for _, r := range rooms {
		if r.FS == nil {
			continue
		}
		hash, err := hashFiles(r.FS, 1<<31)
		if err != nil {
			return err
		}
		if _, err := pool.ExecContext(ctx, `insert into meta (name, value) values ($1, $2)
			on conflict (name) do update set value = excluded.value`, driftName(r.Room), hash); err != nil {
			return err
		}
	}
	return nil
}

// hashFiles is the digest of a room's migrations up to a version, in order.
func hashFiles(files fs.FS, upTo int64) (string, error) {
	names, err := fs.Glob(files, "schema/*.sql") // sorted: their numbers have four digits
	h := sha256.New()
	for _, name := range names {
		n, nerr := strconv.ParseInt(strings.TrimSuffix(strings.TrimPrefix(name, "schema/"), ".sql"), 10, 64)
		if nerr != nil || n > upTo {
			continue // provide refuses another name
		}
		text, rerr := fs.ReadFile(files, name)
		if rerr != nil {
			return "", rerr
		}
		fmt.Fprintf(h, "%d %d\n%s", n, len(text), text)
	}
	return hex.EncodeToString(h.Sum(nil)), err
}
