package web

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"glosa/web/browsertest"
)

// TestGallery visits every page of testdata/gallery.txt in Chromium: no
// violation that axe-core finds, no sideways scroll at 320 px, the first load
// within its budget, nothing asked of anybody else. GLOSA_SHOTS=DIR keeps
// pictures; GLOSA_GALLERY=URL visits the [demo] pages of a running demonstration.
func TestGallery(t *testing.T) {
	if testing.Short() {
		t.Skip("the gallery is not for -short")
	}
	browser := browsertest.Open(t)
	shell := setUp(t, func(c *Config) { c.Site.Place, c.Site.Demo = "Quintana Roo", true })
	pages := gallery(t)
	visit := func(site string, list []exhibit) {
		cast := newCast(site)
		for _, x := range list {
			for _, look := range x.looks(cast) {
				t.Run(look.Name(), func(t *testing.T) {
					t.Parallel()
					browser.Inspect(t, site, look)
				})
			}
		}
	}
	visit(shell.URL, pages["shell"])
	site := os.Getenv("GLOSA_GALLERY")
	if site == "" {
		site = demonstration(t)
	}
	visit(site, named(t, site, pages["demo"]))
}

// exhibit is a line of the gallery.
type exhibit struct {
	path string
	full bool
	as   string // who looks at it, for desks: "part of the heading: part of the entry"
}

// looks are the ways in which an exhibit is seen.
func (x exhibit) looks(c *cast) []browsertest.Look {
	narrow, wide, night := browsertest.View{Width: 360}, browsertest.View{Width: 1280}, browsertest.View{Width: 1280, Dark: true}
	look := browsertest.Look{Path: x.path, Views: []browsertest.View{narrow}, Fails: fails.MatchString(x.path)}
	if x.as != "" {
		look.Enter = func(ctx context.Context, tab *chromedp.Target) error { return c.enter(ctx, tab, x.as) }
	}
	if os.Getenv("GLOSA_SHOTS") != "" { // for eyes, beside the narrow one
		look.Views = append(look.Views, wide)
	}
	if !x.full {
		return []browsertest.Look{look}
	}
	english := look
	english.Path = strings.Replace(x.path, "/es/", "/en/", 1)
	look.Views = append(look.Views, night)
	return []browsertest.Look{look, english}
}

// fails tells the addresses of the gallery that rightly answer an error.
var fails = regexp.MustCompile(`no-existe|999|falla|=mal`)

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
