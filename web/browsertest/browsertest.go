// Package browsertest looks at pages in Debian's Chromium, as the gallery and the
// whole-year play do: what axe-core finds, whether the page scrolls sideways at
// 320 px, what its first load asks for and of whom. For tests only.
//
// Start with [Open], then [Browser.Inspect].
package browsertest

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// Budgets of the first load of any public page (looks.md).
const (
	firstLoadBytes    = 90 << 10
	firstLoadRequests = 10
	firstLoadScript   = 25 << 10
)

//go:embed axe/axe.min.js
var axe string

// Look is a page to be looked at.
type Look struct {
	Scene string // where in a story it is seen; "" outside one
	Path  string
	Views []View // the first loads the page; the others see the same document
	Fails bool   // the page rightly answers an error
	// Enter lets the browser in as somebody before it looks; nil for the public.
	Enter func(context.Context, *chromedp.Target) error
}

// View is a screen and what its owner prefers.
type View struct {
	Width int64 // CSS pixels
	Dark  bool
}

// Name tells looks apart, in the names of tests; a scene stands before its pages.
func (l Look) Name() string { return l.Scene + strings.ReplaceAll(strings.Trim(l.Path, "/"), "/", "_") }

func (v View) scheme() string {
	if v.Dark {
		return "dark"
	}
	return "light"
}

// Browser is a running Chromium that knows no other host than this one. Several
// tests may look at once.
type Browser struct {
	ctx  context.Context
	free chan tab // profiles that nobody looks with now
}

// tab is a profile of its own; end throws it away.
type tab struct {
	ctx context.Context
	end context.CancelFunc
}

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
	return &Browser{ctx, make(chan tab, runtime.GOMAXPROCS(0))}
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

// take gives a profile that knows nothing. Making one takes longer than a look, so
// those that are put back are used again, emptied.
func (b *Browser) take() (tab, error) {
	select {
	case t := <-b.free:
		return t, nil
	default:
		ctx, end := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
		return tab{ctx, end}, chromedp.Do(ctx) // it lives as long as the context of its first steps
	}
}

func (b *Browser) put(t tab) {
	select {
	case b.free <- t:
	default:
		t.end()
	}
}

