package question_test

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"glosa"
	"glosa/auth"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/priority"
	"glosa/db/dbtest"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/moderation"
	"glosa/web/page/office"
	"glosa/web/page/question"
	"glosa/web/page/words"
)

const ed = glosa.EditionID("demo26")

// stage is a site with an edition that takes questions, and one browser.
type stage struct {
	testing.TB
	s       *site.Site
	clock   *glosa.FakeClock
	server  *web.Server
	web     *httptest.Server
	cookies map[string]string
	cut     atomic.Bool  // there is no network
	held    atomic.Int32 // forms that were told to come again
}

// countHeld counts what is told to come again.
type countHeld struct {
	http.ResponseWriter
	n *atomic.Int32
}

func (c countHeld) WriteHeader(status int) {
	if status == http.StatusTooManyRequests {
		c.n.Add(1)
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c countHeld) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func open(t testing.TB) *stage {
	t.Helper()
	clock := glosa.NewFakeClock(dbtest.Start)
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{TB: t, s: s, clock: clock, cookies: map[string]string{}}
	desks := chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question, Voter: s.Voter, Priority: s.Priority,
		Panel: s.Panel, Commitment: s.Commitment, Record: s.Record, Portrait: s.Portrait}
	rooms := []func(*door.Router){(&question.Pages{Desks: desks, Similar: question.NearlyEqual(s.Question)}).Mount, (&moderation.Pages{Desks: desks}).Mount, (&words.Pages{Desks: desks}).Mount, (&office.Pages{Desks: desks}).Mount}
	st.server = web.New(web.Config{Rooms: rooms, Line: s.DB.Line(), Clock: clock, Sessions: web.SignedIn{Desk: s.Auth}, Log: dbtest.Log(t), Site: door.Site{Demo: true}})
	st.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if st.cut.Load() {
			panic(http.ErrAbortHandler) // the connection breaks without a word
		}
		st.server.ServeHTTP(countHeld{w, &st.held}, r)
	}))
	ref, err := people.ShippedReference("23")
	st.ok(err)
	st.ok(s.People.Load(t.Context(), glosa.Admin(), ref))
	st.found()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Record.Follow(ctx) }()
	t.Cleanup(func() {
		st.web.Close()
		cancel()
		<-done
		s.Close()
	})
	return st
}

// found brings an edition to its open intake. The gates of other rooms are not
// what is tried here, but for the criteria, without which nothing is supported.
func (st *stage) found() {
	st.Helper()
	desk := &edition.Desk{DB: st.s.DB}
	editiontest.At(st, desk, st.clock, ed, edition.Called)
	st.ok(desk.Freeze(st.Context(), editiontest.Facilitator(), ed))
	_, err := (&priority.Desk{DB: st.s.DB}).Freeze(st.Context(), editiontest.Facilitator(), ed)
	st.ok(err)
	editiontest.Walk(st, desk, st.clock, ed, edition.IntakeOpen)
	st.clock.Advance(time.Hour)
}

func (st *stage) ok(err error) {
	st.Helper()
	if err != nil {
		st.Fatal(err)
	}
}

// reply is what came back.
type reply struct {
	status int
	to     string
	header http.Header
	body   string
}

var tags = regexp.MustCompile(`<[^>]*>`)

// text is what a reader of the page reads.
func (r reply) text() string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(r.body, " "))), " ")
}

// says fails the test for each sentence that the page lacks, and for each after
// "!" that it has.
func (st *stage) says(r reply, sentences ...string) {
	st.Helper()
	text := r.text()
	for _, s := range sentences {
		bare, not := strings.CutPrefix(s, "!")
		if strings.Contains(text, bare) == not {
			st.Errorf("(%d) %q: want it there: %t", r.status, bare, !not)
		}
	}
}

func (st *stage) visit(method, path string, body io.Reader) reply {
	st.Helper()
	req, err := http.NewRequest(method, st.web.URL+path, body)
	st.ok(err)
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return st.does(req)
}

