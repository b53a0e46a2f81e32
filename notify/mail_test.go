package notify

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/people/notice"
	"glosa/db"
)

var everything = notice.Thing{Sort: notice.Edition, ID: string(ed)}

func (o *office) states() map[State]int {
	o.Helper()
	n, err := Counts(o.Context(), o.d)
	must(o, err)
	return n
}

// What somebody hears: in their language, once, with the way out in headers and
// foot and the record's newest checkpoint.
func TestMailSaysWhatHappened(t *testing.T) {
	each(t, func(o *office) {
		id := o.ask("¿Cuándo abre el archivo?")
		o.subscribe("ana@correo.example", "es", notice.Thing{Sort: notice.Question, ID: string(id)}, notice.Each)
		if n := o.deliver(); n != 1 {
			t.Fatalf("%d mails", n)
		}
		first := o.server.one(t, "ana@correo.example")
		if !strings.Contains(first, "ml.in.s") || strings.Contains(first, "¿Cuándo abre") {
			t.Errorf("the mail to confirm:\n%s", first)
		}
		_, err := o.courier.Notice.Confirm(t.Context(), glosa.Citizen(), between(first, "/avisos/confirmar/", "\r\n"))
		must(t, err)
		o.server.forget()
		o.clock.Advance(time.Second)
		o.confirmed("joe@correo.example", "en", everything, notice.Each)
		o.admit(id)
		if n := o.deliver() + o.deliver(); n != 2 {
			t.Errorf("%d mails, want one each", n)
		}
		ana, joe := o.server.one(t, "ana@correo.example"), o.server.one(t, "joe@correo.example")
		m, err := mail.ReadMessage(strings.NewReader(ana))
		must(t, err)
		if !strings.Contains(m.Header.Get("Subject"), "es|ml.synth| es|ml.ok.s|folio") || !strings.Contains(joe, "en|ml.ok.s") {
			t.Errorf("%s\n%s", ana, joe)
		}
		stop := m.Header.Get("List-Unsubscribe")
		if m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(stop, "<https://glosa.example/es/avisos/baja/s") ||
			strings.Contains(stop, "ana") || m.Header.Get("Auto-Submitted") != "auto-generated" || !strings.HasSuffix(m.Header.Get("Message-Id"), "@glosa.example>") {
			t.Errorf("%v", m.Header)
		}
		if body := between(ana, "\r\n\r\n", "\x00"); !strings.Contains(body, "ml.record|n|4217|root|raiz") || !strings.Contains(body, strings.Trim(stop, "<>")) {
			t.Errorf("no checkpoint, or no way out, at the foot:\n%s", body)
		}
		must(t, o.courier.Notice.Stop(t.Context(), glosa.Citizen(), strings.TrimSuffix(strings.TrimPrefix(stop, "<https://glosa.example/es/avisos/baja/"), ">"), "", false))
		if n, err := o.courier.Notice.Contacts(t.Context()); n != 1 || err != nil {
			t.Errorf("%d addresses are kept, want one: %v", n, err)
		}
	})
}

// By default somebody hears once a day, at eight, of everything together.
func TestDigest(t *testing.T) {
	each(t, func(o *office) {
		o.confirmed("ana@correo.example", "es", everything, notice.Daily)
		for i := range 3 {
			o.admit(o.ask(fmt.Sprintf("¿Cuándo abre el archivo número %d?", i)))
		}
		if n := o.deliver(); n != 0 {
			t.Fatalf("%d mails before the hour", n)
		}
		eight := nextDigest(o.clock.Now(), o.courier.Zone)
		o.clock.Set(eight.Add(-time.Second))
		if n := o.deliver(); n != 0 {
			t.Fatalf("%d mails a second before the hour", n)
		}
		o.clock.Set(eight)
		if n := o.deliver() + o.deliver(); n != 1 {
			t.Fatalf("%d mails at the hour, want 1", n)
		}
		got := o.server.one(t, "ana@correo.example")
		if strings.Count(between(got, "\r\n\r\n", "\x00"), "ml.ok.b") != 3 || !strings.Contains(got, "/es/avisos/baja/l") {
			t.Errorf("%s", got)
		}
		o.clock.Advance(24 * time.Hour)
		if n := o.deliver(); n != 0 {
			t.Errorf("%d mails on a day without news", n)
		}
	})
}

// TestServerAwayForADay: nothing is lost, nothing is sent twice.
func TestServerAwayForADay(t *testing.T) {
	each(t, func(o *office) {
		o.crowd(300)
		o.admit(o.ask("¿Cuántas unidades hay?"))
		o.hear()
		down := &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "shutting down"}
		o.server.onRcpt = func(string) error { // it goes down in the middle of the crowd
			if o.server.count() >= 120 {
				return down
			}
			return nil
		}
		for err := error(nil); err == nil; {
			if _, err = o.courier.Round(t.Context()); err != nil && !strings.Contains(err.Error(), "mail server") {
				t.Fatal(err)
			}
		}
		o.server.stop()
		at := o.server.addr
		for range 24 {
			o.clock.Advance(time.Hour)
			if _, err := o.courier.Round(t.Context()); err == nil {
				t.Fatal("mail left while the server was away")
			}
		}
		if n := o.states(); n[Refused]+n[Dropped]+n[Unsure] > 0 || n[Waiting]+n[Sent] != 300 {
			t.Errorf("after a day: %v", n)
		}
		o.server.onRcpt = nil
		o.server.start(t, at)
		o.clock.Advance(4 * time.Hour)
		o.deliver()
		for i := range 300 {
			o.server.one(t, stranger(i))
		}
	})
}

