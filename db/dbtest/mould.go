package dbtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"testing"

	"github.com/jackc/pgx/v5"

	"glosa/db"
)

// mould names a database of the server that holds these schemas and nothing else,
// and makes it first where there is none: copying one is several times quicker
// than migrating. It is named by what the schemas say, so it stays for other tests.
func mould(t testing.TB, server string, schemas []db.Schema) string {
	t.Helper()
	if len(schemas) == 0 {
		return "template0"
	}
	name := "glosa_mould_" + digest(t, schemas)
	conn, err := pgx.Connect(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("select pg_advisory_lock(hashtext($1))", name) // until the connection ends
	var made bool
	if err := conn.QueryRow(t.Context(), "select exists (select 1 from pg_database where datname = $1)", name).Scan(&made); err != nil {
		t.Fatal(err)
	}
	if made {
		return name
	}
	raw := name + "_raw" // a name of its own until it is whole
	exec("drop database if exists " + raw + " with (force)")
	exec(create(raw, "template0"))
	d, err := db.Open(t.Context(), db.Config{URL: named(t, server, raw), Log: Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context(), schemas...); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	exec("alter database " + raw + " rename to " + name)
	return name
}

// digest is of everything that the schemas say.
func digest(t testing.TB, schemas []db.Schema) string {
	t.Helper()
	sum := sha256.New()
	for _, s := range schemas {
		fmt.Fprintf(sum, "%q %q\n", s.Room, s.Views)
		if s.FS == nil {
			continue
		}
		err := fs.WalkDir(s.FS, ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			content, err := fs.ReadFile(s.FS, path)
			fmt.Fprintf(sum, "%q %q\n", path, content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
