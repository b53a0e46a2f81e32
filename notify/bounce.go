package notify

import (
	"bufio"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"glosa"
	"glosa/civic/people/notice"
	"glosa/db"
)

// Report is what a mail server says became of a mail: RFC 3464, of which only
// what decides something is read.
type Report struct {
	Token  string // of which mail, out of the address that the report came to
	Action string // "failed", "delayed", "delivered", …
	Status string // "5.1.1"
}

// most is the longest report that is read: servers send the whole mail back.
const most = 1 << 20

// ErrNoReport says that a message is no delivery report.
var ErrNoReport = errors.New("notify: this is no delivery report (RFC 3464)")

// tokens finds which mail a report is about in the address it came to.
var tokens = regexp.MustCompile(`\bb[0-9a-f]{24}-[0-9a-f]{20}\b`)

// ReadReport reads one message as a mail server pipes it: the address that it came
// to stands in its headers. recipient, if the server says it apart, goes first.
func ReadReport(r io.Reader, recipient string) (rep Report, err error) {
	msg, err := mail.ReadMessage(bufio.NewReader(io.LimitReader(r, most)))
	if err != nil {
		return rep, errors.Join(ErrNoReport, err)
	}
	rep.Token = tokens.FindString(recipient)
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "To"} {
		for _, v := range msg.Header[textproto.CanonicalMIMEHeaderKey(name)] {
			if rep.Token == "" {
				rep.Token = tokens.FindString(v)
			}
		}
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || params["boundary"] == "" {
		return rep, ErrNoReport
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for range 10 {
		part, err := parts.NextRawPart()
		if err != nil {
			break
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if kind == "message/delivery-status" || kind == "message/global-delivery-status" {
			rep.fields(part)
			return rep, nil
		}
	}
	return rep, ErrNoReport
}

// fields reads the groups of a delivery-status part: the last one that says what
// was done is about the recipient; a mail of ours has one.
func (rep *Report) fields(r io.Reader) {
	sc := bufio.NewScanner(r)
	for n := 0; sc.Scan() && n < 200; n++ {
		name, value, ok := strings.Cut(sc.Text(), ":")
		if !ok {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "action":
			rep.Action = word(value)
		case "status":
			rep.Status = word(value)
		}
	}
}

// word is the first word of a value, in lower case: the rest is a comment.
func word(s string) string {
	f := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '\t' || r == '(' || r == ';' || r == '\r' })
	if len(f) == 0 || len(f[0]) > 20 {
		return ""
	}
	return f[0]
}

// Permanent tells whether the mailbox is gone for good: it failed, and for a reason
// that is about the address (RFC 3463: 5.1.x, 5.2.1, 5.4.4). A full mailbox and a
// filter that dislikes us are not.
func (rep Report) Permanent() bool {
	return rep.Action == "failed" && (strings.HasPrefix(rep.Status, "5.1.") || rep.Status == "5.2.1" || rep.Status == "5.4.4")
}

// Bounce does what a report says: an address that does not exist is forgotten. It
// tells whether one was. NotFound when the report is about no mail of this house:
// a forged one ends nothing.
func (d *Desk) Bounce(ctx context.Context, by glosa.Actor, rep Report) (forgotten bool, err error) {
	use, id, err := d.Notice.Key.Open(rep.Token)
	if err != nil || use != notice.Bouncing {
		return false, glosa.Missing("mail", "")
	}
	if !rep.Permanent() {
		return false, nil
	}
	var whose notice.ContactID
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := selectMail(tx, id)
		if len(found) > 0 {
			whose = found[0].Contact
		}
		return err
	})
	if err != nil || whose == "" {
		return false, err
	}
	return true, d.Notice.Bounced(ctx, by, whose)
}
