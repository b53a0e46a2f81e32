package record

import (
	"context"

	"glosa"
	"glosa/db"
)

// Desk leaves the record's own events: what the server's keeper did, which
// program runs, that a backup was put back.
type Desk struct{ DB *db.DB }

// Start logs which program runs. Denied unless the system or the server's keeper asks.
func (d *Desk) Start(ctx context.Context, by glosa.Actor, s Started) error {
	if err := by.May("record.start"); err != nil {
		return err
	}
	return d.leave(ctx, kindStarted.Event(by, "", "", s))
}

// Restore logs that a backup was put back. Denied unless the actor keeps the server.
func (d *Desk) Restore(ctx context.Context, by glosa.Actor, r Restored) error {
	if err := by.May("record.restore"); err != nil {
		return err
	}
	return d.leave(ctx, kindRestored.Event(by, "", "", r))
}

func (d *Desk) leave(ctx context.Context, e glosa.Event) error {
	return d.DB.Act(ctx, func(tx *db.Tx) error { return tx.Leave(e) })
}
