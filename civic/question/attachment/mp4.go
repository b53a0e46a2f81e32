package attachment

import (
	"bytes"
	"encoding/binary"
)

// An MP4 is boxes in boxes: four bytes of length, four of name, then the content.
// The boxes that hold notes (where it was filmed, with what, when) become free
// space of the same length, so that no address inside the file moves.

// maxBoxes is far more than a short film has.
const maxBoxes = 20_000

// notes are boxes that say things about a film that are not the film.
var notes = map[string]bool{"udta": true, "meta": true, "uuid": true, "free": true, "skip": true, "wide": true}

// inside are boxes that hold boxes, on the way to what we look for.
var inside = map[string]bool{"moov": true, "trak": true, "mdia": true}

// box is one box: where its content begins and ends.
type box struct {
	name     string
	from, to int
}

// boxes lists the boxes of b[from:to]; ok is false when they do not fill it exactly.
func boxes(b []byte, from, to int) (all []box, ok bool) {
	for at := from; at < to; {
		if to-at < 8 || len(all) == maxBoxes {
			return all, false
		}
		size, head := uint64(binary.BigEndian.Uint32(b[at:])), 8
		switch size {
		case 0: // to the end of the file
			size = uint64(to - at)
		case 1:
			if to-at < 16 {
				return all, false
			}
			size, head = binary.BigEndian.Uint64(b[at+8:]), 16
		}
		if size < uint64(head) || size > uint64(to-at) {
			return all, false
		}
		all = append(all, box{string(b[at+4 : at+8]), at + head, at + int(size)})
		at += int(size)
	}
	return all, true
}

// mp4Type tells sound from film by what its tracks are for; "" when the boxes do
// not fill the file, as in a file that is two things at once.
func mp4Type(b []byte) string {
	handlers := map[string]bool{}
	if !walk(b, 0, len(b), 0, func(x box) {
		if x.name == "hdlr" && x.to-x.from >= 12 {
			handlers[string(b[x.from+8:x.from+12])] = true
		}
	}) {
		return ""
	}
	switch {
	case handlers["vide"]:
		return "video/mp4"
	case handlers["soun"]:
		return "audio/mp4"
	}
	return ""
}

// walk visits the boxes that matter, at most four deep.
func walk(b []byte, from, to, depth int, visit func(box)) bool {
	all, ok := boxes(b, from, to)
	if !ok {
		return false
	}
	for _, x := range all {
		visit(x)
		if inside[x.name] && depth < 3 && !walk(b, x.from, x.to, depth+1, visit) {
			return false
		}
	}
	return true
}

// bareMP4 is a copy without notes and times.
func bareMP4(b []byte) []byte {
	out := bytes.Clone(b)
	walk(b, 0, len(b), 0, func(x box) {
		switch {
		case notes[x.name]:
			name := x.from - 4 // of a box with a short head; a long head has its name before the length
			if string(b[name:x.from]) != x.name {
				name = x.from - 12
			}
			copy(out[name:], "free")
			clear(out[x.from:x.to])
		case x.name == "mvhd" || x.name == "tkhd" || x.name == "mdhd":
			times := 8
			if x.to > x.from && b[x.from] == 1 {
				times = 16
			}
			if x.to-x.from >= 4+times {
				clear(out[x.from+4 : x.from+4+times])
			}
		}
	})
	return out
}