// Inspect visits a page in an empty profile and fails for everything that is
// wrong with it. GLOSA_SHOTS=DIR keeps a picture of each view.
func (b *Browser) Inspect(t *testing.T, site string, l Look) {
	t.Helper()
	mine, err := b.take()
	if err != nil {
		mine.end()
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(mine.ctx, 2*time.Minute)
	defer cancel()
	load := &traffic{kinds: map[network.RequestID]network.ResourceType{}}
	if err := chromedp.Listen(ctx, load.note); err != nil {
		mine.end()
		t.Fatal(err)
	}
	seen, err := chromedp.Run(ctx, func(ctx context.Context, tab *chromedp.Target) (sight, error) {
		return see(ctx, tab, site, l, load)
	})
	if err != nil {
		mine.end()
		t.Fatal(err)
	}
	b.put(mine)
	for i, v := range l.Views {
		if seen.found[i] != "[]" {
			t.Errorf("axe at %d px, %s: %s", v.Width, v.scheme(), seen.found[i])
		}
		keepShot(t, l, v, seen.shots[i])
	}
	if (seen.status >= 400) != l.Fails {
		t.Errorf("status %d", seen.status)
	}
	if seen.wide != "" {
		t.Errorf("scrolls sideways at 320 px: %s", seen.wide)
	}
	if seen.keys != "" {
		t.Errorf("by keyboard: %s", seen.keys)
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

func keepShot(t *testing.T, l Look, v View, png []byte) {
	if png == nil {
		return
	}
	name := fmt.Sprintf("%s@%d-%s.png", l.Name(), v.Width, v.scheme())
	if err := os.WriteFile(filepath.Join(os.Getenv("GLOSA_SHOTS"), name), png, 0o644); err != nil {
		t.Error(err)
	}
}

// sight is what one visit found.
type sight struct {
	status int      // of the page itself
	found  []string // what axe-core has to say, by view
	shots  [][]byte // PNG by view; nil where nobody keeps them
	wide   string   // what stands out at 320 px
	keys   string   // what the tabulator does not reach, or reaches unseen
}

func see(ctx context.Context, tab *chromedp.Target, site string, l Look, load *traffic) (s sight, err error) {
	if err = empty(ctx, tab, site); err != nil {
		return s, err
	}
	if l.Enter != nil {
		if err = l.Enter(ctx, tab); err != nil {
			return s, err
		}
	}
	load.forget() // entering is no part of the page's first load
	if err = show(ctx, tab, l.Views[0]); err != nil {
		return s, err
	}
	if _, err = chromedp.Steps(chromedp.Navigate(site+l.Path), chromedp.WaitReady("body"))(ctx, tab); err != nil {
		return s, err
	}
	if _, err = chromedp.Evaluate[int](`document.fonts.ready.then(() => 1)`, chromedp.EvalAwaitPromise)(ctx, tab); err != nil {
		return s, err
	}
	if s.status, err = chromedp.Evaluate[int](`performance.getEntriesByType("navigation")[0].responseStatus`)(ctx, tab); err != nil {
		return s, err
	}
	if _, err = chromedp.Evaluate[chromedp.Void](axe+";0")(ctx, tab); err != nil {
		return s, err
	}
	for _, v := range l.Views {
		found, shot, err := judge(ctx, tab, v)
		if err != nil {
			return s, err
		}
		s.found, s.shots = append(s.found, found), append(s.shots, shot)
	}
	if s.wide, err = sideways(ctx, tab); err != nil {
		return s, err
	}
	s.keys, err = tabThrough(ctx, tab)
	return s, err
}

// empty makes a used profile forget everything of a site, and keep nothing of it.
func empty(ctx context.Context, tab *chromedp.Target, site string) error {
	if _, err := chromedp.Navigate("about:blank")(ctx, tab); err != nil {
		return err
	}
	// Keys reach only what has the focus, and of several tabs one has it.
	if _, err := cdp.Call(ctx, tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{}); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, tab, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, tab, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		return err
	}
	_, err := cdp.Call(ctx, tab, storage.ClearDataForOrigin, storage.ClearDataForOriginParams{Origin: site, StorageTypes: "all"})
	return err
}

// show makes the screen that of a view.
func show(ctx context.Context, tab *chromedp.Target, v View) error {
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme()}}}
	if _, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, media); err != nil {
		return err
	}
	_, err := chromedp.EmulateViewport(v.Width, 900)(ctx, tab)
	return err
}

// judge tells what axe-core finds in a view, and how it looks if pictures are kept.
func judge(ctx context.Context, tab *chromedp.Target, v View) (found string, shot []byte, err error) {
	if err = show(ctx, tab, v); err != nil {
		return "", nil, err
	}
	if os.Getenv("GLOSA_SHOTS") != "" {
		if shot, err = chromedp.FullScreenshot(100)(ctx, tab); err != nil {
			return "", nil, err
		}
	}
	found, err = chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise)(ctx, tab)
	return found, shot, err
}

func sideways(ctx context.Context, tab *chromedp.Target) (string, error) {
	if _, err := chromedp.EmulateViewport(320, 900)(ctx, tab); err != nil {
		return "", err
	}
	return chromedp.Evaluate[string](widest)(ctx, tab)
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
	look := Look{Path: name, Views: []View{{Width: 360}, {Width: 1280}}}
	seen, err := chromedp.Run(ctx, func(ctx context.Context, tab *chromedp.Target) (s sight, err error) {
		if _, err = chromedp.Evaluate[chromedp.Void](axe+";0")(ctx, tab); err != nil {
			return s, err
		}
		for _, v := range look.Views {
			found, shot, err := judge(ctx, tab, v)
			if err != nil {
				return s, err
			}
			s.found, s.shots = append(s.found, found), append(s.shots, shot)
		}
		s.wide, err = sideways(ctx, tab)
		return s, err
	})
	if err != nil {
		t.Fatal(name, ": ", err)
	}
	for i, v := range look.Views {
		if seen.found[i] != "[]" {
			t.Errorf("%s: axe at %d px: %s", name, v.Width, seen.found[i])
		}
		keepShot(t, look, v, seen.shots[i])
	}
	if seen.wide != "" {
		t.Errorf("%s scrolls sideways at 320 px: %s", name, seen.wide)
	}
}
