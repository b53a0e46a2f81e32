package front_test

import (
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	civic "glosa/civic/people/voter"
	"glosa/civic/priority"
	asked "glosa/civic/question"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/site"
	"glosa/web"
	"glosa/web/account"
	"glosa/web/account/accounttest"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/question"
	"glosa/web/page/voter"
)

const ed = glosa.EditionID("demo26")

// stage is a site whose edition counts mailboxes and envelopes and shows devices
// apart, one question, and one browser.
type stage struct {
	*testing.T
	s     *site.Site
	web   *httptest.Server
	jar   map[string]*http.Cookie
	folio string
	codes []string
	went  []string // every address that a reply led to

	issuer   *accounttest.Issuer
	accounts *account.Issuer
	log      *safeLog
}

func (st *stage) ok(err error) {
	st.Helper()
	if err != nil {
		st.Fatal(err)
	}
}

func open(t *testing.T) *stage { return openWith(t, "contact, code") }

// openWith counts the doors that it is given.
func openWith(t *testing.T, doors string) *stage {
	t.Helper()
	clock, log := glosa.NewFakeClock(dbtest.Start), &safeLog{}
	lines := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "glosa.test", Software: "glosa-test", Clock: clock, NoSync: true, Mail: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{T: t, s: s, jar: map[string]*http.Cookie{}, log: log, issuer: accounttest.Start(t, clock)}
	desks := chain.Desks{Edition: s.Edition, People: s.People, Report: s.Report, Question: s.Question, Voter: s.Voter, Priority: s.Priority,
		Panel: s.Panel, Commitment: s.Commitment, Record: s.Record, Portrait: s.Portrait}
	st.web = httptest.NewUnstartedServer(nil)
	accounts, err := account.New(account.Config{Issuer: st.issuer.URL, Client: accounttest.Client, Secret: accounttest.Secret, Key: s.Trip, Clock: clock, Log: lines,
		Return: "https://" + st.web.Listener.Addr().String() + "/es" + account.ReturnPath})
	st.ok(err)
	st.accounts = accounts
	st.web.Config.Handler = web.New(web.Config{Rooms: []func(*door.Router){(&question.Pages{Desks: desks}).Mount, (&voter.Pages{Desks: desks, Opinion: s.Opinion, Account: accounts}).Mount},
		Line: s.DB.Line(), Clock: clock, Sessions: web.SignedIn{Desk: s.Auth}, Log: lines, Secure: true})
	st.web.StartTLS()
	t.Cleanup(func() { st.web.Close(); s.Close() })
	ref, err := people.ShippedReference("23")
	st.ok(err)
	st.ok(s.People.Load(t.Context(), glosa.Admin(), ref))
	desk := &edition.Desk{DB: s.DB}
	f := editiontest.Founding(ed, clock.Now())
	f.Protocol = []byte(strings.Replace(string(f.Protocol), "counting_doors: [device, code]", "counting_doors: ["+doors+"]\n  apart_doors: [device]", 1))
	st.ok(desk.Found(t.Context(), editiontest.Facilitator(), f))
	editiontest.Walk(t, desk, clock, ed, edition.Called)
	st.bring()
	_, err = (&priority.Desk{DB: s.DB}).Freeze(t.Context(), editiontest.Facilitator(), ed)
	st.ok(err)
	editiontest.Walk(t, desk, clock, ed, edition.IntakeOpen)
	rc, err := s.Question.Submit(t.Context(), glosa.Citizen(), ed, asked.Ask{Text: "¿Cuándo abre el archivo?", Municipality: "23005", Language: "es"})
	st.ok(err)
	st.ok(s.Question.Admit(t.Context(), glosa.Actor{Human: "h-m", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}, rc.ID))
	st.folio = string(rc.ID)
	return st
}

// bring loads a list of codes of a university, by two sides.
func (st *stage) bring() {
	st.Helper()
	l := civic.List{Edition: ed, Issuer: "UNICARIBE"}
	for range 30 {
		code := civic.DrawCode()
		tidy, _ := civic.Tidy(code)
		st.codes, l.Hashes = append(st.codes, code), append(l.Hashes, civic.CodeHash(ed, tidy))
	}
	l.Hashes = civic.Distinct(l.Hashes)
	for _, by := range []glosa.Actor{{Human: "h-1", Side: glosa.Civil, Roles: []glosa.Role{glosa.Facilitator}},
		{Human: "h-2", Side: glosa.Government, Roles: []glosa.Role{glosa.Moderator}}} {
		_, err := st.s.Voter.BringCodes(st.Context(), by, ed, l)
		st.ok(err)
	}
}

// reply is what came back.
type reply struct {
	status int
	body   string
	to     string // where it led
	raw    string
}

var tags = regexp.MustCompile(`<[^>]*>`)

func (st *stage) does(method, path string, fields ...string) reply {
	st.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	var body io.Reader
	if method == "POST" {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, st.web.URL+path, body)
	st.ok(err)
	if method == "POST" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range st.jar {
		req.AddCookie(c)
	}
	res, err := st.web.Client().Transport.RoundTrip(req)
	st.ok(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	st.ok(err)
	for _, c := range res.Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
			st.Errorf("the cookie %s is open to others", c.Name)
		}
		if st.jar[c.Name] = c; c.MaxAge < 0 {
			delete(st.jar, c.Name)
		}
	}
	if res.Header.Get("Cache-Control") != "no-store" {
		st.Errorf("%s %s may be stored: %s", method, path, res.Header.Get("Cache-Control"))
	}
	st.went = append(st.went, res.Header.Get("Location"))
	return reply{res.StatusCode, strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(string(raw), " "))), " "), res.Header.Get("Location"), string(raw)}
}

