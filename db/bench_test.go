package db_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"glosa/db"
)

// BenchmarkAct: small durable acts, each a row and an event, 64 callers.
func BenchmarkAct(b *testing.B) {
	d, err := db.Open(b.Context(), db.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(b.Context(), notes); err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	b.SetParallelism(32) // times GOMAXPROCS 2
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			if err := d.Act(b.Context(), func(tx *db.Tx) error { return keep(tx, fmt.Sprintf("%08d", i), int(i)) }); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
}
