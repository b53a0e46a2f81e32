package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"glosa"
	"glosa/web/door"
	"glosa/web/page/folio"
	"glosa/web/page/leaf"
	"glosa/web/page/sheet"
	"glosa/web/static"
)

// desk is a small site: one page, one form, one desk page, and ways to fail.
type desk struct {
	*httptest.Server
	web   *Server
	line  *memoryLine
	clock *glosa.FakeClock
	log   *bytes.Buffer
	said  []string // what the form took
}

func (d *desk) mount(r *door.Router) {
	r.Page("/", func(r *door.Request) (door.View, error) {
		p := leaf.From(r, "Preguntas")
		p.State = strings.Join(d.said, ", ") + " [" + r.Query("tema") + "]"
		return door.Show(leaf.Leaf(p), "edition:a")
	}, "tema")
	r.Act("/decir", func(r *door.Request) (door.View, error) {
		if r.Value("text") == "" {
			return door.View{}, glosa.WrongField("text", "a.empty")
		}
		d.said = append(d.said, r.Value("text"))
		d.line.leave("edition:a")
		v, err := door.Done(r.To("/"), "edition:a")
		v.Cookies = append(v.Cookies, r.Cookie(door.DeviceCookie, "xyz", time.Hour))
		return v, err
	})
	r.Upload("/subir", 1<<20, func(r *door.Request) (door.View, error) { return door.Done(r.To("/")) })
	r.Page("/cosas/{edition}", func(r *door.Request) (door.View, error) {
		if r.Path("edition") != "demo26" {
			return door.View{}, glosa.Missing("edition", r.Path("edition"))
		}
		return door.Show(templ.Raw("la cosa"), "edition:demo26")
	})
	r.Desk("/mesa/{edition}", func(r *door.Request) (door.View, error) {
		return door.View{}, r.Actor.MayIn("question.admit", glosa.EditionID(r.Path("edition")))
	})
	r.Desk("/mesa", func(r *door.Request) (door.View, error) {
		return door.Show(templ.Raw("mesa de " + string(r.Actor.Post)))
	})
	long := func(*door.Request) (door.View, error) {
		return door.Show(templ.Raw(strings.Repeat("mesa ", usualPage)))
	}
	r.Desk("/mesa/larga", long)
	r.Act("/mesa/larga", long)
	fail := func(path string, err error) {
		r.Page(path, func(*door.Request) (door.View, error) { return door.View{}, err })
	}
	closed := glosa.Refuse(glosa.Closed, "s.closed")
	closed.Until = d.clock.Now().Add(time.Hour)
	fail("/falla/cerrada", closed)
	fail("/falla/negada", glosa.Refuse(glosa.Denied, "e.403", "rule", "question.admit"))
	fail("/falla/nada", glosa.Missing("question", "QR26-0000-A"))
	fail("/falla/choque", glosa.Refuse(glosa.Conflict, "e.409"))
	fail("/falla/nuestra", errors.New("secreto de la base"))
	r.Page("/falla/panico", func(*door.Request) (door.View, error) { panic("a mistake") })
	r.Page("/archivo.csv", func(*door.Request) (door.View, error) {
		return door.View{File: &door.File{Name: "a\"\r\n.csv", Type: "text/csv; charset=utf-8", Bytes: []byte("a\n")}, Tags: []string{"site"}}, nil
	})
}

// Actor knows one token.
func (d *desk) Actor(_ context.Context, token string) (glosa.Actor, bool, error) {
	return glosa.Actor{Post: "sesa-titular", Edition: "demo26"}, token == "good", nil
}

func setUp(t testing.TB, change func(*Config)) *desk {
	t.Helper()
	d := &desk{line: newMemoryLine(), clock: glosa.NewFakeClock(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)), log: &bytes.Buffer{}}
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	cfg := Config{Rooms: []func(*door.Router){d.mount, folio.Mount, sheet.Mount}, Line: d.line, Clock: d.clock, Sessions: d,
		Handlers: map[string]http.Handler{"/api/": echo}, Log: slog.New(slog.NewTextHandler(d.log, nil))}
	if change != nil {
		change(&cfg)
	}
	d.web = New(cfg)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { d.web.Follow(ctx); close(done) }()
	d.Server = httptest.NewServer(d.web)
	t.Cleanup(func() { d.Close(); cancel(); <-done })
	return d
}

