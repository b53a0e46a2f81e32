package api_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db/dbtest"
	"glosa/web"
)

const doorsAt = "/api/v1/editions/demo26/doors/"

// post sends an object of texts, whose names and values come in pairs.
func (st *stage) post(path, token string, pairs ...string) reply {
	st.Helper()
	body := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		body[pairs[i]] = pairs[i+1]
	}
	js, err := json.Marshal(body)
	st.ok(err)
	if token == "" {
		return st.send("POST", path, string(js))
	}
	return st.send("POST", path, string(js), "Authorization", "Bearer "+token)
}

// mailed is the code of the mail that went out last; "" when none did.
func (st *stage) mailed() (code string) {
	st.Helper()
	for _, e := range dbtest.Events(st, st.s.DB) {
		if e.Kind != voter.Asked {
			continue
		}
		if l, err := dbtest.Ask(st.Context(), st.s.DB, st.s.Voter.Write, e.Subject); err == nil {
			code = l.Code
		} else if glosa.KindOf(err) != glosa.NotFound {
			st.Fatal(err)
		}
	}
	return code
}

// choices is what a token's ballot holds after it supports a question.
func (st *stage) choices(token string, id glosa.QuestionID) []any {
	st.Helper()
	r := st.send("PUT", "/api/v1/questions/"+string(id)+"/support", "", "Authorization", "Bearer "+token)
	if r.status != http.StatusOK {
		st.Fatalf("%d %s", r.status, r.raw)
	}
	list, _ := r.json["choices"].([]any)
	return list
}

// TestMailboxDoor: a code is asked for, shown once with its handle, and gives the
// token by which supports count; what the device supported comes along.
func TestMailboxDoor(t *testing.T) {
	st := open(t)
	st.counting("device, contact").to(edition.IntakeOpen)
	st.s.Voter.Mail = true
	q := []glosa.QuestionID{st.admitted("¿Una?"), st.admitted("¿Otra?")}
	device := st.device()
	st.choices(device, q[0])
	asked := st.post(doorsAt+"contact/code", "", "mail", "ana@example.mx", "language", "en")
	until, err := time.Parse(time.RFC3339, asked.str("until"))
	if asked.status != http.StatusAccepted || asked.str("handle") == "" || err != nil || !until.Equal(st.clock.Now().Add(voter.CodeLasts).Truncate(time.Second)) {
		t.Fatalf("%d %s", asked.status, asked.raw)
	}
	code := st.mailed()
	if code == "" || strings.Contains(asked.raw, code) || asked.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%q %s %v", code, asked.raw, asked.header)
	}
	if r := st.post(doorsAt+"contact", "not-ours", "handle", asked.str("handle"), "code", code); r.status != http.StatusForbidden {
		t.Errorf("a token that is none: %d %s", r.status, r.raw)
	}
	shown := st.post(doorsAt+"contact", device, "handle", asked.str("handle"), "code", code)
	if shown.status != http.StatusCreated || shown.str("door") != "contact" || shown.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", shown.status, shown.raw)
	}
	if got := st.choices(shown.str("token"), q[1]); len(got) != 2 {
		t.Errorf("the mailbox supports %v: what the device supported did not come along", got)
	}
	if got := st.choices(device, q[1]); len(got) != 1 {
		t.Errorf("the device still supports %v", got)
	}
	again := st.post(doorsAt+"contact", "", "handle", asked.str("handle"), "code", code)
	if again.status != http.StatusUnprocessableEntity || again.wrong() != "body.code" {
		t.Errorf("a second time: %d %s", again.status, again.raw)
	}
}

