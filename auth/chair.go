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

// Chairs are the seats of an edition and the posts that exist today, of the sides
// whose people the actor names, with who was invited to them: the desk of
// invitations. Humans stay inside the house. Denied.
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
		if all, err = seatsOf(tx, by, ed, given); err != nil {
			return err
		}
		posts, err := postsOf(tx, by, ed, given)
		all = append(all, posts...)
		return err
	})
	return all, err
}

func seatsOf(tx *db.Tx, by glosa.Actor, ed glosa.EditionID, given []Given) (all []Chair, err error) {
	today, err := people.Today(tx, ed)
	if err != nil {
		return nil, err
	}
	seats, err := people.Seats(tx, ed)
	for _, s := range seats {
		if !people.Names(by, s.Side) {
			continue
		}
		human, err := people.SitsOn(tx, s.ID, today)
		if err != nil {
			return nil, err
		}
		all = append(all, Chair{Seat: s, Held: human != "", Given: keepGiven(given, func(g Given) bool {
			return g.Post == "" && g.Side == s.Side && g.Seat == s.Number
		})})
	}
	return all, err
}

func postsOf(tx *db.Tx, by glosa.Actor, ed glosa.EditionID, given []Given) (all []Chair, err error) {
	today, err := people.Today(tx, ed)
	if err != nil {
		return nil, err
	}
	posts, err := people.Posts(tx, today.Time())
	for _, p := range posts {
		if !people.Names(by, p.Side) {
			continue
		}
		human, err := people.HoldsOn(tx, p.Key, today)
		if err != nil {
			return nil, err
		}
		all = append(all, Chair{Post: p, Held: human != "", Given: keepGiven(given, func(g Given) bool { return g.Post == p.Key })})
	}
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

// InviteToSeat makes a one-time code for whoever sits in a seat of the actor's
// side today, its substitute while there is one. Made again, it gives a new code
// for the same way to act, and the old code is void. Denied, NotFound; Conflict
// when nobody sits there.
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
		today, err := people.Today(tx, ed)
		if err != nil {
			return Grant{}, err
		}
		human, err := people.SitsOn(tx, seat, today)
		s := all[at]
		return Grant{Human: human, Edition: ed, Roles: s.Roles, Side: s.Side, Seat: s.Number, Institution: s.Institution}, err
	})
}

// InviteToPost makes a one-time code for whoever holds a post of the actor's side
// today, to act by it in one edition. Denied, NotFound; Conflict when nobody holds it.
func (d *Desk) InviteToPost(ctx context.Context, by glosa.Actor, ed glosa.EditionID, post glosa.PostKey) (code string, g Grant, err error) {
	return d.inviteTo(ctx, by, ed, func(tx *db.Tx) (Grant, error) {
		p, err := people.PostOf(tx, post)
		if err != nil {
			return Grant{}, err
		}
		today, err := people.Today(tx, ed)
		if err != nil {
			return Grant{}, err
		}
		human, err := people.HoldsOn(tx, post, today)
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
		if err := mayInvite(tx, by, g); err != nil {
			return err
		}
		if err := d.renew(tx, by, &g); err != nil {
			return err
		}
		if err := insertInvite(tx, hidden("code", tidyCode(code)), g, people.NamedBy(by)); err != nil {
			return err
		}
		return tx.Leave(kindInvited.Event(by, g.Edition, g.ID, invited(by, g)))
	})
	return code, g, err
}

// mayInvite refuses a place of the other side, one that nobody has, and one whose
// holder also has a way to act on the other side: the code would open that too.
func mayInvite(tx *db.Tx, by glosa.Actor, g Grant) error {
	if err := people.OwnSide(by, "auth.invite", g.Side); err != nil {
		return err
	}
	if g.Human == "" {
		return glosa.Refuse(glosa.Conflict, "in.vacant")
	}
	if err := g.check(); err != nil {
		return err
	}
	today, err := people.Today(tx, g.Edition)
	if err != nil {
		return err
	}
	if err := people.OwnHuman(tx, by, "auth.invite", g.Human, today); err != nil {
		return err
	}
	all, err := grantsOf(tx, g.Human)
	for _, other := range all {
		if (other.Until.IsZero() || tx.Now.Before(other.Until)) && !people.Names(by, other.Side) {
			return glosa.Refuse(glosa.Denied, "pe.twosides", "rule", "auth.invite", "side", string(other.Side))
		}
	}
	return err
}

// renew finds the same way to act of the same human and voids its codes, or
// makes it anew.
func (d *Desk) renew(tx *db.Tx, by glosa.Actor, g *Grant) error {
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
	return insertGrant(tx, *g, people.NamedBy(by))
}