// does sends a request with this browser's cookies, and keeps those that come.
func (st *stage) does(req *http.Request) reply {
	st.Helper()
	for name, value := range st.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := st.web.Client().Transport.RoundTrip(req)
	st.ok(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	st.ok(err)
	for _, c := range res.Cookies() {
		st.cookies[c.Name] = c.Value
	}
	return reply{res.StatusCode, res.Header.Get("Location"), res.Header, string(raw)}
}

func (st *stage) get(path string) reply {
	st.Helper()
	return st.visit("GET", path, nil)
}

// post sends a form; fields come in pairs.
func (st *stage) post(path string, fields ...string) reply {
	st.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return st.visit("POST", path, strings.NewReader(form.Encode()))
}

// enter lets somebody in under a grant, in this browser.
func (st *stage) enter(g auth.Grant) {
	st.Helper()
	code, _, err := st.s.Auth.Invite(st.Context(), glosa.Admin(), g)
	st.ok(err)
	token, _, err := st.s.Auth.Redeem(st.Context(), "test", code)
	st.ok(err)
	st.cookies[door.SessionCookie] = token
}

func moderator(side glosa.Side) auth.Grant {
	return auth.Grant{Edition: ed, Roles: []glosa.Role{glosa.Moderator}, Side: side, Seat: 1}
}

// holder enters as somebody at an institution's post; who signs holds it today.
func (st *stage) holder(post glosa.PostKey, institution glosa.InstitutionKey, role glosa.Role) {
	st.Helper()
	human, err := st.s.People.Enrol(st.Context(), glosa.Admin())
	st.ok(err)
	if role != glosa.Signatory {
		st.enter(auth.Grant{Human: human, Post: post, Institution: institution, Side: glosa.Government, Roles: []glosa.Role{role}})
		return
	}
	_, err = st.s.People.Grant(st.Context(), glosa.Admin(), people.Tenure{Post: post, Human: human, From: people.DayOf(st.clock.Now().AddDate(0, -1, 0)),
		Document: people.Document{Digest: glosa.Digest([]byte(post)), Title: "Nombramiento"}})
	st.ok(err)
	st.enter(auth.Grant{Human: human, Post: post, Institution: institution, Side: glosa.Government, Roles: []glosa.Role{role}})
}

var (
	folioShown = regexp.MustCompile(`id="folio">([^<]+)<`)
	keyShown   = regexp.MustCompile(`id="clave">([^<]+)<`)
	onceHidden = regexp.MustCompile(`name="once" value="([^"]+)"`)
)

// in gives the first group of a pattern in a page.
func (st *stage) in(r reply, pattern *regexp.Regexp) string {
	st.Helper()
	m := pattern.FindStringSubmatch(r.body)
	if m == nil {
		st.Fatalf("(%d) the page has no %s: %s", r.status, pattern, r.text())
	}
	return m[1]
}

// ask asks without script, and gives folio and key.
func (st *stage) ask(text string, more ...string) (folio, key string) {
	st.Helper()
	r := st.post("/es/ediciones/demo26/preguntar", append([]string{"text", text, "municipality", "23005"}, more...)...)
	return st.in(r, folioShown), st.in(r, keyShown)
}

// cached lets the server keep pages, as it does in earnest, and returns once it
// sends them out of its cache.
func (st *stage) cached() {
	st.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { st.server.Follow(ctx); close(done) }()
	st.Cleanup(func() { cancel(); <-done })
	for range 200 {
		st.get("/es/ediciones/demo26/preguntas")
		w := httptest.NewRecorder()
		st.server.Metrics().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		if strings.Contains(w.Body.String(), "glosa_page_hits_total ") && !strings.Contains(w.Body.String(), "glosa_page_hits_total 0\n") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	st.Fatal("no page is kept")
}

// answer admits a question, routes it to Salud, and has it answered and signed.
func (st *stage) answer(folio string) {
	st.Helper()
	do := func(path string, fields ...string) {
		st.Helper()
		if r := st.post(path, fields...); r.status != http.StatusSeeOther && r.status != http.StatusOK {
			st.Fatalf("%s: %d %s", path, r.status, r.text())
		}
	}
	st.enter(moderator(glosa.Civil))
	do("/es/mesa/moderacion/demo26/admitir", "folio", folio)
	do("/es/mesa/moderacion/demo26/turnar", "folio", folio, "institution", "SESA", "theme", "salud")
	st.holder("sesa-enlace", "SESA", glosa.Liaison)
	do("/es/mesa/enlace/"+folio, "kind", "answer", "short", "Abre el lunes.", "send", "1")
	st.holder("sesa-titular", "SESA", glosa.Signatory)
	do("/es/mesa/firma/"+folio+"/firmar", "read", hidden(st.get("/es/mesa/firma/"+folio).body, "read"))
}

// hidden is what a page's form carries under a name.
func hidden(page, name string) string {
	_, rest, _ := strings.Cut(page, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(value)
}
