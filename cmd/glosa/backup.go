package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"glosa/auth"
	"glosa/db"
)

type backupCmd struct {
	place
	To     string `help:"Folder to make; it must not exist." required:"" placeholder:"DIR"`
	Reason string `help:"Why; it goes into the public record." default:"regular copy"`
}

// Run copies the record first, then the database: a record that is behind its
// database catches up by itself, one that is ahead does not. Keys stay where
// they are.
func (b *backupCmd) Run(c *console) error {
	conf, err := b.config(c)
	if err != nil {
		return err
	}
	if err := there(conf); err != nil {
		return err
	}
	if _, err := os.Lstat(b.To); err == nil {
		return wrong("%s is there already: a copy is made in a folder of its own", b.To)
	}
	d, err := db.Open(c, conf.Store())
	if err != nil {
		return err
	}
	defer d.Close()
	if err := (&auth.Desk{DB: d}).Announce(c, "backup", b.Reason); err != nil {
		return err
	}
	if err := os.Mkdir(b.To, 0o700); err != nil {
		return wrong("%w", err)
	}
	if err := copyRecord(conf.RecordFolder(), filepath.Join(b.To, "record")); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if err := copyTree(filepath.Join(conf.Data, "files"), filepath.Join(b.To, "files")); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	name := "glosa.db"
	if d.Engine() == db.Postgres {
		name = "glosa.dump"
	}
	if err := d.Backup(c, filepath.Join(b.To, name)); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "copied to %s\nThe keys in %s are not in it: keep a copy of them elsewhere.\n", b.To, conf.Keys())
	return nil
}

// rounds is how often a copy of the record is gone over again.
const rounds = 20

// copyRecord copies the record while it grows. The checkpoint comes first: the
// tiles copied after it lead to it. A partial tile may go while it is copied,
// since a wider one took its place; then the folders are gone over again, until
// nothing went. What has been copied stays: a tile never changes under its name.
func copyRecord(from, to string) error {
	const checkpoint = "checkpoint"
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	err := copyFile(filepath.Join(from, checkpoint), filepath.Join(to, checkpoint))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing was ever sealed
	}
	if err != nil {
		return err
	}
	for range rounds {
		err := mergeTree(filepath.Join(from, "tile"), filepath.Join(to, "tile"))
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return errors.New("it grows faster than it can be copied")
}

// copyTree copies regular files and folders; a folder that is not there is empty.
func copyTree(from, to string) error {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		dest := filepath.Join(to, rel)
		switch {
		case e.IsDir():
			return os.MkdirAll(dest, 0o700)
		case e.Type().IsRegular():
			return copyFile(path, dest)
		}
		return nil
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err == nil {
		err = out.Sync()
	}
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	return err
}

// mergeTree is copyTree onto a folder that may hold some of the files already:
// files are named by their hash, so those are the same.
func mergeTree(from, to string) error {
	err := copyTree(from, to)
	if errors.Is(err, fs.ErrExist) {
		return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			rel, err := filepath.Rel(from, path)
			if err != nil {
				return err
			}
			dest := filepath.Join(to, rel)
			if err := os.MkdirAll(filepath.Dir(dest), 0o700); err != nil {
				return err
			}
			if err := copyFile(path, dest); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
			return nil
		})
	}
	return err
}
