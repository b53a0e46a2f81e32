package entry_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"regexp"
	"strings"
	"testing"

	"glosa"
	"glosa/auth"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
)

const jalisco = "/es/mesa/lugares/jal-1"

// upload posts a form with files as browsers send it; a field "document" is a file.
func (st *stage) upload(path string, fields ...string) (int, string, string) {
	st.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] != "document" {
			st.ok(w.WriteField(fields[i], fields[i+1]))
			continue
		}
		f, err := w.CreateFormFile("document", "oficio.pdf")
		st.ok(err)
		_, err = io.WriteString(f, fields[i+1])
		st.ok(err)
	}
	st.ok(w.Close())
	status, header, body := st.send("POST", path, w.FormDataContentType(), &b)
	return status, header.Get("Location"), body
}

// found founds an edition whose protocol lists its places.
func (st *stage) found() {
	st.Helper()
	text, err := edition.Template("pregunta-jalisco")
	st.ok(err)
	ref, err := people.ShippedReference("23")
	st.ok(err)
	st.ok(st.s.People.Load(st.Context(), glosa.Admin(), ref))
	st.ok(st.s.Edition.Found(st.Context(), editiontest.Facilitator(), edition.Founding{ID: "jal-1", Series: "jal", Number: 1, Code: "JAL1",
		Protocol: text, Session: st.clock.Now().AddDate(0, 0, 200)}))
}

var (
	global = auth.Grant{Roles: []glosa.Role{glosa.Facilitator}, Side: glosa.Civil, Seat: 1}
	office = auth.Grant{Roles: []glosa.Role{glosa.Overview}, Side: glosa.Government, Seat: 1}
)

// TestThePlacesOfTheProtocol: an edition that was just founded has no place; one
// button makes those of one's own side, and then somebody can be invited.
func TestThePlacesOfTheProtocol(t *testing.T) {
	st := open(t, false)
	st.found()
	st.enter(global)
	if _, body := st.get("/es/mesa"); !strings.Contains(body, jalisco) {
		t.Error("the desk of places is not among the facilitator's")
	}
	_, body := st.get("/es/mesa/invitaciones/jal-1")
	if !strings.Contains(body, "Crear los 10 lugares del protocolo") {
		t.Error("the desk of invitations does not offer the places of the protocol")
	}
	if status, to, _ := st.post(jalisco+"/protocolo", "back", "invitaciones"); status != 303 || to != "/es/mesa/invitaciones/jal-1" {
		t.Fatalf("making them: %d %s", status, to)
	}
	_, body = st.get("/es/mesa/invitaciones/jal-1")
	if strings.Contains(body, "lugares del protocolo</button>") || !strings.Contains(body, "seat:jal-1-civil-8") || strings.Contains(body, "jal-1-government") {
		t.Error("the places are not there, or the government's are")
	}
	status, _, body := st.upload("/es/mesa/invitaciones/jal-1", "place", "seat:jal-1-civil-1", "me", "1", "title", "Acta", "document", "x")
	if status != 200 || !code.MatchString(body) {
		t.Fatalf("taking one's own place: %d", status)
	}
	grants, err := st.s.Auth.Cast(t.Context(), "jal-1")
	st.ok(err)
	mine, err := st.s.Auth.Cast(t.Context(), "")
	st.ok(err)
	if len(grants) != 1 || grants[0].Human != mine[0].Human {
		t.Error("whoever took their own place became another person")
	}
	if status, _, _ := st.post(jalisco+"/quitar", "seat", "jal-1-civil-8"); status != 303 {
		t.Errorf("removing an empty place: %d", status)
	}
	if status, _, _ := st.post(jalisco+"/quitar", "seat", "jal-1-civil-1"); status != 409 {
		t.Errorf("removing a place that is held: %d", status)
	}
	st.cookie = ""
	if status, to, _ := st.post(jalisco + "/protocolo"); status != 303 || to != "/es/entrar" {
		t.Errorf("nobody: %d %s", status, to)
	}
	st.enter(auth.Grant{Edition: "jal-1", Roles: []glosa.Role{glosa.Moderator}, Side: glosa.Civil, Seat: 30})
	if status, _ := st.get(jalisco); status != 403 {
		t.Errorf("a moderator: %d", status)
	}
}

var hidden = regexp.MustCompile(`name="(sitting|tenure|delegation)" value="([^"]+)"`)

