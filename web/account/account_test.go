package account_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/web/account"
	"glosa/web/account/accounttest"
)

var start = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

// town is an issuer, our side of it, and what was logged.
type town struct {
	*testing.T
	clock *glosa.FakeClock
	far   *accounttest.Issuer
	near  *account.Issuer
	log   *bytes.Buffer
}

func found(t *testing.T) *town {
	t.Helper()
	x := &town{T: t, clock: glosa.NewFakeClock(start), log: &bytes.Buffer{}}
	x.far = accounttest.Start(t, x.clock)
	var err error
	x.near, err = account.New(x.config())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func (x *town) config() account.Config {
	return account.Config{Issuer: x.far.URL, Client: accounttest.Client, Secret: accounttest.Secret, Return: "https://glosa.test/es" + account.ReturnPath,
		Key: [32]byte{7}, Clock: x.clock, Log: slog.New(slog.NewTextHandler(x.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
}

func (x *town) discover() *town {
	x.Helper()
	if err := x.near.Discover(x.Context()); err != nil {
		x.Fatal(err)
	}
	return x
}

var trip = account.Trip{Edition: "demo26", Lang: "en"}

// goes leaves for the issuer, signs in, and tells what the browser is sent back with.
func (x *town) goes() (sealed string, a account.Answer) {
	x.Helper()
	link, sealed, err := x.near.Leave(trip)
	if err != nil {
		x.Fatal(err)
	}
	return sealed, x.signsIn(link)
}

func (x *town) signsIn(link string) account.Answer {
	x.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Get(link)
	if err != nil {
		x.Fatal(err)
	}
	resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		x.Fatalf("%d: %v", resp.StatusCode, err)
	}
	q := to.Query()
	return account.Answer{State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss")}
}

// TestASubjectComesBackAndNothingElse: by RSA and by a curve; the link and the seal
// say neither verifier nor edition.
func TestASubjectComesBackAndNothingElse(t *testing.T) {
	x := found(t).discover()
	for _, alg := range []string{"RS256", "ES256"} {
		x.far.Bend = func(header, _ map[string]any) { header["alg"], header["kid"] = alg, strings.ToLower(alg[:1]) }
		sealed, a := x.goes()
		at, subject, err := x.near.Back(t.Context(), sealed, a)
		if err != nil || subject != "pairwise-0001" || at != trip {
			t.Fatalf("%s: %v %q %v; %s", alg, at, subject, err, x.log)
		}
		asked := x.far.Asked[len(x.far.Asked)-1]
		raw, _ := base64.RawURLEncoding.DecodeString(sealed)
		if verifier := asked.Get("code_verifier"); len(verifier) < 43 || strings.Contains(string(raw), verifier) || strings.Contains(string(raw), "demo26") {
			t.Errorf("the seal is open, or there was no verifier")
		}
	}
	if x.log.Len() > 0 {
		t.Errorf("logged: %s", x.log)
	}
}

// TestWrongTokensAreRefused: each is wrong in one thing; what is logged of it is a
// word of ours.
func TestWrongTokensAreRefused(t *testing.T) {
	x := found(t).discover()
	for name, bend := range map[string]func(header, claims map[string]any){
		"nonce":         func(_, c map[string]any) { c["nonce"] = "another" },
		"no nonce":      func(_, c map[string]any) { delete(c, "nonce") },
		"issuer":        func(_, c map[string]any) { c["iss"] = "https://otro.example" },
		"audience":      func(_, c map[string]any) { c["aud"] = "otra-casa" },
		"two audiences": func(_, c map[string]any) { c["aud"] = []string{accounttest.Client, "otra-casa"} },
		"over":          func(_, c map[string]any) { c["exp"] = start.Add(-time.Second).Unix() },
		"not yet":       func(_, c map[string]any) { c["nbf"] = start.Add(time.Hour).Unix() },
		"alg none":      func(h, _ map[string]any) { h["alg"] = "none" },
		"alg HS256":     func(h, _ map[string]any) { h["alg"] = "HS256" },
		"alg RS512":     func(h, _ map[string]any) { h["alg"] = "RS512" },
		"another key":   func(h, _ map[string]any) { h["kid"] = "e" },
		"no subject":    func(_, c map[string]any) { delete(c, "sub") },
		"long subject":  func(_, c map[string]any) { c["sub"] = strings.Repeat("s", 256) },
	} {
		x.log.Reset()
		x.far.Bend = bend
		sealed, a := x.goes()
		at, subject, err := x.near.Back(t.Context(), sealed, a)
		if glosa.KindOf(err) != glosa.Denied || subject != "" || at != trip {
			t.Errorf("%s: %q %v", name, subject, err)
		}
		if said := x.log.String(); !strings.Contains(said, "was not taken") || strings.Contains(said, a.Code) || strings.Contains(said, a.State) || strings.Contains(said, accounttest.CURP) {
			t.Errorf("%s: logged %s", name, said)
		}
	}
}

// TestWhatIsNotOfThisBrowserIsRefused: another state, another issuer's answer, no
// seal, another's seal, a seal of another house, a late one: the issuer is not asked.
func TestWhatIsNotOfThisBrowserIsRefused(t *testing.T) {
	x := found(t).discover()
	other, _ := x.goes()
	conf := x.config()
	conf.Key = [32]byte{8}
	stranger, err := account.New(conf)
	if err != nil || stranger.Discover(t.Context()) != nil {
		t.Fatal(err)
	}
	_, foreign, err := stranger.Leave(trip)
	if err != nil {
		t.Fatal(err)
	}
	for name, wrong := range map[string]func(sealed *string, a *account.Answer){
		"state":        func(_ *string, a *account.Answer) { a.State = "made-up" },
		"no state":     func(_ *string, a *account.Answer) { a.State = "" },
		"issuer":       func(_ *string, a *account.Answer) { a.Issuer = "https://otro.example" },
		"no code":      func(_ *string, a *account.Answer) { a.Code = "" },
		"no seal":      func(s *string, _ *account.Answer) { *s = "" },
		"other's seal": func(s *string, _ *account.Answer) { *s = other },
		"other house":  func(s *string, _ *account.Answer) { *s = foreign },
		"flipped":      func(s *string, _ *account.Answer) { *s = "A" + (*s)[1:] + "A" },
		"late":         func(*string, *account.Answer) { x.clock.Advance(account.TripLasts) },
	} {
		sealed, a := x.goes()
		wrong(&sealed, &a)
		before := len(x.far.Asked)
		if _, subject, err := x.near.Back(t.Context(), sealed, a); glosa.KindOf(err) != glosa.Denied || subject != "" || len(x.far.Asked) != before {
			t.Errorf("%s: %q %v", name, subject, err)
		}
	}
}

// TestACodeIsGoodOnceAndWithItsVerifier: who has the code and the cookie again gets
// nothing, and who has the code alone cannot change it.
func TestACodeIsGoodOnceAndWithItsVerifier(t *testing.T) {
	x := found(t).discover()
	sealed, a := x.goes()
	if _, _, err := x.near.Back(t.Context(), sealed, a); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.near.Back(t.Context(), sealed, a); glosa.KindOf(err) != glosa.Denied {
		t.Errorf("a code twice: %v", err)
	}
	if said := x.log.String(); !strings.Contains(said, "invalid_grant") || strings.Contains(said, a.Code) {
		t.Errorf("logged %s", said)
	}
	for name, verifier := range map[string]string{"none": "", "made up": strings.Repeat("v", 43)} {
		_, a := x.goes()
		f := url.Values{"grant_type": {"authorization_code"}, "code": {a.Code}, "redirect_uri": {"https://glosa.test/es" + account.ReturnPath}, "code_verifier": {verifier}}
		req, _ := http.NewRequest("POST", x.far.URL+"/token", strings.NewReader(f.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth(accounttest.Client, accounttest.Secret)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Body.Close(); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("verifier %s: %d", name, resp.StatusCode)
		}
	}
	// A link whose challenge is of another verifier: our own exchange is refused.
	link, sealed, err := x.near.Leave(trip)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(link)
	q, sum := u.Query(), sha256.Sum256([]byte("another"))
	q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
	u.RawQuery = q.Encode()
	if _, _, err := x.near.Back(t.Context(), sealed, x.signsIn(u.String())); glosa.KindOf(err) != glosa.Denied {
		t.Errorf("another verifier: %v", err)
	}
}

// TestAnIssuerThatIsAwayOrOddOpensNoDoor: nobody is sent to it, and it is found
// once it answers as it must.
func TestAnIssuerThatIsAwayOrOddOpensNoDoor(t *testing.T) {
	x := found(t)
	for name, tell := range map[string]func(map[string]any){
		"another name":   func(d map[string]any) { d["issuer"] = "https://otro.example" },
		"in the clear":   func(d map[string]any) { d["token_endpoint"] = "http://otro.example/token" },
		"no keys":        func(d map[string]any) { delete(d, "jwks_uri") },
		"public subject": func(d map[string]any) { d["subject_types_supported"] = []string{"public"} },
	} {
		x.far.Tell = tell
		if err := x.near.Discover(t.Context()); err == nil || x.near.Known() {
			t.Errorf("%s: the door is open", name)
		}
		if _, _, err := x.near.Leave(trip); glosa.KindOf(err) != glosa.Closed {
			t.Errorf("%s: %v", name, err)
		}
	}
	x.far.Tell = nil
	if err := x.near.Run(t.Context()); err != nil || !x.near.Known() {
		t.Errorf("it answers, and is not known: %v", err)
	}
}

// TestNamesOfIssuersAreChecked: what no issuer is called is said at the start.
func TestNamesOfIssuersAreChecked(t *testing.T) {
	for name, want := range map[string]bool{"https://cuenta.example": true, "https://cuenta.example/realms/qroo": true, "http://127.0.0.1:8": true,
		"http://cuenta.example": false, "cuenta.example": false, "https://u:p@cuenta.example": false, "https://cuenta.example?x=1": false, "": false, "ftp://127.0.0.1": false} {
		if err := (account.Config{Issuer: name, Client: "glosa"}).Check(); (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := (account.Config{Issuer: "https://cuenta.example"}).Check(); err == nil {
		t.Error("nobody's name is taken")
	}
}
