package chain

import (
	"glosa"
	"glosa/civic/people/voter"
	"glosa/web/door"
)

// Tokens are what this browser keeps of each door.
func Tokens(r *door.Request) map[glosa.Code]string {
	return map[glosa.Code]string{voter.Device: r.CookieValue(door.DeviceCookie), voter.Contact: r.CookieValue(door.ContactCookie),
		voter.Code: r.CookieValue(door.CodeCookie), voter.OIDC: r.CookieValue(door.AccountCookie)}
}

// Held is what this browser showed, for an edition, the strongest door first.
func (d Desks) Held(r *door.Request, ed glosa.EditionID) ([]voter.Credential, error) {
	return d.Voter.Held(ed, Tokens(r))
}