// A server that takes a mail and is gone before it says so gets it again, under the
// same Message-ID: no sender can know.
func TestALostAnswer(t *testing.T) {
	each(t, func(o *office) {
		o.confirmed("ana@correo.example", "es", everything, notice.Each)
		o.admit(o.ask("¿Cuándo abre?"))
		o.server.onData = func(string) error { o.server.cut(); return nil }
		o.hear()
		_, _ = o.courier.Round(t.Context())
		o.server.onData = nil
		o.clock.Advance(time.Hour)
		o.deliver()
		o.server.mu.Lock()
		defer o.server.mu.Unlock()
		for id, n := range o.server.ids {
			if n > 2 {
				t.Errorf("%s %d times", id, n)
			}
		}
		if got := len(o.server.took["ana@correo.example"]); got != 2 || len(o.server.ids) != 2 { // and the mail to confirm
			t.Errorf("%d copies under %d ids", got, len(o.server.ids))
		}
	})
}

// What a server says decides: later means later, no such mailbox means that it is
// forgotten, refused words mean that this mail is not sent again.
func TestServersAnswers(t *testing.T) {
	each(t, func(o *office) {
		for _, who := range []string{"ana", "grey", "gone", "spam"} {
			o.confirmed(who+"@correo.example", "es", everything, notice.Each)
		}
		say := func(code int, a, b, c int) error {
			return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{a, b, c}, Message: "no"}
		}
		grey := 0
		o.server.onRcpt = func(to string) error {
			switch {
			case strings.HasPrefix(to, "grey"):
				if grey++; grey < 3 {
					return say(450, 4, 2, 0)
				}
			case strings.HasPrefix(to, "gone"):
				return say(550, 5, 1, 1)
			case strings.HasPrefix(to, "spam"):
				return say(550, 5, 7, 1)
			}
			return nil
		}
		o.admit(o.ask("¿Cuándo abre?"))
		if n := o.deliver(); n != 1 {
			t.Errorf("%d mails arrived at first", n)
		}
		for range 10 {
			o.clock.Advance(time.Hour)
			o.deliver()
		}
		o.server.one(t, "grey@correo.example")
		o.server.one(t, "ana@correo.example")
		n, err := o.courier.Notice.Contacts(t.Context())
		must(t, err)
		if n != 3 {
			t.Errorf("%d addresses are kept, want all but the one that does not exist", n)
		}
		if s := o.states(); s[Refused] != 1 || s[Waiting] != 0 {
			t.Errorf("%v", s)
		}
	})
}

