package glosa

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// Hash is 32 bytes of SHA-256, written in base64 as the C2SP formats do.
type Hash [32]byte

// MarshalText writes standard base64 with padding.
func (h Hash) MarshalText() ([]byte, error) {
	return []byte(base64.StdEncoding.EncodeToString(h[:])), nil
}

// UnmarshalText reads what MarshalText wrote. Any other length is an error.
func (h *Hash) UnmarshalText(text []byte) error {
	b, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		return fmt.Errorf("hash: %w", err)
	}
	if len(b) != len(h) {
		return fmt.Errorf("hash: %d bytes, want %d", len(b), len(h))
	}
	copy(h[:], b)
	return nil
}

func (h Hash) String() string { return base64.StdEncoding.EncodeToString(h[:]) }

// IsZero tells whether the hash was never set.
func (h Hash) IsZero() bool { return h == Hash{} }

// Salt is the salt of a commitment (trust.md §2): SHA-256 of 32 server bytes and
// 16 device bytes. Without script the device's bytes are zeros.
func Salt(server [32]byte, device [16]byte) Hash {
	return sha256.Sum256(append(server[:], device[:]...))
}

// Commit is the commitment to an object under a salt (trust.md §2):
// SHA-256("glosa/commit/v1" ‖ 0x00 ‖ salt ‖ JCS(object)). The salt is kept in
// the text's row and deleted with it; then nobody can tell what was committed.
func Commit(salt Hash, object any) (Hash, error) {
	js, err := JCS(object)
	if err != nil {
		return Hash{}, err
	}
	h := sha256.New()
	h.Write([]byte("glosa/commit/v1\x00"))
	h.Write(salt[:])
	h.Write(js)
	return Hash(h.Sum(nil)), nil
}

// Digest is the plain SHA-256 of what is public anyway: a file, a protocol, minutes.
func Digest(b []byte) Hash { return sha256.Sum256(b) }
