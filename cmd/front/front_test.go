package front_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/cmd/front"
	"glosa/demo"
	"glosa/site"
)

// house is a demonstration as the command serves it, with its record sealed.
func house(t *testing.T) (*site.Site, *httptest.Server) {
	t.Helper()
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	c := site.Config{Data: t.TempDir(), Origin: "localhost/demo-SINTETICO", Software: "glosa-test", NoSync: true}
	if err := demo.Fill(t.Context(), c, now); err != nil {
		t.Fatal(err)
	}
	c.Clock = glosa.NewFakeClock(now)
	s, err := site.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Record.Follow(ctx) }()
	for s.Record.Size() < 100 {
		time.Sleep(10 * time.Millisecond)
	}
	srv := httptest.NewServer(front.New(s, front.House{Demo: true, Place: "Quintana Roo"}))
	t.Cleanup(func() { srv.Close(); stop(); <-done; s.Close() })
	return s, srv
}

// A visitor, a program and somebody at a desk are told what is a demonstration.
func TestDemonstration(t *testing.T) {
	_, srv := house(t)
	t.Run("downloads", func(t *testing.T) { whatIsInventedSaysSo(t, srv) })
	t.Run("shapes", func(t *testing.T) { shapesAreOne(t, srv) })
	t.Run("events", func(t *testing.T) { eventsSaySo(t, srv) })
	t.Run("screens", func(t *testing.T) { screensSaySo(t, srv) })
}

type answer struct {
	body, kind, name string
	status           int
}

func get(t *testing.T, address string) answer {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	return answer{string(b), kind, resp.Header.Get("Content-Disposition"), resp.StatusCode}
}

var (
	links    = regexp.MustCompile(`href="(/[^"#]+)`)
	invented = regexp.MustCompile(`(?i)demo2[56]|DEMO-20`)
	marked   = regexp.MustCompile(`SINTÉTICO|SINTETICO|SYNTHETIC|"synthetic": ?true|SINT=C3`)
)

// Nothing that was invented leaves the site without the word: every download
// that a page of the demonstration offers carries it, each row and entry too.
func whatIsInventedSaysSo(t *testing.T, srv *httptest.Server) {
	starts := []string{"/es/", "/es/ediciones", "/es/compromisos", "/es/instituciones", "/es/vencidas", "/es/registro", "/es/registro/40", "/es/preguntas", "/es/fuentes"}
	for _, ed := range []string{"demo25", "demo26"} {
		for _, part := range []string{"", "/informe", "/preguntas", "/agenda", "/sesion", "/minutas", "/compromisos", "/calendario", "/protocolo", "/cambios"} {
			starts = append(starts, "/es/ediciones/"+ed+part)
		}
	}
	pages := map[string]answer{}
	var files []string
	for depth := range 2 {
		var next []string
		for _, start := range starts {
			if _, seen := pages[start]; seen {
				continue
			}
			a := get(t, srv.URL+start)
			pages[start] = a
			if a.kind != "text/html" {
				files = append(files, start)
				continue
			}
			folios := 0
			for _, m := range links.FindAllStringSubmatch(a.body, -1) {
				to := html.UnescapeString(m[1])
				wanted := strings.HasPrefix(to, "/es/") || strings.HasPrefix(to, "/api/v1/")
				if strings.HasPrefix(to, "/es/preguntas/") { // one of a kind is enough
					if folios++; folios > 2 {
						wanted = false
					}
				}
				if wanted && !strings.Contains(to, "?") && (depth == 0 || strings.Contains(to[3:], ".") || strings.HasSuffix(to, "atom") ||
					strings.HasSuffix(to, "json") || strings.HasSuffix(to, "comprobante") || strings.HasSuffix(to, "calendario")) {
					next = append(next, to)
				}
			}
		}
		starts = next
	}
	for _, start := range starts {
		if _, seen := pages[start]; !seen {
			if pages[start] = get(t, srv.URL+start); pages[start].kind != "text/html" {
				files = append(files, start)
			}
		}
	}
	allMarked(t, pages, files)
}

