package api_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/record"
)

func TestSubmit(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	r := st.submit("¿Cuándo abre la clínica?")
	folio := r.str("folio")
	if _, err := question.ParseKey(r.str("key")); err != nil || !strings.HasPrefix(r.str("promise"), "glosa.promise/v1\n") {
		t.Errorf("%s", r.raw)
	}
	if r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the key may be kept: %v", r.header)
	}
	got := st.send("GET", r.str("status_url"), "")
	if got.status != 200 || got.str("id") != folio || got.str("state") != "received" || got.json["synthetic"] != true || got.str("received") == "" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	for _, name := range []string{"text", "context", "municipality", "language", "addressed", "key", "promise"} {
		if _, shown := got.json[name]; shown {
			t.Errorf("%s is shown before admission: %s", name, got.raw)
		}
	}
	if strings.Contains(got.raw, "clínica") || strings.Contains(got.raw, "23005") {
		t.Errorf("what was asked is shown before admission: %s", got.raw)
	}
	st.sealed()
	proof := st.send("GET", r.str("receipt_url"), "")
	if proof.status != 200 || !strings.HasPrefix(proof.raw, "c2sp.org/tlog-proof@v1") || strings.Contains(proof.raw, "glosa.promise") {
		t.Errorf("%d %s", proof.status, proof.raw)
	}
	policy, err := record.ParsePolicy(st.s.Record.Policy())
	st.ok(err)
	receipt, err := record.ParseReceipt([]byte(proof.raw))
	st.ok(err)
	receipt.Promise = []byte(r.str("promise")) // its owner has it
	if proven, err := record.CheckReceipt(receipt, policy, st.s.Record.Kinds()); err != nil || proven.Leaf.ID != folio {
		t.Errorf("the receipt proves nothing: %v", err)
	}
}

func TestKeyOfTheDevice(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	key := question.Key{1, 2, 3}
	auth, lock := key.Auth(), key.Lock()
	a, l := glosa.Digest(auth[:]), glosa.Digest(lock[:])
	send := func(auth, lock, salt string) reply {
		js, _ := json.Marshal(map[string]string{"text": "¿Una?", "municipality": "23005", "auth": auth, "lock": lock, "salt": salt})
		return st.send("POST", questions, string(js))
	}
	salt := make([]byte, 16)
	salt[0] = 7
	for name, r := range map[string]reply{
		"Base64": send(a.String(), l.String(), base64.StdEncoding.EncodeToString(salt)),
	} {
		if _, shown := r.json["key"]; r.status != 201 || shown {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
			continue
		}
		p, err := st.s.Question.PrivateReceipt(t.Context(), glosa.QuestionID(r.str("folio")), question.Proof{Key: key.String()})
		if err != nil || string(p.Texts[0].Device) != string(salt) {
			t.Errorf("%s: the device's key does not open it: %v %v", name, err, p)
		}
	}
	for name, r := range map[string]reply{
		"body.auth": send("short", l.String(), ""),
		"body.lock": send(a.String(), "", ""),
		"body.salt": send(a.String(), l.String(), "AA=="),
		// the document says base64, and nothing else is taken
		"body.auth body.lock body.salt": send(hex.EncodeToString(a[:]), hex.EncodeToString(l[:]), hex.EncodeToString(salt)),
	} {
		if r.status != 422 || r.wrong() != name {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
}

func TestRepetition(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	device, other := st.device(), st.device()
	first := st.submit("¿Una?", "Idempotency-Key", "k1")
	again := st.submit("¿Una?", "Idempotency-Key", "k1")
	if again.str("key") != "" || first.str("key") == "" {
		t.Errorf("the key is given twice, or never: %s", again.raw)
	}
	for _, name := range []string{"folio", "promise", "receipt_url", "status_url"} {
		if again.str(name) == "" || first.str(name) != again.str(name) {
			t.Errorf("%s: %q, then %q", name, first.str(name), again.str(name))
		}
	}
	js := `{"text":"¿Otra?","municipality":"23005"}`
	if r := st.send("POST", questions, js, "Idempotency-Key", "k1"); r.status != http.StatusConflict || r.str("detail") == "" {
		t.Errorf("another body: %d %s", r.status, r.raw)
	}
	callers := map[string]string{
		"nobody":        first.str("folio"),
		"device":        st.submit("¿Una?", "Idempotency-Key", "k1", "Authorization", "Bearer "+device).str("folio"),
		"another":       st.submit("¿Una?", "Idempotency-Key", "k1", "Authorization", "Bearer "+other).str("folio"),
		"without a key": st.submit("¿Una?").str("folio"),
	}
	seen := map[string]string{}
	for who, folio := range callers {
		if seen[folio] != "" {
			t.Errorf("%s and %s have one folio", who, seen[folio])
		}
		seen[folio] = who
	}
	if r := st.submit("¿Una?", "Idempotency-Key", "k1", "Cookie", "glosa-device="+device); r.str("folio") != callers["device"] {
		t.Error("a device is another by its cookie than by its token")
	}
	if r := st.send("POST", questions, js, "Idempotency-Key", strings.Repeat("k", 300)); r.status != 422 || r.wrong() != "header.Idempotency-Key" {
		t.Errorf("a key without end: %d %s", r.status, r.raw)
	}
}

func TestBadInput(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	long := strings.Repeat("á", 4000)
	for _, c := range []struct {
		name, body string
		status     int
		wrong      string
	}{
		{"Empty", `{"text":"","municipality":"23005"}`, 422, "body.text"},
		{"Blank", `{"text":" \t\n ","municipality":"23005"}`, 422, "body.text"},
		{"Nothing", `{}`, 422, "body.text body.municipality"},
		{"Null", `{"text":null,"municipality":null}`, 422, "body.text body.municipality"},
		{"Long", `{"text":"` + long + `","municipality":"23005"}`, 422, "body.text"},
		{"LongContext", `{"text":"¿Una?","context":"` + long + `","municipality":"23005"}`, 422, "body.context"},
		{"UnknownMunicipality", `{"text":"¿Una?","municipality":"09001"}`, 422, "body.municipality"},
		{"ItsState", `{"text":"¿Una?","municipality":"23"}`, 422, "body.municipality"},
		{"UnknownInstitution", `{"text":"¿Una?","municipality":"23005","institution":"NASA"}`, 422, "body.institution"},
		{"UnknownLanguage", `{"text":"¿Una?","municipality":"23005","language":"tlh"}`, 422, "body.language"},
		{"NoName", `{"text":"¿Una?","municipality":"23005","name_policy":"name"}`, 422, "body.name"},
		{"UnknownPolicy", `{"text":"¿Una?","municipality":"23005","name_policy":"alias"}`, 422, "body.name_policy"},
		{"UnknownField", `{"text":"¿Una?","municipality":"23005","email":"x","Text":"y"}`, 422, "body.Text body.email"},
		{"Number", `{"text":1,"municipality":["23005"]}`, 422, "body.municipality body.text"},
		{"Twice", `{"text":"¿Una?","text":"¿Otra?","municipality":"23005"}`, 400, "body.text"},
		{"EscapedControl", `{"text":"a\u0000b","municipality":"23005"}`, 400, "body.text"},
		{"Bell", `{"text":"¿Una?","context":"\u0007","municipality":"23005"}`, 400, "body.context"},
		{"HalfAPair", `{"text":"a\ud83db","municipality":"23005"}`, 400, "body.text"},
		{"Control", "{\"text\":\"a\x01\",\"municipality\":\"23005\"}", 400, "body.text"},
		{"NotUTF8", "{\"text\":\"a\xff\",\"municipality\":\"23005\"}", 400, "body.text"},
		{"NotJSON", `{"text":`, 400, "body"},
		{"AList", `[]`, 400, "body"},
		{"Nil", `null`, 400, "body"},
		{"Twice", `{} {}`, 400, "body"},
		{"Deep", strings.Repeat(`{"a":`, 20000), 400, "body"},
		{"TooLarge", `{"text":"` + strings.Repeat("a", 300<<10) + `"}`, 413, "body"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for who, h := range map[string]http.Handler{"alone": st.api, "behind the server": st.door} {
				r := ask(t, h, "POST", questions, c.body)
				if c.status == 413 && !strings.Contains(r.raw, "256 KB") {
					t.Errorf("%s: it does not say how much may be sent: %s", who, r.raw)
				}
				if r.status != c.status || r.wrong() != c.wrong || r.header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s: %d [%s] %s, want %d [%s]", who, r.status, r.wrong(), r.raw, c.status, c.wrong)
				}
			}
		})
	}
	if r := st.send("POST", questions, "text=a", "Content-Type", "text/plain"); r.status != 415 {
		t.Errorf("a form as JSON: %d", r.status)
	}
	if r := st.send("POST", questions, ""); r.status != 400 || r.wrong() != "body" {
		t.Errorf("no body: %d %s", r.status, r.raw)
	}
	b, err := st.s.Question.Balance(t.Context(), ed)
	if err != nil || b.Received != 0 {
		t.Errorf("something was received: %+v %v", b, err)
	}
}

