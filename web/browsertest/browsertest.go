// Package browsertest looks at pages in Debian's Chromium, as the gallery and the
// whole-year play do: what axe-core finds, whether the page scrolls sideways at
// 320 px, what its first load asks for and of whom. For tests only.
//
// Start with [Open], then [Browser.Inspect].
package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Budgets of the first load of any public page (looks.md).
const (
	firstLoadBytes    = 90 << 10
	firstLoadRequests = 10
	firstLoadScript   = 25 << 10
)

// wide is a screen on which a page is looked at again, beside the narrow one.
const wide = 720

//go:embed axe/axe.min.js
var axe string

// Look is one way to see a page.
type Look struct {
	Scene string // where in a story it is seen; "" outside one
	Path  string
	Width int64
	Dark  bool
	Fails bool // the page rightly answers an error
	// Enter lets the browser in as somebody before it looks; nil for the public.
	Enter func(context.Context, *chromedp.Target) error
}

// Name tells looks apart, in the names of tests and pictures; a scene stands before its pages.
func (l Look) Name() string {
	scheme := "light"
	if l.Dark {
		scheme = "dark"
	}
	return fmt.Sprintf("%s%s@%d-%s", l.Scene, strings.ReplaceAll(strings.Trim(l.Path, "/"), "/", "_"), l.Width, scheme)
}

// Browser is a running Chromium that knows no other host than this one.
type Browser struct{ ctx context.Context }

// Open starts the browser. Under CI its absence is a failure.
func Open(t *testing.T) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is missing: apt-get install chromium")
		}
		t.Skip("chromium is missing (apt-get install chromium): pages were not looked at")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.NoFirstRun, chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal("chromium does not start: ", err)
	}
	return &Browser{ctx}
}

// Tab is a fresh profile for a test that drives the browser itself; it ends with
// the test, or after a while.
func (b *Browser) Tab(t *testing.T, within time.Duration) context.Context {
	t.Helper()
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	ctx, cancel := context.WithTimeout(ctx, within)
	t.Cleanup(cancel)
	return ctx
}

// Inspect visits a page in a fresh profile and fails for everything that is
// wrong with it. GLOSA_SHOTS=DIR keeps a picture.
func (b *Browser) Inspect(t *testing.T, site string, l Look) {
	t.Helper()
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	defer end()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	load := &traffic{kinds: map[network.RequestID]network.ResourceType{}}
	if err := chromedp.Listen(ctx, load.note); err != nil {
		t.Fatal(err)
	}
	first, err := chromedp.Run(ctx, func(ctx context.Context, tab *chromedp.Target) (sight, error) {
		return see(ctx, tab, site, l, load)
	})
	if err != nil {
		t.Fatal(err)
	}
	keepShot(t, l, first.shot)
	var violations []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(first.found), &violations); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Errorf("axe %s: %s\n\t%s", v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
	if (first.status >= 400) != l.Fails {
		t.Errorf("status %d", first.status)
	}
	if first.wide != "" {
		t.Errorf("scrolls sideways at 320 px: %s", first.wide)
	}
	if first.keys != "" {
		t.Errorf("by keyboard: %s", first.keys)
	}
	load.judge(t, site)
}

// traffic is what one load asked for.
type traffic struct {
	mu       sync.Mutex
	requests []string
	kinds    map[network.RequestID]network.ResourceType
	bytes    float64
	script   float64
}

func (f *traffic) note(ev any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(ev.Request.URL, "data:") {
			f.requests = append(f.requests, ev.Request.URL)
		}
		f.kinds[ev.RequestID] = ev.Type
	case *network.EventLoadingFinished:
		f.bytes += ev.EncodedDataLength
		if f.kinds[ev.RequestID] == network.ResourceTypeScript {
			f.script += ev.EncodedDataLength
		}
	}
}

// forget begins to count anew.
func (f *traffic) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests, f.bytes, f.script = nil, 0, 0
}

func (f *traffic) judge(t *testing.T, site string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	home, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range f.requests {
		if u, err := url.Parse(r); err != nil || u.Host != home.Host {
			t.Errorf("asks somebody else: %s", r)
		}
	}
	if n := len(f.requests); n > firstLoadRequests || f.bytes > firstLoadBytes || f.script > firstLoadScript {
		t.Errorf("first load: %d requests, %.0f bytes, %.0f of script: over budget\n%s", n, f.bytes, f.script, strings.Join(f.requests, "\n"))
	}
	t.Logf("%d requests, %.0f bytes, %.0f of script", len(f.requests), f.bytes, f.script)
}

// axeRun gives what is wrong, and no JSON at all when so little was checked that
// axe-core cannot have run on the page.
const axeRun = `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag2aaa","wcag21a","wcag21aa","wcag22aa","best-practice"], resultTypes: ["violations", "passes"]}).then(r =>
	r.passes.length < 10 ? "[]x" : JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.target.join(" ") + ": " + n.failureSummary.replace(/\s+/g, " "))}))))`

// widest names what stands out at the right of a page that scrolls sideways.
const widest = `document.documentElement.scrollWidth <= 320 ? "" : document.documentElement.scrollWidth + " px: " +
	[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 321 && !e.closest(".scroll")).slice(0, 5).map(e => e.tagName + "." + e.className).join(", ")`

func keepShot(t *testing.T, l Look, png []byte) {
	dir := os.Getenv("GLOSA_SHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, l.Name()+".png"), png, 0o644); err != nil {
		t.Error(err)
	}
}

// sight is what one visit found.
type sight struct {
	status int    // of the page itself
	found  string // what axe-core has to say
	wide   string // what stands out at 320 px
	keys   string // what the tabulator does not reach, or reaches unseen
	shot   []byte
}

