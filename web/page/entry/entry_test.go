package entry_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/auth"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/db/dbtest"
	"glosa/site"
	"glosa/web"
	"glosa/web/door"
	"glosa/web/page/entry"
)

const ed = glosa.EditionID("demo26")

// stage is a site with an edition, a seat, and somebody's browser.
type stage struct {
	testing.TB
	s      *site.Site
	clock  *glosa.FakeClock
	web    *httptest.Server
	cookie string
}

func open(t testing.TB, demo bool) *stage {
	t.Helper()
	clock := glosa.NewFakeClock(dbtest.Start)
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{TB: t, s: s, clock: clock}
	p := entry.Pages{Auth: s.Auth, Edition: s.Edition, People: s.People, Question: s.Question, Panel: s.Panel, Commitment: s.Commitment, Demo: demo}
	st.web = httptest.NewServer(web.New(web.Config{Rooms: []func(*door.Router){p.Mount}, Line: s.DB.Line(), Clock: clock,
		Sessions: web.SignedIn{Desk: s.Auth}, Log: dbtest.Log(t), Site: door.Site{Demo: demo}}))
	t.Cleanup(func() { st.web.Close(); s.Close() })
	desk := &edition.Desk{DB: s.DB}
	st.ok(desk.Found(t.Context(), editiontest.Facilitator(), editiontest.Founding(ed, clock.Now())))
	return st
}

func (st *stage) ok(err error) {
	st.Helper()
	if err != nil {
		st.Fatal(err)
	}
}

