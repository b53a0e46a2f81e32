package record

import (
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// BenchmarkFollower drains public events into the table, tiles and checkpoints,
// all flushed to disk. Memory is printed so that growth with size is seen.
func BenchmarkFollower(b *testing.B) {
	for _, n := range []int{10_000, 200_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				dir := b.TempDir()
				seedEvents(b, dbtest.Open(b, db.Config{Dir: dir, NoSync: true}, Schema()), n)
				d := dbtest.Open(b, db.Config{Dir: dir}, Schema())
				h := newHost(b, d, glosa.NewFakeClock(dbtest.Start))
				runtime.GC()
				b.StartTimer()
				began := time.Now()
				h.follow()
				var peak uint64
				for h.log.Size() < int64(n) {
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapInuse)
					time.Sleep(10 * time.Millisecond)
				}
				b.ReportMetric(float64(n)/time.Since(began).Seconds(), "events/s")
				b.ReportMetric(float64(peak)/1e6, "heapMB")
				h.stop()
			}
		})
	}
}

func seedEvents(b *testing.B, d *db.DB, n int) {
	for at := 0; at < n; at += 1000 {
		if err := d.Act(b.Context(), func(tx *db.Tx) error {
			for i := at; i < min(n, at+1000); i++ {
				h := glosa.Hash(sha256.Sum256(fmt.Append(nil, i)))
				e := kReceived.Event(glosa.Citizen(), "demo26", fmt.Sprintf("DEMO26-%06d", i), receivedBody{h, h})
				if err := tx.Leave(e); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkProofLatency asks at a steady 1,000 acts a second and measures how
// long after each act its inclusion proof can be had.
func BenchmarkProofLatency(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		d := dbtest.Open(b, db.Config{Dir: b.TempDir()}, Schema())
		h := newHost(b, d, glosa.NewFakeClock(dbtest.Start))
		h.follow()
		const acts = 5000
		took := make(chan time.Duration, acts)
		tick := time.NewTicker(time.Millisecond)
		b.StartTimer()
		for i := range acts {
			<-tick.C
			go func() {
				body := noBody{}
				_ = d.Act(b.Context(), func(tx *db.Tx) error {
					return tx.Leave(kSealed.Event(glosa.System(), "demo26", fmt.Sprint("x", i), body))
				})
				done := time.Now()
				for {
					if about, err := h.log.About(b.Context(), fmt.Sprint("x", i)); err == nil && len(about) == 1 && about[0].N < h.log.Size() {
						break
					}
					time.Sleep(5 * time.Millisecond)
				}
				took <- time.Since(done)
			}()
		}
		all := make([]time.Duration, 0, acts)
		for range acts {
			all = append(all, <-took)
		}
		slices.Sort(all)
		b.ReportMetric(float64(all[acts/2].Milliseconds()), "p50ms")
		b.ReportMetric(float64(all[acts*99/100].Milliseconds()), "p99ms")
		h.stop()
		tick.Stop()
	}
}
