package notice

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"glosa"
	"glosa/civic/people"
)

// Use is what a link is for.
type Use string

const (
	Confirming Use = "c" // of a subscription: confirms it
	Stopping   Use = "s" // of a subscription: ends it
	Leaving    Use = "l" // of a contact: ends everything
	Bouncing   Use = "b" // of a mail, in the address that its failure comes back to
)

// Key makes lookups and seals. It is kept outside the database and its backups.
type Key [32]byte

// Lookup finds an address again: HMAC-SHA-256(key, "lookup" ‖ 0 ‖ address in
// lower case). Mailboxes that differ by case alone are one person's.
func (k Key) Lookup(address people.Private) glosa.Hash {
	return k.mac("lookup", strings.ToLower(address.Reveal()))
}

func (k Key) mac(use, what string) glosa.Hash {
	m := hmac.New(sha256.New, k[:])
	m.Write([]byte("glosa/notice/v1\x00" + use + "\x00" + what))
	return glosa.Hash(m.Sum(nil))
}

// sealBytes is how much of the HMAC a link carries: 80 bits, of an id of which 80
// bits are random already.
const sealBytes = 10

// Seal is an id with the proof that this house wrote it down for that use: a
// letter, the id, a hyphen, 20 hexadecimal digits.
func (k Key) Seal(use Use, id string) string {
	h := k.mac(string(use), id)
	return string(use) + id + "-" + hex.EncodeToString(h[:sealBytes])
}

// Open reads a seal of any use. NotFound when it is none of ours: a link cut
// short by a mail program and a forged one are told apart by nothing.
func (k Key) Open(token string) (Use, string, error) {
	gone := glosa.Missing("notice", "")
	head, mac, ok := strings.Cut(token, "-")
	if !ok || len(head) < 2 || len(head) > 64 {
		return "", "", gone
	}
	use, id := Use(head[:1]), head[1:]
	switch use {
	case Confirming, Stopping, Leaving, Bouncing:
	default:
		return "", "", gone
	}
	if want := k.Seal(use, id); !hmac.Equal([]byte(want), []byte(string(use)+id+"-"+mac)) {
		return "", "", gone
	}
	return use, id, nil
}
