package main

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestCopyOfAGrowingRecord: partial tiles come and go while the record is
// copied; the copy leads to the checkpoint that it began with.
func TestCopyOfAGrowingRecord(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "record")
	partial := filepath.Join(from, "tile", "0", "000.p")
	put := func(path string) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Error(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
			t.Error(err)
		}
	}
	put(filepath.Join(from, "checkpoint"))
	put(filepath.Join(partial, "1"))
	for i := range 200 {
		put(filepath.Join(from, "tile", "entries", strconv.Itoa(i)))
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for w := 1; ; w++ {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
			put(filepath.Join(partial, strconv.Itoa(w+1)))
			os.Remove(filepath.Join(partial, strconv.Itoa(w)))
		}
	}()
	for round := range 20 {
		dest := filepath.Join(to, strconv.Itoa(round))
		if err := os.MkdirAll(to, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := copyRecord(from, dest); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadDir(filepath.Join(dest, "tile", "0", "000.p"))
		if err != nil || len(got) == 0 {
			t.Fatalf("the partial tile is not in the copy: %v", err)
		}
	}
	close(stop)
	<-stopped
}