// send makes one visit and follows no redirect.
func (d *desk) send(t *testing.T, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, d.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := d.Client().Transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(raw)
}

func TestAddresses(t *testing.T) {
	d := setUp(t, nil)
	for _, c := range []struct {
		method, path string
		status       int
		leads        string
	}{
		{"GET", "/", 302, "/es/"},
		{"GET", "/es/", 200, ""},
		{"HEAD", "/es/", 200, ""},
		{"GET", "/en/", 200, ""},
		{"GET", "/es", 307, "/es/"},
		{"GET", "/fr/", 404, ""},
		{"GET", "/hoja", 302, "/es/hoja"},
		{"GET", "/en/hoja", 200, ""},
		{"GET", "/es/no-existe", 404, ""},
		{"DELETE", "/es/", 405, ""},
		{"GET", "/es/decir", 404, ""},
		{"GET", "/es/mesa", 303, "/es/entrar?a=%2Fes%2Fmesa"},
		{"GET", "/es/folio?folio=qr26+0427k", 302, "/es/preguntas/QR26-0427-K"},
		{"GET", "/es/folio?folio=QR26-0427-K", 302, "/es/preguntas/QR26-0427-K"},
		{"GET", "/es/folio?folio=hola", 422, ""},
		{"GET", "/es/folio", 200, ""},
		{"GET", "/es/falla/cerrada", 423, ""},
		{"GET", "/es/falla/negada", 403, ""},
		{"GET", "/es/falla/nada", 404, ""},
		{"GET", "/es/falla/choque", 409, ""},
		{"GET", "/es/falla/nuestra", 500, ""},
		{"GET", "/es/falla/panico", 500, ""},
		{"GET", "/healthz", 200, ""},
		{"GET", "/readyz", 200, ""},
		{"GET", "/robots.txt", 200, ""},
		{"GET", static.URL("glosa.css"), 200, ""},
		{"GET", "/static/glosa.css", 404, ""},
		{"GET", "/metrics", 404, ""},
		{"GET", "/debug/pprof/", 404, ""},
		{"GET", "/es/%ff", 422, ""},
		{"GET", "/es/?tema=%00", 422, ""},
		{"GET", "/es/?tema=" + strings.Repeat("x", 3000), 422, ""},
	} {
		res, _ := d.send(t, c.method, c.path, "")
		if res.StatusCode != c.status || res.Header.Get("Location") != c.leads {
			t.Errorf("%s %.60s: %d %q, want %d %q", c.method, c.path, res.StatusCode, res.Header.Get("Location"), c.status, c.leads)
		}
	}
}

// allowed is the whole of what any page may load, and from where.
var allowed = map[string]string{"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'", "font-src": "'self'",
	"connect-src": "'self'", "manifest-src": "'self'", "worker-src": "'self'", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'"}

func TestHeadersOfEveryResponse(t *testing.T) {
	d := setUp(t, func(c *Config) { c.Secure = true })
	for _, path := range []string{"/", "/es/", "/es/", "/es/no-existe", "/es/falla/nuestra", "/healthz", "/api/x", "/sw.js", "/manifest.webmanifest", static.URL("glosa.css")} {
		res, _ := d.send(t, "GET", path, "")
		csp := res.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: CSP %q lacks %s", path, csp, want)
			}
		}
		// Everything allowed is allowed by name, and from this site alone: the worker
		// and the manifest of the form that opens offline are no exception.
		for _, line := range strings.Split(csp, "; ") {
			what, from, _ := strings.Cut(line, " ")
			if want := allowed[what]; want == "" || from != want {
				t.Errorf("%s: CSP allows %s from %s, want %q", path, what, from, want)
			}
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000; includeSubDomains"} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	plain := setUp(t, nil)
	if res, _ := plain.send(t, "GET", "/es/", ""); res.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS on plain HTTP")
	}
}

