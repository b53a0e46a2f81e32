package voter

import (
	"crypto/sha256"
	"encoding/hex"

	"glosa"
)

// Tracker is the name of a ballot's row in the published file:
// SHA-256("glosa/tracker/v1" ‖ 0x00 ‖ salt) in hexadecimal.
func Tracker(salt glosa.Hash) string {
	h := sha256.Sum256(append([]byte("glosa/tracker/v1\x00"), salt[:]...))
	return hex.EncodeToString(h[:])
}

// DeviceSalt makes the device's part of a salt out of a word that a voter types
// where there is no script; the empty word gives zeros.
func DeviceSalt(word string) (salt [16]byte) {
	if word != "" {
		h := sha256.Sum256([]byte("glosa/word/v1\x00" + word))
		copy(salt[:], h[:])
	}
	return salt
}

// Step is the least by which a public count moves, and the least that is shown.
const Step = 10

// Moved is the count to show when it is n and was shown as was: it follows only
// in steps of ten or more, and nothing is shown below ten.
func Moved(was, n int) int {
	if n-was >= Step || was-n >= Step {
		if n < Step {
			return 0
		}
		return n
	}
	return was
}
