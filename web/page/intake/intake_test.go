package intake_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	civic "glosa/civic/question"
	"glosa/db/dbtest"
	"glosa/site"
	"glosa/web/door"
	page "glosa/web/page/intake"
	"glosa/web/page/question"
	"glosa/web/webtest"
)

var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

type house struct{ *webtest.House }

func open(t *testing.T) house {
	t.Helper()
	return house{webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		desks := webtest.Desks(s)
		return func(r *door.Router) {
			(&page.Pages{Desks: desks}).Mount(r)
			(&question.Pages{Desks: desks}).Mount(r)
		}
	})}
}

const (
	paper = "/es/mesa/captura/demo26/demo26-d1"
	phone = "/es/mesa/captura/demo26/demo26-d2"
)

var (
	folioOf = regexp.MustCompile(`<p class="folio">(DEMO26-\d+-[A-Z])</p>`)
	keyOf   = regexp.MustCompile(`<p class="key">((?:[a-z]{5}-){5}[a-z]{5})</p>`)
)

// print prints sheets and gives their folios and keys.
func print(h house, c *http.Client, n string) (folios, keys []string) {
	h.Helper()
	status, body := h.Post(c, paper+"/imprimir", "sheets", n, "once", "o"+n)
	if status != http.StatusOK {
		h.Fatalf("printing: %d %s", status, body)
	}
	for _, m := range folioOf.FindAllStringSubmatch(body, -1) {
		if len(folios) == 0 || folios[len(folios)-1] != m[1] {
			folios = append(folios, m[1])
		}
	}
	for _, m := range keyOf.FindAllStringSubmatch(body, -1) {
		keys = append(keys, m[1])
	}
	return folios, keys
}

func TestDoorsArePublic(t *testing.T) {
	h := open(t)
	status, body := h.Get(http.DefaultClient, "/es/ediciones/demo26/puertas")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	h.Says(body, "Otras formas: papel, teléfono, asamblea", "Casa de la Cultura (SINTÉTICO)", "Papel", "Teléfono", "8 preguntas", "SINTÉTICO")
	_, js := h.Get(http.DefaultClient, "/es/ediciones/demo26/puertas.json")
	h.Says(js, `"questions": 8`, `"door": "web"`)
	h.Hides(body, "clave:")
}

// TestASheetAndItsPage: a printed folio has its page before it is captured, and
// its question after; its author acts with the key of the stub.
func TestASheetAndItsPage(t *testing.T) {
	h := open(t)
	desk := h.Enter("demo26", glosa.Facilitator, "")
	folios, keys := print(h, desk, "3")
	if len(folios) != 3 || len(keys) != 3 {
		t.Fatalf("%v %v", folios, keys)
	}
	_, again := h.Post(desk, paper+"/imprimir", "sheets", "3", "once", "o3")
	h.Hides(again, keys[0])
	_, before := h.Get(http.DefaultClient, "/es/preguntas/"+folios[0])
	h.Says(before, "Folio impreso, todavía sin capturar", "Casa de la Cultura (SINTÉTICO)", "/es/ediciones/demo26/puertas")
	status, body := h.Post(desk, paper, "folio", strings.ReplaceAll(folios[0], "-", ""), "text", "¿Cuándo abre la biblioteca de la colonia?", "municipality", "23002", "language", "es", "asked_on", "")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	h.Says(body, "Recibimos tu pregunta", folios[0], "Capturar y seguir")
	h.Hides(body, keys[0])
	_, after := h.Get(http.DefaultClient, "/es/preguntas/"+folios[0])
	h.Says(after, "Papel, Casa de la Cultura (SINTÉTICO)", "En revisión")
	status, body = h.Post(desk, paper, "folio", folios[1], "text", "", "municipality", "23002")
	if status != http.StatusUnprocessableEntity {
		t.Errorf("an empty question: %d", status)
	}
	h.Says(body, "Error: falta escribir la pregunta", `value="`+folios[1]+`"`)
	if status, _ = h.Post(desk, paper+"/anular", "void_folio", folios[2], "reason", "spoilt"); status != http.StatusOK {
		t.Errorf("void: %d", status)
	}
	_, void := h.Get(http.DefaultClient, "/es/preguntas/"+folios[2])
	h.Says(void, "Folio anulado", "Se echó a perder")
	_, mine := h.Post(http.DefaultClient, "/es/mi-pregunta", "folio", folios[0], "key", keys[0])
	h.Hides(mine, "Folio y clave no coinciden")
}

