package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// compared is how many of the latest leaves are held against the table when a
// folder is opened for writing.
const compared = 256

// leafReader reads the table that decides: leaves from n on, in order, without gaps.
type leafReader func(ctx context.Context, from int64, limit int) ([][]byte, error)

// tree appends to the log in one folder. It holds the folder's lock. After any
// error it is of no more use: close it and open anew, from what the disk says.
type tree struct {
	f      *folder
	lock   *os.File
	signer note.Signer
	edge   edge
	tip    Checkpoint

	full    []file   // full tiles not written yet
	waiting int      // their bytes
	partial []string // partial tiles of the last checkpoint
}

// errHeld: another process holds the folder's lock. It seals; this one serves.
var errHeld = errors.New("another process holds the lock of the record's folder")

// openTree takes the folder's lock, reads the log back from its own checkpoint
// and holds its latest leaves against the table. Any disagreement is an error:
// nothing is repaired, because whatever was signed was signed.
func openTree(ctx context.Context, dir string, signer note.Signer, verifier note.Verifier, table leafReader) (*tree, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	t := &tree{f: &folder{dir: dir}, signer: signer}
	lock, ok, err := lockFile(t.f.path("lock"))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errHeld
	}
	t.lock = lock
	if err := t.load(ctx, verifier, table); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *tree) close() {
	if t.lock != nil {
		t.lock.Close()
		t.lock = nil
	}
}

func (t *tree) load(ctx context.Context, verifier note.Verifier, table leafReader) error {
	raw, err := t.f.checkpoint()
	if errors.Is(err, fs.ErrNotExist) {
		return t.begin()
	}
	if err != nil {
		return err
	}
	if t.tip, err = OpenCheckpoint(raw, verifier); err != nil {
		return fmt.Errorf("the checkpoint on disk: %w", err)
	}
	if t.edge, err = loadEdge(ctx, t.f, t.tip.Size); err != nil {
		return err
	}
	root, err := t.edge.root()
	if err != nil {
		return err
	}
	if root != t.tip.Root {
		return fmt.Errorf("the tiles on disk lead to root %s, the checkpoint of size %d says %s", root, t.tip.Size, t.tip.Root)
	}
	if err := t.compare(ctx, table); err != nil {
		return err
	}
	t.edge.partial(func(tl tlog.Tile, _ []byte) { t.partial = append(t.partial, tilePath(tl)) })
	return t.f.tidy(t.tip.Size)
}

// begin starts a log with the signed checkpoint of the empty tree. Tiles left by
// a process that was stopped before its first checkpoint were never vouched for;
// they are the same bytes again.
func (t *tree) begin() error {
	if err := t.f.tidy(0); err != nil {
		return err
	}
	return t.seal()
}

// loadEdge reads the right edge of a tree of the given size.
func loadEdge(ctx context.Context, src tileSource, size int64) (edge, error) {
	e := edge{size: size}
	if w := int(size % tileWidth); w > 0 {
		data, err := src.tile(ctx, tlog.Tile{H: tileHeight, L: entryLevel, N: size / tileWidth, W: w})
		if err != nil {
			return e, err
		}
		e.bundle = bytes.Clone(data)
	}
	for l := 0; size>>(tileHeight*l) > 0; l++ {
		hashes := make([]tlog.Hash, 0, tileWidth)
		t := tlog.Tile{H: tileHeight, L: l, N: size >> (tileHeight * (l + 1)), W: int(size >> (tileHeight * l) % tileWidth)}
		if t.W > 0 {
			data, err := src.tile(ctx, t)
			if err != nil {
				return e, err
			}
			have, err := bytesHashes(data)
			if err != nil {
				return e, fmt.Errorf("%s: %w", tilePath(t), err)
			}
			hashes = append(hashes, have...)
		}
		e.levels = append(e.levels, hashes)
	}
	return e, nil
}

