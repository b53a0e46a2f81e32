package front_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/cmd/front"
)

// TestBallotsOfOneNetworkAreCounted: by the forms and by the API, from one address,
// thirteen ballots come; the report says of one network that ten came by it, and
// nothing by which anybody would know it.
func TestBallotsOfOneNetworkAreCounted(t *testing.T) {
	st := open(t)
	srv := httptest.NewServer(front.New(st.s, front.House{Place: "Quintana Roo"}))
	defer srv.Close()
	do := func(method, path, token string, want int) (out struct{ Token string }) {
		req, err := http.NewRequest(method, srv.URL+path, nil)
		st.ok(err)
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		if strings.HasPrefix(path, "/es/") {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		res, err := http.DefaultTransport.RoundTrip(req)
		st.ok(err)
		defer res.Body.Close()
		if res.StatusCode != want {
			t.Fatalf("%s %s: %d", method, path, res.StatusCode)
		}
		if want == http.StatusCreated {
			st.ok(json.NewDecoder(res.Body).Decode(&out))
		}
		return out
	}
	for range 6 {
		do("POST", "/es/preguntas/"+st.folio+"/apoyo", "", http.StatusSeeOther)
	}
	for range 7 {
		token := do("POST", "/api/v1/devices", "", http.StatusCreated).Token
		for range 3 { // again and again it is one ballot
			do("PUT", "/api/v1/questions/"+st.folio+"/support", token, http.StatusOK)
		}
	}
	clock := st.s.Clock.(*glosa.FakeClock)
	editiontest.Walk(t, &edition.Desk{DB: st.s.DB}, clock, ed, edition.IntakeClosed)
	e, err := st.s.Edition.Get(t.Context(), ed)
	st.ok(err)
	clock.Set(e.SupportCloses().Add(time.Minute))
	_, err = st.s.Priority.Select(t.Context(), glosa.Actor{Human: "h-s", Side: glosa.Observatory, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Selector}}, ed)
	st.ok(err)
	a, err := st.s.Priority.Anomalies(t.Context(), ed)
	st.ok(err)
	if !slices.Equal(a.Networks.Counts, []int{10}) {
		t.Errorf("%+v", a.Networks)
	}
}
