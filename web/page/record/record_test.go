package record_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/db/dbtest"
	"glosa/record"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	page "glosa/web/page/record"
	"glosa/web/text"
)

// stage is a site with its record and a server that shows it.
type stage struct {
	testing.TB
	s     *site.Site
	clock *glosa.FakeClock
	web   *httptest.Server
	stop  func()
}

func open(t testing.TB) *stage {
	t.Helper()
	clock := glosa.NewFakeClock(dbtest.Start)
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{TB: t, s: s, clock: clock, stop: func() {}}
	p := page.Pages{Log: s.Record, Auth: s.Auth, People: s.People, Edition: s.Edition}
	st.web = httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){p.Mount}, Line: s.DB.Line(), Clock: clock, Log: dbtest.Log(t)}))
	t.Cleanup(func() { st.web.Close(); st.stop(); s.Close() })
	return st
}

func (st *stage) ok(err error) {
	st.Helper()
	if err != nil {
		st.Fatal(err)
	}
}

// seal lets the record follow until it holds n leaves.
func (st *stage) seal(n int64) {
	st.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { st.s.Record.Follow(ctx); close(done) }()
	st.stop = func() { cancel(); <-done }
	for end := time.Now().Add(20 * time.Second); st.s.Record.Size() < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			st.Fatalf("no %d leaves: %+v", n, st.s.Record.Status())
		}
	}
}

// announce leaves n commands of the server's keeper, each a leaf.
func (st *stage) announce(n int) {
	st.Helper()
	for i := range n {
		st.ok(st.s.Auth.Announce(st.Context(), "backup", "copia nocturna "+strconv.Itoa(i)))
		st.clock.Advance(time.Second)
	}
}

