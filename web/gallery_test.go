package web

import (
	"bufio"
	"context"
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

// TestGallery visits every page of testdata/gallery.txt in Chromium: no
// violation that axe-core finds, no sideways scroll at 320 px, the first load
// within its budget, nothing asked of anybody else. GLOSA_SHOTS=DIR keeps
// pictures; GLOSA_GALLERY=URL visits the [demo] pages of a running demonstration.
func TestGallery(t *testing.T) {
	if testing.Short() {
		t.Skip("the gallery is not for -short")
	}
	browser := chromium(t)
	axe, err := os.ReadFile(filepath.Join("testdata", "axe", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	shell := setUp(t, func(c *Config) { c.Site.Place, c.Site.Demo = "Quintana Roo", true })
	pages := gallery(t)
	visit := func(site string, list []exhibit) {
		for _, x := range list {
			for _, look := range x.looks() {
				t.Run(look.name(), func(t *testing.T) { inspect(t, browser, string(axe), site, look) })
			}
		}
	}
	visit(shell.URL, pages["shell"])
	if site := os.Getenv("GLOSA_GALLERY"); site != "" {
		visit(site, named(t, site, pages["demo"]))
	} else {
		site := demonstration(t)
		visit(site, named(t, site, pages["demo"]))
	}
}

// exhibit is a line of the gallery.
type exhibit struct {
	path string
	full bool
	as   string // who looks at it, for desks: "part of the heading: part of the entry"
}

// look is one way to see a page.
type look struct {
	path  string
	width int64
	dark  bool
	as    string
}

func (l look) name() string {
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	return fmt.Sprintf("%s@%d-%s", strings.ReplaceAll(strings.Trim(l.path, "/"), "/", "_"), l.width, scheme)
}

func (x exhibit) looks() []look {
	l := []look{{x.path, 360, false, x.as}}
	if x.full {
		english := strings.Replace(x.path, "/es/", "/en/", 1)
		l = append(l, look{x.path, 1280, true, x.as}, look{english, 360, false, x.as})
	}
	if os.Getenv("GLOSA_SHOTS") != "" { // for eyes, beside the narrow one
		l = append(l, look{x.path, 1280, false, x.as})
	}
	return l
}

func gallery(t *testing.T) map[string][]exhibit {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "gallery.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pages, section := map[string][]exhibit{}, ""
	for sc := bufio.NewScanner(f); sc.Scan(); {
		line := strings.TrimSpace(sc.Text())
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		default:
			path, full := strings.CutPrefix(line, "* ")
			path, as, _ := strings.Cut(path, " as ")
			pages[section] = append(pages[section], exhibit{path, full, as})
		}
	}
	return pages
}

// chromium starts Debian's browser. Under CI its absence is a failure.
func chromium(t *testing.T) context.Context {
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
	return ctx
}

// demonstration builds and starts `glosa demo`, and returns its address.
func demonstration(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "glosa")
	if out, err := exec.Command("go", "build", "-o", bin, "glosa/cmd/glosa").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	cmd := exec.Command(bin, "demo", "--addr", "127.0.0.1:0", "--data", t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() })
	for sc := bufio.NewScanner(out); sc.Scan(); {
		if i := strings.Index(sc.Text(), "http://"); i >= 0 {
			site, _, _ := strings.Cut(sc.Text()[i:], " ")
			return strings.TrimRight(site, "/")
		}
	}
	t.Fatal("the demonstration ended without printing its address")
	return ""
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

// axeRun gives what is wrong, and no JSON at all when so little was checked that
// axe-core cannot have run on the page.
const axeRun = `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag2aaa","wcag21a","wcag21aa","wcag22aa","best-practice"], resultTypes: ["violations", "passes"]}).then(r =>
	r.passes.length < 10 ? "[]x" : JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.target.join(" ") + ": " + n.failureSummary.replace(/\s+/g, " "))}))))`

func inspect(t *testing.T, browser context.Context, axe, site string, l look) {
	ctx, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	defer end()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	load := &traffic{kinds: map[network.RequestID]network.ResourceType{}}
	if err := chromedp.Listen(ctx, load.note); err != nil {
		t.Fatal(err)
	}
	first, err := chromedp.Run(ctx, func(ctx context.Context, tab *chromedp.Target) (sight, error) {
		return see(ctx, tab, axe, site, l, load)
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
	if astray := strings.Contains(l.path, "no-existe") || strings.Contains(l.path, "999") || strings.Contains(l.path, "falla") || strings.Contains(l.path, "=mal"); (first.status >= 400) != astray {
		t.Errorf("status %d", first.status)
	}
	if first.wide != "" {
		t.Errorf("scrolls sideways at 320 px: %s", first.wide)
	}
	load.judge(t, site)
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

// widest names what stands out at the right of a page that scrolls sideways.
const widest = `document.documentElement.scrollWidth <= 320 ? "" : document.documentElement.scrollWidth + " px: " +
	[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 321 && !e.closest(".scroll")).slice(0, 5).map(e => e.tagName + "." + e.className).join(", ")`

func keepShot(t *testing.T, l look, png []byte) {
	dir := os.Getenv("GLOSA_SHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, l.name()+".png"), png, 0o644); err != nil {
		t.Error(err)
	}
}

// sight is what one visit found.
type sight struct {
	status int    // of the page itself
	found  string // what axe-core has to say
	wide   string // what stands out at 320 px
	shot   []byte
}

func see(ctx context.Context, tab *chromedp.Target, axe, site string, l look, load *traffic) (s sight, err error) {
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err = cdp.Call(ctx, tab, emulation.SetEmulatedMedia, media); err != nil {
		return s, err
	}
	if l.as != "" {
		if err := enterAs(ctx, tab, site, l.as); err != nil {
			return s, err
		}
		load.forget() // entering is no part of the page's first load
	}
	if _, err = cdp.Call(ctx, tab, network.Enable, network.EnableParams{}); err != nil {
		return s, err
	}
	ready := chromedp.Evaluate[int](`document.fonts.ready.then(() => 1)`, chromedp.EvalAwaitPromise)
	steps := chromedp.Steps(chromedp.EmulateViewport(l.width, 900), chromedp.Navigate(site+l.path), chromedp.WaitReady("body"))
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
	s.wide, err = chromedp.Evaluate[string](widest)(ctx, tab)
	return s, err
}
