package home_test

import (
	"io"
	"net/http"
	"net/http/httptest"
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
	"glosa/web/page/home"
)

const ed = glosa.EditionID("demo26")

func open(t *testing.T) (*site.Site, *glosa.FakeClock, func(path string) string) {
	t.Helper()
	clock := glosa.NewFakeClock(dbtest.Start)
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	p := home.Pages{Real: "qroo", Desks: chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question,
		Voter: s.Voter, Priority: s.Priority, Panel: s.Panel, Commitment: s.Commitment, Record: s.Record}}
	srv := httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){p.Mount}, Line: s.DB.Line(), Clock: clock, Log: dbtest.Log(t),
		Site: door.Site{Place: "Quintana Roo"}}))
	t.Cleanup(func() { srv.Close(); s.Close() })
	return s, clock, func(path string) string {
		t.Helper()
		resp, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v", path, resp.StatusCode, err)
		}
		return string(body)
	}
}

func has(t *testing.T, page string, want ...string) {
	t.Helper()
	for _, x := range want {
		if !strings.Contains(page, x) {
			t.Errorf("the page does not say %q", x)
		}
	}
}

// Without an edition of its own the front door still shows what was promised.
func TestPromisesComeFirstWithoutAnEdition(t *testing.T) {
	s, _, get := open(t)
	has(t, get("/es/"), "Por ahora no hay una edición abierta")
	if err := demo.Facts(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	page := get("/es/")
	has(t, page, "Qué fue de lo prometido en 2018", "Acceso a la información", "Posible continuación, según nuestra lectura",
		"No localizamos información pública", "después de 2019", "9.ª", "2024 · no localizamos información", "dos fuentes dan fechas distintas", "lugar: sin dato")
	if strings.Contains(page, "Hacer una pregunta") || strings.Contains(page, "“") {
		t.Error("an action that is closed, or restated words between quotation marks")
	}
}

// The door follows the edition: open with its clock, then postponed with its reason.
func TestTheDoorFollowsTheStage(t *testing.T) {
	s, clock, get := open(t)
	desk := &edition.Desk{DB: s.DB}
	e := editiontest.At(t, desk, clock, ed, edition.IntakeOpen)
	page := get("/es/")
	has(t, page, "Las preguntas están abiertas.", "Quedan 15 días.", "hora de Quintana Roo", "/es/ediciones/demo26/preguntar", "SINTÉTICO",
		"Etapa 2 de 6: preguntas", "Ninguna pregunta se pierde", "Respuestas vencidas de todas las ediciones", "/es/vencidas", "estamos aquí · cierra en 15 días")
	clock.Set(e.Plan.On(edition.IntakeClosed).Add(-time.Hour))
	has(t, get("/es/"), "Las preguntas cierran hoy.")
	has(t, get("/en/"), "Questions close today.", `<b lang="es">Glosa de prueba</b>`)
	if err := desk.Postpone(t.Context(), editiontest.Facilitator(), ed, "huracán en la zona", "", time.Time{}); err != nil {
		t.Fatal(err)
	}
	page = get("/es/")
	has(t, page, "Aplazada hoy: huracán en la zona.", "Sin nueva fecha")
	if strings.Contains(page, "Hacer una pregunta") {
		t.Error("a postponed edition still asks for questions")
	}
}
