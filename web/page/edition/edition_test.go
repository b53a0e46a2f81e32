package edition_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/db/dbtest"
	"glosa/demo"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	"glosa/web/page/chain"
	page "glosa/web/page/edition"
)

const ed = glosa.EditionID("demo26")

// stage is a site, its pages, and whoever is signed in.
type stage struct {
	*testing.T
	s     *site.Site
	desk  *edition.Desk // without the gates of later rooms
	clock *glosa.FakeClock
	url   string
	who   *glosa.Actor
}

func (st *stage) Actor(context.Context, string) (glosa.Actor, bool, error) {
	if st.who == nil {
		return glosa.Actor{}, false, nil
	}
	return *st.who, true, nil
}

func open(t *testing.T) *stage {
	t.Helper()
	clock := glosa.NewFakeClock(dbtest.Start)
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{T: t, s: s, clock: clock, desk: &edition.Desk{DB: s.DB}}
	p := page.Pages{Desks: chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question,
		Voter: s.Voter, Priority: s.Priority, Panel: s.Panel, Commitment: s.Commitment, Record: s.Record}}
	srv := httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){p.Mount}, Line: s.DB.Line(), Clock: clock, Log: dbtest.Log(t), Sessions: st}))
	st.url = srv.URL
	t.Cleanup(func() { srv.Close(); s.Close() })
	return st
}

