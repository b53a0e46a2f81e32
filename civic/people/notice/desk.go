package notice

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// Desk is where people leave an address and take it back.
type Desk struct {
	DB   *db.DB
	Safe *people.Safe
	Key  Key
	On   bool // there is a mail server; without one no address is taken

	mu      sync.Mutex
	callers map[string]asked
}

// Acts of this room, as testdata/may.txt names them.
const (
	actSubscribe glosa.Act = "notice.subscribe"
	actConfirm   glosa.Act = "notice.confirm"
	actStop      glosa.Act = "notice.stop"
	actBounce    glosa.Act = "notice.bounce"
)

// Subscribe asks for notices of a thing. Nothing is told before the link in the
// mail to confirm was followed. Nothing in its outcome depends on whether the
// address is known here. Errors: Denied; Invalid (fields "mail", "pace"); Busy when
// the network asked for too many; Closed when no mail is sent here.
func (d *Desk) Subscribe(ctx context.Context, by glosa.Actor, w Wish) error {
	if err := by.May(actSubscribe); err != nil {
		return err
	}
	if !d.On {
		return glosa.Refuse(glosa.Closed, "nt.off")
	}
	if err := w.Thing.check(); err != nil {
		return err
	}
	if w.Pace != Daily && w.Pace != Each {
		return glosa.WrongField("pace", "nt.pace.bad")
	}
	if _, err := Address(w.Address.Reveal()); err != nil {
		return err
	}
	if err := d.count(w.Caller); err != nil {
		return err
	}
	sealed, err := d.Safe.Seal(people.Contact, w.Address)
	if err != nil {
		return err
	}
	n := newcomer{lookup: d.Key.Lookup(w.Address), sealed: sealed, contact: ContactID(randomID()), subscription: SubscriptionID(randomID())}
	return d.DB.Act(ctx, func(tx *db.Tx) error { return subscribe(tx, by, w, n) })
}

// newcomer is what an address is kept under if it is not known. It is made before
// the act, which may run again.
type newcomer struct {
	lookup       glosa.Hash
	sealed       people.Sealed
	contact      ContactID
	subscription SubscriptionID
}

// randomID says nothing, not even when it was made.
func randomID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails on a working machine
	return hex.EncodeToString(b[:])
}

func subscribe(tx *db.Tx, by glosa.Actor, w Wish, n newcomer) error {
	c, err := contactOf(tx, w, n)
	if err != nil {
		return err
	}
	all, err := selectSubscriptions(tx, c.id)
	if err != nil {
		return err
	}
	s := Subscription{ID: n.subscription, Contact: c.id, Thing: w.Thing, Pace: w.Pace, Asked: tx.Now}
	fresh, trusted := true, false
	for _, was := range all {
		trusted = trusted || !was.Confirmed.IsZero()
		if was.Thing == w.Thing {
			if !was.Confirmed.IsZero() {
				return nil // told already: who asks may be anybody, so nothing changes
			}
			s.ID, fresh = was.ID, false
		}
	}
	if !c.mayAsk(tx.Now) {
		return nil // the mailbox has had enough for today, whoever asks
	}
	if c.asks++; !trusted {
		c.lang = w.Language
	}
	if err := saveContact(tx, c); err != nil {
		return err
	}
	if fresh {
		err = insertSubscription(tx, s)
	} else {
		err = saveSubscription(tx, s)
	}
	if err != nil {
		return err
	}
	return tx.Leave(kAsked.Event(by, "", string(s.ID), noBody{}))
}

// contactOf finds an address, or keeps it.
func contactOf(tx *db.Tx, w Wish, n newcomer) (contact, error) {
	known, err := selectKnown(tx, n.lookup)
	if err != nil || len(known) > 0 {
		return append(known, contact{})[0], err
	}
	person, err := people.KeepContact(tx, n.sealed)
	if err != nil {
		return contact{}, err
	}
	c := contact{id: n.contact, person: person, lang: w.Language, asksAt: tx.Now}
	return c, insertContact(tx, c, n.lookup)
}

// mayAsk tells whether one more mail to confirm may go out, and begins a new day.
func (c *contact) mayAsk(now time.Time) bool {
	if !now.Before(c.asksAt.Add(24 * time.Hour)) {
		c.asks, c.asksAt = 0, now
	}
	return c.asks < asksADay
}

// asked is how much of a network's hour is used.
type asked struct {
	n     int
	until time.Time
}

// callerAsks is how many addresses a network may leave in an hour: an assembly
// behind one address passes, a machine that writes to strangers does not.
const callerAsks = 200

// count counts an address left from a network. Busy when there were too many.
func (d *Desk) count(caller string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.DB.Clock().Now()
	if d.callers == nil || len(d.callers) > 10_000 {
		d.callers = map[string]asked{}
	}
	a := d.callers[caller]
	if !now.Before(a.until) {
		a = asked{until: now.Add(time.Hour)}
	}
	if a.n >= callerAsks {
		return &glosa.Error{Kind: glosa.Busy, Key: "e.429", Until: a.until}
	}
	a.n++
	d.callers[caller] = a
	return nil
}

