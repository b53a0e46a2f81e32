package api_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/priority"
	"glosa/db/dbtest"
	"glosa/site"
	"glosa/web"
	"glosa/web/api"
)

// stage is a site behind its server, with an edition that takes questions.
type stage struct {
	testing.TB
	s     *site.Site
	api   http.Handler // alone
	door  http.Handler // behind the server's checks and limits
	clock *glosa.FakeClock
	gov   glosa.Actor // moderators of both sides
	civil glosa.Actor
	doors string // that count; "" are the template's
}

// counting says which doors count, before there is an edition.
func (st *stage) counting(doors string) *stage {
	st.doors = doors
	return st
}

const ed = glosa.EditionID("demo26")

func open(t testing.TB) *stage {
	t.Helper()
	clock := glosa.NewFakeClock(dbtest.Start)
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "api.test", Software: "glosa-test", Clock: clock, NoSync: true, Log: dbtest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{TB: t, s: s, clock: clock, gov: moderator(glosa.Government), civil: moderator(glosa.Civil)}
	st.api = st.handler(slog.New(slog.NewTextHandler(t.Output(), nil)))
	st.door = web.New(web.Config{Handlers: map[string]http.Handler{"/api/": st.api}, Line: s.DB.Line(), Clock: clock, Log: dbtest.Log(t)})
	ref, err := people.ShippedReference("23")
	st.ok(err)
	st.ok(s.People.Load(t.Context(), glosa.Admin(), ref))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Record.Follow(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-done
		s.Close()
	})
	return st
}

// handler is the API over the site, with a log.
func (st *stage) handler(log *slog.Logger) http.Handler {
	s := st.s
	return api.New(api.Config{Edition: s.Edition, People: s.People, Question: s.Question, Voter: s.Voter, Priority: s.Priority, Opinion: s.Opinion, Commitment: s.Commitment,
		Record: s.Record, Clock: st.clock, Log: log})
}

func moderator(side glosa.Side) glosa.Actor {
	return glosa.Actor{Human: glosa.HumanID("h-" + side), Side: side, Seat: 1, Roles: []glosa.Role{glosa.Moderator}, Edition: ed}
}

// to takes the edition to a stage. Only the gate of the criteria is asked: the
// others are their own rooms' tests.
func (st *stage) to(to edition.Stage) *stage {
	st.Helper()
	desk := &edition.Desk{DB: st.s.DB, Gates: []edition.Gate{priority.Gate}}
	if to == edition.Draft {
		st.ok(desk.Found(st.Context(), editiontest.Facilitator(), editiontest.Founding(ed, st.clock.Now())))
		return st
	}
	f := editiontest.Founding(ed, st.clock.Now())
	if st.doors != "" {
		f.Protocol = []byte(strings.Replace(string(f.Protocol), "counting_doors: [device, code]", "counting_doors: ["+st.doors+"]", 1))
	}
	st.ok(desk.Found(st.Context(), editiontest.Facilitator(), f))
	editiontest.Walk(st, desk, st.clock, ed, edition.ReportPublished)
	_, err := st.s.Priority.Freeze(st.Context(), editiontest.Facilitator(), ed)
	st.ok(err)
	editiontest.Walk(st, desk, st.clock, ed, to)
	return st
}

func (st *stage) ok(err error) {
	st.Helper()
	if err != nil {
		st.Fatal(err)
	}
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	raw    string
	json   map[string]any
}

// send makes one request through the server. headers come in pairs.
func (st *stage) send(method, path, body string, headers ...string) reply {
	st.Helper()
	return ask(st, st.door, method, path, body, headers...)
}

func ask(t testing.TB, h http.Handler, method, path, body string, headers ...string) reply {
	t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, path, in)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	out := reply{status: w.Code, header: w.Header(), raw: w.Body.String()}
	if strings.HasSuffix(strings.Split(w.Header().Get("Content-Type"), ";")[0], "json") && w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out.json); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, out.raw)
		}
		kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
		for _, wrong := range published(t, h).judge(method, path, w.Code, kind, map[string]any(out.json)) {
			t.Errorf("%s %s: %s", method, path, wrong)
		}
	}
	return out
}

func (r reply) str(name string) string { s, _ := r.json[name].(string); return s }

// wrong lists the places that a problem names.
func (r reply) wrong() string {
	var all []string
	list, _ := r.json["errors"].([]any)
	for _, e := range list {
		m, _ := e.(map[string]any)
		place, _ := m["location"].(string)
		all = append(all, place)
		if m["message"] == "" || m["message"] == m["code"] {
			all = append(all, "without words")
		}
	}
	return strings.Join(all, " ")
}

// items lists the ids of a list.
func (r reply) items() (ids []string) {
	list, _ := r.json["items"].([]any)
	for _, x := range list {
		m, _ := x.(map[string]any)
		id, _ := m["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

const questions = "/api/v1/editions/demo26/questions"

// submit asks a question that is in order.
func (st *stage) submit(text string, headers ...string) reply {
	st.Helper()
	js, err := json.Marshal(map[string]string{"text": text, "municipality": "23005"})
	st.ok(err)
	r := st.send("POST", questions, string(js), headers...)
	if r.status != http.StatusCreated {
		st.Fatalf("%d %s", r.status, r.raw)
	}
	return r
}

// admitted asks a question and admits it.
func (st *stage) admitted(text string) glosa.QuestionID {
	st.Helper()
	id := glosa.QuestionID(st.submit(text).str("folio"))
	st.ok(st.s.Question.Admit(st.Context(), st.gov, id))
	return id
}

// device is a new device's token.
func (st *stage) device() string {
	st.Helper()
	r := st.send("POST", "/api/v1/devices", "")
	if r.status != http.StatusCreated || r.str("token") == "" {
		st.Fatalf("%d %s", r.status, r.raw)
	}
	return r.str("token")
}

// sealed waits until the record has sealed everything on the line.
func (st *stage) sealed() {
	st.Helper()
	public := int64(0)
	for _, e := range dbtest.Events(st, st.s.DB) {
		if e.Public {
			public++
		}
	}
	for deadline := time.Now().Add(10 * time.Second); st.s.Record.Size() < public; {
		if time.Now().After(deadline) {
			st.Fatalf("the record holds %d of %d", st.s.Record.Size(), public)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
