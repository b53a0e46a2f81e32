package main

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/alecthomas/kong"

	"glosa/db"
)

// flagFile is a file of flags: "flag = value", # for remarks. One file may serve
// several commands: each takes what it knows, but what no command knows is a
// mistake, and nothing runs until it is mended.
type flagFile struct {
	values map[string]string
	lines  map[string]int
}

// read is kong's loader.
func (f *flagFile) read(r io.Reader) (kong.Resolver, error) {
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
		k = strings.TrimPrefix(strings.TrimSpace(k), "--")
		if at := f.lines[k]; at > 0 {
			return nil, fmt.Errorf("line %d: %q stands in line %d already", n, k, at)
		}
		f.values[k], f.lines[k] = strings.TrimSpace(v), n
	}
	if err := sc.Err(); err != nil {
		return nil, err
	}
	return f, f.private(r)
}

// private refuses a password in a file that others may read.
func (f *flagFile) private(r io.Reader) error {
	file, ok := r.(fs.File)
	if !ok || !db.URLHasPassword(f.values["database"]) {
		return nil
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("line %d: the file holds a password and others can read it (mode %o): chmod 600", f.lines["database"], info.Mode().Perm())
	}
	return nil
}

// Validate refuses what no command knows.
func (f *flagFile) Validate(app *kong.Application) error {
	known := map[string]bool{}
	kong.Visit(app, func(n kong.Visitable, next kong.Next) error {
		if flag, ok := n.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	first := ""
	for k := range f.values {
		if !known[k] && (first == "" || f.lines[k] < f.lines[first]) {
			first = k
		}
	}
	if first != "" {
		return fmt.Errorf("--config: line %d: there is no flag %q", f.lines[first], first)
	}
	return nil
}

// Resolve is what the file says of a flag.
func (f *flagFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if v, ok := f.values[flag.Name]; ok {
		return v, nil
	}
	return nil, nil
}
