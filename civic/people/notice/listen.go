package notice

import (
	"context"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// Audience lists, in the order of their ids, at most limit contacts after a
// given one that had confirmed before an instant to hear of any of the things:
// each once, at the closest pace they asked for.
func Audience(tx *db.Tx, things []Thing, before time.Time, after ContactID, limit int) (out []Listener, err error) {
	if len(things) == 0 {
		return nil, nil
	}
	rows, err := selectAudience(tx, things, before, after, limit)
	for _, l := range rows {
		if n := len(out); n == 0 || out[n-1].Contact != l.Contact {
			out = append(out, l)
		}
	}
	return out, err
}

// SubscriptionOf reads one subscription that is confirmed or may still be. NotFound.
func SubscriptionOf(tx *db.Tx, id SubscriptionID) (Subscription, error) { return asking(tx, id) }

// Reach tells where a contact is reached. NotFound when it was forgotten.
func (d *Desk) Reach(tx *db.Tx, id ContactID) (Mailbox, error) {
	found, err := selectContact(tx, id)
	if err != nil {
		return Mailbox{}, err
	}
	if len(found) == 0 {
		return Mailbox{}, glosa.Missing("contact", "")
	}
	address, err := people.Open(tx, d.Safe, found[0].person)
	return Mailbox{Address: address, Language: found[0].lang}, err
}

// Holding is everything this room holds on an address.
type Holding struct {
	Contact       ContactID // "" when nothing is held
	Language      glosa.Code
	Subscriptions []Subscription
}

// Held reads everything that is held on an address, for the person who shows that
// it is theirs; the zero Holding when it is not known. Who may ask is the law of
// the room that answers people's rights.
func (d *Desk) Held(tx *db.Tx, address people.Private) (h Holding, err error) {
	known, err := selectKnown(tx, d.Key.Lookup(address))
	if err != nil || len(known) == 0 {
		return h, err
	}
	h = Holding{Contact: known[0].id, Language: known[0].lang}
	h.Subscriptions, err = selectSubscriptions(tx, h.Contact)
	return h, err
}

// Forget erases an address with everything it was told of, inside the act of the
// room that answers people's rights: sealed words, subscriptions, links. What
// notify had ready for it goes unsent. Nothing held is no error, so that an
// erasure can be repeated after a restore.
func (d *Desk) Forget(tx *db.Tx, by glosa.Actor, address people.Private) error {
	known, err := selectKnown(tx, d.Key.Lookup(address))
	if err != nil || len(known) == 0 {
		return err
	}
	return forget(tx, by, known[0].id)
}

// Over ends every subscription to a thing of which there is nothing more to tell,
// inside the act that hears of it: whoever listened to it alone is forgotten.
func Over(tx *db.Tx, by glosa.Actor, thing Thing) error {
	all, err := selectListening(tx, thing)
	for i := 0; i < len(all) && err == nil; i++ {
		err = end(tx, by, all[i].Contact, all[i].ID)
	}
	return err
}

// Repeat is [Over] for the questions that a restored database did not know to be
// erased. Denied.
func (d *Desk) Repeat(ctx context.Context, by glosa.Actor, erased []glosa.QuestionID) error {
	if err := by.May("question.repeat"); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) (err error) {
		for i := 0; i < len(erased) && err == nil; i++ {
			err = Over(tx, by, Thing{Sort: Question, ID: string(erased[i])})
		}
		return err
	})
}

// Contacts counts the addresses that are kept.
func (d *Desk) Contacts(ctx context.Context) (n int, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = countContacts(tx)
		return err
	})
	return n, err
}
