package commitment_test

import (
	"context"
	"encoding/csv"
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
	civic "glosa/civic/commitment"
	"glosa/db/dbtest"
	"glosa/demo"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/commitment"
)

var today = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

// house is the demonstration with these pages, and browsers that visit it.
type house struct {
	*testing.T
	s   *site.Site
	web *httptest.Server
}

// filled is a folder with the demonstration, made once; each test copies it.
var filled string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "commitment")
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
	c.Clock, c.NoSync = glosa.NewFakeClock(today.Add(time.Hour)), true
	s, err := site.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	p := commitment.Pages{Files: s.Files, Desks: chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question,
		Priority: s.Priority, Panel: s.Panel, Commitment: s.Commitment, Record: s.Record}}
	srv := httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){p.Mount}, Line: s.DB.Line(), Clock: c.Clock, Log: c.Log,
		Sessions: web.SignedIn{Desk: s.Auth}, Site: door.Site{Place: "Quintana Roo", Demo: true}}))
	t.Cleanup(func() { srv.Close(); s.Close() })
	return &house{T: t, s: s, web: srv}
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

// What is real stands as its sources say it: drift underlined, conflict flagged,
// gaps said, and never a quotation mark around restated words.
func TestTheRealPromise(t *testing.T) {
	h := open(t)
	status, page := h.get(http.DefaultClient, "/es/compromisos/QROO-2018-03")
	if status != 200 {
		t.Fatalf("status %d", status)
	}
	h.says(page, "<b>siete años, dos gobiernos, cinco redacciones.</b>", "Entregado", "Sin valoración pública localizada",
		"Diferencia: no se puede calcular; falta una de las dos palabras.", "Producto no es resultado.", "Gobierno de Carlos Joaquín González",
		"Gobierno de Mara Lezama", "Plan estratégico <mark>con diversificación económica</mark>", "Otra fuente da otra fecha",
		"Por el gobierno: sin dato", "MXROO0002", "fuente por reabrir", "<title>Planeación estratégica de largo plazo · Gobierno: Entregado.")
	h.hides(page, "“", "”", "«", "SINTÉTICO", "De un total de", "sin cambio de texto")
	h.says(page, "ODS 16 · meta por elegir", "La ONU liga a este objetivo el ejercicio, no cada compromiso.")
	if a, b := strings.Index(page, "Gobierno de Carlos"), strings.Index(page, "Gobierno de Mara"); a > b {
		t.Error("the bands of governments stand in the wrong order")
	}
	_, english := h.get(http.DefaultClient, "/en/compromisos/qroo-2018-03")
	h.says(english, "Long-range strategic planning", "Delivered", "seven years, two governments, five wordings", "Another source gives another date")
	_, traced := h.get(http.DefaultClient, "/es/compromisos/QROO-2018-01")
	h.says(traced, "Posible continuación, según nuestra lectura")
	_, table := h.get(http.DefaultClient, "/es/compromisos/QROO-2018-03?vista=tabla")
	h.says(table, "<table class=\"table folds\"", "La Jornada Maya")
	if status, _ := h.get(http.DefaultClient, "/es/compromisos/QROO-2018-99"); status != 404 {
		t.Errorf("a promise nobody made: %d", status)
	}
}

