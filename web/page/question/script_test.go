package question_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/browsertest"
)

// browser is a tab for one test, within three minutes.
func browser(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser is not for -short")
	}
	return browsertest.Open(t).Tab(t, 3*time.Minute)
}

// asks fills in the form in a browser, and gives the folio and the key that the
// page shows.
func (st *stage) asks(ctx context.Context) (folio, key string) {
	st.Helper()
	st.ok(chromedp.Do(ctx,
		chromedp.Navigate(st.web.URL+"/es/ediciones/demo26/preguntar"),
		chromedp.WaitReady(chromedp.CSS(`input[name=auth]`)),
		chromedp.SetValue(chromedp.CSS(`#f-text`), "¿Una?"),
		chromedp.SetValue(chromedp.CSS(`#f-municipality`), "23005"),
		chromedp.Click(chromedp.CSS(`form[data-keys] button.primary`)),
		chromedp.WaitReady(chromedp.CSS(`form[data-proof] input[name=prueba]`))))
	return st.read(ctx, "#folio"), st.read(ctx, "#clave")
}

// read is what an element of the page says.
func (st *stage) read(ctx context.Context, what string) string {
	st.Helper()
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(what)))
	st.ok(err)
	return strings.TrimSpace(text)
}

// unlocks opens a question in a browser, with its key typed.
func (st *stage) unlocks(ctx context.Context, folio, key string) {
	st.Helper()
	st.ok(chromedp.Do(ctx,
		chromedp.Navigate(st.web.URL+"/es/mi-pregunta?folio="+folio),
		chromedp.SetValue(chromedp.CSS(`#f-key`), strings.ToUpper(key)),
		chromedp.Click(chromedp.CSS(`form[data-hash] button.primary`)),
		chromedp.WaitReady(chromedp.CSS(`form[data-hash^=lock]`))))
}

// withdraws takes the opened question back in a browser.
func (st *stage) withdraws(ctx context.Context, key string) {
	st.Helper()
	st.ok(chromedp.Do(ctx,
		chromedp.SetValue(chromedp.CSS(`form[data-hash^=lock] input[name=key]`), key),
		chromedp.Click(chromedp.CSS(`form[data-hash^=lock] button[formaction]`)),
		chromedp.WaitReady(chromedp.CSS(`[role=status]`))))
	if again := st.read(ctx, "[role=status]"); !strings.Contains(again, "Retiraste tu pregunta.") {
		st.Errorf("after withdrawing the page says %q", again)
	}
}

// TestTheScriptMakesAKeyThatOpens asks in a real browser: the key that the page
// shows never travelled, and it is the key of civic/question, byte for byte.
func TestTheScriptMakesAKeyThatOpens(t *testing.T) {
	ctx := browser(t)
	st := open(t)
	folio, key := st.asks(ctx)
	if _, err := civic.ParseKey(key); err != nil {
		t.Fatalf("the page shows %q", key)
	}
	if _, err := st.s.Question.PrivateReceipt(t.Context(), glosa.QuestionID(folio), civic.Proof{Key: key}); err != nil {
		t.Errorf("the key of the page does not open %s: %v", folio, err)
	}
	st.unlocks(ctx, folio, key)
	st.withdraws(ctx, key)
	if r := st.get("/es/preguntas/" + folio); r.status != http.StatusOK || !strings.Contains(r.text(), "Texto borrado") {
		t.Errorf("the question's page after withdrawing: %d %s", r.status, r.text())
	}
}

// TestTheScriptMendsAndFollowsUp: mended words and a follow-up have salt from the
// device and a promise, and the follow-up a lock of its own that the key opens.
func TestTheScriptMendsAndFollowsUp(t *testing.T) {
	ctx := browser(t)
	st := open(t)
	folio, key := st.asks(ctx)
	st.enter(moderator(glosa.Civil))
	if r := st.post("/es/mesa/moderacion/demo26/corregir", "folio", folio, "reason", "unclear"); r.status != http.StatusSeeOther {
		t.Fatalf("asking to mend: %d %s", r.status, r.text())
	}
	send := func(path, text string) {
		t.Helper()
		form := `form[action$="` + path + `"]`
		st.ok(chromedp.Do(ctx,
			chromedp.SetValue(chromedp.CSS(form+` #f-text`), text),
			chromedp.Evaluate[chromedp.Void](`new Promise(function (all) { document.readyState === "complete" ? all() : addEventListener("load", all) })`, chromedp.EvalAwaitPromise),
			chromedp.Click(chromedp.CSS(form+` button.primary`)),
			chromedp.WaitReady(chromedp.CSS(`[role=status] pre.signed`))))
	}
	own := func(folio string) civic.PrivateText {
		t.Helper()
		p, err := st.s.Question.PrivateReceipt(t.Context(), glosa.QuestionID(folio), civic.Proof{Key: key})
		st.ok(err)
		last := p.Texts[len(p.Texts)-1]
		if len(last.Promise) == 0 || bytes.Equal(last.Device, make([]byte, 16)) {
			t.Errorf("%s, version %d: promise %q, salt of the device %x", folio, last.Version, last.Promise, last.Device)
		}
		return last
	}
	st.unlocks(ctx, folio, key)
	send("/corregir", "¿Dos?")
	if shown := st.read(ctx, "[role=status] pre.signed"); !strings.Contains(shown, own(folio).Commit.String()) {
		t.Errorf("the reply to the mended words says %q", shown)
	}
	st.answer(folio)
	st.unlocks(ctx, folio, key)
	send("/repreguntar", "¿De verdad?")
	again := st.read(ctx, "[role=status] a")
	if own(again).Version != 1 {
		t.Errorf("%+v", own(again))
	}
	st.unlocks(ctx, again, key)
	st.withdraws(ctx, key)
}