func TestTelephoneSaysTheKeyOnce(t *testing.T) {
	h := open(t)
	desk := h.Enter("demo26", glosa.Facilitator, "")
	form := []string{"text", "¿Cuándo pasa el camión?", "municipality", "23005", "language", "es", "once", "llamada-1"}
	_, first := h.Post(desk, phone, form...)
	if key := keyOf.FindStringSubmatch(first); key == nil {
		t.Fatalf("no key in %s", first)
	}
	_, second := h.Post(desk, phone, form...) // the button pressed twice
	h.Says(second, "Ya la habías enviado")
	if keyOf.MatchString(second) {
		t.Error("the key is said twice")
	}
}

// TestBatchByHand: template out, filled, checked, received, reported.
func TestBatchByHand(t *testing.T) {
	h := open(t)
	desk := h.Enter("demo26", glosa.Facilitator, "")
	folios, _ := print(h, desk, "2")
	_, template := h.Get(desk, paper+"/plantilla.csv")
	h.Says(template, "folio,pregunta,contexto,municipio,idioma,firma,fecha", "EJEMPLO")
	if status, raw := h.Get(desk, paper+"/plantilla.xlsx"); status != http.StatusOK || !strings.HasPrefix(raw, "PK") {
		t.Errorf("template: %d", status)
	}
	lines := template + folios[0] + ",¿Cuándo hay agua?,,Bacalar,es,,\r\n" + folios[1] + ",=1+1,,23002,es,,\r\n"
	status, body := h.upload(desk, lines)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	h.Says(body, "Revisado; todavía no se recibe nada", "Fila 4, columna B (pregunta)", "Error: es una fórmula", "Recibir 1 pregunta")
	at := regexp.MustCompile(`/es/mesa/captura/demo26/demo26-d1/lotes/[0-9a-f]{32}`).FindString(body)
	_, done := h.Post(desk, at)
	h.Says(done, "Terminado")
	_, report := h.Get(desk, at+"/informe.csv")
	h.Says(report, "fila,columna,campo,motivo", "4,B,pregunta")
	_, page := h.Get(http.DefaultClient, "/es/preguntas/"+folios[0])
	h.Says(page, "En revisión")
	_, bad := h.upload(desk, "nada\n")
	h.Says(bad, "encabezado que no conocemos")
}

