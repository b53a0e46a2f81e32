package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"glosa"
)

const sample = `Presentación del año.

# Informe

## Salud

Se abrieron **tres** centros de salud.

- Bacalar
- Tulum

## Agua

| Obra | Pesos |
|---|---:|
| Pozo | 100 |

> Quedan pendientes dos obras.
`

func cut(t testing.TB, markdown string) []Passage {
	t.Helper()
	p, err := Cut(markdown)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func anchors(list []Passage) string {
	var out []string
	for _, p := range list {
		out = append(out, p.Anchor)
	}
	return strings.Join(out, " ")
}

func TestCutNumbersSections(t *testing.T) {
	got := cut(t, sample)
	Number(nil, got)
	want := []struct {
		anchor string
		kind   Block
		words  string
	}{
		{"0-1", Paragraph, "Presentación del año."},
		{"0-2", Heading, "Informe"},
		{"1", Heading, "Salud"},
		{"1-1", Paragraph, "Se abrieron tres centros de salud."},
		{"1-2", List, "Bacalar Tulum"},
		{"2", Heading, "Agua"},
		{"2-1", Table, "Obra Pesos Pozo 100"},
		{"2-2", Quote, "Quedan pendientes dos obras."},
	}
	if len(got) != len(want) {
		t.Fatalf("%d passages, want %d", len(got), len(want))
	}
	for i, w := range want {
		if got[i].Anchor != w.anchor || got[i].Kind != w.kind || got[i].Words != w.words {
			t.Errorf("%d: %s %s %q, want %+v", i, got[i].Anchor, got[i].Kind, got[i].Words, w)
		}
	}
	if PassageOf("demo26", "1-2") != "demo26-informe-1-2" || got[4].ElementID() != "p-1-2" {
		t.Error("the address of a passage")
	}
	if a, ok := AnchorOf("demo26", "demo26-informe-1-2"); a != "1-2" || !ok {
		t.Error("an address leads back to its anchor")
	}
	for _, bad := range []glosa.PassageID{"demo25-informe-1-2", "demo26-informe-", "demo26-informe-01", "demo26-informe-1-0", "demo26-informe-0", "demo26-informe-1-2-3", "demo26-informe-x"} {
		if a, ok := AnchorOf("demo26", bad); ok {
			t.Errorf("%s was read as %q", bad, a)
		}
	}
}

// TestAddressesLast: what happens to numbers when the text changes.
func TestAddressesLast(t *testing.T) {
	const first = "## Uno\n\nPrimer párrafo del informe anual.\n\nSegundo párrafo, otra cosa distinta.\n\n## Dos\n\nTercer párrafo de la segunda parte.\n"
	for _, c := range []struct{ name, next, want, gone string }{
		{"Unchanged", first, "1 1-1 1-2 2 2-1", ""},
		{"InsertedBetween", "## Uno\n\nPrimer párrafo del informe anual.\n\nAlgo enteramente nuevo aquí.\n\nSegundo párrafo, otra cosa distinta.\n\n## Dos\n\nTercer párrafo de la segunda parte.\n", "1 1-1 1-3 1-2 2 2-1", ""},
		{"Reworded", "## Uno\n\nPrimer párrafo del nuevo informe anual.\n\nSegundo párrafo, otra cosa distinta.\n\n## Dos\n\nTercer párrafo de la segunda parte.\n", "1 1-1 1-2 2 2-1", ""},
		{"Rewritten", "## Uno\n\nNada que ver con aquello.\n\nSegundo párrafo, otra cosa distinta.\n\n## Dos\n\nTercer párrafo de la segunda parte.\n", "1 1-3 1-2 2 2-1", "1-1"},
		{"Removed", "## Uno\n\nSegundo párrafo, otra cosa distinta.\n\n## Dos\n\nTercer párrafo de la segunda parte.\n", "1 1-2 2 2-1", "1-1"},
		{"SectionsSwapped", "## Dos\n\nTercer párrafo de la segunda parte.\n\n## Uno\n\nPrimer párrafo del informe anual.\n\nSegundo párrafo, otra cosa distinta.\n", "2 2-1 1 1-1 1-2", ""},
		{"MovedToAnotherSection", "## Uno\n\nPrimer párrafo del informe anual.\n\n## Dos\n\nTercer párrafo de la segunda parte.\n\nSegundo párrafo, otra cosa distinta.\n", "1 1-1 2 2-1 1-2", ""},
		{"NewSectionFirst", "## Cero\n\nUna parte agregada después.\n\n" + first, "3 3-1 1 1-1 1-2 2 2-1", ""},
		{"HeadingReworded", strings.Replace(first, "## Dos", "## Dos, con más", 1), "1 1-1 1-2 3 2-1", "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, now := cut(t, first), cut(t, c.next)
			Number(nil, before)
			Number(before, now)
			if got := anchors(now); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := anchors(gone(before, now)); got != c.gone {
				t.Errorf("gone: %q, want %q", got, c.gone)
			}
		})
	}
}

