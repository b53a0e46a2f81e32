package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"glosa/civic/edition"
)

// BenchmarkSubmit: questions accepted through the API, 64 at a time.
func BenchmarkSubmit(b *testing.B) {
	st := open(b).to(edition.IntakeOpen)
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest(http.MethodPost, questions, strings.NewReader(`{"text":"¿Cuándo abre el centro de salud?","municipality":"23005"}`))
			w := httptest.NewRecorder()
			st.api.ServeHTTP(w, r)
			if w.Code != http.StatusCreated {
				b.Errorf("%d %s", w.Code, w.Body)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "questions/s")
}

// BenchmarkList: a page of fifty questions.
func BenchmarkList(b *testing.B) {
	st := open(b).to(edition.IntakeOpen)
	for range 50 {
		st.admitted("¿Cuándo abre el centro de salud?")
	}
	for b.Loop() {
		w := httptest.NewRecorder()
		st.api.ServeHTTP(w, httptest.NewRequest(http.MethodGet, questions, nil))
		if w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
}