// TestWhoStandsIn: a substitute and a delegate enter by a code of their own, and
// what was given ends from the same desk.
func TestWhoStandsIn(t *testing.T) {
	st := open(t, false)
	st.found()
	st.enter(office)
	st.post(jalisco + "/protocolo")
	st.upload("/es/mesa/invitaciones/jal-1", "place", "seat:jal-1-government-1", "title", "Oficio 1", "document", "x")
	today, later := string(people.DayOf(st.clock.Now())), string(people.DayOf(st.clock.Now().AddDate(0, 1, 0)))
	status, _, body := st.upload(jalisco+"/suplencia", "form", "sub-jal-1-government-1", "seat", "jal-1-government-1", "from", today, "to", "", "title", "Oficio 2")
	if status != 422 || !strings.Contains(body, `href="#f-sub-jal-1-government-1-document"`) || !strings.Contains(body, "Oficio 2") {
		t.Errorf("a substitute without a document: %d", status)
	}
	status, _, body = st.upload(jalisco+"/suplencia", "seat", "jal-1-government-1", "from", today, "to", later, "title", "Oficio 2", "document", "x")
	if status != 200 || !code.MatchString(body) || !strings.Contains(body, "Suplencia del ") {
		t.Fatalf("a substitute: %d", status)
	}
	sitting := hidden.FindStringSubmatch(body)
	if status, to, _ := st.upload(jalisco+"/terminar", "seat", "jal-1-government-1", "sitting", sitting[2], "to", later); status != 303 || to != jalisco {
		t.Errorf("ending the sitting: %d", status)
	}
}

// TestAPostAndItsDeputy: a post is registered and given, an act of it is handed
// on and taken back, and whoever had it leaves.
func TestAPostAndItsDeputy(t *testing.T) {
	st := open(t, false)
	st.found()
	st.enter(office)
	today, later := string(people.DayOf(st.clock.Now())), string(people.DayOf(st.clock.Now().AddDate(0, 1, 0)))
	if status, _, body := st.upload(jalisco+"/puesto", "form", "puesto", "institution", "SESA", "title", "Enlace", "key", "sesa enlace", "roles", "liaison"); status != 422 || !strings.Contains(body, `href="#f-puesto-key"`) {
		t.Errorf("a key with a blank: %d", status)
	}
	if status, _, _ := st.upload(jalisco+"/puesto", "form", "puesto", "institution", "SESA", "title", "Enlace", "key", "sesa-enlace", "roles", "liaison"); status != 303 {
		t.Fatalf("a post: %d", status)
	}
	if status, _, body := st.upload(jalisco+"/puesto", "form", "puesto", "institution", "SESA", "title", "Otro", "key", "sesa-enlace", "roles", "liaison"); status != 422 || !strings.Contains(body, "ya está registrada") {
		t.Errorf("the same key again: %d", status)
	}
	if status, _, body := st.upload("/es/mesa/invitaciones/jal-1", "place", "post:sesa-enlace", "title", "Oficio 3", "document", "x"); status != 200 || !code.MatchString(body) {
		t.Fatalf("giving the post: %d", status)
	}
	if status, _, body := st.upload(jalisco+"/delegar", "form", "del-sesa-enlace", "post", "sesa-enlace", "from", today, "to", later, "title", "Oficio 4", "document", "x"); status != 422 || !strings.Contains(body, "f-del-sesa-enlace-acts") {
		t.Errorf("a delegation of nothing: %d", status)
	}
	status, _, body := st.upload(jalisco+"/delegar", "post", "sesa-enlace", "acts", "question.draft", "from", today, "to", later, "title", "Oficio 4", "document", "x")
	given := code.FindString(body)
	if status != 200 || given == "" || !strings.Contains(body, "Redactar respuestas") {
		t.Fatalf("a delegation: %d", status)
	}
	kept := st.cookie
	st.cookie = ""
	if status, to, _ := st.post("/es/entrar", "code", given); status != 303 || to != "/es/mesa" {
		t.Errorf("the delegate's code: %d %s", status, to)
	}
	st.cookie = kept
	ids := map[string]string{}
	_, body = st.get(jalisco)
	for _, m := range hidden.FindAllStringSubmatch(body, -1) {
		ids[m[1]] = m[2]
	}
	if status, to, _ := st.post(jalisco+"/revocar", "delegation", ids["delegation"]); status != 303 || to != jalisco {
		t.Errorf("taking the delegation back: %d", status)
	}
	if status, to, _ := st.upload(jalisco+"/terminar", "tenure", ids["tenure"], "to", later); status != 303 || to != jalisco {
		t.Errorf("ending the tenure: %d", status)
	}
	if status, to, body := st.upload(jalisco+"/institucion", "form", "institucion", "key", "NUEVA", "name", "Secretaría nueva", "sector", "executive"); status != 303 || to != jalisco {
		t.Errorf("an institution: %d %s", status, body)
	}
	if _, body := st.get(jalisco); !strings.Contains(body, "Secretaría nueva") {
		t.Error("the institution is not offered for posts")
	}
}
