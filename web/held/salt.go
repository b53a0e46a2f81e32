package held

import (
	"encoding/base64"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/web/door"
)

// Salt is the device's part of a salt, as a form brings it: sixteen random bytes in
// base64 that the script made, in the box "salt"; else a word that the visitor typed,
// in the box "word" (leaf.SaltWord); zeros without either. It keeps a house from giving
// two voters one receipt (trust.md §3). Invalid (field "salt").
func Salt(r *door.Request) (salt [16]byte, err error) {
	made := r.Value("salt")
	if made == "" {
		return voter.DeviceSalt(r.Value("word")), nil
	}
	b, err := base64.StdEncoding.DecodeString(made)
	if err != nil || len(b) != len(salt) {
		return salt, glosa.WrongField("salt", "a.lock")
	}
	return [16]byte(b), nil
}
