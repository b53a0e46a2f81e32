package question

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"glosa"
)

// A sealed original. What was struck out of a question leaves the database and
// goes into a bundle that only two sides open together, with keys that are not on
// this machine:
//
//	{"commits":["…"],"edition":"qroo-10","kind":"glosa/seal/v1","nonce":"…","question":"QR26-0427-K",
//	 "sealed":"…","shares":[{"key":"…","share":"…","side":"government"},{"key":"…","share":"…","side":"civil"}],"v":1}
//
// It is canonical JSON; bytes are in base64. header is "glosa/seal/v1" ‖ 0 ‖
// edition ‖ 0 ‖ question ‖ 0 ‖ the commitments, 32 bytes each, in order. sealed is
// AES-256-GCM under a random content key of 32 bytes and the nonce of 12, with the
// header as its additional data, of the canonical JSON of a list of [SealedText].
// The content key is the XOR of two shares; the first is random. Each share is
// sealed by HPKE (RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
// AES-256-GCM) to one side's key, with header ‖ 0 ‖ side as its info; "share" is
// the encapsulated key followed by the ciphertext, and "key" the SHA-256 of the
// public key's 32 bytes. One share alone says nothing.
const sealKind = "glosa/seal/v1"

// Bundle is a sealed original.
type Bundle struct {
	Commits  []glosa.Hash     `json:"commits"`
	Edition  glosa.EditionID  `json:"edition"`
	Kind     string           `json:"kind"`
	Nonce    []byte           `json:"nonce"`
	Question glosa.QuestionID `json:"question"`
	Sealed   []byte           `json:"sealed"`
	Shares   []SealedShare    `json:"shares"`
	V        int              `json:"v"`
}

// SealedShare is one side's half of the content key.
type SealedShare struct {
	Key   glosa.Hash `json:"key"` // digest of the public key it is sealed to
	Share []byte     `json:"share"`
	Side  glosa.Side `json:"side"`
}

// SealedText is one commitment with what opens it.
type SealedText struct {
	Commit  glosa.Hash      `json:"commit"`
	Object  json.RawMessage `json:"object"`
	Salt    glosa.Hash      `json:"salt"`
	Version int             `json:"version"`
}

// SealKey is the public key of a side, written "glosa-seal-x25519:BASE64".
type SealKey [32]byte

const (
	publicKey  = "glosa-seal-x25519:"
	privateKey = "glosa-seal-x25519-private:"
)

func (k SealKey) String() string { return publicKey + base64.StdEncoding.EncodeToString(k[:]) }

// Digest is how pages and the record name the key.
func (k SealKey) Digest() glosa.Hash { return glosa.Digest(k[:]) }

// ParseSealKey reads a public key as `glosa seal keygen` prints it. Invalid, field "key".
func ParseSealKey(text string) (k SealKey, err error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), publicKey)
	b, err := base64.StdEncoding.Strict().DecodeString(rest)
	if !ok || err != nil || len(b) != len(k) {
		return k, glosa.WrongField("key", "sl.key")
	}
	copy(k[:], b)
	if _, err := suite.kem.NewPublicKey(b); err != nil {
		return SealKey{}, glosa.WrongField("key", "sl.key")
	}
	if _, err := (Bundle{Kind: sealKind}).share(k, glosa.Civil, make([]byte, 32)); err != nil {
		return SealKey{}, glosa.WrongField("key", "sl.key") // a point of low order seals nothing
	}
	return k, nil
}

// suite is the one suite of HPKE that bundles use.
var suite = struct {
	kem  hpke.KEM
	kdf  hpke.KDF
	aead hpke.AEAD
}{hpke.DHKEM(ecdh.X25519()), hpke.HKDFSHA256(), hpke.AES256GCM()}

// SealPrivate is the private key of a side. It does not print.
type SealPrivate struct{ key hpke.PrivateKey }

// NewSealPrivate draws a key.
func NewSealPrivate() (SealPrivate, error) {
	key, err := suite.kem.GenerateKey()
	return SealPrivate{key}, err
}

// String hides the key from logs.
func (SealPrivate) String() string { return "(private key of a side)" }

// Public is the key that may be told.
func (p SealPrivate) Public() (k SealKey) {
	copy(k[:], p.key.PublicKey().Bytes())
	return k
}

// File is what a key file holds.
func (p SealPrivate) File() ([]byte, error) {
	b, err := p.key.Bytes()
	return []byte(privateKey + base64.StdEncoding.EncodeToString(b) + "\n"), err
}

// errSeal says nothing of the key it could not use.
var errSeal = errors.New("not a private key of glosa seal keygen")

