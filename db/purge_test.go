package db_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// TestPurge: what an act deleted is in no file afterwards, though somebody reads
// meanwhile. (PostgreSQL's own files are not the house's to read; there it must
// only go through.)
func TestPurge(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		c.Clock = glosa.NewFakeClock(dbtest.Start)
		d := dbtest.Open(t, c)
		canary := bytes.Repeat([]byte("canario-que-se-borra "), 40)
		act := func(statement string, args ...any) {
			t.Helper()
			if err := d.Act(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(statement, args...)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		act("insert into meta (name, value) values ('canary', $1)", string(canary))
		act("delete from meta where name = 'canary'")
		if err := d.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join(c.Dir, "glosa.db*"))
		if c.Dir != "" && len(files) < 2 {
			t.Fatalf("only %v to look at", files)
		}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil || bytes.Contains(raw, canary[:20]) {
				t.Errorf("%s still holds what was erased (%v)", filepath.Base(f), err)
			}
		}
	})
}
