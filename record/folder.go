package record

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

// folder is the log on disk, laid out as it is served:
//
//	checkpoint  tile/<L>/<N>[.p/<W>]  tile/entries/<N>[.p/<W>]  lock  .tmp/
//
// Only the partial tiles of the newest checkpoint are kept.
type folder struct {
	dir  string
	step func() error // crash tests stop here; nil otherwise

	known map[string]bool // folders made and flushed by this process
}

func (f *folder) path(rel string) string { return filepath.Join(f.dir, filepath.FromSlash(rel)) }

// here is a place where a process may be stopped.
func (f *folder) here() error {
	if f.step == nil {
		return nil
	}
	return f.step()
}

func (f *folder) checkpoint() ([]byte, error) { return os.ReadFile(f.path("checkpoint")) }

// tile reads a tile exactly as wide as asked, if need be out of a wider one.
func (f *folder) tile(_ context.Context, t tlog.Tile) ([]byte, error) {
	data, err := os.ReadFile(f.path(tilePath(t)))
	if err == nil {
		_, err = narrow(t, data, t.W) // a file of the wrong length is damage, not a tile
		return data, err
	}
	if !errors.Is(err, fs.ErrNotExist) || t.W == tileWidth {
		return nil, err
	}
	wide := t
	wide.W = tileWidth
	data, wideErr := os.ReadFile(f.path(tilePath(wide)))
	if errors.Is(wideErr, fs.ErrNotExist) {
		if wide.W = f.widestPartial(t); wide.W == 0 {
			return nil, err
		}
		data, wideErr = os.ReadFile(f.path(tilePath(wide)))
	}
	if wideErr != nil {
		return nil, wideErr
	}
	return narrow(wide, data, t.W)
}

// widestPartial looks for a partial tile wider than t in t's folder; 0 if there is none.
func (f *folder) widestPartial(t tlog.Tile) int {
	names, err := os.ReadDir(filepath.Dir(f.path(tilePath(t))))
	if err != nil {
		return 0
	}
	widest := 0
	for _, n := range names {
		if w, err := strconv.Atoi(n.Name()); err == nil && w > t.W && w < tileWidth {
			widest = max(widest, w)
		}
	}
	return widest
}

// file is one thing to be written.
type file struct {
	rel  string
	data []byte
}

// write puts files in place so that a stop at any instant leaves each of them
// whole or absent: written and flushed aside, renamed, then the folders flushed.
func (f *folder) write(files []file) error {
	if err := f.eachFile(files, f.writeAside); err != nil {
		return err
	}
	dirs := map[string]bool{}
	for i, one := range files {
		to := f.path(one.rel)
		if err := f.makeDir(filepath.Dir(to), dirs); err != nil {
			return err
		}
		if err := errors.Join(f.here(), os.Rename(f.aside(i), to)); err != nil {
			return err
		}
		dirs[filepath.Dir(to)] = true
	}
	for d := range dirs {
		if err := errors.Join(f.here(), syncDir(d)); err != nil {
			return err
		}
		f.known[d] = true
	}
	return nil
}

func (f *folder) aside(i int) string { return filepath.Join(f.dir, ".tmp", strconv.Itoa(i)) }

func (f *folder) writeAside(i int, one file) error {
	w, err := os.OpenFile(f.aside(i), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = w.Write(one.data)
	if err == nil {
		err = errors.Join(w.Sync(), f.here())
	}
	return errors.Join(err, w.Close())
}

// flushers is how many files are flushed at once: disks take several for the price of one.
const flushers = 8

func (f *folder) eachFile(files []file, do func(int, file) error) error {
	errs := make([]error, min(flushers, len(files)))
	var wg sync.WaitGroup
	for k := range errs {
		wg.Go(func() {
			for i := k; i < len(files) && errs[k] == nil; i += len(errs) {
				errs[k] = do(i, files[i])
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// makeDir makes a folder and notes it and its parents to be flushed.
func (f *folder) makeDir(dir string, flush map[string]bool) error {
	if f.known[dir] {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for d := dir; d != f.dir && !f.known[d]; d = filepath.Dir(d) {
		flush[filepath.Dir(d)] = true
	}
	return nil
}

// forget removes partial tiles that a wider one has replaced. What cannot be
// removed stays: it is true, only no longer needed.
func (f *folder) forget(paths []string) {
	for _, p := range paths {
		if f.here() != nil {
			return
		}
		os.Remove(f.path(p))
		os.Remove(filepath.Dir(f.path(p))) // fails unless it is empty
		delete(f.known, filepath.Dir(f.path(p)))
	}
}

// tidy removes what a stopped process left behind: files written aside, and
// partial tiles at the edge that do not belong to the tree's size.
func (f *folder) tidy(size int64) error {
	if err := os.RemoveAll(filepath.Join(f.dir, ".tmp")); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(f.dir, ".tmp"), 0o755); err != nil {
		return err
	}
	f.known = map[string]bool{}
	for l := entryLevel; l == entryLevel || size>>(tileHeight*l) > 0; l++ {
		n := size >> tileHeight
		if l > 0 {
			n = size >> (tileHeight * (l + 1))
		}
		for _, at := range []int64{n - 1, n} {
			f.tidyTile(tlog.Tile{H: tileHeight, L: l, N: at, W: 1}, widthAt(size, l, at))
		}
	}
	return nil
}

func (f *folder) tidyTile(t tlog.Tile, keep int) {
	if t.N < 0 {
		return
	}
	dir := filepath.Dir(f.path(tilePath(t)))
	names, _ := os.ReadDir(dir)
	for _, n := range names {
		if n.Name() != strconv.Itoa(keep) {
			os.Remove(filepath.Join(dir, n.Name()))
		}
	}
	os.Remove(dir)
}