// compare holds the latest leaves of the tree against the table.
func (t *tree) compare(ctx context.Context, table leafReader) error {
	from := max(0, t.tip.Size-compared)
	rows, err := table(ctx, from, int(t.tip.Size-from))
	if err != nil {
		return err
	}
	if int64(len(rows)) < t.tip.Size-from {
		return fmt.Errorf("the tree has %d leaves, the table ends before leaf %d: an older database beside a newer record?",
			t.tip.Size, from+int64(len(rows)))
	}
	have, err := leavesOf(ctx, t.f, t.tip.Size, from)
	if err != nil {
		return err
	}
	for i, row := range rows {
		n := from + int64(i)
		if !bytes.Equal(row, have[i].data) {
			return fmt.Errorf("leaf %d is one thing in the table and another in %s", n, have[i].where)
		}
		if tlog.RecordHash(row) != have[i].hash {
			return fmt.Errorf("leaf %d of the table does not have the hash it has in the tree", n)
		}
	}
	return nil
}

type placed struct {
	data  []byte
	hash  tlog.Hash
	where string
}

// leavesOf reads the leaves of a tree from n on, each with its hash from tile level 0.
func leavesOf(ctx context.Context, src tileSource, size, from int64) ([]placed, error) {
	var out []placed
	for n := from / tileWidth; n*tileWidth < size; n++ {
		t := tlog.Tile{H: tileHeight, L: entryLevel, N: n, W: widthAt(size, 0, n)}
		bundle, err := src.tile(ctx, t)
		if err != nil {
			return nil, err
		}
		leaves, err := entries(bundle)
		if err != nil || len(leaves) != t.W {
			return nil, fmt.Errorf("%s: %d entries: %w", tilePath(t), len(leaves), err)
		}
		where := tilePath(t)
		t.L = 0
		data, err := src.tile(ctx, t)
		if err != nil {
			return nil, err
		}
		hashes, err := bytesHashes(data)
		if err != nil || len(hashes) != len(leaves) {
			return nil, fmt.Errorf("%s: %d hashes: %w", tilePath(t), len(hashes), err)
		}
		for i := range leaves {
			if n*tileWidth+int64(i) >= from {
				out = append(out, placed{leaves[i], hashes[i], where})
			}
		}
	}
	return out, nil
}

// batchBytes bounds what waits in memory to be written.
const batchBytes = 4 << 20

// append adds leaves at exactly the tree's size. Full tiles go to disk in
// batches; nothing is published before seal.
func (t *tree) append(at int64, leaves [][]byte) error {
	if at != t.edge.size {
		return fmt.Errorf("leaves of the table begin at %d, the tree has %d", at, t.edge.size)
	}
	for _, leaf := range leaves {
		if len(leaf) == 0 || len(leaf) > MaxLeaf {
			return fmt.Errorf("leaf %d has %d bytes", t.edge.size, len(leaf))
		}
		t.edge.add(leaf, func(tl tlog.Tile, data []byte) {
			t.full = append(t.full, file{tilePath(tl), data})
			t.waiting += len(data)
		})
		if t.waiting >= batchBytes {
			if err := t.flush(nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tree) flush(more []file) error {
	err := t.f.write(append(t.full, more...))
	t.full, t.waiting = nil, 0
	return err
}

// seal writes what is missing on disk and then the signed checkpoint, which is
// the moment the new leaves are in the record.
func (t *tree) seal() error {
	root, err := t.edge.root()
	if err != nil {
		return err
	}
	cp, err := signCheckpoint(t.signer, t.edge.size, root)
	if err != nil {
		return err
	}
	var more []file
	var partial []string
	t.edge.partial(func(tl tlog.Tile, data []byte) {
		more = append(more, file{tilePath(tl), data})
		partial = append(partial, tilePath(tl))
	})
	if err := t.flush(more); err != nil {
		return err
	}
	if err := t.f.write([]file{{"checkpoint", cp.Note}}); err != nil {
		return err
	}
	old := t.partial
	t.partial, t.tip = partial, cp
	kept := map[string]bool{}
	for _, p := range partial {
		kept[p] = true
	}
	var gone []string
	for _, p := range old {
		if !kept[p] {
			gone = append(gone, p)
		}
	}
	t.f.forget(gone)
	return nil
}

// sealEvery is the pace of checkpoints while there is something new.
const sealEvery = 100 * time.Millisecond
