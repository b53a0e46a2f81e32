package question_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/browsertest"
)

// goes takes the network away or gives it back: connections break, for pages and
// for the service worker alike, and the browser is told.
func (st *stage) goes(ctx context.Context, offline bool) {
	st.Helper()
	st.cut.Store(offline)
	_, err := chromedp.Run(ctx, func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1})
		return chromedp.Void{}, err
	})
	st.ok(err)
}

// until waits for an expression to be true in the page, or in the page after it.
func until(js string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, tab *chromedp.Target) (none chromedp.Void, err error) {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		for {
			yes, err := chromedp.Evaluate[bool]("(async () => !!("+js+"))()", chromedp.EvalAwaitPromise)(ctx, tab)
			if yes {
				return none, nil
			}
			select {
			case <-ctx.Done():
				return none, fmt.Errorf("waited for %s: %w (%v)", js, ctx.Err(), err)
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
}

// holds is true when an element holds a text.
func holds(what, text string) string {
	return `(document.querySelector("` + what + `") || {textContent: ""}).textContent.includes("` + text + `")`
}

// received is how many questions the edition has.
func (st *stage) received() int {
	st.Helper()
	b, err := st.s.Question.Balance(st.Context(), ed)
	st.ok(err)
	return b.Received
}

// drives does one step after the other in a tab.
func (st *stage) drives(ctx context.Context, steps ...func(context.Context) error) {
	st.Helper()
	for i, step := range steps {
		if err := step(ctx); err != nil {
			st.Fatalf("step %d: %v", i+1, err)
		}
	}
}

// step makes one step of an action.
func step[T any](a chromedp.Action[T]) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := chromedp.Run(ctx, a)
		return err
	}
}

// look is [browsertest.Here] as a step.
func look(t *testing.T, name string) func(context.Context) error {
	return func(ctx context.Context) error {
		browsertest.Here(t, ctx, name)
		return ctx.Err()
	}
}

const theOneThatWaits = `(await (async () => {
	const db = await new Promise((ok, no) => { const r = indexedDB.open("glosa", 1); r.onsuccess = () => ok(r.result); r.onerror = no; });
	return new Promise(ok => { const r = db.transaction("waiting").objectStore("waiting").getAll(); r.onsuccess = () => ok(r.result[0] || {fields: []}); });
})())`

const nothingKept = `(async () => {
	const db = await new Promise((ok, no) => { const r = indexedDB.open("glosa", 1); r.onsuccess = () => ok(r.result); r.onerror = no; });
	const all = await new Promise(ok => { const r = db.transaction("waiting").objectStore("waiting").getAll(); r.onsuccess = () => ok(r.result); });
	return all.length === 0 && localStorage.length === 0; })()`

