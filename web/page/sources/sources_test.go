package sources_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"glosa"
	"glosa/db/dbtest"
	"glosa/demo"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	"glosa/web/page/sources"
)

// Two dates for edition 2, and 46 + 87 + 19 that is not 151: both are shown.
func TestConflictsAndSumsAreShown(t *testing.T) {
	clock := glosa.NewFakeClock(dbtest.Start)
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	p := sources.Pages{Edition: s.Edition, Commitment: s.Commitment, Real: "qroo"}
	srv := httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){p.Mount}, Line: s.DB.Line(), Clock: clock, Log: dbtest.Log(t)}))
	t.Cleanup(func() { srv.Close(); s.Close() })
	if err := demo.Facts(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]string{
		"/es/fuentes":      {"Las partes suman 152, no 151", "46", "87", "19", "16 dic 2019", "es decir, del 15", "No localizamos información pública", "https://24-horas.mx/", "diciembre de 2022 a diciembre de 2023"},
		"/en/fuentes":      {"The parts add up to 152, not 151", "No public evidence located"},
		"/es/fuentes.csv":  {"Las partes suman 152, no 151", "qroo-2-date"},
		"/es/fuentes.json": {`"id": "qroo-8"`, `"gap": true`},
	} {
		resp, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v", path, resp.StatusCode, err)
		}
		if strings.Contains(string(body), "ostiene 0 hechos") {
			t.Errorf("%s lists a source that holds no fact", path)
		}
		for _, x := range want {
			if !strings.Contains(string(body), x) {
				t.Errorf("%s does not say %q", path, x)
			}
		}
	}
}
