package notify

import (
	"glosa"
	"glosa/civic/people/notice"
	"glosa/db"
)

// proving writes the mail that brings a code to a mailbox.
func proving(tx *db.Tx, e glosa.Event) error {
	return insertMails(tx, []Mail{{ID: idOf(notice.ContactID(e.Subject), Proof, ""), Sort: Proof, Subscription: notice.SubscriptionID(e.Subject), Due: tx.Now}})
}

// proof is the mail with a code: the code stands in the body alone, since subjects
// are shown on locked screens and written down by mail servers.
func (w *writer) proof(tx *db.Tx, m Mail) (l Letter, err error) {
	x, err := w.d.Voter.Write(tx, string(m.Subscription))
	if err != nil {
		return l, err
	}
	lang := string(x.Language)
	s := said{w.v.Say(lang, "ml.proof.s"), w.v.Say(lang, "ml.proof.b", "code", x.Code[:4]+" "+x.Code[4:],
		"url", w.link(lang, "/ediciones", string(x.Edition)+"/mi-puerta/correo"))}
	l.To, l.Subject, l.Body = x.To, line(w.mark(lang, w.made(tx, x.Edition), s.subject)), w.foot(lang, "", false, []said{s})
	return l, nil
}

// forget takes away, by the act that settles a mail of this sort, what was kept to
// write it.
func (c *Courier) forget(tx *db.Tx, m Mail) error {
	if m.Sort == Proof {
		return c.Voter.Written(tx, string(m.Subscription))
	}
	return c.told(tx, m)
}