// send makes one visit, follows no redirect, and keeps the session's cookie.
func (st *stage) send(method, path, kind string, body io.Reader) (int, http.Header, string) {
	st.Helper()
	req, err := http.NewRequest(method, st.web.URL+path, body)
	st.ok(err)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if st.cookie != "" {
		req.AddCookie(&http.Cookie{Name: door.SessionCookie, Value: st.cookie})
	}
	res, err := st.web.Client().Transport.RoundTrip(req)
	st.ok(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	st.ok(err)
	for _, c := range res.Cookies() {
		if c.Name == door.SessionCookie {
			st.cookie = c.Value
		}
	}
	return res.StatusCode, res.Header, string(raw)
}

func (st *stage) get(path string) (int, string) {
	st.Helper()
	status, _, body := st.send("GET", path, "", nil)
	return status, body
}

func (st *stage) post(path string, fields ...string) (int, string, string) {
	st.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	status, header, body := st.send("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	return status, header.Get("Location"), body
}

// invite posts the form of invitations, with a document unless it is empty.
func (st *stage) invite(place, title, document string) (int, string) {
	st.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	st.ok(w.WriteField("place", place))
	st.ok(w.WriteField("title", title))
	if document != "" {
		f, err := w.CreateFormFile("document", "acta.pdf")
		st.ok(err)
		_, err = io.WriteString(f, document)
		st.ok(err)
	}
	st.ok(w.Close())
	status, _, body := st.send("POST", "/es/mesa/invitaciones/demo26", w.FormDataContentType(), &b)
	return status, body
}

var facilitator = auth.Grant{Edition: ed, Roles: []glosa.Role{glosa.Facilitator}, Side: glosa.Civil, Seat: 1}

// enter lets somebody in under a grant by its code.
func (st *stage) enter(g auth.Grant) auth.Grant {
	st.Helper()
	code, g, err := st.s.Auth.Invite(st.Context(), glosa.Admin(), g)
	st.ok(err)
	if status, to, body := st.post("/es/entrar", "code", code); status != 303 || to != "/es/mesa" || st.cookie == "" {
		st.Fatalf("entering: %d %s %s", status, to, body)
	}
	return g
}

func TestEntering(t *testing.T) {
	st := open(t, false)
	if status, to, _ := st.post("/es/mesa", "grant", "x"); status != 303 || to != "/es/entrar" {
		t.Errorf("switching without a session: %d %s", status, to)
	}
	used, _, err := st.s.Auth.Invite(t.Context(), glosa.Admin(), facilitator)
	st.ok(err)
	st.post("/es/entrar", "code", used)
	st.cookie = ""
	late, _, err := st.s.Auth.Invite(t.Context(), glosa.Admin(), facilitator)
	st.ok(err)
	st.clock.Advance(auth.InviteLife + time.Second)
	var first string
	for _, code := range []string{"0000-0000-0000-0000", used, late, ""} {
		status, _, body := st.post("/es/entrar", "code", code)
		if first == "" {
			first = body
		}
		if status != 422 || body != first || code != "" && strings.Contains(body, code) {
			t.Errorf("code %q: %d, and its reply differs from the others, or shows it", code, status)
		}
	}
	if status, _, _ := st.post("/es/entrar", "code", "1"); status != 422 {
		t.Errorf("the fifth wrong code: %d", status)
	}
	if status, _, _ := st.post("/es/entrar", "code", "2"); status != 429 {
		t.Errorf("after five wrong codes: %d, want 429", status)
	}
}

func TestWayBack(t *testing.T) {
	st := open(t, false)
	for asked, want := range map[string]string{
		"/es/mesa/enlace":       "/es/mesa/enlace",
		"/es/mesa":              "/es/mesa",
		"//otro.example/mesa":   "/es/mesa",
		"https://otro.example":  "/es/mesa",
		"/es/mesa/../entrar":    "/es/mesa",
		"/es/mesa//otro":        "/es/mesa",
		"/es/mesas":             "/es/mesa",
		"/es/mesa/x?a=b":        "/es/mesa",
		"/es/mesa/\\otro.local": "/es/mesa",
	} {
		code, _, err := st.s.Auth.Invite(t.Context(), glosa.Admin(), facilitator)
		st.ok(err)
		if _, to, _ := st.post("/es/entrar", "code", code, "a", asked); to != want {
			t.Errorf("back to %q led to %q, want %q", asked, to, want)
		}
	}
}

func TestDeskAndLeaving(t *testing.T) {
	st := open(t, false)
	first := st.enter(facilitator)
	status, body := st.get("/es/mesa")
	for _, want := range []string{"Facilitación", "/es/mesa/edicion/demo26", `href="/es/mesa/edicion"`, "/es/mesa/invitaciones/demo26", "Sociedad civil, lugar 1"} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("the desk (%d) lacks %q", status, want)
		}
	}
	if strings.Contains(body, "/es/mesa/firma") || strings.Contains(body, string(first.Human)) {
		t.Error("the desk shows a table that is not the facilitator's, or the human")
	}
	other := auth.Grant{Human: first.Human, Edition: ed, Roles: []glosa.Role{glosa.Evaluator}, Side: glosa.Observatory, Seat: 1}
	_, other, err := st.s.Auth.Invite(t.Context(), glosa.Admin(), other)
	st.ok(err)
	old := st.cookie
	if status, to, _ := st.post("/es/mesa", "grant", other.ID); status != 303 || to != "/es/mesa" || st.cookie == old {
		t.Fatalf("switching: %d %s", status, to)
	}
	if _, body := st.get("/es/mesa"); !strings.Contains(body, "/es/mesa/evaluacion") || strings.Contains(body, "/es/mesa/edicion/") {
		t.Error("after the switch the tables are not the evaluator's")
	}
	_, stranger, err := st.s.Auth.Invite(t.Context(), glosa.Admin(), facilitator)
	st.ok(err)
	if status, _, _ := st.post("/es/mesa", "grant", stranger.ID); status != 404 {
		t.Errorf("switching to a stranger's grant: %d, want 404", status)
	}
	kept := st.cookie
	if status, to, _ := st.post("/es/salir"); status != 303 || to != "/es/" || st.cookie != "" {
		t.Errorf("leaving: %d %s %q", status, to, st.cookie)
	}
	st.cookie = kept
	if status, header, _ := st.send("GET", "/es/mesa", "", nil); status != 303 || !strings.HasPrefix(header.Get("Location"), "/es/entrar?a=") {
		t.Errorf("the closed session still works: %d", status)
	}
}

// seat makes a moderator's seat.
func (st *stage) seat(side glosa.Side, number int) string {
	st.Helper()
	id, err := st.s.People.Seat(st.Context(), glosa.Admin(), people.Seat{Edition: ed, Side: side, Number: number, Roles: []glosa.Role{glosa.Moderator}, Sector: "academia"})
	st.ok(err)
	return id
}

