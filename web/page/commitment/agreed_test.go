package commitment_test

import (
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"glosa"
	civic "glosa/civic/commitment"
	"glosa/db/dbtest"
	"glosa/web/door"
	"glosa/web/webtest"
)

// sit is a browser of whoever holds a role on a side of an edition.
func (h *house) sit(ed glosa.EditionID, role glosa.Role, side glosa.Side) *http.Client {
	h.Helper()
	grants, err := h.Site.Auth.Cast(h.Context(), ed)
	if err != nil {
		h.Fatal(err)
	}
	for _, g := range grants {
		if slices.Contains(g.Roles, role) && g.Side == side {
			token, _, err := h.Site.Auth.Enter(h.Context(), g.ID)
			if err != nil {
				h.Fatal(err)
			}
			at, _ := url.Parse(h.Server.URL)
			jar, _ := cookiejar.New(nil)
			jar.SetCookies(at, []*http.Cookie{{Name: door.CookieName(door.SessionCookie, false), Value: token, Path: "/"}})
			return &http.Client{Jar: jar}
		}
	}
	h.Fatalf("nobody is %s of %s in %q", role, side, ed)
	return nil
}

// hidden is what a page's form carries under a name.
func hidden(page, name string) string {
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// stage puts an edition where a test needs it, before anybody reads it.
func (h *house) stage(ed glosa.EditionID, stage string) {
	h.Helper()
	dbtest.Exec(h, h.Site.DB, `update edition set stage = $2 where id = $1`, ed, stage)
}

func (h *house) cardOf(id string) civic.Card {
	h.Helper()
	c, err := h.Site.Commitment.Card(h.Context(), id)
	if err != nil {
		h.Fatal(err)
	}
	return c
}

// draftFields is a draft as its form sends it.
func draftFields(do, deliverable string, more ...string) []string {
	return append([]string{"do", do, "title", "Padrón de pozos", "problem", "No se sabe cuáles hay.", "deliverable", deliverable, "indicator", "Pozos con dato entre todos.",
		"owner_government", "SEMA", "owner_civil", "BIOS", "starts", "2026-12-01", "ends", "2027-11-30", "budget", "none", "target", "6.3",
		"rationale", "Publicar los análisis permite vigilar la contaminación.", "step", "Método", "due", "2027-02-01", "step", "Padrón", "due", "2027-10-01"}, more...)
}

// Whoever agrees agrees to what they have read: a draft that changed meanwhile is
// shown anew, and nothing is recorded. More owners than the two who lead survive
// a revision that does not speak of them.
func TestWordsThatChangedBeforeTheClick(t *testing.T) {
	h := open(t)
	h.stage("demo25", "minutes_pending")
	rapporteur, panelist, head := h.Enter("demo25", glosa.Rapporteur, ""), h.sit("demo25", glosa.Panelist, glosa.Civil), h.Enter("", glosa.Signatory, "sema-titular")
	const desk = "/es/mesa/compromisos/demo25"
	if status, page := h.Post(rapporteur, desk, draftFields("propose", "Un padrón público.", "other", "government:SESA", "part", "supports", "other", "", "part", "supervises")...); status != 200 {
		t.Fatalf("propose: %d %s", status, page)
	}
	const id, one = "DEMO-2026-05", desk + "/DEMO-2026-05"
	if status, _ := h.Post(panelist, one, "do", "negotiate"); status != 200 {
		t.Fatalf("negotiate: %d", status)
	}
	_, page := h.Get(head, one)
	h.Says(page, "Un padrón público.", "apoya", "Meta 6.3", "Acordar esta redacción")
	read := hidden(page, "read")
	if status, _ := h.Post(rapporteur, one, draftFields("revise", "Un padrón en una oficina.")...); status != 200 {
		t.Fatalf("revise: %d", status)
	}
	if owners := h.cardOf(id).Owners; len(owners) != 3 || !slices.Contains(owners, civic.Owner{Side: glosa.Government, Institution: "SESA", Part: civic.Supports}) {
		t.Errorf("owners after a revision: %+v", owners)
	}
	h.Post(panelist, one, "do", "negotiate")
	for _, do := range []string{"accept", "decline"} {
		status, page := h.Post(head, one, "do", do, "read", read, "reason", "Por algo.")
		if status != 422 {
			t.Errorf("%s: %d", do, status)
		}
		h.Says(page, "El texto cambió después de que lo leíste", "Un padrón en una oficina.")
	}
	if c := h.cardOf(id); c.State != civic.Negotiated || len(c.Versions[0].Signed) != 0 {
		t.Errorf("%s, signed %v", c.State, c.Versions[0].Signed)
	}
	_, page = h.Get(head, one)
	if status, _ := h.Post(head, one, "do", "accept", "read", hidden(page, "read")); status != 200 {
		t.Errorf("accept what was read: %d", status)
	}
	if c := h.cardOf(id); len(c.Versions[0].Signed) != 1 {
		t.Errorf("signed %v", c.Versions[0].Signed)
	}
	_, form := h.Get(rapporteur, one)
	h.Says(form, `<option value="government:SESA" selected>`)
	h.Post(rapporteur, one, draftFields("revise", "Un padrón.", "other", "", "part", "supports")...)
	if owners := h.cardOf(id).Owners; len(owners) != 2 {
		t.Errorf("a row left empty leaves the owner in: %+v", owners)
	}
}

// amendment is the form of an amendment of DEMO-2026-02.
func amendment(c civic.Card, ends, reason string) []string {
	w := c.Current().Wording
	return []string{"do", "amend", "reason", reason, "title", w.Title, "problem", w.Problem, "deliverable", w.Deliverable + " Y un mapa.", "indicator", w.Indicator,
		"result", w.Result, "population", w.Population, "starts", w.Starts.In(webtest.Today().Location()).Format("2006-01-02"), "ends", ends, "budget", "none"}
}

// An amendment shows what is in force beside what is proposed, comes into force
// with the other side's yes, and leaves the original term in sight.
func TestAmendmentAtTheDesk(t *testing.T) {
	h := open(t)
	head, panelist := h.Enter("", glosa.Signatory, "sema-titular"), h.sit("demo25", glosa.Panelist, glosa.Civil)
	const desk, public = "/es/mesa/compromisos/demo25/DEMO-2026-02", "/es/compromisos/DEMO-2026-02"
	was := h.cardOf("DEMO-2026-02")
	if status, page := h.Post(head, desk, amendment(was, "2028-01-31", "")...); status != 422 || !strings.Contains(page, "Error: falta la razón") || !strings.Contains(page, "Y un mapa.") {
		t.Errorf("an amendment without a reason: %d", status)
	}
	if status, page := h.Post(head, desk, amendment(was, "2028-01-31", "El laboratorio abre en enero.")...); status != 200 {
		t.Fatalf("amend: %d %s", status, page)
	}
	_, page := h.Get(panelist, desk)
	h.Says(page, "El laboratorio abre en enero.", "Vigente", "Propuesta", "31 ene 2028", "Acordar la enmienda", "la propuso Titular, ")
	_, own := h.Get(head, desk)
	h.Hides(own, "Acordar la enmienda")
	_, page2 := h.Get(http.DefaultClient, public)
	h.Says(page2, "Hay una enmienda propuesta")
	h.Hides(page2, "Plazo original", "Y un mapa.")
	read, version := hidden(page, "read"), hidden(page, "version")
	h.Post(head, desk, amendment(was, "2028-02-29", "Mejor en febrero.")...)
	status, page := h.Post(panelist, desk, "do", "agree", "version", version, "read", read)
	if status != 422 {
		t.Errorf("agreeing to another amendment than was read: %d", status)
	}
	h.Says(page, "El texto cambió después de que lo leíste", "29 feb 2028")
	if status, _ := h.Post(panelist, desk, "do", "agree", "version", hidden(page, "version"), "read", hidden(page, "read")); status != 200 {
		t.Errorf("agree: %d", status)
	}
	if c := h.cardOf("DEMO-2026-02"); c.Current().Number != 3 {
		t.Errorf("version %d is in force", c.Current().Number)
	}
	_, page = h.Get(http.DefaultClient, public)
	h.Says(page, "Plazo original", "Plazo vigente", "29 feb 2028", "Y un mapa.")
	h.Hides(page, "Hay una enmienda propuesta")
	_, board := h.Get(http.DefaultClient, "/es/compromisos")
	h.Says(board, "termina el 29 feb 2028", "original: ")
	_, raw := h.Get(http.DefaultClient, "/es/compromisos.csv")
	h.Says(raw, "ends_original", "2028-02-29T")
}

// Who may stops a promise and takes it up again, with reasons that stay in its line.
func TestSuspendedAtTheDesk(t *testing.T) {
	h := open(t)
	head := h.Enter("", glosa.Signatory, "sema-titular")
	const desk = "/es/mesa/compromisos/demo25/DEMO-2026-02"
	if status, page := h.Post(head, desk, "do", "suspend", "reason", ""); status != 422 || !strings.Contains(page, "Error: falta la razón") {
		t.Errorf("suspending without a reason: %d", status)
	}
	h.Post(head, desk, "do", "suspend", "reason", "El huracán cerró el laboratorio.")
	_, page := h.Get(head, desk)
	h.Says(page, "Por qué está suspendido:", "El huracán cerró el laboratorio.", "Reanudar y publicar la razón")
	h.Hides(page, "Suspender este compromiso", "Proponer otra redacción")
	h.Post(head, desk, "do", "resume", "reason", "El laboratorio abrió.")
	_, public := h.Get(http.DefaultClient, "/es/compromisos/DEMO-2026-02")
	h.Says(public, "Se suspende. El huracán cerró el laboratorio.", "Se reanuda. El laboratorio abrió.")
	panelist := h.sit("demo25", glosa.Panelist, glosa.Civil)
	_, page = h.Get(panelist, desk)
	h.Hides(page, "Suspender este compromiso", "Agregar un vínculo")
}

// A link says what it rests on, and is refused without it.
func TestLinksAtTheDesk(t *testing.T) {
	h := open(t)
	evaluator := h.Enter("demo25", glosa.Evaluator, "")
	const desk = "/es/mesa/compromisos/demo25/DEMO-2026-02"
	for _, c := range []struct{ way, to, basis, want string }{
		{"earlier", "DEMO-1999-01", "inferred", "Error: no existe el compromiso DEMO-1999-01"},
		{"ogp", "el dos", "inferred", "Error: la clave OGP va en mayúsculas"},
		{"ogp", "MXROO0002", "documented", "Error: cada redacción lleva su fuente"},
		{"", "MXROO0002", "inferred", "Error: ese vínculo no vale"},
	} {
		if status, page := h.Post(evaluator, desk, "do", "link", "way", c.way, "link", c.to, "basis", c.basis); status != 422 || !strings.Contains(page, c.want) {
			t.Errorf("%+v: %d", c, status)
		}
	}
	h.Post(evaluator, desk, "do", "link", "way", "later", "basis", "none")
	h.Post(evaluator, desk, "do", "link", "way", "earlier", "link", "demo-2026-01", "basis", "inferred")
	_, public := h.Get(http.DefaultClient, "/es/compromisos/DEMO-2026-02")
	h.Says(public, "Viene de", "DEMO-2026-01", "Posible continuación, según nuestra lectura", "Se buscó y no se encontró")
}

// Evidence is erased by two sides at their desk, each without seeing the other's
// word; the page says so and nothing of it is left.
func TestEvidenceErasedAtTheDesk(t *testing.T) {
	h := open(t)
	gov, civil := h.sit("demo26", glosa.Moderator, glosa.Government), h.sit("demo26", glosa.Moderator, glosa.Civil)
	const public, desk, title = "/es/compromisos/DEMO-2026-02", "/es/mesa/borrado/demo26", "La casa de la señora del pozo"
	if status, _ := h.Post(http.DefaultClient, public+"/evidencia", "title", title, "url", "https://example.org/casa"); status != 200 {
		t.Fatalf("bring: %d", status)
	}
	_, page := h.Get(gov, desk)
	h.Says(page, title)
	id := regexp.MustCompile(`pieza=([0-9a-f]{32})#borrar">DEMO-2026-02</a>\s*` + title).FindStringSubmatch(page)[1]
	if status, page := h.Post(gov, desk, "do", "erase", "pieza", id, "ground", "", "law", "third_party_rights"); status != 422 || !strings.Contains(page, "Error: elige un motivo de la lista") {
		t.Errorf("without a ground: %d", status)
	}
	say := func(c *http.Client, want int) {
		t.Helper()
		if status, _ := h.Post(c, desk, "do", "erase", "pieza", id, "ground", "third_party_data", "law", "third_party_rights"); status != want {
			t.Errorf("erase: %d, want %d", status, want)
		}
	}
	say(gov, 200)
	say(gov, 404) // one's own side is not asked again
	_, page = h.Get(civil, desk+"?pieza="+id)
	h.Says(page, "1 pieza espera otra palabra.", "Lo pidió: Gobierno; falta el otro lado", "Se publicará como")
	h.Hides(page, "checked")
	say(civil, 200)
	_, page = h.Get(http.DefaultClient, public)
	h.Says(page, "Borrada por dos partes el", "porque traía datos de otra persona", "Su sello sigue en pie.")
	h.Hides(page, title, "example.org/casa", "espera la revisión")
	for _, c := range []*http.Client{gov, civil, h.Enter("demo25", glosa.Evaluator, "")} {
		_, page := h.Get(c, desk)
		h.Hides(page, title)
	}
	_, js := h.Get(http.DefaultClient, public+"/ficha.json")
	h.Says(js, `"ground": "third_party_data"`)
	if status, _ := h.Get(h.Enter("demo25", glosa.Evaluator, ""), desk); status != http.StatusForbidden && status != http.StatusNotFound {
		t.Errorf("an evaluator at the desk of erasure: %d", status)
	}
}
