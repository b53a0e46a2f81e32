package web

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func TestNetworks(t *testing.T) {
	for _, c := range []struct {
		secure             bool
		from, forward, net string
		told               bool
	}{
		{false, "203.0.113.9:1", "198.51.100.1", "203.0.113.0/24", true},
		{true, "127.0.0.1:1", "10.9.9.9, 198.51.100.77", "198.51.100.0/24", true},
		{false, "[2001:db8:1:2:3::4]:1", "", "2001:db8:1::/56", true},
		{false, "[::ffff:203.0.113.9]:1", "", "203.0.113.0/24", true},
		{true, "127.0.0.1:1", "not an address", "unknown", false},
		{true, "127.0.0.1:1", "", "127.0.0.0/24", false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.from
		if c.forward != "" {
			r.Header.Set("X-Forwarded-For", c.forward)
		}
		if got, told := networkOf(r, c.secure); got != c.net || told != c.told {
			t.Errorf("%+v: %s, told %t", c, got, told)
		}
	}
}

// Behind a proxy that does not say where visits come from the whole state is one
// visitor: the log says so once an hour, a counter counts, /readyz adds it and
// forgets it when the proxy is mended.
func TestAProxyThatSaysNothingIsToldOf(t *testing.T) {
	d := setUp(t, func(c *Config) { c.Secure = true })
	ready := func() string {
		w := httptest.NewRecorder()
		d.web.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
		if w.Code != 200 {
			t.Errorf("/readyz: %d; a proxy that is set wrongly is no reason to send nobody here", w.Code)
		}
		return strings.TrimSpace(w.Body.String())
	}
	visit := func(forward string) {
		r := httptest.NewRequest("GET", "/es/falla/nada", nil)
		if forward != "" {
			r.Header.Set("X-Forwarded-For", forward)
		}
		d.web.ServeHTTP(httptest.NewRecorder(), r)
	}
	visit("203.0.113.9")
	if got := ready(); got != "ready" || strings.Contains(d.log.String(), "X-Forwarded-For") {
		t.Fatalf("a proxy set as it should be: %q, log %q", got, d.log)
	}
	for range 20 {
		visit("")
	}
	if got := ready(); !strings.Contains(got, "degraded: proxy: visits come without X-Forwarded-For") {
		t.Errorf("/readyz says %q", got)
	}
	if n := strings.Count(d.log.String(), "level=ERROR"); n != 1 {
		t.Errorf("the log says it %d times:\n%s", n, d.log)
	}
	w := httptest.NewRecorder()
	d.web.Metrics().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if !strings.Contains(w.Body.String(), "glosa_visits_without_network_total 20") {
		t.Error("the gauge does not count them")
	}
	d.clock.Advance(silentLasts)
	if got := ready(); got != "ready" {
		t.Errorf("after the proxy was mended: %q", got)
	}
}

// The guide and the templates say what the code reads, and log no address.
func TestTheTemplatesOfProxiesSayWhatTheCodeReads(t *testing.T) {
	for name, lines := range map[string][]string{
		"../docs/operator.md": {"X-Forwarded-For", "operator/nginx.conf", "operator/Caddyfile", "--behind-proxy"},
		"../docs/operator/nginx.conf": {"proxy_set_header X-Forwarded-For $remote_addr;", "proxy_set_header Host $host;", "access_log off;",
			"error_log /dev/null emerg;", "proxy_request_buffering off;", "proxy_buffering off;", "client_max_body_size 51m;"},
		"../docs/operator/Caddyfile": {"header_up X-Forwarded-For {remote_host}", "exclude http"},
	} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.Contains(string(raw), line) {
				t.Errorf("%s does not hold %q", name, line)
			}
		}
		for _, never := range []string{"X-Forwarded-Proto", "proxy_add_x_forwarded_for", "log_format", "output file"} {
			if strings.Contains(string(raw), never) {
				t.Errorf("%s holds %q, which nobody reads or which keeps addresses", name, never)
			}
		}
	}
}