func see(ctx context.Context, tab *chromedp.Target, site string, l Look, load *traffic) (s sight, err error) {
	scheme := "light"
	if l.Dark {
		scheme = "dark"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err = cdp.Call(ctx, tab, emulation.SetEmulatedMedia, media); err != nil {
		return s, err
	}
	if l.Enter != nil {
		if err := l.Enter(ctx, tab); err != nil {
			return s, err
		}
		load.forget() // entering is no part of the page's first load
	}
	if _, err = cdp.Call(ctx, tab, network.Enable, network.EnableParams{}); err != nil {
		return s, err
	}
	ready := chromedp.Evaluate[int](`document.fonts.ready.then(() => 1)`, chromedp.EvalAwaitPromise)
	steps := chromedp.Steps(chromedp.EmulateViewport(l.Width, 900), chromedp.Navigate(site+l.Path), chromedp.WaitReady("body"))
	if _, err = steps(ctx, tab); err != nil {
		return s, err
	}
	if _, err = ready(ctx, tab); err != nil {
		return s, err
	}
	if s.shot, err = chromedp.FullScreenshot(100)(ctx, tab); err != nil {
		return s, err
	}
	if _, err = chromedp.Evaluate[chromedp.Void](axe+";0")(ctx, tab); err != nil {
		return s, err
	}
	if s.status, err = chromedp.Evaluate[int](`performance.getEntriesByType("navigation")[0].responseStatus`)(ctx, tab); err != nil {
		return s, err
	}
	if s.found, err = chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise)(ctx, tab); err != nil {
		return s, err
	}
	if _, err = chromedp.EmulateViewport(320, 900)(ctx, tab); err != nil {
		return s, err
	}
	if s.wide, err = chromedp.Evaluate[string](widest)(ctx, tab); err != nil {
		return s, err
	}
	if l.Width < wide { // the same document in the same order; once is enough
		s.keys, err = tabThrough(ctx, tab)
	}
	return s, err
}

// What can be acted on: each must be reached with the tabulator and be seen to
// have the focus. Of a group of radio buttons the tabulator reaches one.
const (
	prepareKeys = `(() => {
	const open = e => { for (let d = e.parentElement; d; d = d.parentElement) if (d.tagName === "DETAILS" && !d.open && !(e.tagName === "SUMMARY" && e.parentElement === d)) return false; return true; };
	const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
		.filter(e => !e.disabled && e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden" && !e.closest("[inert]") && open(e));
	window.__want = all; window.__seen = new Set(); window.__dull = new Set();
	document.addEventListener("focusin", ev => window.__seen.add(ev.target), true);
	document.addEventListener("keydown", () => {
		const e = document.activeElement, st = getComputedStyle(e);
		if (e !== document.body && st.outlineStyle === "none" && st.boxShadow === "none") window.__dull.add(e);
	}, true);
	document.activeElement?.blur(); window.scrollTo(0, 0);
	return all.length; })()`
	judgeKeys = `(() => {
	const name = e => e.tagName + " " + (e.name || e.textContent).trim().slice(0, 40);
	const group = e => e.type === "radio" && [...window.__seen].some(o => o.type === "radio" && o.name === e.name && o.form === e.form);
	const lost = window.__want.filter(e => !window.__seen.has(e) && !group(e)).map(name);
	const dull = [...window.__dull].map(name);
	return (lost.length ? "not reached: " + lost.slice(0, 5).join(", ") + ". " : "") + (dull.length ? "focus unseen: " + dull.slice(0, 5).join(", ") : ""); })()`
)

// tabThrough presses the tabulator until everything was offered; a field for a
// date takes several, so it goes on a while.
func tabThrough(ctx context.Context, tab *chromedp.Target) (lost string, err error) {
	n, err := chromedp.Evaluate[int](prepareKeys)(ctx, tab)
	if err != nil {
		return "", err
	}
	for _, more := range []int{n + 2, n/2 + 10, n + 30} {
		for range more {
			if _, err := chromedp.KeyEvent("\t")(ctx, tab); err != nil {
				return "", err
			}
		}
		if lost, err = chromedp.Evaluate[string](judgeKeys)(ctx, tab); lost == "" || err != nil {
			return lost, err
		}
	}
	return lost, nil
}

// Here looks at what a tab shows in the middle of a story: what axe-core finds, and
// whether it scrolls sideways at 320 px. GLOSA_SHOTS=DIR keeps pictures, narrow and wide.
func Here(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	found, err := chromedp.Run(ctx, func(ctx context.Context, tab *chromedp.Target) (s sight, err error) {
		if _, err = chromedp.Evaluate[chromedp.Void](axe+";0")(ctx, tab); err != nil {
			return s, err
		}
		for _, width := range []int64{1280, 360, 320} {
			if _, err = chromedp.EmulateViewport(width, 900)(ctx, tab); err != nil {
				return s, err
			}
			if os.Getenv("GLOSA_SHOTS") != "" && width > 320 {
				if s.shot, err = chromedp.FullScreenshot(100)(ctx, tab); err != nil {
					return s, err
				}
				keepShot(t, Look{Path: name, Width: width}, s.shot)
			}
		}
		if s.wide, err = chromedp.Evaluate[string](widest)(ctx, tab); err != nil {
			return s, err
		}
		s.found, err = chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise)(ctx, tab)
		return s, err
	})
	if err != nil {
		t.Fatal(name, ": ", err)
	}
	if found.found != "[]" {
		t.Errorf("%s: axe: %s", name, found.found)
	}
	if found.wide != "" {
		t.Errorf("%s scrolls sideways at 320 px: %s", name, found.wide)
	}
}
