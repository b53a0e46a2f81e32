package site

import (
	"context"
	"time"

	"glosa/civic/report"
)

// sweepEvery is how often what is over is removed.
const sweepEvery = time.Hour

// sweep removes, every hour, sessions and invitations that are over, and files
// that no act named within a day of their arrival.
func (s *Site) sweep(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.Auth.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("sweeping sessions", "err", err)
		}
		_, err := report.Sweep(ctx, s.Files, s.Clock.Now(), s.Report.Named, s.Commitment.FilesNamed)
		if err != nil && ctx.Err() == nil {
			s.Log.Error("sweeping files", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
