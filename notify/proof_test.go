package notify

import (
	"strings"
	"testing"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db"
)

// shows asks for a code to show a mailbox.
func (o *office) shows(address string) (handle string) {
	o.Helper()
	handle, err := o.courier.Voter.SendCode(o.Context(), glosa.Citizen(), voter.Showing{Mailbox: people.NewPrivate(address), Language: "es", Edition: ed})
	must(o, err)
	return handle
}

// boxes counts the letters that are kept.
func (o *office) boxes() (n int) {
	o.Helper()
	must(o, o.d.Read(o.Context(), func(tx *db.Tx) error {
		return tx.Row(`select count(*) from voter_proof where length(box) > 0`).Scan(&n)
	}))
	return n
}

// TestTheCodeOfAMailboxComesByMailOnce: it opens the door, it is in no subject,
// and when it has gone out the address is forgotten.
func TestTheCodeOfAMailboxComesByMailOnce(t *testing.T) {
	each(t, func(o *office) {
		handle := o.shows("ana@correo.example")
		if n := o.deliver(); n != 1 {
			t.Fatalf("%d mails", n)
		}
		mail := o.server.one(t, "ana@correo.example")
		code := between(mail, "ml.proof.b|code|", "|")
		if len(code) != 9 || between(mail, "/es/ediciones/demo26/mi-puerta/", "\r\n") != "correo" || strings.Count(mail, code) != 1 {
			t.Fatalf("it does not bring a code:\n%s", mail)
		}
		if n := o.boxes(); n != 0 {
			t.Errorf("%d letters are kept after they went out", n)
		}
		token, err := o.courier.Voter.ShowMailbox(t.Context(), glosa.Citizen(), handle, code)
		must(t, err)
		if c, err := o.courier.Voter.Read(voter.Contact, ed, token); err != nil || c.Door() != voter.Contact {
			t.Errorf("%v %v", c, err)
		}
		if n := o.deliver(); n != 0 {
			t.Errorf("%d mails more", n)
		}
	})
}

// TestACodeThatIsOverIsNotSent: a mail server that was away for ten minutes.
func TestACodeThatIsOverIsNotSent(t *testing.T) {
	each(t, func(o *office) {
		o.shows("ana@correo.example")
		o.hear()
		o.clock.Advance(voter.CodeLasts)
		if n := o.deliver(); n != 0 || o.states()[Dropped] != 1 || o.boxes() != 0 {
			t.Errorf("%d mails, %v, %d letters", n, o.states(), o.boxes())
		}
	})
}
