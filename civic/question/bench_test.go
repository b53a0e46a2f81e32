package question

import (
	"context"
	"testing"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// BenchmarkSubmit: questions accepted, durable, 64 at a time.
func BenchmarkSubmit(b *testing.B) {
	clock := glosa.NewFakeClock(dbtest.Start)
	d, err := db.Open(context.Background(), db.Config{Dir: b.TempDir(), Clock: clock})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(context.Background(), schemas...); err != nil {
		b.Fatal(err)
	}
	s := open(new(testing.T), d, clock)
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "¿Cuándo abre el centro de salud?", Municipality: "23005", Once: ""}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "questions/s")
}
