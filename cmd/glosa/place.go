package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"glosa/db"
	"glosa/site"
)

// place is where an installation lives; several commands share it.
type place struct {
	Data string `help:"Folder of the installation: database, record, files, keys." required:"" placeholder:"DIR"`
	store
	Origin string `help:"Name of the public record for ever, such as glosa.example.org." default:"localhost"`
}

// store is where the database is, when it is not in the folder.
type store struct {
	Database     string `help:"PostgreSQL address without a password (PGPASSFILE gives it); default is SQLite in the folder." placeholder:"postgres://…"`
	DatabaseFile string `help:"File holding the PostgreSQL address; it may carry a password." placeholder:"FILE"`
}

// address is PostgreSQL's address; "" means SQLite in the folder.
func (s store) address() (string, error) {
	if s.Database != "" && db.URLHasPassword(s.Database) {
		return "", wrong("the database address carries a password: put it in a file (--database-file) or use PGPASSFILE")
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
// line is refused: every user of the machine could read it.
func (p place) config(c *console) (site.Config, error) {
	url, err := p.store.address()
	if err != nil {
		return site.Config{}, err
	}
	return site.Config{Data: p.Data, Database: url, Origin: p.Origin, Software: software(), Clock: c.clock, Log: c.log}, nil
}

// there refuses a folder without an installation, before anything would make one in it.
func there(conf site.Config) error {
	if conf.Database != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(conf.Data, "glosa.db")); err != nil {
		return wrong("%s holds no installation (no glosa.db); if its database is PostgreSQL, give --database or --database-file", conf.Data)
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

// parseFlags reads "flag = value" lines; an error names the line.
func parseFlags(r io.Reader) (map[string]string, error) {
	values := map[string]string{}
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k, v, ok := strings.Cut(line, "=")
		if !ok {
			return nil, fmt.Errorf("line %d: want \"flag = value\"", n)
		}
		values[strings.TrimPrefix(strings.TrimSpace(k), "--")] = strings.TrimSpace(v)
	}
	return values, sc.Err()
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
