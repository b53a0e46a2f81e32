package front_test

import (
	"bytes"
	"html"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	civic "glosa/civic/people/voter"
	"glosa/web/account/accounttest"
)

// safeLog keeps what several visits log at once.
type safeLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

const comesBack = "/es/cuenta/vuelta"

var toIssuer = regexp.MustCompile(`href="([^"]*/authorize[^"]*)"`)

// leaves asks for the way to the issuer and signs in there; it gives the address, of
// this site, at which the browser comes back.
func (st *stage) leaves(at string, form ...string) string {
	st.Helper()
	found := toIssuer.FindStringSubmatch(st.does("POST", at+"/cuenta", form...).raw)
	if found == nil {
		st.Fatal("no link to the issuer")
	}
	req, err := http.NewRequest("GET", html.UnescapeString(found[1]), nil)
	st.ok(err)
	resp, err := http.DefaultTransport.RoundTrip(req)
	st.ok(err)
	resp.Body.Close()
	back, ok := strings.CutPrefix(resp.Header.Get("Location"), st.web.URL)
	if !ok || !strings.HasPrefix(back, comesBack+"?") {
		st.Fatalf("%d: the issuer leads to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	return back
}

// shows shows an account, whole.
func (st *stage) shows(subject string) {
	st.Helper()
	st.issuer.Subject = subject
	if r := st.does("GET", st.leaves(here)); r.status != http.StatusSeeOther || r.to != here {
		st.Fatalf("%d %s to %q; %s", r.status, r.body, r.to, st.log)
	}
}

// nowhere looks for texts in the log, the addresses and every file of the house.
func (st *stage) nowhere(never ...string) {
	st.Helper()
	kept := map[string]string{"log": st.log.String(), "addresses": strings.Join(st.went, " ")}
	inFiles := false
	st.ok(filepath.WalkDir(st.s.Data, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		kept[path] = string(raw)
		inFiles = inFiles || strings.Contains(string(raw), st.folio)
		return err
	}))
	if !inFiles {
		st.Fatal("the database is not where it was looked for")
	}
	for where, text := range kept {
		for _, x := range never {
			if strings.Contains(text, x) {
				st.Errorf("%s holds %q", where, x)
			}
		}
	}
}

// TestAnAccountCountsOnceAndLeavesNothing: the device's support comes along; the
// same account in another browser is the same ballot, another account is another; of
// what the issuer told neither database, files nor log hold anything.
func TestAnAccountCountsOnceAndLeavesNothing(t *testing.T) {
	st := openWith(t, "contact, code, oidc")
	st.ok(st.accounts.Discover(t.Context()))
	support := "/es/preguntas/" + st.folio + "/apoyo"
	st.does("POST", support)
	st.says(st.does("GET", here), "se muestran aparte", "Con tu cuenta de 127.0.0.1")
	st.says(st.does("GET", here+"/cuenta"), "ni tu nombre ni tu CURP")
	st.shows("pairwise-0001")
	st.says(st.does("GET", here), "Tus apoyos cuentan: mostraste una cuenta", "Llevas 1 de 10")
	st.says(st.does("GET", support), "Tu apoyo está contado")
	if _, there := st.jar["__Host-glosa-trip"]; there {
		t.Error("the trip is kept after it is over")
	}
	token := st.jar["__Host-glosa-account"].Value
	st.jar = map[string]*http.Cookie{}
	st.shows("pairwise-0001")
	if st.jar["__Host-glosa-account"].Value != token {
		t.Error("the same account has another token in another browser")
	}
	st.says(st.does("GET", here), "Llevas 1 de 10")
	st.jar = map[string]*http.Cookie{}
	st.shows("pairwise-0002")
	st.says(st.does("GET", here), "Llevas 0 de 10")
	never := []string{"pairwise-0001", "pairwise-0002", accounttest.CURP, accounttest.Surname, accounttest.Secret}
	for _, f := range st.issuer.Asked {
		never = append(never, f.Get("code"), f.Get("code_verifier"))
	}
	if len(never) != 11 {
		t.Errorf("the issuer was asked %d times", len(st.issuer.Asked))
	}
	st.nowhere(never...)
	st.does("POST", here+"/salir")
	if len(st.jar) != 0 {
		t.Errorf("the browser keeps %d cookies", len(st.jar))
	}
}

// TestWhoComesBackWithAnothersAnswerGetsNothing: a link that somebody else sends, a
// used one, a bent token and an issuer's no lead to the page that says so; no code
// stays in the address, and no door is open.
func TestWhoComesBackWithAnothersAnswerGetsNothing(t *testing.T) {
	st := openWith(t, "oidc")
	st.ok(st.accounts.Discover(t.Context()))
	fails := func(what, back string) {
		t.Helper()
		r := st.does("GET", back)
		if r.status != http.StatusSeeOther || r.to != here+"/cuenta?aviso=1" {
			t.Fatalf("%s: %d to %q", what, r.status, r.to)
		}
		st.says(st.does("GET", r.to), "No pudimos comprobar tu cuenta")
		if st.jar["__Host-glosa-account"] != nil || st.jar["__Host-glosa-trip"] != nil {
			t.Errorf("%s: the browser keeps something", what)
		}
	}
	theirs := st.leaves(here)
	st.jar = map[string]*http.Cookie{}
	if r := st.does("GET", theirs); r.status != http.StatusForbidden || len(st.jar) > 0 || strings.Contains(r.raw, "state=") {
		t.Errorf("without a trip: %d %s", r.status, r.body)
	}
	st.leaves(here)
	fails("another's answer", theirs)
	st.issuer.Bend = func(_, claims map[string]any) { claims["nonce"] = "another" }
	fails("another nonce", st.leaves(here))
	st.issuer.Bend = nil
	st.leaves(here)
	fails("the issuer says no", comesBack+"?error=access_denied")
	back := st.leaves(here)
	trip := st.jar["__Host-glosa-trip"]
	if r := st.does("GET", back); r.to != here {
		t.Fatalf("%d %s", r.status, r.body)
	}
	st.jar = map[string]*http.Cookie{trip.Name: trip}
	fails("a code twice", back)
	for _, f := range st.issuer.Asked {
		if strings.Contains(st.log.String(), f.Get("code")) {
			t.Errorf("a code is logged: %s", st.log)
		}
	}
}

// TestOnlyWhatTheProtocolSaysIsOffered: where it knows no accounts there is no such
// door; where the issuer is away the page says so; who left in English comes back to
// English.
func TestOnlyWhatTheProtocolSaysIsOffered(t *testing.T) {
	st := openWith(t, "contact, code")
	st.ok(st.accounts.Discover(t.Context()))
	if r := st.does("GET", here); strings.Contains(r.body, "Con tu cuenta") {
		t.Error("an account is offered that the protocol does not know")
	}
	for _, method := range []string{"GET", "POST"} {
		if r := st.does(method, here+"/cuenta"); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", method, r.status)
		}
	}
	away := openWith(t, "oidc")
	away.says(away.does("GET", here+"/cuenta"), "no responde ahora")
	if r := away.does("POST", here+"/cuenta"); r.to != here+"/cuenta" || len(away.jar) > 0 {
		t.Errorf("%d to %q", r.status, r.to)
	}
	away.ok(away.accounts.Discover(t.Context()))
	english := strings.Replace(here, "/es/", "/en/", 1)
	if r := away.does("GET", away.leaves(english)); r.to != english {
		t.Errorf("who left in English comes back to %q", r.to)
	}
	if c, err := away.s.Voter.Read(civic.OIDC, ed, away.jar["__Host-glosa-account"].Value); err != nil || c.Door() != civic.OIDC {
		t.Errorf("the token: %v", err)
	}
}
