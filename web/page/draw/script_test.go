package draw_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"glosa"
	"glosa/web/browsertest"
)

// fills answers every question of the form, is of age, and falls into the trap.
const fills = `(() => {
	const form = document.querySelector("form[action$=apuntarme]"), seen = {};
	for (const r of form.querySelectorAll("input[type=radio]")) { if (!seen[r.name]) { seen[r.name] = true; r.checked = true; } }
	form.contact.value = "sintetico@example.org";
	form.adult.checked = true;
	form.website.value = "a machine";
	return 0;
})()`

// TestAVolunteerInABrowser: held back, the form is sent by itself once a little work
// is done; then folio and key, one's own page by them, and what it shows once the
// lottery is published. Each page is looked at, narrow and wide.
func TestAVolunteerInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is not for -short")
	}
	h := open(t)
	ctx := browsertest.Open(t).Tab(t, 3*time.Minute)
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	read := func(what string) string {
		t.Helper()
		text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(what)))
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(text)
	}
	h.Site.Draw.Prove = true
	do(chromedp.Navigate(h.Server.URL + form))
	browsertest.Here(t, ctx, "mailbox-first")
	h.Site.Draw.Prove = false
	do(chromedp.Navigate(h.Server.URL+form), chromedp.Evaluate[chromedp.Void](fills),
		chromedp.Click(chromedp.CSS(`form[action$=apuntarme] button.primary`)), chromedp.WaitReady(chromedp.CSS(`#folio`)))
	browsertest.Here(t, ctx, "slip")
	folio, key := read("#folio"), read("#clave")
	opens := func(name, want string) {
		t.Helper()
		do(chromedp.Navigate(h.Server.URL+mine), chromedp.SetValue(chromedp.CSS(`#f-ticket`), folio), chromedp.SetValue(chromedp.CSS(`#f-key`), key),
			chromedp.Click(chromedp.CSS(`form[action$=mi-sorteo] button.primary`)), chromedp.WaitReady(chromedp.CSS(`#dicho`)))
		if said := read("main"); !strings.Contains(said, want) || !strings.Contains(said, folio) {
			t.Errorf("%s: %q", name, said)
		}
		browsertest.Here(t, ctx, name)
	}
	opens("mine-open", "Estás en la lista y todavía puedes cambiarla.")
	v, err := h.Site.Draw.View(context.Background(), "demo26")
	if err != nil {
		t.Fatal(err)
	}
	h.Clock.Set(v.Terms.Closes.Add(time.Hour))
	if status, page := h.Post(h.Enter("demo26", glosa.Facilitator, ""), "/es/mesa/sorteo/demo26", "do", "freeze"); status != 200 {
		t.Fatalf("the pool is not frozen: %d %s", status, page)
	}
	opens("mine-frozen", "Tu probabilidad de salir es de")
}
