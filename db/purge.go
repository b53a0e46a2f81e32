package db

import (
	"context"
	"errors"
	"time"

	"glosa"
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
		err := e.w.alone(ctx, func(c *preparedConn) (err error) {
			// Readers are waited for here below, while acts go on.
			if err := c.run("pragma busy_timeout = 20"); err != nil {
				return err
			}
			busy, err = c.number("pragma wal_checkpoint(TRUNCATE)")
			return errors.Join(err, c.run("pragma busy_timeout = 10000"))
		})
		if err != nil || busy == 0 {
			return err
		}
		if err := waitFor(ctx, time.Duration(1+try)*10*time.Millisecond); err != nil {
			return err
		}
	}
	return &glosa.Error{Kind: glosa.Busy, Key: "e.busy", Err: errors.New("db: somebody reads the write-ahead log all the time")}
}

func (e *pg) purge(ctx context.Context) error {
	_, err := e.pool.ExecContext(ctx, "vacuum")
	return err
}
