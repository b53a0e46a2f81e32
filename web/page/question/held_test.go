package question_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/browsertest"
	"glosa/web/door"
)

// Whoever is held back gets the form again with what was typed, and passes with
// the ticket in it after the wait; a machine that fills in the box nobody sees
// waits as well, and is told the truth.
func TestWhoIsHeldBackKeepsTheText(t *testing.T) {
	st := open(t)
	const path, text = "/es/ediciones/demo26/preguntar", "¿Cuándo abren la clínica?"
	form := st.get(path)
	if !strings.Contains(form.body, `name="website"`) || strings.Contains(form.body, `name="ticket"`) || strings.Contains(form.body, "pow.") {
		t.Error("while nobody presses the form has a box nobody sees, and nothing to wait for")
	}
	once := st.in(form, onceHidden)
	held := st.post(path, "text", text, "municipality", "23005", "once", once, "website", "http://spam.example")
	if held.status != http.StatusTooManyRequests || held.header.Get("Retry-After") == "" {
		t.Fatalf("%d, Retry-After %q", held.status, held.header.Get("Retry-After"))
	}
	st.says(held, text, "Hay mucha gente. Lo que escribiste está a salvo; espera", "!spam.example")
	if !strings.Contains(held.body, `data-held="send"`) || !strings.Contains(held.body, "/static/pow.") {
		t.Error("the script has nothing to solve")
	}
	ticket := hidden(held.body, "ticket")
	early := st.post(path, "text", text, "municipality", "23005", "once", once, "ticket", ticket, "website", "again")
	if early.status != http.StatusTooManyRequests || hidden(early.body, "ticket") != ticket {
		t.Errorf("before its time: %d, ticket %q", early.status, hidden(early.body, "ticket"))
	}
	st.clock.Advance(time.Minute)
	passed := st.post(path, "text", text, "municipality", "23005", "once", once, "ticket", ticket, "website", "again")
	if passed.status != http.StatusOK || !strings.Contains(passed.body, "Recibimos tu pregunta") {
		t.Errorf("after its wait: %d", passed.status)
	}
}

// Whoever waited and has one letter too many, or a question like another's, does not
// wait again: the ticket is good until a question passes with it.
func TestNobodyWaitsTwiceForOneQuestion(t *testing.T) {
	st := open(t)
	st.admitted("¿Cuándo abren la clínica de Tihosuco?")
	const path = "/es/ediciones/demo26/preguntar"
	once := st.in(st.get(path), onceHidden)
	send := func(text, distinct, ticket string) reply {
		return st.post(path, "text", text, "municipality", "23005", "once", once, "ticket", ticket, "distinct", distinct, "website", "a machine's browser")
	}
	held := send("¿Cuándo abren la escuela?", "1", "")
	ticket := hidden(held.body, "ticket")
	if held.status != http.StatusTooManyRequests || hidden(held.body, "distinct") != "1" || held.header.Get(door.TicketHeader) != ticket {
		t.Fatalf("%d, ticket %q, distinct %q", held.status, ticket, hidden(held.body, "distinct"))
	}
	st.clock.Advance(time.Minute)
	for _, wrong := range []string{strings.Repeat("a", 400), ""} {
		again := send(wrong, "1", ticket)
		if again.status != http.StatusUnprocessableEntity || hidden(again.body, "ticket") != ticket {
			t.Fatalf("a text that is to be mended: %d, ticket %q", again.status, hidden(again.body, "ticket"))
		}
	}
	alike := send("¿Cuándo abren la clínica de Tihosuco?", "", ticket)
	if alike.status != http.StatusUnprocessableEntity || hidden(alike.body, "ticket") != ticket {
		t.Fatalf("a question like another: %d, ticket %q", alike.status, hidden(alike.body, "ticket"))
	}
	if passed := send("¿Cuándo abren la clínica de Tihosuco?", "1", ticket); passed.status != http.StatusOK {
		t.Errorf("mended: %d", passed.status)
	}
	once = "another"
	if used := send("¿Otra?", "1", ticket); used.status != http.StatusTooManyRequests {
		t.Errorf("the ticket passes again: %d", used.status)
	}
}

// TestAPhoneWorksItsWayThrough: where there is script nobody waits. A phone four
// times slower than this machine solves the puzzle, which a node checks as its own
// code says, and the question is sent by itself, once.
func TestAPhoneWorksItsWayThrough(t *testing.T) {
	ctx := browser(t)
	st := open(t)
	slow := step(func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 4})
		return chromedp.Void{}, err
	})
	var began time.Time
	st.drives(ctx, slow,
		step(chromedp.Navigate(st.web.URL+"/es/ediciones/demo26/preguntar")),
		step(chromedp.WaitReady(chromedp.CSS(`input[name=auth]`))),
		step(chromedp.SetValue(chromedp.CSS(`#f-text`), "¿Cuándo abren la clínica?")),
		step(chromedp.SetValue(chromedp.CSS(`#f-municipality`), "23005")),
		step(chromedp.SetValue(chromedp.CSS(`input[name=website]`), "trap")),
		func(context.Context) error { began = time.Now(); return nil },
		step(chromedp.Click(chromedp.CSS(`form[data-keys] button.primary`))),
		step(chromedp.WaitReady(chromedp.CSS(`form[data-proof] input[name=prueba]`)))) // the page is whole
	t.Logf("from the first press to the receipt: %s, of it the work and two visits", time.Since(began).Round(10*time.Millisecond))
	if n := st.received(); n != 1 {
		t.Errorf("%d questions", n)
	}
	if _, err := civic.ParseKey(st.read(ctx, "#clave")); err != nil {
		t.Errorf("the key that the page shows: %v", err)
	}
	browsertest.Here(t, ctx, "receipt-after-work")
}

// TestThePaceReachesTheDesk: what came again and again in the same words is
// accepted, and moderators of both sides are told.
func TestThePaceReachesTheDesk(t *testing.T) {
	st := open(t)
	const mark = "Las mismas palabras llegaron varias veces en la última hora."
	by := glosa.Actor{Human: "h-mod", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	for i := range 3 {
		if folio, _ := st.ask("¿Cuándo abren la clínica?", "distinct", "1"); i < 2 {
			st.ok(st.s.Question.Admit(st.Context(), by, glosa.QuestionID(folio)))
		}
	}
	for _, side := range []glosa.Side{glosa.Civil, glosa.Government} {
		st.enter(moderator(side))
		page := st.get("/es/mesa/moderacion/demo26")
		if n := strings.Count(page.text(), mark); n != 1 {
			t.Errorf("%s: the third item carries the mark %d times", side, n)
		}
	}
}
