package notice_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/people/notice"
	"glosa/civic/question"
	"glosa/db/dbtest"
	"glosa/site"
	"glosa/web/browsertest"
	"glosa/web/door"
	pages "glosa/web/page/notice"
	"glosa/web/webtest"
)

var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

func open(t *testing.T, on bool) *webtest.House {
	return webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		s.Notice.On = on
		return (&pages.Pages{Desks: webtest.Desks(s), Notice: s.Notice}).Mount
	})
}

// answered is some question of DEMO25 that was answered.
func answered(t *testing.T, h *webtest.House) string {
	t.Helper()
	all, _, err := h.Site.Question.List(t.Context(), question.Filter{Edition: "demo25", States: []question.State{question.Answered}}, "", 1)
	if err != nil || len(all) == 0 {
		t.Fatal(err, "no answered question")
	}
	return string(all[0].ID)
}

// lastAsked is the subscription of the newest mail to confirm.
func lastAsked(t *testing.T, h *webtest.House) (id string) {
	t.Helper()
	for _, e := range dbtest.Events(t, h.Site.DB) {
		if e.Kind == notice.Asked {
			id = e.Subject
		}
	}
	return id
}

func TestTheWholeWay(t *testing.T) {
	h := open(t, true)
	c := h.Server.Client()
	folio := answered(t, h)
	_, page := h.Get(c, "/es/avisos?pregunta="+folio)
	h.Says(page, "Avisarme por correo", folio, `name="pregunta" value="`+folio+`"`, `type="email"`, "/es/preguntas/"+folio+"/atom")
	status, page := h.Post(c, "/es/avisos", "pregunta", folio, "mail", "ana@correo.example\r\nBcc: luis@correo.example", "pace", "each")
	if status != http.StatusUnprocessableEntity {
		t.Errorf("a header in an address: %d", status)
	}
	h.Says(page, "Error: escribe una dirección de correo")
	post := func(address string) string {
		status, page := h.Post(c, "/es/avisos", "pregunta", folio, "mail", address, "pace", "each")
		if status != http.StatusOK {
			t.Errorf("%d", status)
		}
		h.Hides(page, address)
		return page
	}
	first := post("ana@correo.example")
	if first != post("ana@correo.example") || first != post("nadie@correo.example") {
		t.Error("the reply tells whether an address is known")
	}
	h.Says(first, "Revisa tu correo")

	key := h.Site.Notice.Key
	token := key.Seal(notice.Confirming, lastAsked(t, h))
	for range 2 { // a scanner opens the link: nothing happens
		_, page = h.Get(c, "/es/avisos/confirmar/"+token)
		h.Says(page, "Sí, avísenme")
	}
	stop := key.Seal(notice.Stopping, lastAsked(t, h))
	for range 2 {
		_, page = h.Post(c, "/es/avisos/confirmar/"+token)
		h.Says(page, "Listo: te avisaremos", folio)
	}
	if first != post("nadie@correo.example") {
		t.Error("the reply tells that an address was confirmed")
	}
	_, page = h.Get(c, "/es/avisos/baja/"+stop)
	h.Says(page, "Dejar de recibir este aviso", "Dejar todo y borrar mi correo", folio)
	h.Hides(page, "nadie@correo.example")
	_, page = h.Post(c, "/es/avisos/baja/"+stop)
	h.Says(page, "Ya no te avisaremos")
	_, page = h.Get(c, "/es/avisos/baja/"+stop)
	h.Says(page, "Este enlace ya no sirve")
	_, page = h.Get(c, "/es/avisos/confirmar/"+token+"0")
	h.Says(page, "Este enlace ya no sirve")
}

