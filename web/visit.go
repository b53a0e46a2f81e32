package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/web/api/problem"
	"glosa/web/door"
	"glosa/web/page/fault"
	"glosa/web/text"
)

// visit is a room's view of a request: the language and only the known query parameters.
func (s *Server) visit(r *http.Request, lang string, route door.Route) *door.Request {
	given := r.URL.Query()
	known := url.Values{}
	for _, name := range route.Query {
		if v := given.Get(name); v != "" {
			known.Set(name, v)
		}
	}
	v := door.NewRequest(r, lang, s.cfg.Clock.Now(), known)
	v.Secure, v.Site = s.cfg.Secure, s.cfg.Site
	if route.Sort != door.Public {
		v.Caller = s.limits.caller(s.network(r), v.Now)
	}
	return v
}

// key is the one name of a page in the cache: its path and the known parameters
// in the route's order, whatever order they came in.
func key(v *door.Request, route door.Route) string {
	var b strings.Builder
	b.WriteString(v.HTTP.URL.Path)
	sep := byte('?')
	for _, name := range route.Query {
		if val := v.Query(name); val != "" {
			b.WriteByte(sep)
			b.WriteString(url.QueryEscape(name) + "=" + url.QueryEscape(val))
			sep = '&'
		}
	}
	return b.String()
}

// public serves a page that is the same for everyone, out of the cache.
func (s *Server) public(w http.ResponseWriter, r *http.Request, lang string, route door.Route) {
	v := s.visit(r, lang, route)
	if wait := s.limits.render(s.network(r), s.cfg.Clock.Now()); wait > 0 && s.cache.get(key(v, route)) == nil {
		s.fail(w, r, lang, busy(s.cfg.Clock.Now(), wait))
		return
	}
	e, err := s.cache.fetch(r.Context(), key(v, route), func(ctx context.Context) (page, error) {
		again := *v
		again.HTTP = r.WithContext(ctx)
		again.Now = s.cfg.Clock.Now()
		view, err := route.Do(&again)
		if err != nil {
			return page{}, err
		}
		return rendered(ctx, view)
	})
	switch {
	case err != nil && canonical(r, err) != "":
		http.Redirect(w, r, canonical(r, err), http.StatusFound)
	case err != nil:
		s.fail(w, r, lang, err)
	case e.goTo != "":
		w.Header().Set("Cache-Control", "no-cache")
		http.Redirect(w, r, e.goTo, http.StatusFound)
	default:
		e.send(w, r)
	}
}

// canonical is the address of what was asked for when only the capitals of the
// edition's name are wrong, as in DEMO26; "" otherwise.
func canonical(r *http.Request, err error) string {
	typed := r.PathValue("edition")
	low := strings.ToLower(typed)
	if glosa.KindOf(err) != glosa.NotFound || typed == low {
		return ""
	}
	u := url.URL{Path: strings.Replace(r.URL.Path, "/"+typed, "/"+low, 1), RawQuery: r.URL.RawQuery}
	return u.String()
}

