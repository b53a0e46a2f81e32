package security

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"glosa"
)

func TestText(t *testing.T) {
	clock := glosa.NewFakeClock(time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC))
	for _, c := range []struct {
		name         string
		text         Text
		method, path string
		status       int
		holds        []string
	}{
		{"Whole", Text{"mailto:seguridad@glosa.example", "https://glosa.example", clock}, "GET", Path, 200,
			[]string{"Contact: mailto:seguridad@glosa.example\n", "Expires: 2027-02-21T15:00:00Z\n", "Canonical: https://glosa.example" + Path + "\n"}},
		{"NobodyToWriteTo", Text{"", "https://glosa.example", clock}, "GET", Path, 404, nil},
		{"AnotherAddress", Text{"mailto:a@glosa.example", "", clock}, "GET", Path + "/x", 404, nil},
		{"Post", Text{"mailto:a@glosa.example", "", clock}, "POST", Path, 405, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			c.text.Handler().ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
			if w.Code != c.status {
				t.Errorf("%d, want %d", w.Code, c.status)
			}
			for _, want := range c.holds {
				if !strings.Contains(w.Body.String(), want) {
					t.Errorf("%q lacks %q", w.Body, want)
				}
			}
		})
	}
}

func TestContacts(t *testing.T) {
	for contact, ok := range map[string]bool{"": true, "mailto:a@b.example": true, "https://b.example/x": true,
		"http://b.example": false, "a@b.example": false, "mailto:a@b.example\nPolicy: x": false, "mailto:nadie": false, "javascript:x": false} {
		if err := CheckContact(contact); (err == nil) != ok {
			t.Errorf("%q: %v", contact, err)
		}
	}
}
