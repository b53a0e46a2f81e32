package notify

import (
	"errors"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/people/notice"
)

// bounced is a report as Postfix writes it.
func bounced(token, action, status string) string {
	return strings.ReplaceAll(`Return-Path: <>
Delivered-To: avisos+`+token+`@glosa.example
Date: Mon, 2 Mar 2026 15:00:00 +0000 (UTC)
From: MAILER-DAEMON@correo.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: avisos+`+token+`@glosa.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4F.1/correo.example"

This is a MIME-encapsulated message.

--4F.1/correo.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you.

--4F.1/correo.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; correo.example
Arrival-Date: Mon, 2 Mar 2026 15:00:00 +0000 (UTC)

Final-Recipient: rfc822; ana@correo.example
Action: `+action+`
Status: `+status+` (bad destination)
Diagnostic-Code: smtp; 550 5.1.1 no such user

--4F.1/correo.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

Subject: algo

--4F.1/correo.example--
`, "\n", "\r\n")
}

func TestBounces(t *testing.T) {
	each(t, func(o *office) {
		thing := notice.Thing{Sort: notice.Edition, ID: string(ed)}
		o.confirmed("ana@correo.example", "es", thing, notice.Each)
		o.admit(o.ask("¿Cuándo abre?"))
		if n := o.deliver(); n != 1 {
			t.Fatalf("%d mails", n)
		}
		o.server.mu.Lock()
		from := o.server.froms[0]
		o.server.mu.Unlock()
		token := strings.TrimSuffix(strings.TrimPrefix(from, "avisos+"), "@glosa.example")
		tell := func(token, action, status string) (bool, error) {
			rep, err := ReadReport(strings.NewReader(bounced(token, action, status)), "")
			must(t, err)
			return o.courier.Bounce(t.Context(), glosa.Admin(), rep)
		}
		contacts := func() int {
			n, err := o.courier.Notice.Contacts(t.Context())
			must(t, err)
			return n
		}
		for _, harmless := range [][2]string{{"delayed", "4.4.7"}, {"failed", "5.2.2"}, {"failed", "5.7.1"}, {"delivered", "2.0.0"}, {"failed", ""}} {
			if gone, err := tell(token, harmless[0], harmless[1]); gone || err != nil {
				t.Errorf("%v: %v %v", harmless, gone, err)
			}
		}
		forged := token[:len(token)-1] + "0"
		if strings.HasSuffix(token, "0") {
			forged = token[:len(token)-1] + "1"
		}
		if _, err := tell(forged, "failed", "5.1.1"); glosa.KindOf(err) != glosa.NotFound || err == nil {
			t.Errorf("a forged report: %v", err)
		}
		if contacts() != 1 {
			t.Fatal("forgotten too early")
		}
		if gone, err := tell(token, "failed", "5.1.1"); !gone || err != nil {
			t.Errorf("%v %v", gone, err)
		}
		if contacts() != 0 {
			t.Error("an address that does not exist is kept")
		}
		o.hear()
		if gone, err := tell(token, "failed", "5.1.1"); gone || err != nil {
			t.Errorf("twice: %v %v", gone, err)
		}
	})
}

func FuzzReport(f *testing.F) {
	f.Add(bounced("b"+strings.Repeat("0", 24)+"-"+strings.Repeat("1", 20), "failed", "5.1.1"))
	f.Add("Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n--x--")
	f.Add("Subject: hola\r\n\r\nhola")
	f.Add("")
	f.Fuzz(func(t *testing.T, raw string) {
		rep, err := ReadReport(strings.NewReader(raw), "")
		if err != nil && !errors.Is(err, ErrNoReport) {
			t.Error(err)
		}
		if len(rep.Action) > 20 || len(rep.Status) > 20 || rep.Token != "" && !tokens.MatchString(rep.Token) {
			t.Errorf("%+v", rep)
		}
	})
}