// send makes one visit and follows no redirect.
func (st *stage) send(method, path string, form url.Values) (int, string) {
	st.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, st.url+path, body)
	if err != nil {
		st.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if st.who != nil {
		req.Header.Set("Cookie", door.SessionCookie+"=x")
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		st.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		st.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func (st *stage) sees(path string, want ...string) {
	st.Helper()
	status, text := st.send("GET", path, nil)
	if status != http.StatusOK {
		st.Fatalf("%s: %d", path, status)
	}
	for _, x := range want {
		if !strings.Contains(text, x) {
			st.Errorf("%s does not say %q", path, x)
		}
	}
}

func TestRealEditionsSayTheirSourcesConflictsAndGaps(t *testing.T) {
	st := open(t)
	if err := demo.Facts(t.Context(), st.s); err != nil {
		t.Fatal(err)
	}
	st.sees("/es/ediciones", "9 documentadas", "<p>Ediciones: 9 documentadas", "8.ª", "No localizamos información pública", "dan fechas distintas")
	st.sees("/es/ediciones/qroo-2", "16 dic 2019", "La Jornada Maya", "Dos fuentes no coinciden; mostramos ambas", "24 Horas")
	st.sees("/es/ediciones/qroo-8", "No localizamos información pública", "no prueba que no haya ocurrido", "Citar")
	st.sees("/en/ediciones/qroo-8", "No public evidence located")
	st.sees("/es/ediciones/qroo-3/protocolo", "No localizamos el protocolo de esta edición", "Citar")
	st.sees("/es/ediciones.csv", "qroo-9,9,")
	if status, _ := st.send("GET", "/es/ediciones/qroo-99", nil); status != http.StatusNotFound {
		t.Errorf("an edition that is not there: %d", status)
	}
}

func TestTheCalendarExplainsItself(t *testing.T) {
	st := open(t)
	e := editiontest.At(t, st.desk, st.clock, ed, edition.IntakeOpen)
	st.sees("/es/ediciones/demo26/calendario", "Citar", "Lo que sigue: Cierran las preguntas", "45 días antes, a las 23:59", "15 días hábiles después", "fines de semana")
	st.sees("/en/ediciones/demo26/calendario", `lang="es">Glosa de prueba</a>`)
	st.sees("/en/ediciones", `lang="es">Glosa de prueba</a>`)
	if _, page := st.send("GET", "/en/ediciones/demo26", nil); !strings.Contains(page, `lang="es"`) || !strings.Contains(page, ">Glosa de prueba</h1>") {
		t.Error("the heading of an English page does not say that the name is Spanish")
	}
	_, ics := st.send("GET", "/es/ediciones/demo26/calendario.ics", nil)
	if !strings.HasPrefix(ics, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(ics, "END:VCALENDAR\r\n") {
		t.Errorf("no calendar: %.60q", ics)
	}
	starts := ""
	for line := range strings.SplitSeq(ics, "\r\n") {
		if at, ok := strings.CutPrefix(line, "DTSTART:"); ok {
			starts = at
		}
		if end, ok := strings.CutPrefix(line, "DTEND:"); ok && end <= starts {
			t.Errorf("an event ends at %s and begins at %s", end, starts)
		}
	}
	if begun := e.Plan.Begins(edition.IntakeOpen).UTC().Format("20060102T150405Z"); !strings.Contains(ics, "DTSTART:"+begun) {
		t.Error("the dates that have passed are not in the calendar")
	}
	if at := e.Plan.On(edition.IntakeClosed).UTC().Format("20060102T150405Z"); !strings.Contains(ics, "DTSTART:"+at) {
		t.Errorf("no event at %s", at)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(ics, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
}

func TestTheProtocolIsItsText(t *testing.T) {
	st := open(t)
	e := editiontest.At(t, st.desk, st.clock, ed, edition.IntakeOpen)
	st.sees("/es/ediciones/demo26/protocolo", "ya no cambia", "Partes iguales", "No se puede saltar", "15 días hábiles", "Es el primer protocolo de esta serie", "Antes se puede pedir a quien preguntó que lo quite.")
	_, yaml := st.send("GET", "/es/ediciones/demo26/protocolo.yaml", nil)
	if glosa.Digest([]byte(yaml)) != e.Digest {
		t.Error("the file does not have the digest that was frozen")
	}
}

func TestTheDeskIsForThoseWhoMayAct(t *testing.T) {
	st := open(t)
	editiontest.At(t, st.desk, st.clock, ed, edition.IntakeOpen)
	const desk = "/es/mesa/edicion/demo26"
	if status, _ := st.send("GET", desk, nil); status != http.StatusSeeOther {
		t.Errorf("nobody: %d, want the way to sign in", status)
	}
	st.who = &glosa.Actor{Human: "h2", Side: glosa.Civil, Seat: 3, Roles: []glosa.Role{glosa.Facilitator}, Edition: "demo25"}
	if status, _ := st.send("GET", desk, nil); status != http.StatusNotFound {
		t.Errorf("a facilitator of another edition: %d", status)
	}
	who := editiontest.Facilitator()
	st.who = &who
	st.sees(desk, "Para abrir esta etapa falta:", "Llegó la fecha publicada de cierre", "No se puede saltar", "Fecha más próxima posible:")
	form := url.Values{"extend_stage": {"intake_closed"}, "extend_days": {"3"}, "extend_reason": {""}}
	status, text := st.send("POST", desk+"/prorroga", form)
	if status != http.StatusUnprocessableEntity || !strings.Contains(text, `href="#f-extend_reason"`) {
		t.Errorf("an extension without a reason: %d", status)
	}
	form.Set("extend_reason", "Huracán en la zona")
	if status, _ := st.send("POST", desk+"/prorroga", form); status != http.StatusSeeOther {
		t.Fatalf("an extension: %d", status)
	}
	st.who = nil
	st.sees("/es/ediciones/demo26", "Prórroga de 3 días.", "Huracán en la zona", "Cierran las preguntas: del")
	if status, _ := st.send("POST", desk+"/prorroga", form); status != http.StatusForbidden && status != http.StatusNotFound {
		t.Errorf("an extension by nobody: %d", status)
	}
}

// Whoever sits in one edition founds the next of its series, and is told what a
// seat in it takes; another series is not theirs.
func TestASeatFoundsTheNextOfItsSeries(t *testing.T) {
	st := open(t)
	editiontest.At(t, st.desk, st.clock, ed, edition.Called)
	st.who = &glosa.Actor{Human: "h2", Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Facilitator}, Edition: ed}
	st.sees("/es/mesa/edicion", "Tu lugar es de una edición", `value="demo"`)
	form := url.Values{"id": {"demo27"}, "series": {"otra"}, "number": {"27"}, "code": {"DEMO27"}, "protocol": {"glosa-90"},
		"session": {st.clock.Now().AddDate(0, 0, 200).Format("2006-01-02")}}
	if status, _ := st.send("POST", "/es/mesa/edicion", form); status != http.StatusForbidden {
		t.Errorf("another series: %d, want 403", status)
	}
	form.Set("series", "demo")
	if status, text := st.send("POST", "/es/mesa/edicion", form); status != http.StatusSeeOther {
		t.Fatalf("the next of the series: %d %s", status, text)
	}
	st.sees("/es/ediciones/demo27") // where they are led
	if status, _ := st.send("GET", "/es/mesa/edicion/demo27", nil); status != http.StatusNotFound {
		t.Errorf("the desk of an edition without a seat in it: %d, want 404", status)
	}
}

// One side proposes, the other confirms; only then does the public see it.
func TestAWaiverTakesTwoSides(t *testing.T) {
	st := open(t)
	editiontest.At(t, st.desk, st.clock, ed, edition.Called)
	who := editiontest.Facilitator()
	st.who = &who
	const desk = "/es/mesa/edicion/demo26"
	st.desk.Gates = nil
	st.clock.Set(st.clock.Now())
	if _, err := st.desk.Advance(t.Context(), who, ed); err != nil { // to report_published, without the report's room
		t.Fatal(err)
	}
	form := url.Values{"gate": {"date"}, "waive_date_reason": {"Se adelanta por elecciones"}}
	if status, text := st.send("POST", desk+"/saltar", form); status != http.StatusSeeOther {
		t.Fatalf("a proposal: %d %.200s", status, text)
	}
	st.sees(desk, "Falta otra persona, del otro lado")
	other := glosa.Actor{Human: "h-gov", Post: "gov-convenor", Side: glosa.Government, Roles: []glosa.Role{glosa.Convenor}}
	st.who = &other
	st.sees(desk, "Confirmar y publicar")
	if status, _ := st.send("POST", desk+"/confirmar", url.Values{"n": {"1"}}); status != http.StatusSeeOther {
		t.Fatalf("a confirmation: %d", status)
	}
	st.who = nil
	st.sees("/es/ediciones/demo26", "Se saltó una regla: Se adelanta por elecciones.")
}