// TestANumberIsGivenOnce: a number that went away comes back only with its words.
func TestANumberIsGivenOnce(t *testing.T) {
	before := cut(t, "## Uno\n\nPrimer párrafo del informe.\n\nSegundo.\n")
	Number(nil, before)
	second := cut(t, "## Uno\n\nSegundo.\n")
	Number(before, second)
	ledger := append(second, gone(before, second)...)
	third := cut(t, "## Uno\n\nSegundo.\n\nOtra cosa nueva.\n")
	Number(ledger, third)
	if got := anchors(third); got != "1 1-2 1-3" {
		t.Errorf("a gone number was given again: %s", got)
	}
	ledger = append(third, gone(ledger, third)...)
	fourth := cut(t, "## Uno\n\nPrimer párrafo del informe.\n\nSegundo.\n\nOtra cosa nueva.\n")
	Number(ledger, fourth)
	if got := anchors(fourth); got != "1 1-1 1-2 1-3" {
		t.Errorf("the passage that came back has another number: %s", got)
	}
}

// TestNumberProperties: whatever is edited, every passage has one valid number of its own,
// and passages that read the same and are alone in doing so keep theirs.
func TestNumberProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string {
			var b strings.Builder
			for i, n := range rapid.SliceOfN(rapid.IntRange(0, 30), 1, 25).Draw(t, name) {
				if n%7 == 0 {
					fmt.Fprintf(&b, "## Parte %d\n\n", n)
				} else {
					fmt.Fprintf(&b, "Texto número %d con palabras propias %d %d.\n\n", n, n*n, n*31+i%2)
				}
			}
			return b.String()
		}
		var ledger []Passage
		for round := range 4 {
			now, err := Cut(text(fmt.Sprint(round)))
			if err != nil {
				t.Fatal(err)
			}
			Number(ledger, now)
			seen := map[string]bool{}
			for i, p := range now {
				if seen[p.Anchor] || !validAnchor(p.Anchor) {
					t.Fatalf("round %d: anchor %q twice or no anchor: %s", round, p.Anchor, anchors(now))
				}
				seen[p.Anchor] = true
				for _, o := range ledger {
					if o.Anchor == p.Anchor && o.Kind != p.Kind {
						t.Fatalf("%s was a %s and is a %s", p.Anchor, o.Kind, p.Kind)
					}
				}
				now[i].Place = i + 1
			}
			ledger = append(now, gone(ledger, now)...)
		}
	})
}

// TestHostileMarkdown: HTML and script are text; links lead only where links lead.
func TestHostileMarkdown(t *testing.T) {
	for _, c := range []struct{ name, in, shows string }{
		{"ScriptBlock", "<script>alert(1)</script>", "alert(1)"},
		{"ScriptInline", "hola <img src=x onerror=alert(1)> mundo", "onerror=alert(1)"},
		{"StyleBlock", "<style>body{display:none}</style>", "display:none"},
		{"JavascriptLink", "[pulsa](javascript:alert(1))", "pulsa"},
		{"DataLink", "[pulsa](data:text/html;base64,PHNjcmlwdD4=)", "pulsa"},
		{"EncodedLink", "[pulsa](java&#115;cript:alert(1))", "pulsa"},
		{"AutoLink", "<javascript:alert(1)>", "alert(1)"},
		{"Picture", "![mapa del agua](https://espia.example/p.png)", "mapa del agua"},
		{"Attributes", "# Título {#x onclick=alert(1)}", "Título"},
		{"Comment", "<!-- oculto -->", "oculto"},
		{"Frame", "<iframe src=\"https://example.org\"></iframe>", "iframe"},
		{"Svg", "<svg onload=alert(1)>\n<a xlink:href=\"javascript:alert(1)\">x</a>\n</svg>", "onload"},
		{"Entities", "&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"},
		{"Unclosed", "<div><b>", "<div><b>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, p := range cut(t, c.in) {
				harmless(t, p.HTML)
				if !strings.Contains(p.Words, c.shows) {
					t.Errorf("%q is hidden: %q", c.shows, p.Words)
				}
				if shown := textOf(t, p.HTML); !strings.Contains(shown, c.shows) {
					t.Errorf("%q is hidden in %q", c.shows, p.HTML)
				}
			}
		})
	}
}