func (st *stage) says(r reply, sentences ...string) {
	st.Helper()
	for _, s := range sentences {
		if !strings.Contains(r.body, s) {
			st.Errorf("(%d) it does not say %q: %.600s", r.status, s, r.body)
		}
	}
}

// mailed is the code of the last mail.
func (st *stage) mailed() (code string) {
	st.Helper()
	var last glosa.Event
	for _, e := range dbtest.Events(st, st.s.DB) {
		if e.Kind == civic.Asked {
			last = e
		}
	}
	st.ok(st.s.DB.Read(st.Context(), func(tx *db.Tx) error {
		l, err := st.s.Voter.Write(tx, last.Subject)
		code = l.Code
		return err
	}))
	return code
}

const here = "/es/ediciones/demo26/mi-puerta"

// TestASupportBeginsApartAndIsMadeToCount: by the device it is shown apart; a code
// to a mailbox moves it; no code and no token is ever in an address.
func TestASupportBeginsApartAndIsMadeToCount(t *testing.T) {
	st := open(t)
	support := "/es/preguntas/" + st.folio + "/apoyo"
	if r := st.does("POST", support); r.status != http.StatusSeeOther {
		t.Fatalf("%d %s", r.status, r.body)
	}
	st.says(st.does("GET", support), "se muestran aparte y no deciden", "Llevas 1 de 10", "Cómo cuentan mis apoyos")
	st.says(st.does("GET", here), "se muestran aparte", "Con un código a tu correo", "Con el código de un sobre")
	if r := st.does("POST", here+"/correo", "mail", "no es correo"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong address: %d", r.status)
	}
	st.does("POST", here+"/correo", "mail", "ana@correo.example")
	st.says(st.does("GET", here+"/correo"), "Escribe el código de tu correo")
	code := st.mailed()
	if r := st.does("POST", here+"/correo/codigo", "code", "1"+code[1:7]); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code: %d", r.status)
	}
	if r := st.does("POST", here+"/correo/codigo", "code", code); r.status != http.StatusSeeOther {
		t.Fatalf("%d %s", r.status, r.body)
	}
	st.says(st.does("GET", here), "Tus apoyos cuentan: mostraste un correo", "Llevas 1 de 10")
	st.says(st.does("GET", support), "Tu apoyo está contado", "Quitar mi apoyo")
	if _, there := st.jar["__Host-glosa-proof"]; there {
		t.Error("the proof is kept after it was used")
	}
	for _, to := range st.went {
		if strings.Contains(to, code) || strings.Contains(to, st.jar["__Host-glosa-contact"].Value) || strings.Contains(to, "ana") {
			t.Errorf("an address says %s", to)
		}
	}
	st.does("POST", here+"/salir")
	if len(st.jar) != 0 {
		t.Errorf("the browser keeps %d cookies", len(st.jar))
	}
}

// TestAUsedCodeLeavesItsToken: when nothing can be brought along just then, the code
// is used up and its door is kept; the next act brings the supports along.
func TestAUsedCodeLeavesItsToken(t *testing.T) {
	st := open(t)
	support := "/es/preguntas/" + st.folio + "/apoyo"
	st.does("POST", support)
	st.does("POST", here+"/correo", "mail", "ana@correo.example")
	code := st.mailed()
	rename := func(from, to string) {
		st.ok(st.s.DB.Act(st.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec("alter table " + from + " rename to " + to)
			return err
		}))
	}
	rename("priority_ballot", "away")
	r := st.does("POST", here+"/correo/codigo", "code", code)
	rename("away", "priority_ballot")
	if _, kept := st.jar["__Host-glosa-contact"]; r.status != http.StatusSeeOther || !kept {
		t.Fatalf("%d, the door is kept: %v", r.status, kept)
	}
	st.does("POST", support)
	st.says(st.does("GET", support), "Tu apoyo está contado")
	st.says(st.does("GET", here), "Llevas 1 de 10")
}

// TestAnEnvelopeMakesItCount: the code is one ballot, also in another browser.
func TestAnEnvelopeMakesItCount(t *testing.T) {
	st := open(t)
	support := "/es/preguntas/" + st.folio + "/apoyo"
	st.does("POST", support)
	if r := st.does("POST", here+"/sobre", "code", civic.DrawCode()); r.status != http.StatusUnprocessableEntity {
		t.Errorf("an invented code: %d", r.status)
	}
	if r := st.does("POST", here+"/sobre", "code", strings.ToLower(st.codes[3])); r.status != http.StatusSeeOther {
		t.Fatalf("%d %s", r.status, r.body)
	}
	st.says(st.does("GET", support), "Tu apoyo está contado")
	st.jar = map[string]*http.Cookie{}
	st.does("POST", here+"/sobre", "code", st.codes[3])
	st.says(st.does("GET", support), "Tu apoyo está contado")
	st.does("POST", support, "quitar", "1")
	st.says(st.does("GET", here), "Llevas 0 de 10")
}
