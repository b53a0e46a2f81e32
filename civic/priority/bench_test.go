package priority_test

import (
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/db"
)

// BenchmarkSupport: ballots accepted, durable and with their event, by 64 callers
// at once. Beside it the ceiling: as many bare rows of the same size in db.Act.
func BenchmarkSupport(b *testing.B) {
	clock := glosa.NewFakeClock(time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC))
	d, err := db.Open(b.Context(), db.Config{Dir: b.TempDir(), Clock: clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	if err := d.Migrate(b.Context(), schemas...); err != nil {
		b.Fatal(err)
	}
	w := newTown(b, d, clock)
	w.openIntake()
	q := w.asked(20)
	b.Run("desk", func(b *testing.B) {
		atOnce(b, func(n int) error {
			token, err := w.voter.NewDevice()
			if err != nil {
				return err
			}
			v, err := w.voter.DeviceOf(token)
			if err != nil {
				return err
			}
			_, err = w.Support(b.Context(), glosa.Citizen(), v, q[n%len(q)], [16]byte{})
			return err
		})
	})
	if err := d.Act(b.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("create table bare (key bytea primary key, choices text not null)")
		return err
	}); err != nil {
		b.Fatal(err)
	}
	b.Run("bare", func(b *testing.B) {
		atOnce(b, func(n int) error {
			key := voter.DeviceSalt(time.Now().String())
			return d.Act(b.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec("insert into bare (key, choices) values ($1, $2) on conflict do nothing", key[:], q[n%len(q)])
				return err
			})
		})
	})
}

// BenchmarkAgenda: what the page of an agenda asks of this room, by a node that
// never showed it: 1,000 questions, 100,000 ballots of three choices.
func BenchmarkAgenda(b *testing.B) {
	clock := glosa.NewFakeClock(time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC))
	d, err := db.Open(b.Context(), db.Config{Dir: b.TempDir(), Clock: clock, NoSync: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	if err := d.Migrate(b.Context(), schemas...); err != nil {
		b.Fatal(err)
	}
	w := newTown(b, d, clock)
	w.openIntake()
	q := w.asked(1000)
	var all sync.WaitGroup
	for k := range 64 {
		all.Go(func() {
			chance := rand.New(rand.NewPCG(1, uint64(k)))
			for range 100_000 / 64 {
				dev := w.device()
				for range 3 { // some are wanted far more than others
					x := chance.Float64()
					w.support(dev, q[int(x*x*x*float64(len(q)))])
				}
			}
		})
	}
	all.Wait()
	w.closeIntake()
	w.at(w.now().SupportCloses())
	if _, err := w.Select(w.ctx, selector, ed); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		node := &priority.Desk{DB: w.db, Keys: keys{}, Promise: w.Promise}
		if _, err := node.Agenda(w.ctx, ed); err != nil {
			b.Fatal(err)
		}
		if x, err := node.Account(w.ctx, ed); err != nil || len(x.Paid) == 0 {
			b.Fatal(len(x.Paid), err)
		}
	}
}

func atOnce(b *testing.B, one func(n int) error) {
	var all sync.WaitGroup
	work := make(chan int, 64)
	for range 64 {
		all.Go(func() {
			for n := range work {
				if err := one(n); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for n := 0; b.Loop(); n++ {
		work <- n
	}
	close(work)
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ballots/s")
}
