package db_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"glosa/db"
	"glosa/db/dbtest"
)

// BenchmarkAct: small durable acts, each a row and an event, 64 callers.
func BenchmarkAct(b *testing.B) {
	b.Run(db.SQLite, func(b *testing.B) { benchmarkAct(b, db.Config{Dir: b.TempDir()}) })
	b.Run(db.Postgres, func(b *testing.B) { benchmarkAct(b, db.Config{URL: dbtest.FreshPostgres(b)}) })
}

func benchmarkAct(b *testing.B, c db.Config) {
	var commits atomic.Int64
	c.SetStep(func(at string) {
		if at == "group.committed" || at == "act.committed" {
			commits.Add(1)
		}
	})
	d, err := db.Open(b.Context(), c)
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
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			if err := d.Act(b.Context(), func(tx *db.Tx) error { return keep(tx, fmt.Sprintf("%08d", i), int(i)) }); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/float64(commits.Load()), "acts/commit")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
}
