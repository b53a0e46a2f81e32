package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"glosa"
)

// Post is the mail server that takes this house's mail.
type Post struct {
	Server   string // "mail.example.org:587"
	User     string // "" sends without signing in
	Password string
	From     string // "avisos@glosa.example.org"
	Name     string // beside From: "Glosa, Quintana Roo"
	Bounces  string // where failures come back, "avisos+{}@glosa.example.org", {} says of which mail; "" is From
	Plain    bool   // without TLS: to a relay on this machine only
	Roots    *tls.Config
}

// timeout is how long the server may take for one answer.
const timeout = 60 * time.Second

// Check refuses a configuration with which nothing could be sent. Invalid.
func (p Post) Check() error {
	host, port, err := net.SplitHostPort(p.Server)
	if _, perr := strconv.ParseUint(port, 10, 16); err != nil || perr != nil || host == "" {
		return fmt.Errorf("the mail server must be given as HOST:PORT, such as mail.example.org:587")
	}
	if _, domain, ok := strings.Cut(p.From, "@"); !ok || domain == "" || strings.ContainsAny(p.From, " <>\r\n,") {
		return fmt.Errorf("the sender must be a mailbox, such as avisos@glosa.example.org")
	}
	if p.Bounces != "" && (strings.Count(p.Bounces, "{}") != 1 || !strings.Contains(p.Bounces, "@") ||
		len(strings.Split(p.Bounces, "@")[0]) > 64-46+2 || strings.ContainsAny(p.Bounces, " <>\r\n,")) {
		return fmt.Errorf("where bounces come back to must be a mailbox with {} in it, such as avisos+{}@glosa.example.org, of at most 20 letters before @")
	}
	if ip := net.ParseIP(host); p.Plain && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("mail goes without TLS to this machine only")
	}
	return nil
}

// dial opens a session: STARTTLS and, with a user, signing in. What goes wrong here
// is about the server, never about a mail.
func (p Post) dial(ctx context.Context) (*smtp.Client, error) {
	host, port, _ := net.SplitHostPort(p.Server)
	n, _ := strconv.Atoi(port)
	opts := []mail.Option{mail.WithPort(n), mail.WithTimeout(timeout), mail.WithTLSPolicy(mail.TLSMandatory), mail.WithoutSMTPUTF8()}
	switch {
	case p.Plain:
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	case n == 465:
		opts = append(opts, mail.WithSSL())
	}
	if p.Roots != nil {
		opts = append(opts, mail.WithTLSConfig(p.Roots))
	}
	if p.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(p.User), mail.WithPassword(p.Password))
	}
	c, err := mail.NewClient(host, opts...)
	if err != nil {
		return nil, err
	}
	return c.DialToSMTPClientWithContext(ctx)
}

// message is a letter as it travels.
func (p Post) message(id string, l Letter, at time.Time) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := m.FromFormat(p.Name, p.From); err != nil {
		return nil, err
	}
	if err := m.To(l.To.Reveal()); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(p.From, "@")
	m.SetMessageIDWithValue(id + "@" + domain)
	m.SetDateWithValue(at)
	m.Subject(line(l.Subject))
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if l.Stop != "" {
		m.SetGenHeader(mail.HeaderListUnsubscribe, "<"+l.Stop+">")
		m.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(mail.TypeTextPlain, l.Body)
	return m, nil
}

// sender is the envelope's sender: where a failure comes back to.
func (p Post) sender(token string) string {
	if p.Bounces == "" {
		return p.From
	}
	return strings.Replace(p.Bounces, "{}", token, 1)
}

// Outcome is what a server made of a mail.
type outcome uint8

const (
	taken   outcome = iota // 250 after the last dot
	later                  // try this mail again
	never                  // this mail, or this mailbox, is refused for good
	unknown                // the mailbox does not exist: never, and forget it
	away                   // the server is: nothing was said of this mail
)

// errNotOurs says that a mail is not this run's any more: its session is broken off.
var errNotOurs = errors.New("notify: another node sends this mail")

// send hands one message in. hand is called when everything but the last dot has
// been given to the session; only if it succeeds is the dot written. The error
// holds a server's code and never its words: those may repeat the address.
func send(c *smtp.Client, from, to string, m *mail.Msg, hand func() error) (outcome, int, error) {
	_ = c.UpdateDeadline(timeout)
	if err := c.Mail("<" + from + ">"); err != nil {
		return away, codeOf(err), wordless("the sender", err) // the same for every mail
	}
	if err := c.Rcpt("<" + to + ">"); err != nil {
		return replied("a recipient", err)
	}
	w, err := c.Data()
	if err != nil {
		return replied("DATA", err)
	}
	if _, err := m.WriteTo(w); err != nil {
		return away, 0, wordless("the text", err)
	}
	if err := hand(); err != nil {
		return away, 0, err // the session is closed without a dot: nothing is taken
	}
	if err := w.Close(); err != nil {
		how, code, err := replied("the last dot", err)
		if how == away {
			how = later // also when the line broke: who has not said 250 has not taken it
		}
		return how, code, err
	}
	return taken, 250, nil
}

// replied is what a refusal means for the mail that it was said of. 421 says that
// the server goes away, and no code at all that it is gone.
func replied(to string, err error) (outcome, int, error) {
	code := codeOf(err)
	how := away
	switch {
	case code >= 500 && noSuchBox(err):
		how = unknown
	case code >= 500:
		how = never
	case code >= 400 && code != 421:
		how = later
	}
	return how, code, wordless(to, err)
}

// wordless is an error without the server's words.
func wordless(what string, err error) error {
	if code := codeOf(err); code != 0 {
		return fmt.Errorf("%s was answered with %d", what, code)
	}
	return err
}

// codeOf is the server's reply; 0 when it said nothing.
func codeOf(err error) int {
	var e *textproto.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// noSuchBox tells whether a refusal is about the mailbox itself (RFC 3463: 5.1.1,
// 5.1.10, 5.2.1), not about us or about what was written.
func noSuchBox(err error) bool {
	var e *textproto.Error
	if !errors.As(err, &e) {
		return false
	}
	return goneBox(strings.Fields(e.Msg + " ")[:min(1, len(strings.Fields(e.Msg)))])
}

func goneBox(first []string) bool {
	if len(first) == 0 {
		return false
	}
	switch first[0] {
	case "5.1.1", "5.1.10", "5.2.1":
		return true
	}
	return false
}

// busy is the error of a round that found no server.
func busy(err error) error {
	return &glosa.Error{Kind: glosa.Busy, Key: "e.503", Err: fmt.Errorf("mail server: %w", err)}
}
