package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/cmd/front"
	"glosa/demo"
	"glosa/notify"
	"glosa/record"
	"glosa/site"
	"glosa/web/account"
	"glosa/web/page/security"
)

// demoMark is a file that says a folder holds a demonstration: serve refuses it.
const demoMark = "DEMONSTRATION"

type demoCmd struct {
	Addr    string `help:"Address to listen on; loopback only, since anybody may enter as anybody." default:"127.0.0.1:8080"`
	Data    string `help:"Folder to fill; default is a fresh temporary one." placeholder:"DIR"`
	Metrics string `help:"Loopback address of metrics and profiles; none by default." placeholder:"HOST:PORT"`
	mailbag
}

// Run fills a folder with the demonstration and serves it.
func (d *demoCmd) Run(c *console) error {
	if !loopback(d.Addr) {
		return wrong("the demonstration lets anybody enter as anybody: --addr must be on loopback, such as 127.0.0.1:8080")
	}
	dir := d.Data
	if dir == "" {
		tmp, err := os.MkdirTemp("", "glosa-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		dir = tmp
	}
	mark := filepath.Join(dir, demoMark)
	conf := site.Config{Data: dir, Origin: "localhost/demo-SINTETICO", Software: software(), Log: c.log}
	ln, err := net.Listen("tcp", d.Addr)
	if err != nil {
		return err
	}
	if _, err := os.Stat(mark); errors.Is(err, os.ErrNotExist) {
		if err := fresh(dir); err != nil {
			return err
		}
		if err := demo.Fill(c, conf, time.Now()); err != nil {
			return err
		}
		if err := os.WriteFile(mark, []byte("Demostración de Glosa: nada de lo que hay aquí ocurrió.\n"), 0o600); err != nil {
			return err
		}
	}
	post, err := d.post("demostración")
	if err != nil {
		return err
	}
	return serve(c, conf, house{listener: ln, metrics: d.Metrics, post: post, House: front.House{Demo: true, Place: "Quintana Roo"}})
}

// fresh refuses a folder that holds anything: the demonstration is made whole
// or not at all.
func fresh(dir string) error {
	all, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if len(all) > 0 {
		return wrong("%s is not empty and holds no finished demonstration: give an empty folder", dir)
	}
	return nil
}

type serveCmd struct {
	place
	Addr        string `help:"Address to listen on." default:"127.0.0.1:8080"`
	BehindProxy bool   `help:"A proxy in front ends TLS: send HSTS and Secure cookies, trust its X-Forwarded-For."`
	Metrics     string `help:"Loopback address of metrics and profiles; none by default." placeholder:"HOST:PORT"`
	Place       string `help:"Name beside the brand." default:"Quintana Roo"`
	Security    string `help:"Whom to tell of a weakness, for /.well-known/security.txt: mailto:… or https://…; without it there is no such file." placeholder:"ADDRESS" name:"security-contact"`
	mailbag
	accounts
	PageCache int `help:"Memory for rendered pages; 0 renders each page anew." default:"64" placeholder:"MB"`
}

// Run serves an installation.
func (s *serveCmd) Run(c *console) error {
	if _, err := os.Stat(filepath.Join(s.Data, demoMark)); err == nil {
		return wrong("%s holds a demonstration: serve it with glosa demo --data %s", s.Data, s.Data)
	}
	if err := security.CheckContact(s.Security); err != nil {
		return wrong("--security-contact must be mailto:… or https://…")
	}
	conf, err := s.config(c)
	if err != nil {
		return err
	}
	post, err := s.post(s.Place)
	if err != nil {
		return err
	}
	issuer, err := s.issuer(s.BehindProxy)
	if err != nil {
		return err
	}
	s.warn(c, conf)
	ln, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return err
	}
	return serve(c, conf, house{listener: ln, metrics: s.Metrics, post: post, issuer: issuer,
		House: front.House{Secure: s.BehindProxy, Place: s.Place, Contact: s.Security, Pages: cmp.Or(s.PageCache<<20, -1)}})
}

// house is how and where a site is shown to the world.
type house struct {
	front.House
	listener net.Listener
	metrics  string
	post     *notify.Post    // nil: no mail
	issuer   *account.Config // nil: no accounts
}

// url is how the site is reached from outside.
func (h house) url(origin string) string {
	if h.Secure {
		return "https://" + origin
	}
	return "http://" + h.listener.Addr().String()
}

// doors are those that people can come by because this house knows a server of mail,
// or an issuer of accounts.
func (h house) doors() (open []glosa.Code) {
	if h.post != nil {
		open = append(open, voter.Contact)
	}
	if h.issuer != nil {
		open = append(open, voter.OIDC)
	}
	return open
}

// serve opens a site and serves it until the context ends, gracefully.
func serve(c *console, conf site.Config, h house) error {
	conf.Mail = h.post != nil
	s, err := site.Open(c, conf)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := started(c, s); err != nil {
		return err
	}
	inner, err := metricsListener(h.metrics)
	if err != nil {
		return err
	}
	var more []func(context.Context) error
	if h.issuer != nil {
		if h.Account, err = account.New(at(*h.issuer, s)); err != nil {
			return err
		}
		more = append(more, h.Account.Run)
	}
	if err := s.Voter.Offer(c, h.doors()...); err != nil {
		return err
	}
	server := front.New(s, h.House)
	fmt.Fprintf(c.out, "Glosa: http://%s/\n", h.listener.Addr())
	if !h.Demo {
		if h.post == nil {
			fmt.Fprintln(c.out, "No mail server (--smtp): nobody is notified, no support counts by a mailbox, and nobody proves the contacts of those who volunteer for a panel.")
		}
		if err := next(c, s, conf.Data); err != nil {
			return err
		}
	}
	if h.post != nil {
		more = append(more, courier(s, *h.post, h.Place, h.url(conf.Origin), h.Demo).Run)
	}
	return s.Run(c, append(more, func(ctx context.Context) error {
		err := server.Serve(ctx, h.listener, inner)
		if ctx.Err() != nil && errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return err
	})...)
}

func metricsListener(addr string) (net.Listener, error) {
	if addr == "" {
		return nil, nil
	}
	if !loopback(addr) {
		return nil, wrong("--metrics must be on loopback")
	}
	return net.Listen("tcp", addr)
}

// started leaves the self-declared leaf of which program runs.
func started(ctx context.Context, s *site.Site) error {
	var sum glosa.Hash
	if path, err := os.Executable(); err == nil {
		if f, err := os.Open(path); err == nil {
			h := sha256.New()
			_, err = io.Copy(h, f)
			f.Close()
			if err == nil {
				sum = glosa.Hash(h.Sum(nil))
			}
		}
	}
	desk := &record.Desk{DB: s.DB}
	return desk.Start(ctx, glosa.System(), record.Started{Version: glosa.Code(software()), Revision: glosa.Code(revision()), SHA256: sum})
}

// loopback tells whether an address is on this machine alone.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
