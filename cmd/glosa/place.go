package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"glosa/db"
	"glosa/site"
)

// place is where an installation lives; several commands share it.
type place struct {
	Data         string `help:"Folder of the installation: database, record, files, keys." required:"" placeholder:"DIR"`
	Database     string `help:"PostgreSQL address without a password (PGPASSFILE gives it); default is SQLite in the folder." placeholder:"postgres://…"`
	DatabaseFile string `help:"File holding the PostgreSQL address; it may carry a password." placeholder:"FILE"`
	Origin       string `help:"Name of the public record for ever, such as glosa.example.org." default:"localhost"`
}

// config is the site's configuration. An address with a password on the command
// line is refused: every user of the machine could read it.
func (p place) config(c *console) (site.Config, error) {
	url := p.Database
	if url != "" && db.URLHasPassword(url) {
		return site.Config{}, wrong("the database address carries a password: put it in a file (--database-file) or use PGPASSFILE")
	}
	if p.DatabaseFile != "" {
		raw, err := os.ReadFile(p.DatabaseFile)
		if err != nil {
			return site.Config{}, wrong("database file: %w", err)
		}
		url = strings.TrimSpace(string(raw))
	}
	return site.Config{Data: p.Data, Database: url, Origin: p.Origin, Software: software(), Log: c.log}, nil
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
