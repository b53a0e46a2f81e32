package auth

import (
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// Given is a way to act, with what became of its invitation.
type Given struct {
	Grant
	Waits time.Time // until when its code may still be typed; zero when it was, or is over
}

// Chair is a place at which somebody may act: a seat of the edition, or a post.
type Chair struct {
	Seat  people.Seat // its ID is empty for a post
	Post  people.Post // its Key is empty for a seat
	Held  bool        // somebody sits there today, by a document
	Given []Given     // ways to act there, in force
}

// Chairs are the seats of an edition and the posts that exist today, with who
// was invited to them: the facilitator's desk of invitations. Humans stay
// inside the house. Denied.
func (d *Desk) Chairs(ctx context.Context, by glosa.Actor, ed glosa.EditionID) (all []Chair, err error) {
	if err := by.MayIn("auth.invite", ed); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		given, err := givenIn(tx, ed, tx.Now)
		if err != nil {
			return err
		}
		seats, err := people.Seats(tx, ed)
		if err != nil {
			return err
		}
		for _, s := range seats {
			human, err := sitsIn(tx, s.ID)
			if err != nil {
				return err
			}
			all = append(all, Chair{Seat: s, Held: human != "", Given: keepGiven(given, func(g Given) bool {
				return g.Post == "" && g.Side == s.Side && g.Seat == s.Number
			})})
		}
		posts, err := people.Posts(tx, tx.Now)
		for _, p := range posts {
			human, err := holds(tx, p.Key)
			if err != nil {
				return err
			}
			all = append(all, Chair{Post: p, Held: human != "", Given: keepGiven(given, func(g Given) bool { return g.Post == p.Key })})
		}
		return err
	})
	return all, err
}

func keepGiven(all []Given, keep func(Given) bool) (out []Given) {
	for _, g := range all {
		if keep(g) {
			out = append(out, g)
		}
	}
	return out
}

// sitsIn is who holds a seat today; "" when it stands empty.
func sitsIn(tx *db.Tx, seat string) (glosa.HumanID, error) {
	all, err := people.Sittings(tx, seat)
	today := people.DayOf(tx.Now)
	for _, s := range all {
		if !s.Substitute && s.From <= today && (s.To == "" || s.To >= today) {
			return s.Human, err
		}
	}
	return "", err
}

// holds is who holds a post today; "" when nobody does.
func holds(tx *db.Tx, post glosa.PostKey) (glosa.HumanID, error) {
	all, err := people.Tenures(tx, post)
	today := people.DayOf(tx.Now)
	for _, t := range all {
		if t.From <= today && (t.To == "" || t.To >= today) {
			return t.Human, err
		}
	}
	return "", err
}

// InviteToSeat makes a one-time code for whoever holds a seat today. Made
// again, it gives a new code for the same way to act, and the old code is void.
// Denied, NotFound; Conflict when nobody sits there.
func (d *Desk) InviteToSeat(ctx context.Context, by glosa.Actor, ed glosa.EditionID, seat string) (code string, g Grant, err error) {
	return d.inviteTo(ctx, by, ed, func(tx *db.Tx) (Grant, error) {
		all, err := people.Seats(tx, ed)
		if err != nil {
			return Grant{}, err
		}
		at := slices.IndexFunc(all, func(s people.Seat) bool { return s.ID == seat })
		if at < 0 {
			return Grant{}, glosa.Missing("seat", seat)
		}
		human, err := sitsIn(tx, seat)
		s := all[at]
		return Grant{Human: human, Edition: ed, Roles: s.Roles, Side: s.Side, Seat: s.Number, Institution: s.Institution}, err
	})
}

// InviteToPost makes a one-time code for whoever holds a post today, to act by
// it in one edition. Denied, NotFound; Conflict when nobody holds it.
func (d *Desk) InviteToPost(ctx context.Context, by glosa.Actor, ed glosa.EditionID, post glosa.PostKey) (code string, g Grant, err error) {
	return d.inviteTo(ctx, by, ed, func(tx *db.Tx) (Grant, error) {
		p, err := people.PostOf(tx, post)
		if err != nil {
			return Grant{}, err
		}
		human, err := holds(tx, post)
		return Grant{Human: human, Edition: ed, Roles: p.Roles, Side: p.Side, Post: p.Key, Institution: p.Institution}, err
	})
}

func (d *Desk) inviteTo(ctx context.Context, by glosa.Actor, ed glosa.EditionID, find func(tx *db.Tx) (Grant, error)) (code string, g Grant, err error) {
	if err := by.MayIn("auth.invite", ed); err != nil {
		return "", Grant{}, err
	}
	if code, err = newCode(d.Entropy); err != nil {
		return "", Grant{}, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		if g, err = find(tx); err != nil {
			return err
		}
		if g.Human == "" {
			return glosa.Refuse(glosa.Conflict, "in.vacant")
		}
		if err := g.check(); err != nil {
			return err
		}
		if err := d.renew(tx, &g); err != nil {
			return err
		}
		if err := insertInvite(tx, hidden("code", tidyCode(code)), g.ID, tx.Now.Add(InviteLife)); err != nil {
			return err
		}
		return tx.Leave(kindInvited.Event(by, g.Edition, g.ID, invited(by, g)))
	})
	return code, g, err
}

// renew finds the same way to act of the same human and voids its codes, or
// makes it anew.
func (d *Desk) renew(tx *db.Tx, g *Grant) error {
	all, err := grantsOf(tx, g.Human)
	if err != nil {
		return err
	}
	for _, old := range all {
		if old.holds(tx.Now) && old.Edition == g.Edition && old.Post == g.Post && old.Side == g.Side && old.Seat == g.Seat && slices.Equal(old.Roles, g.Roles) {
			*g = old
			return voidInvites(tx, old.ID)
		}
	}
	g.ID, g.From = tx.NewID(), tx.Now
	return insertGrant(tx, *g)
}