// personal serves a page that depends on who asks, and is stored nowhere.
func (s *Server) personal(w http.ResponseWriter, r *http.Request, lang string, route door.Route) {
	v := s.visit(r, lang, route)
	if wait := s.limits.render(s.network(r), v.Now); wait > 0 {
		s.fail(w, r, lang, busy(v.Now, wait))
		return
	}
	if err := s.who(v); err != nil {
		s.fail(w, r, lang, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	if route.Sort == door.AtDesk && !v.Signed {
		http.Redirect(w, r, door.Address(lang, "/entrar")+"?a="+url.QueryEscape(r.URL.Path), http.StatusSeeOther)
		return
	}
	view, err := route.Do(v)
	if err != nil {
		s.fail(w, r, lang, foreign(v, err))
		return
	}
	s.answer(w, r, lang, view)
}

// acting takes a form in. When the act is done, it waits until the page cache
// has followed the act's events, so that the page it leads to shows them.
func (s *Server) acting(w http.ResponseWriter, r *http.Request, lang string, route door.Route) {
	v := s.visit(r, lang, route)
	w.Header().Set("Cache-Control", "no-store")
	if wait := s.limits.act(s.network(r), s.device(r), v.Now); wait > 0 {
		s.fail(w, r, lang, busy(v.Now, wait))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(route.MaxBody, actBody))
	if status, err := readForm(v, route); err != nil {
		s.show(w, r, lang, status, err)
		return
	}
	defer removeFiles(r)
	r, done := s.behind(r, v.Now)
	defer done()
	v.HTTP = r
	if err := s.who(v); err != nil {
		s.fail(w, r, lang, err)
		return
	}
	mark := s.cache.place()
	view, err := route.Do(v)
	if err != nil {
		s.fail(w, r, lang, foreign(v, err))
		return
	}
	if view.Go != "" {
		s.cache.await(r.Context(), s.cfg.Line, mark, view.Acted)
	}
	s.answer(w, r, lang, view)
}

// foreign hides another edition's things from whoever has a place in one: what
// they may not do there is not there for them (trust.md §7, line 10).
func foreign(v *door.Request, err error) error {
	ed := v.Path("edition")
	if v.Signed && glosa.KindOf(err) == glosa.Denied && v.Actor.Edition != "" && ed != "" && string(v.Actor.Edition) != ed {
		return glosa.Missing("edition", ed)
	}
	return err
}

// who finds out who is asking: a session's actor, or a citizen.
func (s *Server) who(v *door.Request) error {
	token := v.CookieValue(door.SessionCookie)
	if token == "" || s.cfg.Sessions == nil {
		return nil
	}
	actor, ok, err := s.cfg.Sessions.Actor(v.Context(), token)
	if err != nil {
		return err
	}
	if ok {
		v.Actor, v.Signed = actor, true
	}
	return nil
}

// answer sends what a room gave for one visitor.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, lang string, view door.View) {
	for _, c := range view.Cookies {
		http.SetCookie(w, c)
	}
	w.Header().Set("Cache-Control", "no-store")
	if view.Go != "" {
		http.Redirect(w, r, view.Go, http.StatusSeeOther)
		return
	}
	p, err := rendered(r.Context(), view)
	if err != nil {
		s.fail(w, r, lang, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", p.kind)
	if view.Ticket != "" {
		h.Set(door.TicketHeader, view.Ticket)
	}
	if view.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(view.RetryAfter))
	}
	if p.disposition != "" {
		h.Set("Content-Disposition", p.disposition)
		h["Content-Security-Policy"] = boxedIn
	}
	if r.Method == http.MethodGet && len(p.body) > usualPage && strings.HasPrefix(p.kind, "text/") {
		// A long desk is compressed. Answers to forms never are: they may hold a
		// code or a key beside words that somebody else chose, and length tells.
		if accept := r.Header["Accept-Encoding"]; len(accept) > 0 && strings.Contains(accept[0], "gzip") {
			e := newEntry("", 0, p).zip().packed.Load()
			h["Vary"], h["Content-Encoding"], h["Content-Length"] = vary, gzipped, e.length
			p.body = e.bytes
		}
	}
	w.WriteHeader(p.status)
	w.Write(p.body)
}

// page is what a view comes to: bytes and what to say about them.
type page struct {
	body        []byte
	kind        string
	disposition string
	goTo        string
	status      int
	tags        []string
	until       time.Time
	noStore     bool
}

// usualPage is room for most pages, so that they are not copied while they grow.
const usualPage = 32 << 10

// rendered writes a view into memory, so that a fault half-way sends nothing.
func rendered(ctx context.Context, view door.View) (page, error) {
	p := page{status: cmp.Or(view.Status, http.StatusOK), tags: view.Tags, until: view.Until, noStore: view.NoStore, goTo: view.Go}
	switch {
	case view.Go != "":
		p.noStore = true
	case view.File != nil:
		p.body, p.kind = view.File.Bytes, view.File.Type
		if view.File.Name != "" {
			p.disposition = cmp.Or(mime.FormatMediaType("attachment", map[string]string{"filename": view.File.Name}), "attachment")
		}
	case view.Body != nil:
		var b bytes.Buffer
		b.Grow(usualPage)
		if err := view.Body.Render(ctx, &b); err != nil {
			return page{}, err
		}
		p.body, p.kind = b.Bytes(), "text/html; charset=utf-8"
	default:
		return page{}, errors.New("a room answered with neither a page, nor a file, nor an address")
	}
	return p, nil
}

// busy is a limit that was reached: come back after wait.
func busy(now time.Time, wait time.Duration) error {
	return &glosa.Error{Kind: glosa.Busy, Key: "e.429", Until: now.Add(wait.Truncate(time.Second) + time.Second)}
}

// fail shows an error under the status of its kind.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, lang string, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // the visitor has left
	}
	s.show(w, r, lang, door.Status(err), err)
}

// show sends an error page; whatever is our fault is logged under an incident
// number, which is all that the visitor learns of it.
func (s *Server) show(w http.ResponseWriter, r *http.Request, lang string, status int, err error) {
	words := text.For(lang)
	var e *glosa.Error
	if !errors.As(err, &e) || e.Kind == glosa.Internal {
		id := strings.ToLower(rand.Text()[:8])
		s.cfg.Log.Error("incident", "id", id, "route", r.Pattern, "err", err)
		s.metrics.incidents.Inc()
		e = glosa.Refuse(glosa.Internal, "e.500", "id", id)
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		at := problem.InBody
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			at = func(field string) string { return "query." + field }
		}
		problem.Write(w, r, status, e, s.cfg.Clock.Now(), at)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if seconds := door.RetryAfter(e, s.cfg.Clock.Now()); seconds > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds))
		if e.Key == "e.429" {
			e = &glosa.Error{Kind: e.Kind, Key: e.Key, Until: e.Until, Args: map[string]string{"n": words.N(seconds)}}
		}
	}
	v := door.NewRequest(r, lang, s.cfg.Clock.Now(), nil)
	v.Secure, v.Site = s.cfg.Secure, s.cfg.Site
	var b bytes.Buffer
	if err := fault.Page(v, status, e).Render(r.Context(), &b); err != nil {
		s.cfg.Log.Error("the error page failed", "err", err)
		plainly(w, status, words.Say(e.Key, e.Args))
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// catch turns a panic into an incident, so that one page's fault is one page's.
func (s *Server) catch(w http.ResponseWriter, r *http.Request) {
	x := recover()
	if x == nil {
		return
	}
	if x == http.ErrAbortHandler {
		panic(x)
	}
	s.cfg.Log.Error("panic", "route", r.Pattern, "panic", x, "stack", string(debug.Stack()))
	s.fail(w, r, langOf(r), errors.New("panic"))
}