// TestWhatCouldNotComeAlongIsToldAndAskedForAgain: a code that was shown is used up,
// so its token comes whatever becomes of the rest. A program hears that two ballots
// stand, our fault is logged, and it asks again with the weaker token.
func TestWhatCouldNotComeAlongIsToldAndAskedForAgain(t *testing.T) {
	st := open(t)
	st.counting("device, contact").to(edition.IntakeOpen)
	st.s.Voter.Mail = true
	var log bytes.Buffer
	st.door = web.New(web.Config{Handlers: map[string]http.Handler{"/api/": st.handler(slog.New(slog.NewTextHandler(&log, nil)))}, Line: st.s.DB.Line(), Clock: st.clock, Log: dbtest.Log(t)})
	q := []glosa.QuestionID{st.admitted("¿Una?"), st.admitted("¿Otra?")}
	device := st.device()
	st.choices(device, q[0])
	handle := st.post(doorsAt+"contact/code", "", "mail", "ana@example.mx").str("handle")
	code := st.mailed()
	dbtest.Exec(t, st.s.DB, "alter table priority_contest rename to away")
	shown := st.post(doorsAt+"contact", device, "handle", handle, "code", code)
	if shown.status != http.StatusCreated || shown.str("token") == "" || shown.json["moved"] != false {
		t.Fatalf("%d %s", shown.status, shown.raw)
	}
	if n := strings.Count(log.String(), "incident"); n != 1 {
		t.Errorf("%d incidents are logged: %s", n, log.String())
	}
	along := func(token, weaker string) reply { return st.post(doorsAt+"along", token, "weaker", weaker) }
	if r := along(shown.str("token"), device); r.status != http.StatusOK || r.json["moved"] != false {
		t.Errorf("asked for again too early: %d %s", r.status, r.raw)
	}
	dbtest.Exec(t, st.s.DB, "alter table away rename to priority_contest")
	for _, weaker := range []string{"", "not-ours", shown.str("token")} {
		if r := along(shown.str("token"), weaker); r.status != http.StatusUnprocessableEntity || r.wrong() != "body.weaker" {
			t.Errorf("a weaker token %q: %d %s", weaker, r.status, r.raw)
		}
	}
	if r := along(device, shown.str("token")); r.status != http.StatusUnprocessableEntity || r.wrong() != "body.weaker" {
		t.Errorf("the stronger one to the weaker: %d %s", r.status, r.raw)
	}
	if r := along("", device); r.status != http.StatusForbidden {
		t.Errorf("to no door: %d %s", r.status, r.raw)
	}
	for range 2 {
		if r := along(shown.str("token"), device); r.status != http.StatusOK || r.json["moved"] != true {
			t.Errorf("%d %s", r.status, r.raw)
		}
	}
	if got := st.choices(shown.str("token"), q[1]); len(got) != 2 {
		t.Errorf("the mailbox supports %v: what the device supported did not come along", got)
	}
}

// TestNothingComesAlongAfterTheWindow: a ballot stays where it stands, and whoever
// shows a stronger door then is told so. That is nobody's fault and in no log.
func TestNothingComesAlongAfterTheWindow(t *testing.T) {
	st := open(t)
	st.counting("device, code").to(edition.IntakeOpen)
	q := st.admitted("¿Una?")
	codes := st.issued(1)
	device := st.device()
	st.choices(device, q)
	plain := st.post(doorsAt+"code", "", "code", codes[0])
	if plain.json["moved"] != true {
		t.Errorf("with nothing to bring: %s", plain.raw)
	}
	e, err := st.s.Edition.Get(t.Context(), ed)
	st.ok(err)
	st.clock.Set(e.SupportCloses())
	shown := st.post(doorsAt+"code", device, "code", codes[0])
	if shown.status != http.StatusCreated || shown.str("token") != plain.str("token") || shown.json["moved"] != false {
		t.Errorf("%d %s", shown.status, shown.raw)
	}
}

