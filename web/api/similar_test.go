package api_test

import (
	"strings"
	"testing"

	"glosa/civic/edition"
)

func TestSimilar(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	st.submit("¿Cuándo abre la clínica?")
	at := strings.Replace(questions, "/questions", "/similar", 1)
	r := st.send("POST", at, `{"text":"cuando abre la clinica"}`)
	if r.status != 200 || r.header.Get("Cache-Control") != "no-store" || strings.Contains(r.raw, "clínica") {
		t.Errorf("before admission: %d %s", r.status, r.raw)
	}
	folio := st.admitted("¿Cuándo abre la clínica?")
	r = st.send("POST", at, `{"text":"cuando abre la clinica"}`)
	if r.status != 200 || !strings.Contains(r.raw, `"folio":"`+string(folio)+`"`) || !strings.Contains(r.raw, `"score":1,`) {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := st.send("POST", strings.Replace(at, "demo26", "nowhere", 1), `{"text":"x"}`); r.status != 404 {
		t.Errorf("an edition that is none: %d", r.status)
	}
	if r := st.send("GET", at+"?text=clinica", ""); r.status != 405 {
		t.Errorf("what is typed may stand in an address: %d", r.status)
	}
}
