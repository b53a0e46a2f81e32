package edition_test

import (
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/db"
	"glosa/db/dbtest"
)

// Every act of every later room begins with one Load.
func BenchmarkLoad(b *testing.B) {
	clock := glosa.NewFakeClock(dbtest.Start)
	store := dbtest.Open(b, db.Config{Dir: b.TempDir(), Clock: clock, NoSync: true, Log: dbtest.Log(b)}, edition.Schema())
	editiontest.At(b, &edition.Desk{DB: store}, clock, demo, edition.IntakeOpen)
	err := store.Read(b.Context(), func(tx *db.Tx) error {
		for b.Loop() {
			if _, err := edition.Load(tx, demo); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
