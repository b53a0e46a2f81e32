package main

import (
	"bytes"
	"context"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/cmd/front"
	"glosa/db/dbtest"
	"glosa/site"
)

// stranger is somebody with an empty server, the command line and a browser.
type stranger struct {
	*testing.T
	dir    string
	clock  *glosa.FakeClock
	site   *site.Site
	server *httptest.Server
}

// settle begins with an empty folder: nothing of the demonstration is in it.
func settle(t *testing.T) *stranger {
	t.Helper()
	st := &stranger{T: t, dir: filepath.Join(t.TempDir(), "data"), clock: glosa.NewFakeClock(time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC))}
	s, err := site.Open(t.Context(), site.Config{Data: st.dir, Origin: "localhost", Software: "glosa-test", Clock: st.clock, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	st.site = s
	st.server = httptest.NewServer(front.New(s, front.House{Place: "Quintana Roo"}))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		st.server.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		s.Close()
	})
	return st
}

// types runs a command as the keeper types it; it must succeed.
func (st *stranger) types(args ...string) string {
	st.Helper()
	var out, said bytes.Buffer
	if code := runAt(st.Context(), st.clock, args, &out, &said); code != 0 {
		st.Fatalf("glosa %s: exit code %d\n%s%s", strings.Join(args, " "), code, out.String(), said.String())
	}
	return out.String()
}

var (
	someCode  = regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b`)
	someHuman = regexp.MustCompile(`(?m)^human  (\S+)$`)
	someSeen  = regexp.MustCompile(`name="(seen|digest)" value="([^"]+)"`)
	someFolio = regexp.MustCompile(`QR26-\d{4}-[0-9A-Z]`)
)

// browser is somebody who has come in by a code.
type browser struct {
	*stranger
	c *http.Client
}

func (st *stranger) enters(code string) browser {
	st.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		st.Fatal(err)
	}
	b := browser{st, &http.Client{Jar: jar}}
	if page := b.sends("/es/entrar", "code", code); !strings.Contains(page, "/es/salir") {
		st.Fatalf("the code %q lets nobody in", code)
	}
	return b
}

func (b browser) opens(path string) string {
	b.Helper()
	res, err := b.c.Get(b.server.URL + path)
	return b.reads(path, res, err)
}

// sends posts a form, its fields by name and value in turn, as a page with a file does.
func (b browser) sends(path string, fields ...string) string {
	b.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	kind := "application/x-www-form-urlencoded"
	plain := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] != "document" {
			w.WriteField(fields[i], fields[i+1])
			plain.Add(fields[i], fields[i+1])
			continue
		}
		f, err := w.CreateFormFile("document", "oficio.pdf")
		if err != nil {
			b.Fatal(err)
		}
		io.WriteString(f, fields[i+1])
		kind = w.FormDataContentType()
	}
	w.Close()
	sent := io.Reader(&body)
	if kind == "application/x-www-form-urlencoded" {
		sent = strings.NewReader(plain.Encode())
	}
	res, err := b.c.Post(b.server.URL+path, kind, sent)
	return b.reads(path, res, err)
}

func (b browser) reads(path string, res *http.Response, err error) string {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("%s: %s %v\n%s", path, res.Status, err, page)
	}
	return html.UnescapeString(string(page))
}

// invites makes the code of a place at the desk of invitations, where the place
// is given to somebody first if it is empty.
func (b browser) invites(place string) string {
	b.Helper()
	page := b.sends("/es/mesa/invitaciones/qroo-10", "place", place, "title", "Oficio 7/2026", "document", "the paper of "+place)
	code := someCode.FindString(page)
	if code == "" {
		b.Fatalf("no code for %s", place)
	}
	return code
}

func (st *stranger) says(page string, want ...string) {
	st.Helper()
	for _, x := range want {
		if !strings.Contains(page, x) {
			st.Errorf("the page does not say %q", x)
		}
	}
}

// founds takes our own protocol to a draft: the differences are shown first.
func (b browser) founds(ours string, session time.Time) {
	b.Helper()
	form := []string{"protocol", "propio", "text", ours, "id", "qroo-10", "series", "qroo", "number", "10", "code", "QR26",
		"name", "Glosa 2027", "session", session.Format(time.DateOnly)}
	page := b.sends("/es/mesa/edicion", form...)
	b.says(page, "1 diferencia con", "<mark>5</mark>")
	seen := someSeen.FindStringSubmatch(page)
	if seen == nil {
		b.Fatalf("no differences are shown:\n%s", page)
	}
	b.says(b.sends("/es/mesa/edicion", append(form, "seen", seen[2])...), "Glosa 2027", "/es/mesa/edicion/qroo-10/protocolo")
}