// TestEachSideNamesItsOwn: the desk shows to each side its own places and says
// why the others are not there; a form that names another's place is refused.
func TestEachSideNamesItsOwn(t *testing.T) {
	st := open(t, false)
	gov, civil := st.seat(glosa.Government, 2), st.seat(glosa.Civil, 2)
	st.enter(facilitator)
	_, body := st.get("/es/mesa/invitaciones/demo26")
	if !strings.Contains(body, civil) || strings.Contains(body, gov) || !strings.Contains(body, "Cada parte nombra a su gente. Aquí están los lugares y puestos de la sociedad civil") {
		t.Error("the facilitator is shown the government's places, or not why they are missing")
	}
	if status, body := st.invite("seat:"+gov, "Oficio", "the paper"); status != 422 || code.MatchString(body) {
		t.Errorf("inviting to the government's seat: %d", status)
	}
	st.enter(auth.Grant{Edition: ed, Roles: []glosa.Role{glosa.Overview}, Side: glosa.Government, Seat: 1})
	if _, body := st.get("/es/mesa"); !strings.Contains(body, "/es/mesa/invitaciones/demo26") {
		t.Error("the governor's office has no desk of invitations")
	}
	_, body = st.get("/es/mesa/invitaciones/demo26")
	if strings.Contains(body, civil) || !strings.Contains(body, gov) || !strings.Contains(body, "Aquí están los lugares y puestos del gobierno") {
		t.Error("the governor's office is shown the civil places, or not why they are missing")
	}
	if status, body := st.invite("seat:"+gov, "Oficio", "the paper"); status != 200 || !code.MatchString(body) {
		t.Errorf("inviting to its own seat: %d", status)
	}
}

// TestMakingASeat: each side makes its own seats at its desk, and no other's.
func TestMakingASeat(t *testing.T) {
	st := open(t, false)
	st.enter(auth.Grant{Edition: ed, Roles: []glosa.Role{glosa.Overview}, Side: glosa.Government, Seat: 1})
	const to = "/es/mesa/invitaciones/demo26/lugar"
	if status, _, _ := st.post(to, "side", "civil", "roles", "moderator", "sector", "cso"); status != 403 {
		t.Errorf("the government makes a civil seat: %d", status)
	}
	if status, _, body := st.post(to, "side", "government", "roles", "facilitator", "sector", "executive"); status != 422 || !strings.Contains(body, "esa función no es de ese lado") {
		t.Errorf("the government makes a facilitator: %d", status)
	}
	if status, _, body := st.post(to, "side", "government", "roles", "moderator", "sector", ""); status != 422 || !strings.Contains(body, `href="#seat-f-sector"`) && !strings.Contains(body, "elige un sector") {
		t.Errorf("a seat of no sector: %d", status)
	}
	for range 2 {
		if status, where, body := st.post(to, "side", "government", "roles", "moderator", "sector", "executive"); status != 303 || where != "/es/mesa/invitaciones/demo26" {
			t.Fatalf("making a seat: %d %s", status, body)
		}
	}
	if _, body := st.get("/es/mesa/invitaciones/demo26"); !strings.Contains(body, "seat:demo26-government-2") || !strings.Contains(body, "seat:demo26-government-3") || strings.Contains(body, "seat:demo26-government-1") {
		t.Error("the seats that were made are not offered, or one is the governor's office's own")
	}
}

// TestWhoLeftHasNoDesk: from the day after the last one, every page and act is
// refused, and the desk says why.
func TestWhoLeftHasNoDesk(t *testing.T) {
	st := open(t, false)
	seat := st.seat(glosa.Civil, 2)
	human, err := st.s.People.Enrol(t.Context(), glosa.Admin())
	st.ok(err)
	from := people.DayOf(st.clock.Now().AddDate(0, 0, -9))
	sits, err := st.s.People.Sit(t.Context(), glosa.Admin(), ed, people.Sitting{Seat: seat, Human: human, From: from, Document: people.Document{Digest: glosa.Digest([]byte("d")), Title: "Oficio"}})
	st.ok(err)
	st.enter(auth.Grant{Human: human, Edition: ed, Roles: []glosa.Role{glosa.Moderator}, Side: glosa.Civil, Seat: 2})
	if _, body := st.get("/es/mesa"); !strings.Contains(body, "/es/mesa/moderacion/demo26") {
		t.Fatal("whoever sits has no desk")
	}
	st.ok(st.s.People.Rise(t.Context(), glosa.Admin(), ed, seat, sits, people.DayOf(st.clock.Now().AddDate(0, 0, -2))))
	if status, body := st.get("/es/mesa"); status != 200 || strings.Contains(body, "/es/mesa/moderacion/demo26") || !strings.Contains(body, "Ese lugar hoy no es tuyo") {
		t.Errorf("the desk of who left: %d", status)
	}
}

