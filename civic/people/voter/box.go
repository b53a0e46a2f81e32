package voter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"

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

// Merkle is the root of RFC 6962 over sorted distinct commitments:
// leaves SHA-256(0x00 ‖ commitment), nodes SHA-256(0x01 ‖ left ‖ right), the left
// part being the largest power of two below the number; of nothing, SHA-256("").
func Merkle(commits []glosa.Hash) glosa.Hash {
	switch n := len(commits); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, commits[0][:]...))
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		left, right := Merkle(commits[:k]), Merkle(commits[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
	}
}

// Distinct sorts commitments and drops repetitions.
func Distinct(commits []glosa.Hash) []glosa.Hash {
	slices.SortFunc(commits, func(a, b glosa.Hash) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(commits)
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
