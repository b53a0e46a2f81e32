package panel_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/panel"
	"glosa/site"
	"glosa/web/door"
	"glosa/web/page/panel"
	"glosa/web/webtest"
)

// filled is a folder with the demonstration, made once; each test copies it.
var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

// house is the demonstration with these pages.
type house struct{ *webtest.House }

func open(t *testing.T) *house {
	return &house{webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return (&panel.Pages{Desks: webtest.Desks(s)}).Mount
	})}
}

// A session that is over says what became of each question, to the second.
func TestTheSessionThatWas(t *testing.T) {
	h := open(t)
	_, page := h.Get(http.DefaultClient, "/es/ediciones/demo25/sesion")
	h.Says(page, "La sesión terminó.", "44 preguntas se contestaron en la sala; 4 pasaron a respuesta por escrito.", "Mesa 1: Salud", "Contestada en la sala, minuto 1:20",
		"No alcanzó el tiempo", "Presente desde las 10:00", "Publicar cada mes qué medicinas", "Titular, Salud", "SINTÉTICO")
	for path, want := range map[string]string{"sesion.csv": "to_writing", "asistencia.csv": "post:sesa-titular", "sesion.json": "video_second", "sesion.atom": "SINTÉTICO"} {
		if status, body := h.Get(http.DefaultClient, "/es/ediciones/demo25/"+path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d", path, status)
		}
	}
	_, page = h.Get(http.DefaultClient, "/es/ediciones/demo26/sesion")
	h.Says(page, "Se celebra el", "Todavía no hay mesas.")
	_, page = h.Get(http.DefaultClient, "/es/ediciones/qroo-8/sesion")
	h.Says(page, "No localizamos información pública")
}

// Minutes show both signatures as recorded under the post, every version, and
// what changed between them.
func TestTheMinutesThatStand(t *testing.T) {
	h := open(t)
	_, page := h.Get(http.DefaultClient, "/es/ediciones/demo25/minutas")
	h.Says(page, "Registrada por los dos lados.", "registrada por el puesto", "Titular, Gubernatura del Estado", "Sociedad civil, lugar 6", "Tres años, sujeto a presupuesto.",
		"Un año, con metas trimestrales.", `<ins class="new">La publicación de los análisis`, "La reemplazó otra", "Falta decir quién publicará los análisis.")
	_, back := h.Get(http.DefaultClient, "/es/ediciones/demo25/minutas?de=9&a=1")
	h.Says(back, "Diferencias")
	_, back = h.Get(http.DefaultClient, "/es/ediciones/demo25/minutas?de=2&a=1")
	h.Says(back, "<del>La publicación")
	_, page = h.Get(http.DefaultClient, "/es/ediciones/demo26/minutas")
	h.Says(page, "Todavía no hay minuta.")
}

// session takes DEMO26 to its session day with one table, prepared at the
// facilitator's desk: the whole way without script.
func (h *house) session() {
	h.Helper()
	h.Bring(edition.IntakeClosed)
	ed, err := h.Site.Edition.Get(h.Context(), "demo26")
	if err != nil {
		h.Fatal(err)
	}
	h.Clock.Set(ed.SupportCloses().Add(time.Minute))
	if _, err := h.Site.Edition.Tick(h.Context()); err != nil {
		h.Fatal(err)
	}
	selector := glosa.Actor{Human: "h-selector", Side: glosa.Observatory, Seat: 1, Edition: "demo26", Roles: []glosa.Role{glosa.Selector}}
	agenda, err := h.Site.Priority.Select(h.Context(), selector, "demo26")
	if err != nil {
		h.Fatal(err)
	}
	h.Bring(edition.InPreparation)
	c := h.Enter("demo26", glosa.Facilitator, "")
	const desk = "/es/mesa/preparacion/demo26"
	if status, page := h.Post(c, desk, "do", "set.new", "number", "1", "theme", "", "minutes", "5"); status != 422 || !strings.Contains(page, "#f-set.new-theme") {
		h.Errorf("a table without a theme: %d", status)
	}
	h.done(c, desk, "do", "set.new", "number", "1", "theme", "Salud", "minutes", "60")
	for _, seat := range [][2]string{{"civil|seat:civil:4", "chair"}, {"government|seat:government:4", "clerk"}, {"civil|seat:civil:6", "panelist"}, {"government|post:sesa-titular", "signatory"}} {
		h.done(c, desk, "do", "seat.1", "number", "1", "chair", seat[0], "duty", seat[1])
	}
	if status, _ := h.Post(c, desk, "do", "order.1", "number", "1", "questions", "DEMO26-9999-Z"); status != 422 {
		h.Errorf("a question that nobody chose: %d", status)
	}
	_, page := h.Get(c, desk)
	h.Says(page, "Propuesta: por el orden en que se pagaron")
	h.done(c, desk, "do", "order.1", "number", "1", "questions", string(agenda.Chosen[0].Question)+"\n"+string(agenda.Chosen[1].Question))
	h.Bring(edition.InSession)
}

