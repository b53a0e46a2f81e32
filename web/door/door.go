package door

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"glosa"
	"glosa/web/text"
)

// Handler answers one visit. An error becomes an error page by its kind ([Status]).
type Handler func(r *Request) (View, error)

// Request is one visit. Its texts have been checked: valid UTF-8, no control
// characters but tab and line ends.
type Request struct {
	HTTP   *http.Request
	Words  *text.Words
	Lang   string
	Now    time.Time
	Actor  glosa.Actor // [glosa.Citizen] unless signed in; always Citizen on a Page
	Signed bool        // there is a session behind Actor
	Form   url.Values  // what was posted; nil on GET
	Files  map[string][]*multipart.FileHeader
	Soiled []glosa.Field // for a route that mends: posted fields that held what cannot be kept; Form has the rest of them
	Caller string        // the visitor's network as an opaque word of today: for counting wrong codes
	Secure bool          // the visitor came by TLS: cookies get the __Host- name
	Site   Site

	query url.Values // only what the route declares
}

// Site is what every page says about where it stands.
type Site struct {
	Place  string // "Quintana Roo", beside the brand
	Demo   bool   // a demonstration: stamps say so, and nothing is indexed
	Origin string // "https://glosa.example", for addresses that leave the site; "" on loopback
}

// NewRequest is for package web and for tests of pages.
func NewRequest(r *http.Request, lang string, now time.Time, query url.Values) *Request {
	return &Request{HTTP: r, Words: text.For(lang), Lang: text.For(lang).Lang, Now: now, Actor: glosa.Citizen(), query: query}
}

// Context ends when the visitor leaves or the time limit is over.
func (r *Request) Context() context.Context { return r.HTTP.Context() }

// Path is the value of a wildcard of the route: Path("edition").
func (r *Request) Path(name string) string { return r.HTTP.PathValue(name) }

// Query is the value of a query parameter that the route declares; "" for any other.
func (r *Request) Query(name string) string { return r.query.Get(name) }

// Page is the page number in the query parameter "pagina", from 1.
func (r *Request) Page() int {
	n, err := strconv.Atoi(r.query.Get("pagina"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// Value is one posted field, without blanks around it.
func (r *Request) Value(name string) string { return strings.TrimSpace(r.Form.Get(name)) }

// Hash is the digest in a hidden field of a form: of the words that its page
// showed. Zero when there is none, which is the digest of nothing.
func (r *Request) Hash(name string) (h glosa.Hash) {
	if h.UnmarshalText([]byte(r.Value(name))) != nil {
		return glosa.Hash{}
	}
	return h
}

// To is the address of a page in the visitor's language: To("/preguntas", folio).
// Parts after the first are escaped as path segments.
func (r *Request) To(path string, segments ...string) string {
	return Address(r.Lang, path, segments...)
}

// Address is the address of a page in a language.
func Address(lang, path string, segments ...string) string {
	var b strings.Builder
	b.Grow(64)
	b.WriteByte('/')
	b.WriteString(lang)
	b.WriteString(path)
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

// View is what comes back from a visit: a page, a file, or the way to another page.
type View struct {
	Body   templ.Component // a page
	File   *File           // or a file
	Go     string          // or, after an act, the page to go to (303)
	Status int             // 0 means 200; 422 for a form with errors

	RetryAfter int    // seconds after which to come again; 0 says nothing
	Ticket     string // and the ticket to come with ([TicketHeader])

	// For a Page: what it shows, and when that changes by the clock alone.
	Tags  []string  // "edition:demo26", "question:DEMO26-0427-K": it is shown anew when one moves
	Until time.Time // zero: not by the clock

	// For an Act: tags of its own events. The redirect waits (at most 200 ms)
	// until the page cache has followed them, so that the next page shows the act.
	Acted   []string
	Cookies []*http.Cookie // made by Request.Cookie
	NoStore bool           // a Page that shows a code, or depends on anything but its address
}

// File is a download: Atom, CSV, JSON, a receipt.
type File struct {
	Name  string // file name of an attachment; "" shows it in place
	Type  string // "text/csv; charset=utf-8"
	Bytes []byte

	// Write, of a route that streams, writes the file instead of Bytes, so that a
	// long one is never whole in memory. Once it has begun, an error of it breaks
	// the connection off: half a file is no file.
	Write func(w io.Writer) error
}

// Show is a page with its tags.
func Show(body templ.Component, tags ...string) (View, error) {
	return View{Body: body, Tags: tags}, nil
}

// Redo shows a form again with its errors and what was typed (422).
func Redo(body templ.Component) (View, error) {
	return View{Body: body, Status: http.StatusUnprocessableEntity}, nil
}

// Wait shows a form again whose sender is held back for a while (429).
func Wait(body templ.Component, h *Held) (View, error) {
	return View{Body: body, Status: http.StatusTooManyRequests, RetryAfter: h.Seconds(), Ticket: h.Ticket, NoStore: true}, nil
}

// Done goes to a page after an act whose events carry the tags.
func Done(to string, acted ...string) (View, error) {
	return View{Go: to, Acted: acted}, nil
}

// Status is the one table from errors to statuses, for pages and API.
func Status(err error) int {
	switch glosa.KindOf(err) {
	case glosa.Invalid:
		return http.StatusUnprocessableEntity
	case glosa.NotFound:
		return http.StatusNotFound
	case glosa.Denied:
		return http.StatusForbidden
	case glosa.Conflict:
		return http.StatusConflict
	case glosa.Closed:
		return http.StatusLocked
	case glosa.Busy:
		return busy(err)
	}
	return http.StatusInternalServerError
}

// Sentence is the key of what happened. Only questions have folios: for any
// other thing that is not there, the sentence speaks of the address.
func Sentence(e *glosa.Error) string {
	if what := e.Args["what"]; e.Key == "e.404" && what != "" && what != "question" {
		return "e.gone"
	}
	return e.Key
}

// busy tells whose fault it is that somebody must come back: theirs who asked
// too often, or ours.
func busy(err error) int {
	var e *glosa.Error
	errors.As(err, &e)
	switch e.Key {
	case "e.429":
		return http.StatusTooManyRequests
	case "e.disk":
		return http.StatusInsufficientStorage
	}
	return http.StatusServiceUnavailable
}

// RetryAfter is in how many seconds to come back; 0 when an error does not say.
// Who is asked to come back is always told when.
func RetryAfter(e *glosa.Error, now time.Time) int {
	switch {
	case e.Kind != glosa.Closed && e.Kind != glosa.Busy:
		return 0
	case !e.Until.IsZero():
		return int(max(1, (e.Until.Sub(now)+time.Second-1)/time.Second))
	case e.Kind == glosa.Busy:
		return 5
	}
	return 0
}

type callerKey struct{}

// WithCaller puts a visitor's network, as an opaque word of today, into the context
// of a visit that is no page's: those have [Request.Caller].
func WithCaller(ctx context.Context, caller string) context.Context {
	return context.WithValue(ctx, callerKey{}, caller)
}

// CallerOf is the visitor's network as an opaque word of today; "" where nobody said.
func CallerOf(ctx context.Context) string {
	caller, _ := ctx.Value(callerKey{}).(string)
	return caller
}
