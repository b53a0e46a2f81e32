package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"glosa"
	"glosa/civic/edition"
)

// FuzzSubmit: whatever comes, the reply is one of the contract's, and what was
// taken in comes out as the same text.
func FuzzSubmit(f *testing.F) {
	for _, seed := range []string{
		`{"text":"¿Una?","municipality":"23005"}`, `{"text":"<b>","municipality":"23005","salt":"AAAAAAAAAAAAAAAAAAAAAA=="}`, `{}`, `[]`, `null`, `"`,
		`{"text":"\ud83d","municipality":"23005"}`, `{"text":"\u0000"}`, `{"a":1,"a":2}`, "\xff", `{"text":"a","text":"b","municipality":"23005"}`,
		`{"text":"\ud83d\ude00","municipality":"23005","name_policy":"name","name":"x"}`, "{\"text\":\"\u202e\",\"municipality\":\"23005\"}",
	} {
		f.Add(seed)
	}
	st := open(f).to(edition.IntakeOpen)
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest(http.MethodPost, questions, strings.NewReader(body))
		w := httptest.NewRecorder()
		st.api.ServeHTTP(w, r)
		out := w.Body.Bytes()
		if !json.Valid(out) || !utf8.Valid(out) {
			t.Fatalf("%d %q", w.Code, out)
		}
		switch w.Code {
		case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
			if !strings.Contains(string(out), `"errors":[{"location":"body`) {
				t.Errorf("it does not say where: %s", out)
			}
		case http.StatusCreated:
			var in map[string]any
			var rc struct{ Folio, Key string }
			if json.Unmarshal([]byte(body), &in) != nil || json.Unmarshal(out, &rc) != nil {
				t.Fatalf("%q was taken: %s", body, out)
			}
			if err := st.s.Question.Admit(t.Context(), st.gov, glosa.QuestionID(rc.Folio)); err != nil {
				t.Fatal(err)
			}
			p, err := st.s.Question.Page(t.Context(), glosa.QuestionID(rc.Folio))
			asked, _ := in["text"].(string)
			if err != nil || p.Text != strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(asked, "\r\n", "\n"), "\r", "\n")) {
				t.Errorf("%q became %q (%v)", asked, p.Text, err)
			}
		default:
			t.Errorf("%d for %q: %s", w.Code, body, out)
		}
	})
}
