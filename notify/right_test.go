package notify

import (
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"glosa"
	"glosa/civic/people/notice"
	"glosa/civic/people/rights"
	"glosa/civic/question"
	"glosa/db"
)

// requests hands in a request over one's data by the key of a new question.
func (o *office) requests(k rights.Kind, contact string) rights.ID {
	o.Helper()
	q, err := o.courier.Question.Submit(o.Context(), glosa.Citizen(), ed, question.Ask{Text: "¿Cuándo abre el archivo?", Municipality: "23005"})
	must(o, err)
	rc, err := o.courier.Rights.Ask(o.Context(), glosa.Citizen(), rights.Ask{Kind: k, Text: "Palabras canarias", Contact: contact, Language: "en",
		Folio: string(q.ID), Key: q.Key})
	must(o, err)
	return rc.ID
}

// reached tells whether it is still kept how to reach somebody.
func (o *office) reached(id rights.ID) bool {
	o.Helper()
	err := o.d.Read(o.Context(), func(tx *db.Tx) error {
		_, _, err := o.courier.Rights.Reach(tx, id)
		return err
	})
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		o.Fatal(err)
	}
	return err == nil
}

// TestWhoeverAskedForTheirDataIsToldAndForgotten: one mail when it is resolved, in
// their language, with the way to what else is held under that address; then the
// address is gone. Nothing of what was asked is in it.
func TestWhoeverAskedForTheirDataIsToldAndForgotten(t *testing.T) {
	each(t, func(o *office) {
		o.confirmed("ana@correo.example", "es", everything, notice.Daily)
		id := o.requests(rights.Cancellation, "ana@correo.example")
		mod := func(human glosa.HumanID, side glosa.Side) glosa.Actor {
			return glosa.Actor{Human: human, Side: side, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
		}
		must(t, o.courier.Rights.Resolve(t.Context(), mod("h-1", glosa.Civil), id, rights.Granted, ""))
		if n := o.deliver(); n != 0 {
			t.Fatalf("%d mails before it is resolved", n)
		}
		must(t, o.courier.Rights.Resolve(t.Context(), mod("h-2", glosa.Government), id, rights.Granted, ""))
		o.hear()
		if !o.reached(id) {
			t.Fatal("forgotten before they are told")
		}
		if n := o.deliver(); n != 1 {
			t.Fatalf("%d mails, want 1", n)
		}
		got := o.server.one(t, "ana@correo.example")
		flat := strings.ReplaceAll(strings.ReplaceAll(got, "=\r\n", ""), "=3D", "=")
		for _, want := range []string{"en|ml.right.s|folio|" + string(id), "en|ar.outcome.granted", "https://glosa.example/en/derechos/mio", "ml.right.held", "/en/avisos/baja/l"} {
			if !strings.Contains(flat, want) {
				t.Errorf("it does not say %s:\n%s", want, flat)
			}
		}
		if strings.Contains(flat, "canarias") || strings.Contains(flat, "ml.yes.not") {
			t.Errorf("it says too much:\n%s", flat)
		}
		if o.reached(id) {
			t.Error("they were told, and the address is kept")
		}
		if n := o.deliver(); n != 0 {
			t.Errorf("told again: %d mails", n)
		}
	})
}

// TestWhoCannotBeToldByMailIsForgotten: a telephone, and a mailbox that does not exist.
func TestWhoCannotBeToldByMailIsForgotten(t *testing.T) {
	each(t, func(o *office) {
		phone, nobody := o.requests(rights.Access, "984 123 4567"), o.requests(rights.Access, "nadie@correo.example")
		o.server.onRcpt = func(string) error {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		}
		if n := o.deliver(); n != 0 {
			t.Errorf("%d mails", n)
		}
		if o.reached(phone) || o.reached(nobody) {
			t.Error("how to reach them is kept")
		}
		if n := o.states(); n[Refused] != 1 || n[Waiting] != 0 {
			t.Errorf("%v", n)
		}
	})
}
