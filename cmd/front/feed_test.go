package front

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/mmcdole/gofeed"

	"glosa/civic/question"
	"glosa/site"
	"glosa/web/door"
	"glosa/web/webtest"
)

// whole is the demonstration with every page.
func whole(t *testing.T) *webtest.House {
	return webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return func(r *door.Router) {
			for _, mount := range rooms(s, House{Demo: true}) {
				mount(r)
			}
		}
	})
}

// someQuestion is a question of DEMO25 in a state.
func someQuestion(t *testing.T, h *webtest.House, state question.State) string {
	t.Helper()
	all, _, err := h.Site.Question.List(t.Context(), question.Filter{Edition: "demo25", States: []question.State{state}}, "", 1)
	if err != nil || len(all) == 0 {
		t.Fatalf("no question is %s: %v", state, err)
	}
	return string(all[0].ID)
}

var alternate = regexp.MustCompile(`<link rel="alternate" type="application/atom\+xml" title="[^"]*" href="([^"]+)"`)

// TestFeeds: edition, institution, question and theme have a feed that a reader
// finds by their page's address, and every feed of the house is one that other
// people's programs read.
func TestFeeds(t *testing.T) {
	h := whole(t)
	c := h.Server.Client()
	folio := someQuestion(t, h, question.Answered)
	feeds := []string{"/es/ediciones.atom", "/es/ediciones/demo25/agenda.atom", "/es/ediciones/demo25/minutas.atom", "/es/ediciones/demo25/sesion.atom",
		"/es/ediciones/demo25/compromisos.atom", "/es/registro.atom", "/en/vencidas.atom?institucion=SESA"}
	for _, page := range []string{"/es/ediciones/demo25", "/es/ediciones/demo26", "/es/ediciones/demo25/preguntas", "/en/ediciones/demo25/preguntas?tema=salud",
		"/es/instituciones/SESA", "/es/preguntas/" + folio, "/es/vencidas", "/es/compromisos"} {
		status, body := h.Get(c, page)
		found := alternate.FindStringSubmatch(body)
		if status != http.StatusOK || found == nil {
			t.Errorf("%s: %d, and no reader finds its feed", page, status)
			continue
		}
		feeds = append(feeds, html.UnescapeString(found[1]))
	}
	for _, address := range feeds {
		t.Run(strings.ReplaceAll(strings.Trim(address, "/"), "/", "_"), func(t *testing.T) {
			_, body := h.Get(c, address)
			f, err := gofeed.NewParser().ParseString(body)
			if err != nil {
				t.Fatalf("%v\n%.200s", err, body)
			}
			if f.FeedType != "atom" || f.Title == "" || f.Link == "" || f.UpdatedParsed == nil {
				t.Errorf("%+v", f)
			}
			ids := map[string]bool{}
			for _, e := range f.Items {
				if e.Title == "" || e.Link == "" || e.UpdatedParsed == nil || e.GUID == "" || ids[e.GUID] {
					t.Errorf("%+v", e)
					continue
				}
				ids[e.GUID] = true
			}
			if strings.Contains(address, "demo25") && len(f.Items) == 0 && !strings.Contains(address, "sesion") {
				t.Error("nothing in it")
			}
		})
	}
}

// TestCalendars: stages and deadlines are read by other people's calendars, with
// hostile names too.
func TestCalendars(t *testing.T) {
	h := whole(t)
	c := h.Server.Client()
	for _, address := range []string{"/es/ediciones/demo25/calendario.ics", "/en/ediciones/demo26/calendario.ics",
		"/es/preguntas/" + someQuestion(t, h, question.Overdue) + "/calendario"} {
		status, body := h.Get(c, address)
		cal, err := ical.NewDecoder(strings.NewReader(body)).Decode()
		if status != http.StatusOK || err != nil {
			t.Errorf("%s: %d %v\n%s", address, status, err, body)
			continue
		}
		events := cal.Events()
		if len(events) == 0 {
			t.Errorf("%s: no dates", address)
		}
		var uids []string
		for _, e := range events {
			at, err := e.DateTimeStart(time.UTC)
			uid := e.Props.Get(ical.PropUID)
			summary, serr := e.Props.Text(ical.PropSummary)
			if err != nil || serr != nil || at.IsZero() || uid == nil || summary == "" {
				t.Errorf("%s: %v %v %+v", address, err, serr, e)
				continue
			}
			uids = append(uids, uid.Value)
		}
		if slices.Sort(uids); len(slices.Compact(uids)) != len(events) {
			t.Errorf("%s: two dates have one name", address)
		}
		var again strings.Builder
		if err := ical.NewEncoder(&again).Encode(cal); err != nil { // refuses what RFC 5545 demands and is not there
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestWhatWaitsIsCounted: jobs and mails are among the metrics.
func TestWhatWaitsIsCounted(t *testing.T) {
	h := whole(t)
	n := gauges(h.Site)(t.Context())
	for _, name := range []string{"glosa_jobs_dead", "glosa_jobs_waiting", "glosa_mails_unsure", "glosa_mails_waiting"} {
		if _, told := n[name]; !told {
			t.Errorf("%s is not told", name)
		}
	}
}
