package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"glosa"
)

// Backup writes a copy of the database, as of one moment, to the new file dest
// (mode 0600) while acts go on: SQLite by VACUUM INTO, and the copy is checked;
// PostgreSQL by pg_dump in its custom format. When Backup returns nil the file is
// on disk. Take the record's folder first, then the database: a record that is
// behind its database catches up by itself, one that is ahead does not.
// Errors: Conflict when dest is there already; Busy when the disk is full; Internal.
func (d *DB) Backup(ctx context.Context, dest string) error {
	dest, err := filepath.Abs(dest)
	if err != nil {
		return asError(err)
	}
	if _, err := os.Lstat(dest); err == nil {
		return &glosa.Error{Kind: glosa.Conflict, Key: "e.409", Err: fmt.Errorf("db: %s is there already", dest)}
	}
	// Under another name first: a file called dest is a whole backup or none.
	part := dest + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return asError(err)
	}
	if err := d.eng.backup(ctx, part); err != nil {
		os.Remove(part)
		return asError(err)
	}
	if err := syncPath(part); err != nil {
		return asError(err)
	}
	if err := os.Rename(part, dest); err != nil {
		return asError(err)
	}
	return asError(syncPath(filepath.Dir(dest)))
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

func (e *lite) backup(ctx context.Context, dest string) error {
	if err := touch(dest); err != nil {
		return err
	}
	// secure_delete is taken over by the copy: without it, pages that were filled and
	// split while it was written keep words that no erasure after a restore would reach.
	from, err := openFile(e.path, "busy_timeout(10000)", "secure_delete(ON)")
	if err != nil {
		return err
	}
	defer from.Close()
	if _, err := from.ExecContext(ctx, "vacuum into $1", dest); err != nil {
		return err
	}
	copied, err := openFile(dest, "query_only(ON)")
	if err != nil {
		return err
	}
	defer copied.Close()
	if err := checkFile(ctx, copied, "integrity_check(5)"); err != nil {
		return fmt.Errorf("db: the copy is not sound: %w", err)
	}
	return nil
}

func (e *pg) backup(ctx context.Context, dest string) error {
	f, err := os.OpenFile(dest, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(e.dump(ctx, f), f.Close())
}

// Dump writes a PostgreSQL database to w with pg_dump, in its custom format
// (pg_restore reads it). Internal on SQLite, which has [DB.Backup], and when
// pg_dump is not installed.
func (d *DB) Dump(ctx context.Context, w io.Writer) error {
	e, ok := d.eng.(*pg)
	if !ok {
		return bug("only PostgreSQL is dumped")
	}
	return asError(e.dump(ctx, w))
}

// dump keeps the password out of pg_dump's arguments, which every user of the
// machine can read.
func (e *pg) dump(ctx context.Context, w io.Writer) error {
	u, err := url.Parse(e.d.conf.URL)
	if err != nil {
		return bug("the database URL cannot be read")
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	q := u.Query()
	q.Del("password")
	u.RawQuery = q.Encode()
	cmd := exec.CommandContext(ctx, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--dbname="+u.String())
	cmd.Env = os.Environ()
	if e.conf.Password != "" {
		cmd.Env = append(cmd.Env, "PGPASSWORD="+e.conf.Password)
	}
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = w, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("db: pg_dump: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return nil
}