func TestPagesAreKeptByBrowsersOnlyToAskAgain(t *testing.T) {
	d := setUp(t, nil)
	res, body := d.send(t, "GET", "/es/", "")
	etag := res.Header.Get("Etag")
	if etag == "" || res.Header.Get("Cache-Control") != "no-cache" || res.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("headers of a page: %v", res.Header)
	}
	if res, _ := d.send(t, "GET", "/es/", "", "If-None-Match", etag); res.StatusCode != 304 {
		t.Errorf("same page again: %d, want 304", res.StatusCode)
	}
	if res, zipped := d.send(t, "GET", "/es/", "", "Accept-Encoding", "gzip"); res.Header.Get("Content-Encoding") != "gzip" || len(zipped) >= len(body) {
		t.Errorf("compressed: %q, %d of %d bytes", res.Header.Get("Content-Encoding"), len(zipped), len(body))
	}
	if _, again := d.send(t, "GET", "/es/?utm=1&x=2", "", "Cookie", "glosa-session=good"); again != body {
		t.Error("an unknown parameter or a cookie changed a public page")
	}
	if n := len(d.web.cache.kept); n != 1 {
		t.Errorf("%d pages kept for one page, want 1", n)
	}
	if _, other := d.send(t, "GET", "/es/?tema=agua", ""); !strings.Contains(other, "[agua]") {
		t.Error("a known parameter did not reach the room")
	}
	res, _ = d.send(t, "GET", "/es/archivo.csv", "")
	if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") {
		t.Errorf("a download is not boxed in: %q", csp)
	}
	if cd := res.Header.Get("Content-Disposition"); strings.ContainsAny(cd, "\r\n") || !strings.HasPrefix(cd, "attachment") {
		t.Errorf("a hostile file name gave %q", cd)
	}
}

func TestAnActShowsOnTheNextPage(t *testing.T) {
	d := setUp(t, nil)
	d.send(t, "GET", "/es/", "")
	for _, word := range []string{"uno", "dos", "tres"} {
		res, _ := d.send(t, "POST", "/es/decir", "text="+word)
		if res.StatusCode != 303 || res.Header.Get("Location") != "/es/" || res.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("the act: %d %v", res.StatusCode, res.Header)
		}
		if _, body := d.send(t, "GET", "/es/", ""); !strings.Contains(body, word) {
			t.Errorf("the page after the act lacks %q", word)
		}
	}
}

func TestForms(t *testing.T) {
	d := setUp(t, nil)
	cases := []struct {
		name, path, body string
		headers          []string
		status           int
		most             string // of what is too large: how much may be sent
	}{
		{"Taken", "/es/decir", "text=hola", nil, 303, ""},
		{"FromTheSameSite", "/es/decir", "text=hola", []string{"Sec-Fetch-Site", "same-origin"}, 303, ""},
		{"FromAnotherSite", "/es/decir", "text=hola", []string{"Sec-Fetch-Site", "cross-site"}, 403, ""},
		{"FromAnotherOrigin", "/es/decir", "text=hola", []string{"Origin", "https://otro.example"}, 403, ""},
		{"InvalidUTF8", "/es/decir", "text=%ff%fe", nil, 400, ""},
		{"ControlCharacter", "/es/decir", "text=a%00b", nil, 400, ""},
		{"LineEndsPass", "/es/decir", "text=a%0D%0Ab%09c", nil, 303, ""},
		{"TooLong", "/es/decir", "text=" + strings.Repeat("a", actBody+1), nil, 413, "64 KB"},
		{"WrongType", "/es/decir", "{}", []string{"Content-Type", "application/json"}, 415, ""},
		{"FilesWhereNoneAreTaken", "/es/decir", "--x--\r\n", []string{"Content-Type", "multipart/form-data; boundary=x"}, 415, ""},
		{"FilesWhereTheyAre", "/es/subir", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhola\r\n--x--\r\n", []string{"Content-Type", "multipart/form-data; boundary=x"}, 303, ""},
		{"AFileTooLong", "/es/subir", "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.pdf\"\r\n\r\n" + strings.Repeat("a", 2<<20) + "\r\n--x--\r\n",
			[]string{"Content-Type", "multipart/form-data; boundary=x"}, 413, "1 MB"},
		{"Invalid", "/es/decir", "text=", nil, 422, ""},
		{"Markup", "/es/decir", "text=" + url.QueryEscape("<script>alert(1)</script>"), nil, 303, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			res, body := d.send(t, "POST", c.path, c.body, c.headers...)
			if res.StatusCode != c.status {
				t.Errorf("%d, want %d", res.StatusCode, c.status)
			}
			if c.name == "ControlCharacter" && !strings.Contains(body, "sin esos signos: ab") {
				t.Errorf("the text is lost: %s", body)
			}
			if c.status == http.StatusRequestEntityTooLarge && !strings.Contains(body, "caben "+c.most) {
				t.Errorf("the page does not say how much may be sent: %s", body)
			}
		})
	}
	if _, body := d.send(t, "GET", "/es/", ""); strings.Contains(body, "<script>alert") {
		t.Error("markup typed by a visitor came back as markup")
	}
}

