package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"glosa/db"
	"glosa/record"
	"glosa/site"
)

// place is where an installation lives; several commands share it.
type place struct {
	Data string `help:"Folder of the installation: database, record, files, keys." required:"" placeholder:"DIR"`
	store
	Origin string `help:"Name of the public record for ever, such as glosa.example.org: said once, when the installation is made; from then on its key says it." placeholder:"HOST"`
}

// store is where the database is, when it is not in the folder.
type store struct {
	Database     string `help:"PostgreSQL address without a password (PGPASSFILE gives it); default is SQLite in the folder." placeholder:"postgres://…"`
	DatabaseFile string `help:"File holding the PostgreSQL address; it may carry a password." placeholder:"FILE"`
}

// address is PostgreSQL's address; "" means SQLite in the folder. It may carry a
// password if the flag file says it, which only its owner reads.
func (s store) address(c *console) (string, error) {
	if s.Database != "" && s.Database != c.filed["database"] && db.URLHasPassword(s.Database) {
		return "", wrong("the database address carries a password: put it in a file (--config or --database-file) or use PGPASSFILE")
	}
	if s.DatabaseFile == "" {
		return s.Database, nil
	}
	raw, err := os.ReadFile(s.DatabaseFile)
	if err != nil {
		return "", wrong("database file: %w", err)
	}
	return strings.TrimSpace(string(raw)), nil
}

// config is the site's configuration. An address with a password on the command
// line is refused: every user of the machine could read it. Without --origin the
// record has the name that its key says.
func (p place) config(c *console) (site.Config, error) {
	url, err := p.store.address(c)
	if err != nil {
		return site.Config{}, err
	}
	conf := site.Config{Data: p.Data, Database: url, Origin: p.Origin, Software: software(), Clock: c.clock, Log: c.log}
	if conf.Origin == "" {
		if conf.Origin, err = record.OriginOf(conf.Keys()); err != nil {
			return site.Config{}, err
		}
	}
	if conf.Origin == "" {
		conf.Origin = nameless
	}
	return conf, nil
}

// nameless is what a record is called that nobody gave a name.
const nameless = "localhost"

// warn says, before an installation is made, what cannot be changed afterwards.
func (p place) warn(c *console, conf site.Config) {
	if named, err := record.OriginOf(conf.Keys()); p.Origin != "" || named != "" || err != nil {
		return
	}
	fmt.Fprintf(c.err, "glosa: warning: without --origin the public record of %s is named %q for ever; stop now and give --origin glosa.example.org to name it\n", conf.Data, nameless)
}

// there refuses a folder without an installation, before anything would make one
// in it: only serve, demo, migrate and restore make one.
func there(conf site.Config) error {
	if conf.Database != "" {
		if named, err := record.OriginOf(conf.Keys()); named == "" {
			return errors.Join(err, wrong("%s holds no installation (no keys): is it the folder that glosa serve was given?", conf.Data))
		}
		return nil
	}
	if _, err := os.Stat(filepath.Join(conf.Data, "glosa.db")); err != nil {
		return wrong("%s holds no installation (no glosa.db): glosa serve makes one; if its database is PostgreSQL, give --database or --database-file", conf.Data)
	}
	return nil
}

// software is the name and version of this program.
func software() string {
	v := version
	if info, ok := debug.ReadBuildInfo(); ok && v == "dev" {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				v = "dev-" + s.Value[:12]
			}
		}
	}
	return "glosa-" + v
}

// revision is the commit this program was built from, if the build knew it.
func revision() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}
