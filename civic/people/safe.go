package people

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"

	"glosa"
)

// PersonID is the random id under which a private person's name or contact is
// kept. It says nothing, and nothing is derived from it.
type PersonID string

// Kept is what a sealed box holds.
type Kept string

const (
	AuthorName Kept = "author"  // the name a question's author chose to sign with
	Contact    Kept = "contact" // a mailbox or a telephone
	HolderName Kept = "holder"  // the name of somebody who holds a seat and is no public person
)

// Safe seals private words with a key that is kept outside the database and
// its backups: who reads the disk reads nothing.
type Safe struct{ box cipher.AEAD }

// NewSafe makes a safe of a 32-byte key.
func NewSafe(key [32]byte) *Safe {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("people: " + err.Error()) // a key of 32 bytes is always accepted
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		panic("people: " + err.Error()) // AES has the block size that GCM wants
	}
	return &Safe{box: box}
}

// Sealed is private words under the safe's key, with the id they will be kept
// under. Seal before the act, keep inside it.
type Sealed struct {
	id   PersonID
	kind Kept
	box  []byte // nonce and ciphertext, bound to id and kind
}

// ID is the id the words will be kept under.
func (s Sealed) ID() PersonID { return s.id }

// Seal closes the words up under a new random id. Invalid when there are none,
// or more than 500 bytes of them.
func (s *Safe) Seal(kind Kept, p Private) (Sealed, error) {
	words := p.Reveal()
	if words == "" || len(words) > 500 {
		return Sealed{}, glosa.WrongField("name", "pe.words")
	}
	var id [16]byte
	nonce := make([]byte, s.box.NonceSize())
	_, _ = rand.Read(id[:]) // crypto/rand never fails on a working machine
	_, _ = rand.Read(nonce)
	out := Sealed{id: PersonID(hex.EncodeToString(id[:])), kind: kind}
	out.box = s.box.Seal(nonce, nonce, []byte(words), bound(out.id, kind))
	return out, nil
}

// open reads a box. Internal when the key is another one or the row was moved.
func (s *Safe) open(id PersonID, kind Kept, box []byte) (Private, error) {
	n := s.box.NonceSize()
	if len(box) < n {
		return Private{}, &glosa.Error{Kind: glosa.Internal, Err: errBox}
	}
	words, err := s.box.Open(nil, box[:n], box[n:], bound(id, kind))
	if err != nil {
		return Private{}, &glosa.Error{Kind: glosa.Internal, Err: errBox}
	}
	return NewPrivate(string(words)), nil
}

// bound ties a box to its row, so that a name cannot be moved to another id.
func bound(id PersonID, kind Kept) []byte {
	return []byte("glosa/private/v1\x00" + string(kind) + "\x00" + string(id))
}

// Close seals words of a room of this house that keeps them in a table of its
// own, of any length, under a new random id. what names the kind of thing.
func (s *Safe) Close(what string, words []byte) (PersonID, []byte) {
	var raw [16]byte
	nonce := make([]byte, s.box.NonceSize())
	_, _ = rand.Read(raw[:])
	_, _ = rand.Read(nonce)
	id := PersonID(hex.EncodeToString(raw[:]))
	return id, s.box.Seal(nonce, nonce, words, bound(id, Kept(what)))
}

// Again seals other words in place of those kept under an id.
func (s *Safe) Again(what string, id PersonID, words []byte) []byte {
	nonce := make([]byte, s.box.NonceSize())
	_, _ = rand.Read(nonce)
	return s.box.Seal(nonce, nonce, words, bound(id, Kept(what)))
}

// Reopen reads what Close sealed. Internal when the key is another one or the
// row was moved.
func (s *Safe) Reopen(what string, id PersonID, box []byte) ([]byte, error) {
	p, err := s.open(id, Kept(what), box)
	return []byte(p.Reveal()), err
}
