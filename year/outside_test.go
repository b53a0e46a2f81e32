package year_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"glosa"
	"glosa/civic/question"
	"glosa/cmd/front"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/record"
	"glosa/site"
	"glosa/web/api"
	"glosa/web/text"
	"glosa/year"
)

// visitor looks at a house from outside, as anybody on the internet would.
type visitor struct {
	t      *testing.T
	y      *year.Play
	base   string
	client *http.Client
}

// TestTheYearFromOutside: after a whole year has been played, everything that
// is served agrees with everything else, and holds nothing private.
func TestTheYearFromOutside(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		var logs book
		y := year.Open(t, site.Config{Data: filepath.Join(t.TempDir(), "data"), Database: c.URL, NoSync: true,
			Log: slog.New(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		y.Whole()
		y.Settle()
		server := front.New(y.Site, front.House{Place: "Quintana Roo"})
		ctx, stop := context.WithCancel(t.Context())
		followed := make(chan error, 1)
		go func() { followed <- server.Follow(ctx) }()
		defer func() { stop(); <-followed }()
		outside := httptest.NewServer(server)
		defer outside.Close()
		v := &visitor{t: t, y: y, base: outside.URL, client: &http.Client{Timeout: 20 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
		v.on(t, "EveryPageStandsAndHoldsNothingPrivate", v.walks)
		v.on(t, "BalancesAgree", v.balances)
		v.on(t, "CommitmentsAgree", v.commitments)
		v.on(t, "TheRecordIsWhatTheAPIShows", v.verifies)
		v.on(t, "AnybodyRepeatsTheDraw", v.redraws)
		v.on(t, "ClosedIsClosed", v.asksTooLate)
		v.on(t, "ErasedWordsLeaveThePages", v.seesErased)
		v.on(t, "TheTrafficLeavesNothingInTheLogs", func() { v.searches(logs.String()) })
	})
}

// book is a log that is kept whole.
type book struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (v *visitor) on(t *testing.T, name string, do func()) {
	t.Run(name, func(t *testing.T) { v.t = t; do() })
}

// gets an address; every visit comes from an address that must be found nowhere.
func (v *visitor) gets(path string) (int, string, http.Header) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.base+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.sends(req)
}

func (v *visitor) sends(req *http.Request) (int, string, http.Header) {
	v.t.Helper()
	req.Header.Set("X-Forwarded-For", visitorAddress)
	req.Header.Set("User-Agent", visitorAgent)
	res, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res.StatusCode, string(body), res.Header
}

const (
	visitorAddress = "198.51.100.77"
	visitorAgent   = "visitante-de-prueba/7.7"
)

// asks the API for something.
func (v *visitor) api(path string, into any) {
	v.t.Helper()
	status, body, _ := v.gets("/api/v1" + path)
	if status != http.StatusOK {
		v.t.Fatalf("%s: %d %s", path, status, body)
	}
	if err := json.Unmarshal([]byte(body), into); err != nil {
		v.t.Fatalf("%s: %v", path, err)
	}
}

var links = regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)

// shape is an address without its numbers and folios: pages of one shape are
// one template, and a few of each are enough.
func shape(path string) string { return numbers.ReplaceAllString(path, "N") }

var numbers = regexp.MustCompile(`[0-9]+(-[A-Z]\b)?|[a-z0-9]{20,}|instituciones/[A-Z-]+|ods/[a-z]+`)

const ofEachShape = 6

// walks follows the links from the front page, in both languages.
func (v *visitor) walks() {
	seen := map[string]bool{"/": true, "/es/": true, "/en/": true}
	shapes := map[string]int{}
	next := []string{"/es/", "/en/"}
	for n := 0; len(next) > 0; n++ {
		path := next[0]
		next = next[1:]
		if n > 4000 {
			v.t.Fatal("the site has no end")
		}
		status, body, header := v.gets(path)
		if status >= 400 {
			v.t.Errorf("%s: %d", path, status)
		}
		v.clean(path, html.UnescapeString(body))
		if to := header.Get("Location"); strings.HasPrefix(to, "/") {
			body += `<a href="` + to + `">`
		}
		for _, m := range links.FindAllStringSubmatch(body, -1) {
			to := html.UnescapeString(m[1])
			if seen[to] || strings.HasPrefix(to, "/static/") || shapes[shape(to)] >= ofEachShape {
				continue
			}
			seen[to] = true
			shapes[shape(to)]++
			next = append(next, to)
		}
	}
	if len(seen) < 60 {
		v.t.Errorf("only %d addresses were found", len(seen))
	}
	v.t.Logf("%d addresses of %d shapes", len(seen), len(shapes))
}

// clean fails when a page holds what nobody may read.
func (v *visitor) clean(path, body string) {
	v.t.Helper()
	for _, words := range year.ErasedWords {
		if strings.Contains(body, words) {
			v.t.Errorf("%s holds %q, which was erased", path, words)
		}
	}
	for _, s := range v.y.Secrets {
		if s.What != "a question" && strings.Contains(body, s.Words) {
			v.t.Errorf("%s holds %s", path, s.What)
		}
	}
}

type balance struct{ Received, Admitted, Refused, Merged, Withdrawn, Waiting, Held int }

// balances: the API, the page and the list say the same of every edition.
func (v *visitor) balances() {
	w := text.For("es")
	for _, id := range []glosa.EditionID{year.FirstEdition, year.SecondEdition} {
		var said balance
		v.api("/editions/"+string(id)+"/balance", &said)
		if said.Received != said.Admitted+said.Refused+said.Merged+said.Withdrawn+said.Waiting || said.Received == 0 {
			v.t.Errorf("%s: %+v does not add up", id, said)
		}
		_, page, _ := v.gets("/es/ediciones/" + string(id) + "/preguntas")
		page = html.UnescapeString(page)
		for key, n := range map[string]int{"b.bar.ok": said.Admitted, "b.bar.join": said.Merged, "b.bar.no": said.Refused, "b.bar.out": said.Withdrawn} {
			if want := w.T(key, "n", w.N(n)); !strings.Contains(page, want) {
				v.t.Errorf("%s: the page does not say %q", id, want)
			}
		}
		var listed balance
		for _, q := range v.listed(id) {
			switch question.State(q.State).Counts() {
			case question.InAdmitted:
				listed.Admitted++
			case question.InRefused:
				listed.Refused++
			case question.InMerged:
				listed.Merged++
			}
		}
		if listed.Admitted != said.Admitted || listed.Refused != said.Refused || listed.Merged != said.Merged {
			v.t.Errorf("%s: the list has %+v, the balance %+v", id, listed, said)
		}
	}
}

type listedQuestion struct {
	ID, State, Text string
	Erased          bool
}

// listed reads the API's list of an edition to its end.
func (v *visitor) listed(id glosa.EditionID) (all []listedQuestion) {
	v.t.Helper()
	for cursor := ""; ; {
		var page struct {
			Items []listedQuestion
			Next  string
		}
		v.api("/editions/"+string(id)+"/questions?cursor="+url.QueryEscape(cursor), &page)
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			return slices.DeleteFunc(all, func(q listedQuestion) bool { return v.follows(q.ID) })
		}
	}
}

