// Package held is what a visitor showed at the doors by which supports and votes
// count: which tokens a browser keeps of them, and how what stands by weaker doors
// comes along to a stronger one. Pages and the API ask it, so that they do the same.
package held

import (
	"context"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/web/door"
)

// Tokens are what a browser keeps, by door; cookie gives the value of one of this
// house's cookies, "" for none.
func Tokens(cookie func(name string) string) map[glosa.Code]string {
	kept := map[glosa.Code]string{}
	for of, name := range map[glosa.Code]string{voter.Device: door.DeviceCookie, voter.Contact: door.ContactCookie, voter.Code: door.CodeCookie, voter.OIDC: door.AccountCookie} {
		if token := cookie(name); token != "" {
			kept[of] = token
		}
	}
	return kept
}

// Contests are the ballot boxes of an edition.
type Contests struct {
	Priority *priority.Desk
	Opinion  *opinion.Desk
}

// Along brings what stands by other doors along to where somebody votes who showed
// one more just now, in both contests: that one of them has nothing to bring, or no
// time, does not stop the other. failed says why ballots may stand apart; it is
// empty when nothing is left behind but what hand.Left names. salt is the device's part
// of what the ballots get there.
func (c Contests) Along(ctx context.Context, ed glosa.EditionID, now voter.Credential, before []voter.Credential, salt [16]byte) (hand priority.Hand, failed []error) {
	all := []voter.Credential{now}
	for _, w := range before {
		if w.Door() != now.Door() {
			all = append(all, w)
		}
	}
	apart := func(err error) {
		switch {
		case err == nil:
		case glosa.KindOf(err) == glosa.Denied, glosa.KindOf(err) == glosa.NotFound: // it takes none of these doors, or there is none
		default:
			failed = append(failed, err)
		}
	}
	_, err := c.Opinion.Gather(ctx, glosa.Citizen(), ed, all, salt)
	apart(err)
	hand, err = c.Priority.Gather(ctx, glosa.Citizen(), ed, all, salt)
	apart(err)
	return hand, failed
}
