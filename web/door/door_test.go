package door

import (
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"glosa"
)

func TestAddressEscapesWhatIsNotItsOwn(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{Address("es", "/preguntas", "QR26-0427-K"), "/es/preguntas/QR26-0427-K"},
		{Address("en", "/ods", "../x?y#z"), "/en/ods/..%2Fx%3Fy%23z"},
		{Address("es", "/"), "/es/"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}

func TestRequestShowsOnlyWhatTheRouteKnows(t *testing.T) {
	r := NewRequest(httptest.NewRequest("GET", "/es/x?tema=agua&otro=1&pagina=3", nil), "es", time.Unix(0, 0), url.Values{"tema": {"agua"}, "pagina": {"3"}})
	if r.Query("tema") != "agua" || r.Query("otro") != "" || r.Page() != 3 || !r.Actor.Has(glosa.CitizenRole) || r.Signed {
		t.Errorf("%+v", r)
	}
	for typed, want := range map[string]int{"": 1, "0": 1, "-4": 1, "x": 1, "2": 2} {
		r := NewRequest(httptest.NewRequest("GET", "/", nil), "fr", time.Unix(0, 0), url.Values{"pagina": {typed}})
		if r.Page() != want || r.Lang != "es" {
			t.Errorf("page %q: %d in %s", typed, r.Page(), r.Lang)
		}
	}
}

func TestEveryKindHasAStatus(t *testing.T) {
	want := map[glosa.Kind]int{glosa.Internal: 500, glosa.Invalid: 422, glosa.NotFound: 404, glosa.Denied: 403,
		glosa.Conflict: 409, glosa.Closed: 423, glosa.Busy: 429}
	for kind, status := range want {
		if got := Status(kind); got != status {
			t.Errorf("%s: %d, want %d", kind, got, status)
		}
	}
}

func TestACookieIsTakenAway(t *testing.T) {
	r := NewRequest(httptest.NewRequest("GET", "/", nil), "es", time.Unix(0, 0), nil)
	if c := r.Cookie(SessionCookie, "", time.Hour); c.MaxAge != -1 {
		t.Errorf("an empty cookie lives %d s", c.MaxAge)
	}
}
