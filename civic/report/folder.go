package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"glosa"
)

// Folder keeps files on a disk, each at ab/cdef… under its SHA-256. A file is
// written beside its place, synced, and moved there: a crash leaves a whole
// file, or none and a leftover in tmp that the next start removes.
type Folder struct {
	root string
	mu   sync.Mutex // a drop never meets a put of the same bytes
}

// ReadFolder is a folder to be read only: it makes nothing, and removes nothing
// that somebody else is about to put there.
func ReadFolder(root string) *Folder { return &Folder{root: root} }

// NewFolder opens a folder of files, and makes it if need be.
func NewFolder(root string) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(root, "tmp"), 0o700); err != nil {
		return nil, diskError(err)
	}
	left, err := os.ReadDir(filepath.Join(root, "tmp"))
	if err != nil {
		return nil, diskError(err)
	}
	for _, l := range left {
		if err := os.Remove(filepath.Join(root, "tmp", l.Name())); err != nil {
			return nil, diskError(err)
		}
	}
	return &Folder{root: root}, nil
}

// Keep puts bytes that somebody sealed: what they are cannot be told, nor need be.
func (f *Folder) Keep(ctx context.Context, sealed []byte) (glosa.FileID, error) {
	tmp, err := os.CreateTemp(filepath.Join(f.root, "tmp"), "keep-*")
	if err != nil {
		return "", diskError(err)
	}
	defer os.Remove(tmp.Name()) // after the move there is none
	defer tmp.Close()
	if _, err := io.Copy(tmp, contextReader{ctx, bytes.NewReader(sealed)}); err != nil {
		return "", diskError(err)
	}
	if err := tmp.Sync(); err != nil {
		return "", diskError(err)
	}
	sum := sha256.Sum256(sealed)
	id := glosa.FileID(hex.EncodeToString(sum[:]))
	return id, f.settle(tmp.Name(), id)
}

// Put implements [Files].
func (f *Folder) Put(ctx context.Context, r io.Reader, most int64) (File, error) {
	tmp, err := os.CreateTemp(filepath.Join(f.root, "tmp"), "put-*")
	if err != nil {
		return File{}, diskError(err)
	}
	defer os.Remove(tmp.Name()) // after the move there is none
	defer tmp.Close()
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(tmp, sum), io.LimitReader(contextReader{ctx, r}, most+1))
	if err != nil {
		return File{}, diskError(err)
	}
	if size > most {
		return File{}, glosa.WrongField("file", "rp.large", "most", strconv.FormatFloat(float64(most)/(1<<20), 'g', 3, 64))
	}
	t, ok := TypeOf(tmp, size)
	if !ok {
		return File{}, glosa.WrongField("file", "rp.type")
	}
	if err := tmp.Sync(); err != nil {
		return File{}, diskError(err)
	}
	file := File{ID: glosa.FileID(hex.EncodeToString(sum.Sum(nil))), Size: size, Type: t}
	return file, f.settle(tmp.Name(), file.ID)
}

// settle moves a synced file to its place. Bytes already there stay as they
// are, with a new time, so that a sweep under way leaves them.
func (f *Folder) settle(tmp string, id glosa.FileID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	place := f.place(id)
	dir := filepath.Dir(place)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return diskError(err)
	}
	if err := os.Rename(tmp, place); err != nil { // the same bytes: whichever stays
		return diskError(err)
	}
	for _, d := range []string{dir, f.root} {
		if err := syncDir(d); err != nil {
			return diskError(err)
		}
	}
	return nil
}

func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// place is where a file lies. Only valid ids come here.
func (f *Folder) place(id glosa.FileID) string {
	return filepath.Join(f.root, string(id[:2]), string(id[2:]))
}

// ValidFileID tells whether an id is the hex of 32 bytes: nothing else names a path.
func ValidFileID(id glosa.FileID) bool {
	b, err := hex.DecodeString(string(id))
	return err == nil && len(b) == sha256.Size && hex.EncodeToString(b) == string(id)
}

// Get implements [Files].
func (f *Folder) Get(_ context.Context, id glosa.FileID) (io.ReadSeekCloser, error) {
	if !ValidFileID(id) {
		return nil, glosa.Missing("file", string(id))
	}
	file, err := os.Open(f.place(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, glosa.Missing("file", string(id))
	}
	if err != nil {
		return nil, diskError(err)
	}
	return file, nil
}

// Each implements [Files].
func (f *Folder) Each(ctx context.Context, fn func(glosa.FileID, time.Time) error) error {
	return filepath.WalkDir(f.root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return errors.Join(err, ctx.Err())
		}
		id := glosa.FileID(filepath.Base(filepath.Dir(name)) + d.Name())
		if !ValidFileID(id) {
			return nil // a leftover of an upload under way
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(id, info.ModTime())
	})
}

// Drop implements [Files].
func (f *Folder) Drop(_ context.Context, id glosa.FileID, before time.Time) error {
	if !ValidFileID(id) {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.place(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return diskError(err)
	}
	if info.ModTime().After(before) {
		return nil
	}
	return diskError(os.Remove(f.place(id)))
}

// diskError keeps an error of the house as it is, says of a full disk that one may come
// back later, and calls everything else ours.
func diskError(err error) error {
	var e *glosa.Error
	switch {
	case err == nil || errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return &glosa.Error{Kind: glosa.Busy, Key: "e.disk", Err: err}
	}
	return &glosa.Error{Kind: glosa.Internal, Err: fmt.Errorf("report files: %w", err)}
}

// contextReader stops a slow upload when its request is over.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
