package api_test

import (
	"compress/gzip"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/demo"
	"glosa/web/door"
	"glosa/web/text"
)

var rewrite = flag.Bool("update", false, "write testdata/openapi.json anew")

// TestDocument: the OpenAPI document changes only when somebody means it to.
func TestDocument(t *testing.T) {
	st := open(t)
	r := st.send("GET", "/api/v1/openapi.json", "")
	if r.status != 200 || r.str("openapi") != "3.1.0" || strings.Contains(r.raw, "$schema") {
		t.Fatalf("%d %.300s", r.status, r.raw)
	}
	golden := filepath.Join("testdata", "openapi.json")
	if *rewrite {
		st.ok(os.WriteFile(golden, []byte(r.raw), 0o644))
	}
	want, err := os.ReadFile(golden)
	if err != nil || r.raw != string(want) {
		t.Errorf("the document is not %s any more: look at the difference, then go test ./web/api -update (%v)", golden, err)
	}
	for _, path := range []string{"/api/v1/docs", "/docs", "/api/v1/openapi.yaml", "/api/v1/schemas/Submission.json", "/api/", "/api/v2/editions"} {
		if r := st.send("GET", path, ""); r.status != 404 || r.header.Get("Content-Type") != "application/problem+json" && strings.HasPrefix(path, "/api/") {
			t.Errorf("%s: %d %s", path, r.status, r.header.Get("Content-Type"))
		}
	}
}