// follows tells whether a question asks again after an answer: it is in no balance.
func (v *visitor) follows(id string) bool {
	p, err := v.y.Site.Question.Page(v.t.Context(), glosa.QuestionID(id))
	if err != nil {
		v.t.Fatal(err)
	}
	return p.Follows != ""
}

// commitments: both words of each, in the API and on its page.
func (v *visitor) commitments() {
	var list struct {
		Items []struct {
			ID, Title            string
			Government, Observed *struct{ Status string }
			Gap                  *int
		}
	}
	v.api("/commitments", &list)
	if len(list.Items) < 2 {
		v.t.Fatalf("%d commitments", len(list.Items))
	}
	w := text.For("es")
	for _, c := range list.Items {
		status, page, _ := v.gets("/es/compromisos/" + c.ID)
		page = html.UnescapeString(page)
		if status != http.StatusOK || !strings.Contains(page, c.Title) {
			v.t.Errorf("%s: its page (%d) does not hold its title %q", c.ID, status, c.Title)
		}
		for _, word := range []*struct{ Status string }{c.Government, c.Observed} {
			if word == nil || word.Status == "" {
				continue
			}
			if key := "cm.st." + word.Status; w.Has(key) && !strings.Contains(page, w.T(key)) {
				v.t.Errorf("%s: its page does not say %q", c.ID, w.T(key))
			}
		}
	}
}

