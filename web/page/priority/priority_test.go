package priority_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/db/dbtest"
	"glosa/demo"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/priority"
)

var today = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

// house is the demonstration with these pages, and browsers that visit it.
type house struct {
	*testing.T
	s     *site.Site
	clock *glosa.FakeClock
	web   *httptest.Server
}

// filled is a folder with the demonstration, made once; each test copies it.
var filled string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "priority")
	if err == nil {
		filled = filepath.Join(dir, "data")
		err = demo.Fill(context.Background(), site.Config{Data: filled, Origin: "glosa.test", Software: "glosa-test", Log: slog.New(slog.DiscardHandler)}, today)
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

func open(t *testing.T) *house {
	t.Helper()
	c := site.Config{Data: filepath.Join(t.TempDir(), "data"), Origin: "glosa.test", Software: "glosa-test", Log: dbtest.Log(t)}
	copyTree(t, filled, c.Data)
	clock := glosa.NewFakeClock(today.Add(time.Hour))
	c.Clock, c.NoSync = clock, true
	s, err := site.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	p := priority.Pages{Desks: chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question,
		Priority: s.Priority, Panel: s.Panel, Commitment: s.Commitment, Record: s.Record}}
	srv := httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){p.Mount}, Line: s.DB.Line(), Clock: c.Clock, Log: c.Log,
		Sessions: web.SignedIn{Desk: s.Auth}, Site: door.Site{Place: "Quintana Roo", Demo: true}}))
	t.Cleanup(func() { srv.Close(); s.Close() })
	return &house{T: t, s: s, clock: clock, web: srv}
}

// copyTree copies a folder; keys keep their mode, which the record insists on.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(from, path)
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

// enter is a browser of whoever holds a role (and post) in an edition.
func (h *house) enter(ed glosa.EditionID, role glosa.Role, post glosa.PostKey) *http.Client {
	h.Helper()
	grants, err := h.s.Auth.Cast(h.Context(), ed)
	if err != nil {
		h.Fatal(err)
	}
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	for _, g := range grants {
		if slices.Contains(g.Roles, role) && g.Post == post {
			token, _, err := h.s.Auth.Enter(h.Context(), g.ID)
			if err != nil {
				h.Fatal(err)
			}
			at, _ := url.Parse(h.web.URL)
			jar.SetCookies(at, []*http.Cookie{{Name: door.CookieName(door.SessionCookie, false), Value: token, Path: "/"}})
			return client
		}
	}
	h.Fatalf("nobody is %s in %q", role, ed)
	return nil
}

func (h *house) read(resp *http.Response, err error) (int, string) {
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

func (h *house) get(c *http.Client, path string) (int, string) {
	h.Helper()
	return h.read(c.Get(h.web.URL + path))
}

func (h *house) post(c *http.Client, path string, form ...string) (int, string) {
	h.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		v.Add(form[i], form[i+1])
	}
	return h.read(c.PostForm(h.web.URL+path, v))
}

// says fails for each text that the page does not hold.
func (h *house) says(page string, want ...string) {
	h.Helper()
	for _, x := range want {
		if !strings.Contains(page, x) {
			h.Errorf("the page does not say %q", x)
		}
	}
}

func (h *house) hides(page string, never ...string) {
	h.Helper()
	for _, x := range never {
		if strings.Contains(page, x) {
			h.Errorf("the page says %q", x)
		}
	}
}

