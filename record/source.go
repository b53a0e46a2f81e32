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

	"glosa"
)

// source is where a record is verified from: a site or a folder.
type source interface {
	tileSource
	get(ctx context.Context, name string) ([]byte, error) // checkpoint, policy
	texts(ctx context.Context, each func(Text) error) error
	officials(ctx context.Context, each func(glosa.Official) error) error
	file(ctx context.Context, path string) (io.ReadCloser, error) // that an official line names
	page(ctx context.Context, path string) ([]byte, error)        // of a site
	paged() bool                                                  // whether there are pages at all
}

// maxBundle is the largest bundle that tlog-tiles allows.
const maxBundle = tileWidth * (2 + 1<<16)

// maxTextLine bounds one line of /record/texts and of /record/official.
const maxTextLine = 16 << 20

// maxPage bounds one answer of a site about one object.
const maxPage = 16 << 20

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

func (s *site) officials(ctx context.Context, each func(glosa.Official) error) error {
	body, err := s.open(ctx, "official")
	if err != nil {
		return err
	}
	defer body.Close()
	return readOfficials(body, each)
}

func readOfficials(r io.Reader, each func(glosa.Official) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxTextLine)
	for n := 1; lines.Scan(); n++ {
		o, err := parseOfficial(lines.Bytes())
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := each(o); err != nil {
			return err
		}
	}
	return lines.Err()
}

// parseOfficial reads one line of /record/official.
func parseOfficial(line []byte) (glosa.Official, error) {
	var o glosa.Official
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&o); err != nil {
		return o, err
	}
	values := 0
	for _, v := range []string{o.Word, o.Text, o.File} {
		if v != "" {
			values++
		}
	}
	switch {
	case dec.More():
		return o, fmt.Errorf("more than one object")
	case values != 1 || o.Of == "" || o.ID == "" || o.What == "" || strings.HasPrefix(o.What, "."):
		return o, fmt.Errorf("%.20q %.40q %.40q does not say one thing", o.Of, o.ID, o.What)
	case strings.HasPrefix(o.Word, "\x00"):
		return o, fmt.Errorf("%.20q %.40q %.40q: a word that is none", o.Of, o.ID, o.What)
	case o.File != "" && (!strings.HasPrefix(o.File, "/") || strings.HasPrefix(o.File, "//") || strings.ContainsAny(o.File, "?#\\")):
		return o, fmt.Errorf("file %.60q is not a path of the site", o.File)
	}
	return o, nil
}

// root is the address of the site itself.
func (s *site) root() string { return strings.TrimSuffix(s.base, "/record/") }

func (s *site) file(ctx context.Context, path string) (io.ReadCloser, error) {
	return (&site{s.root(), s.client}).open(ctx, path)
}

func (s *site) page(ctx context.Context, path string) ([]byte, error) {
	return (&site{s.root(), s.client}).read(ctx, path, maxPage)
}

func (s *site) paged() bool { return true }

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

func (d *disk) officials(ctx context.Context, each func(glosa.Official) error) error {
	if d.opts.Officials == nil {
		return fmt.Errorf("they are in the database, which was not opened")
	}
	return d.opts.Officials(ctx, each)
}

func (d *disk) file(context.Context, string) (io.ReadCloser, error) { return nil, fs.ErrNotExist }

func (d *disk) page(context.Context, string) ([]byte, error) { return nil, fs.ErrNotExist }

func (d *disk) paged() bool { return false }
