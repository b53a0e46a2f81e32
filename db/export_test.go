package db

import (
	"context"
	"fmt"
)

// SetStep has step called at each named step of an act, a move of the sequencer
// and a follower, so that crash tests can stop the process there.
func (c *Config) SetStep(step func(at string)) { c.step = step }

// Meaning shows what an engine's error becomes.
func Meaning(err error) error { return asError(err) }

// FillDisk lets SQLite's file grow no further, or grow again.
func (d *DB) FillDisk(ctx context.Context, full bool) error {
	return d.eng.(*lite).w.alone(ctx, func(c *preparedConn) error {
		pages := int64(1 << 30)
		if full {
			var err error
			if pages, err = c.number("pragma page_count"); err != nil {
				return err
			}
		}
		_, err := c.number(fmt.Sprint("pragma max_page_count = ", pages))
		return err
	})
}

// MoveSQL is the sequencer's statement.
const MoveSQL = moveSQL

// Bare is how a statement reaches SQLite.
func Bare(query string) (string, []int) { return bare(query) }
