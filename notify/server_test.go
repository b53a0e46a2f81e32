package notify

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// mailServer is a real SMTP server on loopback. It takes mail under STARTTLS only,
// and does to it what the test says.
type mailServer struct {
	addr string
	cert []byte // PEM, to be trusted
	conf *tls.Config
	srv  *smtp.Server

	mu    sync.Mutex
	took  map[string][][]byte // by recipient
	ids   map[string]int      // how often each Message-ID was taken
	froms []string
	lines []*smtp.Conn
	n     int

	onRcpt func(to string) error // before a recipient is taken
	onData func(to string) error // after the last dot, before the answer
}

func newMailServer(t testing.TB) *mailServer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	must(t, err)
	s := &mailServer{took: map[string][][]byte{}, ids: map[string]int{}, cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		conf: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}}
	s.start(t, "127.0.0.1:0")
	t.Cleanup(s.stop)
	return s
}

func (s *mailServer) start(t testing.TB, addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", addr)
	must(t, err)
	s.addr = ln.Addr().String()
	s.srv = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.lines = append(s.lines, c)
		return &mailSession{s: s, c: c}, nil
	}))
	s.srv.Domain, s.srv.TLSConfig, s.srv.ErrorLog = "127.0.0.1", s.conf, quiet{}
	go s.srv.Serve(ln)
}

// cut breaks every line off.
func (s *mailServer) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.lines {
		_ = c.Conn().Close()
	}
	s.lines = nil
}

func (s *mailServer) stop() { _ = s.srv.Close() }

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// trust is the client's side of the server's self-made certificate.
func trust(cert []byte) *tls.Config {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(cert)
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

func (s *mailServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

// one is the only mail that somebody got.
func (s *mailServer) one(t testing.TB, to string) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.took[to]) != 1 {
		t.Fatalf("%s got %d mails, want 1", to, len(s.took[to]))
	}
	return string(s.took[to][0])
}

func (s *mailServer) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took, s.n, s.froms = map[string][][]byte{}, 0, nil
}

type mailSession struct {
	s        *mailServer
	c        *smtp.Conn
	from, to string
}

func (m *mailSession) Reset()        { m.from, m.to = "", "" }
func (m *mailSession) Logout() error { return nil }

func (m *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if _, sealed := m.c.TLSConnectionState(); !sealed {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "STARTTLS first"}
	}
	m.from = from
	return nil
}

func (m *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	m.to = to
	if m.s.onRcpt != nil {
		return m.s.onRcpt(to)
	}
	return nil
}

func (m *mailSession) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err // no dot came: nothing is taken
	}
	m.s.mu.Lock()
	m.s.took[m.to], m.s.froms, m.s.n = append(m.s.took[m.to], text), append(m.s.froms, m.from), m.s.n+1
	if _, after, ok := bytes.Cut(text, []byte("Message-ID: ")); ok {
		id, _, _ := bytes.Cut(after, []byte("\r\n"))
		m.s.ids[string(id)]++
	}
	m.s.mu.Unlock()
	if m.s.onData != nil {
		return m.s.onData(m.to)
	}
	return nil
}

// curtServer speaks just enough SMTP, over real lines on loopback, to answer DATA
// itself with a refusal; the other server's library has said 354 by then.
type curtServer struct {
	addr string

	mu    sync.Mutex
	reply map[string]string // to DATA, by the mailbox's name
	took  []string
}

func newCurtServer(t testing.TB) *curtServer {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s := &curtServer{addr: ln.Addr().String(), reply: map[string]string{}}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return s
}

func (s *curtServer) answers(who, reply string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply[who] = reply
}

func (s *curtServer) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.took))
}

func (s *curtServer) talk(c net.Conn) {
	defer c.Close()
	say := func(line string) { _, _ = io.WriteString(c, line+"\r\n") }
	say("220 curt")
	who, inText := "", false
	for lines := bufio.NewScanner(c); lines.Scan(); {
		verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
		switch {
		case inText && lines.Text() != ".":
		case inText:
			s.mu.Lock()
			s.took, inText = append(s.took, who), false
			s.mu.Unlock()
			say("250 taken")
		case verb == "RCPT":
			_, who, _ = strings.Cut(lines.Text(), "<")
			who, _, _ = strings.Cut(who, "@")
			say("250 yes")
		case verb == "DATA":
			s.mu.Lock()
			reply := s.reply[who]
			s.mu.Unlock()
			if inText = reply == ""; inText {
				reply = "354 go on"
			}
			say(reply)
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 yes")
		}
	}
}
