package priority_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db/dbtest"
	"glosa/web/text"
)

const agenda = "/es/ediciones/demo26/agenda"

// ended is DEMO26 when its window is over, with its frozen criteria changed as if
// the protocol had said so: pairs of what they say and what they are to say.
func (h *house) ended(change ...string) {
	h.Helper()
	h.Bring(edition.IntakeClosed)
	ed, err := h.Site.Edition.Get(h.Context(), "demo26")
	h.ok(err)
	h.Clock.Set(ed.SupportCloses().Add(time.Minute))
	_, err = h.Site.Edition.Tick(h.Context())
	h.ok(err)
	for i := 0; i+1 < len(change); i += 2 {
		dbtest.Exec(h.T, h.Site.DB, `update priority_contest set criteria = replace(criteria, $1, $2) where edition = 'demo26'`, change[i], change[i+1])
	}
}

// byCode makes so many ballots have come by a strong door, the others by devices.
func (h *house) byCode(n int) {
	h.Helper()
	dbtest.Exec(h.T, h.Site.DB, `update priority_ballot set door = 'device'`)
	dbtest.Exec(h.T, h.Site.DB, `update priority_ballot set door = 'code' where committed in
		(select committed from priority_ballot where state = 'standing' order by committed limit $1)`, n)
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// made sets the calculation off and gives the agenda's page.
func (h *house) made(form ...string) string {
	h.Helper()
	selector := h.Enter("demo26", glosa.Selector, "")
	if status, page := h.Post(selector, "/es/mesa/seleccion/demo26", form...); status != 200 || !strings.Contains(page, "minutos usados") {
		h.Fatalf("at the selector's desk: %d", status)
	}
	_, page := h.Get(http.DefaultClient, agenda)
	return page
}

// A held edition says since when and why, and promises no date of its own.
func TestAHeldAgendaWaits(t *testing.T) {
	h := open(t)
	facilitator := glosa.Actor{Human: "h-1", Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Facilitator}}
	h.ok(h.Site.Edition.Postpone(h.Context(), facilitator, "demo26", "Huracán anunciado para esa semana", "", time.Time{}))
	_, page := h.Get(http.DefaultClient, agenda)
	h.Says(page, "Aplazada hoy: Huracán anunciado para esa semana.", "La agenda espera hasta que la edición siga.", "Partes iguales")
	h.Hides(page, "falta hacer el cálculo", "Ver y apoyar preguntas")
	_, desk := h.Get(h.Enter("demo26", glosa.Selector, ""), "/es/mesa/seleccion/demo26")
	h.Hides(desk, "Hacer el cálculo y publicarlo")
}

// When the window is over the page says that the calculation is due.
func TestTheWindowIsOver(t *testing.T) {
	h := open(t)
	h.ended()
	_, page := h.Get(http.DefaultClient, agenda)
	h.Says(page, "Ya no se reciben apoyos; falta hacer el cálculo.")
}

// A picked agenda says who picked and claims nothing of proportion.
func TestAPickedAgendaClaimsNothing(t *testing.T) {
	h := open(t)
	h.ended(`"rule":"equal_shares"`, `"rule":"outside_selector"`)
	selector := h.Enter("demo26", glosa.Selector, "")
	_, desk := h.Get(selector, "/es/mesa/seleccion/demo26")
	_, rows, _ := strings.Cut(desk, "Preguntas que pueden entrar")
	folio := rows[strings.Index(rows, "DEMO26-"):][:len("DEMO26-0000-X")]
	page := h.made("do", "pick", "chosen", folio)
	h.Says(page, "La eligió quien selecciona", "Nada se calculó: eligió quien selecciona.", "Elegidos por quien selecciona: 1 pregunta", "en el orden de quien selecciona", "Sin usar")
	h.Hides(page, "¿Es proporcional?", "glosa method shares", "Con los folios en el orden contrario")
	if status, _ := h.Get(http.DefaultClient, agenda+"/cuentas"); status != http.StatusNotFound {
		t.Errorf("the sums of what nobody computed: %d", status)
	}
}

