package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"glosa"
	"glosa/db"
	"glosa/record"
	"glosa/site"
)

// record measures how the public record keeps up.
func (r *run) record(ctx context.Context) error {
	if err := r.proofs(ctx); err != nil {
		return err
	}
	sizes := []int{10_000, 100_000}
	if r.long {
		sizes = append(sizes, 1_000_000)
	}
	var first float64
	for _, n := range sizes {
		per, heap, err := r.drain(ctx, n)
		if err != nil {
			return err
		}
		r.print(line{what: fmt.Sprintf("record follower, %s events", count(n)), result: fmt.Sprintf("%s/s, heap %.0f MB", count(per), heap/1e6),
			target: "≥ 40,000/s", ok: per >= 40_000})
		if first == 0 {
			first = heap
			continue
		}
		r.print(line{what: fmt.Sprintf("  its memory against %s events", count(sizes[0])), result: fmt.Sprintf("%.2f ×", heap/first), target: "flat (≤ 1.5 ×)", ok: heap <= 1.5*first})
	}
	return nil
}

// receivedBody is a body like that of most events: two hashes.
type receivedBody struct {
	Commit glosa.Hash `json:"commit"`
	Lock   glosa.Hash `json:"lock"`
}

// drain lets a record follow n events that wait on the line, durably.
func (r *run) drain(ctx context.Context, n int) (perSecond, heap float64, err error) {
	kind := glosa.EventKind{Name: "question.received", Public: true, Body: receivedBody{}}
	dir, err := r.folder(fmt.Sprint("drain-", n))
	if err != nil {
		return 0, 0, err
	}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	d, err := db.Open(ctx, db.Config{Dir: dir, NoSync: true, Log: quiet})
	if err != nil {
		return 0, 0, err
	}
	defer d.Close()
	if err := d.Migrate(ctx, record.Schema()); err != nil {
		return 0, 0, err
	}
	for at := 0; at < n; at += 1000 {
		if err := d.Act(ctx, func(tx *db.Tx) error { return leave(tx, kind, at, min(n, at+1000)) }); err != nil {
			return 0, 0, err
		}
	}
	if err := d.Durable(ctx); err != nil {
		return 0, 0, err
	}
	log, err := record.New(record.Config{DB: d, Folder: filepath.Join(dir, "record"), Keys: filepath.Join(dir, "keys"),
		Origin: "bench", Kinds: []glosa.EventKind{kind}, Log: quiet})
	if err != nil {
		return 0, 0, err
	}
	runtime.GC()
	began := time.Now()
	stop := follow(ctx, log.Follow)
	defer stop()
	var m runtime.MemStats
	for log.Size() < int64(n) {
		if ctx.Err() != nil {
			return 0, 0, ctx.Err()
		}
		time.Sleep(10 * time.Millisecond)
		runtime.ReadMemStats(&m)
		heap = max(heap, float64(m.HeapInuse))
	}
	return float64(n) / time.Since(began).Seconds(), heap, nil
}

func leave(tx *db.Tx, kind glosa.EventKind, from, to int) error {
	for i := from; i < to; i++ {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(i))
		h := glosa.Digest(b[:])
		if err := tx.Leave(kind.Event(glosa.Citizen(), edition, fmt.Sprintf("DEMO26-%07d", i), receivedBody{h, h})); err != nil {
			return err
		}
	}
	return nil
}

// follow runs a follower until stop is called.
func follow(ctx context.Context, f func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		f(ctx) // ends with ctx's error
		close(done)
	}()
	return func() { cancel(); <-done }
}

// proofs asks at a steady 1,000 questions a second and measures how long after
// each act its inclusion proof can be had.
func (r *run) proofs(ctx context.Context) error {
	const acts, every = 5_000, time.Millisecond
	at, err := r.seed(ctx, "proofs", "", 100)
	if err != nil {
		return err
	}
	s, err := site.Open(ctx, at.config(false))
	if err != nil {
		return err
	}
	defer s.Close()
	stop := follow(ctx, s.Record.Follow)
	defer stop()
	if err := settle(ctx, s); err != nil {
		return err
	}
	grown := watch(s.Record)
	ids, done := make([]glosa.QuestionID, acts), make([]time.Time, acts)
	began := time.Now()
	var wg sync.WaitGroup
	for i := range acts {
		time.Sleep(time.Until(began.Add(time.Duration(i) * every)))
		wg.Go(func() {
			if rc, err := s.Question.Submit(ctx, glosa.Citizen(), edition, ask(i)); err == nil {
				ids[i], done[i] = rc.ID, time.Now()
			}
		})
	}
	wg.Wait()
	asked := acts / time.Since(began).Seconds()
	if err := settle(ctx, s); err != nil {
		return err
	}
	seen := grown()
	var took []time.Duration
	for i, id := range ids {
		about, err := s.Record.About(ctx, string(id))
		if err != nil || len(about) == 0 {
			return fmt.Errorf("no leaf about %s: %v", id, err)
		}
		j, _ := slices.BinarySearchFunc(seen, about[0].N+1, func(x sighting, n int64) int { return int(x.size - n) })
		took = append(took, max(0, seen[j].at.Sub(done[i])))
	}
	slices.Sort(took)
	p99 := took[len(took)*99/100]
	r.print(line{what: fmt.Sprintf("inclusion proof after the act, at %s acts/s", count(asked)),
		result: fmt.Sprintf("p50 %.0f p99 %.0f ms", ms(took[len(took)/2]), ms(p99)), target: "p99 < 300 ms", ok: p99 < 300*time.Millisecond})
	return nil
}

// settle waits until the record holds everything that the line held a moment ago.
func settle(ctx context.Context, s *site.Site) error {
	for still := 0; still < 5; {
		before := s.Record.Size()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(300 * time.Millisecond):
		}
		if still++; s.Record.Size() != before {
			still = 0
		}
	}
	return nil
}

// sighting is when the record was first seen to have a size.
type sighting struct {
	size int64
	at   time.Time
}

// watch notes each growth of a record until what it returns is called.
func watch(log *record.Log) func() []sighting {
	quit, out := make(chan struct{}), make(chan []sighting)
	go func() {
		var seen []sighting
		for {
			if n := log.Size(); len(seen) == 0 || seen[len(seen)-1].size < n {
				seen = append(seen, sighting{n, time.Now()})
			}
			select {
			case <-quit:
				out <- seen
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	return func() []sighting { close(quit); return <-out }
}
