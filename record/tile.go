package record

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// tilePath is a tile's path in C2SP tlog-tiles: tile/<L>/<N>[.p/<W>], where L is
// "entries" for a bundle. (tlog's own Path is the sumdb's, with the height.)
func tilePath(t tlog.Tile) string {
	level := "entries"
	if t.L != entryLevel {
		level = strconv.Itoa(t.L)
	}
	n := fmt.Sprintf("%03d", t.N%1000)
	for rest := t.N / 1000; rest > 0; rest /= 1000 {
		n = fmt.Sprintf("x%03d/%s", rest%1000, n)
	}
	if t.W < tileWidth {
		n += ".p/" + strconv.Itoa(t.W)
	}
	return "tile/" + level + "/" + n
}

// parseTilePath is the inverse of tilePath. Any other spelling is an error, so
// the closed list of what is served has one address for each thing.
func parseTilePath(path string) (tlog.Tile, error) {
	bad := fmt.Errorf("not the path of a tile: %.80q", path)
	rest, ok := strings.CutPrefix(path, "tile/")
	if !ok || len(path) > 100 {
		return tlog.Tile{}, bad
	}
	level, rest, ok := strings.Cut(rest, "/")
	t := tlog.Tile{H: tileHeight, L: entryLevel, W: tileWidth}
	if level != "entries" {
		l, err := decimal(level)
		if err != nil || l > 63 {
			return tlog.Tile{}, bad
		}
		t.L = int(l)
	}
	index, width, partial := strings.Cut(rest, ".p/")
	if partial {
		w, err := decimal(width)
		if err != nil || w < 1 || w >= tileWidth {
			return tlog.Tile{}, bad
		}
		t.W = int(w)
	}
	for part := range strings.SplitSeq(index, "/") {
		d, err := strconv.ParseUint(strings.TrimPrefix(part, "x"), 10, 16)
		if err != nil || d > 999 || t.N > 1<<50 {
			return tlog.Tile{}, bad
		}
		t.N = t.N*1000 + int64(d)
	}
	if !ok || tilePath(t) != path {
		return tlog.Tile{}, bad
	}
	return t, nil
}

// widthAt is how wide tile n of a level is in a tree of the given size; 0 if it is not there.
func widthAt(size int64, level int, n int64) int {
	if level == entryLevel {
		level = 0
	}
	if tileHeight*level > 62 {
		return 0
	}
	return int(min(tileWidth, max(0, size>>(tileHeight*level)-n*tileWidth)))
}

// tileSource gives a tile or bundle exactly as wide as asked.
type tileSource interface {
	tile(ctx context.Context, t tlog.Tile) ([]byte, error)
}

// narrow cuts a wider tile or bundle down to width: a partial tile is the
// beginning of every wider one.
func narrow(t tlog.Tile, have []byte, width int) ([]byte, error) {
	if t.L != entryLevel {
		if len(have) != t.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes, not %d", tilePath(t), len(have), t.W*tlog.HashSize)
		}
		return have[:width*tlog.HashSize], nil
	}
	leaves, err := entries(have)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", tilePath(t), err)
	}
	if len(leaves) != t.W {
		return nil, fmt.Errorf("%s has %d entries", tilePath(t), len(leaves))
	}
	end := 0
	for _, l := range leaves[:width] {
		end += 2 + len(l)
	}
	return have[:end], nil
}

// hashReader reads a tree of a known size out of its tiles, so that tlog can
// compute proofs and roots. It trusts the tiles: whoever uses it checks the
// result against a signed root.
func hashReader(ctx context.Context, size int64, src tileSource) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		seen := map[tlog.Tile][]byte{}
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			t := tlog.TileForIndex(tileHeight, x)
			if t.W = widthAt(size, t.L, t.N); t.W == 0 {
				return nil, fmt.Errorf("hash %d is not in a tree of %d leaves", x, size)
			}
			data, ok := seen[t]
			if !ok {
				var err error
				if data, err = src.tile(ctx, t); err != nil {
					return nil, err
				}
				seen[t] = data
			}
			h, err := tlog.HashFromTile(t, data, x)
			if err != nil {
				return nil, err
			}
			out[i] = h
		}
		return out, nil
	})
}
