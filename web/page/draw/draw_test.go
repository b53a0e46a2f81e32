package draw_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
	"time"

	"glosa/site"
	"glosa/web/door"
	"glosa/web/page/draw"
	"glosa/web/webtest"
)

// filled is a folder with the demonstration, made once; each test copies it.
var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

func open(t *testing.T) *webtest.House {
	return webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return (&draw.Pages{Desks: webtest.Desks(s), Draw: s.Draw}).Mount
	})
}

func browser(t *testing.T) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

const (
	form = "/es/ediciones/demo26/sorteo/apuntarme"
	mine = "/es/mi-sorteo"
)

// answers fills in every question of the form with the last of its answers.
func answers(h *webtest.House, page string) (out []string) {
	h.Helper()
	seen := map[string]bool{}
	for _, f := range regexp.MustCompile(`<(?:input[^>]*type="radio"[^>]*|select[^>]*)>`).FindAllString(page, -1) {
		name := regexp.MustCompile(`name="([^"]+)"`).FindStringSubmatch(f)[1]
		if seen[name] {
			continue
		}
		seen[name] = true
		value := regexp.MustCompile(`value="([^"]+)"`)
		if strings.HasPrefix(f, "<select") {
			rest := page[strings.Index(page, f):]
			all := value.FindAllStringSubmatch(rest[:strings.Index(rest, "</select>")], -1)
			out = append(out, name, html.UnescapeString(all[len(all)-1][1]))
			continue
		}
		out = append(out, name, html.UnescapeString(value.FindStringSubmatch(f)[1]))
	}
	if len(out) == 0 {
		h.Fatal("the form asks nothing")
	}
	return out
}

func between(h *webtest.House, page, id string) string {
	h.Helper()
	m := regexp.MustCompile(`id="` + id + `">([^<]+)<`).FindStringSubmatch(page)
	if m == nil {
		h.Fatalf("no %s on the page", id)
	}
	return m[1]
}

// TestVolunteer/ComesBackByKey: who registers gets folio and key once, sees the
// own registration by them alone, changes it and takes it back; after that they
// open nothing.
func TestVolunteer(t *testing.T) {
	t.Run("ComesBackByKey", func(t *testing.T) {
		h, c := open(t), browser(t)
		status, page := h.Get(c, form)
		if status != 200 {
			t.Fatal(status, page)
		}
		said := append(answers(h, page), "contact", "sintetico@example.org", "adult", "1")
		status, page = h.Post(c, form, said...)
		if status != 200 {
			t.Fatal(status, page)
		}
		h.Says(page, "Quedaste en la lista.")
		ticket, key := between(h, page, "folio"), between(h, page, "clave")

		status, page = h.Post(c, mine, "ticket", ticket, "key", key)
		if status != 200 {
			t.Fatal(status, page)
		}
		h.Says(page, "sintetico@example.org", ticket)
		_, page = h.Post(c, mine+"/cambiar", append([]string{"ticket", ticket, "key", key}, append(answers(h, page), "contact", "otro@example.org", "adult", "1")...)...)
		h.Says(page, "Quedó cambiado.", "otro@example.org")
		h.Hides(page, "sintetico@example.org")
		_, page = h.Post(c, mine+"/retirar", "ticket", ticket, "key", key)
		h.Says(page, "Tu inscripción se borró.")
		status, page = h.Post(c, mine, "ticket", ticket, "key", key)
		if status == 200 && strings.Contains(page, "otro@example.org") {
			t.Error("a withdrawn registration still opens")
		}
	})
	t.Run("IsToldWhatIsMissing", func(t *testing.T) {
		h, c := open(t), browser(t)
		_, page := h.Get(c, form)
		status, page := h.Post(c, form, append(answers(h, page), "contact", "sintetico@example.org")...)
		if status != http.StatusUnprocessableEntity {
			t.Fatalf("without being of age: %d", status)
		}
		h.Says(page, "sintetico@example.org")
		if status, _ = h.Post(c, form, "contact", "sintetico@example.org", "adult", "1"); status != http.StatusUnprocessableEntity {
			t.Fatalf("without an answer: %d", status)
		}
	})
	t.Run("IsNotOpenedByAnotherKey", func(t *testing.T) {
		h, c := open(t), browser(t)
		_, page := h.Get(c, form)
		_, page = h.Post(c, form, append(answers(h, page), "contact", "sintetico@example.org", "adult", "1")...)
		ticket := between(h, page, "folio")
		for _, key := range []string{"", "babab-babab-babab-babab-babab-babab", "x"} {
			for _, path := range []string{mine, mine + "/cambiar", mine + "/retirar", mine + "/contestar"} {
				status, page := h.Post(c, path, "ticket", ticket, "key", key, "answer", "yes")
				if status == 200 {
					t.Errorf("%s with key %q: %d", path, key, status)
				}
				h.Hides(page, "sintetico@example.org")
			}
		}
	})
}

