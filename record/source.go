package record

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// source is where a record is verified from: a site or a folder.
type source interface {
	tileSource
	get(ctx context.Context, name string) ([]byte, error) // checkpoint, policy
	texts(ctx context.Context, each func(Text) error) error
}

// maxBundle is the largest bundle that tlog-tiles allows.
const maxBundle = tileWidth * (2 + 1<<16)

// maxTextLine bounds one line of /record/texts.
const maxTextLine = 1 << 20

// site reads a record over HTTP.
type site struct {
	base   string // ends in /record/
	client *http.Client
}

func newSite(target string, client *http.Client) *site {
	base := strings.TrimSuffix(strings.TrimRight(target, "/"), "/record")
	return &site{base + "/record/", client}
}

func (s *site) open(ctx context.Context, name string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+name, nil)
	if err != nil {
		return nil, err
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		err := fmt.Errorf("%s%s: %s", s.base, name, res.Status)
		if res.StatusCode == http.StatusNotFound {
			err = fmt.Errorf("%w: %w", err, fs.ErrNotExist)
		}
		return nil, err
	}
	return res.Body, nil
}

func (s *site) read(ctx context.Context, name string, limit int64) ([]byte, error) {
	body, err := s.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	b, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("%s%s: more than %d bytes", s.base, name, limit)
	}
	return b, err
}

func (s *site) get(ctx context.Context, name string) ([]byte, error) {
	return s.read(ctx, name, maxNote)
}

func (s *site) tile(ctx context.Context, t tlog.Tile) ([]byte, error) {
	data, err := s.read(ctx, tilePath(t), maxBundle)
	if err == nil || t.W == tileWidth {
		return data, err
	}
	full := t
	full.W = tileWidth // the log may have dropped a partial tile once the full one is there
	if data, ferr := s.read(ctx, tilePath(full), maxBundle); ferr == nil {
		return narrow(full, data, t.W)
	}
	return nil, err
}

func (s *site) texts(ctx context.Context, each func(Text) error) error {
	body, err := s.open(ctx, "texts")
	if err != nil {
		return err
	}
	defer body.Close()
	return readTexts(body, each)
}

func readTexts(r io.Reader, each func(Text) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxTextLine)
	for n := 1; lines.Scan(); n++ {
		t, err := parseText(lines.Bytes())
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := each(t); err != nil {
			return err
		}
	}
	return lines.Err()
}

func parseText(line []byte) (Text, error) {
	var t Text
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&t); err != nil {
		return t, err
	}
	open := t.Salt != nil && len(t.Object) > 0
	shut := t.Salt == nil && len(t.Object) == 0
	if t.Commit.IsZero() || !(t.State == Opened && open || (t.State == Sealed || t.State == Gone) && shut) {
		return t, fmt.Errorf("state %.20q does not fit what is shown", t.State)
	}
	return t, nil
}

// disk reads a record out of a data folder, and what the database says by way of opts.
type disk struct {
	*folder
	keys string
	opts *Options
}

func newDisk(target string, opts *Options) *disk {
	dir := filepath.Join(target, "record")
	if _, err := os.Stat(filepath.Join(target, "checkpoint")); err == nil {
		dir = target // the record's own folder
	}
	return &disk{&folder{dir: dir}, filepath.Join(filepath.Dir(dir), "keys"), opts}
}

func (d *disk) get(_ context.Context, name string) ([]byte, error) {
	if name != "policy" {
		return os.ReadFile(d.path(name))
	}
	k := &Keys{}
	for _, f := range [...]struct {
		file string
		vkey *string
	}{{logKeyFile, &k.LogKey}, {promiseKeyFile, &k.PromiseKey}} {
		raw, err := os.ReadFile(filepath.Join(d.keys, f.file))
		if err != nil {
			return nil, err
		}
		_, vkey, _ := strings.Cut(strings.TrimSpace(string(raw)), "\n")
		*f.vkey = vkey
	}
	return writePolicy(k), nil
}

func (d *disk) texts(ctx context.Context, each func(Text) error) error {
	if d.opts.Texts == nil {
		return fmt.Errorf("the texts are in the database, which was not opened")
	}
	return d.opts.Texts(ctx, each)
}