func TestMarkupIsText(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	const text = `¿<script>alert("1")</script> & <b>qué</b>?`
	id := st.admitted(text)
	if r := st.send("GET", "/api/v1/questions/"+string(id), ""); r.str("text") != text || strings.Contains(r.raw, "<script") {
		t.Error(r.raw)
	}
}

func TestLanguages(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	for header, want := range map[string]string{"": "es", "en": "en", "fr": "es", "fr, en;q=0.4": "en", "en;q=0.2, es-MX": "es", "en-US,en;q=0.9": "en", ";;q=,": "es"} {
		r := st.send("POST", questions, `{"text":"","municipality":"23005"}`, "Accept-Language", header)
		spanish := strings.Contains(r.raw, "falta escribir la pregunta")
		if r.header.Get("Content-Language") != want || spanish != (want == "es") || r.header.Get("Vary") == "" {
			t.Errorf("%q: %s", header, r.raw)
		}
	}
}

func TestStages(t *testing.T) {
	body := `{"text":"¿Una?","municipality":"23005"}`
	t.Run("BeforeItOpens", func(t *testing.T) {
		st := open(t).to(edition.Draft)
		r := st.send("POST", questions, body)
		if r.status != http.StatusLocked || r.str("until") == "" || r.header.Get("Retry-After") == "" || r.str("rule") != "question.submit" {
			t.Errorf("%d %s", r.status, r.raw)
		}
		e, err := st.s.Edition.Get(t.Context(), ed)
		if want := e.Plan.On(edition.IntakeOpen).UTC().Format("2006-01-02T15:04:05Z"); err != nil || r.str("until") != want {
			t.Errorf("it opens at %s, not %s", want, r.str("until"))
		}
	})
	t.Run("AfterItCloses", func(t *testing.T) {
		st := open(t).to(edition.IntakeClosed)
		if r := st.send("POST", questions, body); r.status != http.StatusLocked || r.str("until") != "" {
			t.Errorf("%d %s", r.status, r.raw)
		}
	})
	t.Run("NoSuchEdition", func(t *testing.T) {
		st := open(t)
		if r := st.send("POST", questions, body); r.status != http.StatusNotFound {
			t.Errorf("%d %s", r.status, r.raw)
		}
	})
}