// Where no ballot counts nothing is chosen, and there is nothing to repeat.
func TestNoBallotCounts(t *testing.T) {
	h := open(t)
	h.ended(`"counting":["device","code"]`, `"counting":["contact"]`, `"apart":[]`, `"apart":["device","code"]`)
	page := h.made()
	h.Says(page, "Ninguna boleta contó: todas las preguntas pasan a respuesta por escrito.", "Sin boletas no hay qué calcular", "Todavía no hay boletas que contar.",
		"En esta edición no cuenta ninguna puerta fuerte", "Ninguna boleta la apoyó.")
	h.Hides(page, "¿Es proporcional?", "glosa method shares")
}

// Strong doors stand beside all doors; how many came by which only where neither is few.
func TestStrongDoorsBesideAll(t *testing.T) {
	both := []string{`"minutes":480`, `"minutes":80`}
	few := open(t)
	few.ended(both...)
	few.byCode(19)
	page := few.made()
	few.Says(page, "Por una de las dos clases de puerta llegaron menos de veinte boletas.")
	few.Hides(page, "Solo las puertas fuertes", "fuertes.json")
	h := open(t)
	h.ended(both...)
	h.byCode(25)
	page = h.made()
	h.Says(page, "Todas las puertas que cuentan", "Solo las puertas fuertes", "Por las demás puertas", `data-label="Boletas">25</td>`)
	h.Hides(page, "fuertes.pb") // a set that is there once would tell its door, supporters those of few
	for file, want := range map[string]int{"/fuertes.json": http.StatusNotFound, "/fuertes.pb": http.StatusNotFound} {
		if status, _ := h.Get(http.DefaultClient, agenda+file); status != want {
			t.Errorf("%s: %d", file, status)
		}
	}
	if !strings.Contains(page, "La agenda es la misma.") && !strings.Contains(page, "Entrarían solo con puertas fuertes") {
		t.Error("the page does not say which questions change")
	}
}

// The sums of the agenda close question by question, and its tables say the same.
func TestTheSumsOfTheAgenda(t *testing.T) {
	h := open(t)
	const made = "/es/ediciones/demo25/agenda"
	_, page := h.Get(http.DefaultClient, made+"/cuentas")
	h.Says(page, "Las cuentas de la agenda", "Ningún grupo con tamaño para merecer otra pregunta se quedó sin ella.", "Precio exacto", "2/5", "Pagado por preguntas elegidas", "glosa method shares")
	_, page = h.Get(http.DefaultClient, "/en/ediciones/demo25/agenda/cuentas")
	h.Says(page, "The sums of the agenda", "Exact price", "Shared out: 180 ballots × ")
	for file, rows := range map[string]int{"elegidas": 48, "fuera": 31, "precios": 48, "cobertura": 2} {
		status, csv := h.Get(http.DefaultClient, made+"/"+file+".csv")
		if status != 200 || strings.Count(csv, "SINTÉTICO") != rows {
			t.Errorf("%s.csv: %d, %d rows", file, status, strings.Count(csv, "SINTÉTICO"))
		}
		if status, _ := h.Get(http.DefaultClient, agenda+"/"+file+".csv"); status != http.StatusNotFound {
			t.Errorf("%s.csv before the agenda is made: %d", file, status)
		}
	}
	_, page = h.Get(http.DefaultClient, made)
	h.Says(page, "Los minutos, sumados", "Minutos de la agenda", "Lista del puro conteo: 48 preguntas", "Mesa 1: Salud", "Minutos por mesa", "4 × 96 = 384",
		", según el registro de puestos, lugares y suplencias")
	_, page = h.Get(http.DefaultClient, "/en/ediciones/demo25/agenda")
	h.Says(page, "The minutes, added up", "List by the raw count: 48 questions", ", by the register of posts, seats and deputies")
}

