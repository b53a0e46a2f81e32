package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"glosa"
)

// Sound checks, before anything is promised, that the folder holds one whole
// log, every byte of it, and that the database is not behind it: a promise signed
// by an older database beside a newer record is one that will be broken. A folder
// that holds no checkpoint yet is sound: it is made from the table.
//
// Later damage does not stop the site: the record pauses (see [Log.Follow]).
// Internal (e.damaged), with what to do.
func (l *Log) Sound(ctx context.Context) error {
	for {
		before, err := l.f.checkpoint()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			err = l.sound(ctx, before)
		}
		if err == nil {
			return nil
		}
		// Another process may seal meanwhile, and put new tiles in the place of old ones.
		if after, again := l.f.checkpoint(); again == nil && !bytes.Equal(before, after) && ctx.Err() == nil {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err() // whoever stopped it found no damage
		}
		return l.unsound(err)
	}
}

func (l *Log) sound(ctx context.Context, checkpoint []byte) error {
	cp, err := OpenCheckpoint(checkpoint, l.keys.logVerifier)
	if err != nil {
		return fmt.Errorf("%s: %w", l.f.path("checkpoint"), err)
	}
	if err := l.f.whole(ctx, cp); err != nil {
		return err
	}
	t := tree{f: l.f, tip: cp}
	return t.compare(ctx, Rows(l.conf.DB))
}

// unsound says what the keeper can do.
func (l *Log) unsound(err error) error {
	return &glosa.Error{Kind: glosa.Internal, Key: "e.damaged", Err: fmt.Errorf(
		"the record and the database do not agree, or one of them is damaged: %w. Nothing was changed. "+
			"If an older copy of the database was put back, put back the newer one. Otherwise keep a copy of %s as it is "+
			"and restore the latest backup: glosa restore --help",
		err, filepath.Dir(l.f.dir))}
}

// whole computes every tile and the root again from the entries on disk, and
// compares. Memory: one bundle and the right edge of the tree.
func (f *folder) whole(ctx context.Context, cp Checkpoint) error {
	var e edge
	var wrong error
	same := func(t tlog.Tile, made []byte) {
		if wrong != nil {
			return
		}
		data, err := f.tile(ctx, t)
		switch {
		case err != nil:
			wrong = err
		case !bytes.Equal(data, made):
			wrong = fmt.Errorf("%s is damaged: it is not what the entries give", f.path(tilePath(t)))
		}
	}
	for e.size < cp.Size && wrong == nil {
		t := tlog.Tile{H: tileHeight, L: entryLevel, N: e.size / tileWidth, W: widthAt(cp.Size, 0, e.size/tileWidth)}
		bundle, err := f.tile(ctx, t)
		if err != nil {
			return err
		}
		leaves, err := entries(bundle)
		if err != nil || len(leaves) != t.W {
			return errors.Join(fmt.Errorf("%s is damaged: %d entries, want %d", f.path(tilePath(t)), len(leaves), t.W), err)
		}
		for _, leaf := range leaves {
			e.add(leaf, same)
		}
	}
	e.partial(same)
	if wrong != nil {
		return wrong
	}
	root, err := e.root()
	if err == nil && root != cp.Root {
		err = fmt.Errorf("the entries lead to root %s, the checkpoint of size %d says %s", root, cp.Size, cp.Root)
	}
	return err
}
