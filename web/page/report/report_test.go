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

// A draft is seen at its desk and nowhere else, and hostile Markdown is shown harmless.
func TestADraftStaysAtItsDesk(t *testing.T) {
	clock := glosa.NewFakeClock(dbtest.Start)
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	in := &signed{}
	p := page.Pages{Files: s.Files, Desks: chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question,
		Priority: s.Priority, Panel: s.Panel, Commitment: s.Commitment, Record: s.Record}}
	srv := httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){p.Mount}, Line: s.DB.Line(), Clock: clock, Log: dbtest.Log(t), Sessions: in}))
	t.Cleanup(func() { srv.Close(); s.Close() })
	editiontest.At(t, &edition.Desk{DB: s.DB}, clock, "demo26", edition.Called)
	visit := func(method, path, kind string, body io.Reader) (int, string) {
		req, err := http.NewRequest(method, srv.URL+path, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Cookie", door.SessionCookie+"=x")
		req.Header.Set("Content-Type", kind)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(text)
	}
	const desk, public = "/es/mesa/informe/demo26", "/es/ediciones/demo26/informe"
	in.who = &glosa.Actor{Human: "h-x", Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Moderator}}
	if status, _ := visit("GET", desk, "", nil); status != http.StatusNotFound {
		t.Errorf("a moderator at the report's desk: %d", status)
	}
	in.who = &glosa.Actor{Human: "h-l", Post: "gubernatura-enlace", Institution: "GUBERNATURA", Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	w.WriteField("title", "Informe de prueba")
	w.WriteField("markdown", "# Salud\n\nSe abrieron tres clínicas. <script>alert(1)</script>\n")
	w.Close()
	if status, text := visit("POST", desk, w.FormDataContentType(), &form); status != http.StatusSeeOther {
		t.Fatalf("saving: %d %.300s", status, text)
	}
	if _, text := visit("GET", desk, "", nil); !strings.Contains(text, "Se abrieron tres clínicas") || strings.Contains(text, "<script>alert") || !strings.Contains(text, "nadie fuera de esta mesa") {
		t.Error("the desk does not show its draft, or shows it raw")
	}
	in.who = &glosa.Actor{Human: "h-s", Post: "sesa-enlace", Institution: "SESA", Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
	if status, text := visit("GET", desk, "", nil); status != http.StatusOK || strings.Contains(text, "clínicas") || strings.Contains(text, `name="markdown"`) || !strings.Contains(text, "lo escribe la institución que convoca") {
		t.Errorf("another ministry at the desk: %d, with the draft or its form", status)
	}
	for _, path := range []string{"", "/publicar", "/quitar"} {
		kind, body := "application/x-www-form-urlencoded", "digest=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D&file="+strings.Repeat("ab", 32)
		if path == "" {
			var other bytes.Buffer
			w := multipart.NewWriter(&other)
			w.WriteField("title", "Otro")
			w.WriteField("markdown", "Otro texto.")
			w.Close()
			kind, body = w.FormDataContentType(), other.String()
		}
		if status, _ := visit("POST", desk+path, kind, strings.NewReader(body)); status != http.StatusForbidden {
			t.Errorf("another ministry posts %s: %d, want 403", path, status)
		}
	}
	in.who = nil
	if status, text := visit("GET", public, "", nil); status != http.StatusOK || strings.Contains(text, "clínicas") || !strings.Contains(text, "El informe todavía no se publica") {
		t.Errorf("the public page before publication: %d", status)
	}
	if status, _ := visit("GET", public+".json", "", nil); status != http.StatusNotFound {
		t.Errorf("JSON of a draft: %d", status)
	}
}
