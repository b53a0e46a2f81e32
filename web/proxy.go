package web

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// network is the visitor's network (/24, or /56 of IPv6).
func (s *Server) network(r *http.Request) string {
	name, told := networkOf(r, s.cfg.Secure)
	if !told {
		s.proxy.silent(s.cfg.Clock.Now(), s.cfg.Log)
	}
	return name
}

// networkOf is the network that a visit came from. Behind a proxy it is the last
// address of X-Forwarded-For, the one that our proxy wrote; earlier ones are
// hearsay. told is false when there should be such an address and is none: then
// the network is the proxy's own, and all visitors are one.
func networkOf(r *http.Request, behindProxy bool) (name string, told bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	told = !behindProxy
	if list := r.Header.Values("X-Forwarded-For"); behindProxy && len(list) > 0 {
		hops := strings.Split(list[len(list)-1], ",")
		host, told = strings.TrimSpace(hops[len(hops)-1]), true
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return "unknown", false
	}
	addr = addr.Unmap()
	bits := 24
	if addr.Is6() {
		bits = 56
	}
	p, err := addr.WithZone("").Prefix(bits)
	if err != nil {
		return "unknown", false
	}
	return p.String(), told
}

const (
	silentLasts = 10 * time.Minute // how long one such visit keeps the house degraded
	silentAgain = time.Hour        // between two warnings

	silentNote = "degraded: proxy: visits come without X-Forwarded-For, so all of them share one budget"
)

// proxy watches whether the proxy in front says where visits come from.
type proxy struct {
	count prometheus.Counter

	mu           sync.Mutex
	last, warned time.Time
}

func newProxy(m *metrics) *proxy {
	p := &proxy{count: prometheus.NewCounter(prometheus.CounterOpts{Name: "glosa_visits_without_network_total",
		Help: "Visits that the proxy in front passed on without X-Forwarded-For. Should be 0."})}
	m.registry.MustRegister(p.count)
	return p
}

// silent notes a visit of which the proxy did not say where it came from.
func (p *proxy) silent(now time.Time, log *slog.Logger) {
	p.count.Inc()
	p.mu.Lock()
	warn := p.warned.IsZero() || now.Sub(p.warned) >= silentAgain
	if p.last = now; warn {
		p.warned = now
	}
	p.mu.Unlock()
	if warn {
		log.Error(silentNote + ": see docs/operator.md, Behind a proxy")
	}
}

// note is what /readyz adds; "" while all is well.
func (p *proxy) note(now time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.IsZero() || now.Sub(p.last) >= silentLasts {
		return ""
	}
	return silentNote
}
