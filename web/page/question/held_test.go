package question_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
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
	st.says(held, text, "Hay mucha gente. Tu texto está a salvo; espera", "!spam.example")
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
