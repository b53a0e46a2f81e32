package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"glosa"
	"glosa/auth"
	"glosa/civic/report"
	"glosa/db"
	"glosa/record"
	"glosa/site"
)

type restoreCmd struct {
	place
	From         string `help:"Folder that glosa backup made." required:"" placeholder:"DIR"`
	FromMirror   string `help:"A copy of the public record that goes further than the backup (a site's address, a mirror's folder, the record/ that is left of the lost disk): its entries are taken over, and what was erased since is erased again." placeholder:"URL|DIR"`
	Checkpoint   string `help:"A checkpoint or receipt that somebody saved: a backup that lacks what it saw is refused, unless a copy of the record holds it." placeholder:"FILE"`
	NoCheckpoint bool   `help:"There is no saved checkpoint. This is written in the public record."`
	Reason       string `help:"Why; it goes into the public record." required:""`
}

// Run puts a copy back into an installation whose database is gone, and checks
// it before anything is written. It refuses a copy that is older than a saved
// checkpoint: going on from there would write a second history, and bring back
// what was erased since. With a copy of the record it takes over what is missing
// and erases again first; the database gets its name last. A PostgreSQL database
// is put back before, with pg_restore; here it is checked, mended and logged.
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
	store := conf.Store()
	if conf.Database == "" {
		dest := filepath.Join(conf.Data, "glosa.db")
		if _, err := os.Stat(dest); err == nil {
			return wrong("%s is there already: move it away first", dest)
		}
		aside, err := r.aside(conf)
		if err != nil {
			return err
		}
		defer os.RemoveAll(aside)
		store.Dir = aside
	}
	found, err := r.ready(c, store, conf, saved)
	if errors.Is(err, record.ErrOlder) && r.FromMirror == "" {
		return fmt.Errorf("%w; look for a newer backup, or give a copy of the record that holds the rest with --from-mirror", err)
	}
	if err != nil {
		return err
	}
	if err := r.put(conf, store.Dir); err != nil {
		return err
	}
	return r.finish(c, conf, found)
}

// aside copies the backup's database into a folder of its own, where it is
// checked and mended before it stands for the installation.
func (r *restoreCmd) aside(conf site.Config) (string, error) {
	dir, err := os.MkdirTemp(conf.Data, "restore-")
	if err != nil {
		return "", wrong("%w", err)
	}
	if err := copyFile(filepath.Join(r.From, "glosa.db"), filepath.Join(dir, "glosa.db")); err != nil {
		os.RemoveAll(dir)
		return "", wrong("%w", err)
	}
	return dir, nil
}

// ready holds the database's record against what was saved and against what this
// installation served until now; then it takes over what only the copy of the
// record has, and erases again what was erased since the backup.
func (r *restoreCmd) ready(c *console, store db.Config, conf site.Config, saved []byte) (record.Found, error) {
	d, err := db.Open(c, store)
	if err != nil {
		return record.Found{}, err
	}
	defer d.Close()
	if err := d.Check(c); err != nil {
		return record.Found{}, err
	}
	found, err := record.CheckRestore(c, record.Restore{DB: d, Folder: filepath.Join(r.From, "record"), Served: conf.RecordFolder(),
		Keys: conf.Keys(), Origin: conf.Origin, Saved: saved, NoCheckpoint: r.NoCheckpoint, Mirror: r.FromMirror, Kinds: site.Kinds()})
	if err != nil {
		return found, err
	}
	if err := retake(c, d, r.FromMirror, &found); err != nil {
		return found, err
	}
	return found, r.announce(c, d, found)
}

// retake takes over the entries that only the copy of the record has. They come
// before any entry of this restore, or the record would fork.
func retake(c *console, d *db.DB, mirror string, found *record.Found) error {
	if len(found.Leaves) == 0 {
		return nil
	}
	if err := d.Migrate(c, site.Schemas()...); err != nil {
		return err
	}
	lost, err := record.TakeOver(c, d, site.Kinds(), found)
	if err != nil {
		return err
	}
	texts, err := record.CopiedTexts(c, mirror, lost)
	if err != nil {
		return err
	}
	erased, err := site.Again(c, d, lost, texts)
	found.Erased = int64(erased)
	return err
}

// announce says in the record that this copy is put back, and what it was checked
// against, before it stands for the installation: whatever fails after, nobody
// serves it without these two entries.
func (r *restoreCmd) announce(c *console, d *db.DB, found record.Found) error {
	if err := (&auth.Desk{DB: d}).Announce(c, "restore", r.Reason); err != nil {
		return err
	}
	if err := site.Migrate(c, d, "the schema of "+software(), false); err != nil {
		return err
	}
	return (&record.Desk{DB: d}).Restore(c, glosa.Admin(), found.Restored)
}

// put copies files first and the database last, under its name at once: a crash
// before leaves nothing that serve would open.
func (r *restoreCmd) put(conf site.Config, aside string) error {
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
	fresh := filepath.Join(aside, "glosa.db")
	if log, err := os.Stat(fresh + "-wal"); err == nil && log.Size() > 0 {
		return fmt.Errorf("%s was not closed: nothing was restored", fresh)
	}
	return os.Rename(fresh, filepath.Join(conf.Data, "glosa.db"))
}

// finish sweeps the files that nothing names any more, and says what was done.
func (r *restoreCmd) finish(c *console, conf site.Config, found record.Found) error {
	s, err := site.Open(c, conf)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.SweepFiles(c, s.Clock.Now().Add(2*report.Grace)); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "restored: %d entries of the record, checked against a saved checkpoint: %v\n", found.Size, found.Checked)
	if r.FromMirror == "" {
		fmt.Fprint(c.out, risk)
		return nil
	}
	fmt.Fprintf(c.out, "taken over from the copy of the record: %d entries; erased again: %d texts\n", found.Lost, found.Erased)
	if found.Lost > 0 {
		fmt.Fprint(c.out, lostActs)
	}
	return nil
}

const (
	risk = `No copy of the record was given. If anything was published after this backup, going on writes a second
history of it, and every text and name that was erased since then is back on this server. If a mirror, the site's
own /record/ or the folder record/ of the lost disk goes further, do not serve: restore again with --from-mirror.
`
	lostActs = `The acts of those entries are lost, only their trace is left: decisions have to be taken again, and people who
asked after the backup have to ask again. glosa verify names each text that is missing.
The backup itself still holds what was erased: destroy it as soon as this installation has a backup of its own.
`
)
