package front

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"glosa"
	"glosa/site"
	"glosa/web/door"
	"glosa/web/webtest"
)

var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

var hrefs = regexp.MustCompile(`href="/es(/mesa[^"?#]*)`)

// TestEveryDeskIsLinkedFromTheHall: whoever has work at a desk finds it from
// /mesa, in one step, or in two where the desk is about one thing of a list.
func TestEveryDeskIsLinkedFromTheHall(t *testing.T) {
	var routes []door.Route
	h := webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return func(r *door.Router) {
			for _, mount := range rooms(s, House{Demo: true}) {
				mount(r)
			}
			routes = r.Routes()
		}
	})
	seen := map[string]bool{}
	var from func(c *http.Client, path string, steps int)
	from = func(c *http.Client, path string, steps int) {
		status, page := h.Get(c, "/es"+path)
		if status != http.StatusOK {
			t.Errorf("%s is linked, and answers %d", path, status)
		}
		for _, m := range hrefs.FindAllStringSubmatch(page, -1) {
			if !seen[m[1]] {
				seen[m[1]] = true
				if steps > 1 {
					from(c, m[1], steps-1)
				}
			}
		}
	}
	for _, who := range []struct {
		ed   glosa.EditionID
		role glosa.Role
		post glosa.PostKey
	}{{"demo26", glosa.Facilitator, ""}, {"demo25", glosa.Facilitator, ""}, {"demo26", glosa.Moderator, ""}, {"demo26", glosa.Selector, ""}, {"demo25", glosa.Chair, ""},
		{"demo25", glosa.Rapporteur, ""}, {"demo25", glosa.Panelist, ""}, {"demo25", glosa.Evaluator, ""}, {"demo26", glosa.Overview, ""}, {"demo26", glosa.Convenor, ""},
		{"", glosa.Liaison, "sesa-enlace"}, {"", glosa.Translator, "seq-traduccion"}, {"", glosa.Signatory, "sesa-titular"}} {
		seen["/mesa"] = true
		from(h.Enter(who.ed, who.role, who.post), "/mesa", 2)
	}
	for _, r := range routes {
		if r.Sort != door.AtDesk {
			continue
		}
		pattern := regexp.MustCompile("^" + wild.ReplaceAllString(r.Path, "[^/]+") + "$")
		found := false
		for path := range seen {
			found = found || pattern.MatchString(path)
		}
		if !found && strings.Count(r.Path, "{") < 2 && !later[r.Path] {
			t.Errorf("nobody finds %s from /mesa", r.Path)
		}
	}
}

// later are desks about one thing of a list which the demonstration, as it was
// filled, has nothing on: a protocol that may still change, a commitment to assess, a file that came with a question,
// the rows of a vote that was counted (its desk's page links them for auditors).
var later = map[string]bool{"/mesa/edicion/{edition}/protocolo": true, "/mesa/evaluacion/{id}": true, "/mesa/adjunto/{folio}": true,
	"/mesa/opinion/{edition}/participants-votes.csv": true, "/mesa/opinion/{edition}/votes.csv": true}

var wild = regexp.MustCompile(`\{[^}]+\}`)