// Confirm makes a subscription count, by the link of its mail; twice is once.
// Errors: Denied; NotFound when the link is none of ours or is too old.
func (d *Desk) Confirm(ctx context.Context, by glosa.Actor, token string) (s Subscription, err error) {
	if err := by.May(actConfirm); err != nil {
		return s, err
	}
	id, err := d.opened(token, Confirming)
	if err != nil {
		return s, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		if s, err = asking(tx, SubscriptionID(id)); err != nil || !s.Confirmed.IsZero() {
			return err
		}
		s.Confirmed = tx.Now
		if err := saveSubscription(tx, s); err != nil {
			return err
		}
		return tx.Leave(kConfirmed.Event(by, "", string(s.ID), noBody{}))
	})
	return s, err
}

// asking is a subscription that is confirmed or may still be. NotFound.
func asking(tx *db.Tx, id SubscriptionID) (Subscription, error) {
	found, err := selectSubscription(tx, id)
	if err != nil {
		return Subscription{}, err
	}
	if len(found) == 0 || found[0].Confirmed.IsZero() && !tx.Now.Before(found[0].Asked.Add(ConfirmLasts)) {
		return Subscription{}, glosa.Missing("notice", "")
	}
	return found[0], nil
}

// opened reads a token that is for one of these uses. NotFound.
func (d *Desk) opened(token string, uses ...Use) (id string, err error) {
	use, id, err := d.Key.Open(token)
	if err != nil {
		return "", err
	}
	for _, u := range uses {
		if u == use {
			return id, nil
		}
	}
	return "", glosa.Missing("notice", "")
}

// Shown is what the page of a link shows: what it is for, and everything that its
// address is told of.
type Shown struct {
	Use  Use
	This *Subscription // of a link to confirm or to stop one
	All  []Subscription
	Gone bool // a link of ours: what it was about is over
}

// Show reads what a link is about. NotFound when it is none of ours.
func (d *Desk) Show(ctx context.Context, token string) (x Shown, err error) {
	use, id, err := d.Key.Open(token)
	if err != nil || use == Bouncing {
		return x, glosa.Missing("notice", "")
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		x = Shown{Use: use}
		whose := ContactID(id)
		if use != Leaving {
			s, err := asking(tx, SubscriptionID(id))
			if glosa.KindOf(err) == glosa.NotFound && err != nil {
				x.Gone = true
				return nil
			}
			if err != nil {
				return err
			}
			x.This, whose = &s, s.Contact
		}
		if use == Confirming {
			return nil // its reader has not shown yet that the mailbox is theirs
		}
		all, err := selectSubscriptions(tx, whose)
		for _, s := range all {
			if !s.Confirmed.IsZero() {
				x.All = append(x.All, s)
			}
		}
		x.Gone = len(all) == 0
		return err
	})
	return x, err
}

// Stop ends what a link of a mail stands for: one subscription, or with all, or by
// the link of a digest, everything of that address. With only it ends another
// one of the same address. What is gone already is no error. Errors: Denied;
// NotFound when the link is none of ours.
func (d *Desk) Stop(ctx context.Context, by glosa.Actor, token string, only SubscriptionID, all bool) error {
	if err := by.May(actStop); err != nil {
		return err
	}
	id, err := d.opened(token, Stopping, Leaving)
	if err != nil {
		return err
	}
	use, _, _ := d.Key.Open(token)
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		whose := ContactID(id)
		if use == Stopping {
			found, err := selectSubscription(tx, SubscriptionID(id))
			if err != nil || len(found) == 0 {
				return err
			}
			if whose = found[0].Contact; only == "" {
				only = found[0].ID
			}
		}
		if all || only == "" {
			return forget(tx, by, whose)
		}
		return end(tx, by, whose, only)
	})
}

// end ends one subscription of a contact, and forgets an address that hears of
// nothing any more.
func end(tx *db.Tx, by glosa.Actor, whose ContactID, id SubscriptionID) error {
	all, err := selectSubscriptions(tx, whose)
	if err != nil {
		return err
	}
	left := 0
	for _, s := range all {
		if s.ID != id {
			left++
			continue
		}
		if err := deleteSubscription(tx, id); err != nil {
			return err
		}
		if err := tx.Leave(kStopped.Event(by, "", string(id), noBody{})); err != nil {
			return err
		}
	}
	if left == 0 {
		return forget(tx, by, whose)
	}
	return nil
}

// forget erases a contact: its address, what it was told of, and every link.
func forget(tx *db.Tx, by glosa.Actor, id ContactID) error {
	found, err := selectContact(tx, id)
	if err != nil || len(found) == 0 {
		return err
	}
	if err := people.Forget(tx, found[0].person); err != nil {
		return err
	}
	if err := deleteContact(tx, id); err != nil {
		return err
	}
	return tx.Leave(kForgotten.Event(by, "", string(id), noBody{}))
}

// Bounced forgets an address that its mail server refused for good. Nothing is
// left to write to. Errors: Denied.
func (d *Desk) Bounced(ctx context.Context, by glosa.Actor, id ContactID) error {
	if err := by.May(actBounce); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error { return forget(tx, by, id) })
}

// Due forgets what nobody confirmed within [ConfirmLasts].
func Due() edition.Due {
	return edition.Due{Room: "notice", Next: func(tx *db.Tx) (time.Time, error) {
		at, err := selectOldestAsked(tx)
		if at.IsZero() {
			return at, err
		}
		return at.Add(ConfirmLasts), err
	}, Run: func(tx *db.Tx, now time.Time, limit int) (int, error) {
		old, err := selectLapsed(tx, now.Add(-ConfirmLasts), limit)
		for _, s := range old {
			err = errors.Join(err, end(tx, glosa.System(), s.Contact, s.ID))
		}
		return len(old), err
	}}
}
