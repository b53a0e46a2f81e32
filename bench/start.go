package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// start measures the binary and the demonstration: how soon its first page is
// there, and what it holds at rest.
func (r *run) start(ctx context.Context) error {
	info, err := os.Stat(r.glosa)
	if err != nil {
		return err
	}
	mb := float64(info.Size()) / 1e6
	r.print(line{what: "binary", result: fmt.Sprintf("%.1f MB", mb), target: "< 70 MB", ok: mb < 70})
	var took []time.Duration
	var rest float64
	for i := range rounds {
		began := time.Now()
		p, err := r.watched(ctx, "demo", "--addr", "127.0.0.1:0", "--data", filepath.Join(r.dir, fmt.Sprint("demo-", i)))
		if err != nil {
			return err
		}
		err = reachable(ctx, p, "/es/")
		took = append(took, time.Since(began))
		if err == nil && i == rounds-1 {
			rest, err = atRest(ctx, p)
		}
		p.stop()
		if err != nil {
			return err
		}
	}
	slices.Sort(took)
	l := line{what: "demo: empty folder to first page", result: fmt.Sprintf("%.2f s", took[rounds/2].Seconds()), target: "< 3 s"}
	l.ok = took[rounds/2] < 3*time.Second
	r.print(l)
	r.print(line{what: "demo: memory at rest", result: fmt.Sprintf("%.0f MB", rest/1e6), target: "< 100 MB", ok: rest < 100e6})
	return nil
}

// atRest visits some pages, waits, and reads what the process holds.
func atRest(ctx context.Context, p *process) (float64, error) {
	for _, path := range []string{"/es/", "/en/", "/es/ediciones/" + string(edition) + "/preguntas"} {
		reachable(ctx, p, path) // what is not there costs nothing
	}
	time.Sleep(3 * time.Second)
	res, err := fetch(ctx, "http://"+p.inner+"/metrics")
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	body, err := uncompressed(res)
	if err != nil {
		return 0, err
	}
	return metric(bufio.NewScanner(body), "process_resident_memory_bytes")
}

// uncompressed reads an answer as it was before it was compressed.
func uncompressed(res *http.Response) (io.Reader, error) {
	if res.Header.Get("Content-Encoding") != "gzip" {
		return res.Body, nil
	}
	return gzip.NewReader(res.Body)
}

// metric finds one number in what Prometheus reads.
func metric(lines *bufio.Scanner, name string) (float64, error) {
	for lines.Scan() {
		if v, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return strconv.ParseFloat(v, 64)
		}
	}
	return 0, fmt.Errorf("no %s among the metrics: %v", name, lines.Err())
}
