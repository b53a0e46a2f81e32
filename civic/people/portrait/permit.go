package portrait

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"glosa"
)

// A permit is 16 random bytes and the first 16 of their HMAC under a key of the
// house, as base64url. Whoever has just asked gets one with the page that says
// so. Nothing is kept of it before it is spent.
const (
	permitHalf  = 16
	permitWords = "glosa/portrait/permit/v1\x00"
)

// Permit draws a permit for one answer in an edition. It is drawn, not derived:
// nobody can tell afterwards on whose page it stood.
func (d *Desk) Permit(ed glosa.EditionID) string {
	var nonce [permitHalf]byte
	_, _ = rand.Read(nonce[:]) // crypto/rand never fails on a working machine
	return base64.RawURLEncoding.EncodeToString(append(nonce[:], d.seal(ed, nonce[:])...))
}

func (d *Desk) seal(ed glosa.EditionID, nonce []byte) []byte {
	m := hmac.New(sha256.New, d.Key[:])
	m.Write([]byte(permitWords + string(ed) + "\x00"))
	m.Write(nonce)
	return m.Sum(nil)[:permitHalf]
}

// spent is what is remembered of a permit. Invalid for one that this house did
// not give for this edition.
func (d *Desk) spent(ed glosa.EditionID, permit string) (glosa.Hash, error) {
	raw, err := base64.RawURLEncoding.DecodeString(permit)
	if err != nil || len(raw) != 2*permitHalf || !hmac.Equal(raw[permitHalf:], d.seal(ed, raw[:permitHalf])) {
		return glosa.Hash{}, glosa.WrongField("permit", "pt.permit")
	}
	return glosa.Digest(raw), nil
}
