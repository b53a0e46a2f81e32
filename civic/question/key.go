package question

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"strings"

	"glosa"
)

// Key is what an author holds: 96 bits, written as six proquints (five letters
// for sixteen bits, by turns consonant and vowel), so that it can be dictated:
// "babab-lusab-…". The server keeps two hashes of it and forgets the key.
type Key [12]byte

const (
	consonants = "bdfghjklmnprstvz"
	vowels     = "aiou"
)

func (k Key) String() string {
	b := make([]byte, 0, 35)
	for i := 0; i < len(k); i += 2 {
		if i > 0 {
			b = append(b, '-')
		}
		v := uint16(k[i])<<8 | uint16(k[i+1])
		b = append(b, consonants[v>>12], vowels[v>>10&3], consonants[v>>6&15], vowels[v>>4&3], consonants[v&15])
	}
	return string(b)
}

// ParseKey reads a key as people type it: any case, any blanks or hyphens.
// Invalid when it is not six groups of five.
func ParseKey(typed string) (Key, error) {
	var k Key
	s := strings.ToLower(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '.' {
			return -1
		}
		return r
	}, typed))
	if len(s) != 30 {
		return k, glosa.WrongField("key", "q.badkey")
	}
	for g := range 6 {
		var v uint16
		for i := range 5 {
			letters, bits := consonants, 4
			if i%2 == 1 {
				letters, bits = vowels, 2
			}
			n := strings.IndexByte(letters, s[g*5+i])
			if n < 0 {
				return k, glosa.WrongField("key", "q.badkey")
			}
			v = v<<bits | uint16(n)
		}
		k[2*g], k[2*g+1] = byte(v>>8), byte(v)
	}
	return k, nil
}

// Auth is the secret that lets the author act: HMAC-SHA-256(key, "auth"). The
// server keeps its SHA-256.
func (k Key) Auth() glosa.Hash { return k.mac("auth") }

// Lock is the preimage that withdrawal and the author's erasure publish:
// HMAC-SHA-256(key, "lock"). The record holds its SHA-256 from the first leaf,
// so nobody without the key can make a withdrawal that verifies.
func (k Key) Lock() glosa.Hash { return k.mac("lock") }

// FollowLock is the preimage of the follow-up's own lock:
// HMAC-SHA-256(key, "lock/follow"). A question and its follow-up share the key,
// never the lock: what one's withdrawal publishes opens nothing of the other.
func (k Key) FollowLock() glosa.Hash { return k.mac("lock/follow") }

func (k Key) mac(what string) glosa.Hash {
	m := hmac.New(sha256.New, k[:])
	m.Write([]byte(what))
	return glosa.Hash(m.Sum(nil))
}

// Proof is how an author shows to be the author: the key as typed, or, where
// the device keeps the key to itself, the secrets that the act needs: always
// the first, and both to withdraw or erase.
type Proof struct {
	Key  string     // typed; the server computes the rest and forgets it
	Auth glosa.Hash // HMAC(key,"auth"), when the key stays on the device
	Lock glosa.Hash // to withdraw or erase, HMAC(key,"lock"), or of a follow-up HMAC(key,"lock/follow"): it is published, so it never proves who asks
	Next glosa.Hash // to follow up: SHA-256 of HMAC(key,"lock/follow"), which the follow-up's leaf will hold
}

// auth opens the proof. Invalid when the key cannot be read.
func (p Proof) auth() (glosa.Hash, error) {
	if p.Key == "" {
		return p.Auth, nil
	}
	k, err := ParseKey(p.Key)
	return k.Auth(), err
}

// lock is the preimage that a withdrawal of the question publishes. Invalid when
// the key cannot be read.
func (p Proof) lock(followUp bool) (glosa.Hash, error) {
	if p.Key == "" {
		return p.Lock, nil
	}
	k, err := ParseKey(p.Key)
	if followUp {
		return k.FollowLock(), err
	}
	return k.Lock(), err
}

// NextLock is what the leaf of a follow-up will hold. It is no secret: only its
// preimage is. Zero when neither the key nor the device says it; Invalid when
// the key cannot be read.
func (p Proof) NextLock() (glosa.Hash, error) {
	if p.Key == "" {
		return p.Next, nil
	}
	k, err := ParseKey(p.Key)
	lock := k.FollowLock()
	return glosa.Digest(lock[:]), err
}

// opens tells in constant time whether secret is the preimage of kept.
func opens(secret, kept glosa.Hash) bool {
	h := sha256.Sum256(secret[:])
	return !secret.IsZero() && subtle.ConstantTimeCompare(h[:], kept[:]) == 1
}
