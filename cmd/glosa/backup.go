package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"glosa/auth"
	"glosa/db"
	"glosa/record"
	"glosa/site"

	"glosa"
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

type restoreCmd struct {
	place
	From         string `help:"Folder that glosa backup made." required:"" placeholder:"DIR"`
	Checkpoint   string `help:"A checkpoint or receipt that somebody saved: an older backup is refused." placeholder:"FILE"`
	NoCheckpoint bool   `help:"There is no saved checkpoint. This is written in the public record."`
	Reason       string `help:"Why; it goes into the public record." required:""`
}

// Run puts a copy back into an installation whose database is gone, and checks
// it before anything is written. It refuses a copy that is older than a saved
// checkpoint: going on from there would write a second history. A PostgreSQL
// database is put back first, with pg_restore; here it is checked and logged.
func (r *restoreCmd) Run(c *console) error {
	conf, err := r.config(c)
	if err != nil {
		return err
	}
	if r.Checkpoint == "" && !r.NoCheckpoint {
		return wrong("give --checkpoint FILE (any checkpoint or receipt that somebody saved), or say --no-checkpoint, which is written in the public record")
	}
	var saved []byte
	if r.Checkpoint != "" {
		if saved, err = os.ReadFile(r.Checkpoint); err != nil {
			return wrong("%w", err)
		}
	}
	dest := filepath.Join(conf.Data, "glosa.db")
	if _, err := os.Stat(dest); err == nil && conf.Database == "" {
		return wrong("%s is there already: move it away first", dest)
	}
	found, err := r.check(c, conf, saved)
	if err != nil {
		return err
	}
	if err := r.put(conf); err != nil {
		return err
	}
	return r.log(c, conf, found)
}

// check holds the record of the copy against what was saved. A copy of SQLite is
// opened in a folder of its own, where it stands in for the installation.
func (r *restoreCmd) check(c *console, conf site.Config, saved []byte) (record.Restored, error) {
	if conf.Database == "" {
		tmp, err := os.MkdirTemp(conf.Data, "restore-")
		if err != nil {
			return record.Restored{}, wrong("%w", err)
		}
		defer os.RemoveAll(tmp)
		if err := copyFile(filepath.Join(r.From, "glosa.db"), filepath.Join(tmp, "glosa.db")); err != nil {
			return record.Restored{}, wrong("%w", err)
		}
		copied := conf
		copied.Data = tmp
		return r.held(c, copied.Store(), conf, saved)
	}
	return r.held(c, conf.Store(), conf, saved)
}

// held opens a database and holds its record against what was saved, and against
// what this installation served until now.
func (r *restoreCmd) held(c *console, store db.Config, conf site.Config, saved []byte) (record.Restored, error) {
	d, err := db.Open(c, store)
	if err != nil {
		return record.Restored{}, err
	}
	defer d.Close()
	if err := d.Check(c); err != nil {
		return record.Restored{}, err
	}
	return record.CheckRestore(c, record.Restore{DB: d, Folder: filepath.Join(r.From, "record"), Served: conf.RecordFolder(),
		Keys: conf.Keys(), Origin: conf.Origin, Saved: saved, NoCheckpoint: r.NoCheckpoint, Kinds: site.Kinds()})
}

// put copies files first and the database last, under its name at once: a crash
// before leaves nothing that serve would open.
func (r *restoreCmd) put(conf site.Config) error {
	old := conf.RecordFolder()
	if _, err := os.Stat(old); err == nil {
		if err := os.Rename(old, fmt.Sprintf("%s.before-restore-%d", old, time.Now().Unix())); err != nil {
			return err
		}
	}
	for _, part := range []string{"record", "files"} {
		dest := filepath.Join(conf.Data, part)
		if err := mergeTree(filepath.Join(r.From, part), dest); err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
	}
	if conf.Database != "" {
		return nil
	}
	fresh := filepath.Join(conf.Data, "glosa.db.restored")
	os.Remove(fresh) // left by a restore that was cut short
	if err := copyFile(filepath.Join(r.From, "glosa.db"), fresh); err != nil {
		return err
	}
	return os.Rename(fresh, filepath.Join(conf.Data, "glosa.db"))
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

func (r *restoreCmd) log(c *console, conf site.Config, found record.Restored) error {
	s, err := site.Open(c, conf)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Auth.Announce(c, "restore", r.Reason); err != nil {
		return err
	}
	desk := &record.Desk{DB: s.DB}
	if err := desk.Restore(c, glosa.Admin(), found); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "restored: %d entries of the record, checked against a saved checkpoint: %v\n", found.Size, found.Checked)
	return nil
}
