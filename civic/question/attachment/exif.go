package attachment

import "encoding/binary"

// orientation is the one note of a JPEG that is heeded before all are thrown away:
// which side was up. 1 when it does not say.
func orientation(b []byte) int {
	for at := 2; at+4 <= len(b) && b[at] == 0xff; {
		marker, size := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(b) {
			return 1
		}
		if part := b[at+4 : at+2+size]; marker == 0xe1 && len(part) > 14 && string(part[:6]) == "Exif\x00\x00" {
			return upSide(part[6:])
		}
		at += 2 + size
	}
	return 1
}

// upSide reads the first list of a TIFF: the tag of orientation is 0x0112.
func upSide(t []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	if string(t[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int(order.Uint32(t[4:]))
	if at < 8 || at > len(t)-2 {
		return 1
	}
	for n := int(order.Uint16(t[at:])); n > 0; n-- {
		entry := at + 2 + (n-1)*12
		if entry+12 > len(t) {
			continue
		}
		if order.Uint16(t[entry:]) == 0x0112 {
			return int(order.Uint16(t[entry+8:]))
		}
	}
	return 1
}
