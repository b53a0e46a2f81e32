package front_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"glosa"
	"glosa/cmd/front"
	"glosa/db/dbtest"
	"glosa/demo"
	"glosa/site"
)

// What no source says of a past edition is unknown: it will not come by itself.
// What sources say was agreed is shown as agreed, without titles too.
func TestThePastIsNotTheFuture(t *testing.T) {
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: glosa.NewFakeClock(dbtest.Start), NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(front.New(s, front.House{Place: "Quintana Roo"}))
	t.Cleanup(func() { srv.Close(); s.Close() })
	if err := demo.Facts(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]string{
		"/es/ediciones/qroo-2": {"Sin dato localizado", "acordados; no localizamos sus títulos", "Carlos Joaquín González", "Día Internacional contra la Corrupción"},
		"/es/ods/16":           {"La ONU registra el ejercicio, no cada compromiso, con este objetivo como principal.", "sdgs.un.org", "Citar"},
		"/en/ods/5":            {"with this goal as an indirect one"},
		"/es/ediciones/qroo-8": {"Sin dato localizado"},
		"/en/ediciones/qroo-2": {"No data located", "agreed; their titles were not located"},
	} {
		resp, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range want {
			if !strings.Contains(string(body), x) {
				t.Errorf("%s does not say %q", path, x)
			}
		}
		for _, x := range []string{"odavía no llega", "Not yet"} {
			if strings.Contains(string(body), x) {
				t.Errorf("%s says %q of the past", path, x)
			}
		}
	}
}
