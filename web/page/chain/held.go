package chain

import (
	"glosa"
	"glosa/civic/people/voter"
	"glosa/web/door"
	"glosa/web/held"
)

// Held is what this browser showed, for an edition, the strongest door first.
func (d Desks) Held(r *door.Request, ed glosa.EditionID) ([]voter.Credential, error) {
	return d.Voter.Held(ed, held.Tokens(r.CookieValue))
}
