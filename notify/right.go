package notify

import (
	"glosa"
	"glosa/civic/people/notice"
	"glosa/civic/people/rights"
	"glosa/db"
)

// resolved writes the mail that tells somebody of their request over their own
// data, once. Whoever left no mailbox but something else cannot be told by us:
// what they left is erased.
func (d *Desk) resolved(tx *db.Tx, e glosa.Event) error {
	id := rights.ID(e.Subject)
	to, _, err := d.Rights.Reach(tx, id)
	if err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			return nil // not resolved yet, told, or nobody to tell
		}
		return err
	}
	if _, err := notice.Address(to.Reveal()); err != nil {
		return d.Rights.Told(tx, glosa.System(), id)
	}
	return insertMails(tx, []Mail{{ID: idOf(notice.ContactID(id), Right, ""), Sort: Right, Subscription: notice.SubscriptionID(id), Due: tx.Now}})
}

// right is the mail that says that a request is resolved: which one and how, not
// what it was about. Whoever is told of anything else under the same address finds
// the way to it: only who reads that mailbox may know.
func (w *writer) right(tx *db.Tx, m Mail) (l Letter, err error) {
	id := rights.ID(m.Subscription)
	to, code, err := w.d.Rights.Reach(tx, id)
	if err != nil {
		return l, err
	}
	outcome, err := w.d.Rights.Outcome(tx, id)
	if err != nil {
		return l, err
	}
	held, err := w.d.Notice.Held(tx, to)
	if err != nil {
		return l, err
	}
	lang := string(code)
	s := said{w.v.Say(lang, "ml.right.s", "folio", string(id)),
		w.v.Say(lang, "ml.right.b", "outcome", w.v.Say(lang, "ar.outcome."+string(outcome)), "url", w.v.URL+"/"+lang+"/derechos/mio")}
	if held.Contact != "" {
		s.body += "\n\n" + w.v.Say(lang, "ml.right.held", "url", w.link(lang, "/avisos/baja", w.d.Notice.Key.Seal(notice.Leaving, string(held.Contact))))
	}
	l.To, l.Subject, l.Body = to, line(w.mark(lang, w.v.Demo, s.subject)), w.foot(lang, "", false, []said{s})
	return l, nil
}

// over tells whether nothing more is done about a mail.
func (m Mail) over() bool { return m.State == Sent || m.State == Refused || m.State == Dropped }

// close writes what became of a mail; what was kept to write it alone is forgotten
// by the same act.
func (c *Courier) close(tx *db.Tx, m Mail) error {
	n, err := settle(tx, c.run, m)
	if err != nil || n == 0 || !m.over() {
		return err
	}
	return c.forget(tx, m)
}

// told forgets whoever was told of their request.
func (c *Courier) told(tx *db.Tx, m Mail) error {
	if m.Sort != Right {
		return nil
	}
	err := c.Rights.Told(tx, glosa.System(), rights.ID(m.Subscription))
	if glosa.KindOf(err) == glosa.NotFound {
		return nil
	}
	return err
}
