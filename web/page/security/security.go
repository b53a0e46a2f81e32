package security

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"glosa"
)

// Path is the one address that [Text.Handler] answers.
const Path = "/.well-known/security.txt"

// valid is how long one reading of the file may be kept: it is made anew at each visit.
const valid = 90 * 24 * time.Hour

// Text is what the file says.
type Text struct {
	Contact string // "mailto:…" or "https://…"; "" when the operator gave none
	Origin  string // "https://glosa.example"; "" on loopback
	Clock   glosa.Clock
}

// CheckContact is nil for an address that the file may carry, or for none.
// Invalid otherwise.
func CheckContact(contact string) error {
	if contact == "" {
		return nil
	}
	u, err := url.Parse(contact)
	switch {
	case err != nil, strings.ContainsFunc(contact, func(r rune) bool { return r <= ' ' || r > '~' }):
	case u.Scheme == "mailto" && strings.Contains(u.Opaque, "@"):
		return nil
	case u.Scheme == "https" && u.Host != "":
		return nil
	}
	return glosa.WrongField("contact", "e.400")
}

// Handler answers [Path]: 404 when there is nobody to write to.
func (t Text) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "read only", http.StatusMethodNotAllowed)
			return
		}
		if t.Contact == "" || r.URL.Path != Path {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		fmt.Fprintf(w, "Contact: %s\nExpires: %s\nPreferred-Languages: es, en\n", t.Contact, t.Clock.Now().UTC().Add(valid).Format(time.RFC3339))
		if t.Origin != "" {
			fmt.Fprintf(w, "Canonical: %s%s\nPolicy: %s/es/registro#limites\n", t.Origin, Path, t.Origin)
		}
	})
}