func TestQuestions(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	st.submit("¿Espera?")
	var want []string
	for range 55 {
		want = append(want, string(st.admitted("¿Una?")))
	}
	refused := glosa.QuestionID(st.submit("¿CANARIO?").str("folio"))
	st.ok(st.s.Question.Refuse(t.Context(), st.gov, refused, "propaganda", ""))
	st.ok(st.s.Question.Refuse(t.Context(), st.civil, refused, "propaganda", ""))
	got, pages := []string{}, 0
	for cursor := ""; pages == 0 || cursor != ""; pages++ {
		r := st.send("GET", questions+"?state=admitted&municipality=23005&cursor="+cursor, "")
		if r.status != 200 {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		got, cursor = append(got, r.items()...), r.str("next")
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || pages != 2 {
		t.Errorf("%d of %d questions on %d pages", len(got), len(want), pages)
	}
	r := st.send("GET", questions+"?state=refused", "")
	if ids := r.items(); len(ids) != 1 || ids[0] != string(refused) || strings.Contains(r.raw, "CANARIO") || !strings.Contains(r.raw, `"synthetic":true`) {
		t.Errorf("refused: %s", r.raw)
	}
	typed := strings.ToLower(strings.ReplaceAll(want[0], "-", ""))
	if r := st.send("GET", "/api/v1/questions/"+typed, ""); r.str("id") != want[0] {
		t.Errorf("%s: %s", typed, r.raw)
	}
	for path, wrong := range map[string]string{"?state=lost": "query.state", "?cursor=nonsense": "query.cursor", "?municipality=1": "query.municipality", "?institution=zzz": "query.institution"} {
		if r := st.send("GET", questions+path, ""); r.status != 422 || r.wrong() != wrong {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
	b := st.send("GET", "/api/v1/editions/demo26/balance", "").json
	if b["received"] != 57.0 || b["admitted"] != 55.0 || b["refused"] != 1.0 || b["waiting"] != 1.0 || b["synthetic"] != true {
		t.Errorf("%v", b)
	}
}

// TestEveryQuestionIsListed: the lists hold what the balance counts. What was
// never published has state, clock and holder, and not a word of its own.
func TestEveryQuestionIsListed(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	body := `{"text":"¿CANARIO?","municipality":"23005","language":"yua","institution":"SESA"}`
	waiting, gone := st.send("POST", questions, body), st.send("POST", questions, body)
	admitted := string(st.admitted("¿Una?"))
	st.ok(st.s.Question.Withdraw(t.Context(), glosa.Citizen(), glosa.QuestionID(gone.str("folio")), question.Proof{Key: gone.str("key")}))
	var want []string
	for range 60 {
		want = append(want, st.send("POST", questions, body).str("folio"))
	}
	want = append(want, waiting.str("folio"), gone.str("folio"), admitted)
	got, states := []string{}, map[string]int{}
	for cursor, first := "", true; first || cursor != ""; first = false {
		r := st.send("GET", questions+"?cursor="+cursor, "")
		if r.status != 200 {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		for _, word := range []string{"CANARIO", "SESA", `"yua"`} {
			if strings.Contains(r.raw, word) {
				t.Fatalf("the list tells %s of a question that was never published: %s", word, r.raw)
			}
		}
		items, _ := r.json["items"].([]any)
		for _, x := range items {
			q := x.(map[string]any)
			states[q["state"].(string)]++
			if q["state"] == "received" && (q["due"] == nil || q["holder"].(map[string]any)["who"] != "moderators") {
				t.Errorf("one that waits is told as %v", q)
			}
			if q["id"] != admitted && (q["text"] != nil || q["municipality"] != nil) {
				t.Errorf("never published, and told as %v", q)
			}
		}
		got, cursor = append(got, r.items()...), r.str("next")
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || states["received"] != 61 || states["withdrawn"] != 1 || states["admitted"] != 1 {
		t.Errorf("%d of %d questions are listed: %v", len(got), len(want), states)
	}
	for query, n := range map[string]int{"?state=withdrawn": 1, "?state=received": 50, "?state=held": 0, "?municipality=23005": 1, "?institution=SESA": 0} {
		if r := st.send("GET", questions+query, ""); r.status != 200 || len(r.items()) != n {
			t.Errorf("%s: %d questions, want %d", query, len(r.items()), n)
		}
	}
}

// TestSecondsAreNotTold: when somebody asked is told by the day, or as the
// record does, by the minute; and a name is told nowhere.
func TestSecondsAreNotTold(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	st.clock.Set(st.clock.Now().Truncate(time.Minute).Add(41 * time.Second))
	r := st.send("POST", questions, `{"text":"¿Una?","municipality":"23005","name_policy":"name","name":"CANARIO"}`)
	st.clock.Advance(48*time.Hour + 7*time.Second) // a moderator's second is told: it is another
	st.ok(st.s.Question.Admit(t.Context(), st.gov, glosa.QuestionID(r.str("folio"))))
	st.clock.Advance(48 * time.Hour)
	st.sealed()
	for _, path := range []string{r.str("status_url"), r.str("receipt_url"), questions, "/api/v1/events"} {
		got := st.send("GET", path, "")
		if got.status != 200 || strings.Contains(got.raw, ":41Z") || strings.Contains(got.raw, "CANARIO") {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
}

func TestEvents(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	for range 60 {
		st.admitted("¿Una?")
	}
	st.sealed()
	var kinds []string
	n := 0
	for cursor, first := "", true; first || cursor != ""; first = false {
		r := st.send("GET", "/api/v1/events?cursor="+cursor, "")
		list, _ := r.json["items"].([]any)
		for _, x := range list {
			e, _ := x.(map[string]any)
			if id, _ := e["id"].(string); id != jsonNumber(n) {
				t.Fatalf("event %d is called %s: a gap shows", n, id)
			}
			n++
			kind, _ := e["kind"].(string)
			kinds = append(kinds, kind)
			if e["edition"] == string(ed) && e["synthetic"] != true {
				t.Errorf("not marked: %v", e)
			}
		}
		cursor = r.str("next")
	}
	if int64(n) != st.s.Record.Size() || n <= 100 || !slices.Contains(kinds, "question.admitted") {
		t.Errorf("%d events of %d", n, st.s.Record.Size())
	}
	for _, bad := range []string{"x", "12", "ZTEuLTE", "ZTEuMDE"} {
		if r := st.send("GET", "/api/v1/events?cursor="+bad, ""); r.status != 422 || r.wrong() != "query.cursor" {
			t.Errorf("cursor %s: %d %s", bad, r.status, r.raw)
		}
	}
}

func jsonNumber(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestSupport(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	id := st.admitted("¿Una?")
	waits := st.submit("¿Otra?").str("folio")
	address := "/api/v1/questions/" + string(id) + "/support"
	token := st.device()
	auth := []string{"Authorization", "Bearer " + token}
	first := st.send("PUT", address, `{"salt":"AAECAwQFBgcICQoLDA0ODw=="}`, auth...)
	if first.status != 200 || first.str("salt_device") != "AAECAwQFBgcICQoLDA0ODw==" || first.str("tracker") == "" || first.json["supported"] != true {
		t.Fatalf("%d %s", first.status, first.raw)
	}
	if again := st.send("PUT", address, "", "Cookie", "glosa-device="+token); again.str("commit") != first.str("commit") {
		t.Errorf("supporting twice, once by cookie, made another ballot: %s", again.raw)
	}
	vouched, err := st.s.Voter.Vouched("https://cuenta.example", "1")
	st.ok(err)
	if both := st.send("PUT", address, "", "Cookie", "glosa-device="+token+"; "+door.AccountCookie+"="+vouched); both.status != 200 || both.str("commit") != first.str("commit") {
		t.Errorf("a stronger door that does not count took the vote from the one that does: %d %s", both.status, both.raw)
	}
	if off := st.send("DELETE", address, "", auth...); off.status != 200 || off.json["supported"] != false || off.raw == "" || len(off.json["choices"].([]any)) != 0 {
		t.Errorf("%d %s", off.status, off.raw)
	}
	for _, c := range []struct {
		name, path, body string
		header           []string
		status           int
	}{
		{"NoToken", address, "", nil, http.StatusForbidden},
		{"ForgedToken", address, "", []string{"Authorization", "Bearer " + strings.Repeat("a", len(token))}, http.StatusForbidden},
		{"OtherScheme", address, "", []string{"Authorization", "Basic " + token}, http.StatusForbidden},
		{"NotPublic", "/api/v1/questions/" + waits + "/support", "", auth, http.StatusConflict},
		{"NoSuchFolio", "/api/v1/questions/DEMO26-9999-A/support", "", auth, http.StatusNotFound},
		{"BadSalt", address, `{"salt":"AA"}`, auth, http.StatusUnprocessableEntity},
		{"UnknownField", address, `{"weight":"2"}`, auth, http.StatusUnprocessableEntity},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := st.send("PUT", c.path, c.body, c.header...)
			if r.status != c.status || c.status == http.StatusForbidden && r.str("rule") != "priority.support" {
				t.Errorf("%d %s, want %d", r.status, r.raw, c.status)
			}
		})
	}
	st.clock.Set(st.clock.Now().AddDate(0, 6, 0))
	if r := st.send("PUT", address, "", auth...); r.status != http.StatusLocked || !strings.Contains(r.str("detail"), "no vuelve a abrir") {
		t.Errorf("after the window: %d %s", r.status, r.raw)
	}
}

func TestLimitsSayWhen(t *testing.T) {
	st := open(t)
	token := st.device()
	for range 200 {
		r := st.send("PUT", "/api/v1/questions/DEMO26-9999-A/support", "", "Authorization", "Bearer "+token)
		if r.status == http.StatusTooManyRequests {
			if r.header.Get("Retry-After") == "" || r.str("until") == "" || strings.Contains(r.str("detail"), "{n}") || strings.Contains(r.str("detail"), "e.429") {
				t.Errorf("%v %s", r.header, r.raw)
			}
			return
		}
	}
	t.Error("one device is never held")
}

// TestOfTheDemonstration reads everything of a whole house, real and synthetic.
func TestOfTheDemonstration(t *testing.T) {
	st := open(t)
	st.ok(demo.Facts(t.Context(), st.s))
	editions := st.send("GET", "/api/v1/editions", "").items()
	if len(editions) != 9 {
		t.Errorf("editions: %v", editions)
	}
	for _, id := range editions {
		r := st.send("GET", "/api/v1/editions/"+id, "")
		if r.status != 200 || r.json["documented"] != true || r.json["synthetic"] != false || r.json["open"] != false || r.str("session") != "" {
			t.Errorf("%s: %d %s", id, r.status, r.raw)
		}
		if r := st.send("POST", "/api/v1/editions/"+id+"/questions", `{"text":"¿Una?","municipality":"23005"}`); r.status != http.StatusLocked {
			t.Errorf("asking the past: %d", r.status)
		}
	}
	list := st.send("GET", "/api/v1/commitments", "").items()
	if len(list) < 2 {
		t.Errorf("commitments: %v", list)
	}
	for _, id := range list {
		r := st.send("GET", "/api/v1/commitments/"+strings.ToLower(id), "")
		if r.status != 200 || r.str("id") != id || r.json["synthetic"] != false || len(r.json["versions"].([]any)) == 0 {
			t.Errorf("%s: %d %s", id, r.status, r.raw)
		}
	}
	for path, n := range map[string]int{"series=no": 0, "series=qroo": len(list), "goal=16&open=true&series=no": 0, "institution=NASA": 0, "state=verified": 0} {
		if got := st.send("GET", "/api/v1/commitments?"+path, "").items(); len(got) != n {
			t.Errorf("%s: %v", path, got)
		}
	}
	for path, wrong := range map[string]string{"goal=0": "query.goal", "goal=x&open=maybe": "query.goal query.open"} {
		if r := st.send("GET", "/api/v1/commitments?"+path, ""); r.status != 422 || r.wrong() != wrong {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
	institutions := st.send("GET", "/api/v1/institutions", "").items()
	if !slices.Contains(institutions, "SECOES") || !slices.Contains(institutions, "SABGOB") {
		t.Errorf("institutions: %v", institutions)
	}
	r := st.send("GET", "/api/v1/institutions/SECOES", "")
	if r.str("today") != "SABGOB" || len(r.json["names"].([]any)) < 2 {
		t.Error(r.raw)
	}
}

func TestMissing(t *testing.T) {
	st := open(t)
	for _, path := range []string{"/api/v1/editions/no", "/api/v1/editions/no/questions", "/api/v1/editions/no/balance", "/api/v1/questions/DEMO26-0001-A",
		"/api/v1/questions/x", "/api/v1/questions/DEMO26-0001-A/receipt", "/api/v1/commitments/x", "/api/v1/commitments/QROO-2018-99", "/api/v1/institutions/NASA", "/api/v1/nada"} {
		if r := st.send("GET", path, ""); r.status != 404 || r.str("detail") == "" || r.json["status"] != 404.0 {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
	for path, allow := range map[string]string{"/api/v1/devices": "POST", "/api/v1/editions": "GET", "/api/v1/questions/x/support": "PUT, DELETE"} {
		if r := st.send("PATCH", path, ""); r.status != 405 || r.header.Get("Allow") != allow {
			t.Errorf("%s: %d %v", path, r.status, r.header)
		}
	}
}

func TestLongAnswersArePacked(t *testing.T) {
	st := open(t)
	get := func(headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/api/v1/institutions", nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		st.door.ServeHTTP(w, r)
		return w
	}
	whole, small := get(), get("Accept-Encoding", "br, gzip")
	if h := small.Header(); h.Get("Content-Encoding") != "gzip" || h.Get("Vary") != "Accept-Encoding" || small.Body.Len() > whole.Body.Len()/2 {
		t.Fatalf("%d of %d bytes, %v", small.Body.Len(), whole.Body.Len(), h)
	}
	z, err := gzip.NewReader(small.Body)
	st.ok(err)
	if got, err := io.ReadAll(z); err != nil || string(got) != whole.Body.String() {
		t.Errorf("unpacked it says something else (%v)", err)
	}
	if again := get("If-None-Match", whole.Header().Get("ETag"), "Accept-Encoding", "gzip"); again.Code != 304 {
		t.Errorf("a copy that was not packed: %d, want 304", again.Code)
	}
}

func TestCopiesAreAskedForAgain(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	r := st.send("GET", "/api/v1/editions/demo26", "")
	tag := r.header.Get("ETag")
	if tag == "" || r.header.Get("Cache-Control") != "public, no-cache" || r.header.Get("Access-Control-Allow-Origin") != "*" || r.json["open"] != true {
		t.Errorf("%v", r.header)
	}
	if again := st.send("GET", "/api/v1/editions/demo26", "", "If-None-Match", tag); again.status != 304 || again.raw != "" {
		t.Errorf("%d %s", again.status, again.raw)
	}
	st.clock.Set(st.clock.Now().AddDate(0, 3, 0))
	if again := st.send("GET", "/api/v1/editions/demo26", "", "If-None-Match", tag); again.status != 200 || again.json["open"] != false {
		t.Errorf("the intake is over and the copy still counts: %d", again.status)
	}
	if head := st.send("HEAD", "/api/v1/editions", ""); head.status != 200 || head.raw != "" || head.header.Get("Content-Length") == "" {
		t.Errorf("%d %v", head.status, head.header)
	}
	if r := st.send("POST", "/api/v1/devices", "", "Sec-Fetch-Site", "cross-site"); r.status != 403 || r.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("another site acts for its visitors: %d", r.status)
	}
}

// TestEveryWordIsWritten: what problems say exists in both languages.
func TestEveryWordIsWritten(t *testing.T) {
	for _, key := range []string{"api.json", "api.unknown", "api.string", "api.bytes", "api.choice", "api.cursor", "e.415", "e.413", "e.405", "e.page"} {
		for _, lang := range text.Langs() {
			if !text.For(lang).Has(key) {
				t.Errorf("%s is not in %s", key, lang)
			}
		}
	}
}

// TestKnownStates: the lists that the document gives are the rooms' own.
func TestKnownStates(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range question.States() {
		if !strings.Contains(string(raw), `"`+string(s)+`"`) {
			t.Errorf("state %s", s)
		}
	}
	for _, s := range append(edition.Stages(), edition.Postponed, edition.Cancelled) {
		if !strings.Contains(string(raw), `"`+string(s)+`"`) {
			t.Errorf("stage %s", s)
		}
	}
	for _, s := range commitment.Ladder() {
		if !strings.Contains(string(raw), string(s)) {
			t.Errorf("status %s", s)
		}
	}
}

// TestTheCodeOfAnEditionLeadsToIt: people know the prefix of their folio.
func TestTheCodeOfAnEditionLeadsToIt(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	r := st.send("GET", "/api/v1/editions/DEMO26/questions?state=admitted", "")
	if r.status != http.StatusPermanentRedirect || r.header.Get("Location") != "/api/v1/editions/demo26/questions?state=admitted" {
		t.Errorf("%d to %q", r.status, r.header.Get("Location"))
	}
	r = st.send("GET", "/api/v1/editions/nowhere", "")
	if r.status != http.StatusNotFound || strings.Contains(r.str("detail"), "folio") {
		t.Errorf("an edition that is not there: %d %s", r.status, r.raw)
	}
}
