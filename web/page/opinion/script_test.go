package opinion_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"glosa/record"
	"glosa/web/browsertest"
)

// TestVotesWithScriptAndWithout: with it the next statement takes the place of this
// one and has the focus; without it the same form leads to the next page.
func TestVotesWithScriptAndWithout(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is not for -short")
	}
	chromium := browsertest.Open(t)
	for run, want := range map[bool]string{true: "true true", false: "undefined false"} {
		t.Run(fmt.Sprintf("script=%v", run), func(t *testing.T) {
			h := open(t)
			ctx := chromium.Tab(t, 3*time.Minute)
			h.do(ctx, scripts(run), chromedp.Navigate(h.Server.URL+base+"/votar"), scripts(true),
				chromedp.Evaluate[chromedp.Void](`window.same = true; 0`), scripts(run))
			for i, answer := range []string{"1", "-1", "0"} {
				was := h.attribute(ctx, `form[data-vote] input[name=n]`, "value")
				h.do(ctx, chromedp.Click(chromedp.CSS(`button[name=voto][value="`+answer+`"]`)),
					chromedp.WaitReady(chromedp.CSS(`form[data-vote] input[name=n]:not([value="`+was+`"])`)))
				if said := h.text(ctx, "main"); !strings.Contains(said, fmt.Sprintf("Llevas %d de 13", i+1)) {
					t.Errorf("after %d votes: %q", i+1, said)
				}
				h.do(ctx, scripts(true))
				at, err := chromedp.Run(ctx, chromedp.Evaluate[string](`window.same + " " + (document.activeElement.tagName === "H1")`))
				if err != nil || at != want {
					t.Errorf("the page is the same, its heading has the focus: %q, want %q (%v)", at, want, err)
				}
				title, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.title`))
				if err != nil || !strings.Contains(title, h.text(ctx, "h1")) {
					t.Errorf("the title is %q (%v)", title, err)
				}
				h.do(ctx, scripts(run))
			}
			h.do(ctx, scripts(true))
			browsertest.Here(t, ctx, fmt.Sprintf("votar-script-%v", run))
			h.do(ctx, scripts(run), chromedp.Navigate(h.Server.URL+base+"/mio"))
			if said := h.text(ctx, "main"); !strings.Contains(said, "Votos de este navegador: 3") {
				t.Errorf("three votes, and the page says %q", said)
			}
			h.do(ctx, scripts(true))
			// The last vote was sent from a form that the script brought in.
			raw, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(function () {
				var ask = new XMLHttpRequest();
				ask.open("GET", "`+base+`/mio.json", false);
				ask.send();
				return ask.responseText;
			})()`))
			if err != nil {
				t.Fatal(err)
			}
			if receipt, err := record.ParseReceipt([]byte(raw)); err != nil || receipt.Private == nil || (receipt.Private.SaltDevice != [16]byte{}) != run {
				t.Errorf("the device's part of the salt: %v %.300s", err, raw)
			}
			browsertest.Here(t, ctx, fmt.Sprintf("mio-script-%v", run))
		})
	}
}

// scripts lets a tab run the scripts of the pages that it opens, or not.
func scripts(run bool) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run})
		return chromedp.Void{}, err
	}
}

// do runs steps in a tab.
func (h *house) do(ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	h.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		h.Fatal(err)
	}
}

func (h *house) text(ctx context.Context, what string) string {
	h.Helper()
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(what)))
	if err != nil {
		h.Fatal(err)
	}
	return strings.TrimSpace(text)
}

func (h *house) attribute(ctx context.Context, what, name string) string {
	h.Helper()
	all, err := chromedp.Run(ctx, chromedp.Attributes(chromedp.CSS(what)))
	if err != nil {
		h.Fatal(err)
	}
	return all[name]
}
