package panel_test

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
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	civic "glosa/civic/panel"
	"glosa/db/dbtest"
	"glosa/demo"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/panel"
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
	dir, err := os.MkdirTemp("", "panel")
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
	p := panel.Pages{Desks: chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question,
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

// to brings DEMO26 to a stage along its plan, as if every gate were met.
func (h *house) to(stage edition.Stage) {
	h.Helper()
	editiontest.Walk(h.T, &edition.Desk{DB: h.s.DB}, h.clock, "demo26", stage)
	if _, err := h.s.Edition.Tick(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// A session that is over says what became of each question, to the second.
func TestTheSessionThatWas(t *testing.T) {
	h := open(t)
	_, page := h.get(http.DefaultClient, "/es/ediciones/demo25/sesion")
	h.says(page, "La sesión terminó.", "44 preguntas se contestaron en la sala; 4 pasaron a respuesta por escrito.", "Mesa 1: Salud", "Contestada en la sala, minuto 1:20",
		"No alcanzó el tiempo", "Presente desde las 10:00", "Publicar cada mes qué medicinas", "Titular, Salud", "SINTÉTICO")
	for path, want := range map[string]string{"sesion.csv": "to_writing", "asistencia.csv": "post:sesa-titular", "sesion.json": "video_second", "sesion.atom": "SINTÉTICO"} {
		if status, body := h.get(http.DefaultClient, "/es/ediciones/demo25/"+path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d", path, status)
		}
	}
	_, page = h.get(http.DefaultClient, "/es/ediciones/demo26/sesion")
	h.says(page, "Se celebra el", "Todavía no hay mesas.")
	_, page = h.get(http.DefaultClient, "/es/ediciones/qroo-8/sesion")
	h.says(page, "No localizamos información pública")
}

// Minutes show both signatures as recorded under the post, every version, and
// what changed between them.
func TestTheMinutesThatStand(t *testing.T) {
	h := open(t)
	_, page := h.get(http.DefaultClient, "/es/ediciones/demo25/minutas")
	h.says(page, "Registrada por los dos lados.", "registrada por el puesto", "Titular, Gubernatura del Estado", "Sociedad civil, lugar 6", "Tres años, sujeto a presupuesto.",
		"Un año, con metas trimestrales.", `<ins class="new">La publicación de los análisis`, "La reemplazó otra", "Falta decir quién publicará los análisis.")
	_, back := h.get(http.DefaultClient, "/es/ediciones/demo25/minutas?de=9&a=1")
	h.says(back, "Diferencias")
	_, back = h.get(http.DefaultClient, "/es/ediciones/demo25/minutas?de=2&a=1")
	h.says(back, "<del>La publicación")
	_, page = h.get(http.DefaultClient, "/es/ediciones/demo26/minutas")
	h.says(page, "Todavía no hay minuta.")
}

// session takes DEMO26 to its session day with one table, prepared at the
// facilitator's desk: the whole way without script.
func (h *house) session() {
	h.Helper()
	h.to(edition.IntakeClosed)
	ed, err := h.s.Edition.Get(h.Context(), "demo26")
	if err != nil {
		h.Fatal(err)
	}
	h.clock.Set(ed.SupportCloses().Add(time.Minute))
	if _, err := h.s.Edition.Tick(h.Context()); err != nil {
		h.Fatal(err)
	}
	selector := glosa.Actor{Human: "h-selector", Side: glosa.Observatory, Seat: 1, Edition: "demo26", Roles: []glosa.Role{glosa.Selector}}
	agenda, err := h.s.Priority.Select(h.Context(), selector, "demo26")
	if err != nil {
		h.Fatal(err)
	}
	h.to(edition.InPreparation)
	c := h.enter("demo26", glosa.Facilitator, "")
	const desk = "/es/mesa/preparacion/demo26"
	if status, page := h.post(c, desk, "do", "set.new", "number", "1", "theme", "", "minutes", "5"); status != 422 || !strings.Contains(page, "#f-set.new-theme") {
		h.Errorf("a table without a theme: %d", status)
	}
	h.done(c, desk, "do", "set.new", "number", "1", "theme", "Salud", "minutes", "60")
	for _, seat := range [][2]string{{"civil|seat:civil:4", "chair"}, {"government|seat:government:4", "clerk"}, {"civil|seat:civil:6", "panelist"}, {"government|post:sesa-titular", "signatory"}} {
		h.done(c, desk, "do", "seat.1", "number", "1", "chair", seat[0], "duty", seat[1])
	}
	if status, _ := h.post(c, desk, "do", "order.1", "number", "1", "questions", "DEMO26-9999-Z"); status != 422 {
		h.Errorf("a question that nobody chose: %d", status)
	}
	_, page := h.get(c, desk)
	h.says(page, "Propuesta: por el orden en que se pagaron")
	h.done(c, desk, "do", "order.1", "number", "1", "questions", string(agenda.Chosen[0].Question)+"\n"+string(agenda.Chosen[1].Question))
	h.to(edition.InSession)
}

// done posts a form that must be taken.
func (h *house) done(c *http.Client, path string, form ...string) {
	h.Helper()
	if status, page := h.post(c, path, form...); status != http.StatusOK {
		_, errs, _ := strings.Cut(page, `class="errors"`)
		errs, _, _ = strings.Cut(errs, "</div>")
		h.Fatalf("%s %v: %d %s", path, form, status, errs)
	}
}

// The hour, run at the console, is on the public page as it happens.
func TestTheConsole(t *testing.T) {
	h := open(t)
	h.session()
	const console = "/es/mesa/conduccion/demo26-m1"
	chair, clerk := h.enter("demo26", glosa.Chair, ""), h.enter("demo26", glosa.Clerk, "")
	if status, _ := h.get(h.enter("demo26", glosa.Moderator, ""), console); status != http.StatusForbidden {
		t.Errorf("a moderator at the console: %d", status)
	}
	if status, page := h.get(chair, "/es/mesa/conduccion/demo26"); status != 200 || !strings.Contains(page, "Mesa 1: Salud") {
		t.Errorf("the list of tables: %d", status)
	}
	for i, seat := range []string{"civil|seat:civil:4", "government|seat:government:4", "civil|seat:civil:6", "government|post:sesa-titular"} {
		h.done(clerk, console, "do", fmt.Sprintf("arrive.%d", i), "chair", seat)
	}
	h.done(chair, console, "do", "open", "video", "https://video.example/1")
	day, err := h.s.Panel.Session(h.Context(), civic.MesaIDOf("demo26", 1))
	if err != nil {
		t.Fatal(err)
	}
	first, second := string(day.Items[0].Question), string(day.Items[1].Question)
	h.clock.Advance(30 * time.Second)
	h.done(chair, console, "do", "start", "question", first, "kind", "question", "chair", "civil|seat:civil:6")
	_, page := h.get(http.DefaultClient, "/es/ediciones/demo26/sesion")
	h.says(page, "En vivo:", "Habla Sociedad civil, lugar 6: pregunta.", "Su turno termina a las")
	if status, page := h.post(chair, console, "do", "start", "question", first, "kind", "answer", "chair", "government|post:sesa-titular"); status != 422 || !strings.Contains(page, "Alguien tiene la palabra") {
		t.Errorf("two people at once: %d", status)
	}
	h.clock.Advance(3 * time.Minute)
	_, page = h.get(http.DefaultClient, "/es/ediciones/demo26/sesion")
	h.says(page, "Su turno terminaba a las")
	h.done(clerk, console, "do", "stop")
	h.done(chair, console, "do", "start", "question", first, "kind", "answer", "chair", "government|post:sesa-titular")
	h.clock.Advance(2 * time.Minute)
	h.done(clerk, console, "do", "stop")
	h.done(clerk, console, "do", "agree", "question", first, "text", "Publicar la lista cada mes.")
	if status, page := h.post(clerk, console, "do", "pause", "seen", "1"); status != 422 || !strings.Contains(page, "Alguien lo cambió antes") {
		t.Errorf("a console that has not seen the last act: %d", status)
	}
	if status, page := h.post(chair, console, "do", "end"); status != 422 || !strings.Contains(page, "Falta decir qué pasó con "+second) {
		t.Errorf("ending with a question open: %d", status)
	}
	h.done(chair, console, "do", "handoff", "question", second, "reason", "no_time")
	h.done(chair, console, "do", "undo")
	h.done(chair, console, "do", "handoff", "question", second, "reason", "no_time")
	h.done(chair, console, "do", "end")
	_, page = h.get(http.DefaultClient, "/es/ediciones/demo26/sesion")
	h.says(page, "1 pregunta se contestó en la sala; 1 pasaron a respuesta por escrito.", "minuto 3:30", "https://video.example/1#t=210", "Publicar la lista cada mes.")
	h.minutes()
}

// minutes writes the minutes down, circulates, comments and signs them.
func (h *house) minutes() {
	h.Helper()
	const desk = "/es/mesa/minutas/demo26"
	h.to(edition.MinutesPending)
	rapporteur := h.enter("demo26", glosa.Rapporteur, "")
	if status, page := h.post(rapporteur, desk, "do", "draft", "body", "", "agreement", "Publicar la lista cada mes."); status != 422 || !strings.Contains(page, "Error: falta el texto de la minuta") {
		h.Errorf("minutes without a text: %d", status)
	}
	h.done(rapporteur, desk, "do", "draft", "body", "Se abrió la mesa.\nSe contestó una pregunta.", "agreement", "Publicar la lista cada mes.", "agreement_mesa", "demo26-m1",
		"agreement_question", "", "subject", "Plazo", "government", "Un año.", "civil", "Tres meses.", "subject_mesa", "demo26-m1")
	h.done(rapporteur, desk, "do", "circulate")
	panelist := h.enter("demo26", glosa.Panelist, "")
	if status, _ := h.post(panelist, desk, "do", "sign", "version", "1"); status != 422 {
		h.Errorf("signing while comments are open: %d", status)
	}
	h.done(panelist, desk, "do", "remark", "text", "Falta la fecha.")
	h.clock.Advance(15 * 24 * time.Hour)
	if _, err := h.s.Edition.Tick(h.Context()); err != nil {
		h.Fatal(err)
	}
	panelist, minister := h.enter("demo26", glosa.Panelist, ""), h.enter("", glosa.Signatory, "sesa-titular")
	if status, _ := h.post(panelist, desk, "do", "sign", "version", "7"); status != 422 {
		h.Errorf("signing another version than the one that was read: %d", status)
	}
	h.done(panelist, desk, "do", "sign", "version", "1")
	_, page := h.get(http.DefaultClient, "/es/ediciones/demo26/minutas")
	h.says(page, "En espera de firmas.", "Falta la firma: Gobierno.")
	if status, page := h.post(minister, desk, "do", "dispute.demo26-m1", "objection", ""); status != 422 || !strings.Contains(page, "Error: di qué no es exacto") {
		h.Errorf("disputing without words: %d", status)
	}
	h.done(minister, desk, "do", "dispute.demo26-m1", "objection", "Llegué diez minutos antes.")
	h.done(minister, desk, "do", "sign", "version", "1")
	_, page = h.get(http.DefaultClient, "/es/ediciones/demo26/minutas")
	h.says(page, "Registrada por los dos lados.", "Tres meses.", "Titular, Salud", "Falta la fecha.")
	_, page = h.get(http.DefaultClient, "/es/ediciones/demo26/sesion")
	h.says(page, "La persona no está de acuerdo:", "Llegué diez minutos antes.")
}
