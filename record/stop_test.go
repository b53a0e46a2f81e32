package record

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// fixedTable is a table in memory: the tree is a pure function of it.
type fixedTable [][]byte

func (f fixedTable) read(_ context.Context, from int64, limit int) ([][]byte, error) {
	end := min(int64(len(f)), from+int64(limit))
	if from >= end {
		return nil, nil
	}
	return f[from:end], nil
}

func manyLeaves(n int) fixedTable {
	var f fixedTable
	for i := range n {
		f = append(f, fmt.Appendf(nil, "leaf %d %s", i, strings.Repeat("x", i%50)))
	}
	return f
}

func testSigner(t *testing.T) (note.Signer, note.Verifier) {
	k := testKeys(t)
	return k.log, k.logVerifier
}

var errStopped = errors.New("stopped by the test")

// TestTreeStoppedAtAnyStepComesBack stops an append after each single step on
// disk in turn, opens the folder again as a new process would, and goes on: the
// bytes at the end are always the same, and no size ever had two roots.
func TestTreeStoppedAtAnyStepComesBack(t *testing.T) {
	signer, verifier := testSigner(t)
	table := manyLeaves(300)
	sizes := []int64{100, 256, 300}
	grow := func(dir string, stopAt int64) (steps int64, err error) {
		tr, err := openTree(t.Context(), dir, signer, verifier, table.read)
		if err != nil {
			return 0, err
		}
		defer tr.close()
		var n atomic.Int64
		tr.f.step = func() error {
			if k := n.Add(1); stopAt > 0 && k >= stopAt {
				return errStopped
			}
			return nil
		}
		for _, size := range sizes {
			if size <= tr.tip.Size {
				continue
			}
			if err := tr.append(tr.edge.size, table[tr.edge.size:size]); err != nil {
				return n.Load(), err
			}
			if err := tr.seal(); err != nil {
				return n.Load(), err
			}
		}
		return n.Load(), nil
	}
	whole := t.TempDir()
	steps, err := grow(whole, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := dirBytes(t, whole)
	if steps < 25 {
		t.Fatalf("only %d steps", steps)
	}
	for k := int64(1); k <= steps; k++ {
		dir := filepath.Join(t.TempDir(), "r")
		if _, err := grow(dir, k); err != nil && !errors.Is(err, errStopped) {
			t.Fatalf("step %d: %v", k, err)
		}
		if _, err := grow(dir, 0); err != nil {
			t.Fatalf("after a stop at step %d: %v", k, err)
		}
		if got := dirBytes(t, dir); got != want {
			t.Fatalf("after a stop at step %d:\n%s\nwant\n%s", k, got, want)
		}
	}
}

func TestTreeRefusesToOpen(t *testing.T) {
	signer, verifier := testSigner(t)
	_, stranger := testSigner(t)
	table := manyLeaves(300)
	for _, c := range []struct {
		name   string
		change func(dir string)
		table  fixedTable
		key    note.Verifier
		want   string
	}{
		{name: "AnOlderTable", table: table[:299], want: "the table ends before leaf 299"},
		{name: "AnotherLeafInTheTable", table: append(append(fixedTable{}, table[:290]...), manyLeaves(20)[:10]...), want: "leaf 290 is one thing in the table"},
		{name: "ATileChanged", change: func(dir string) { flipByte(t, dir, "tile/0/001.p/44") }, want: "lead to root"},
		{name: "ATileMissing", change: func(dir string) { os.Remove(filepath.Join(dir, "tile/0/001.p/44")) }, want: "001.p"},
		{name: "AnEntryChanged", change: func(dir string) { flipByte(t, dir, "tile/entries/001.p/44") }, want: "leaf 256 is one thing in the table and another in tile/entries/001.p/44"},
		{name: "AFullTileOfTheLastLeavesChanged", change: func(dir string) { flipByte(t, dir, "tile/0/000") }, want: "leaf 100 of the table does not have the hash"},
		{name: "ACheckpointOfAnotherKey", key: stranger, want: "checkpoint"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			tr, err := openTree(t.Context(), dir, signer, verifier, table.read)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(tr.append(0, table), tr.seal()); err != nil {
				t.Fatal(err)
			}
			if _, err := openTree(t.Context(), dir, signer, verifier, table.read); !errors.Is(err, errHeld) {
				t.Errorf("two writers in one folder: %v", err)
			}
			tr.close()
			if c.change != nil {
				c.change(dir)
			}
			if c.table == nil {
				c.table = table
			}
			if c.key == nil {
				c.key = verifier
			}
			before := dirBytes(t, dir)
			if _, err := openTree(t.Context(), dir, signer, c.key, c.table.read); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if dirBytes(t, dir) != before {
				t.Error("it wrote before it refused")
			}
		})
	}
}

