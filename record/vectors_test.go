package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glosa/publishedtest"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tesseraKey = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"

// TestTesseraLog: another program's log of 15 entries, read by ours, and made
// again by ours to the same tiles.
func TestTesseraLog(t *testing.T) {
	dir := publishedtest.Path(t, "transparency-log/tessera-log")
	key, err := note.NewVerifier(tesseraKey)
	if err != nil {
		t.Fatal(err)
	}
	f := &folder{dir: dir}
	bundle, err := f.tile(t.Context(), tlog.Tile{H: tileHeight, L: entryLevel, W: 15})
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := entries(bundle)
	if err != nil || len(leaves) != 15 {
		t.Fatalf("%d entries, %v", len(leaves), err)
	}
	var e edge
	for size := int64(0); ; size++ {
		raw, err := f.read("checkpoint." + tlogSize(size))
		if err != nil {
			t.Fatal(err)
		}
		cp, err := OpenCheckpoint(raw, key)
		if err != nil || cp.Size != size {
			t.Fatalf("checkpoint %d: %v", size, err)
		}
		if root, err := e.root(); err != nil || root != cp.Root {
			t.Fatalf("size %d: root %s, theirs %s (%v)", size, root, cp.Root, err)
		}
		e.partial(func(tl tlog.Tile, data []byte) {
			theirs, err := f.read(tilePath(tl))
			if err != nil || !bytes.Equal(theirs, data) {
				t.Errorf("%s differs from theirs (%v)", tilePath(tl), err)
			}
		})
		for n := range size {
			path, err := tlog.ProveRecord(size, n, hashReader(t.Context(), size, f))
			if err != nil || tlog.CheckRecord(path, size, cp.Root, n, tlog.RecordHash(leaves[n])) != nil {
				t.Errorf("proof of %d in %d: %v", n, size, err)
			}
		}
		if size == 15 {
			return
		}
		e.add(leaves[size], func(tlog.Tile, []byte) { t.Error("no tile of 15 is full") })
	}
}

func (f *folder) read(rel string) ([]byte, error) { return os.ReadFile(f.path(rel)) }

func tlogSize(n int64) string { b, _ := json.Marshal(n); return string(b) }

// TestMerkleVectors: proofs that transparency-dev/merkle's authors found hard,
// judged by the checks that receipts and verification rest on. tlog has no proof
// for an empty tree and asks for none between equal ones, so those are passed by.
func TestMerkleVectors(t *testing.T) {
	dir := publishedtest.Path(t, "transparency-log/merkle")
	seen := map[bool]int{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var v struct {
			LeafIdx, TreeSize, Size1, Size2 uint64
			Root, LeafHash, Root1, Root2    []byte
			Proof                           [][]byte
			WantErr                         bool
		}
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		got, ok := judge(v.Proof, int64(v.TreeSize+v.Size2), v.Root, v.Root2, int64(v.LeafIdx+v.Size1), v.LeafHash, v.Root1)
		if !ok {
			return nil
		}
		seen[v.WantErr]++
		if (got != nil) != v.WantErr {
			t.Errorf("%s: %v, want an error: %v", path, got, v.WantErr)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen[true] < 150 || seen[false] < 8 {
		t.Errorf("only %d refusals and %d acceptances were tried", seen[true], seen[false])
	}
}

// judge gives a vector to tlog. ok is false when it cannot be put into its types.
func judge(proof [][]byte, size int64, root, root2 []byte, n int64, leaf, root1 []byte) (err error, ok bool) {
	path := make([]tlog.Hash, len(proof))
	for i, p := range proof {
		if len(p) != tlog.HashSize {
			return errNotHash, true // our formats refuse such a hash before any proof
		}
		path[i] = tlog.Hash(p)
	}
	two := func(a, b []byte) (x, y tlog.Hash, bad bool) {
		if len(a) != tlog.HashSize || len(b) != tlog.HashSize {
			return x, y, true
		}
		return tlog.Hash(a), tlog.Hash(b), false
	}
	if root2 != nil || root1 != nil {
		if n < 1 || n == size {
			return nil, false
		}
		new, old, bad := two(root2, root1)
		if bad {
			return errNotHash, true
		}
		return tlog.CheckTree(path, size, new, n, old), true
	}
	r, l, bad := two(root, leaf)
	if bad || size < 1 || n < 0 || n >= size {
		return errNotHash, true
	}
	return tlog.CheckRecord(path, size, r, n, l), true
}

var errNotHash = errors.New("not a hash, or no such index")