// reach presses the tabulator until a control has the focus.
func reach(id string) func(context.Context) error {
	return func(ctx context.Context) error {
		for range 60 {
			if _, err := chromedp.Run(ctx, chromedp.KeyEvent("\t")); err != nil {
				return err
			}
			at, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.activeElement.matches("`+id+`") && document.activeElement.matches(":focus-visible")`))
			if at || err != nil {
				return err
			}
		}
		return fmt.Errorf("the tabulator does not reach %s", id)
	}
}

// types presses keys where the focus is.
func types(keys string) func(context.Context) error { return step(chromedp.KeyEvent(keys)) }

// TestAQuestionWaitsForTheNetwork: asked without a network and without a mouse, kept
// over a closed page, sent when the network is back, once, and its key shown. Every
// state on the way is looked at.
func TestAQuestionWaitsForTheNetwork(t *testing.T) {
	ctx := browser(t)
	st := open(t)
	form := st.web.URL + "/es/ediciones/demo26/preguntar"
	const text = "¿Cuándo abre la clínica de Kantunilkín?"
	st.drives(ctx,
		step(chromedp.Navigate(form)), step(until(`"kept" in document.querySelector("form[data-keys]").dataset`)),
		reach("#f-text"), types(text), reach("#f-municipality"), types("Beni"),
		step(until(`document.querySelector("#f-municipality").value === "23005"`)),
		step(until(holds("[data-draft]", "Borrador guardado"))))

	st.goes(ctx, true)
	st.drives(ctx,
		step(chromedp.Navigate("about:blank")), step(chromedp.Navigate(form)), // out of the device
		step(until(`document.querySelector("#f-text").value.includes("Kantunilk") && document.querySelector("#f-municipality").value === "23005"`)),
		step(until(holds("[data-net]", "Sin conexión. Tu texto se queda"))),
		step(until(`document.querySelector("form[data-keys]").elements.auth`)),
		look(t, "sin-red"), reach("form[data-keys] button.primary"), types("\r"),
		step(until(holds("[data-net]", "espera en este teléfono"))), look(t, "espera"),
		step(chromedp.Navigate("about:blank")), step(chromedp.Navigate(form)),
		step(until(holds("[data-net]", "espera en este teléfono"))))
	if n := st.received(); n != 0 {
		t.Fatalf("%d questions came without a network", n)
	}

	st.goes(ctx, false)
	st.drives(ctx, step(until(holds("[data-asked]", "Se envió una sola vez"))), step(chromedp.WaitReady(chromedp.CSS(`form[data-proof] input[name=prueba]`))))
	st.drives(ctx, look(t, "comprobante"))
	folio, key := st.read(ctx, "#folio"), st.read(ctx, "#clave")
	own, err := st.s.Question.PrivateReceipt(t.Context(), glosa.QuestionID(folio), civic.Proof{Key: key})
	if err != nil || !strings.Contains(string(own.Texts[0].Object), "Kantunilkín") {
		t.Errorf("the key that waited, %q, does not open %s: %v", key, folio, err)
	}
	st.drives(ctx, step(until("await "+nothingKept)), step(chromedp.Navigate(form)), step(until(`document.querySelector("form[data-keys]").elements.auth`)))
	st.goes(ctx, true)
	st.goes(ctx, false)
	st.drives(ctx, step(until(`document.querySelector("[data-net]").textContent === "" && document.querySelector("#f-text").value === ""`)))
	if n := st.received(); n != 1 {
		t.Errorf("%d questions were received, want 1", n)
	}
}

// TestAQuestionThatWaitedKeepsItsPlace: where many ask at once, a question that
// waited for the network draws one ticket, keeps it over a closed page, comes again
// when the server said and passes with it.
func TestAQuestionThatWaitedKeepsItsPlace(t *testing.T) {
	ctx := browser(t)
	st := open(t)
	form := st.web.URL + "/es/ediciones/demo26/preguntar"
	st.drives(ctx,
		step(chromedp.Navigate(form)), step(until(`"kept" in document.querySelector("form[data-keys]").dataset && document.querySelector("form[data-keys]").elements.auth`)))
	st.goes(ctx, true)
	st.drives(ctx, // what nobody sees is filled in, so the gate holds it back
		step(chromedp.SetValue(chromedp.CSS(`#f-text`), "¿Cuándo abre la clínica?")),
		step(chromedp.SetValue(chromedp.CSS(`#f-municipality`), "23005")),
		step(chromedp.SetValue(chromedp.CSS(`input[name=website]`), "trap")),
		step(chromedp.Click(chromedp.CSS(`form[data-keys] button.primary`))),
		step(until(holds("[data-net]", "espera en este teléfono"))))
	st.goes(ctx, false)
	const ticket = `(` + theOneThatWaits + `.fields.find(f => f[0] === "ticket") || [])[1]`
	st.drives(ctx, step(until(ticket)), step(until(theOneThatWaits+`.after > Date.now() + 5000`)))
	first, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => `+ticket+`)()`, chromedp.EvalAwaitPromise))
	st.ok(err)
	st.drives(ctx, step(chromedp.Navigate(form)), step(until(holds("[data-net]", "espera en este teléfono"))),
		step(until(ticket+` === "`+first+`"`))) // a page opened meanwhile sends nothing
	if n := st.held.Load(); n != 1 {
		t.Errorf("it was sent %d times before its time", n)
	}
	st.clock.Advance(time.Minute)
	st.drives(ctx, step(chromedp.WaitReady(chromedp.CSS(`#folio`))))
	if n := st.received(); n != 1 || st.held.Load() != 1 {
		t.Errorf("%d questions, held back %d times", n, st.held.Load())
	}
}
