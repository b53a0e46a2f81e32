package site_test

import (
	"testing"

	"glosa"
	"glosa/auth"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/site"
)

// What changes the schema of a house that has one is announced before, whoever
// opened it; a folder that is filled for the first time has nothing to announce.
func TestAMigrationIsAnnounced(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		desk := &auth.Desk{DB: d}
		ok := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		said := func(want int, when string) {
			t.Helper()
			all, err := desk.Announcements(t.Context(), 10)
			ok(err)
			if len(all) != want || want > 0 && all[0].Command != "migrate" {
				t.Errorf("%s: %v, want %d announcements", when, all, want)
			}
		}
		older := site.Schemas()
		older = older[:len(older)-1]
		ok(d.Migrate(t.Context(), older...))
		said(0, "an older program's schema")
		ok(site.Migrate(t.Context(), d, "the schema of glosa-test", false))
		said(1, "brought up by serve")
		ok(site.Migrate(t.Context(), d, "the schema of glosa-test", false))
		said(1, "opened again")
		ok(site.Migrate(t.Context(), d, "asked by hand", true))
		said(2, "asked by hand")
	})
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		if err := site.Migrate(t.Context(), d, "the schema of glosa-test", false); err != nil {
			t.Fatal(err)
		}
		if all, err := (&auth.Desk{DB: d}).Announcements(t.Context(), 10); err != nil || len(all) != 0 {
			t.Errorf("a fresh folder: %v %v", all, err)
		}
	})
}