// allMarked looks at every file that speaks of the demonstration.
func allMarked(t *testing.T, pages map[string]answer, files []string) {
	t.Helper()
	kinds := map[string]int{}
	for _, path := range files {
		a := pages[path]
		if a.kind == "application/atom+xml" && !strings.Contains(a.body, "<entry>") {
			continue
		}
		if a.status != http.StatusOK || !invented.MatchString(a.body) && !strings.HasSuffix(path, "comprobante") {
			continue
		}
		kinds[a.kind]++
		if !marked.MatchString(a.body) && !marked.MatchString(a.name) {
			t.Errorf("%s (%s) carries no mark", path, a.kind)
		}
		eachMarked(t, path, a)
	}
	t.Log(len(pages), "addresses", kinds)
	for _, want := range []string{"text/csv", "application/json", "application/atom+xml", "text/calendar", "text/plain"} {
		if kinds[want] == 0 {
			t.Errorf("no %s of the demonstration was found: the walk is blind", want)
		}
	}
}

// eachMarked looks at the rows of a table and the entries of a feed one by one.
func eachMarked(t *testing.T, path string, a answer) {
	t.Helper()
	switch a.kind {
	case "text/csv":
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil {
			t.Fatal(path, err)
		}
		for _, row := range rows[min(1, len(rows)):] {
			line := strings.Join(row, "|")
			if invented.MatchString(line) && !marked.MatchString(line) {
				t.Errorf("%s: a row without the mark: %s", path, line)
				return
			}
		}
	case "application/atom+xml":
		var f struct {
			Entries []struct {
				ID    string `xml:"id"`
				Title string `xml:"title"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(a.body), &f); err != nil {
			t.Fatal(path, err)
		}
		for _, e := range f.Entries {
			if invented.MatchString(e.ID+e.Title) && !marked.MatchString(e.Title) {
				t.Errorf("%s: an entry without the mark: %s", path, e.Title)
				return
			}
		}
	}
}

// In a demonstration, who holds a post and who was let in is invented as well;
// what sources say is not.
func eventsSaySo(t *testing.T, srv *httptest.Server) {
	said := map[string]map[bool]int{}
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				Kind      string
				Edition   string
				Synthetic bool
			}
			Next string
		}
		if err := json.Unmarshal([]byte(get(t, srv.URL+"/api/v1/events?cursor="+cursor).body), &page); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Items {
			if said[e.Kind] == nil {
				said[e.Kind] = map[bool]int{}
			}
			said[e.Kind][e.Synthetic]++
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	for kind, synthetic := range map[string]bool{"people.post_granted": true, "auth.invited": true, "question.received": true,
		"edition.documented": false, "commitment.documented": false, "people.loaded": false, "edition.dossier": false} {
		if said[kind][synthetic] == 0 || said[kind][!synthetic] > 0 {
			t.Errorf("%s: %v, want all synthetic=%v", kind, said[kind], synthetic)
		}
	}
}

var grants = regexp.MustCompile(`name="grant" value="([^"]+)"`)

// Doors and desks of a demonstration say what they are, even with nothing on them.
func screensSaySo(t *testing.T, srv *httptest.Server) {
	for _, path := range []string{"/es/mi-pregunta", "/es/mi-pregunta?folio=DEMO26-0001-A"} {
		if a := get(t, srv.URL+path); !strings.Contains(a.body, "SINTÉTICO") {
			t.Errorf("%s says nothing", path)
		}
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	cast := get(t, srv.URL+"/es/entrar/reparto")
	seen := map[string]bool{}
	for _, m := range grants.FindAllStringSubmatch(cast.body, -1) {
		resp, err := client.PostForm(srv.URL+"/es/entrar/reparto", url.Values{"grant": {m[1]}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		for _, path := range []string{"/es/mesa/seguimiento", "/es/mesa/firma", "/es/mesa/enlace"} {
			resp, err := client.Get(srv.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			b, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				seen[path] = true
				if !strings.Contains(string(b), "SINTÉTICO") {
					t.Errorf("%s of %s says nothing", path, m[1])
				}
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("%d grants opened %v: the walk is blind", len(grants.FindAllString(cast.body, -1)), seen)
	}
}