// ParseSealPrivate reads what File wrote.
func ParseSealPrivate(file []byte) (SealPrivate, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(string(file)), privateKey)
	b, err := base64.StdEncoding.Strict().DecodeString(rest)
	if !ok || err != nil {
		return SealPrivate{}, errSeal
	}
	key, err := suite.kem.NewPrivateKey(b)
	if err != nil {
		return SealPrivate{}, errSeal
	}
	return SealPrivate{key}, nil
}

// seal closes texts up to the keys of both sides. It draws randomness, so it
// comes before an act.
func seal(ed glosa.EditionID, id glosa.QuestionID, texts []SealedText, keys map[glosa.Side]SealKey) ([]byte, error) {
	b := Bundle{Edition: ed, Kind: sealKind, Question: id, V: 1, Nonce: make([]byte, 12)}
	for _, t := range texts {
		b.Commits = append(b.Commits, t.Commit)
	}
	plain, err := glosa.JCS(texts)
	if err != nil {
		return nil, err
	}
	content, first, second := make([]byte, 32), make([]byte, 32), make([]byte, 32)
	for _, random := range [][]byte{content, first, b.Nonce} {
		if _, err := io.ReadFull(rand.Reader, random); err != nil {
			return nil, err
		}
	}
	subtle.XORBytes(second, content, first)
	for i, side := range []glosa.Side{glosa.Government, glosa.Civil} {
		share, err := b.share(keys[side], side, [][]byte{first, second}[i])
		if err != nil {
			return nil, err
		}
		b.Shares = append(b.Shares, share)
	}
	box, err := boxOf(content)
	if err != nil {
		return nil, err
	}
	b.Sealed = box.Seal(nil, b.Nonce, plain, b.header())
	return glosa.JCS(b)
}

func (b Bundle) share(key SealKey, side glosa.Side, share []byte) (SealedShare, error) {
	to, err := suite.kem.NewPublicKey(key[:])
	if err != nil {
		return SealedShare{}, err
	}
	closed, err := hpke.Seal(to, suite.kdf, suite.aead, b.info(side), share)
	return SealedShare{Key: key.Digest(), Share: closed, Side: side}, err
}

func boxOf(content []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(content)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (b Bundle) header() []byte {
	h := []byte(sealKind + "\x00" + string(b.Edition) + "\x00" + string(b.Question) + "\x00")
	for _, c := range b.Commits {
		h = append(h, c[:]...)
	}
	return h
}

func (b Bundle) info(side glosa.Side) []byte { return append(b.header(), "\x00"+string(side)...) }

// ParseBundle reads a bundle and checks its shape; what is inside stays closed.
func ParseBundle(js []byte) (b Bundle, err error) {
	if err := json.Unmarshal(js, &b); err != nil {
		return b, fmt.Errorf("not a sealed bundle: %w", err)
	}
	sides := len(b.Shares) == 2 && slices.ContainsFunc(b.Shares, func(s SealedShare) bool { return s.Side == glosa.Government }) &&
		slices.ContainsFunc(b.Shares, func(s SealedShare) bool { return s.Side == glosa.Civil })
	if b.Kind != sealKind || b.V != 1 || len(b.Nonce) != 12 || len(b.Commits) == 0 || !sides {
		return Bundle{}, fmt.Errorf("not a sealed bundle of kind %s", sealKind)
	}
	return b, nil
}

// Share opens one side's half of the content key with that side's private key.
func (b Bundle) Share(p SealPrivate) ([]byte, error) {
	digest := p.Public().Digest()
	for _, s := range b.Shares {
		if s.Key == digest {
			return hpke.Open(p.key, suite.kdf, suite.aead, b.info(s.Side), s.Share)
		}
	}
	return nil, fmt.Errorf("no share of this bundle is sealed to the key %s", digest)
}

// Open joins two shares, opens the bundle and checks that each text opens the
// commitment that the record holds.
func (b Bundle) Open(one, two []byte) ([]SealedText, error) {
	if len(one) != 32 || len(two) != 32 {
		return nil, errors.New("a share has 32 bytes")
	}
	content := make([]byte, 32)
	subtle.XORBytes(content, one, two)
	box, err := boxOf(content)
	if err != nil {
		return nil, err
	}
	plain, err := box.Open(nil, b.Nonce, b.Sealed, b.header())
	if err != nil {
		return nil, errors.New("these two shares do not open this bundle")
	}
	var texts []SealedText
	if err := json.Unmarshal(plain, &texts); err != nil {
		return nil, err
	}
	if len(texts) != len(b.Commits) {
		return nil, fmt.Errorf("%d texts for %d commitments", len(texts), len(b.Commits))
	}
	for i, t := range texts {
		if got, err := glosa.Commit(t.Salt, t.Object); err != nil || got != b.Commits[i] {
			return nil, fmt.Errorf("version %d does not open the commitment %s", t.Version, b.Commits[i])
		}
	}
	return texts, nil
}