// The page that explains the rule says what the rule gives.
func TestHowItIsChosen(t *testing.T) {
	h := open(t)
	_, page := h.Get(http.DefaultClient, "/es/como-se-elige")
	h.Says(page, "3 personas, 3 preguntas. La hora tiene 8 minutos y cada pregunta pide 4: caben 2.", "A cada persona le tocan 8 ÷ 3 = 2.67 minutos.",
		"La regla elige A, C; el puro conteo elegiría A, B.", "Con la regla, 3 de 3 personas tienen al menos una pregunta elegida; con el puro conteo, 2.")
	_, page = h.Get(http.DefaultClient, "/en/como-se-elige")
	h.Says(page, "The rule chooses A, C; the raw count would choose A, B.")
	for _, from := range []string{"/es/ediciones/demo25/agenda", "/es/ediciones/demo26/agenda"} {
		_, page = h.Get(http.DefaultClient, from)
		h.Says(page, `href="/es/como-se-elige"`)
	}
}

// Two sides leave a class of ballots out at their desk; the agenda says by which
// rule, why and by whom, and has the result over all ballots beside.
func TestTwoSidesLeaveAClassOut(t *testing.T) {
	h := open(t)
	h.ended(`"minutes":480`, `"minutes":80`)
	h.byCode(25)
	const desk = "/es/mesa/exclusion/demo26"
	if status, _ := h.Get(h.Enter("demo26", glosa.Selector, ""), desk); status != http.StatusForbidden {
		t.Errorf("a selector at the desk of two sides: %d", status)
	}
	civil, state := h.Enter("demo26", glosa.Facilitator, ""), h.EnterFor("demo26", glosa.Moderator, glosa.Government)
	_, page := h.Get(civil, desk)
	h.Says(page, "Nadie ha propuesto excluir boletas.", "Proponer una clase")
	_, page = h.Post(civil, desk, "same", "9", "reason", "Llegaron juntas")
	h.Says(page, "Error: escribe diez o más")
	_, page = h.Post(civil, desk, "reason", "Llegaron juntas")
	h.Says(page, "Error: la regla necesita al menos una condición")
	_, page = h.Post(civil, desk, "door", "code", "reason", "Los sobres se abrieron antes (SINTÉTICO)")
	h.Says(page, "Propuesta sin respuesta: no excluye nada.", "puerta: código en sobre", "al menos 20", "Propuso Sociedad civil")
	h.Hides(page, "Aceptar la exclusión", "Proponer y publicar")
	_, public := h.Get(http.DefaultClient, agenda)
	h.Says(public, "Propuesta sin respuesta: no excluye nada.", "Los sobres se abrieron antes")
	_, page = h.Get(state, desk)
	h.Says(page, "Aceptar la exclusión", "Los sobres se abrieron antes")
	_, page = h.Post(state, desk+"/respuesta", "n", "1", "do", "exclude")
	h.Says(page, "Excluidas por acuerdo de los dos lados.", "Aceptó Gobierno")
	page = h.made()
	h.Says(page, "Boletas excluidas por regla", "Sin las excluidas: decide", "Con todas", "Los sobres se abrieron antes")
	_, page = h.Get(http.DefaultClient, "/en/ediciones/demo26/agenda")
	h.Says(page, "Ballots excluded by a rule", "door: code in an envelope", "Accepted by Government")
	for file, want := range map[string]int{"/todas.json": http.StatusNotFound, "/todas.pb": http.StatusNotFound} { // its rows would tell which were excluded
		if status, _ := h.Get(http.DefaultClient, agenda+file); status != want {
			t.Errorf("%s: %d", file, status)
		}
	}
}

// The codes that the page of the cast tells open the demonstration's door.
func TestCodesForVisitors(t *testing.T) {
	h := open(t)
	for _, language := range text.Langs() {
		said := text.For(language).T("en.cast.codes")
		told := regexp.MustCompile(`(DEM0-\d{4}-\d{4}-)(\d{4})\b.*\b(\d{4})\b`).FindStringSubmatch(said)
		if told == nil {
			t.Fatalf("no codes in %q", said)
		}
		for _, n := range told[2:] {
			if _, err := h.Site.Voter.ShowCode(t.Context(), glosa.Citizen(), "demo26", "test", told[1]+n); err != nil {
				t.Errorf("%s: %v", told[1]+n, err)
			}
		}
	}
}