// The one click of a mail program: a POST without cookie, origin or field of ours,
// in either of the two forms that RFC 8058 allows.
func TestOneClick(t *testing.T) {
	h := open(t, true)
	c := h.Server.Client()
	subscribed := func(address string) string {
		t.Helper()
		h.Post(c, "/en/avisos", "edicion", "demo26", "mail", address)
		id := lastAsked(t, h)
		if _, err := h.Site.Notice.Confirm(t.Context(), glosa.Citizen(), h.Site.Notice.Key.Seal(notice.Confirming, id)); err != nil {
			t.Fatal(err)
		}
		return "/en/avisos/baja/" + h.Site.Notice.Key.Seal(notice.Stopping, id)
	}
	contacts := func() int {
		n, err := h.Site.Notice.Contacts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	plain, parts := subscribed("ana@correo.example"), subscribed("luis@correo.example")
	if n := contacts(); n != 2 {
		t.Fatalf("%d", n)
	}
	if status, _ := h.Post(c, plain, "List-Unsubscribe", "One-Click"); status != http.StatusOK || contacts() != 1 {
		t.Errorf("%d, %d left", status, contacts())
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("List-Unsubscribe", "One-Click")
	_ = w.Close()
	resp, err := c.Post(h.Server.URL+parts, w.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || contacts() != 0 || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d, %d left, %v", resp.StatusCode, contacts(), resp.Header)
	}
}

func TestEveryThing(t *testing.T) {
	h := open(t, true)
	c := h.Server.Client()
	for path, want := range map[string]string{
		"/es/avisos?edicion=demo26":            "/es/ediciones/demo26/cambios.atom",
		"/es/avisos?institucion=SESA":          "/es/instituciones/SESA/cambios.atom",
		"/es/avisos?edicion=demo25&tema=salud": "/es/ediciones/demo25/preguntas.atom?tema=salud",
	} {
		status, page := h.Get(c, path)
		if status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
		h.Says(page, want)
	}
	for _, path := range []string{"/es/avisos", "/es/avisos?edicion=no", "/es/avisos?institucion=NADIE", "/es/avisos?pregunta=DEMO26-9999-A", "/es/avisos?edicion=demo25&tema=nada"} {
		if status, _ := h.Get(c, path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestWithoutAServerItOffersTheFeed(t *testing.T) {
	h := open(t, false)
	c := h.Server.Client()
	_, page := h.Get(c, "/es/avisos?edicion=demo26")
	h.Says(page, "Este sitio todavía no envía correo", "cambios.atom")
	h.Hides(page, `type="email"`)
	if status, _ := h.Post(c, "/es/avisos", "edicion", "demo26", "mail", "ana@correo.example"); status != http.StatusLocked {
		t.Errorf("an address was taken: %d", status)
	}
}

// TestPagesAreForEverybody: axe finds nothing, 320 px are enough, each state.
func TestPagesAreForEverybody(t *testing.T) {
	if testing.Short() {
		t.Skip("the browser is not for -short")
	}
	h := open(t, true)
	for _, thing := range []notice.Thing{{Sort: notice.Edition, ID: "demo26"}, {Sort: notice.Institution, ID: "SESA"}, notice.ThemeOf("demo25", "salud")} {
		if err := h.Site.Notice.Subscribe(t.Context(), glosa.Citizen(), notice.Wish{Thing: thing, Address: people.NewPrivate("ana@correo.example"), Language: "es", Pace: notice.Daily}); err != nil {
			t.Fatal(err)
		}
		h.Clock.Advance(time.Second)
	}
	var ids []string
	for _, e := range dbtest.Events(t, h.Site.DB) {
		if e.Kind == notice.Asked {
			ids = append(ids, e.Subject)
		}
	}
	key := h.Site.Notice.Key
	for _, id := range ids[1:] {
		if _, err := h.Site.Notice.Confirm(t.Context(), glosa.Citizen(), key.Seal(notice.Confirming, id)); err != nil {
			t.Fatal(err)
		}
	}
	browser := browsertest.Open(t)
	for _, path := range []string{"/es/avisos?edicion=demo26", "/es/avisos/confirmar/" + key.Seal(notice.Confirming, ids[0]),
		"/es/avisos/baja/" + key.Seal(notice.Stopping, ids[1]), "/en/avisos/baja/" + key.Seal(notice.Stopping, ids[2]), "/es/avisos/baja/roto"} {
		name := regexp.MustCompile(`[^a-z]+`).ReplaceAllString(strings.SplitN(path, "-", 2)[0], "_")
		t.Run(name, func(t *testing.T) {
			browser.Inspect(t, h.Server.URL, browsertest.Look{Path: path, Views: []browsertest.View{{Width: 320}}})
		})
	}
}
