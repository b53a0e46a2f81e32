package web

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"glosa"
	"glosa/web/door"
	"glosa/web/static"
	"glosa/web/text"
)

// Config is what cmd/glosa hands in. Line, Clock and Log are needed; the rest may be empty.
type Config struct {
	Rooms    []func(*door.Router)    // the Mount of each room of web/page, bound to its desks
	Handlers map[string]http.Handler // "/api/", "/record/": everything under a prefix
	Line     glosa.Line
	Clock    glosa.Clock
	Sessions Sessions // SignedIn{desk}; nil: nobody can be signed in
	Site     door.Site
	Log      *slog.Logger
	// Secure: visitors come by TLS, through a proxy in front. Cookies are then
	// __Host- ones, HSTS is sent, and the visitor's network is the last address
	// of X-Forwarded-For, which that proxy wrote.
	Secure bool
	// GateKey signs tickets and puzzles, so that a node knows another's; zero draws
	// one, for a house of one node that forgets them when it stops.
	GateKey [32]byte
	// PageCache bounds the bytes of kept pages: 0 is 64 MiB, below 0 none are kept.
	PageCache int
	// Ready is asked by /readyz: nil, or why this node should get no visitors or is degraded.
	Ready func(ctx context.Context) error
	// Gauges are numbers that other rooms keep, by the name of their metric; asked
	// each time the metrics are read. nil: none.
	Gauges func(ctx context.Context) map[string]float64
}

// Server answers visits. Its cache serves only while Follow runs.
type Server struct {
	cfg     Config
	mux     *http.ServeMux
	cache   *cache
	limits  *limits
	gates   *gates
	proxy   *proxy
	origin  *http.CrossOriginProtection
	metrics *metrics
	always  [][2]string // headers of every response
}

const (
	pageTime = 10 * time.Second // a page that takes longer is a fault
	fileTime = 5 * time.Minute  // a form with files over a slow network, or a long download
	actBody  = 64 << 10
	maxBody  = 1 << 20 // for the handlers under a prefix
	maxURL   = 2 << 10

	devicesPath = "/api/v1/devices"
)

// New makes a server. It panics when two rooms hang up the same address: that
// is a mistake in the code, found by the first test that starts a server.
func New(cfg Config) *Server {
	s := &Server{cfg: cfg, mux: http.NewServeMux(), origin: http.NewCrossOriginProtection(), limits: newLimits(), metrics: newMetrics()}
	if cfg.Gauges != nil {
		s.metrics.registry.MustRegister(gauges(cfg.Gauges))
	}
	s.gates, s.proxy = newGates(s.limits, cfg.GateKey), newProxy(s.metrics)
	s.cache = newCache(cfg.Clock, s.metrics, cmp.Or(cfg.PageCache, cacheBound))
	s.always = headers(cfg.Secure)
	router := &door.Router{}
	for _, mount := range cfg.Rooms {
		mount(router)
	}
	for _, route := range router.Routes() {
		for _, lang := range text.Langs() {
			s.hang(lang, route)
		}
	}
	for prefix, h := range cfg.Handlers {
		s.mux.Handle(prefix, s.foreign(h))
	}
	s.mux.Handle("/static/", static.Handler())
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plainly(w, http.StatusOK, "ok") })
	s.mux.HandleFunc("GET /readyz", s.ready)
	s.mux.HandleFunc("GET /robots.txt", s.robots)
	s.mux.HandleFunc("GET /sw.js", worker)
	s.mux.HandleFunc("GET /manifest.webmanifest", s.manifest)
	s.mux.Handle("GET /{$}", http.RedirectHandler("/es/", http.StatusFound))
	s.mux.HandleFunc("/", s.nowhere)
	return s
}

// hang puts a route on the router, in one language.
func (s *Server) hang(lang string, route door.Route) {
	method, path := http.MethodGet, "/"+lang+route.Path
	if route.Sort == door.Acting {
		method = http.MethodPost
	}
	if route.Path == "/" {
		path += "{$}"
	}
	do := map[door.Sort]func(http.ResponseWriter, *http.Request, string, door.Route){
		door.Public: s.public, door.AtDesk: s.personal, door.Private: s.personal, door.Acting: s.acting, door.Streaming: s.streaming,
	}[route.Sort]
	s.mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(r.Context(), allow(w, route))
		defer cancel()
		do(w, r.WithContext(ctx), lang, route)
		s.metrics.took(route.Path, time.Since(start))
	})
}

// allow is how long a visit may take. A form with files may come over a slow
// network, and a long download go over one; its connection is given the time too.
func allow(w http.ResponseWriter, route door.Route) time.Duration {
	if route.MaxBody <= maxBody && route.Sort != door.Streaming {
		return pageTime
	}
	until := time.Now().Add(fileTime)
	c := http.NewResponseController(w)
	_, _ = c.SetReadDeadline(until), c.SetWriteDeadline(until.Add(pageTime)) // not every connection knows deadlines
	return fileTime
}

