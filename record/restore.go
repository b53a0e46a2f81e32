package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"glosa"
	"glosa/db"
)

// Restore is what must be known before a restored database may write again.
type Restore struct {
	DB     *db.DB
	Folder string // the record's folder in the backup; may be missing, since the table remakes it
	// Served is the folder that was served until now, if it is still there: what
	// it published the restored record must hold too, whatever was saved elsewhere.
	Served string
	Keys   string
	Origin string
	// Saved is any checkpoint or receipt kept outside the host. The restored
	// record must hold everything it saw.
	Saved []byte
	// NoCheckpoint lets a backup pass that nothing was held against. The caller
	// logs it.
	NoCheckpoint bool
	// Mirror is a copy of the record that may go further than the backup: a site's
	// address, a data folder or the record's own folder. What it holds beyond the
	// backup is given back, to be taken over ([TakeOver]) before anything is written.
	Mirror string
	Kinds  []glosa.EventKind
}

// ErrOlder is the cause when a backup is older than what was published: to write
// on would fork the record.
var ErrOlder = errors.New("the backup is older than the record that was published")

// Found is what a backup was found to be.
type Found struct {
	Restored          // to be logged, once Lost and Erased are known
	Leaves   [][]byte // what the copy holds after Size leaves, for [TakeOver]
}

// CheckRestore refuses to let a restored database fork the record: an older
// backup than the saved checkpoint, another history, a tree on disk that the
// table does not make. What it returns is to be logged ([Desk.Restore]).
func CheckRestore(ctx context.Context, r Restore) (Found, error) {
	keys, err := LoadKeys(r.Keys, r.Origin, false)
	if err != nil {
		return Found{}, err
	}
	want := map[int64][]savedRoot{}
	out := Found{Restored: Restored{Checked: len(r.Saved) > 0}}
	if out.Checked {
		if out.Against, err = savedRoots(r, keys, want); err != nil {
			return out, err
		}
	} else if !r.NoCheckpoint {
		return out, errors.New("give a saved checkpoint or receipt to hold the backup against (or say that there is none)")
	}
	cp, err := treeOnDisk(r.Folder, keys.logVerifier, "the tree on disk", want)
	if err != nil {
		return out, err
	}
	if r.Served != "" {
		if _, err := treeOnDisk(r.Served, keys.logVerifier, "the record served until now ("+r.Served+")", want); err != nil {
			return out, err
		}
	}
	e, err := replay(ctx, r.DB, want)
	if err != nil {
		return out, err
	}
	root, err := e.root()
	if err != nil {
		return out, err
	}
	out.Size, out.Root = e.size, glosa.Hash(root)
	if r.Mirror != "" {
		want[e.size] = append(want[e.size], savedRoot{root, "the backup"})
		if out.Leaves, err = mirrored(ctx, r, keys, e.size, want); err != nil {
			return out, err
		}
	}
	for size, list := range want {
		if size > e.size+int64(len(out.Leaves)) {
			return out, fmt.Errorf("%w: it holds %d leaves, %s saw %d", ErrOlder, e.size, list[0].where, size)
		}
	}
	if cp != nil {
		if err := edgeAgrees(ctx, r.Folder, *cp); err != nil {
			return out, err
		}
	}
	return out, nil
}

// savedRoots reads the saved file and notes what the record must hold.
func savedRoots(r Restore, keys *Keys, want map[int64][]savedRoot) (int64, error) {
	if cp, err := OpenCheckpoint(r.Saved, keys.logVerifier); err == nil {
		want[cp.Size] = append(want[cp.Size], savedRoot{cp.Root, "the saved checkpoint"})
		return cp.Size, nil
	}
	receipt, err := ParseReceipt(r.Saved)
	if err != nil {
		return 0, fmt.Errorf("the saved file is neither a checkpoint of %s nor a receipt: %w", keys.Origin, err)
	}
	policy, err := ParsePolicy(writePolicy(keys))
	if err != nil {
		return 0, err
	}
	kinds, err := NewKindSet(r.Kinds)
	if err != nil {
		return 0, err
	}
	proven, err := CheckReceipt(receipt, policy, kinds)
	if err != nil {
		return 0, err
	}
	var size int64
	if p := proven.Promise; p != nil {
		want[p.After] = append(want[p.After], savedRoot{p.Root, "the saved receipt's promise"})
		size = p.After
	}
	if c := proven.Checkpoint; c != nil {
		want[c.Size] = append(want[c.Size], savedRoot{c.Root, "the saved receipt"})
		size = max(size, c.Size)
	}
	return size, nil
}

// treeOnDisk reads the checkpoint of the record's folder, if there is one: the
// table must make the same tree.
func treeOnDisk(dir string, v note.Verifier, where string, want map[int64][]savedRoot) (*Checkpoint, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	cp, err := OpenCheckpoint(raw, v)
	if err != nil {
		return nil, fmt.Errorf("the checkpoint on disk: %w", err)
	}
	want[cp.Size] = append(want[cp.Size], savedRoot{cp.Root, where})
	return &cp, nil
}

// replay builds the tree's edge from the table alone and compares every wanted root.
func replay(ctx context.Context, d *db.DB, want map[int64][]savedRoot) (edge, error) {
	var e edge
	if err := agrees(&e, want, "the backup"); err != nil {
		return e, err
	}
	rows := Rows(d)
	for {
		list, err := rows(ctx, e.size, leavesAtOnce)
		if err != nil || len(list) == 0 {
			return e, err
		}
		for _, leaf := range list {
			e.add(leaf, func(tlog.Tile, []byte) {})
			if err := agrees(&e, want, "the backup"); err != nil {
				return e, err
			}
		}
	}
}

// agrees compares a tree's root with every root that is wanted at its size.
func agrees(e *edge, want map[int64][]savedRoot, whose string) error {
	for _, s := range want[e.size] {
		root, err := e.root()
		if err != nil {
			return err
		}
		if root != s.root {
			return fmt.Errorf("another history: at %d leaves %s has root %s, %s has %s", e.size, s.where, s.root, whose, root)
		}
	}
	return nil
}

// edgeAgrees checks that the tiles on disk lead to their own checkpoint.
func edgeAgrees(ctx context.Context, dir string, cp Checkpoint) error {
	e, err := loadEdge(ctx, &folder{dir: dir}, cp.Size)
	if err != nil {
		return err
	}
	root, err := e.root()
	if err == nil && root != cp.Root {
		err = fmt.Errorf("the tiles on disk do not lead to their checkpoint of %d leaves: remove %s, it will be made anew from the table", cp.Size, dir)
	}
	return err
}

// Rows reads the table that decides, for [Options] of a data folder.
func Rows(d *db.DB) func(ctx context.Context, from int64, limit int) ([][]byte, error) {
	return func(ctx context.Context, from int64, limit int) (out [][]byte, err error) {
		err = d.Read(ctx, func(tx *db.Tx) (err error) {
			out, err = leavesFrom(tx, from, limit)
			return err
		})
		return out, err
	}
}
