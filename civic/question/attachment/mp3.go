package attachment

import "bytes"

// isMP3 tells whether two frames of MPEG layer III follow each other, after the
// notes that may stand before them.
func isMP3(b []byte) bool {
	b = bareMP3(b)
	n := frame(b)
	return n > 0 && len(b) >= n+4 && frame(b[n:]) > 0
}

// bareMP3 leaves out the notes before and after the sound: titles, pictures, places.
func bareMP3(b []byte) []byte {
	if len(b) >= 10 && string(b[:3]) == "ID3" && b[6]|b[7]|b[8]|b[9] < 0x80 {
		size := 10 + int(b[6])<<21 + int(b[7])<<14 + int(b[8])<<7 + int(b[9])
		b = b[min(size, len(b)):]
	}
	if n := len(b) - 128; n >= 0 && bytes.HasPrefix(b[n:], []byte("TAG")) {
		b = b[:n]
	}
	return b
}

// Rates of layer III in kbit/s, of MPEG 1 and of MPEG 2.
var (
	rates1 = [16]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}
	rates2 = [16]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}
)

// frame is the length of the frame that begins b; 0 when none does.
func frame(b []byte) int {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return 0
	}
	version, layer, rate, hertz, pad := b[1]>>3&3, b[1]>>1&3, b[2]>>4, b[2]>>2&3, int(b[2]>>1&1)
	if version == 1 || layer != 1 || hertz == 3 {
		return 0
	}
	hz := [3]int{44100, 48000, 32000}[hertz]
	if version == 3 {
		if rates1[rate] == 0 {
			return 0
		}
		return 144000*rates1[rate]/hz + pad
	}
	if rates2[rate] == 0 {
		return 0
	}
	hz /= 2
	if version == 0 {
		hz /= 2
	}
	return 72000*rates2[rate]/hz + pad
}
