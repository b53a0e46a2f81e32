package priority_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/site"
	"glosa/web/door"
	"glosa/web/page/priority"
	"glosa/web/webtest"
)

// filled is a folder with the demonstration, made once; each test copies it.
var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

// house is the demonstration with these pages.
type house struct{ *webtest.House }

func open(t *testing.T) *house {
	return &house{webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return (&priority.Pages{Desks: webtest.Desks(s)}).Mount
	})}
}

// Before the agenda there is a date and the frozen rule, and no promise of a result.
func TestBeforeTheAgenda(t *testing.T) {
	h := open(t)
	_, page := h.Get(http.DefaultClient, "/es/ediciones/demo26/agenda")
	h.Says(page, "La agenda se calcula el", "con la regla ya publicada", "para apoyar", "480 en total, 8 por pregunta: caben 60", "aparato (el mismo navegador)", "SINTÉTICO")
	h.Hides(page, "Repetir el cálculo", "que la apoyan")
	for _, file := range []string{".pb", ".json", ".csv", ".atom"} {
		if status, _ := h.Get(http.DefaultClient, "/es/ediciones/demo26/agenda"+file); status != http.StatusNotFound {
			t.Errorf("agenda%s before it is made: %d", file, status)
		}
	}
	_, real := h.Get(http.DefaultClient, "/es/ediciones/qroo-3/agenda")
	h.Says(real, "No localizamos información pública")
}

// What got in says who paid, what missed says by how much, and the bytes of the
// files are those whose digests the page shows.
func TestTheAgendaThatStands(t *testing.T) {
	h := open(t)
	_, page := h.Get(http.DefaultClient, "/es/ediciones/demo25/agenda")
	h.Says(page, "384 de 384 minutos usados.", "48 preguntas entran a la sesión; 31 pasan a respuesta por escrito.", "La pagaron por igual las 20 boletas que la apoyan: 0.4 minutos cada una, 8 minutos en total.",
		"Quedó fuera de la agenda por", "Ningún grupo con tamaño para merecer otra pregunta se quedó sin ella.", "glosa method shares --json --rule equal-shares --satisfaction cardinality --completion add1u demo25.pb | cmp - demo25-resultado.json",
		"¿Cuántas boletas tienen al menos una pregunta elegida?", "<title>Agenda · 384 de 384 minutos usados · Glosa</title>")
	for _, file := range []string{".pb", ".json"} {
		status, raw := h.Get(http.DefaultClient, "/es/ediciones/demo25/agenda"+file)
		sum := sha256.Sum256([]byte(raw))
		if status != 200 || !strings.Contains(page, hex.EncodeToString(sum[:])) {
			t.Errorf("agenda%s: %d, and its digest is not on the page", file, status)
		}
	}
	if status, csv := h.Get(http.DefaultClient, "/es/ediciones/demo25/agenda.csv"); status != 200 || strings.Count(csv, "SINTÉTICO") != 48+31 {
		t.Errorf("csv: %d, %d marks", status, strings.Count(csv, "SINTÉTICO"))
	}
	_, english := h.Get(http.DefaultClient, "/en/ediciones/demo25/agenda")
	h.Says(english, "384 of 384 minutes used.", "No group large enough to deserve a further question was left without it.")
}

// The selector sets the calculation off after the window, and nobody else does.
func TestTheSelectorsDesk(t *testing.T) {
	h := open(t)
	const desk = "/es/mesa/seleccion/demo26"
	selector := h.Enter("demo26", glosa.Selector, "")
	if status, page := h.Get(selector, desk); status != 200 || strings.Contains(page, "Hacer el cálculo y publicarlo") {
		t.Errorf("before the window ends: %d", status)
	}
	if status, _ := h.Post(selector, desk); status != http.StatusLocked {
		t.Errorf("computing before the window ends: %d", status)
	}
	if status, _ := h.Get(selector, "/es/mesa/seleccion/demo25"); status != http.StatusNotFound {
		t.Errorf("another edition's desk: %d", status)
	}
	h.Bring(edition.IntakeClosed)
	ed, err := h.Site.Edition.Get(h.Context(), "demo26")
	if err != nil {
		t.Fatal(err)
	}
	h.Clock.Set(ed.SupportCloses().Add(time.Minute))
	if _, err := h.Site.Edition.Tick(h.Context()); err != nil {
		t.Fatal(err)
	}
	moderator := h.Enter("demo26", glosa.Moderator, "")
	if status, _ := h.Get(moderator, desk); status != http.StatusForbidden {
		t.Errorf("a moderator at the selector's desk: %d", status)
	}
	if status, _ := h.Post(moderator, desk); status != http.StatusForbidden {
		t.Errorf("a moderator computing: %d", status)
	}
	selector = h.Enter("demo26", glosa.Selector, "")
	_, page := h.Get(selector, desk)
	h.Says(page, "Hacer el cálculo y publicarlo", "Se publicará como: Observatorio, lugar 1")
	if status, page := h.Post(selector, desk); status != 200 || !strings.Contains(page, "minutos usados") {
		t.Errorf("computing: %d", status)
	}
	_, page = h.Get(selector, desk)
	h.Says(page, "La agenda ya está calculada y no cambia.")
}
