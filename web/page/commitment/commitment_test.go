package commitment_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"

	"glosa"
	civic "glosa/civic/commitment"
	"glosa/site"
	"glosa/web/door"
	"glosa/web/page/commitment"
	"glosa/web/webtest"
)

// filled is a folder with the demonstration, made once; each test copies it.
var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

// house is the demonstration with these pages.
type house struct{ *webtest.House }

func open(t *testing.T) *house {
	return &house{webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return (&commitment.Pages{Files: s.Files, Desks: webtest.Desks(s)}).Mount
	})}
}

// What is real stands as its sources say it: drift underlined, conflict flagged,
// gaps said, and never a quotation mark around restated words.
func TestTheRealPromise(t *testing.T) {
	h := open(t)
	status, page := h.Get(http.DefaultClient, "/es/compromisos/QROO-2018-03")
	if status != 200 {
		t.Fatalf("status %d", status)
	}
	h.Says(page, "<b>siete años, dos gobiernos, cinco redacciones.</b>", "Entregado", "Sin valoración pública localizada",
		"Diferencia: no se puede calcular; falta una de las dos palabras.", "Producto no es resultado.", "Gobierno de Carlos Joaquín González",
		"Gobierno de Mara Lezama", "Plan estratégico <mark>con diversificación económica</mark>", "Otra fuente da otra fecha",
		"Por el gobierno: sin dato", "MXROO0002", "fuente por reabrir", "<title>Planeación estratégica de largo plazo · Gobierno: Entregado.")
	h.Hides(page, "“", "”", "«", "SINTÉTICO", "De un total de", "sin cambio de texto")
	h.Says(page, "ODS 16 · meta por elegir", "La ONU liga a este objetivo el ejercicio, no cada compromiso.")
	if a, b := strings.Index(page, "Gobierno de Carlos"), strings.Index(page, "Gobierno de Mara"); a > b {
		t.Error("the bands of governments stand in the wrong order")
	}
	_, english := h.Get(http.DefaultClient, "/en/compromisos/qroo-2018-03")
	h.Says(english, "Long-range strategic planning", "Delivered", "seven years, two governments, five wordings", "Another source gives another date")
	_, traced := h.Get(http.DefaultClient, "/es/compromisos/QROO-2018-01")
	h.Says(traced, "Posible continuación, según nuestra lectura")
	_, table := h.Get(http.DefaultClient, "/es/compromisos/QROO-2018-03?vista=tabla")
	h.Says(table, "<table class=\"table folds\"", "La Jornada Maya")
	if status, _ := h.Get(http.DefaultClient, "/es/compromisos/QROO-2018-99"); status != 404 {
		t.Errorf("a promise nobody made: %d", status)
	}
}

// Real and synthetic commitments never enter one figure, and every synthetic one
// is marked, on the page and in every export.
func TestTheBoardKeepsRealAndSyntheticApart(t *testing.T) {
	h := open(t)
	_, page := h.Get(http.DefaultClient, "/es/compromisos")
	h.Says(page, "3 compromisos reales · 4 sintéticos.", "ninguno de los 3 compromisos", "3 pasos de diferencia en total. Se pudo calcular en 4 de 4 compromisos.",
		"De los 4 compromisos con las dos palabras, en 2 coinciden.", "Sin declaración localizada", "Datos al 23 nov 2026, 11:00") // the hour of Cancún
	for path, want := range map[string][]string{
		"?ods=16":            {"DEMO-2026-03"},
		"?estado=documented": {"QROO-2018-02"},
		"?responsable=SESA":  {"DEMO-2026-01"},
		"?edicion=qroo-1":    {"QROO-2018-03"},
		"?gobierno=complete&observatorio=limited": {"DEMO-2026-01"},
		"?responsable=NADIE":                      {"Ningún compromiso con ese filtro."},
	} {
		status, page := h.Get(http.DefaultClient, "/es/compromisos"+path)
		if status != 200 {
			t.Errorf("%s: %d", path, status)
		}
		h.Says(page, want...)
	}
	_, raw := h.Get(http.DefaultClient, "/es/compromisos.csv")
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
		if status, body := h.Get(http.DefaultClient, "/es/compromisos"+path); status != 200 || !strings.Contains(body, "SINTÉTICO") {
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
		if status, page := h.Post(http.DefaultClient, path+"/evidencia", "title", c.title, "url", c.url); status != 422 || !strings.Contains(page, c.want) {
			t.Errorf("%q, %q: %d", c.title, c.url, status)
		}
	}
	const title = `Análisis <script>alert(1)</script> del pozo ocho`
	if status, _ := h.Post(http.DefaultClient, path+"/evidencia", "title", title, "url", "https://example.org/analisis"); status != 200 {
		t.Fatalf("bringing evidence: %d", status)
	}
	_, page := h.Get(http.DefaultClient, path)
	h.Says(page, "1 aportación de la ciudadanía espera la revisión del Observatorio.")
	h.Hides(page, "del pozo ocho")
	evaluator := h.Enter("demo25", glosa.Evaluator, "")
	_, desk := h.Get(evaluator, "/es/mesa/evaluacion/DEMO-2026-02")
	h.Says(desk, "&lt;script&gt;", "Sin revisar")
	_, rest, _ := strings.Cut(desk, `value="review.`)
	id, _, _ := strings.Cut(rest, `"`)
	if status, _ := h.Post(evaluator, "/es/mesa/evaluacion/DEMO-2026-02", "do", "review."+id, "review", "accepted", "reason", ""); status != 422 {
		t.Errorf("a review without a reason: %d", status)
	}
	if status, _ := h.Post(evaluator, "/es/mesa/evaluacion/DEMO-2026-02", "do", "review."+id, "review", "accepted", "reason", "Es público y tiene fecha."); status != 200 {
		t.Errorf("review: %d", status)
	}
	_, page = h.Get(http.DefaultClient, path)
	h.Says(page, "&lt;script&gt;", "Es público y tiene fecha.")
	h.Hides(page, "<script>alert")
}

