package rights_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/question"
	"glosa/site"
	"glosa/web/door"
	"glosa/web/page/rights"
	"glosa/web/webtest"
)

var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

var code = regexp.MustCompile(`<p class="key">(DP-[0-9A-Z]{8})</p>\s*<p class="key">([0-9A-Z-]{19})</p>`)

// folioOf is a question of the sample edition.
func folioOf(t *testing.T, h *webtest.House) string {
	t.Helper()
	list, _, err := h.Site.Question.List(t.Context(), question.Filter{Edition: "demo26"}, "", 1)
	if err != nil || len(list) == 0 {
		t.Fatal(err, "no question")
	}
	return string(list[0].ID)
}

// TestAskAndAnswer: a request without a key, its own page, and the desk.
func TestAskAndAnswer(t *testing.T) {
	h := webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return (&rights.Pages{Desks: webtest.Desks(s), Rights: s.Rights}).Mount
	})
	status, page := h.Get(http.DefaultClient, "/es/derechos")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	h.Says(page, "Tus derechos sobre tus datos", "LGPDPPSO", "20 días hábiles", "Valor de plantilla")
	status, _ = h.Post(http.DefaultClient, "/es/derechos", "kind", "access", "edition", "demo26")
	if status != http.StatusUnprocessableEntity {
		t.Errorf("nothing asked for: %d", status)
	}
	status, page = h.Post(http.DefaultClient, "/es/derechos", "kind", "access", "edition", "demo26", "text", "Quiero ver <b>lo mío</b>")
	m := code.FindStringSubmatch(page)
	if status != http.StatusOK || m == nil {
		t.Fatalf("%d: no folio and code", status)
	}
	status, page = h.Post(http.DefaultClient, "/es/derechos/mio", "request", m[1], "code", m[2])
	h.Says(page, "Muestra tu identificación", "&lt;b&gt;lo mío")
	if status != http.StatusOK {
		t.Errorf("own page: %d", status)
	}
	if status, _ = h.Post(http.DefaultClient, "/es/derechos/mio", "request", m[1], "code", "0000-0000-0000-0000"); status != http.StatusUnprocessableEntity {
		t.Errorf("another code: %d", status)
	}
	c := h.Enter("demo26", glosa.Moderator, "")
	status, page = h.Get(c, "/es/mesa/derechos/demo26")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	h.Says(page, m[1], "Mostró su identificación")
	shown := func(folios string) {
		status, page = h.Post(c, "/es/mesa/derechos/demo26/mostrada", "request", m[1], "folios", folios, "check", "receipt")
	}
	if shown("DEMO26-0000-X"); status != http.StatusUnprocessableEntity {
		t.Errorf("a folio that is none: %d", status)
	}
	h.Says(page, `value="DEMO26-0000-X"`, "uno de los folios no existe")
	folio := folioOf(t, h)
	if shown(strings.ToLower(folio) + ", " + folio); status != http.StatusOK {
		t.Errorf("shown: %d", status)
	}
	h.Says(page, "Conceder", folio, "Todavía no se hace nada", "Mostró el acuse")
	_, page = h.Post(http.DefaultClient, "/es/derechos/mio", "request", m[1], "code", m[2])
	h.Says(page, "Qué se hizo con cada pregunta", folio)
}
