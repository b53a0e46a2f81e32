package leaf

import (
	escape "html"
	"testing"
)

// What people write stays what they wrote, wherever a pen puts it.
func TestPen(t *testing.T) {
	rows := []Item{
		{Text: `¿Y "esto" & <b>aquello</b>?`, Href: "/es/preguntas/A&B", Lang: `yua"x`, Shape: Open, Word: "Es 'pública'", Notes: []string{"QR-1", "<i>"}},
		{Code: "DEMO26-0001-K", Text: "título", Href: "javascript:alert(1)", Shape: Overdue, Word: "", Late: "Vencida"},
		{Text: "sin enlace"},
	}
	const open = `<svg class="shape" viewBox="0 0 18 18" aria-hidden="true">`
	want := `<ul class="rows">` +
		`<li lang="yua&#34;x"><div><a href="/es/preguntas/A&amp;B">¿Y &#34;esto&#34; &amp; &lt;b&gt;aquello&lt;/b&gt;?</a></div><div class="meta">` +
		`<span class="status">` + open + drawings[Open] + `</svg><span>Es &#39;pública&#39;</span></span><span>QR-1</span> <span>&lt;i&gt;</span> </div></li>` +
		`<li><div><a class="folio" href="about:invalid#TemplFailedSanitizationURL">DEMO26-0001-K</a> título</div><div class="meta">` +
		`<span class="overdue">` + open + drawings[Overdue] + `</svg>Vencida</span></div></li>` +
		`<li><div>sin enlace</div><div class="meta"></div></li></ul>`
	if got := html(t, RowList(rows)); got != want {
		t.Errorf("rows\n%s\nwant\n%s", got, want)
	}
	f := Field{Value: `a"b`, Options: []Option{{Text: "todas"}, {Value: `a"b`, Text: "A & B"}}}
	if got, want := html(t, options(f)), `<option value="">todas</option><option value="a&#34;b" selected>A &amp; B</option>`; got != want {
		t.Errorf("options %s, want %s", got, want)
	}
	for _, c := range []struct {
		l    Link
		want string
	}{
		{Link{Text: "<b>"}, "&lt;b&gt;"},
		{Link{Text: "más", Href: "/a?b&c"}, `<a href="/a?b&amp;c">más</a>`},
		{Link{Text: "x", Href: "javascript:x"}, `<a href="about:invalid#TemplFailedSanitizationURL">x</a>`},
		{Link{Text: "dz", Said: `yu"a`}, `<span lang="yu&#34;a">dz</span>`},
		{Link{Text: "dz", Said: "yua", Href: "/d"}, `<a href="/d" lang="yua">dz</a>`},
		{Link{Text: "en", Lang: "en", Href: "/en"}, `<a href="/en" hreflang="en">en</a>`},
	} {
		if got := html(t, Anchor(c.l)); got != c.want {
			t.Errorf("%+v is %s, want %s", c.l, got, c.want)
		}
	}
	if got := html(t, Mark("no such shape")); got != "" {
		t.Errorf("a shape that there is not is drawn: %s", got)
	}
}

func FuzzPen(f *testing.F) {
	f.Add(`<a href="x" & 'y'>`)
	f.Add("\x00\xff ñ ʼ")
	f.Fuzz(func(t *testing.T, s string) {
		var p pen
		p.text(s)
		if got, want := string(p.b), escape.EscapeString(s); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}