// TestServersAnswerAtDATA: a mail refused there is that mail's own misfortune, as at
// RCPT. The others arrive; it is tried less and less often, or no more; and what is
// logged is the code alone.
func TestServersAnswerAtDATA(t *testing.T) {
	each(t, func(o *office) {
		for _, who := range []string{"ana", "grey", "gone", "spam", "zoe"} {
			o.confirmed(who+"@correo.example", "es", everything, notice.Each)
		}
		curt := newCurtServer(t)
		o.courier.Post.Server, o.courier.Post.Plain, o.courier.Lines = curt.addr, true, 1
		curt.answers("grey", "451 4.7.0 <grey@correo.example> later")
		curt.answers("gone", "550 5.1.1 <gone@correo.example> is nobody")
		curt.answers("spam", "554 5.7.1 <spam@correo.example> is not told this")
		o.admit(o.ask("¿Cuándo abre?"))
		o.hear()
		if n, err := o.courier.Round(t.Context()); n != 5 || err != nil {
			t.Errorf("%d settled: %v", n, err)
		}
		if got := fmt.Sprint(curt.taken()); got != "[ana zoe]" {
			t.Errorf("%s arrived", got)
		}
		if s := o.states(); s[Refused] != 2 || s[Waiting] != 1 {
			t.Errorf("%v", s)
		}
		if n, err := o.courier.Notice.Contacts(t.Context()); n != 4 || err != nil {
			t.Errorf("%d addresses are kept, want all but the one that does not exist: %v", n, err)
		}
		for range 40 { // ten days of four hours
			o.clock.Advance(6 * time.Hour)
			if _, err := o.courier.Round(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if s := o.states(); s[Refused] != 3 || s[Waiting] != 0 {
			t.Errorf("a mail that nobody took in ten days is still tried: %v", s)
		}
		curt.answers("ana", "421 4.3.2 <ana@correo.example> we close")
		o.admit(o.ask("¿Y el domingo?"))
		o.hear()
		_, err := o.courier.Round(t.Context())
		if err == nil || strings.Contains(err.Error(), "correo.example") || !strings.Contains(err.Error(), "421") {
			t.Errorf("the server goes away: %v", err)
		}
		if s := o.states(); s[Waiting] == 0 {
			t.Errorf("what nobody took does not wait: %v", s)
		}
	})
}

// Asked to stop, a courier finishes what it has in hand: nothing is unsure.
func TestStopIsClean(t *testing.T) {
	each(t, func(o *office) {
		o.crowd(100)
		o.admit(o.ask("¿Cuántas unidades hay?"))
		o.hear()
		ctx, stop := context.WithCancel(t.Context())
		o.server.onData = func(string) error {
			if o.server.count() == 20 {
				stop()
			}
			return nil
		}
		if _, err := o.courier.Round(ctx); err != nil {
			t.Fatal(err)
		}
		stop()
		if n := o.states(); n[Handed]+n[Claimed]+n[Unsure] > 0 || n[Sent] != o.server.count() || n[Sent] > 30 {
			t.Errorf("%v, and %d arrived", n, o.server.count())
		}
		o.deliver()
		for i := range 100 {
			o.server.one(t, stranger(i))
		}
	})
}

// Two nodes that both believe they are the one never hand in the same mail.
func TestTwoCouriers(t *testing.T) {
	each(t, func(o *office) {
		o.crowd(120)
		o.admit(o.ask("¿Cuántas unidades hay?"))
		o.hear()
		other := &Courier{Desk: o.courier.Desk, Voice: voice(), Post: o.courier.Post}
		taken := 0
		o.courier.step = func(at, _ string) {
			if at == "claimed" && taken == 0 { // the lock went over while this one held claims
				taken++
				must(t, other.Begin(t.Context()))
				_, err := other.Round(t.Context())
				must(t, err)
			}
		}
		_, _ = o.courier.Round(t.Context())
		o.deliver()
		for i := range 120 {
			o.server.one(t, stranger(i))
		}
	})
}

// Whoever is forgotten hears nothing more, and nothing that could be joined to them is kept.
func TestForgottenHearsNothing(t *testing.T) {
	each(t, func(o *office) {
		o.confirmed("ana@correo.example", "es", everything, notice.Daily)
		o.admit(o.ask("¿Cuándo abre?"))
		o.hear()
		must(t, o.d.Act(t.Context(), func(tx *db.Tx) error {
			return o.courier.Notice.Forget(tx, glosa.System(), people.NewPrivate("ana@correo.example"))
		}))
		o.hear()
		o.clock.Advance(48 * time.Hour)
		if n := o.deliver(); n != 0 {
			t.Errorf("%d mails", n)
		}
		var left int
		must(t, o.d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Row(`select (select count(*) from notify_mail) + (select count(*) from notify_item)`).Scan(&left)
		}))
		if left != 0 {
			t.Errorf("%d rows", left)
		}
	})
}

// A server without TLS is given nothing.
func TestNoPlainText(t *testing.T) {
	each(t, func(o *office) {
		o.server.stop()
		o.server.conf = nil
		o.server.start(t, "127.0.0.1:0")
		o.courier.Post.Server = o.server.addr
		o.subscribe("ana@correo.example", "es", everything, notice.Each)
		o.hear()
		if _, err := o.courier.Round(t.Context()); err == nil || o.server.count() != 0 {
			t.Errorf("%v, and %d mails left", err, o.server.count())
		}
	})
}

func TestHeadersHoldOneLine(t *testing.T) {
	p := post("127.0.0.1:25", nil)
	m, err := p.message("0123", Letter{To: people.NewPrivate("ana@correo.example"), Subject: "hola\r\nBcc: luis@correo.example\u2028x", Body: "hola\r\n.\r\nMAIL FROM:<x@y.z>"}, time.Unix(1e9, 0))
	must(t, err)
	var b strings.Builder
	_, err = m.WriteTo(&b)
	must(t, err)
	read, err := mail.ReadMessage(strings.NewReader(b.String()))
	must(t, err)
	if read.Header.Get("Bcc") != "" || read.Header.Get("Message-Id") != "<0123@glosa.example>" {
		t.Errorf("%v", read.Header)
	}
	if _, err := p.message("0123", Letter{To: people.NewPrivate("ana@correo.example\r\nRCPT TO:<luis@correo.example>")}, time.Unix(1e9, 0)); err == nil {
		t.Error("an address with a line end was taken")
	}
	for _, bad := range []Post{{Server: "mail", From: "a@b.c"}, {Server: "m:x", From: "a@b.c"}, {Server: "m:25", From: "a"}, {Server: "m:25", From: "a@b\r\nx"},
		{Server: "m:25", From: "a@b.c", Bounces: "a@b.c"}, {Server: "mail.example:25", From: "a@b.c", Plain: true}} {
		if bad.Check() == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	must(t, Post{Server: "mail.example.org:587", From: "avisos@glosa.example", Bounces: "avisos+{}@glosa.example"}.Check())
}