// Desks let in whoever has an act there, and nobody else; another edition's desk
// is not there.
func TestDesksAreClosedByDefault(t *testing.T) {
	h := open(t)
	desks := []string{"/es/mesa/compromisos/demo25", "/es/mesa/compromisos/demo25/DEMO-2026-01", "/es/mesa/seguimiento", "/es/mesa/seguimiento/DEMO-2026-01",
		"/es/mesa/evaluacion", "/es/mesa/evaluacion/DEMO-2026-01", "/es/mesa/disposiciones/demo25"}
	nobody := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	moderator := h.Enter("demo25", glosa.Moderator, "")
	for _, path := range desks {
		if status, _ := h.Get(nobody, path); status != http.StatusSeeOther && status != http.StatusFound {
			t.Errorf("%s without a session: %d", path, status)
		}
		if status, _ := h.Get(moderator, path); status != http.StatusForbidden {
			t.Errorf("%s as a moderator: %d", path, status)
		}
		if status, _ := h.Post(moderator, path, "do", "x"); status < 400 {
			t.Errorf("posting to %s as a moderator: %d", path, status)
		}
	}
	facilitator := h.Enter("demo26", glosa.Facilitator, "")
	if status, _ := h.Get(facilitator, "/es/mesa/disposiciones/demo25"); status != http.StatusNotFound {
		t.Errorf("the desk of another edition: %d", status)
	}
	health := h.Enter("", glosa.Liaison, "sesa-enlace")
	if status, page := h.Get(health, "/es/mesa/seguimiento/DEMO-2026-01"); status != 200 || !strings.Contains(page, "Se publicará como: Enlace, Salud") {
		t.Errorf("the owner's desk: %d", status)
	}
	if status, _ := h.Get(health, "/es/mesa/seguimiento/DEMO-2026-03"); status != http.StatusNotFound {
		t.Errorf("another institution's commitment: %d", status)
	}
}

// Every open commitment of an earlier edition gets its fate at the desk, with a
// reason where one is owed; the public page says it.
func TestTheFateOfEarlierOnes(t *testing.T) {
	h := open(t)
	c := h.Enter("demo26", glosa.Facilitator, "")
	const desk = "/es/mesa/disposiciones/demo26"
	if status, page := h.Post(c, desk, "do", "fate.DEMO-2026-04", "outcome", "abandoned", "reason", ""); status != 422 || !strings.Contains(page, "Error: falta la razón") {
		t.Errorf("abandoning without a reason: %d", status)
	}
	if status, page := h.Post(c, desk, "do", "fate.DEMO-2026-04", "outcome", "abandoned", "reason", "No hubo presupuesto."); status != 200 || !strings.Contains(page, "Abandonado, con razón") {
		t.Errorf("abandoning: %d", status)
	}
	_, page := h.Get(http.DefaultClient, "/es/ediciones/demo26/compromisos")
	h.Says(page, "No hubo presupuesto.", "Falta decidir sobre 2.")
	_, page = h.Get(http.DefaultClient, "/es/compromisos/DEMO-2026-04")
	h.Says(page, "En demo26: Abandonado, con razón.", "No hubo presupuesto.")
}

// The owner's desk takes a report, and refuses one that says nothing.
func TestTheOwnerReports(t *testing.T) {
	h := open(t)
	c := h.Enter("", glosa.Liaison, "sema-enlace")
	const desk = "/es/mesa/seguimiento/DEMO-2026-02"
	if status, page := h.Post(c, desk, "do", "report", "status", "limited", "percent", "300", "text", ""); status != 422 || !strings.Contains(page, "Error: el avance va de 0 a 100") {
		t.Errorf("a report without words: %d", status)
	}
	if status, _ := h.Post(c, desk, "do", "report", "status", "limited", "percent", "30", "text", "Se publicaron tres análisis."); status != 200 {
		t.Errorf("report: %d", status)
	}
	if status, _ := h.Post(c, desk, "do", "progress.DEMO-2026-01-h2", "progress", "in_progress"); status != http.StatusNotFound {
		t.Errorf("another commitment's milestone: %d", status)
	}
	if status, _ := h.Post(c, desk, "do", "progress."+string(civic.MilestoneIDOf("DEMO-2026-02", 2)), "progress", "claimed_done"); status != 200 {
		t.Errorf("milestone: %d", status)
	}
	_, page := h.Get(http.DefaultClient, "/es/compromisos/DEMO-2026-02")
	h.Says(page, "Se publicaron tres análisis.", "Hecho, según el gobierno; falta comprobar", "Limitado")
	h.Hides(page, "Sin avance reportado")
}
