package intake_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/web/door"
)

const (
	kiosk  = "/es/ediciones/demo26/kiosco/demo26-d3"
	atDesk = "/es/mesa/captura/demo26/demo26-d3"
)

var (
	codeOf   = regexp.MustCompile(`<p class="key">([A-Z2-7]{4}-[A-Z2-7]{4})</p>`)
	ticketOf = regexp.MustCompile(`name="ticket" value="([^"]+)"`)
	deviceOf = regexp.MustCompile(`name="device" value="([^"]+)"`)
)

// library opens a kiosk's desk and a device that is its kiosk.
func library(h house) (desk, device *http.Client) {
	h.Helper()
	desk = h.Enter("demo26", glosa.Facilitator, "")
	if status, _ := h.Post(desk, "/es/mesa/captura/demo26", "kind", "kiosk", "name", "Biblioteca (SINTÉTICO)", "place", "Entrada (SINTÉTICO)", "municipality", "23005"); status != http.StatusOK {
		h.Fatalf("open: %d", status)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.Fatal(err)
	}
	device = &http.Client{Jar: jar}
	_, page := h.Post(desk, atDesk+"/quiosco")
	code := codeOf.FindStringSubmatch(page)
	if code == nil {
		h.Fatalf("no code on %s", page)
	}
	if _, again := h.Get(desk, atDesk); strings.Contains(again, code[1]) {
		h.Error("the code is shown twice")
	}
	if status, form := h.Post(device, kiosk+"/abrir", "code", strings.ToLower(code[1])); status != http.StatusOK || !strings.Contains(form, `name="text"`) {
		h.Fatalf("the code does not open the device: %d", status)
	}
	if status, _ := h.Post(http.DefaultClient, kiosk+"/abrir", "code", code[1]); status != http.StatusUnprocessableEntity {
		h.Errorf("the code opens a second device: %d", status)
	}
	return desk, device
}

// TestKioskForgets: the one cookie is the desk's own, and no script; the receipt is
// shown this once.
func TestKioskForgets(t *testing.T) {
	h := open(t)
	_, device := library(h)
	_, form := h.Get(device, kiosk)
	h.Says(form, "¿Qué quieres preguntar?", `autocomplete="off"`)
	h.Hides(form, "<script")
	resp, err := device.PostForm(h.Server.URL+kiosk, map[string][]string{"text": {"¿Habrá talleres?"}, "municipality": {"23005"}, "language": {"es"}, "once": {"k1"}})
	status, body := h.Read(resp, err)
	if len(resp.Cookies()) > 0 || resp.Header.Get("Cache-Control") != "no-store" || !keyOf.MatchString(body) {
		t.Errorf("%d, cookies %v, %s", status, resp.Cookies(), resp.Header.Get("Cache-Control"))
	}
	h.Says(body, `http-equiv="refresh"`, "Terminé")
	h.Hides(body, "¿Habrá talleres?")
	if status, _ := h.Get(device, "/es/ediciones/demo26/kiosco/demo26-d1"); status != http.StatusNotFound {
		t.Errorf("a paper desk is no kiosk: %d", status)
	}
}

// TestOnlyTheDesksDeviceIsAKiosk: an address alone counts nobody by that door.
func TestOnlyTheDesksDeviceIsAKiosk(t *testing.T) {
	h := open(t)
	desk, device := library(h)
	ask := func(c *http.Client) int {
		status, _ := h.Post(c, kiosk, "text", "¿Habrá talleres?", "municipality", "23005", "language", "es")
		return status
	}
	status, shut := h.Get(http.DefaultClient, kiosk)
	h.Says(shut, "el quiosco no está abierto", "Código para abrir el quiosco", "/es/ediciones/demo26/preguntar")
	h.Hides(shut, `name="text"`)
	if status != http.StatusOK || ask(http.DefaultClient) != http.StatusForbidden {
		t.Error("a question by the address alone is taken")
	}
	if got := ask(device); got != http.StatusOK {
		t.Errorf("on the desk's device: %d", got)
	}
	_, room := h.Get(desk, atDesk)
	h.Says(room, "1 pregunta", "Aparato abierto el")
	if status, _ := h.Post(desk, atDesk+"/quiosco/cerrar", "device", deviceOf.FindStringSubmatch(room)[1]); status != http.StatusOK {
		t.Errorf("shut: %d", status)
	}
	if got := ask(device); got != http.StatusForbidden {
		t.Errorf("on a device that was closed: %d", got)
	}
	moderator := h.Enter("demo26", glosa.Moderator, "")
	if status, _ := h.Post(moderator, atDesk+"/quiosco"); status != http.StatusForbidden {
		t.Errorf("a moderator gives a code: %d", status)
	}
	at, err := url.Parse(h.Server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range device.Jar.Cookies(at) {
		if c.Name != door.KioskCookie || len(c.Value) < 26 {
			t.Errorf("the device keeps %s of %d letters", c.Name, len(c.Value))
		}
	}
}

// TestTheGateStandsAtTheKioskToo: a machine at it waits, and who waited there waits once.
func TestTheGateStandsAtTheKioskToo(t *testing.T) {
	h := open(t)
	_, device := library(h)
	ask := func(text, once, ticket string) (int, string) {
		return h.Post(device, kiosk, "text", text, "municipality", "23005", "language", "es", "once", once, "ticket", ticket)
	}
	status, body, n := http.StatusOK, "", 0
	for ; status == http.StatusOK && n < 100; n++ {
		status, body = ask("¿Habrá taller "+strconv.Itoa(n)+"?", strconv.Itoa(n), "")
		h.Clock.Advance(2 * time.Second) // a person is never so fast
	}
	ticket := ticketOf.FindStringSubmatch(body)
	if status != http.StatusTooManyRequests || n <= 50 || ticket == nil {
		t.Fatalf("after %d: %d, ticket %v", n, status, ticket)
	}
	last := strconv.Itoa(n - 1)
	h.Says(body, "¿Habrá taller "+last+"?", "Lo que escribiste está a salvo", `value="`+last+`"`)
	h.Clock.Advance(15 * time.Second)
	status, body = ask(strings.Repeat("a", 400), last, ticket[1])
	if again := ticketOf.FindStringSubmatch(body); status != http.StatusUnprocessableEntity || again == nil || again[1] != ticket[1] || !strings.Contains(body, `name="once" value="`+last+`"`) {
		t.Errorf("a letter too many: %d, ticket %v", status, again)
	}
	if status, _ = ask("¿Habrá taller "+last+"?", last, ticket[1]); status != http.StatusOK {
		t.Errorf("mended, with the ticket: %d", status)
	}
}
