package opinion

import (
	"net/http"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/web/door"
	"glosa/web/page/chain"
)

// hand is the credential by which this browser votes: the strongest door that the
// set takes of those it showed. The zero one when it has none yet.
func (p *Pages) hand(r *door.Request, s opinion.Settings) (voter.Credential, error) {
	shown, err := p.Held(r, s.Edition)
	if err != nil {
		return voter.Credential{}, err
	}
	best, _ := s.Best(shown)
	return best, nil
}

// voting is the same for whoever acts: what was said by weaker doors is brought
// along, and a browser that showed no door that votes gets a device's token. salt is
// the device's part of what the ballot gets that is brought along.
func (p *Pages) voting(r *door.Request, id glosa.EditionID, salt [16]byte) (who voter.Credential, cookie *http.Cookie, err error) {
	b, err := p.Opinion.Board(r.Context(), id)
	if err != nil {
		return who, nil, err
	}
	shown, err := p.Held(r, id)
	if err != nil {
		return who, nil, err
	}
	if _, any := b.Settings.Best(shown); any {
		who, err = p.Opinion.Gather(r.Context(), glosa.Citizen(), id, shown, salt)
		return who, nil, err
	}
	token := r.CookieValue(door.DeviceCookie)
	if who, err = p.Voter.DeviceOf(token); err == nil {
		return who, nil, nil // the set does not take it, and says so
	}
	if token, err = p.Voter.NewDevice(); err != nil {
		return who, nil, err
	}
	who, err = p.Voter.DeviceOf(token)
	return who, r.Cookie(door.DeviceCookie, token, door.DoorLife), err
}

// doorless is where a browser goes whose doors the set does not take: the page
// that says how to show another.
func doorless(r *door.Request, err error) (door.View, error) {
	if err != nil && glosa.KindOf(err) == glosa.Denied {
		return door.View{Go: chain.ToOpinion.On(r.To("/ediciones", r.Path("edition"), "mi-puerta"))}, nil
	}
	return door.View{}, err
}

// unvote withdraws this browser's whole ballot.
func (p *Pages) unvote(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	who, _, err := p.voting(r, id, [16]byte{}) // what is brought along goes at once
	if err == nil {
		err = p.Opinion.Unvote(r.Context(), glosa.Citizen(), who, id)
	}
	if err != nil {
		return doorless(r, err)
	}
	return door.View{Go: r.To("/ediciones", string(id), "opinion", "mio")}, nil
}
