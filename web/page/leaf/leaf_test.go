package leaf

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"glosa"
	"glosa/web/door"
	"glosa/web/text"
)

func html(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// seen is the text of a page, without its marks.
func seen(html string) string {
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(html, " ")), " ")
}

func TestPageInOrder(t *testing.T) {
	es := text.For("es")
	p := Page{Words: es, Path: "/x", Title: "Título", State: "Está abierta.", More: "Sigue.", Site: door.Site{Place: "Quintana Roo"},
		Margin: Margin{Head: "QR26"}, Clock: Working(es, 8, time.Date(2027, 1, 6, 0, 0, 0, 0, time.UTC)),
		Action: &Action{Text: "Preguntar", Href: "/es/preguntar"}, Chain: &Chain{}, Downloads: []Link{{Text: "CSV", Href: "/x.csv"}}}
	got := html(t, Leaf(p))
	last := 0
	for _, want := range []string{"<title>Título · Está abierta · Glosa</title>", "Ir al contenido", "Quintana Roo", "<b>QR26</b>", "Título</h1>", "Está abierta.",
		"Quedan 8 días hábiles.", "Preguntar", "Del informe al cumplimiento", "CSV", "<footer"} {
		i := strings.Index(got[last:], want)
		if i < 0 {
			t.Fatalf("%q is missing, or stands too early", want)
		}
		last += i
	}
	if strings.Contains(got, " style=") || strings.Contains(got, "http://") {
		t.Error("a style attribute or an outside address")
	}
	if n := strings.Count(got, "<h1"); n != 1 {
		t.Errorf("%d h1", n)
	}
}

func TestSyntheticPagesSaySoAndStayOutOfSearch(t *testing.T) {
	got := html(t, Leaf(Page{Words: text.For("es"), Title: "x", Synthetic: true}))
	if !strings.Contains(got, "SINTÉTICO") || !strings.Contains(got, `content="noindex"`) {
		t.Error("a synthetic page without its band, or indexed")
	}
	stamp := html(t, StampBox(text.For("es"), door.Site{Demo: true}, Stamp{N: 1, At: time.Unix(0, 0)}))
	if !strings.Contains(stamp, "Registro de demostración") {
		t.Error("a stamp of the demonstration passes for the real thing")
	}
}

func TestHostileTextIsShownAsText(t *testing.T) {
	bad := `"><script>alert(1)</script>`
	w := text.For("es")
	for name, c := range map[string]templ.Component{
		"title":   Leaf(Page{Words: w, Title: bad, State: bad, Path: bad, Crumbs: []Link{{Text: bad, Href: bad}}}),
		"link":    Anchor(Link{Text: bad, Href: "javascript:alert(1)"}),
		"row":     RowList([]Item{{Code: bad, Text: bad, Href: bad, Lang: bad, Notes: []string{bad}}}),
		"field":   Area(w, Field{Name: "text", Value: bad, Error: bad}),
		"balance": BalanceBar(w, Balance{Received: 1, Waiting: 1, At: bad}),
		"tag":     SDGTag(w, "16.7", bad, bad),
		"cite":    CiteBlock(w, Cite{Text: bad, URL: "javascript:alert(1)"}),
	} {
		got := html(t, c)
		if strings.Contains(got, "<script>alert") || strings.Contains(got, `href="javascript`) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestClocks(t *testing.T) {
	w := text.For("es")
	due := time.Date(2027, 1, 6, 23, 59, 0, 0, time.UTC)
	for left, want := range map[int]string{
		8:  "Quedan 8 días hábiles. Vence el miércoles 6 de enero de 2027.",
		1:  "Queda 1 día hábil. Vence el miércoles 6 de enero de 2027.",
		0:  "Vence hoy. Miércoles 6 de enero de 2027.",
		-3: "Vencida hace 3 días hábiles. Venció el miércoles 6 de enero de 2027.",
	} {
		got := html(t, ClockBox(w, *Working(w, left, due)))
		if seen(got) != want {
			t.Errorf("%d: %q, want %q", left, seen(got), want)
		}
		if late := strings.Contains(got, "clock late"); late != (left < 0) {
			t.Errorf("%d: late is %t", left, late)
		}
	}
}

func TestGapIsNeverGuessed(t *testing.T) {
	w := text.For("es")
	for _, c := range []struct {
		gov, obs Grade
		want     string
	}{
		{Complete, Limited, "Diferencia: 2 pasos"},
		{Limited, Substantial, "Diferencia: 1 paso"},
		{Complete, Complete, "Diferencia: 0 pasos"},
		{Complete, NoEvidence, w.T("m.gap.none")},
		{Complete, NoWord, w.T("m.gap.none")},
	} {
		if got := Gap(w, c.gov, c.obs); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.gov, c.obs, got, c.want)
		}
	}
}

func TestTileBands(t *testing.T) {
	for _, c := range []struct {
		received int
		expected float64
		class    string
		figure   string
	}{
		{4, 10, "r1 c1 few", "0.4"}, {5, 10, "r1 c1", "0.5"}, {8, 10, "r1 c1 even", "0.8"},
		{12, 10, "r1 c1 even", "1.2"}, {13, 10, "r1 c1 many", "1.3"}, {3, 4.3, "r1 c1", "0.7*"}, {1, 0, "r1 c1 few", "0.0*"},
	} {
		tile := Tile{Row: 1, Col: 1, Received: c.received, Expected: c.expected}
		if tile.class(false) != c.class || tile.figure(false) != c.figure {
			t.Errorf("%+v: %q %q", c, tile.class(false), tile.figure(false))
		}
	}
}

func TestProblemsStandBesideTheirFields(t *testing.T) {
	w := text.For("es")
	p, ok := ProblemsOf(w, glosa.Wrong(glosa.Field{Name: "text", Key: "a.empty"}, glosa.Field{Name: "municipality", Key: "a.mun"}))
	if !ok || p.For("text") != "Error: falta escribir la pregunta" || p.For("other") != "" {
		t.Errorf("%v %+v", ok, p)
	}
	summary := html(t, ErrorSummary(w, p))
	if !strings.Contains(summary, `href="#f-text"`) || !strings.Contains(summary, `href="#f-municipality"`) {
		t.Error("the summary does not lead to the fields: ", summary)
	}
	field := html(t, Input(Field{Name: "text", Label: "x", Error: p.For("text")}))
	if !strings.Contains(field, `id="f-text"`) || !strings.Contains(field, `aria-describedby="f-text-error"`) || !strings.Contains(field, `aria-invalid="true"`) {
		t.Error("the field does not carry its error: ", field)
	}
	if _, ok := ProblemsOf(w, glosa.Refuse(glosa.Closed, "s.closed")); ok {
		t.Error("a closed stage passed for a form to correct")
	}
}

func TestALinkWithoutDataSaysSoToEverybody(t *testing.T) {
	var c Chain
	for i := range c.Stops {
		c.Stops[i] = Stop{Shape: Unknown}
	}
	c.Stops[3] = Stop{Shape: Done, Note: "7 dic 2020"}
	got := html(t, Stops(text.For("es"), c))
	if n := strings.Count(got, `<span class="note">Sin dato localizado</span>`); n != 5 {
		t.Errorf("%d of 5 links say in sight that nothing was located", n)
	}
	if strings.Contains(got, `<span class="sr">Sin dato localizado</span>`) {
		t.Error("a screen reader hears it twice")
	}
}