// TestMailboxRepliesAreUniform: neither the request nor a refusal says whether a
// mailbox is known, had enough codes, or got one at all.
func TestMailboxRepliesAreUniform(t *testing.T) {
	st := open(t)
	st.counting("device, contact").to(edition.IntakeOpen)
	st.s.Voter.Mail = true
	shape := func(r reply) string {
		return strings.ReplaceAll(r.raw, r.str("handle"), "HANDLE") + " " + r.header.Get("Content-Type") + " " + strconv.Itoa(r.status)
	}
	first := st.post(doorsAt+"contact/code", "", "mail", "ana@example.mx")
	code := st.mailed()
	var last reply
	for range 6 { // a mailbox gets five a day
		if last = st.post(doorsAt+"contact/code", "", "mail", "ana@example.mx"); shape(last) != shape(first) {
			t.Errorf("%s, then %s", first.raw, last.raw)
		}
	}
	wrong := st.post(doorsAt+"contact", "", "handle", first.str("handle"), "code", "00000000")
	for name, r := range map[string]reply{
		"never sent":      st.post(doorsAt+"contact", "", "handle", last.str("handle"), "code", code),
		"another handle":  st.post(doorsAt+"contact", "", "handle", "invented", "code", code),
		"no handle":       st.post(doorsAt+"contact", "", "code", code),
		"a code too many": st.tries(first.str("handle"), code),
	} {
		if r.status != http.StatusUnprocessableEntity || r.wrong() != "body.code" || r.raw != wrong.raw {
			t.Errorf("%s: %d %s, and a wrong one %s", name, r.status, r.raw, wrong.raw)
		}
	}
	if r := st.post(doorsAt+"contact/code", "", "mail", "no-mailbox"); r.status != http.StatusUnprocessableEntity || r.wrong() != "body.mail" || strings.Contains(r.raw, "no-mailbox") {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := st.post(doorsAt+"contact/code", "", "mail", "ana@example.mx", "language", "xx"); r.wrong() != "body.language" {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := st.post("/api/v1/editions/none/doors/contact/code", "", "mail", "ana@example.mx"); r.status != http.StatusNotFound {
		t.Errorf("%d %s", r.status, r.raw)
	}
	st.s.Voter.Mail = false
	if r := st.post(doorsAt+"contact/code", "", "mail", "ana@example.mx"); r.status != http.StatusLocked {
		t.Errorf("where no mail is sent: %d %s", r.status, r.raw)
	}
}

// TestNoMailGoesOutForADoorThatTakesNothing: where mailboxes are no door, and before
// support opens, a program hears that it is closed, whatever the mailbox.
func TestNoMailGoesOutForADoorThatTakesNothing(t *testing.T) {
	for doors, to := range map[string]edition.Stage{"device, code": edition.IntakeOpen, "device, contact": edition.ReportPublished} {
		st := open(t)
		st.counting(doors).to(to)
		st.s.Voter.Mail = true
		r := st.post(doorsAt+"contact/code", "", "mail", "ana@example.mx")
		if r.status != http.StatusLocked || r.str("handle") != "" || st.mailed() != "" {
			t.Errorf("%s, %s: %d %s", doors, to, r.status, r.raw)
		}
		if n, err := st.s.Voter.Waiting(t.Context()); err != nil || n != 0 {
			t.Errorf("%s, %s: %d proofs, %v", doors, to, n, err)
		}
	}
}

// tries types wrong codes until the right one is of no use any more.
func (st *stage) tries(handle, code string) reply {
	st.Helper()
	for range voter.Tries {
		st.post(doorsAt+"contact", "", "handle", handle, "code", "00000001")
	}
	return st.post(doorsAt+"contact", "", "handle", handle, "code", code)
}

// TestEnvelopeDoor: a code of an issuer opens its door, again too; wrong ones are
// refused alike and make their network wait, and a right one passes all the same.
func TestEnvelopeDoor(t *testing.T) {
	st := open(t)
	st.counting("device, code").to(edition.IntakeOpen)
	q := st.admitted("¿Una?")
	codes := st.issued(3)
	shown := st.post(doorsAt+"code", "", "code", strings.ToLower(codes[0]))
	if shown.status != http.StatusCreated || shown.str("door") != "code" || shown.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", shown.status, shown.raw)
	}
	if got := st.post(doorsAt+"code", "", "code", codes[0]); got.str("token") != shown.str("token") {
		t.Errorf("shown again it is another credential: %s", got.raw)
	}
	if got := st.choices(shown.str("token"), q); len(got) != 1 {
		t.Errorf("%v", got)
	}
	never := st.post(doorsAt+"code", "", "code", voter.DrawCode())
	if none := st.post(doorsAt+"code", "", "code", "???"); never.status != http.StatusUnprocessableEntity || never.wrong() != "body.code" || none.raw != never.raw {
		t.Errorf("%d %s, %s", never.status, never.raw, none.raw)
	}
	status := 0
	for range 100 {
		if status = st.post(doorsAt+"code", "", "code", voter.DrawCode()).status; status == http.StatusTooManyRequests {
			break
		}
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("wrong codes without end: %d", status)
	}
	if r := st.post(doorsAt+"code", "", "code", codes[1]); r.status != http.StatusCreated {
		t.Errorf("a right one after many wrong ones: %d %s", r.status, r.raw)
	}
}

// issued are codes of a university that two sides brought.
func (st *stage) issued(n int) (codes []string) {
	st.Helper()
	l := voter.List{Edition: ed, Issuer: "UNICARIBE"}
	for range n {
		code := voter.DrawCode()
		tidy, _ := voter.Tidy(code)
		codes, l.Hashes = append(codes, code), append(l.Hashes, voter.CodeHash(ed, tidy))
	}
	l.Hashes = voter.Distinct(slices.Clone(l.Hashes))
	for _, by := range []glosa.Actor{{Human: "h-1", Side: glosa.Civil, Roles: []glosa.Role{glosa.Facilitator}}, {Human: "h-2", Side: glosa.Government, Roles: []glosa.Role{glosa.Moderator}}} {
		_, err := st.s.Voter.BringCodes(st.Context(), by, ed, l)
		st.ok(err)
	}
	return codes
}
