package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"glosa/civic/edition"
)

// TestAFloodWaitsAndACrowdDoesNot: of 10,000 questions that one address sends
// within a minute, what a school would send passes at once; each of the others is
// told when to come back and gets a ticket, which passes then, once. What was
// acknowledged is there, and nothing else is.
func TestAFloodWaitsAndACrowdDoesNot(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	js, err := json.Marshal(map[string]string{"text": "¿Cuándo abre la clínica?", "municipality": "23005"})
	st.ok(err)
	const sent, atOnce = 10000, 40
	var accepted, told atomic.Int64
	var tickets sync.Map // of the first that must wait
	var wg sync.WaitGroup
	for w := range atOnce {
		wg.Go(func() {
			for i := w; i < sent; i += atOnce {
				once := "flood-" + strconv.Itoa(i)
				r := httptest.NewRequest("POST", questions, bytes.NewReader(js))
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Idempotency-Key", once)
				w := httptest.NewRecorder()
				st.door.ServeHTTP(w, r)
				switch w.Code {
				case http.StatusCreated:
					accepted.Add(1)
				case http.StatusTooManyRequests:
					if wait, err := strconv.Atoi(w.Header().Get("Retry-After")); err != nil || wait < 1 || wait > 601 {
						t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
					}
					if ticket := w.Header().Get("Glosa-Ticket"); ticket != "" && told.Add(1) <= 5 {
						tickets.Store(once, ticket)
					}
				default:
					t.Errorf("%d %s", w.Code, w.Body)
				}
			}
		})
	}
	wg.Wait()
	if n := accepted.Load(); n != 600 { // the clock stands
		t.Errorf("%d of %d passed at once", n, sent)
	}
	st.clock.Advance(15 * time.Minute)
	tickets.Range(func(once, ticket any) bool {
		ask := func(key string) int {
			return st.send("POST", questions, string(js), "Idempotency-Key", key, "Glosa-Ticket", ticket.(string)).status
		}
		if got := ask(once.(string)); got != http.StatusCreated {
			t.Errorf("with its ticket, after the wait: %d", got)
		}
		accepted.Add(1)
		return true
	})
	b, err := st.s.Question.Balance(st.Context(), ed)
	st.ok(err)
	if b.Received != int(accepted.Load()) {
		t.Errorf("%d were acknowledged, %d are kept", accepted.Load(), b.Received)
	}
}

// What could not be taken costs no wait: the ticket is good until a question passes.
func TestATicketOutlivesAMistake(t *testing.T) {
	st := open(t).to(edition.IntakeOpen)
	n := 0
	ask := func(text string, more ...string) reply {
		n++
		js, err := json.Marshal(map[string]string{"text": text, "municipality": "23005"})
		st.ok(err)
		return st.send("POST", questions, string(js), append([]string{"Authorization", "Bearer one-device", "Idempotency-Key", "last"}, more...)...)
	}
	for ask("¿Cuándo?", "Idempotency-Key", "q"+strconv.Itoa(n)).status == http.StatusCreated {
	}
	held := ask("¿La última?")
	if held.status != http.StatusTooManyRequests {
		t.Fatalf("%d", held.status)
	}
	ticket := []string{"Glosa-Ticket", held.header.Get("Glosa-Ticket")}
	st.clock.Advance(15 * time.Second) // its wait, and one question of the device's budget
	if got := ask("", ticket...).status; got != http.StatusUnprocessableEntity {
		t.Errorf("without a text: %d", got)
	}
	if got := ask("¿La última?", ticket...).status; got != http.StatusCreated {
		t.Errorf("mended, with its ticket: %d", got)
	}
	if got := ask("¿Otra?", "Idempotency-Key", "other").status; got != http.StatusCreated {
		t.Errorf("the mended one took the budget of the next, not its ticket: %d", got)
	}
}