// TestAStrangerRunsAnEdition: from an empty folder to a question that two sides
// may moderate, only by commands and by the forms of the pages.
func TestAStrangerRunsAnEdition(t *testing.T) {
	st := settle(t)
	st.says(st.keeps("load"), "territory 23 loaded")
	first := st.keeps("invite", "--role", "facilitator", "--side", "civil", "--seat", "1", "--reason", "first facilitator")
	office := st.keeps("invite", "--role", "overview", "--side", "government", "--seat", "1", "--reason", "governor's office")
	facilitator, governor := st.enters(someCode.FindString(first)), st.enters(someCode.FindString(office))
	another := func(day time.Time) { // a session lasts eight hours: another day, another code
		st.Helper()
		st.clock.Set(day)
		facilitator, governor = st.again(first, "facilitator", "civil"), st.again(office, "overview", "government")
	}
	ours, rules := st.writes()
	session := edition.Lay(rules, st.clock.Now(), st.clock.Now()).Earliest.AddDate(0, 0, 7)
	plan := edition.Lay(rules, session, st.clock.Now())

	st.says(facilitator.opens("/es/mesa"), `href="/es/mesa/edicion"`)
	facilitator.founds(ours, session)
	fills(facilitator, governor)

	another(plan.On(edition.Called))
	st.says(facilitator.sends("/es/mesa/edicion/qroo-10/avanzar"), "Falta 1 cosa para: Informe publicado")

	another(plan.On(edition.ReportPublished))
	governor.reports()
	facilitator.sends("/es/mesa/edicion/qroo-10/avanzar")
	facilitator.sends("/es/mesa/edicion/qroo-10/congelar")
	st.says(facilitator.sends("/es/mesa/edicion/qroo-10/criterios"), "congelado desde")

	another(plan.On(edition.IntakeOpen).Add(time.Hour))
	if _, err := st.site.Edition.Tick(t.Context()); err != nil { // the clock opens it, not a desk
		t.Fatal(err)
	}
	citizen := browser{st, &http.Client{}}
	folio := someFolio.FindString(citizen.sends("/es/ediciones/qroo-10/preguntar", "text", "¿Cuándo habrá agua todos los días?", "municipality", "23005", "name_policy", "anonymous", "language", "es"))
	if folio == "" {
		t.Fatal("the question has no folio")
	}
	moderator, other := st.enters(facilitator.invites("seat:qroo-10-civil-2")), st.enters(governor.invites("seat:qroo-10-government-1"))
	st.says(other.opens("/es/mesa/moderacion/qroo-10"), folio)
	moderator.sends("/es/mesa/moderacion/qroo-10/admitir", "folio", folio)
	st.says(citizen.opens("/es/preguntas/"+folio), "¿Cuándo habrá agua todos los días?")
	st.says(citizen.opens("/es/ediciones/qroo-10/protocolo"), "Sociedad civil, lugar 2")

	policy := filepath.Join(t.TempDir(), "policy")
	if err := os.WriteFile(policy, []byte(citizen.opens("/record/policy")), 0o600); err != nil {
		t.Fatal(err)
	}
	st.settled()
	st.says(st.types("verify", st.server.URL, "--policy", policy), "VERIFIED")
}

// keeps runs a command of whoever keeps the server.
func (st *stranger) keeps(args ...string) string {
	st.Helper()
	return st.types(append(args, "--data", st.dir)...)
}

// again lets in somebody who was let in before.
func (st *stranger) again(said, role, side string) browser {
	st.Helper()
	human := someHuman.FindStringSubmatch(said)[1]
	return st.enters(someCode.FindString(st.keeps("invite", "--human", human, "--role", role, "--side", side, "--seat", "1", "--reason", "another day")))
}

// writes makes a protocol of one's own from a template, and checks it.
func (st *stranger) writes() (ours string, rules *edition.Protocol) {
	st.Helper()
	ours = strings.Replace(st.types("protocol", "template", "glosa-90"), "themes: 4", "themes: 5", 1)
	file := filepath.Join(st.TempDir(), "ours.yaml")
	if err := os.WriteFile(file, []byte(ours), 0o600); err != nil {
		st.Fatal(err)
	}
	st.says(st.types("protocol", "check", file), "1 differences from glosa-90", "themes: 4 -> 5")
	rules, err := edition.ParseProtocol([]byte(ours))
	if err != nil {
		st.Fatal(err)
	}
	return ours, rules
}

// fills makes the seats of both sides and the post that is missing, and gives
// them to the people who are needed first.
func fills(facilitator, governor browser) {
	facilitator.Helper()
	facilitator.says(facilitator.opens("/es/mesa"), "/es/mesa/lugares/qroo-10", "/es/mesa/invitaciones/qroo-10", "/es/mesa/edicion/qroo-10")
	facilitator.says(facilitator.sends("/es/mesa/lugares/qroo-10/protocolo"), "Sociedad civil, lugar 2", "Observatorio, lugar 1")
	governor.says(governor.sends("/es/mesa/lugares/qroo-10/protocolo"), "Gobierno, lugar 1")
	facilitator.invites("seat:qroo-10-civil-2")
	governor.invites("seat:qroo-10-government-1")
	governor.says(governor.sends("/es/mesa/lugares/qroo-10/puesto", "form", "puesto", "institution", "GUBERNATURA", "title", "Enlace",
		"key", "gubernatura-enlace", "roles", "liaison"), "gubernatura-enlace")
	governor.invites("post:gubernatura-enlace")
	governor.invites("post:gubernatura-titular")
}

// reports lets in the two who write and publish the report.
func (b browser) reports() {
	b.Helper()
	writer, signer := b.enters(b.invites("post:gubernatura-enlace")), b.enters(b.invites("post:gubernatura-titular"))
	writer.sends("/es/mesa/informe/qroo-10", "title", "Décimo informe", "markdown", "# Agua\n\nEl agua llega cuatro días por semana.\n")
	page := signer.opens("/es/mesa/informe/qroo-10")
	signer.sends("/es/mesa/informe/qroo-10/publicar", "digest", someSeen.FindStringSubmatch(page)[2], "reason", "")
}

// settled waits until the record holds everything public that happened.
func (st *stranger) settled() {
	st.Helper()
	head, err := st.site.DB.Settled(st.Context())
	if err != nil {
		st.Fatal(err)
	}
	all, err := st.site.DB.Line().After(st.Context(), 0, int(head))
	if err != nil {
		st.Fatal(err)
	}
	var public int64
	for _, e := range all {
		if e.Public {
			public++
		}
	}
	for until := time.Now().Add(20 * time.Second); st.site.Record.Size() < public; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			st.Fatalf("the record holds %d of %d leaves: %+v", st.site.Record.Size(), public, st.site.Record.Status())
		}
	}
}
