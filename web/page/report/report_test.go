package report_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/db/dbtest"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	"glosa/web/page/chain"
	page "glosa/web/page/report"
)

type signed struct{ who *glosa.Actor }

func (s *signed) Actor(context.Context, string) (glosa.Actor, bool, error) {
	if s.who == nil {
		return glosa.Actor{}, false, nil
	}
	return *s.who, true, nil
}

// place is a site with an edition whose report is being written.
type place struct {
	*testing.T
	url string
	in  *signed
}

const desk, public = "/es/mesa/informe/demo26", "/es/ediciones/demo26/informe"

func open(t *testing.T) place {
	t.Helper()
	clock := glosa.NewFakeClock(dbtest.Start)
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	in := &signed{}
	p := page.Pages{Files: s.Files, Desks: chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question,
		Voter: s.Voter, Priority: s.Priority, Panel: s.Panel, Commitment: s.Commitment, Record: s.Record}}
	srv := httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){p.Mount}, Line: s.DB.Line(), Clock: clock, Log: dbtest.Log(t), Sessions: in}))
	t.Cleanup(func() { srv.Close(); s.Close() })
	editiontest.At(t, &edition.Desk{DB: s.DB}, clock, "demo26", edition.Called)
	return place{T: t, url: srv.URL, in: in}
}

func (p place) visit(method, path, kind string, body io.Reader) (int, string) {
	p.Helper()
	req, err := http.NewRequest(method, p.url+path, body)
	if err != nil {
		p.Fatal(err)
	}
	req.Header.Set("Cookie", door.SessionCookie+"=x")
	req.Header.Set("Content-Type", kind)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		p.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

// saves sends the draft's form as a liaison of an institution, and keeps them at the desk.
func (p place) saves(institution glosa.InstitutionKey, markdown string) int {
	p.Helper()
	p.in.who = &glosa.Actor{Human: "h-" + glosa.HumanID(institution), Post: glosa.PostKey(strings.ToLower(string(institution)) + "-enlace"),
		Institution: institution, Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	w.WriteField("title", "Informe de prueba")
	w.WriteField("markdown", markdown)
	w.Close()
	status, _ := p.visit("POST", desk, w.FormDataContentType(), &form)
	return status
}

const draft = "# Salud\n\nSe abrieron tres clínicas. <script>alert(1)</script>\n"

// A draft is seen at its desk and nowhere else, and hostile Markdown is shown harmless.
func TestADraftStaysAtItsDesk(t *testing.T) {
	p := open(t)
	p.in.who = &glosa.Actor{Human: "h-x", Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Moderator}}
	if status, _ := p.visit("GET", desk, "", nil); status != http.StatusNotFound {
		t.Errorf("a moderator at the report's desk: %d", status)
	}
	if status := p.saves("GUBERNATURA", draft); status != http.StatusSeeOther {
		t.Fatalf("saving: %d", status)
	}
	if _, text := p.visit("GET", desk, "", nil); !strings.Contains(text, "Se abrieron tres clínicas") || strings.Contains(text, "<script>alert") || !strings.Contains(text, "nadie fuera de esta mesa") {
		t.Error("the desk does not show its draft, or shows it raw")
	}
	p.in.who = nil
	if status, text := p.visit("GET", public, "", nil); status != http.StatusOK || strings.Contains(text, "clínicas") || !strings.Contains(text, "El informe todavía no se publica") {
		t.Errorf("the public page before publication: %d", status)
	}
	if status, _ := p.visit("GET", public+".json", "", nil); status != http.StatusNotFound {
		t.Errorf("JSON of a draft: %d", status)
	}
}

// Another ministry than the one that convenes sees no draft and no form of it,
// and what it sends all the same is refused.
func TestAnotherMinistryHasNoPartInTheReport(t *testing.T) {
	p := open(t)
	if status := p.saves("GUBERNATURA", draft); status != http.StatusSeeOther {
		t.Fatalf("saving: %d", status)
	}
	if status := p.saves("SESA", "Otro texto."); status != http.StatusForbidden {
		t.Errorf("another ministry writes: %d, want 403", status)
	}
	if status, text := p.visit("GET", desk, "", nil); status != http.StatusOK || strings.Contains(text, "clínicas") || strings.Contains(text, `name="markdown"`) || !strings.Contains(text, "lo escribe la institución que convoca") {
		t.Errorf("another ministry at the desk: %d, with the draft or its form", status)
	}
	form := "digest=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D&file=" + strings.Repeat("ab", 32)
	for _, path := range []string{"/publicar", "/quitar"} {
		if status, _ := p.visit("POST", desk+path, "application/x-www-form-urlencoded", strings.NewReader(form)); status != http.StatusForbidden {
			t.Errorf("another ministry posts %s: %d, want 403", path, status)
		}
	}
}
