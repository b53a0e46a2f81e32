package db

import (
	"context"
	"fmt"
	"time"
)

// purgeWaits is how often a purge looks again for the readers it waits for.
const purgeWaits = 20

// Purge overwrites what acts have erased: SQLite's write-ahead log is folded
// into the file and cut to nothing (the file itself overwrites what is deleted,
// secure_delete); PostgreSQL's dead rows are vacuumed. Whoever erases a text
// calls it afterwards; until then the words lie where they lay. Backups keep
// theirs. Errors: Busy when readers did not let go; Internal.
func (d *DB) Purge(ctx context.Context) error { return asError(d.eng.purge(ctx)) }

func (e *lite) purge(ctx context.Context) error {
	for try := range purgeWaits {
		var busy int64
		err := e.w.alone(ctx, func(c *preparedConn) (err error) { // readers are waited for outside, acts go on
			busy, err = c.number("pragma wal_checkpoint(TRUNCATE)")
			return err
		})
		if err != nil || busy == 0 {
			return err
		}
		if err := waitFor(ctx, time.Duration(1+try)*10*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("db: the write-ahead log is read all the time: %w", errBusyLog)
}

func (e *pg) purge(ctx context.Context) error {
	_, err := e.pool.ExecContext(ctx, "vacuum")
	return err
}
