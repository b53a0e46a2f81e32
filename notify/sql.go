package notify

import (
	"time"

	"glosa"
	"glosa/civic/people/notice"
	"glosa/db"
)

func insertNotice(tx *db.Tx, n Notice) error {
	_, err := tx.Exec(`insert into notify_notice (id, topic, edition, question, at) values ($1, $2, $3, $4, $5) on conflict (id) do nothing`,
		n.ID, string(n.Topic), string(n.Edition), string(n.Question), n.At)
	return err
}

func scanNotice(r *db.Rows) (n Notice, err error) {
	err = r.Scan(&n.ID, &n.Topic, &n.Edition, &n.Question, &n.At)
	return n, err
}

func selectNotice(tx *db.Tx, id string) ([]Notice, error) {
	return db.Collect(tx, scanNotice, `select id, topic, edition, question, at from notify_notice where id = $1`, id)
}

// selectTold lists what a mail tells, in the order in which it happened.
func selectTold(tx *db.Tx, mail string) ([]Notice, error) {
	return db.Collect(tx, scanNotice, `select n.id, n.topic, n.edition, n.question, n.at from notify_item i
		join notify_notice n on n.id = i.notice where i.mail = $1 order by n.at, n.id limit 200`, mail)
}

func insertItems(tx *db.Tx, sets [][]any) ([]int64, error) {
	return tx.ExecMany(`insert into notify_item (contact, notice, mail) values ($1, $2, $3) on conflict (contact, notice) do nothing`, sets)
}

func insertMails(tx *db.Tx, mails []Mail) error {
	sets := make([][]any, len(mails))
	for i, m := range mails {
		sets[i] = []any{m.ID, string(m.Contact), string(m.Sort), string(m.Subscription), string(Waiting), tx.Now, m.Due}
	}
	_, err := tx.ExecMany(`insert into notify_mail (id, contact, sort, subscription, state, made_at, due_at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (id) do nothing`, sets)
	return err
}

const mailColumns = `id, contact, sort, subscription, state, made_at, due_at, tries, code`

func scanMail(r *db.Rows) (m Mail, err error) {
	err = r.Scan(&m.ID, &m.Contact, &m.Sort, &m.Subscription, &m.State, &m.Made, &m.Due, &m.Tries, &m.Code)
	return m, err
}

func selectMail(tx *db.Tx, id string) ([]Mail, error) {
	return db.Collect(tx, scanMail, `select `+mailColumns+` from notify_mail where id = $1`, id)
}

func selectDue(tx *db.Tx, now time.Time, limit int) ([]Mail, error) {
	return db.Collect(tx, scanMail, `select `+mailColumns+` from notify_mail where state = 'waiting' and due_at <= $1 order by due_at, id limit $2`, now, limit)
}

// claim takes mails for one run of a courier.
func claim(tx *db.Tx, run string, mails []Mail) error {
	sets := make([][]any, len(mails))
	for i, m := range mails {
		sets[i] = []any{run, m.ID}
	}
	_, err := tx.ExecMany(`update notify_mail set state = 'claimed', run = $1 where id = $2 and state = 'waiting'`, sets)
	return err
}

// hand says that the last dot is about to go out; 0 when the mail is not this run's any more.
func hand(tx *db.Tx, run, id string) (int64, error) {
	return tx.Exec(`update notify_mail set state = 'handed' where id = $1 and run = $2 and state = 'claimed'`, id, run)
}

// settle writes what became of a mail that this run had; 0 when it is not this run's any more.
func settle(tx *db.Tx, run string, m Mail) (int64, error) {
	sent := time.Time{}
	if m.State == Sent {
		sent = tx.Now
	}
	return tx.Exec(`update notify_mail set state = $1, due_at = $2, tries = $3, code = $4, sent_at = $5, run = ''
		where id = $6 and run = $7 and state in ('claimed', 'handed')`, string(m.State), m.Due, m.Tries, m.Code, sent, m.ID, run)
}

// recover puts in order what a run before this one left when it ended.
func recoverMails(tx *db.Tx) (unsure int64, err error) {
	if unsure, err = tx.Exec(`update notify_mail set state = 'unsure', run = '', sent_at = $1 where state = 'handed'`, glosa.Micros(tx.Now)); err != nil {
		return 0, err
	}
	_, err = tx.Exec(`update notify_mail set state = 'waiting', run = '' where state = 'claimed'`)
	return unsure, err
}

func resend(tx *db.Tx) (int64, error) {
	return tx.Exec(`update notify_mail set state = 'waiting', due_at = $1, tries = 0, sent_at = 0 where state = 'unsure'`, glosa.Micros(tx.Now))
}

// forgetContact takes away every mail to a contact, and what it would have told.
func forgetContact(tx *db.Tx, id notice.ContactID) error {
	if _, err := tx.Exec(`delete from notify_item where contact = $1`, string(id)); err != nil {
		return err
	}
	_, err := tx.Exec(`delete from notify_mail where contact = $1`, string(id))
	return err
}

func selectStates(tx *db.Tx) (map[State]int, error) {
	type count struct {
		state State
		n     int
	}
	all, err := db.Collect(tx, func(r *db.Rows) (c count, err error) {
		err = r.Scan(&c.state, &c.n)
		return c, err
	}, `select state, count(*) from notify_mail group by state`)
	out := map[State]int{}
	for _, c := range all {
		out[c.state] = c.n
	}
	return out, err
}

// deleteOld takes away what was told before an instant: who heard what is kept no
// longer than it takes to answer a bounce.
func deleteOld(tx *db.Tx, before time.Time) error {
	for _, q := range []string{
		`delete from notify_item where mail in (select id from notify_mail where state in ('sent', 'refused', 'dropped') and due_at < $1)`,
		`delete from notify_mail where state in ('sent', 'refused', 'dropped') and due_at < $1`,
	} {
		if _, err := tx.Exec(q, before); err != nil {
			return err
		}
	}
	return nil
}