func TestJSONIsCheckedBeforeItIsParsed(t *testing.T) {
	d := setUp(t, nil)
	for body, status := range map[string]int{
		`{"text":"¿Cuántos?\nDos"}`:              200,
		`{"text":"a\u0000"}`:                     400,
		`{"text":"a\\u0000"}`:                    200, // a backslash, then letters
		`{"text":"\ud83d\ude00"}`:                200,
		`{"text":"\b"}`:                          400,
		"{\"text\":\"\xff\"}":                    400,
		"{\"text\":\"\x01\"}":                    400,
		`"` + strings.Repeat("a", maxBody) + `"`: 413,
	} {
		res, said := d.send(t, "POST", "/api/x", body, "Content-Type", "application/json")
		if res.StatusCode != status {
			t.Errorf("%.40s: %d, want %d", body, res.StatusCode, status)
		}
		if status == 413 && !strings.Contains(said, "1 MB") {
			t.Errorf("it does not say how much may be sent: %s", said)
		}
		if status >= 400 && res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%.40s: %s", body, res.Header.Get("Content-Type"))
		}
	}
}

func TestCookies(t *testing.T) {
	for name, secure := range map[string]bool{"glosa-device": false, "__Host-glosa-device": true} {
		d := setUp(t, func(c *Config) { c.Secure = secure })
		res, _ := d.send(t, "POST", "/es/decir", "text=a")
		c := res.Cookies()
		if len(c) != 1 || c[0].Name != name || !c[0].HttpOnly || c[0].Secure != secure || c[0].SameSite != http.SameSiteLaxMode || c[0].Path != "/" || c[0].Domain != "" {
			t.Errorf("secure=%t: %v", secure, c)
		}
	}
	d := setUp(t, nil)
	res, body := d.send(t, "GET", "/es/mesa", "", "Cookie", "glosa-session=good")
	if body != "mesa de sesa-titular" || res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Etag") != "" {
		t.Errorf("a desk's page: %q %v", body, res.Header)
	}
	// A long desk is compressed; an answer to a form, which may hold a code, never is.
	for method, want := range map[string]string{"GET": "gzip", "POST": ""} {
		res, body := d.send(t, method, "/es/mesa/larga", "", "Cookie", "glosa-session=good", "Accept-Encoding", "gzip")
		if got := res.Header.Get("Content-Encoding"); got != want || res.StatusCode != http.StatusOK || (len(body) < usualPage) != (want != "") {
			t.Errorf("%s: %d %q, %d bytes", method, res.StatusCode, got, len(body))
		}
	}
}

func TestLimits(t *testing.T) {
	d := setUp(t, nil)
	act := func(device string) int {
		res, _ := d.send(t, "POST", "/es/decir", "text=a", "Cookie", "glosa-device="+device)
		if res.StatusCode == 429 && res.Header.Get("Retry-After") == "" {
			t.Error("429 without Retry-After")
		}
		return res.StatusCode
	}
	for phone := range 500 { // an assembly behind one address
		if got := act("phone" + strconv.Itoa(phone)); got != 303 {
			t.Fatalf("phone %d: %d", phone, got)
		}
	}
	got := 303
	for range int(deviceActs.burst) + 1 {
		got = act("machine")
	}
	if got != 429 {
		t.Errorf("one device beyond its budget: %d, want 429", got)
	}
	d.clock.Advance(2 * time.Second)
	if got := act("machine"); got != 303 {
		t.Errorf("after a wait: %d, want 303", got)
	}
}