// to brings DEMO26 to a stage along its plan, as if every gate were met.
func (h *house) to(stage edition.Stage) {
	h.Helper()
	editiontest.Walk(h.T, &edition.Desk{DB: h.s.DB}, h.clock, "demo26", stage)
	if _, err := h.s.Edition.Tick(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// Before the agenda there is a date and the frozen rule, and no promise of a result.
func TestBeforeTheAgenda(t *testing.T) {
	h := open(t)
	_, page := h.get(http.DefaultClient, "/es/ediciones/demo26/agenda")
	h.says(page, "La agenda se calcula el", "con la regla ya publicada", "para apoyar", "480 en total, 8 por pregunta: caben 60", "aparato (el mismo navegador)", "SINTÉTICO")
	h.hides(page, "Repetir el cálculo", "boletas pusieron")
	for _, file := range []string{".pb", ".json", ".csv", ".atom"} {
		if status, _ := h.get(http.DefaultClient, "/es/ediciones/demo26/agenda"+file); status != http.StatusNotFound {
			t.Errorf("agenda%s before it is made: %d", file, status)
		}
	}
	_, real := h.get(http.DefaultClient, "/es/ediciones/qroo-3/agenda")
	h.says(real, "No localizamos información pública")
}

// What got in says who paid, what missed says by how much, and the bytes of the
// files are those whose digests the page shows.
func TestTheAgendaThatStands(t *testing.T) {
	h := open(t)
	_, page := h.get(http.DefaultClient, "/es/ediciones/demo25/agenda")
	h.says(page, "384 de 384 minutos usados.", "48 preguntas entran a la sesión; 31 pasan a respuesta por escrito.", "La pagaron 20 boletas con 0.4 minutos cada una.",
		"Quedó fuera de la agenda por", "Ningún grupo con tamaño para merecer otra pregunta se quedó sin ella.", "glosa method shares --json demo25.pb",
		"¿Cuántas boletas tienen al menos una pregunta elegida?", "<title>Agenda · 384 de 384 minutos usados · Glosa</title>")
	for _, file := range []string{".pb", ".json"} {
		status, raw := h.get(http.DefaultClient, "/es/ediciones/demo25/agenda"+file)
		sum := sha256.Sum256([]byte(raw))
		if status != 200 || !strings.Contains(page, hex.EncodeToString(sum[:])) {
			t.Errorf("agenda%s: %d, and its digest is not on the page", file, status)
		}
	}
	if status, csv := h.get(http.DefaultClient, "/es/ediciones/demo25/agenda.csv"); status != 200 || strings.Count(csv, "SINTÉTICO") != 48+31 {
		t.Errorf("csv: %d, %d marks", status, strings.Count(csv, "SINTÉTICO"))
	}
	_, english := h.get(http.DefaultClient, "/en/ediciones/demo25/agenda")
	h.says(english, "384 of 384 minutes used.", "No group large enough to deserve a further question was left without it.")
}

// The selector sets the calculation off after the window, and nobody else does.
func TestTheSelectorsDesk(t *testing.T) {
	h := open(t)
	const desk = "/es/mesa/seleccion/demo26"
	selector := h.enter("demo26", glosa.Selector, "")
	if status, page := h.get(selector, desk); status != 200 || strings.Contains(page, "Hacer el cálculo y publicarlo") {
		t.Errorf("before the window ends: %d", status)
	}
	if status, _ := h.post(selector, desk); status != http.StatusLocked {
		t.Errorf("computing before the window ends: %d", status)
	}
	if status, _ := h.get(selector, "/es/mesa/seleccion/demo25"); status != http.StatusNotFound {
		t.Errorf("another edition's desk: %d", status)
	}
	h.to(edition.IntakeClosed)
	ed, err := h.s.Edition.Get(h.Context(), "demo26")
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Set(ed.SupportCloses().Add(time.Minute))
	if _, err := h.s.Edition.Tick(h.Context()); err != nil {
		t.Fatal(err)
	}
	moderator := h.enter("demo26", glosa.Moderator, "")
	if status, _ := h.get(moderator, desk); status != http.StatusForbidden {
		t.Errorf("a moderator at the selector's desk: %d", status)
	}
	if status, _ := h.post(moderator, desk); status != http.StatusForbidden {
		t.Errorf("a moderator computing: %d", status)
	}
	selector = h.enter("demo26", glosa.Selector, "")
	_, page := h.get(selector, desk)
	h.says(page, "Hacer el cálculo y publicarlo", "Se publicará como: Observatorio, lugar 1")
	if status, page := h.post(selector, desk); status != 200 || !strings.Contains(page, "minutos usados") {
		t.Errorf("computing: %d", status)
	}
	_, page = h.get(selector, desk)
	h.says(page, "La agenda ya está calculada y no cambia.")
}
