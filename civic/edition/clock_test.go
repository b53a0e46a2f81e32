package edition_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/db"
)

func TestTheClockOpensClosesAndSeals(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ctx := t.Context()
		ed := editiontest.At(t, d, clock, demo, edition.ReportPublished)
		opens, closes := ed.Plan.On(edition.IntakeOpen), ed.Plan.On(edition.IntakeClosed)
		steps := []struct {
			at   time.Time
			want edition.Stage
			done int
		}{
			{opens.Add(-time.Second), edition.ReportPublished, 0},
			{opens, edition.ReportPublished, 0}, // the protocol is not frozen: the gate holds
			{opens.Add(time.Minute), edition.IntakeOpen, 1},
			{closes.Add(-time.Second), edition.IntakeOpen, 0},
			{closes, edition.IntakeClosed, 1},
			{closes.Add(59 * time.Minute), edition.IntakeClosed, 0},
			{closes.Add(time.Hour), edition.IntakeClosed, 1},
			{closes.Add(24 * time.Hour), edition.IntakeClosed, 0},
		}
		for i, s := range steps {
			clock.Set(s.at)
			if i == 2 {
				must(t, d.Freeze(ctx, facilitator, demo))
			}
			n, err := d.Tick(ctx)
			must(t, err)
			if got := get(t, d, demo).Stage; got != s.want || n != s.done {
				t.Errorf("at step %d: %s after %d acts, want %s after %d", i, got, n, s.want, s.done)
			}
		}
		if got := get(t, d, demo); !got.Sealed.Equal(closes.Add(time.Hour)) {
			t.Errorf("sealed at %s", got.Sealed)
		}
		all := kinds(t, d)
		if last := all[len(all)-1]; last != "edition.intake_sealed" {
			t.Errorf("the last event is %s", last)
		}
	})
}

func TestALeapOfTheClockPassesEveryStageInOrder(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ed := editiontest.At(t, d, clock, demo, edition.ReportPublished)
		must(t, d.Freeze(t.Context(), facilitator, demo))
		clock.Set(ed.Plan.On(edition.IntakeClosed).AddDate(0, 0, 3))
		n, err := d.Tick(t.Context())
		must(t, err)
		if got := get(t, d, demo); got.Stage != edition.IntakeClosed || n != 2 {
			t.Errorf("%s after %d acts, want intake_closed after 2", got.Stage, n)
		}
	})
}

func TestDuesOfLaterRooms(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		left, failing := 600, true
		soon := clock.Now().Add(time.Hour)
		d.Dues = []edition.Due{
			{Room: "broken", Run: func(*db.Tx, time.Time, int) (int, error) {
				if failing {
					return 0, errors.New("a room that fails")
				}
				return 0, nil
			}, Next: func(*db.Tx) (time.Time, error) { return time.Time{}, nil }},
			{Room: "busy", Run: func(_ *db.Tx, now time.Time, limit int) (int, error) {
				n := min(limit, left)
				left -= n
				return n, nil
			}, Next: func(*db.Tx) (time.Time, error) { return soon, nil }},
		}
		n, err := d.Tick(t.Context())
		if err == nil || left != 0 || n != 600 {
			t.Errorf("%d done, %d left, error %v: one broken room must not keep another from its time", n, left, err)
		}
		failing = false
		if n, err := d.Tick(t.Context()); n != 0 || err != nil {
			t.Errorf("nothing was due, yet %d acts and %v", n, err)
		}
		if next, err := d.Next(t.Context()); err != nil || !next.Equal(soon) {
			t.Errorf("next %s, want %s (%v)", next, soon, err)
		}
	})
}

