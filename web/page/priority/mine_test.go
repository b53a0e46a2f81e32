package priority_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/record"
	"glosa/site"
	"glosa/web/door"
)

// carrying is a browser that keeps a device's token.
type carrying string

func (c carrying) RoundTrip(req *http.Request) (*http.Response, error) {
	req.AddCookie(&http.Cookie{Name: door.CookieName(door.DeviceCookie, false), Value: string(c)})
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
	voter := &http.Client{Transport: carrying(token)}
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
	var ballot priority.Object
	if p, err := record.CheckReceipt(receipt, policy, kinds); err != nil || !p.Opened || p.Promise.Kind != string(priority.PromiseCast) {
		t.Errorf("%+v %v", p, err)
	}
	if err := json.Unmarshal(receipt.Private.Object, &ballot); err != nil || len(ballot.Choices) != 1 || ballot.Choices[0] != some[0].ID {
		t.Errorf("%+v %v", ballot, err)
	}
	_, page = h.Get(http.DefaultClient, mine)
	h.Hides(page, string(some[0].ID))
}

// What is unusual about the ballots of an agenda is told from what is public.
func TestUnusualBallots(t *testing.T) {
	h := open(t)
	_, page := h.Get(http.DefaultClient, "/es/ediciones/demo25/agenda/anomalias")
	h.Says(page, "Boletas fuera de lo común", "Boletas con el mismo conjunto", "No se guarda ninguna dirección de red")
	status, raw := h.Get(http.DefaultClient, "/es/ediciones/demo25/agenda/anomalias.json")
	var a priority.Anomalies
	if err := json.Unmarshal([]byte(raw), &a); status != 200 || err != nil || a.Ballots == 0 || a.Batches == 0 {
		t.Errorf("%d %v %+v", status, err, a)
	}
	if status, _ := h.Get(http.DefaultClient, "/es/ediciones/demo26/agenda/anomalias"); status != http.StatusNotFound {
		t.Errorf("before the agenda: %d", status)
	}
}
