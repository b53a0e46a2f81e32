package report_test

import (
	"bytes"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/report"
	"glosa/db/dbtest"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	"glosa/web/page/chain"
	page "glosa/web/page/report"
)

// TestFilesOfTheReport: a file is what its content says, whatever its name; one
// that is not taken comes back with the reason or the bound.
func TestFilesOfTheReport(t *testing.T) {
	clock := glosa.NewFakeClock(dbtest.Start)
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	by := glosa.Actor{Human: "h-l", Post: "gubernatura-enlace", Institution: "GUBERNATURA", Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
	p := page.Pages{Files: s.Files, Desks: chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question,
		Voter: s.Voter, Priority: s.Priority, Panel: s.Panel, Commitment: s.Commitment, Record: s.Record}}
	srv := httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){p.Mount}, Line: s.DB.Line(), Clock: clock, Log: dbtest.Log(t), Sessions: &signed{&by}}))
	t.Cleanup(func() { srv.Close(); s.Close() })
	editiontest.At(t, &edition.Desk{DB: s.DB}, clock, "demo26", edition.Called)
	if err := s.Report.Write(t.Context(), by, "demo26", report.Text{Title: "Informe", Markdown: "Se abrieron tres clínicas."}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, file, content string
		status              int
		says                string
	}{
		{"AProgram", "informe.pdf", "\x7fELF\x02\x01\x01\x00", 422, "ese tipo de archivo no se acepta"},
		{"APage", "informe.pdf", "<!doctype html><script>alert(1)</script>", 422, "ese tipo de archivo no se acepta"},
		{"ADrawingWithScript", "mapa.png", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, 422, "ese tipo de archivo no se acepta"},
		{"Nothing", "informe.pdf", "", 422, ""},
		{"TooLarge", "informe.txt", strings.Repeat("a", report.MaxFile+1), 422, "el archivo pasa de 50 MB"},
		{"Taken", "informe.txt", "Se abrieron tres clínicas.", http.StatusSeeOther, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var form bytes.Buffer
			w := multipart.NewWriter(&form)
			w.WriteField("file_title", "Informe")
			part, _ := w.CreateFormFile("file", c.file)
			io.WriteString(part, c.content)
			w.Close()
			req, err := http.NewRequest("POST", srv.URL+"/es/mesa/informe/demo26/archivo", &form)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Cookie", door.SessionCookie+"=x")
			req.Header.Set("Content-Type", w.FormDataContentType())
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, _ := io.ReadAll(res.Body)
			if res.StatusCode != c.status || !strings.Contains(html.UnescapeString(string(body)), c.says) {
				t.Errorf("%d, want %d and %q: %.2000s", res.StatusCode, c.status, c.says, body)
			}
		})
	}
}
