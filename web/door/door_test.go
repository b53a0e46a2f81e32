package door

import (
	"errors"
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

func TestEveryErrorHasAStatus(t *testing.T) {
	now := time.Unix(1000, 0)
	for _, c := range []struct {
		err    *glosa.Error
		status int
		again  int // Retry-After, in seconds
	}{
		{&glosa.Error{Kind: glosa.Internal}, 500, 0}, {&glosa.Error{Kind: glosa.Invalid}, 422, 0},
		{&glosa.Error{Kind: glosa.NotFound}, 404, 0}, {&glosa.Error{Kind: glosa.Denied}, 403, 0},
		{&glosa.Error{Kind: glosa.Conflict}, 409, 0}, {&glosa.Error{Kind: glosa.Closed}, 423, 0},
		{&glosa.Error{Kind: glosa.Closed, Until: now.Add(90 * time.Second)}, 423, 90},
		{&glosa.Error{Kind: glosa.Busy, Key: "e.429", Until: now.Add(1500 * time.Millisecond)}, 429, 2},
		{&glosa.Error{Kind: glosa.Busy, Key: "e.429", Until: now.Add(-time.Second)}, 429, 1},
		{&glosa.Error{Kind: glosa.Busy, Key: "e.busy"}, 503, 5},
		{&glosa.Error{Kind: glosa.Busy, Key: "e.disk"}, 507, 5},
	} {
		if got := Status(c.err); got != c.status {
			t.Errorf("%v: %d, want %d", c.err, got, c.status)
		}
		if got := RetryAfter(c.err, now); got != c.again {
			t.Errorf("%v: again in %d s, want %d", c.err, got, c.again)
		}
	}
	if got := Status(errors.New("not of the house")); got != 500 {
		t.Errorf("a foreign error is %d", got)
	}
}

func TestACookieIsTakenAway(t *testing.T) {
	r := NewRequest(httptest.NewRequest("GET", "/", nil), "es", time.Unix(0, 0), nil)
	if c := r.Cookie(SessionCookie, "", time.Hour); c.MaxAge != -1 {
		t.Errorf("an empty cookie lives %d s", c.MaxAge)
	}
}
