package voter

import (
	"crypto/hmac"
	"slices"
	"strings"

	"glosa"
)

// A token is what a browser keeps of a stronger door than its own, so that it
// shows a mailbox, a code or an account once:
//
//	identifier (32 bytes) ‖ the first 16 bytes of
//	HMAC-SHA-256(key "doors", "token" ‖ 0 ‖ door ‖ 0 ‖ edition ‖ 0 ‖ identifier)
//
// in base 32. A token of one door opens no other, and one of a code no other
// edition; what it stands for cannot be read from it. Nothing is written for it.
func (d *Desk) token(door glosa.Code, ed glosa.EditionID, id glosa.Hash) (string, error) {
	key, err := d.Keys.EditionKey(doorKey)
	if err != nil {
		return "", err
	}
	return strings.ToLower(deviceLetters.EncodeToString(append(id[:], tokenSeal(key, door, ed, id)...))), nil
}

func tokenSeal(key [32]byte, door glosa.Code, ed glosa.EditionID, id glosa.Hash) []byte {
	return mac(key[:], "token", string(door), string(ed), string(id[:]))[:16]
}

// Read reads what a browser keeps of a door, for an edition. Denied when it is
// not ours, of another door, or of another edition.
func (d *Desk) Read(door glosa.Code, ed glosa.EditionID, token string) (Credential, error) {
	if door == Device {
		return d.DeviceOf(token)
	}
	key, err := d.Keys.EditionKey(doorKey)
	if err != nil {
		return Credential{}, err
	}
	only := editionOf(door, ed)
	b, err := deviceLetters.DecodeString(strings.ToUpper(token))
	if err != nil || len(b) != 48 || !slices.Contains(Doors(), door) ||
		!hmac.Equal(tokenSeal(key, door, only, glosa.Hash(b[:32])), b[32:]) {
		return Credential{}, refused()
	}
	return Credential{door: door, identifier: string(b[:32]), only: only}, nil
}

// editionOf is what a door's tokens are bound to: codes are drawn for one edition.
func editionOf(door glosa.Code, ed glosa.EditionID) glosa.EditionID {
	if door == Code {
		return ed
	}
	return ""
}

// Held reads all that a browser keeps, the strongest first. What is not ours, or
// not for this edition, is as if it were not there.
func (d *Desk) Held(ed glosa.EditionID, tokens map[glosa.Code]string) (held []Credential, err error) {
	for _, door := range slices.Backward(Doors()) {
		token := tokens[door]
		if token == "" {
			continue
		}
		c, err := d.Read(door, ed, token)
		switch {
		case err == nil:
			held = append(held, c)
		case glosa.KindOf(err) != glosa.Denied:
			return nil, err
		}
	}
	return held, nil
}

// Any reads one token of whichever door it is, for an edition. Denied when it is of none.
func (d *Desk) Any(ed glosa.EditionID, token string) (Credential, error) {
	for _, door := range Doors() {
		c, err := d.Read(door, ed, token)
		if err == nil || glosa.KindOf(err) != glosa.Denied {
			return c, err
		}
	}
	return Credential{}, refused()
}

// Vouched gives the token of a person for whom an issuer of accounts vouched by a
// pairwise subject: a name that the issuer uses with this house alone. Of it only
// an HMAC is in the token.
func (d *Desk) Vouched(issuer, subject string) (token string, err error) {
	key, err := d.Keys.EditionKey(doorKey)
	if err != nil {
		return "", err
	}
	return d.token(OIDC, "", glosa.Hash(mac(key[:], "account", issuer, subject)))
}
