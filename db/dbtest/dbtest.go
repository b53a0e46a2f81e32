// Package dbtest gives a test real databases: every desk is tried on SQLite
// always and on PostgreSQL when GLOSA_TEST_POSTGRES names a server, such as the
// throw-away one that postgres.sh starts.
package dbtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"glosa"
	"glosa/db"
)

// Start is where the clock of every test database stands at first.
var Start = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)

// Each runs body once per engine, each time on a fresh, migrated database that
// is not synced to disk. Without GLOSA_TEST_POSTGRES the PostgreSQL run is
// skipped, or fails when CI is "true".
//
// On PostgreSQL an event comes on the line some milliseconds after its act has
// returned: a test that reads the line asks [Events], or waits.
func Each(t *testing.T, schemas []db.Schema, body func(t *testing.T, d *db.DB, clock *glosa.FakeClock)) {
	t.Helper()
	configs(t, schemas, func(t *testing.T, c db.Config) {
		clock := glosa.NewFakeClock(Start)
		c.Clock, c.NoSync = clock, true
		body(t, Open(t, c, schemas...), clock)
	})
}

// Configs runs body once per engine with the configuration of an empty database.
func Configs(t *testing.T, body func(t *testing.T, c db.Config)) {
	t.Helper()
	configs(t, nil, body)
}

// configs is [Configs]; a PostgreSQL database holds the schemas already.
func configs(t *testing.T, schemas []db.Schema, body func(t *testing.T, c db.Config)) {
	t.Helper()
	if os.Getenv("GLOSA_TEST_ENGINES") != db.Postgres { // make race: the pure-Go SQLite is 15 times slower under the detector
		t.Run(db.SQLite, func(t *testing.T) {
			body(t, db.Config{Dir: t.TempDir(), Log: Log(t)})
		})
	}
	t.Run(db.Postgres, func(t *testing.T) {
		server := Server(t)
		body(t, db.Config{URL: fresh(t, server, mould(t, server, schemas)), Log: Log(t)})
	})
}

// Open opens and migrates a database and closes it when the test is over.
func Open(t testing.TB, c db.Config, schemas ...db.Schema) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := d.Migrate(t.Context(), schemas...); err != nil {
		t.Fatal(err)
	}
	return d
}

// Events waits until every act is on the line and returns all of it.
func Events(t testing.TB, d *db.DB) []glosa.Event {
	t.Helper()
	head, err := d.Settled(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	evs, err := d.Line().After(t.Context(), 0, int(head))
	if err != nil {
		t.Fatal(err)
	}
	return evs
}

// Exec changes rows behind the rooms' back, to put a test where it begins.
func Exec(t testing.TB, d *db.DB, statement string, args ...any) {
	t.Helper()
	err := d.Act(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Log writes to the test's output.
func Log(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// Server is the URL of the server that GLOSA_TEST_POSTGRES names. Without one the
// test is skipped, or fails when CI is "true".
func Server(t testing.TB) string {
	t.Helper()
	server := os.Getenv("GLOSA_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("GLOSA_TEST_POSTGRES is not set: run the tests under db/dbtest/postgres.sh")
		}
		t.Skip("GLOSA_TEST_POSTGRES is not set: db/dbtest/postgres.sh starts a server")
	}
	return server
}

// FreshPostgres makes an empty database on the [Server], drops it after the test,
// and returns its URL.
func FreshPostgres(t testing.TB) string {
	t.Helper()
	return fresh(t, Server(t), "template0")
}

func fresh(t testing.TB, server, template string) string {
	t.Helper()
	var b [6]byte
	rand.Read(b[:])
	name := "glosa_test_" + hex.EncodeToString(b[:])
	onServer(t, server, create(name, template))
	t.Cleanup(func() { onServer(t, server, "drop database "+name+" with (force)") })
	return named(t, server, name)
}

func create(name, template string) string {
	return "create database " + name + " template " + template + " encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"
}

func named(t testing.TB, server, name string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("GLOSA_TEST_POSTGRES is not a URL")
	}
	u.Path = "/" + name
	return u.String()
}

func onServer(t testing.TB, server, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}

// Ask reads by a room's function that takes a transaction, for tests of rooms that
// may not know the database.
func Ask[K, V any](ctx context.Context, d *db.DB, read func(*db.Tx, K) (V, error), key K) (found V, err error) {
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = read(tx, key)
		return err
	})
	return found, err
}
