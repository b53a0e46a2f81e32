package record

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

func TestHandlerServesAClosedList(t *testing.T) {
	d := dbtest.Open(t, db.Config{Dir: t.TempDir(), NoSync: true}, Schema())
	h, _ := busyHost(t, d, glosa.NewFakeClock(dbtest.Start))
	get := func(method, path string) (*http.Response, string) { return fetch(t, method, h.web.URL+path) }
	for _, c := range []struct {
		path   string
		status int
		cache  string
		size   int // -1: any
	}{
		{"/record/checkpoint", 200, "no-cache", -1},
		{"/record/key", 200, "max-age=5", -1},
		{"/record/promise-key", 200, "max-age=5", -1},
		{"/record/policy", 200, "max-age=5", -1},
		{"/record/texts", 200, "no-cache", -1},
		{"/record/tile/0/000", 200, "immutable", 256 * 32},
		{"/record/tile/0/001.p/44", 200, "immutable", 44 * 32},
		{"/record/tile/0/001.p/1", 200, "immutable", 32}, // of a smaller tree
		{"/record/tile/0/000.p/200", 200, "immutable", 200 * 32},
		{"/record/tile/1/000.p/1", 200, "immutable", 32},
		{"/record/tile/entries/000", 200, "immutable", -1},
		{"/record/tile/entries/001.p/44", 200, "immutable", -1},
		{"/record/checkpoint.witnessed", 404, "", -1}, // nobody has witnessed
		{"/record/tile/0/001", 404, "", -1},           // not full yet
		{"/record/tile/0/001.p/45", 404, "", -1},      // the future
		{"/record/tile/2/000.p/1", 404, "", -1},
		{"/record/tile/0/000.p/256", 404, "", -1},
		{"/record/lock", 404, "", -1},
		{"/record/.tmp/0", 404, "", -1},
		{"/record/tile/0/../../../keys/log.key", 404, "", -1},
		{"/record/tile/0/%2e%2e/checkpoint", 404, "", -1},
		{"/record/", 404, "", -1},
		{"/record/tile/", 404, "", -1},
		{"/other", 404, "", -1},
	} {
		res, body := get(http.MethodGet, c.path)
		if res.StatusCode != c.status || !strings.Contains(res.Header.Get("Cache-Control"), c.cache) || c.size >= 0 && len(body) != c.size {
			t.Errorf("%s: %d, %q, %d bytes", c.path, res.StatusCode, res.Header.Get("Cache-Control"), len(body))
		}
		if strings.Contains(body, "PRIVATE") {
			t.Errorf("%s shows a private key", c.path)
		}
	}
	if res, _ := get(http.MethodPost, "/record/checkpoint"); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", res.StatusCode)
	}
	if res, body := get(http.MethodHead, "/record/checkpoint"); res.StatusCode != 200 || body != "" {
		t.Errorf("HEAD: %d %q", res.StatusCode, body)
	}
	_, bundle := get(http.MethodGet, "/record/tile/entries/001.p/7")
	if list, err := entries([]byte(bundle)); err != nil || len(list) != 7 {
		t.Errorf("a narrowed bundle: %d entries, %v", len(list), err)
	}
}

func fetch(t *testing.T, method, url string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultTransport.RoundTrip(req) // no client: it would follow and clean
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}
