package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkKeptPage is the cost of a page out of the cache, beside the cost of a
// bare handler that sends the same bytes under the same headers.
func BenchmarkKeptPage(b *testing.B) {
	d := setUp(b, nil)
	first := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/es/hoja", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	d.web.ServeHTTP(first, r)
	body, header := first.Body.Bytes(), first.Header()
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		for k, v := range header {
			h[k] = v
		}
		w.Write(body)
	})
	for name, h := range map[string]http.Handler{"Kept": d.web, "Bare": bare} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			w := &sink{h: http.Header{}}
			for b.Loop() {
				clear(w.h)
				h.ServeHTTP(w, r)
			}
		})
	}
}

// sink takes a response and forgets it.
type sink struct{ h http.Header }

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}