// ServeHTTP answers one visit.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for i := range s.always {
		h[s.always[i][0]] = s.always[i][1:]
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		key := r.URL.Path
		if r.URL.RawQuery != "" {
			key += "?" + r.URL.RawQuery
		}
		if e := s.cache.get(key); e != nil {
			s.metrics.hits.Inc()
			e.send(w, r)
			return
		}
	}
	defer s.catch(w, r)
	if refusal := s.check(w, r); refusal != nil {
		s.fail(w, r, langOf(r), refusal)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// Follow keeps the page cache on the event line until ctx ends. Pages are
// served without it too, each rendered anew.
func (s *Server) Follow(ctx context.Context) error {
	return s.cache.follow(ctx, s.cfg.Line, s.cfg.Log)
}

// Metrics is what Prometheus reads; for a listener on loopback only.
func (s *Server) Metrics() http.Handler { return s.metrics.handler() }

// Registry lets followers elsewhere count on the same page of metrics.
func (s *Server) Registry() *prometheus.Registry { return s.metrics.registry }

// similarPath ends the address that hints are asked from while somebody types: a
// reading, sent by POST because what is typed belongs in no address.
const similarPath = "/similar"

// foreign serves a handler that is not made of pages: the API, the record. What
// acts is held to the same budgets as forms; a body is bounded, and checked
// before anybody parses it.
func (s *Server) foreign(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := s.cfg.Clock.Now()
		acts := r.Method != http.MethodGet && r.Method != http.MethodHead
		var wait time.Duration
		if acts && !strings.HasSuffix(r.URL.Path, similarPath) {
			wait = s.limits.act(s.network(r), s.device(r), now)
			if r.URL.Path == devicesPath {
				wait = max(wait, s.limits.newDevice(s.network(r), now))
			}
		} else {
			wait = s.limits.render(s.network(r), now)
		}
		if wait > 0 {
			s.fail(w, r, langOf(r), busy(now, wait))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if acts {
			var done func()
			r, done = s.behind(r, now)
			r = r.WithContext(door.WithCaller(r.Context(), s.limits.caller(s.network(r), now)))
			defer done()
			w.Header().Set("Cache-Control", "no-store")
			if status, err := checkBody(r); err != nil {
				s.show(w, r, langOf(r), status, err)
				return
			}
		}
		h.ServeHTTP(w, r)
	})
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if s.cfg.Ready != nil {
		if err := s.cfg.Ready(r.Context()); err != nil {
			s.cfg.Log.Warn("not ready", "err", err)
			plainly(w, http.StatusServiceUnavailable, "degraded")
			return
		}
	}
	if note := s.proxy.note(s.cfg.Clock.Now()); note != "" { // still better than nobody who answers
		plainly(w, http.StatusOK, "ready\n"+note)
		return
	}
	plainly(w, http.StatusOK, "ready")
}

func (s *Server) robots(w http.ResponseWriter, _ *http.Request) {
	if s.cfg.Site.Demo {
		plainly(w, http.StatusOK, "User-agent: *\nDisallow: /\n")
		return
	}
	plainly(w, http.StatusOK, "User-agent: *\nDisallow: /api/\n")
}

// nowhere answers what no route takes: an address without its language is led
// to Spanish, a wrong method is told so, the rest does not exist.
func (s *Server) nowhere(w http.ResponseWriter, r *http.Request) {
	asGet := func(path string) bool {
		probe := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}, Host: r.Host}
		_, pattern := s.mux.Handler(probe)
		return pattern != "/" && pattern != ""
	}
	path := r.URL.Path
	bare := strings.TrimRight(path, "/")
	switch {
	case r.Method == http.MethodGet && bare != path && strings.Count(bare, "/") > 1 && asGet(bare):
		http.Redirect(w, r, (&url.URL{Path: bare, RawQuery: r.URL.RawQuery}).String(), http.StatusMovedPermanently)
	case r.Method == http.MethodGet && !text.Speaks(firstSegment(path)) && asGet("/es"+path):
		http.Redirect(w, r, (&url.URL{Path: "/es" + path}).String(), http.StatusFound)
	case r.Method != http.MethodGet && r.Method != http.MethodHead && asGet(path):
		w.Header().Set("Allow", "GET, HEAD")
		s.show(w, r, langOf(r), http.StatusMethodNotAllowed, glosa.Refuse(glosa.Invalid, "e.405"))
	default:
		s.fail(w, r, langOf(r), glosa.Refuse(glosa.NotFound, "e.page"))
	}
}

func firstSegment(path string) string {
	seg, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return seg
}

// langOf is the language in the path; Spanish without one.
func langOf(r *http.Request) string {
	if seg := firstSegment(r.URL.Path); text.Speaks(seg) {
		return seg
	}
	return "es"
}

func plainly(w http.ResponseWriter, status int, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte(line))
}

// tooLarge tells whether a body went over its bound, and what that is.
func tooLarge(err error) (most string, over bool) {
	var big *http.MaxBytesError
	if !errors.As(err, &big) {
		return "", false
	}
	return door.Most(big.Limit), true
}
