package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"glosa"
	"glosa/db"
)

// mirrored reads a copy of the record, from the checkpoint that this log signed:
// every root that is wanted, the table's own among them, must lie on the way to
// it. What it gives are the leaves from size on. Nothing of the copy is believed
// but the log's signature: whoever kept it cannot add, drop or change a leaf.
func mirrored(ctx context.Context, r Restore, keys *Keys, size int64, want map[int64][]savedRoot) ([][]byte, error) {
	src := copyOf(r.Mirror)
	raw, err := src.get(ctx, "checkpoint")
	if err != nil {
		return nil, fmt.Errorf("the copy of the record: %w", err)
	}
	cp, err := OpenCheckpoint(raw, keys.logVerifier)
	if err != nil {
		return nil, fmt.Errorf("the copy's checkpoint: %w", err)
	}
	want[cp.Size] = append(want[cp.Size], savedRoot{cp.Root, "the copy's own checkpoint"})
	var e edge
	var lost [][]byte
	for e.size < cp.Size {
		list, err := bundleOf(ctx, src, cp.Size, e.size/tileWidth)
		if err != nil {
			return nil, fmt.Errorf("the copy of the record: %w", err)
		}
		for _, leaf := range list {
			if e.size >= size {
				lost = append(lost, bytes.Clone(leaf))
			}
			e.add(leaf, func(tlog.Tile, []byte) {})
			if err := agrees(&e, want, "the copy"); err != nil {
				return nil, err
			}
		}
	}
	return lost, nil
}

// CopiedTexts reads which texts a copy of the record publishes of commitments that
// some leaves make: those that their commitment proves, and no others. A site's
// address gives its /record/texts; a folder has them when somebody kept that list
// in it, as the file texts. A copy without a list has none.
func CopiedTexts(ctx context.Context, target string, leaves []Leaf) (map[glosa.Hash]Text, error) {
	wanted, found := map[glosa.Hash]bool{}, map[glosa.Hash]Text{}
	for _, l := range leaves {
		for _, h := range l.Commits {
			wanted[h] = true
		}
	}
	if len(wanted) == 0 {
		return found, nil
	}
	take := func(t Text) error {
		if t.State == Opened && wanted[t.Commit] {
			if h, err := glosa.Commit(*t.Salt, t.Object); err == nil && h == t.Commit {
				found[t.Commit] = t
			}
		}
		return nil
	}
	src := copyOf(target)
	err := func() error {
		d, folder := src.(*disk)
		if !folder {
			return src.texts(ctx, take)
		}
		f, err := os.Open(d.path("texts"))
		if err != nil {
			return err
		}
		defer f.Close()
		return readTexts(f, take)
	}()
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("the copy's texts: %w", err)
	}
	return found, err
}

// copyOf is a site's address, a data folder, or the record's own folder.
func copyOf(target string) source {
	if strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://") {
		return newSite(target, &http.Client{Timeout: 30 * time.Second})
	}
	return newDisk(target, &Options{})
}

// bundleOf is the nth bundle of entries of a tree of the given size.
func bundleOf(ctx context.Context, src source, size, n int64) ([][]byte, error) {
	t := tlog.Tile{H: tileHeight, L: entryLevel, N: n, W: widthAt(size, 0, n)}
	bundle, err := src.tile(ctx, t)
	if err != nil {
		return nil, err
	}
	list, err := entries(bundle)
	if err == nil && len(list) != t.W {
		err = fmt.Errorf("%s: %d entries, want %d", tilePath(t), len(list), t.W)
	}
	return list, err
}

// TakeOver puts leaves that a restored database lacks ([Found.Leaves]) back
// into its table, so that the record goes on where it stood and has no second
// history. Leaves of events that the database does hold, and only had not
// entered yet, are made first and must be the same. What it gives are the leaves
// that no event of this database made: their acts are lost, but not their trace.
// found then counts the backup's own leaves with those that it had not entered
// yet: the lost ones begin where it ends.
func TakeOver(ctx context.Context, d *db.DB, kinds []glosa.EventKind, found *Found) ([]Leaf, error) {
	ks, err := NewKindSet(kinds)
	if err != nil {
		return nil, err
	}
	l := &Log{conf: Config{DB: d}, kinds: ks, news: make(chan struct{}, 1)}
	n, err := l.enterAll(ctx)
	if err != nil {
		return nil, err
	}
	ours, err := Rows(d)(ctx, found.Size, int(n+1-found.Size))
	if err != nil {
		return nil, err
	}
	lost := make([]Leaf, 0, len(found.Leaves))
	rows := make([]row, 0, len(found.Leaves))
	for i, raw := range found.Leaves {
		if i < len(ours) {
			if !bytes.Equal(raw, ours[i]) {
				return nil, fmt.Errorf("another history: leaf %d of the copy is not the one that the backup's events make", found.Size+int64(i))
			}
			continue
		}
		leaf, err := ks.Parse(raw)
		if err != nil {
			return nil, fmt.Errorf("leaf %d of the copy: %w", found.Size+int64(i), err)
		}
		lost = append(lost, leaf)
		// A seq below zero is no event's: following goes on after the events' own.
		rows = append(rows, row{n: leaf.N, seq: -1 - leaf.N, subject: leaf.ID, leaf: raw})
	}
	own, err := replay(ctx, d, nil)
	if err != nil {
		return nil, err
	}
	root, err := own.root()
	if err != nil {
		return nil, err
	}
	found.Size, found.Root, found.Lost = own.size, glosa.Hash(root), int64(len(lost))
	for len(rows) > 0 {
		some := rows[:min(len(rows), eventsAtOnce)]
		if err := l.insert(ctx, some[0].n-1, some); err != nil {
			return nil, err
		}
		rows = rows[len(some):]
	}
	return lost, nil
}

// enterAll turns the events there are into leaves, and gives the last one's number.
func (l *Log) enterAll(ctx context.Context) (n int64, err error) {
	var seq int64
	err = l.conf.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, seq, err = last(tx)
		return err
	})
	for err == nil {
		evs, err := l.conf.DB.Line().After(ctx, seq, eventsAtOnce)
		if err != nil || len(evs) == 0 {
			return n, err
		}
		rows, err := l.rows(n+1, evs)
		if err != nil {
			return n, err
		}
		if err := l.insert(ctx, n, rows); err != nil {
			return n, err
		}
		n, seq = n+int64(len(rows)), evs[len(evs)-1].Seq
	}
	return n, err
}