// A whole assembly behind one address: 500 phones that each take a device, ask
// and support ten others within five minutes. Then a machine at the same address,
// which is told when to come again, while another address is not.
func TestAnAssemblyPassesAndAFloodDoesNot(t *testing.T) {
	d := setUp(t, func(c *Config) { c.Secure = true })
	visit := func(address, method, path, device string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader("{}"))
		r.Header.Set("X-Forwarded-For", address)
		r.Header.Set("Content-Type", "application/json")
		if device != "" {
			r.Header.Set("Authorization", "Bearer "+device)
		}
		w := httptest.NewRecorder()
		d.web.ServeHTTP(w, r)
		return w
	}
	const hall = "203.0.113.9"
	for phone := range 500 {
		device := "phone" + strconv.Itoa(phone)
		codes := []int{visit(hall, "POST", devicesPath, "").Code, visit(hall, "POST", "/api/v1/editions/demo26/questions", device).Code}
		for range 10 {
			codes = append(codes, visit(hall, "PUT", "/api/v1/questions/DEMO26-0001/support", device).Code)
		}
		for i, code := range codes {
			if code != 200 {
				t.Fatalf("phone %d, act %d: %d", phone, i, code)
			}
		}
		d.clock.Advance(5 * time.Minute / 500)
	}
	for path, budget := range map[string]budget{devicesPath: networkDevices, "/api/v1/editions/demo26/questions": networkActs} {
		n, last := 0, visit(hall, "POST", path, "")
		for ; last.Code == 200 && n <= int(budget.burst); n++ {
			last = visit(hall, "POST", path, "")
		}
		if last.Code != 429 || last.Header().Get("Retry-After") == "" {
			t.Errorf("%s after %d from one address: %d, Retry-After %q", path, n, last.Code, last.Header().Get("Retry-After"))
		}
		if got := visit("198.51.100.7", "POST", path, "").Code; got != 200 {
			t.Errorf("%s from another address: %d", path, got)
		}
	}
}

func TestLogSaysNothingOfVisitors(t *testing.T) {
	d := setUp(t, nil)
	_, body := d.send(t, "GET", "/es/falla/nuestra?tema=palabra-clave", "", "Cookie", "glosa-session=galleta")
	d.send(t, "GET", "/es/falla/panico?tema=palabra-clave", "")
	d.send(t, "POST", "/es/decir", "text=cuerpo-del-texto%00")
	log := d.log.String()
	for _, secret := range []string{"palabra-clave", "cuerpo-del-texto", "galleta", "127.0.0.1"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
	_, after, _ := strings.Cut(log, "incident id=")
	id, _, _ := strings.Cut(after, " ")
	if id == "" || !strings.Contains(body, id) || strings.Contains(body, "secreto de la base") {
		t.Errorf("the page and the log do not share incident %q, or the cause is shown", id)
	}
}

// TestAddressesOfEditions: capitals and a last slash lead to the one address;
// another edition's desk is not there for whoever has a place in this one.
func TestAddressesOfEditions(t *testing.T) {
	d := setUp(t, nil)
	for path, to := range map[string]string{"/es/cosas/DEMO26": "/es/cosas/demo26", "/es/cosas/demo26/": "/es/cosas/demo26"} {
		res, _ := d.send(t, "GET", path, "")
		if res.StatusCode/100 != 3 || res.Header.Get("Location") != to {
			t.Errorf("%s: %d to %q", path, res.StatusCode, res.Header.Get("Location"))
		}
	}
	res, body := d.send(t, "GET", "/es/cosas/nada", "")
	if res.StatusCode != http.StatusNotFound || strings.Contains(body, "ese folio") || !strings.Contains(body, "<title>Error: ") {
		t.Errorf("an edition that is not there: %d %s", res.StatusCode, body)
	}
	for path, status := range map[string]int{"/es/mesa/demo25": http.StatusNotFound, "/es/mesa/demo26": http.StatusForbidden} {
		if res, _ := d.send(t, "GET", path, "", "Cookie", door.CookieName(door.SessionCookie, false)+"=good"); res.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, status)
		}
	}
	res, body = d.send(t, "GET", "/api/x?cursor=%ff", "")
	if res.StatusCode != http.StatusUnprocessableEntity && res.StatusCode != http.StatusBadRequest || !strings.Contains(body, `"location":"query.cursor"`) {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	for _, js := range []string{"{\"text\":\"\xff\"}", "{\"text\":\"\x01\"}"} {
		if _, body := d.send(t, "POST", "/api/x", js, "Content-Type", "application/json"); !strings.Contains(body, `"location":"body.text"`) {
			t.Errorf("%q: %s", js, body)
		}
	}
}
