// Package webtest is the house in which pages are tested: the demonstration,
// filled once for each test program and copied for each test, served with the
// pages under test, and browsers that enter it as members of the cast.
//
// It stands on the whole house (real desks, real record, real sessions), so that
// a page is never tried against a stand-in. For tests only.
package webtest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/auth"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db/dbtest"
	"glosa/demo"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	"glosa/web/page/chain"
)

// Today is the instant at which the demonstration was filled; an opened house
// stands one hour later.
func Today() time.Time { return time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC) }

// House is the demonstration with the pages under test, under a clock that the test moves.
type House struct {
	*testing.T
	Site   *site.Site
	Clock  *glosa.FakeClock
	Server *httptest.Server
}

// Main runs a package's tests; filled is set to a folder with the demonstration,
// made once and removed at the end. Call it from TestMain: it exits.
func Main(m *testing.M, filled *string) {
	dir, err := os.MkdirTemp("", "webtest")
	if err == nil {
		*filled = filepath.Join(dir, "data")
		err = demo.Fill(context.Background(), site.Config{Data: *filled, Origin: "glosa.test", Software: "glosa-test", Log: slog.New(slog.DiscardHandler)}, Today())
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// Open serves a copy of the filled folder with the pages that mount gives.
func Open(t *testing.T, filled string, mount func(*site.Site) func(*door.Router)) *House {
	t.Helper()
	c := site.Config{Data: filepath.Join(t.TempDir(), "data"), Origin: "glosa.test", Software: "glosa-test", Log: dbtest.Log(t)}
	copyTree(t, filled, c.Data)
	clock := glosa.NewFakeClock(Today().Add(time.Hour))
	c.Clock, c.NoSync = clock, true
	s, err := site.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){mount(s)}, Line: s.DB.Line(), Clock: c.Clock, Log: c.Log,
		Sessions: web.SignedIn{Desk: s.Auth}, Site: door.Site{Place: "Quintana Roo", Demo: true}}))
	t.Cleanup(func() { srv.Close(); s.Close() })
	return &House{T: t, Site: s, Clock: clock, Server: srv}
}

// Desks gives the chain's desks of a site, as pages want them.
func Desks(s *site.Site) chain.Desks {
	return chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question, Intake: s.Intake,
		Portrait: s.Portrait,
		Voter:    s.Voter, Priority: s.Priority, Panel: s.Panel, Commitment: s.Commitment, Record: s.Record}
}

// copyTree copies a folder; keys keep their mode, which the record insists on.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), raw, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Enter is a browser of whoever holds a role (and post) in an edition.
func (h *House) Enter(ed glosa.EditionID, role glosa.Role, post glosa.PostKey) *http.Client {
	h.Helper()
	return h.enter(ed, role, func(g auth.Grant) bool { return g.Post == post })
}

// EnterFor is a browser of whoever holds a role for a side in an edition.
func (h *House) EnterFor(ed glosa.EditionID, role glosa.Role, side glosa.Side) *http.Client {
	h.Helper()
	return h.enter(ed, role, func(g auth.Grant) bool { return g.Actor().Side == side })
}

func (h *House) enter(ed glosa.EditionID, role glosa.Role, fits func(auth.Grant) bool) *http.Client {
	h.Helper()
	grants, err := h.Site.Auth.Cast(h.Context(), ed)
	if err != nil {
		h.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	for _, g := range grants {
		if slices.Contains(g.Roles, role) && fits(g) {
			token, _, err := h.Site.Auth.Enter(h.Context(), g.ID)
			if err != nil {
				h.Fatal(err)
			}
			at, err := url.Parse(h.Server.URL)
			if err != nil {
				h.Fatal(err)
			}
			jar.SetCookies(at, []*http.Cookie{{Name: door.CookieName(door.SessionCookie, false), Value: token, Path: "/"}})
			return client
		}
	}
	h.Fatalf("nobody is %s in %q", role, ed)
	return nil
}

// Get gives the status and the body of a page.
func (h *House) Get(c *http.Client, path string) (int, string) {
	h.Helper()
	return h.Read(c.Get(h.Server.URL + path))
}

// Post sends a form, given as names and values in turn.
func (h *House) Post(c *http.Client, path string, form ...string) (int, string) {
	h.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		v.Add(form[i], form[i+1])
	}
	return h.Read(c.PostForm(h.Server.URL+path, v))
}

// Read gives the status and the body of an answer.
func (h *House) Read(resp *http.Response, err error) (int, string) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		h.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// Says fails for each text that the page does not hold.
func (h *House) Says(page string, want ...string) {
	h.Helper()
	for _, x := range want {
		if !strings.Contains(page, x) {
			h.Errorf("the page does not say %q", x)
		}
	}
}

// Hides fails for each text that the page holds.
func (h *House) Hides(page string, never ...string) {
	h.Helper()
	for _, x := range never {
		if strings.Contains(page, x) {
			h.Errorf("the page says %q", x)
		}
	}
}

// Bring brings DEMO26 to a stage along its plan, as if every gate were met.
func (h *House) Bring(stage edition.Stage) {
	h.Helper()
	editiontest.Walk(h.T, &edition.Desk{DB: h.Site.DB}, h.Clock, "demo26", stage)
	if _, err := h.Site.Edition.Tick(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// Mailbox is the token of a browser that showed a mailbox by the code sent there.
func (h *House) Mailbox(address string) (token string) {
	h.Helper()
	h.Site.Voter.Mail = true
	handle, err := h.Site.Voter.SendCode(h.Context(), glosa.Citizen(), voter.Showing{Mailbox: people.NewPrivate(address), Caller: "1", Language: "es", Edition: "demo26"})
	if err != nil {
		h.Fatal(err)
	}
	evs := dbtest.Events(h.T, h.Site.DB) // the last asked for it
	letter, err := within(h.Context(), h.Site.DB.Read, h.Site.Voter.Write, evs[len(evs)-1].Subject)
	if err != nil {
		h.Fatal(err)
	}
	token, err = h.Site.Voter.ShowMailbox(h.Context(), glosa.Citizen(), handle, letter.Code)
	if err != nil {
		h.Fatal(err)
	}
	return token
}

// within gets something inside a transaction, of which pages and their tests know nothing.
func within[Tx, X any](ctx context.Context, read func(context.Context, func(Tx) error) error, get func(Tx, string) (X, error), id string) (x X, err error) {
	err = read(ctx, func(tx Tx) (err error) {
		x, err = get(tx, id)
		return err
	})
	return x, err
}
