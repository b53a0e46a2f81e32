package priority_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	civic "glosa/civic/priority"
	"glosa/civic/question"
	"glosa/db/dbtest"
	"glosa/record"
	"glosa/site"
	"glosa/web/door"
	"glosa/web/page/priority"
	questionpage "glosa/web/page/question"
	"glosa/web/webtest"
)

// carrying is a browser that keeps the token of a door.
type carrying struct{ cookie, token string }

func (c carrying) RoundTrip(req *http.Request) (*http.Response, error) {
	req.AddCookie(&http.Cookie{Name: door.CookieName(c.cookie, false), Value: c.token})
	return http.DefaultTransport.RoundTrip(req)
}

// A voter sees the own ballot and takes home a receipt that proves itself; nobody
// else's browser shows anything.
func TestOnesOwnBallot(t *testing.T) {
	h := open(t)
	const mine = "/es/ediciones/demo26/mi-boleta"
	_, page := h.Get(http.DefaultClient, mine)
	h.Says(page, "En este navegador no hay una boleta.")
	token, err := h.Site.Voter.NewDevice()
	if err != nil {
		t.Fatal(err)
	}
	dev, err := h.Site.Voter.DeviceOf(token)
	if err != nil {
		t.Fatal(err)
	}
	some, _, err := h.Site.Question.List(t.Context(), question.Filter{Edition: "demo26", States: []question.State{question.Admitted}}, "", 1)
	if err != nil || len(some) == 0 {
		t.Fatal(err)
	}
	if _, err := h.Site.Priority.Support(t.Context(), glosa.Citizen(), dev, some[0].ID, [16]byte{}); err != nil {
		t.Fatal(err)
	}
	voter := &http.Client{Transport: carrying{door.DeviceCookie, token}}
	_, page = h.Get(voter, mine)
	h.Says(page, "1 pregunta apoyada, de 10 que caben.", string(some[0].ID), "Descargar el comprobante privado", "Entra con el próximo lote")
	resp, err := voter.Get(h.Server.URL + mine + "/comprobante")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(resp.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("a private receipt may be kept on the way: %q", resp.Header.Get("Cache-Control"))
	}
	_, raw := h.Read(resp, nil)
	receipt, err := record.ParseReceipt([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	policy, err := record.ParsePolicy(h.Site.Record.Policy())
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := record.NewKindSet(site.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	var ballot civic.Object
	if p, err := record.CheckReceipt(receipt, policy, kinds); err != nil || !p.Opened || p.Promise.Kind != string(civic.PromiseCast) {
		t.Errorf("%+v %v", p, err)
	}
	if err := json.Unmarshal(receipt.Private.Object, &ballot); err != nil || len(ballot.Choices) != 1 || ballot.Choices[0] != some[0].ID {
		t.Errorf("%+v %v", ballot, err)
	}
	_, page = h.Get(http.DefaultClient, mine)
	h.Hides(page, string(some[0].ID))
}

// TestTheOwnBallotIsSealed: once a batch told the record of it, the page leads to
// its leaf, and the receipt holds the leaf's proof in place of a new promise.
func TestTheOwnBallotIsSealed(t *testing.T) {
	h := open(t)
	token, err := h.Site.Voter.NewDevice()
	if err != nil {
		t.Fatal(err)
	}
	dev, err := h.Site.Voter.DeviceOf(token)
	if err != nil {
		t.Fatal(err)
	}
	some, _, err := h.Site.Question.List(t.Context(), question.Filter{Edition: "demo26", States: []question.State{question.Admitted}}, "", 1)
	if err != nil || len(some) == 0 {
		t.Fatal(err)
	}
	rc, err := h.Site.Priority.Support(t.Context(), glosa.Citizen(), dev, some[0].ID, [16]byte{})
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Exec(t, h.Site.DB, "update priority_clock set due_at = 0")
	if _, err := h.Site.Edition.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.sealed()
	const mine = "/es/ediciones/demo26/mi-boleta"
	voter := &http.Client{Transport: carrying{door.DeviceCookie, token}}
	_, page := h.Get(voter, mine)
	m := regexp.MustCompile(`href="/es/registro/(\d+)">Su huella ya está`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page leads to no leaf")
	}
	n, _ := strconv.ParseInt(m[1], 10, 64)
	leaf, err := h.Site.Record.Entry(t.Context(), n)
	if err != nil || leaf.Kind != "priority.batched" || !slices.Contains(leaf.Commits, rc.Commit) {
		t.Errorf("leaf %d, %s: %v", n, leaf.Kind, err)
	}
	_, raw := h.Get(voter, mine+"/comprobante")
	receipt, err := record.ParseReceipt([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	policy, err := record.ParsePolicy(h.Site.Record.Policy())
	if err != nil {
		t.Fatal(err)
	}
	if p, err := record.CheckReceipt(receipt, policy, h.Site.Record.Kinds()); err != nil || !p.Opened || p.Leaf == nil || p.Leaf.N != n {
		t.Errorf("%+v %v", p, err)
	}
}

// sealed keeps the record until it holds everything public on the line.
func (h *house) sealed() {
	h.Helper()
	public := int64(0)
	for _, e := range dbtest.Events(h, h.Site.DB) {
		if e.Public {
			public++
		}
	}
	ctx, stop := context.WithCancel(h.Context())
	done := make(chan error, 1)
	go func() { done <- h.Site.Record.Follow(ctx) }()
	defer func() { stop(); <-done }()
	for late := time.Now().Add(20 * time.Second); h.Site.Record.Size() < public; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(late) {
			h.Fatalf("the record holds %d of %d", h.Site.Record.Size(), public)
		}
	}
}

// Whoever showed a mailbox, and never kept a device's token, finds the same page,
// the receipt, and can take the support back.
func TestTheOwnBallotOfAMailbox(t *testing.T) {
	h := &house{webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return func(r *door.Router) {
			(&priority.Pages{Desks: webtest.Desks(s)}).Mount(r)
			(&questionpage.Pages{Desks: webtest.Desks(s)}).Mount(r)
		}
	})}
	dbtest.Exec(t, h.Site.DB, `update priority_contest set criteria = replace(criteria, '"counting":["device","code"]', '"counting":["device","contact"]') where edition = 'demo26'`)
	const mine = "/es/ediciones/demo26/mi-boleta"
	browser := &http.Client{Transport: carrying{door.ContactCookie, h.Mailbox("voto@ensayo.example")}}
	_, page := h.Get(browser, mine)
	h.Says(page, "En este navegador no hay una boleta.")
	some, _, err := h.Site.Question.List(t.Context(), question.Filter{Edition: "demo26", States: []question.State{question.Admitted}}, "", 1)
	if err != nil || len(some) == 0 {
		t.Fatal(err)
	}
	support := "/es/preguntas/" + string(some[0].ID) + "/apoyo"
	h.Post(browser, support)
	_, page = h.Get(browser, mine)
	h.Says(page, "1 pregunta apoyada, de 10 que caben.", string(some[0].ID), `href="`+support+`"`)
	_, raw := h.Get(browser, mine+"/comprobante")
	if receipt, err := record.ParseReceipt([]byte(raw)); err != nil || receipt.Private == nil {
		t.Errorf("no private receipt: %v", err)
	}
	_, page = h.Get(http.DefaultClient, mine)
	h.Hides(page, string(some[0].ID))
	h.Post(browser, support, "quitar", "1")
	_, page = h.Get(browser, mine)
	h.Says(page, "En este navegador no hay una boleta.")
}

// What is unusual about the ballots of an agenda is told from what is public.
func TestUnusualBallots(t *testing.T) {
	h := open(t)
	_, page := h.Get(http.DefaultClient, "/es/ediciones/demo25/agenda/anomalias")
	h.Says(page, "Boletas fuera de lo común", "Boletas con el mismo conjunto", "No se guarda ninguna dirección de red")
	status, raw := h.Get(http.DefaultClient, "/es/ediciones/demo25/agenda/anomalias.json")
	var a civic.Anomalies
	if err := json.Unmarshal([]byte(raw), &a); status != 200 || err != nil || a.Ballots == 0 || a.Batches == 0 {
		t.Errorf("%d %v %+v", status, err, a)
	}
	if status, _ := h.Get(http.DefaultClient, "/es/ediciones/demo26/agenda/anomalias"); status != http.StatusNotFound {
		t.Errorf("before the agenda: %d", status)
	}
}

// The device's part of a ballot's salt is what the script made, else a word that the
// visitor typed; what is neither is refused.
func TestTheDevicesPartOfASalt(t *testing.T) {
	h := &house{webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return func(r *door.Router) {
			(&priority.Pages{Desks: webtest.Desks(s)}).Mount(r)
			(&questionpage.Pages{Desks: webtest.Desks(s)}).Mount(r)
		}
	})}
	some, _, err := h.Site.Question.List(t.Context(), question.Filter{Edition: "demo26", States: []question.State{question.Admitted}}, "", 1)
	if err != nil || len(some) == 0 {
		t.Fatal(err)
	}
	support := "/es/preguntas/" + string(some[0].ID) + "/apoyo"
	made := bytes.Repeat([]byte{7}, 16)
	word := voter.DeviceSalt("colibrí")
	for name, c := range map[string]struct {
		box, value string
		want       []byte
	}{
		"Script": {"salt", base64.StdEncoding.EncodeToString(made), made}, "Word": {"word", "colibrí", word[:]}, "Neither": {"word", "", make([]byte, 16)},
	} {
		t.Run(name, func(t *testing.T) {
			jar, _ := cookiejar.New(nil)
			browser := &http.Client{Jar: jar}
			_, page := h.Get(browser, support)
			h.Says(page, "data-salt", `name="word"`)
			h.Post(browser, support, c.box, c.value)
			_, raw := h.Get(browser, "/es/ediciones/demo26/mi-boleta/comprobante")
			receipt, err := record.ParseReceipt([]byte(raw))
			if err != nil || receipt.Private == nil || !bytes.Equal(receipt.Private.SaltDevice[:], c.want) {
				t.Errorf("%v %.300s", err, raw)
			}
		})
	}
	if status, _ := h.Post(http.DefaultClient, support, "salt", "AA=="); status != http.StatusUnprocessableEntity {
		t.Errorf("a salt that is none: %d", status)
	}
}
