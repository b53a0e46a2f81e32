// Package accounttest is a small issuer of accounts that speaks OpenID Connect for
// real: discovery, keys, sign-in, and a token for a code, once, by PKCE. What it
// signs can be bent, so that every check has something to catch. For tests only.
package accounttest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"glosa"
)

// What the issuer knows of everybody and nobody asked for. SINTÉTICO.
const (
	Client  = "glosa"
	Secret  = "secreto-sintetico"
	CURP    = "XEXX010101HNEXXXA4"
	Surname = "Apellido-Sintetico"
)

// Issuer is the issuer; its fields may be changed between visits.
type Issuer struct {
	*httptest.Server
	Clock   glosa.Clock
	Subject string                              // who signs in
	Bend    func(header, claims map[string]any) // what is wrong with the next tokens; nil: nothing
	Tell    func(discovery map[string]any)      // what is odd in discovery; nil: nothing
	Asked   []url.Values                        // every request for a token
	mu      sync.Mutex
	codes   map[string]url.Values // by code: the sign-in; gone once used
	rsa     *rsa.PrivateKey
	ec      *ecdsa.PrivateKey
}

// Start starts an issuer, until the test ends.
func Start(t *testing.T, clock glosa.Clock) *Issuer {
	t.Helper()
	i := &Issuer{Clock: clock, Subject: "pairwise-0001", codes: map[string]url.Values{}}
	var err, err2 error
	i.rsa, err = rsa.GenerateKey(rand.Reader, 2048)
	i.ec, err2 = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.discovery)
	mux.HandleFunc("GET /keys", i.keys)
	mux.HandleFunc("GET /authorize", i.authorize)
	mux.HandleFunc("POST /token", i.token)
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *Issuer) discovery(w http.ResponseWriter, _ *http.Request) {
	d := map[string]any{"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
		"subject_types_supported": []string{"public", "pairwise"}, "response_types_supported": []string{"code"},
		"id_token_signing_alg_values_supported": []string{"RS256", "ES256", "HS256", "none"}}
	if i.Tell != nil {
		i.Tell(d)
	}
	say(w, http.StatusOK, d)
}

func (i *Issuer) keys(w http.ResponseWriter, _ *http.Request) {
	point, _ := i.ec.PublicKey.Bytes() // 4 ‖ x ‖ y; a key just made is good
	say(w, http.StatusOK, map[string]any{"keys": []any{
		map[string]any{"kty": "RSA", "kid": "r", "use": "sig", "n": b64(i.rsa.N.Bytes()), "e": b64(big.NewInt(int64(i.rsa.E)).Bytes())},
		map[string]any{"kty": "EC", "kid": "e", "use": "sig", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])},
	}})
}

// authorize signs Subject in and sends them back with a code.
func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != Client || q.Get("response_type") != "code" || q.Get("scope") != "openid" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" {
		http.Error(w, "a sign-in by PKCE for openid alone is wanted", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	i.mu.Lock()
	i.codes[code] = q
	i.mu.Unlock()
	back, _ := url.Parse(q.Get("redirect_uri"))
	back.RawQuery = url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {i.URL}, "session_state": {"of-no-use"}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // what is missing is refused below
	f := r.PostForm
	i.mu.Lock()
	q, ok := i.codes[f.Get("code")]
	delete(i.codes, f.Get("code"))
	i.Asked = append(i.Asked, f)
	i.mu.Unlock()
	user, pass, _ := r.BasicAuth()
	sum := sha256.Sum256([]byte(f.Get("code_verifier")))
	switch {
	case user != Client || pass != Secret:
		say(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
	case !ok || f.Get("redirect_uri") != q.Get("redirect_uri") || b64(sum[:]) != q.Get("code_challenge"):
		say(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant", "error_description": "code " + f.Get("code")})
	default:
		say(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 60, "id_token": i.sign(q.Get("nonce"))})
	}
}

// sign makes the token of whoever signed in.
func (i *Issuer) sign(nonce string) string {
	now := i.Clock.Now()
	header := map[string]any{"alg": "RS256", "kid": "r", "typ": "JWT"}
	claims := map[string]any{"iss": i.URL, "aud": Client, "sub": i.Subject, "nonce": nonce, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"family_name": Surname, "curp": CURP}
	if i.Bend != nil {
		i.Bend(header, claims)
	}
	h, _ := json.Marshal(header)
	c, _ := json.Marshal(claims) // maps of strings and numbers
	said := b64(h) + "." + b64(c)
	sum := sha256.Sum256([]byte(said))
	var sig []byte
	switch header["alg"] {
	case "none":
	case "ES256":
		a, b, _ := ecdsa.Sign(rand.Reader, i.ec, sum[:])
		sig = slices.Concat(a.FillBytes(make([]byte, 32)), b.FillBytes(make([]byte, 32)))
	default:
		sig, _ = rsa.SignPKCS1v15(rand.Reader, i.rsa, crypto.SHA256, sum[:])
	}
	return said + "." + b64(sig)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func say(w http.ResponseWriter, status int, x any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(x) // whoever hung up does not read it
}
