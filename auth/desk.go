package auth

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// Desk is where people are let in.
type Desk struct {
	DB      *db.DB
	Entropy io.Reader // crypto/rand.Reader outside tests

	// Guessing is slowed in memory, per caller: a code has 80 bits, and a caller
	// that has typed five wrong ones waits ten minutes.
	mu    sync.Mutex
	wrong map[string]guesses
}

type guesses struct {
	n     int
	until time.Time
}

// Invite gives a way to act that the register need not know, and returns a
// one-time code for whoever will hold it: the keeper of the server lets the first
// facilitator in, and the governor's office. Everybody else is invited by their
// own side, to a place of the register. A grant without a Human makes a new one;
// with it, a further way to act for the same person. Invalid, Denied.
func (d *Desk) Invite(ctx context.Context, by glosa.Actor, g Grant) (code string, made Grant, err error) {
	if err := by.MayIn("auth.grant", g.Edition); err != nil {
		return "", Grant{}, err
	}
	if err := g.check(); err != nil {
		return "", Grant{}, err
	}
	code, err = newCode(d.Entropy)
	if err != nil {
		return "", Grant{}, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) (err error) {
		made = g
		made.ID = tx.NewID()
		if made.Human == "" {
			if made.Human, err = people.NewHuman(tx); err != nil {
				return err
			}
		}
		if made.From.IsZero() {
			made.From = tx.Now
		}
		if err := insertGrant(tx, made, people.NamedBy(by)); err != nil {
			return err
		}
		if err := insertInvite(tx, hidden("code", tidyCode(code)), made, people.NamedBy(by)); err != nil {
			return err
		}
		return tx.Leave(kindInvited.Event(by, made.Edition, made.ID, invited(by, made)))
	})
	return code, made, err
}

func invited(by glosa.Actor, g Grant) Invited {
	return Invited{By: glosa.Code(people.NamedBy(by)), Edition: g.Edition, Post: g.Post, Role: g.Roles, Seat: g.Seat, Side: g.Side}
}

// Revoke ends a way to act of the actor's side at once, with its sessions.
// NotFound, Denied.
func (d *Desk) Revoke(ctx context.Context, by glosa.Actor, id string) error {
	if err := by.May("auth.invite"); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		g, err := grantByID(tx, id)
		if err != nil {
			return err
		}
		if err := by.MayIn("auth.invite", g.Edition); err != nil {
			return err
		}
		if err := people.OwnSide(by, "auth.invite", g.Side); err != nil {
			return err
		}
		if _, err := endGrant(tx, id); err != nil {
			return err
		}
		return tx.Leave(kindRevoked.Event(by, g.Edition, id, invited(by, g)))
	})
}

// Redeem spends a code and opens a session. caller is where the guess comes
// from, as an opaque word. NotFound for any code that will not do, without
// saying why; Busy after five of those, for ten minutes.
func (d *Desk) Redeem(ctx context.Context, caller, code string) (token string, s Session, err error) {
	now := d.DB.Clock().Now()
	if until := d.blocked(caller, now); !until.IsZero() {
		return "", Session{}, &glosa.Error{Kind: glosa.Busy, Key: "e.429", Until: until}
	}
	token, err = newToken(d.Entropy)
	if err != nil {
		return "", Session{}, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		g, err := spendInvite(tx, hidden("code", tidyCode(code)))
		if err == nil {
			err = standing(tx, g)
		}
		if err != nil {
			return err
		}
		s = open(g, tx.Now)
		return insertSession(tx, hidden("session", token), g.ID, s.Expires)
	})
	if glosa.KindOf(err) == glosa.NotFound {
		d.guessed(caller, now)
		return "", Session{}, glosa.Refuse(glosa.NotFound, "in.badcode")
	}
	return token, s, err
}

func open(g Grant, now time.Time) Session {
	return Session{Grant: g, Actor: g.Actor(), Opened: now, Used: now, Expires: now.Add(SessionLife)}
}

func (d *Desk) blocked(caller string, now time.Time) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if g := d.wrong[caller]; g.n >= tries && now.Before(g.until) {
		return g.until
	}
	return time.Time{}
}

func (d *Desk) guessed(caller string, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.wrong == nil || len(d.wrong) > 10_000 { // a flood of callers forgets; 80 bits still stand
		d.wrong = map[string]guesses{}
	}
	g := d.wrong[caller]
	if now.After(g.until) {
		g.n = 0
	}
	d.wrong[caller] = guesses{n: g.n + 1, until: now.Add(10 * time.Minute)}
}

// Enter opens a session under a grant without a code: only the demonstration's
// entry page calls it, and only `glosa demo` wires that page. NotFound.
func (d *Desk) Enter(ctx context.Context, grant string) (token string, s Session, err error) {
	token, err = newToken(d.Entropy)
	if err != nil {
		return "", Session{}, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		g, err := grantByID(tx, grant)
		if err == nil {
			err = standing(tx, g)
		}
		if err != nil {
			return err
		}
		s = open(g, tx.Now)
		return insertSession(tx, hidden("session", token), g.ID, s.Expires)
	})
	return token, s, err
}

