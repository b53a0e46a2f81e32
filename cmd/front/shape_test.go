package front_test

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// snake is how every field of a download is written.
var snake = regexp.MustCompile(`^[a-z0-9_.\-/]+$`)

// shapesAreOne: programs read one way of writing: snake_case, and a date that
// is not known is left out, never the year 1.
func shapesAreOne(t *testing.T, srv *httptest.Server) {
	answered := regexp.MustCompile(`"id": "([^"]+)"`).FindStringSubmatch(get(t, srv.URL+"/es/ediciones/demo25/preguntas.json?estado=answered").body)
	if answered == nil {
		t.Fatal("no answered question")
	}
	for _, path := range []string{"/preguntas/" + answered[1] + "/json", "/ediciones.json", "/ediciones/demo25/cuenta.json", "/ediciones/demo25/informe.json", "/ediciones/demo25/preguntas.json",
		"/ediciones/demo25/agenda.json", "/ediciones/demo25/sesion.json", "/ediciones/demo25/minutas.json", "/ediciones/demo25/compromisos.json",
		"/ediciones/demo25/agenda/lotes.json", "/compromisos.json", "/compromisos/QROO-2018-03/ficha.json", "/compromisos/DEMO-2026-01/ficha.json", "/compromisos/DEMO-2026-03/ficha.json",
		"/vencidas.json", "/instituciones.json", "/fuentes.json", "/registro.json"} {
		a := get(t, srv.URL+"/es"+path)
		var v any
		if err := json.Unmarshal([]byte(a.body), &v); err != nil {
			t.Errorf("%s: %d %v", path, a.status, err)
			continue
		}
		walk(t, path, "", v)
	}
}

func walk(t *testing.T, path, at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if !snake.MatchString(k) {
				t.Errorf("%s: %s.%s is not in snake_case", path, at, k)
			}
			walk(t, path, at+"."+k, x)
		}
	case []any:
		for _, x := range v {
			walk(t, path, at+"[]", x)
		}
	case string:
		if strings.HasPrefix(v, "0001-01-01") {
			t.Errorf("%s: %s is the year 1", path, at)
		}
	}
}
