package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"glosa"
)

// ReturnPath is where an issuer sends people back to: one address for all editions
// and languages, since it is registered there letter by letter.
const ReturnPath = "/cuenta/vuelta"

const (
	askTime  = 8 * time.Second // of one request to the issuer, within a page's ten
	atOnce   = 16              // exchanges under way; more are told to come again
	mostRead = 1 << 20         // bytes of an answer
	mostSub  = 255             // letters of a subject, as the standard has it
)

// Config is how an issuer of accounts is reached, and by whom.
type Config struct {
	Issuer string // its name, exactly as it writes it; discovery is below it
	Client string // our name there
	Secret string // "" for a client that proves itself by PKCE alone
	Return string // our address for the return: origin, language and [ReturnPath]
	Key    [32]byte
	Clock  glosa.Clock
	Log    *slog.Logger
	Dial   http.RoundTripper // nil: the usual one
}

// Check refuses what cannot be an issuer's name or ours.
func (c Config) Check() error {
	u, err := url.Parse(c.Issuer)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("the issuer of accounts must be an address such as https://cuenta.example.org")
	case !private(u):
		return errors.New("the issuer of accounts must be reached by https")
	case c.Client == "":
		return errors.New("the issuer of accounts knows us by a name: it is missing")
	}
	return nil
}

// private tells whether nobody on the way reads what goes to an address.
func private(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && ip != nil && ip.IsLoopback()
}

// Issuer is one issuer of accounts, pinned. It is known once discovery worked.
type Issuer struct {
	Config
	client *http.Client
	known  atomic.Pointer[known]
	busy   chan struct{}
}

// known is what discovery told.
type known struct {
	way   oauth2.Config
	check *oidc.IDTokenVerifier
}

// New makes an issuer; it asks nothing yet ([Issuer.Run] does).
func New(c Config) (*Issuer, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.Dial == nil {
		c.Dial = http.DefaultTransport
	}
	return &Issuer{Config: c, busy: make(chan struct{}, atOnce), client: &http.Client{Transport: short{c.Dial}, Timeout: askTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// short bounds what an issuer may answer.
type short struct{ http.RoundTripper }

func (s short) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, mostRead), resp.Body}
	}
	return resp, err
}

// Host is whom people are sent to.
func (i *Issuer) Host() string {
	u, _ := url.Parse(i.Issuer) // New checked it
	return u.Host
}

// Known tells whether the issuer answered: people can be sent there.
func (i *Issuer) Known() bool { return i.known.Load() != nil }

// Run asks the issuer for its addresses until it gives them or ctx ends. The site
// runs meanwhile, and says that this door is shut.
func (i *Issuer) Run(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, 5*time.Minute) {
		err := i.Discover(ctx)
		if err == nil {
			i.Log.Info("the issuer of accounts answers", "issuer", i.Issuer)
			return nil
		}
		if ctx.Err() != nil {
			return nil
		}
		i.Log.Error("the issuer of accounts cannot be used: nobody can show an account", "issuer", i.Issuer, "err", brief(err), "again", wait)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// brief is the beginning of an error: an issuer's whole page may be in it.
func brief(err error) string {
	s := err.Error()
	return strings.ToValidUTF8(s[:min(len(s), 300)], "")
}

// Discover asks the issuer once for its addresses.
func (i *Issuer) Discover(ctx context.Context) error {
	ctx = oidc.ClientContext(ctx, i.client)
	p, err := oidc.NewProvider(ctx, i.Issuer)
	if err != nil {
		return err
	}
	var said struct {
		Keys     string   `json:"jwks_uri"`
		Subjects []string `json:"subject_types_supported"`
		Methods  []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := p.Claims(&said); err != nil {
		return err
	}
	end := p.Endpoint()
	for _, at := range []string{end.AuthURL, end.TokenURL, said.Keys} {
		if u, err := url.Parse(at); err != nil || u.Host == "" || !private(u) {
			return fmt.Errorf("the issuer names %q, which is no https address", at)
		}
	}
	if !slices.Contains(said.Subjects, "pairwise") {
		return errors.New("the issuer gives no pairwise subjects: what it says of a person could be a number that others know")
	}
	end.AuthStyle = oauth2.AuthStyleInHeader
	if i.Secret == "" || len(said.Methods) > 0 && !slices.Contains(said.Methods, "client_secret_basic") {
		end.AuthStyle = oauth2.AuthStyleInParams
	}
	i.known.Store(&known{
		way: oauth2.Config{ClientID: i.Client, ClientSecret: i.Secret, Endpoint: end, RedirectURL: i.Return, Scopes: []string{oidc.ScopeOpenID}},
		check: p.VerifierContext(ctx, &oidc.Config{ClientID: i.Client, SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256},
			Now: i.Clock.Now}),
	})
	return nil
}
