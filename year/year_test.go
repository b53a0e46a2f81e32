package year

import (
	"path/filepath"
	"testing"

	"glosa/db"
	"glosa/db/dbtest"
	"glosa/site"
)

// each plays on a fresh house on each engine.
func each(t *testing.T, body func(t *testing.T, c site.Config)) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		body(t, site.Config{Data: filepath.Join(t.TempDir(), "data"), Database: c.URL, NoSync: true})
	})
}

func TestTheWholeYear(t *testing.T) {
	each(t, func(t *testing.T, c site.Config) {
		y := Open(t, c)
		y.Whole()
		y.Settle()
	})
}