// verifies checks the record by its address, and each opened text with what the
// API shows of its question.
func (v *visitor) verifies() {
	shown := map[string]string{} // by commitment: the words that the API shows
	for _, id := range []glosa.EditionID{year.FirstEdition, year.SecondEdition} {
		for _, q := range v.listed(id) {
			var one struct {
				Text  string
				Texts []struct{ Commit, State string }
			}
			v.api("/questions/"+q.ID, &one)
			for _, c := range one.Texts {
				shown[c.Commit] = one.Text
			}
		}
	}
	opts := record.Options{Kinds: site.Kinds(), Fold: site.Fold, Pages: api.Shown(), Policy: v.y.Site.Record.Policy(), Now: v.y.Clock.Now(), Settle: -1,
		Shown: func(_ context.Context, t record.Text) error {
			var object struct{ Kind, Text string }
			if err := json.Unmarshal(t.Object, &object); err != nil {
				return err
			}
			if words, ok := shown[t.Commit.String()]; ok && object.Kind == "question" && words != object.Text {
				return fmt.Errorf("the API shows %q", words)
			}
			return nil
		}}
	for _, target := range []string{v.base, v.base + "/"} {
		r, err := record.Verify(v.t.Context(), target, opts)
		if err != nil {
			v.t.Fatal(err)
		}
		if !r.OK() || r.Missing > 0 || r.Texts < 20 || r.States < 100 || r.Shown < 100 {
			v.t.Errorf("%s", strings.Join(r.Lines(), "\n"))
		}
	}
	if len(shown) < 13 {
		v.t.Errorf("the API shows %d commitments", len(shown))
	}
}

// asksTooLate: the intake of both editions is over; the API says so, and takes nothing in.
func (v *visitor) asksTooLate() {
	body := `{"text":"` + lateWords + `","municipality":"23005"}`
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost,
		v.base+"/api/v1/editions/"+string(year.FirstEdition)+"/questions", strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if status, said, _ := v.sends(req); status != http.StatusLocked || strings.Contains(said, lateWords) {
		v.t.Errorf("%d %s", status, said)
	}
}

const lateWords = "¿Llegué tarde con esta pregunta tan larga?"

// seesErased: pages that were shown and kept are made anew when their words are erased.
func (v *visitor) seesErased() {
	var q listedQuestion
	for _, one := range v.listed(year.FirstEdition) {
		if one.State == "answered" || one.State == "overdue" || one.State == "closed" {
			q = one
		}
	}
	if q.Text == "" {
		v.t.Fatal("no question is public")
	}
	shows := func() (where []string) {
		for _, path := range []string{"/es/preguntas/" + q.ID, "/en/preguntas/" + q.ID, "/es/preguntas/" + q.ID + "/json",
			"/es/ediciones/ensayo-1/preguntas", "/es/ediciones/ensayo-1/preguntas.csv", "/es/ediciones/ensayo-1/preguntas.atom",
			"/api/v1/questions/" + q.ID, "/api/v1/editions/ensayo-1/questions", "/record/texts"} {
			if _, body, _ := v.gets(path); strings.Contains(html.UnescapeString(body), q.Text) {
				where = append(where, path)
			}
		}
		return where
	}
	if n := len(shows()); n < 6 {
		v.t.Fatalf("%q is on %d pages", q.Text, n)
	}
	v.y.As(year.Citizen).ErasesOwn(glosa.QuestionID(q.ID))
	v.y.Settle()
	var left []string
	for wait := time.Now().Add(5 * time.Second); time.Now().Before(wait); time.Sleep(20 * time.Millisecond) {
		if left = shows(); len(left) == 0 {
			return
		}
	}
	v.t.Errorf("%s: its words were erased, and are on %v", q.ID, left)
}

// searches: nothing that was said to the house, and nobody's address, is in its logs.
func (v *visitor) searches(logs string) {
	for _, s := range append(slices.Clone(v.y.Secrets), year.Secret{What: "an address", Words: visitorAddress},
		year.Secret{What: "an agent", Words: visitorAgent}, year.Secret{What: "a late question", Words: lateWords}) {
		if strings.Contains(logs, s.Words) {
			v.t.Errorf("the logs hold %s", s.What)
		}
	}
}
