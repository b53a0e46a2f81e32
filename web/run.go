package web

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// Serve answers visits on ln, and metrics and pprof on inner when it is not
// nil, until ctx ends; then it takes no new visits, lets those under way end
// (ten seconds at most) and returns nil. It refuses an inner listener that is
// not on loopback.
func (s *Server) Serve(ctx context.Context, ln, inner net.Listener) error {
	if inner != nil && !onLoopback(inner.Addr()) {
		return errors.New("metrics and pprof are for loopback only, not " + inner.Addr().String())
	}
	servers := []*http.Server{bounded(s)}
	listeners := []net.Listener{ln}
	if inner != nil {
		servers = append(servers, bounded(s.inside()))
		servers[1].WriteTimeout = 2 * time.Minute // a profile takes its time
		listeners = append(listeners, inner)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	followed := make(chan error, 1)
	go func() { followed <- s.Follow(ctx) }()
	failed := make(chan error, len(servers))
	for i := range servers {
		go func() { failed <- servers[i].Serve(listeners[i]) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	last, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer done()
	for _, srv := range servers {
		err = errors.Join(err, srv.Shutdown(last))
	}
	cancel()
	return errors.Join(err, <-followed)
}

// bounded is a server with limits of time and size. What net/http itself would
// log names the visitor's address, so it is dropped.
func bounded(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0)}
}

// inside is what only the keeper of the machine may ask.
func (s *Server) inside() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.Metrics())
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

func onLoopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