// TestOneRowThatFails: it is left out and named, the others have their time, and it is
// tried again until it succeeds.
func TestOneRowThatFails(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		left := map[string]bool{"bad": true}
		for i := range 300 {
			left[fmt.Sprintf("row %03d", i)] = true
		}
		failing, tries := true, 0
		var logged bytes.Buffer
		d.Log = slog.New(slog.NewTextHandler(&logged, nil))
		d.Dues = []edition.Due{{Room: "rows",
			Rows: func(_ *db.Tx, _ time.Time, limit int) ([]string, error) {
				all := slices.Sorted(maps.Keys(left))
				return all[:min(limit, len(all))], nil
			},
			Row: func(_ *db.Tx, _ time.Time, row string) error {
				if row == "bad" && failing {
					tries++
					return errors.New("a row that fails")
				}
				delete(left, row)
				return nil
			},
			Run:  func(*db.Tx, time.Time, int) (int, error) { return 0, nil },
			Next: func(*db.Tx) (time.Time, error) { return time.Time{}, nil }}}
		n, err := d.Tick(t.Context())
		if err == nil || n != 300 || len(left) != 1 {
			t.Fatalf("%d rows done, %d left, error %v", n, len(left), err)
		}
		if s := d.Stuck(); len(s) != 1 || s[0].Row != "bad" || s[0].Room != "rows" || s[0].Since.IsZero() || !strings.Contains(logged.String(), "row=bad") {
			t.Errorf("stuck: %+v, logged %s", s, &logged)
		}
		tries = 0
		if _, err := d.Tick(t.Context()); err != nil || tries != 0 {
			t.Errorf("tried again at once: %d times, %v", tries, err)
		}
		clock.Advance(time.Minute)
		if _, err := d.Tick(t.Context()); err == nil || tries == 0 {
			t.Errorf("not tried again: %v", err)
		}
		failing = false
		clock.Advance(time.Minute)
		if n, err := d.Tick(t.Context()); n != 1 || err != nil || len(d.Stuck()) != 0 {
			t.Errorf("mended: %d done, %v, stuck %+v", n, err, d.Stuck())
		}
		failing, left["bad"] = true, true
		if _, err := d.Tick(t.Context()); err == nil || len(d.Stuck()) != 1 {
			t.Errorf("it fails again: %v", err)
		}
		failing = false
		delete(left, "bad") // somebody did what was due
		clock.Advance(time.Minute)
		if _, err := d.Tick(t.Context()); err != nil || len(d.Stuck()) != 0 {
			t.Errorf("no longer due, and still stuck: %v %+v", err, d.Stuck())
		}
	})
}

func TestNextIsTheOpening(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		if next, err := d.Next(t.Context()); err != nil || !next.IsZero() {
			t.Errorf("an empty house waits for %s (%v)", next, err)
		}
		ed := editiontest.At(t, d, clock, demo, edition.ReportPublished)
		if next, err := d.Next(t.Context()); err != nil || !next.Equal(ed.Plan.On(edition.IntakeOpen)) {
			t.Errorf("next %s, want %s (%v)", next, ed.Plan.On(edition.IntakeOpen), err)
		}
	})
}

// The running clock wakes by an event: the freeze lets the due opening pass.
func TestClockFollowsTheLine(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ed := editiontest.At(t, d, clock, demo, edition.ReportPublished)
		clock.Set(ed.Plan.On(edition.IntakeOpen))
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error, 1)
		go func() { over <- d.Clock(ctx) }()
		head, err := d.DB.Settled(ctx)
		must(t, err)
		must(t, d.Freeze(ctx, facilitator, demo))
		for seq := head; ; {
			must(t, d.DB.Line().Wait(ctx, seq))
			evs, err := d.DB.Line().After(ctx, seq, 10)
			must(t, err)
			seq = evs[len(evs)-1].Seq
			if slices.ContainsFunc(evs, func(e glosa.Event) bool { return e.Kind == "edition.advanced" && e.By == "system" }) {
				break
			}
		}
		if got := get(t, d, demo).Stage; got != edition.IntakeOpen {
			t.Errorf("stage %s", got)
		}
		stop()
		if err := <-over; !errors.Is(err, context.Canceled) {
			t.Errorf("the clock ended with %v", err)
		}
	})
}