func (st *stage) get(path string) (int, string) {
	st.Helper()
	res, err := st.web.Client().Get(st.web.URL + path)
	st.ok(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	st.ok(err)
	return res.StatusCode, string(raw)
}

// check sends a receipt: pasted, or as a file.
func (st *stage) check(receipt string, asFile bool) (int, string) {
	st.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if asFile {
		f, err := w.CreateFormFile("file", "comprobante.tlog-proof")
		st.ok(err)
		_, err = io.WriteString(f, receipt)
		st.ok(err)
	} else {
		st.ok(w.WriteField("receipt", strings.ReplaceAll(receipt, "\n", "\r\n"))) // as browsers do
	}
	st.ok(w.Close())
	req, err := http.NewRequest("POST", st.web.URL+"/es/registro", &b)
	st.ok(err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	res, err := st.web.Client().Do(req)
	st.ok(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	st.ok(err)
	if got := res.Header.Get("Cache-Control"); got != "no-store" {
		st.Errorf("a checked receipt is kept: %q", got)
	}
	return res.StatusCode, string(raw)
}

func TestFront(t *testing.T) {
	st := open(t)
	if status, body := st.get("/es/registro"); status != 200 || !strings.Contains(body, "Todavía no hay asientos") {
		t.Errorf("an empty record: %d", status)
	}
	st.announce(60)
	st.seal(60)
	st.clock.Advance(time.Hour)
	log, promise := st.s.Record.VerifierKeys()
	status, body := st.get("/es/registro")
	for _, want := range []string{"n.º 59", "60 asientos", st.s.Record.Status().Root.String(), "Nadie fuera del gobierno", "copia nocturna 59",
		strings.ReplaceAll(log, "+", "&#43;"), strings.ReplaceAll(promise, "+", "&#43;"), "rel=\"next\""} {
		if !strings.Contains(body, want) && !strings.Contains(body, strings.ReplaceAll(want, "&#43;", "+")) {
			t.Errorf("the page (%d) lacks %q", status, want)
		}
	}
	if strings.Contains(body, "rel=\"prev\"") || strings.Contains(body, "rg.") || strings.Contains(body, "rk.") {
		t.Error("the first page leads to a newer one, or shows a key instead of words")
	}
	_, body = st.get("/es/registro?hasta=34")
	if !strings.Contains(body, "n.º 34<") || !strings.Contains(body, "n.º 10<") || strings.Contains(body, "n.º 35<") || strings.Contains(body, "n.º 9<") {
		t.Error("?hasta=34 does not show 34 to 10")
	}
	if !strings.Contains(body, "hasta=59#") || !strings.Contains(body, "hasta=9#") {
		t.Error("the pager of 34 to 10 does not lead to 59 and 9")
	}
}

func TestLeaf(t *testing.T) {
	st := open(t)
	st.announce(3)
	desk := &edition.Desk{DB: st.s.DB}
	founding := editiontest.Founding("demo26", st.clock.Now())
	founding.Synthetic = true
	st.ok(desk.Found(t.Context(), editiontest.Facilitator(), founding))
	st.seal(4)
	e, err := st.s.Record.Entry(t.Context(), 3)
	st.ok(err)
	in, err := st.s.Record.ProofFor(t.Context(), 3)
	st.ok(err)
	status, body := st.get("/es/registro/3")
	wants := []string{"Edición creada", "/es/ediciones/demo26", record.LeafHash(e.Raw).String(), in.Checkpoint.Root.String(), "/es/registro/3/comprobante", "class=\"synthetic\""}
	for _, h := range in.Path {
		wants = append(wants, h.String())
	}
	body = strings.ReplaceAll(body, "&#43;", "+")
	for _, want := range wants {
		if !strings.Contains(body, want) {
			t.Errorf("leaf 3 (%d) lacks %q", status, want)
		}
	}
	if len(in.Path) == 0 {
		t.Error("a proof in a tree of four has no path")
	}
	for _, path := range []string{"/es/registro/99", "/es/registro/-1", "/es/registro/03", "/es/registro/x", "/es/registro/99/comprobante"} {
		if status, _ := st.get(path); status != 404 {
			t.Errorf("%s: %d, want 404", path, status)
		}
	}
}

func TestCheck(t *testing.T) {
	st := open(t)
	st.announce(5)
	st.seal(5)
	_, receipt := st.get("/es/registro/2/comprobante")
	flipped := strings.Replace(receipt, "index 2", "index 3", 1)
	text := glosa.Hash{1}
	note, _, err := st.s.Record.Promise("question.received", text, st.clock.Now())
	st.ok(err)
	private := func(promise []byte, object string) string {
		raw, err := record.Private{Object: []byte(object)}.Write(promise, nil)
		st.ok(err)
		return string(raw)
	}
	own := record.Private{Object: []byte(`{"text":"¿Cuándo?"}`)}
	commit, err := own.Commit()
	st.ok(err)
	kept, _, err := st.s.Record.Promise("question.received", commit, st.clock.Now())
	st.ok(err)
	cases := []struct {
		name, receipt string
		file          bool
		after         time.Duration
		status        int
		says          string
	}{
		{"Genuine", receipt, false, 0, 200, "Auténtico: está en el registro desde el "},
		{"GenuineAsAFile", receipt, true, 0, 200, "Auténtico: está en el registro desde el "},
		{"GenuineWithBlanksAround", "\n  " + receipt + "\n\n", false, 0, 200, "Auténtico"},
		{"OfAnotherPlace", flipped, false, 0, 200, "No coincide con el registro."},
		{"PromiseOfAnotherText", private(note, `{"text":"otro"}`), false, 0, 200, "No coincide con el registro."},
		{"Promised", private(kept, `{"text":"¿Cuándo?"}`), true, 0, 200, "Prometido: entra al registro a más tardar"},
		{"Broken", private(kept, `{"text":"¿Cuándo?"}`), true, 2 * time.Hour, 200, "Promesa rota"},
		{"Empty", "", false, 0, 422, "falta el comprobante"},
		{"Nonsense", "hola", false, 0, 422, "no es un comprobante"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			st.clock.Advance(c.after)
			status, body := st.check(c.receipt, c.file)
			if status != c.status || !strings.Contains(body, c.says) {
				t.Errorf("%d, want %d saying %q", status, c.status, c.says)
			}
			if strings.Contains(body, "¿Cuándo?") {
				t.Error("the reply shows what was asked")
			}
		})
	}
}

func TestDownloads(t *testing.T) {
	st := open(t)
	for _, path := range []string{"/es/registro.csv", "/es/registro.json", "/es/registro.atom"} {
		if status, _ := st.get(path); status != 200 {
			t.Errorf("%s of an empty record: %d", path, status)
		}
	}
	st.announce(2)
	st.seal(2)
	st.clock.Advance(time.Hour)
	for path, want := range map[string]string{"/es/registro.csv": "1,2026", "/es/registro.json": `"kind": "admin.act"`, "/en/registro.atom": "/en/registro/1"} {
		if status, body := st.get(path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d lacks %q in %.300s", path, status, want, body)
		}
	}
}

// TestEveryKindHasWords: a leaf is told in words, not by the name of its kind.
func TestEveryKindHasWords(t *testing.T) {
	for _, lang := range text.Langs() {
		for _, k := range site.Kinds() {
			if k.Public && !text.For(lang).Has("rk."+k.Name) {
				t.Errorf("%s: no words for the kind %s", lang, k.Name)
			}
		}
	}
}