// done posts a form that must be taken.
func (h *house) done(c *http.Client, path string, form ...string) {
	h.Helper()
	if status, page := h.Post(c, path, form...); status != http.StatusOK {
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
	chair, clerk := h.Enter("demo26", glosa.Chair, ""), h.Enter("demo26", glosa.Clerk, "")
	if status, _ := h.Get(h.Enter("demo26", glosa.Moderator, ""), console); status != http.StatusForbidden {
		t.Errorf("a moderator at the console: %d", status)
	}
	if status, page := h.Get(chair, "/es/mesa/conduccion/demo26"); status != 200 || !strings.Contains(page, "Mesa 1: Salud") {
		t.Errorf("the list of tables: %d", status)
	}
	for i, seat := range []string{"civil|seat:civil:4", "government|seat:government:4", "civil|seat:civil:6", "government|post:sesa-titular"} {
		h.done(clerk, console, "do", fmt.Sprintf("arrive.%d", i), "chair", seat)
	}
	h.done(chair, console, "do", "open", "video", "https://video.example/1")
	day, err := h.Site.Panel.Session(h.Context(), civic.MesaIDOf("demo26", 1))
	if err != nil {
		t.Fatal(err)
	}
	first, second := string(day.Items[0].Question), string(day.Items[1].Question)
	h.Clock.Advance(30 * time.Second)
	h.done(chair, console, "do", "start", "question", first, "kind", "question", "chair", "civil|seat:civil:6")
	_, page := h.Get(http.DefaultClient, "/es/ediciones/demo26/sesion")
	h.Says(page, "En vivo:", "Habla Sociedad civil, lugar 6: pregunta.", "Su turno termina a las")
	if status, page := h.Post(chair, console, "do", "start", "question", first, "kind", "answer", "chair", "government|post:sesa-titular"); status != 422 || !strings.Contains(page, "Alguien tiene la palabra") {
		t.Errorf("two people at once: %d", status)
	}
	h.Clock.Advance(3 * time.Minute)
	_, page = h.Get(http.DefaultClient, "/es/ediciones/demo26/sesion")
	h.Says(page, "Su turno terminaba a las")
	h.done(clerk, console, "do", "stop")
	h.done(chair, console, "do", "start", "question", first, "kind", "answer", "chair", "government|post:sesa-titular")
	h.Clock.Advance(2 * time.Minute)
	h.done(clerk, console, "do", "stop")
	h.done(clerk, console, "do", "agree", "question", first, "text", "Publicar la lista cada mes.")
	if status, page := h.Post(clerk, console, "do", "pause", "seen", "1"); status != 422 || !strings.Contains(page, "Alguien lo cambió antes") {
		t.Errorf("a console that has not seen the last act: %d", status)
	}
	if status, page := h.Post(chair, console, "do", "end"); status != 422 || !strings.Contains(page, "Falta decir qué pasó con "+second) {
		t.Errorf("ending with a question open: %d", status)
	}
	h.done(chair, console, "do", "handoff", "question", second, "reason", "no_time")
	h.done(chair, console, "do", "undo")
	h.done(chair, console, "do", "handoff", "question", second, "reason", "no_time")
	h.done(chair, console, "do", "end")
	_, page = h.Get(http.DefaultClient, "/es/ediciones/demo26/sesion")
	h.Says(page, "1 pregunta se contestó en la sala; 1 pasaron a respuesta por escrito.", "minuto 3:30", "https://video.example/1#t=210", "Publicar la lista cada mes.")
	h.minutes()
}

// minutes writes the minutes down, circulates, comments and signs them.
func (h *house) minutes() {
	h.Helper()
	const desk = "/es/mesa/minutas/demo26"
	h.Bring(edition.MinutesPending)
	rapporteur := h.Enter("demo26", glosa.Rapporteur, "")
	if status, page := h.Post(rapporteur, desk, "do", "draft", "body", "", "agreement", "Publicar la lista cada mes."); status != 422 || !strings.Contains(page, "Error: falta el texto de la minuta") {
		h.Errorf("minutes without a text: %d", status)
	}
	h.done(rapporteur, desk, "do", "draft", "body", "Se abrió la mesa.\nSe contestó una pregunta.", "agreement", "Publicar la lista cada mes.", "agreement_mesa", "demo26-m1",
		"agreement_question", "", "subject", "Plazo", "government", "Un año.", "civil", "Tres meses.", "subject_mesa", "demo26-m1")
	h.done(rapporteur, desk, "do", "circulate")
	panelist := h.Enter("demo26", glosa.Panelist, "")
	if status, _ := h.Post(panelist, desk, "do", "sign", "version", "1"); status != 422 {
		h.Errorf("signing while comments are open: %d", status)
	}
	h.done(panelist, desk, "do", "remark", "text", "Falta la fecha.")
	h.Clock.Advance(15 * 24 * time.Hour)
	if _, err := h.Site.Edition.Tick(h.Context()); err != nil {
		h.Fatal(err)
	}
	panelist, minister := h.Enter("demo26", glosa.Panelist, ""), h.Enter("", glosa.Signatory, "sesa-titular")
	if status, _ := h.Post(panelist, desk, "do", "sign", "version", "7"); status != 422 {
		h.Errorf("signing another version than the one that was read: %d", status)
	}
	h.done(panelist, desk, "do", "sign", "version", "1")
	_, page := h.Get(http.DefaultClient, "/es/ediciones/demo26/minutas")
	h.Says(page, "En espera de firmas.", "Falta la firma: Gobierno.")
	if status, page := h.Post(minister, desk, "do", "dispute.demo26-m1", "objection", ""); status != 422 || !strings.Contains(page, "Error: di qué no es exacto") {
		h.Errorf("disputing without words: %d", status)
	}
	h.done(minister, desk, "do", "dispute.demo26-m1", "objection", "Llegué diez minutos antes.")
	h.done(minister, desk, "do", "sign", "version", "1")
	_, page = h.Get(http.DefaultClient, "/es/ediciones/demo26/minutas")
	h.Says(page, "Registrada por los dos lados.", "Tres meses.", "Titular, Salud", "Falta la fecha.")
	_, page = h.Get(http.DefaultClient, "/es/ediciones/demo26/sesion")
	h.Says(page, "La persona no está de acuerdo:", "Llegué diez minutos antes.")
}
