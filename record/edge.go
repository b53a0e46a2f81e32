package record

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	entryLevel = -1 // the level of entry bundles, as tlog counts
)

// edge is the right edge of the tree: the unfinished tile of each level and the
// unfinished bundle of entries. It is all that is needed to append and to know
// the root, and never larger than a bundle and a few tiles.
type edge struct {
	size   int64
	levels [][]tlog.Hash
	bundle []byte
}

// add appends a leaf. done is handed each tile and bundle that becomes full; it
// may keep the bytes.
func (e *edge) add(leaf []byte, done func(tlog.Tile, []byte)) {
	e.bundle = binary.BigEndian.AppendUint16(e.bundle, uint16(len(leaf)))
	e.bundle = append(e.bundle, leaf...)
	e.size++
	if e.size%tileWidth == 0 {
		done(tlog.Tile{H: tileHeight, L: entryLevel, N: e.size/tileWidth - 1, W: tileWidth}, e.bundle)
		e.bundle = nil
	}
	h := tlog.RecordHash(leaf)
	for l := 0; ; l++ {
		if l == len(e.levels) {
			e.levels = append(e.levels, make([]tlog.Hash, 0, tileWidth))
		}
		e.levels[l] = append(e.levels[l], h)
		if len(e.levels[l]) < tileWidth {
			return
		}
		n := e.size>>(tileHeight*(l+1)) - 1
		done(tlog.Tile{H: tileHeight, L: l, N: n, W: tileWidth}, hashBytes(e.levels[l]))
		h = subtree(e.levels[l])
		e.levels[l] = e.levels[l][:0]
	}
}

// partial hands over the unfinished tiles and the unfinished bundle.
func (e *edge) partial(each func(tlog.Tile, []byte)) {
	if w := int(e.size % tileWidth); w > 0 {
		each(tlog.Tile{H: tileHeight, L: entryLevel, N: e.size / tileWidth, W: w}, e.bundle)
	}
	for l, hashes := range e.levels {
		if len(hashes) > 0 {
			each(tlog.Tile{H: tileHeight, L: l, N: e.size >> (tileHeight * (l + 1)), W: len(hashes)}, hashBytes(hashes))
		}
	}
}

// root is the root of the tree, computed by tlog from the edge.
func (e *edge) root() (tlog.Hash, error) {
	return tlog.TreeHash(e.size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			level, n := tlog.SplitStoredHashIndex(x)
			l, within := level/tileHeight, level%tileHeight
			if l >= len(e.levels) {
				return nil, fmt.Errorf("level %d is not on the edge", level)
			}
			start := n<<within - e.size>>(tileHeight*l)&^(tileWidth-1)
			end := start + 1<<within
			if start < 0 || end > int64(len(e.levels[l])) {
				return nil, fmt.Errorf("hash %d of level %d is not on the edge", n, level)
			}
			out[i] = subtree(e.levels[l][start:end])
		}
		return out, nil
	}))
}

// subtree is the hash over a power of two of neighbouring hashes.
func subtree(h []tlog.Hash) tlog.Hash {
	if len(h) == 1 {
		return h[0]
	}
	return tlog.NodeHash(subtree(h[:len(h)/2]), subtree(h[len(h)/2:]))
}

func hashBytes(hashes []tlog.Hash) []byte {
	b := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		b = append(b, h[:]...)
	}
	return b
}

func bytesHashes(b []byte) ([]tlog.Hash, error) {
	if len(b)%tlog.HashSize != 0 {
		return nil, fmt.Errorf("%d bytes are not whole hashes", len(b))
	}
	out := make([]tlog.Hash, len(b)/tlog.HashSize)
	for i := range out {
		copy(out[i][:], b[i*tlog.HashSize:])
	}
	return out, nil
}

// entries splits a bundle into its leaves. They share its bytes.
func entries(bundle []byte) ([][]byte, error) {
	var out [][]byte
	for at := 0; at < len(bundle); {
		if at+2 > len(bundle) {
			return out, fmt.Errorf("entry %d: length cut short", len(out))
		}
		n := int(binary.BigEndian.Uint16(bundle[at:]))
		at += 2
		if at+n > len(bundle) {
			return out, fmt.Errorf("entry %d: %d bytes announced, %d left", len(out), n, len(bundle)-at)
		}
		out = append(out, bundle[at:at+n])
		at += n
	}
	return out, nil
}
