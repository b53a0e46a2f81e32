package notice

import (
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// contact is one address.
type contact struct {
	id     ContactID
	person people.PersonID
	lang   glosa.Code
	asks   int
	asksAt time.Time
}

func scanContact(r *db.Rows) (c contact, err error) {
	err = r.Scan(&c.id, &c.person, &c.lang, &c.asks, &c.asksAt)
	return c, err
}

const contactColumns = `id, person, lang, asks, asks_at`

func selectContact(tx *db.Tx, id ContactID) ([]contact, error) {
	return db.Collect(tx, scanContact, `select `+contactColumns+` from notice_contact where id = $1`, string(id))
}

func selectKnown(tx *db.Tx, lookup glosa.Hash) ([]contact, error) {
	return db.Collect(tx, scanContact, `select `+contactColumns+` from notice_contact where lookup = $1`, lookup)
}

func insertContact(tx *db.Tx, c contact, lookup glosa.Hash) error {
	_, err := tx.Exec(`insert into notice_contact (id, lookup, person, lang, made_at, asks, asks_at) values ($1, $2, $3, $4, $5, $6, $7)`,
		string(c.id), lookup, string(c.person), string(c.lang), glosa.Micros(tx.Now), c.asks, c.asksAt)
	return err
}

func saveContact(tx *db.Tx, c contact) error {
	_, err := tx.Exec(`update notice_contact set lang = $1, asks = $2, asks_at = $3 where id = $4`, string(c.lang), c.asks, c.asksAt, string(c.id))
	return err
}

func deleteContact(tx *db.Tx, id ContactID) error {
	if _, err := tx.Exec(`delete from notice_subscription where contact = $1`, string(id)); err != nil {
		return err
	}
	_, err := tx.Exec(`delete from notice_contact where id = $1`, string(id))
	return err
}

const subscriptionColumns = `id, contact, sort, thing, pace, asked_at, confirmed_at`

func scanSubscription(r *db.Rows) (s Subscription, err error) {
	err = r.Scan(&s.ID, &s.Contact, &s.Thing.Sort, &s.Thing.ID, &s.Pace, &s.Asked, &s.Confirmed)
	return s, err
}

func selectSubscription(tx *db.Tx, id SubscriptionID) ([]Subscription, error) {
	return db.Collect(tx, scanSubscription, `select `+subscriptionColumns+` from notice_subscription where id = $1`, string(id))
}

func selectSubscriptions(tx *db.Tx, id ContactID) ([]Subscription, error) {
	return db.Collect(tx, scanSubscription, `select `+subscriptionColumns+` from notice_subscription where contact = $1 order by asked_at, id`, string(id))
}

func selectListening(tx *db.Tx, t Thing) ([]Subscription, error) {
	return db.Collect(tx, scanSubscription, `select `+subscriptionColumns+` from notice_subscription where thing = $1 and sort = $2 order by id`, t.ID, string(t.Sort))
}

func insertSubscription(tx *db.Tx, s Subscription) error {
	_, err := tx.Exec(`insert into notice_subscription (id, contact, sort, thing, pace, asked_at) values ($1, $2, $3, $4, $5, $6)`,
		string(s.ID), string(s.Contact), string(s.Thing.Sort), s.Thing.ID, string(s.Pace), s.Asked)
	return err
}

func saveSubscription(tx *db.Tx, s Subscription) error {
	_, err := tx.Exec(`update notice_subscription set pace = $1, asked_at = $2, confirmed_at = $3 where id = $4`,
		string(s.Pace), s.Asked, s.Confirmed, string(s.ID))
	return err
}

func deleteSubscription(tx *db.Tx, id SubscriptionID) error {
	_, err := tx.Exec(`delete from notice_subscription where id = $1`, string(id))
	return err
}

// selectLapsed lists what was asked for before an instant and never confirmed.
func selectLapsed(tx *db.Tx, before time.Time, limit int) ([]Subscription, error) {
	return db.Collect(tx, scanSubscription, `select `+subscriptionColumns+` from notice_subscription
		where confirmed_at = 0 and asked_at <= $1 order by asked_at, id limit $2`, before, limit)
}

func selectOldestAsked(tx *db.Tx) (at time.Time, err error) {
	err = tx.Row(`select coalesce(min(asked_at), 0) from notice_subscription where confirmed_at = 0`).Scan(&at)
	return at, err
}

// selectAudience lists, by contact, who listened to any of the things before an
// instant. A contact's closest pace comes first.
func selectAudience(tx *db.Tx, things []Thing, before time.Time, after ContactID, limit int) ([]Listener, error) {
	args := []any{string(after), before, limit}
	parts := make([]string, len(things))
	for i, t := range things {
		parts[i] = `thing = $` + strconv.Itoa(len(args)+1) + ` and sort = $` + strconv.Itoa(len(args)+2)
		args = append(args, t.ID, string(t.Sort))
	}
	return db.Collect(tx, func(r *db.Rows) (l Listener, err error) {
		err = r.Scan(&l.Contact, &l.Subscription, &l.Pace)
		return l, err
	}, `select contact, id, pace from notice_subscription where confirmed_at > 0 and confirmed_at <= $2 and contact > $1
		and (`+strings.Join(parts, ` or `)+`) order by contact, pace desc, id limit $3`, args...)
}

func countContacts(tx *db.Tx) (n int, err error) {
	err = tx.Row(`select count(*) from notice_contact`).Scan(&n)
	return n, err
}
