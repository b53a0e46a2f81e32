package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"
)

// exports measures the whole list as CSV and JSON: how long, and the most that the
// server holds on its heap meanwhile, beyond what it held before. The target is of 35,000 rows; other sizes
// show how it grows.
func (r *run) exports(ctx context.Context, at place) error {
	p, err := r.serveRested(ctx, at)
	if err != nil {
		return err
	}
	defer p.stop()
	rest, err := p.heap(ctx) // what the followers keep of so many questions: not the export's
	if err != nil {
		return err
	}
	for _, kind := range []string{"csv", "json"} {
		took, size, heap, err := p.export(ctx, "/es/ediciones/"+string(edition)+"/preguntas."+kind)
		if err != nil {
			return err
		}
		allowed := 5 * time.Second * time.Duration(max(at.size, 1)) / 35_000
		r.print(line{what: fmt.Sprintf("export %s, %s questions", kind, count(at.size)), ok: took < max(allowed, time.Second) && heap-rest < 64e6,
			result: fmt.Sprintf("%.2f s, %.1f MB sent, heap %.0f MB, at most %.0f", took.Seconds(), float64(size)/1e6, rest/1e6, heap/1e6), target: "35,000 in < 5 s, < 64 MB"})
	}
	return nil
}

// export fetches a file and looks at the server's heap until it is there.
func (p *process) export(ctx context.Context, path string) (took time.Duration, size int64, heap float64, err error) {
	begun := time.Now()
	res, err := fetch(ctx, "http://"+p.addr+path)
	if err != nil {
		return 0, 0, 0, err
	}
	defer res.Body.Close()
	type end struct {
		size int64
		err  error
	}
	done := make(chan end, 1)
	go func() {
		n, err := io.Copy(io.Discard, res.Body)
		done <- end{n, err}
	}()
	for {
		if now, err := p.heap(ctx); err == nil {
			heap = max(heap, now)
		}
		select {
		case e := <-done:
			return time.Since(begun), e.size, heap, e.err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// heap is what the process holds on its heap.
func (p *process) heap(ctx context.Context) (float64, error) {
	res, err := fetch(ctx, "http://"+p.inner+"/metrics")
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	body, err := uncompressed(res)
	if err != nil {
		return 0, err
	}
	return metric(bufio.NewScanner(body), "go_memstats_heap_alloc_bytes")
}
