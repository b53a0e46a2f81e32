package auth

import (
	"context"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// InviteToDelegation makes a one-time code for whoever was given some acts of a
// post of the actor's side, to do them in one edition. The rooms ask the register
// at each act whether the delegation covers it. Denied, NotFound, Conflict when
// it was taken back.
func (d *Desk) InviteToDelegation(ctx context.Context, by glosa.Actor, ed glosa.EditionID, delegation string) (code string, g Grant, err error) {
	return d.inviteTo(ctx, by, ed, func(tx *db.Tx) (Grant, error) {
		given, err := people.DelegationOf(tx, delegation)
		if err != nil {
			return Grant{}, err
		}
		if !given.Ended.IsZero() {
			return Grant{}, glosa.Refuse(glosa.Conflict, "pe.ended")
		}
		p, err := people.PostOf(tx, given.Post)
		return Grant{Human: given.Human, Edition: ed, Roles: p.Roles, Side: p.Side, Post: p.Key, Institution: p.Institution}, err
	})
}