// flipByte changes a byte of the hash, or entry, number 100 (or the first one).
func flipByte(t *testing.T, dir, rel string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(rel))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := 100 * tlog.HashSize
	if at >= len(data) || strings.Contains(rel, "entries") {
		at = 5
	}
	data[at] ^= 1
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestTreesOfEverySizeAgreeWithTlog compares every root and every tile with
// tlog's own way of keeping a tree, and proves leaves and prefixes out of tiles.
func TestTreesOfEverySizeAgreeWithTlog(t *testing.T) {
	table := manyLeaves(1000)
	var e edge
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(idx []int64) (out []tlog.Hash, err error) {
		for _, i := range idx {
			out = append(out, stored[i])
		}
		return out, nil
	})
	tiles := map[string][]byte{}
	for n, leaf := range table {
		hashes, err := tlog.StoredHashes(int64(n), leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
		e.add(leaf, func(tl tlog.Tile, data []byte) { tiles[tilePath(tl)] = data })
		want, err := tlog.TreeHash(int64(n)+1, reader)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := e.root(); err != nil || got != want {
			t.Fatalf("size %d: root %s, tlog's %s (%v)", n+1, got, want, err)
		}
	}
	e.partial(func(tl tlog.Tile, data []byte) { tiles[tilePath(tl)] = data })
	for _, tl := range tlog.NewTiles(tileHeight, 0, e.size) {
		want, err := tlog.ReadTileData(tl, reader)
		if err != nil || string(tiles[tilePath(tl)]) != string(want) {
			t.Errorf("%s differs from tlog's (%v)", tilePath(tl), err)
		}
	}
}

func TestRecordPauses(t *testing.T) {
	each(t, func(t *testing.T, h *host) {
		h.follow()
		h.ask(0, Opened)
		h.waitSize(1)
		if s := h.log.Status(); s.Paused || s.Size != 1 {
			t.Fatalf("%+v", s)
		}
		t.Run("AtAnUnknownPublicKind", func(t *testing.T) {
			h.ask(1, Opened)
			h.act(kUnknown.Event(glosa.System(), "", "x", noBody{}))
			h.ask(2, Opened)
			h.wait("pause", func() bool { return h.log.Status().Paused })
			h.waitSize(2) // what came before it is sealed
			if s := h.log.Status(); !strings.Contains(s.Reason, `"later.invented"`) || s.Since.IsZero() {
				t.Errorf("%+v", s)
			}
			if r := h.verify(h.web.URL); r.Size != 2 {
				t.Errorf("it no longer serves:\n%s", text(r))
			}
		})
		t.Run("AndGoesOnWithAProgramThatKnowsIt", func(t *testing.T) {
			h.stop()
			c := h.config()
			c.Kinds = append(c.Kinds, kUnknown)
			l, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			h.log = l
			h.web.Config.Handler = l.Handler()
			h.follow()
			h.waitSize(4)
			if s := h.log.Status(); s.Paused {
				t.Errorf("%+v", s)
			}
		})
		t.Run("AtARowThatWasChangedUntilItIsMended", func(t *testing.T) {
			h.stop()
			_, raw, err := h.log.leaf(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			setRow(t, h, 1, strings.Replace(raw, "0001", "0009", 1))
			h.follow()
			h.wait("pause", func() bool { return h.log.Status().Paused })
			if s := h.log.Status(); !strings.Contains(s.Reason, "leaf 1 is one thing in the table") || s.Size != 4 {
				t.Errorf("%+v", s)
			}
			setRow(t, h, 1, raw)
			h.ask(5, Opened)
			h.waitSize(5)
			h.wait("end of the pause", func() bool { return !h.log.Status().Paused })
		})
	})
}

// TestTwoNodesOneFolder: one seals, the other serves what it sealed, and takes
// over when it stops.
func TestTwoNodesOneFolder(t *testing.T) {
	each(t, func(t *testing.T, h *host) {
		h.follow()
		h.ask(0, Opened)
		h.waitSize(1)
		second := &host{t: t, dir: h.dir, d: h.d, clock: h.clock}
		second.open()
		second.follow()
		defer second.stop()
		h.ask(1, Opened)
		second.waitSize(2)
		if s := second.log.Status(); s.Paused {
			t.Errorf("waiting is no pause: %+v", s)
		}
		h.stop()
		h.ask(2, Opened)
		second.waitSize(3)
		second.texts = h.texts
		if r := second.verify(h.dir); !r.OK() || r.Size != 3 {
			t.Errorf("%s", text(r))
		}
	})
}

func TestKeysAreGuarded(t *testing.T) {
	d := dbtest.Open(t, db.Config{Dir: t.TempDir(), NoSync: true}, Schema())
	h := newHost(t, d, glosa.NewFakeClock(dbtest.Start))
	h.follow()
	h.ask(0, Opened)
	h.waitSize(1)
	h.stop()
	keyFile := filepath.Join(h.dir, "keys", logKeyFile)
	if info, err := os.Stat(keyFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	raw, err := os.ReadFile(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(c *Config)
		want   string
	}{
		{"ReadableByOthers", func(*Config) { os.Chmod(keyFile, 0o644) }, "can be read by others"},
		{"OfAnotherOrigin", func(c *Config) { c.Origin = "glosa.example/other" }, "not of"},
		{"LostAfterTheFirstCheckpoint", func(*Config) { os.Remove(keyFile) }, "without its keys"},
		{"Scrambled", func(*Config) { os.WriteFile(keyFile, raw[:len(raw)/2], 0o600) }, "key"},
		{"AnOriginWithBlanks", func(c *Config) { c.Origin = "a b" }, "origin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conf := h.config()
			c.change(&conf)
			_, err := New(conf)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), string(raw[20:60])) {
				t.Errorf("the error shows the key: %v", err)
			}
			os.Remove(keyFile)
			if err := os.WriteFile(keyFile, raw, 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}
