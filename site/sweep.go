package site

import (
	"context"
	"errors"
	"slices"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/report"
)

// sweepEvery is how often what is over is removed.
const sweepEvery = time.Hour

// sweep removes, every hour, sessions and invitations that are over, keys whose
// days are over, and files that no act named within a day of their arrival.
func (s *Site) sweep(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.destroyKeys(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("destroying keys", "err", err)
		}
		if err := s.Auth.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("sweeping sessions", "err", err)
		}
		if err := s.SweepFiles(ctx, s.Clock.Now()); err != nil && ctx.Err() == nil {
			s.Log.Error("sweeping files", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// SweepFiles drops the files that no act names and that are older than a day at
// the given time. After a restore nothing is on its way, and now may be later.
func (s *Site) SweepFiles(ctx context.Context, now time.Time) error {
	_, err := report.Sweep(ctx, s.Files, now, s.Report.Named, s.Question.FilesNamed, s.Commitment.FilesNamed)
	return err
}

// destroyKeys destroys the keys of editions whose days are over. The clock does
// it on one node, in the act that tells the record; the others, and an edition
// that never had a contest, are reached here.
func (s *Site) destroyKeys(ctx context.Context) error {
	all, err := s.Edition.List(ctx, "")
	if err != nil {
		return err
	}
	for _, ed := range all {
		if at := voter.KeyGoes(ed); !at.IsZero() && !s.Clock.Now().Before(at) {
			err = errors.Join(err, s.keys.Destroy(ed.ID))
		}
	}
	return err
}

// erasing are the events after which words or a name lie where nothing names
// them any more.
var erasing = []string{"text.erased", "question.redacted", "question.withdrawn", "question.unnamed", "question.names_gone", "key.destroyed", "opinion.rows_gone",
	"portrait.drawn", "rights.moved", "draw.forgotten", "draw.destroyed"}

const (
	purgeAfter = time.Second // erasures that come together are overwritten together
	purgeAgain = time.Minute // after one that could not
)

// purge overwrites what was erased, a second after the act; at the start too,
// since a crash may have come in between.
func (s *Site) purge(ctx context.Context) error {
	return s.DB.Exclusive(ctx, "site.purge", func(ctx context.Context) error {
		seq, err := s.DB.Line().Head(ctx)
		if err != nil {
			return err
		}
		for wait := time.Duration(0); ; wait = purgeAfter {
			if err := rest(ctx, wait); err != nil {
				return err
			}
			if err := s.Question.DropErased(ctx); err != nil && ctx.Err() == nil {
				s.Log.Error("files of erased questions are not removed yet", "err", err)
			}
			for err := s.DB.Purge(ctx); err != nil; err = s.DB.Purge(ctx) {
				s.Log.Error("erased words are not overwritten yet", "err", err)
				if err := rest(ctx, purgeAgain); err != nil {
					return err
				}
			}
			if seq, err = s.erasure(ctx, seq); err != nil {
				return err
			}
		}
	})
}

// erasure waits for the next event after seq that erased something.
func (s *Site) erasure(ctx context.Context, seq int64) (int64, error) {
	const some = 500
	for {
		evs, err := s.DB.Line().After(ctx, seq, some)
		if err != nil {
			return seq, err
		}
		if len(evs) > 0 {
			seq = evs[len(evs)-1].Seq
		}
		if slices.ContainsFunc(evs, func(e glosa.Event) bool { return slices.Contains(erasing, e.Kind) }) {
			return seq, nil
		}
		if len(evs) == some {
			continue
		}
		if err := s.DB.Line().Wait(ctx, seq); err != nil {
			return seq, err
		}
	}
}

func rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