// standing is nil when a grant is in force and its human has the place it is for
// today. NotFound otherwise.
func standing(tx *db.Tx, g Grant) error {
	ok, err := stands(tx, g)
	if err == nil && !ok {
		err = glosa.Missing("grant", g.ID)
	}
	return err
}

// stands tells whether a grant is in force and its human has the place it is for
// today: the register says who sits where, and nobody acts from a chair left.
func stands(tx *db.Tx, g Grant) (bool, error) {
	if !g.holds(tx.Now) {
		return false, nil
	}
	today, err := people.Today(tx, g.Edition)
	if err != nil {
		return false, err
	}
	err = people.StandsOn(tx, g.Actor(), today)
	if err != nil && glosa.KindOf(err) == glosa.Denied {
		return false, nil
	}
	return err == nil, err
}

// standingOf lists the grants of a human that stand today.
func standingOf(tx *db.Tx, human glosa.HumanID) (out []Grant, err error) {
	all, err := grantsOf(tx, human)
	for _, g := range all {
		ok, err := stands(tx, g)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, g)
		}
	}
	return out, err
}

// Resume is the session behind a token. Whoever left the seat or the post since,
// or takes it only later, has no role left: every act is Denied, and only
// their other ways to act remain. NotFound when there is no session, it was idle
// for 30 minutes, its 8 hours are over, or its grant was revoked.
func (d *Desk) Resume(ctx context.Context, token string) (s Session, err error) {
	key := hidden("session", token)
	var now time.Time
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		now = tx.Now
		s, err = sessionBy(tx, key)
		if err != nil {
			return err
		}
		if !now.Before(s.Expires) || now.Sub(s.Used) > SessionIdle || !s.Grant.holds(now) {
			return glosa.Refuse(glosa.NotFound, "in.over")
		}
		all, err := standingOf(tx, s.Grant.Human)
		others := slices.DeleteFunc(all, func(g Grant) bool { return g.ID == s.Grant.ID })
		s.Others, s.Ended = len(others), len(others) == len(all)
		if err != nil {
			return err
		}
		if s.Ended {
			s.Actor.Roles = nil
			return nil
		}
		today, err := people.Today(tx, s.Grant.Edition)
		if err != nil {
			return err
		}
		s.Actor.Only, err = people.OnlyOn(tx, s.Actor, today)
		return err
	})
	if err == nil && now.Sub(s.Used) >= touchAfter {
		err = d.DB.Act(ctx, func(tx *db.Tx) error { return touchSession(tx, key) })
	}
	return s, err
}

// Grants are the ways to act of the human behind a session.
func (d *Desk) Grants(ctx context.Context, s Session) (all []Grant, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = standingOf(tx, s.Grant.Human)
		return err
	})
	return all, err
}

// Switch goes on under another grant of the same human; the token is new and
// the old one closed. NotFound for anybody else's grant.
func (d *Desk) Switch(ctx context.Context, old, grant string) (token string, s Session, err error) {
	now, err := d.Resume(ctx, old)
	if err != nil {
		return "", Session{}, err
	}
	token, err = newToken(d.Entropy)
	if err != nil {
		return "", Session{}, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		g, err := grantByID(tx, grant)
		if err != nil {
			return err
		}
		if g.Human != now.Grant.Human {
			return glosa.Missing("grant", grant)
		}
		if err := standing(tx, g); err != nil {
			return err
		}
		if err := closeSession(tx, hidden("session", old)); err != nil {
			return err
		}
		s = open(g, tx.Now)
		s.Expires = now.Expires // switching does not make the day longer
		return insertSession(tx, hidden("session", token), g.ID, s.Expires)
	})
	return token, s, err
}

// SignOut closes a session. Closing one that is not there is no error.
func (d *Desk) SignOut(ctx context.Context, token string) error {
	return d.DB.Act(ctx, func(tx *db.Tx) error { return closeSession(tx, hidden("session", token)) })
}

// Sweep removes sessions and invitations that are over.
func (d *Desk) Sweep(ctx context.Context) error {
	return d.DB.Act(ctx, sweepSessions)
}

// Cast lists the grants of an edition in the order they were given: the
// demonstration's entry page and the facilitator's list of seats.
func (d *Desk) Cast(ctx context.Context, ed glosa.EditionID) (all []Grant, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = grantsIn(tx, ed)
		return err
	})
	return all, err
}

// Announce leaves an admin.act on the line before a command has its effect.
// command is a word of the command line; reason is what the keeper wrote.
// Invalid without a reason.
func (d *Desk) Announce(ctx context.Context, command glosa.Code, reason string, posts ...glosa.PostKey) error {
	if reason == "" {
		return glosa.WrongField("reason", "ad.reason")
	}
	by := glosa.Admin()
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if err := insertAnnouncement(tx, Announcement{Command: command, Reason: reason}); err != nil {
			return err
		}
		return tx.Leave(kindAnnounced.Event(by, "", string(command), Announced{Command: command, Reason: glosa.Digest([]byte(reason)), Posts: posts}))
	})
}

// Announcements are the latest commands of the server's keeper with their
// reasons, newest first.
func (d *Desk) Announcements(ctx context.Context, limit int) (all []Announcement, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = announcements(tx, limit)
		return err
	})
	return all, err
}
