package voter

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// The doors, from the weakest to the strongest.
const (
	Device  glosa.Code = "device"
	Contact glosa.Code = "contact"
	Code    glosa.Code = "code"
	OIDC    glosa.Code = "oidc"
)

// Doors lists the doors from the weakest to the strongest.
func Doors() []glosa.Code { return []glosa.Code{Device, Contact, Code, OIDC} }

// Strong tells whether a door proves more than a mailbox: an issuer outside the
// host, or the word of a state.
func Strong(door glosa.Code) bool { return door == Code || door == OIDC }

// Keys hands out the 32 random bytes of an edition. They lie in files outside
// the database and its backups and are destroyed 90 days after the evaluation.
// Under the name "doors" lies the key that signs device tokens.
type Keys interface {
	// EditionKey is an edition's key. NotFound when it was destroyed.
	EditionKey(ed glosa.EditionID) ([32]byte, error)
	// Destroy destroys it for good; twice is no error.
	Destroy(ed glosa.EditionID) error
}

// doorKey names the key of the doors' tokens among the edition keys.
const doorKey glosa.EditionID = "doors"

// Credential is what somebody showed at a door. It is kept nowhere: only row keys
// made from it are.
type Credential struct {
	door       glosa.Code
	identifier string
	only       glosa.EditionID // a code is of one edition; "" where it is of any
}

// Door is where it was shown.
func (c Credential) Door() glosa.Code { return c.door }

// String names the door and hides the rest.
func (c Credential) String() string { return "voter.Credential(" + string(c.door) + ")" }

// GoString is String: %#v shows no more than %v.
func (c Credential) GoString() string { return c.String() }

// MarshalJSON refuses: a credential is written nowhere.
func (c Credential) MarshalJSON() ([]byte, error) {
	return nil, errors.New("a voter's credential is not written down")
}

// Row is where the credential's ballot of a contest lies. NotFound when the
// edition's key is destroyed; Denied when the credential is of another edition.
func (c Credential) Row(keys Keys, ed glosa.EditionID, contest glosa.ContestID) (glosa.Hash, error) {
	if c.only != "" && c.only != ed {
		return glosa.Hash{}, refused()
	}
	key, err := keys.EditionKey(ed)
	if err != nil {
		return glosa.Hash{}, err
	}
	cred := mac(key[:], "cred", string(c.door), c.identifier)
	return glosa.Hash(mac(key[:], "ballot", string(contest), string(cred))), nil
}

// Best is the strongest of these credentials whose door is in the first of some
// tiers, else in the next, and so on. false when none is in any.
func Best(held []Credential, tiers ...func(door glosa.Code) bool) (Credential, bool) {
	for _, in := range tiers {
		fit := slices.DeleteFunc(slices.Clone(held), func(c Credential) bool { return !in(c.door) })
		if len(fit) > 0 {
			rank := func(c Credential) int { return slices.Index(Doors(), c.door) }
			return slices.MaxFunc(fit, func(a, b Credential) int { return rank(a) - rank(b) }), true
		}
	}
	return Credential{}, false
}

// Desk hands out and reads credentials. Devices need the keys alone.
type Desk struct {
	Keys Keys
	DB   *db.DB
	Safe *people.Safe
	Mail bool  // a mail server is set up: codes go out
	Uses []Use // what later rooms do by a door that is shown

	networks, mailboxes, wrong Pace
}

// Acts of this room, as testdata/may.txt names them.
const (
	actAskCode     glosa.Act = "voter.ask_code"
	actShowMailbox glosa.Act = "voter.show_mailbox"
	actShowCode    glosa.Act = "voter.show_code"
	actBring       glosa.Act = "voter.bring_codes"
	actDrop        glosa.Act = "voter.drop_codes"
	actClose       glosa.Act = "voter.close_codes"
	actReadCodes   glosa.Act = "voter.read_codes"
)

// deviceLetters writes tokens in lower case without padding.
var deviceLetters = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewDevice gives a token to a browser. Nothing is written: a device has no row
// until it acts. Who asks how often is limited at the door, not here.
func (d *Desk) NewDevice() (token string, err error) {
	key, err := d.Keys.EditionKey(doorKey)
	if err != nil {
		return "", err
	}
	var id [16]byte
	_, _ = rand.Read(id[:]) // crypto/rand never fails on a working machine
	return strings.ToLower(deviceLetters.EncodeToString(append(id[:], sealOf(key, id)...))), nil
}

// DeviceOf reads a token. Denied when it is not one of ours.
func (d *Desk) DeviceOf(token string) (Credential, error) {
	key, err := d.Keys.EditionKey(doorKey)
	if err != nil {
		return Credential{}, err
	}
	b, err := deviceLetters.DecodeString(strings.ToUpper(token))
	if err != nil || len(b) != 32 || !hmac.Equal(sealOf(key, [16]byte(b[:16])), b[16:]) {
		return Credential{}, refused()
	}
	return Credential{door: Device, identifier: string(b[:16])}, nil
}

// refused is what whoever shows nothing of ours is told.
func refused() error { return glosa.Refuse(glosa.Denied, "g.device", "rule", "priority.support") }

// sealOf is 16 bytes of the HMAC of a device's id: nobody invents a token.
func sealOf(key [32]byte, id [16]byte) []byte { return mac(key[:], "device", string(id[:]))[:16] }

// mac is HMAC-SHA-256 over parts with a zero byte between them.
func mac(key []byte, parts ...string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(strings.Join(parts, "\x00")))
	return m.Sum(nil)
}