func (h house) upload(c *http.Client, content string) (int, string) {
	h.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, err := w.CreateFormFile("file", "lote.csv")
	if err == nil {
		_, err = io.WriteString(f, content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		h.Fatal(err)
	}
	resp, err := c.Post(h.Server.URL+paper+"/lotes", w.FormDataContentType(), &b)
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

// TestOnlyDesksEnter: others are not let in, and another edition's desk is not there.
func TestOnlyDesksEnter(t *testing.T) {
	h := open(t)
	moderator := h.Enter("demo26", glosa.Moderator, "")
	if status, _ := h.Get(moderator, paper); status != http.StatusForbidden {
		t.Errorf("a moderator at a desk: %d", status)
	}
	elsewhere := h.Enter("demo25", glosa.Facilitator, "")
	for _, path := range []string{paper, "/es/mesa/captura/demo26", paper + "/respuestas"} {
		if status, _ := h.Get(elsewhere, path); status != http.StatusNotFound {
			t.Errorf("another edition's facilitator at %s: %d", path, status)
		}
	}
	if status, _ := h.Get(h.Enter("demo26", glosa.Facilitator, ""), paper+"/respuestas"); status != http.StatusOK {
		t.Errorf("answers to carry back: %d", status)
	}
}

// TestAPaperBallot: the desk prints a ballot; where codes vote, what one person
// types waits, what another side's types alike is cast with a receipt.
func TestAPaperBallot(t *testing.T) {
	h := open(t)
	desk := h.Enter("demo26", glosa.Facilitator, "")
	counting := `update priority_contest set criteria = replace(criteria, $1, $2)`
	dbtest.Exec(t, h.Site.DB, counting, `"counting":["device","code"]`, `"counting":["device"]`)
	status, body := h.Get(desk, paper+"/boletas")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	dbtest.Exec(t, h.Site.DB, counting, `"counting":["device"]`, `"counting":["device","code"]`)
	h.Says(body, "En esta edición no se vota con códigos de sobre")
	status, body = h.Get(desk, paper+"/boletas/imprimir")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	h.Says(body, "Código del sobre", "Folio 10", "SINTÉTICO", "hasta 10")
	if status, _ := h.Get(desk, phone+"/boletas"); status != http.StatusNotFound {
		t.Errorf("a desk of the telephone has paper: %d", status)
	}

	code := h.codes(t)
	status, body = h.Post(desk, paper+"/boletas", "code", voter.DrawCode(), "folio2", "DEMO26-9999-X")
	if status != http.StatusUnprocessableEntity {
		t.Fatalf("%d", status)
	}
	h.Says(body, "Este código no vale", "No hay una pregunta con este folio")
	both := h.public(t)
	q := both[0]
	if status, body = h.Post(desk, paper+"/boletas", "code", code, "folio1", q); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	h.Says(body, "Guardada. Falta que otra persona", q)
	h.Hides(body, code)
	e, err := h.Site.Priority.EnterPaper(t.Context(), glosa.Actor{Human: "h-x", Side: glosa.Government, Roles: []glosa.Role{glosa.IntakeDesk}}, "demo26",
		priority.Paper{Desk: "demo26-d1", Code: code, Folios: both[:]})
	if err != nil || e.State != priority.PaperDiffers {
		t.Fatalf("%s %v", e.State, err)
	}
	_, body = h.Get(desk, paper+"/boletas")
	h.Says(body, "Las dos capturas no coinciden", "del lado del gobierno")
	if status, body = h.Post(desk, paper+"/boletas", "code", code, "folio1", both[1], "folio4", q); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	h.Says(body, "La boleta quedó emitida", "Imprime este comprobante", q)
}

// codes loads a list of one more code in the demonstration.
func (h house) codes(t *testing.T) string {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ref, err := people.ShippedReference("23")
	must(err)
	i := slices.IndexFunc(ref.Institutions, func(i people.Institution) bool { return i.Side != glosa.Government })
	code := voter.DrawCode()
	tidy, _ := voter.Tidy(code)
	l := voter.List{Edition: "demo26", Issuer: ref.Institutions[i].Key, Hashes: []glosa.Hash{voter.CodeHash("demo26", tidy)}}
	for _, side := range []glosa.Side{glosa.Civil, glosa.Government} {
		_, err := h.Site.Voter.BringCodes(t.Context(), glosa.Actor{Human: glosa.HumanID("h-" + side), Side: side, Roles: []glosa.Role{glosa.Moderator}}, "demo26", l)
		must(err)
	}
	return code
}

// public are two published questions of the demonstration.
func (h house) public(t *testing.T) [2]string {
	t.Helper()
	some, _, err := h.Site.Question.List(t.Context(), civic.Filter{Edition: "demo26", States: []civic.State{civic.Admitted}}, "", 2)
	if err != nil || len(some) != 2 {
		t.Fatalf("%d questions, %v", len(some), err)
	}
	return [2]string{string(some[0].ID), string(some[1].ID)}
}
