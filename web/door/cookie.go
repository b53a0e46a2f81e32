package door

import (
	"net/http"
	"time"
)

// Names of the cookies. None varies a public page.
const (
	SessionCookie = "glosa-session" // a desk's session, given by the sign-in page
	DeviceCookie  = "glosa-device"  // a citizen's device door (trust.md §4)
	ContactCookie = "glosa-contact" // a mailbox that was shown
	CodeCookie    = "glosa-code"    // an envelope's code that was shown
	AccountCookie = "glosa-account" // an account that an issuer vouched for
	ProofCookie   = "glosa-proof"   // a mailbox that is being shown: ten minutes
	TripCookie    = "glosa-trip"    // somebody is at the issuer of accounts: ten minutes, sealed
	KioskCookie   = "glosa-kiosk"   // a shared device that a desk opened as its kiosk
)

// DoorLife is how long a browser keeps what it showed at a door: an exercise and its follow-up.
const DoorLife = 400 * 24 * time.Hour

// CookieName is the name a cookie travels under. By TLS it is __Host-NAME,
// which browsers tie to this host, to the whole site and to TLS. A browser
// refuses that name on plain HTTP, so the demonstration on loopback uses NAME.
func CookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// Cookie makes a cookie that script cannot read and other sites cannot send.
// life 0 makes it end with the browser; an empty value takes it away.
func (r *Request) Cookie(name, value string, life time.Duration) *http.Cookie {
	c := &http.Cookie{Name: CookieName(name, r.Secure), Value: value, Path: "/", Secure: r.Secure,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(life / time.Second)}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// CookieValue is the value of a cookie that Cookie made; "" when there is none.
func (r *Request) CookieValue(name string) string {
	c, err := r.HTTP.Cookie(CookieName(name, r.Secure))
	if err != nil {
		return ""
	}
	return c.Value
}
