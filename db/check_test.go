package db_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"glosa/db"
	"glosa/db/dbtest"
)

// TestCheckAfterEverybodyRead: readings keep their connections, all there are;
// looking for damage waits for none of them.
func TestCheckAfterEverybodyRead(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		c.NoSync = true
		d := dbtest.Open(t, c)
		var done sync.WaitGroup
		for range 64 {
			done.Go(func() {
				err := d.Read(t.Context(), func(tx *db.Tx) error {
					time.Sleep(10 * time.Millisecond) // so that each needs a connection of its own
					var n int
					return tx.Row("select count(*) from meta").Scan(&n)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		done.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := d.Check(ctx); err != nil {
			t.Error(err)
		}
	})
}
