package web

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"glosa/web/door"
)

func listen(t *testing.T, addr string) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	return ln
}

func TestServe(t *testing.T) {
	t.Run("EndsVisitsUnderWayBeforeItStops", func(t *testing.T) {
		began, finish := make(chan bool), make(chan bool)
		d := setUp(t, func(c *Config) {
			c.Rooms = append(c.Rooms, func(r *door.Router) {
				r.Private("/lenta", func(*door.Request) (door.View, error) {
					close(began)
					<-finish
					return door.View{File: &door.File{Type: "text/plain", Bytes: []byte("entera")}}, nil
				})
			})
		})
		ctx, stop := context.WithCancel(t.Context())
		ln, inner := listen(t, "127.0.0.1:0"), listen(t, "127.0.0.1:0")
		ended := make(chan error, 1)
		go func() { ended <- d.web.Serve(ctx, ln, inner) }()
		got := make(chan string, 1)
		go func() {
			res, err := http.Get("http://" + ln.Addr().String() + "/es/lenta")
			if err != nil {
				got <- err.Error()
				return
			}
			defer res.Body.Close()
			raw, _ := io.ReadAll(res.Body)
			got <- string(raw)
		}()
		<-began
		stop()
		close(finish)
		if body := <-got; body != "entera" {
			t.Errorf("the visit under way got %q", body)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestMetrics(t *testing.T) {
	t.Run("AreOnTheInnerListenerAlone", func(t *testing.T) {
		d := setUp(t, nil)
		ctx, stop := context.WithCancel(t.Context())
		ln, inner := listen(t, "127.0.0.1:0"), listen(t, "127.0.0.1:0")
		ended := make(chan error, 1)
		go func() { ended <- d.web.Serve(ctx, ln, inner) }()
		for ln, want := range map[net.Listener]bool{ln: false, inner: true} {
			res, err := http.Get("http://" + ln.Addr().String() + "/metrics")
			if err != nil {
				t.Fatal(err)
			}
			raw, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if got := strings.Contains(string(raw), "glosa_page_hits_total"); got != want {
				t.Errorf("metrics shown: %t, want %t", got, want)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Run("AreRefusedBeyondLoopback", func(t *testing.T) {
		d := setUp(t, nil)
		if err := d.web.Serve(t.Context(), listen(t, "127.0.0.1:0"), listen(t, "0.0.0.0:0")); err == nil {
			t.Error("metrics were offered to the world")
		}
	})
}

func TestLimitsOfTimeAndSize(t *testing.T) {
	s := bounded(http.NotFoundHandler())
	if s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout < pageTime+time.Second || s.IdleTimeout == 0 || s.MaxHeaderBytes == 0 {
		t.Errorf("a limit is missing: %+v", s)
	}
	d := setUp(t, nil)
	s.Handler = d.web
	ln := listen(t, "127.0.0.1:0")
	go s.Serve(ln)
	t.Cleanup(func() { s.Close() })
	req, err := http.NewRequest(http.MethodGet, "http://"+ln.Addr().String()+"/es/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Long", strings.Repeat("a", 64<<10))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("64 KiB of headers: %d, want 431", res.StatusCode)
	}
}