var code = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}`)

func TestInvitations(t *testing.T) {
	st := open(t, false)
	st.enter(facilitator)
	seat := st.seat(glosa.Civil, 2)
	for name, c := range map[string][3]string{"NoPlace": {"", "", ""}, "AnotherPlace": {"seat:demo25-civil-1", "t", "d"}, "VacantWithoutDocument": {"seat:" + seat, "", ""}} {
		if status, body := st.invite(c[0], c[1], c[2]); status != 422 || code.MatchString(body) {
			t.Errorf("%s: %d", name, status)
		}
	}
	status, body := st.invite("seat:"+seat, "Oficio de designación, 3 nov 2026", "the paper")
	first := code.FindString(body)
	if status != 200 || first == "" {
		t.Fatalf("inviting: %d, code %q", status, first)
	}
	if _, body := st.get("/es/mesa/invitaciones/demo26"); strings.Contains(body, first) || !strings.Contains(body, "Código sin usar") {
		t.Error("the code is shown again, or the invitation is not")
	}
	_, body = st.invite("seat:"+seat, "", "") // held now: no document is asked for
	second := code.FindString(body)
	if _, _, err := st.s.Auth.Redeem(t.Context(), "a", first); glosa.KindOf(err) != glosa.NotFound {
		t.Errorf("a code that another one replaced: %v", err)
	}
	token, s, err := st.s.Auth.Redeem(t.Context(), "b", second)
	st.ok(err)
	if s.Actor.By() != "seat:civil:2" || !s.Actor.Has(glosa.Moderator) {
		t.Errorf("invited as %+v", s.Actor)
	}
	st.ok(st.s.People.Declare(t.Context(), s.Actor, ed, people.NoInterest, "")) // known to the register
	if status, _, _ := st.post("/es/mesa/invitaciones/demo26/retirar", "grant", "nonsense"); status != 404 {
		t.Errorf("revoking what is not there: %d", status)
	}
	if status, _, _ := st.post("/es/mesa/invitaciones/demo26/retirar", "grant", s.Grant.ID); status != 303 {
		t.Errorf("revoking: %d", status)
	}
	if _, err := st.s.Auth.Resume(t.Context(), token); glosa.KindOf(err) != glosa.NotFound {
		t.Errorf("a session after its grant was revoked: %v", err)
	}
}

func TestInvitationsAreForFacilitatorsOfThatEdition(t *testing.T) {
	for name, c := range map[string]struct {
		grant  auth.Grant
		status int
	}{
		"AModerator":     {auth.Grant{Edition: ed, Roles: []glosa.Role{glosa.Moderator}, Side: glosa.Civil, Seat: 2}, 403},
		"AnotherEdition": {auth.Grant{Edition: "demo25", Roles: []glosa.Role{glosa.Facilitator}, Side: glosa.Civil, Seat: 1}, 404}, // is not there for them
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t, false)
			_, _, err := st.s.Auth.Invite(t.Context(), glosa.Admin(), c.grant)
			st.ok(err)
			code, _, err := st.s.Auth.Invite(t.Context(), glosa.Admin(), c.grant)
			st.ok(err)
			st.post("/es/entrar", "code", code)
			if status, _ := st.get("/es/mesa/invitaciones/demo26"); status != c.status {
				t.Errorf("the page: %d, want %d", status, c.status)
			}
			if status, _ := st.invite("seat:demo26-civil-1", "x", "y"); status != c.status {
				t.Errorf("the form: %d, want %d", status, c.status)
			}
		})
	}
}

func TestTheCastIsForTheDemonstrationOnly(t *testing.T) {
	st := open(t, false)
	if status, _ := st.get("/es/entrar/reparto"); status != 404 {
		t.Errorf("outside the demonstration: %d", status)
	}
	if _, body := st.get("/es/entrar"); strings.Contains(body, "reparto") {
		t.Error("the door speaks of the cast outside the demonstration")
	}
	st = open(t, true)
	_, g, err := st.s.Auth.Invite(t.Context(), glosa.Admin(), facilitator)
	st.ok(err)
	if _, body := st.get("/es/entrar/reparto"); !strings.Contains(body, g.ID) || strings.Contains(body, string(g.Human)) {
		t.Error("the cast is not shown, or shows the human")
	}
	if status, to, _ := st.post("/es/entrar/reparto", "grant", g.ID); status != 303 || to != "/es/mesa" {
		t.Fatalf("playing a part: %d %s", status, to)
	}
	if status, _ := st.get("/es/mesa"); status != 200 {
		t.Errorf("the desk of the part: %d", status)
	}
	away := httptest.NewRecorder() // a visit that came to no address of this machine
	st.web.Config.Handler.ServeHTTP(away, httptest.NewRequest("GET", "/es/entrar/reparto", nil))
	if away.Code != 404 {
		t.Errorf("the cast away from loopback: %d", away.Code)
	}
	if status, _, _ := st.post("/es/entrar/reparto", "grant", "nonsense"); status != 404 {
		t.Errorf("a part that is not there: %d", status)
	}
}