// Real and synthetic commitments never enter one figure, and every synthetic one
// is marked, on the page and in every export.
func TestTheBoardKeepsRealAndSyntheticApart(t *testing.T) {
	h := open(t)
	_, page := h.get(http.DefaultClient, "/es/compromisos")
	h.says(page, "3 compromisos reales · 4 sintéticos.", "ninguno de los 3 compromisos", "3 pasos de diferencia en total. Se pudo calcular en 4 de 4 compromisos.",
		"De los 4 compromisos con las dos palabras, en 2 coinciden.", "Sin declaración localizada", "Datos al 23 nov 2026, 11:00") // the hour of Cancún
	for path, want := range map[string][]string{
		"?ods=16":            {"DEMO-2026-03"},
		"?estado=documented": {"QROO-2018-02"},
		"?responsable=SESA":  {"DEMO-2026-01"},
		"?edicion=qroo-1":    {"QROO-2018-03"},
		"?gobierno=complete&observatorio=limited": {"DEMO-2026-01"},
		"?responsable=NADIE":                      {"Ningún compromiso con ese filtro."},
	} {
		status, page := h.get(http.DefaultClient, "/es/compromisos"+path)
		if status != 200 {
			t.Errorf("%s: %d", path, status)
		}
		h.says(page, want...)
	}
	_, raw := h.get(http.DefaultClient, "/es/compromisos.csv")
	rows, err := csv.NewReader(strings.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	mark := slices.Index(rows[0], "mark")
	for _, row := range rows[1:] {
		if synthetic := strings.HasPrefix(row[0], "DEMO"); synthetic != (row[mark] == "SINTÉTICO") {
			t.Errorf("%s is marked %q", row[0], row[mark])
		}
	}
	for _, path := range []string{".atom", ".json"} {
		if status, body := h.get(http.DefaultClient, "/es/compromisos"+path); status != 200 || !strings.Contains(body, "SINTÉTICO") {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// A citizen's evidence is a page with a title; nobody sees it before the
// Observatory has reviewed it, and then everybody does.
func TestEvidenceOfACitizen(t *testing.T) {
	h := open(t)
	const path = "/es/compromisos/DEMO-2026-02"
	for _, c := range []struct{ title, url, want string }{
		{"", "https://example.org/a", "Error: falta el título"},
		{"Una nota", "javascript:alert(1)", "Error: la dirección debe ser una página web"},
		{"Una nota", "", "Error: sube un archivo o da una dirección, no ambos"},
	} {
		if status, page := h.post(http.DefaultClient, path+"/evidencia", "title", c.title, "url", c.url); status != 422 || !strings.Contains(page, c.want) {
			t.Errorf("%q, %q: %d", c.title, c.url, status)
		}
	}
	const title = `Análisis <script>alert(1)</script> del pozo ocho`
	if status, _ := h.post(http.DefaultClient, path+"/evidencia", "title", title, "url", "https://example.org/analisis"); status != 200 {
		t.Fatalf("bringing evidence: %d", status)
	}
	_, page := h.get(http.DefaultClient, path)
	h.says(page, "1 aportación de la ciudadanía espera la revisión del Observatorio.")
	h.hides(page, "del pozo ocho")
	evaluator := h.enter("demo25", glosa.Evaluator, "")
	_, desk := h.get(evaluator, "/es/mesa/evaluacion/DEMO-2026-02")
	h.says(desk, "&lt;script&gt;", "Sin revisar")
	_, rest, _ := strings.Cut(desk, `value="review.`)
	id, _, _ := strings.Cut(rest, `"`)
	if status, _ := h.post(evaluator, "/es/mesa/evaluacion/DEMO-2026-02", "do", "review."+id, "review", "accepted", "reason", ""); status != 422 {
		t.Errorf("a review without a reason: %d", status)
	}
	if status, _ := h.post(evaluator, "/es/mesa/evaluacion/DEMO-2026-02", "do", "review."+id, "review", "accepted", "reason", "Es público y tiene fecha."); status != 200 {
		t.Errorf("review: %d", status)
	}
	_, page = h.get(http.DefaultClient, path)
	h.says(page, "&lt;script&gt;", "Es público y tiene fecha.")
	h.hides(page, "<script>alert")
}

// Desks let in whoever has an act there, and nobody else; another edition's desk
// is not there.
func TestDesksAreClosedByDefault(t *testing.T) {
	h := open(t)
	desks := []string{"/es/mesa/compromisos/demo25", "/es/mesa/compromisos/demo25/DEMO-2026-01", "/es/mesa/seguimiento", "/es/mesa/seguimiento/DEMO-2026-01",
		"/es/mesa/evaluacion", "/es/mesa/evaluacion/DEMO-2026-01", "/es/mesa/disposiciones/demo25"}
	nobody := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	moderator := h.enter("demo25", glosa.Moderator, "")
	for _, path := range desks {
		if status, _ := h.get(nobody, path); status != http.StatusSeeOther && status != http.StatusFound {
			t.Errorf("%s without a session: %d", path, status)
		}
		if status, _ := h.get(moderator, path); status != http.StatusForbidden {
			t.Errorf("%s as a moderator: %d", path, status)
		}
		if status, _ := h.post(moderator, path, "do", "x"); status < 400 {
			t.Errorf("posting to %s as a moderator: %d", path, status)
		}
	}
	facilitator := h.enter("demo26", glosa.Facilitator, "")
	if status, _ := h.get(facilitator, "/es/mesa/disposiciones/demo25"); status != http.StatusNotFound {
		t.Errorf("the desk of another edition: %d", status)
	}
	health := h.enter("", glosa.Liaison, "sesa-enlace")
	if status, page := h.get(health, "/es/mesa/seguimiento/DEMO-2026-01"); status != 200 || !strings.Contains(page, "Se publicará como: Enlace, Salud") {
		t.Errorf("the owner's desk: %d", status)
	}
	if status, _ := h.get(health, "/es/mesa/seguimiento/DEMO-2026-03"); status != http.StatusNotFound {
		t.Errorf("another institution's commitment: %d", status)
	}
}

// Every open commitment of an earlier edition gets its fate at the desk, with a
// reason where one is owed; the public page says it.
func TestTheFateOfEarlierOnes(t *testing.T) {
	h := open(t)
	c := h.enter("demo26", glosa.Facilitator, "")
	const desk = "/es/mesa/disposiciones/demo26"
	if status, page := h.post(c, desk, "do", "fate.DEMO-2026-04", "outcome", "abandoned", "reason", ""); status != 422 || !strings.Contains(page, "Error: falta la razón") {
		t.Errorf("abandoning without a reason: %d", status)
	}
	if status, page := h.post(c, desk, "do", "fate.DEMO-2026-04", "outcome", "abandoned", "reason", "No hubo presupuesto."); status != 200 || !strings.Contains(page, "Abandonado, con razón") {
		t.Errorf("abandoning: %d", status)
	}
	_, page := h.get(http.DefaultClient, "/es/ediciones/demo26/compromisos")
	h.says(page, "No hubo presupuesto.", "Falta decidir sobre 2.")
	_, page = h.get(http.DefaultClient, "/es/compromisos/DEMO-2026-04")
	h.says(page, "En demo26: Abandonado, con razón.", "No hubo presupuesto.")
}

// The owner's desk takes a report, and refuses one that says nothing.
func TestTheOwnerReports(t *testing.T) {
	h := open(t)
	c := h.enter("", glosa.Liaison, "sema-enlace")
	const desk = "/es/mesa/seguimiento/DEMO-2026-02"
	if status, page := h.post(c, desk, "do", "report", "status", "limited", "percent", "300", "text", ""); status != 422 || !strings.Contains(page, "Error: el avance va de 0 a 100") {
		t.Errorf("a report without words: %d", status)
	}
	if status, _ := h.post(c, desk, "do", "report", "status", "limited", "percent", "30", "text", "Se publicaron tres análisis."); status != 200 {
		t.Errorf("report: %d", status)
	}
	if status, _ := h.post(c, desk, "do", "progress.DEMO-2026-01-h2", "progress", "in_progress"); status != http.StatusNotFound {
		t.Errorf("another commitment's milestone: %d", status)
	}
	if status, _ := h.post(c, desk, "do", "progress."+string(civic.MilestoneIDOf("DEMO-2026-02", 2)), "progress", "claimed_done"); status != 200 {
		t.Errorf("milestone: %d", status)
	}
	_, page := h.get(http.DefaultClient, "/es/compromisos/DEMO-2026-02")
	h.says(page, "Se publicaron tres análisis.", "Hecho, según el gobierno; falta comprobar", "Limitado")
	h.hides(page, "Sin avance reportado")
}