// TestMailboxFirst: where mail goes out nobody fills in the form before they showed a
// mailbox; where none does, the form says that contacts are not proven.
func TestMailboxFirst(t *testing.T) {
	h, c := open(t), browser(t)
	_, page := h.Get(c, form)
	h.Says(page, "nadie comprueba que el contacto sea tuyo")
	_, public := h.Get(c, "/es/ediciones/demo26/sorteo")
	h.Says(public, "Nadie los comprueba, porque este sitio no manda correos")
	said := append(answers(h, page), "contact", "sintetico@example.org", "adult", "1")
	h.Site.Draw.Prove = true
	_, page = h.Get(c, form)
	h.Says(page, "Primero, muestra tu correo", "/es/ediciones/demo26/mi-puerta/correo")
	h.Hides(page, "nadie comprueba que el contacto sea tuyo", `name="contact"`)
	_, page = h.Post(c, form, said...)
	h.Says(page, "Primero, muestra tu correo")
	h.Hides(page, "Quedaste en la lista.")
}

// TestOnlyNoIsNo: an answer that is neither yes nor no gives no seat away.
func TestOnlyNoIsNo(t *testing.T) {
	h, c := open(t), browser(t)
	_, page := h.Get(c, form)
	_, page = h.Post(c, form, append(answers(h, page), "contact", "sintetico@example.org", "adult", "1")...)
	ticket, key := between(h, page, "folio"), between(h, page, "clave")
	for answer, want := range map[string]int{"": http.StatusUnprocessableEntity, "Yes": http.StatusUnprocessableEntity, "no": http.StatusConflict} {
		if status, _ := h.Post(c, mine+"/contestar", "ticket", ticket, "key", key, "answer", answer); status != want {
			t.Errorf("%q: %d, want %d", answer, status, want)
		}
	}
}

// TestShutDraw: nobody registers where the draw was made, and its files are there.
func TestShutDraw(t *testing.T) {
	h, c := open(t), browser(t)
	status, _ := h.Post(c, "/es/ediciones/demo25/sorteo/apuntarme", "contact", "sintetico@example.org", "adult", "1")
	if status == 200 {
		t.Error("registered in a draw that was made")
	}
	status, page := h.Get(c, "/es/ediciones/demo25/sorteo")
	if status != 200 {
		t.Fatal(status)
	}
	h.Says(page, "04127", "lottery.json", "glosa method draw")
	if status, _ = h.Get(c, "/es/ediciones/demo26/sorteo/lottery.json"); status != 404 {
		t.Errorf("a lottery before it was computed: %d", status)
	}
}

// hidden is what a form carries under a name.
func hidden(page, name string) string {
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return m[1]
}

// TestTheGateStandsBeforeTheForm: a registration passes the same gate as a question.
// A machine waits, keeps what it typed, and passes once with its ticket; whoever has
// something to mend does not wait twice.
func TestTheGateStandsBeforeTheForm(t *testing.T) {
	h, c := open(t), browser(t)
	_, page := h.Get(c, form)
	once := hidden(page, "once")
	if once == "" || !strings.Contains(page, `name="website"`) || strings.Contains(page, "/static/pow.") {
		t.Error("the form has a mark and a box that nobody sees, and nothing to solve while nobody presses")
	}
	said := append(answers(h, page), "contact", "sintetico@example.org", "website", "http://spam.example", "once", once)
	status, held := h.Post(c, form, append(said, "adult", "1")...)
	ticket := hidden(held, "ticket")
	if status != http.StatusTooManyRequests || ticket == "" || hidden(held, "once") != once {
		t.Fatalf("%d, ticket %q", status, ticket)
	}
	h.Says(held, "Lo que escribiste está a salvo", "«Apuntarme»", "sintetico@example.org", "/static/pow.", `data-held="send"`)
	h.Hides(held, "spam.example", "Quedaste en la lista.")
	if status, held = h.Post(c, form, append(said, "adult", "1", "ticket", ticket)...); status != http.StatusTooManyRequests || hidden(held, "ticket") != ticket {
		t.Fatalf("before its time: %d, ticket %q", status, hidden(held, "ticket"))
	}
	h.Clock.Advance(time.Minute)
	if status, page = h.Post(c, form, append(said, "ticket", ticket)...); status != http.StatusUnprocessableEntity || hidden(page, "ticket") != ticket {
		t.Fatalf("not of age: %d, ticket %q", status, hidden(page, "ticket"))
	}
	if status, page = h.Post(c, form, append(said, "adult", "1", "ticket", ticket)...); status != 200 {
		t.Fatalf("after its wait: %d", status)
	}
	h.Says(page, "Quedaste en la lista.")
	if status, _ = h.Post(c, form, append(said, "adult", "1", "ticket", ticket)...); status != http.StatusTooManyRequests {
		t.Errorf("the ticket passes again: %d", status)
	}
}

// TestTheGateSlowsAFlood: one browser that fills the pool comes to wait.
func TestTheGateSlowsAFlood(t *testing.T) {
	h, c := open(t), browser(t)
	_, page := h.Get(c, form)
	said := append(answers(h, page), "adult", "1")
	status, n := 200, 0
	for ; status == 200 && n < 1000; n++ {
		status, _ = h.Post(c, form, append(said, "contact", fmt.Sprintf("sintetico-%d@example.org", n), "once", fmt.Sprint("machine", n))...)
	}
	if status != http.StatusTooManyRequests || n < 20 {
		t.Errorf("after %d: %d", n, status)
	}
}