var allowed = []string{"p", "br", "hr", "ul", "ol", "li", "strong", "em", "del", "code", "pre", "blockquote", "a",
	"h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}

// TestCutIsQuick: text made to keep a parser busy does not. The limit is a
// hundred times what it takes.
func TestCutIsQuick(t *testing.T) {
	fill := func(unit string, per int) string {
		var b strings.Builder
		for b.Len() < MaxMarkdown/10 {
			b.WriteString(strings.Repeat(unit, per) + "\n\n")
		}
		return b.String()
	}
	for name, in := range map[string]string{
		"Brackets": fill("[a](", 499), "Numbers": fill("1. ", 24), "Tildes": fill("~~a", 240), "Stars": fill("*a **b ", 5000), "Tags": fill("<a ", 499),
		"Quotes": fill("> ", 24), "Ticks": fill("`a ``b ", 160), "Table": "|a|b|\n|-|-|\n" + strings.Repeat("|a|b|\n", 15_000),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			p, err := Cut(in)
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%d bytes took %s (%d passages, %v)", len(in), took, len(p), err)
			}
		})
	}
}

// harmless parses HTML as a browser would and looks at every element and attribute.
func harmless(t testing.TB, text string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			if !slices.Contains(allowed, tok.Data) {
				t.Errorf("element %s in %q", tok.Data, text)
			}
			for _, a := range tok.Attr {
				link := a.Key == "href" && (strings.HasPrefix(a.Val, "http://") || strings.HasPrefix(a.Val, "https://") || strings.HasPrefix(a.Val, "mailto:"))
				if !link && a.Key != "rel" && a.Key != "start" && a.Key != "align" {
					t.Errorf("attribute %s=%q in %q", a.Key, a.Val, text)
				}
			}
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("a comment in %q", text)
		}
	}
}

func textOf(t testing.TB, text string) string {
	t.Helper()
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.WriteString(z.Token().Data)
		}
	}
}

func TestCutRefuses(t *testing.T) {
	for name, in := range map[string]string{"OnlyBlanks": " \n\n ", "OnlyRules": "---\n\n***\n", "TooMany": strings.Repeat("a\n\n", MaxPassages+1),
		"TooDeep": strings.Repeat("> ", 40) + "a", "TooDeepLists": strings.Repeat("- ", 40) + "a",
		"TooDeepNumbers": strings.Repeat("1. ", 40) + "a", "Brackets": strings.Repeat("[a](", 600), "Pictures": strings.Repeat("![", 600),
		"Columns": strings.Repeat("|a", 101) + "\n" + strings.Repeat("|-", 101), "Indented": strings.Repeat(" ", 400) + "- a"} {
		if p, err := Cut(in); glosa.KindOf(err) != glosa.Invalid || err == nil {
			t.Errorf("%s: %d passages, %v", name, len(p), err)
		}
	}
	if _, err := Cut("a\n\n" + strings.Repeat("-", 200) + "\n"); err != nil {
		t.Errorf("a long ruled line is not deep: %v", err)
	}
}

func TestLate(t *testing.T) {
	zone := time.FixedZone("America/Cancun", -5*3600)
	due := time.Date(2026, 3, 10, 23, 59, 59, 0, zone)
	for _, c := range []struct {
		at   time.Time
		want int
	}{
		{due.Add(-time.Hour), 0}, {due, 0}, {due.Add(time.Second), 1}, {due.Add(24 * time.Hour), 1},
		{due.Add(24*time.Hour + time.Second), 2}, {time.Date(2026, 3, 12, 4, 0, 0, 0, time.UTC), 1},
		{time.Date(2026, 4, 10, 9, 0, 0, 0, zone), 31},
	} {
		if got := Late(due, c.at, zone); got != c.want {
			t.Errorf("%s: %d, want %d", c.at, got, c.want)
		}
	}
	if Late(time.Time{}, due, zone) != 0 {
		t.Error("without a date nothing is late")
	}
}

func FuzzCut(f *testing.F) {
	for _, s := range []string{sample, "<script>alert(1)</script>", "[a](javascript:x)", "> > > a", "- a\n  - b\n    - c", "| a |\n|---|\n| <b>x</b> |",
		"&#0;", "\\<a\\>", "[x]: javascript:alert(1)\n\n[x]", "```html\n<script>\n```", "<!--", "<![CDATA[x]]>", "<?php x ?>", "a\x00b", "~~x~~", "![a](b \"c\")"} {
		f.Add(s, "## Uno\n\nDos.\n")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		var ledger []Passage
		for _, markdown := range []string{a, b, a} {
			if len(markdown) > 20_000 || checkText(Text{Title: "x", Markdown: markdown}) != nil {
				return
			}
			now, err := Cut(markdown)
			if err != nil {
				return
			}
			Number(ledger, now)
			seen := map[string]bool{}
			for _, p := range now {
				harmless(t, p.HTML)
				if seen[p.Anchor] || !validAnchor(p.Anchor) {
					t.Fatalf("anchor %q", p.Anchor)
				}
				seen[p.Anchor] = true
			}
			ledger = append(now, gone(ledger, now)...)
		}
	})
}
