package leaf

import (
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"
)

// pen writes the parts that stand on a page many times, once for each row of a
// list or choice of a box. A component for each of them, as a template has it,
// cost more than all the rest of the page: three allocations for every text and a
// context for every call. Whatever is not known when this is compiled goes through
// text or href.
type pen struct{ b []byte }

var pens = sync.Pool{New: func() any { return new(pen) }}

// written is a component that a pen writes.
func written(draw func(*pen)) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		p := pens.Get().(*pen)
		p.b = p.b[:0]
		draw(p)
		_, err := w.Write(p.b)
		pens.Put(p)
		return err
	})
}

func (p *pen) raw(html ...string) {
	for _, s := range html {
		p.b = append(p.b, s...)
	}
}

// text writes what people wrote, so that none of it is read as a mark or leaves a
// quoted attribute.
func (p *pen) text(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		safe := ""
		switch s[i] {
		case '&':
			safe = "&amp;"
		case '<':
			safe = "&lt;"
		case '>':
			safe = "&gt;"
		case '"':
			safe = "&#34;"
		case '\'':
			safe = "&#39;"
		default:
			continue
		}
		p.b = append(append(p.b, s[from:i]...), safe...)
		from = i + 1
	}
	p.b = append(p.b, s[from:]...)
}

// href writes an address that leads somewhere and runs nothing.
func (p *pen) href(address string) { p.text(string(templ.URL(address))) }

// link writes a link. class is a whole attribute or nothing; attribute is the
// beginning of one more, up to its value.
func (p *pen) link(class, address, attribute, value, words string) {
	p.raw("<a ", class, `href="`)
	p.href(address)
	p.raw(`"`)
	if attribute != "" {
		p.raw(attribute)
		p.text(value)
		p.raw(`"`)
	}
	p.raw(">")
	p.text(words)
	p.raw("</a>")
}

func (p *pen) mark(s Shape) {
	if drawn := drawings[s]; drawn != "" {
		p.raw(`<svg class="shape" viewBox="0 0 18 18" aria-hidden="true">`, drawn, `</svg>`)
	}
}

func (p *pen) status(s Shape, word string) {
	p.raw(`<span class="status">`)
	p.mark(s)
	p.raw("<span>")
	p.text(word)
	p.raw("</span></span>")
}

// Anchor is a link, or plain text without an address.
func Anchor(l Link) templ.Component { return written(func(p *pen) { p.anchor(l) }) }

func (p *pen) anchor(l Link) {
	switch {
	case l.Said != "" && l.Href == "":
		p.raw(`<span lang="`)
		p.text(l.Said)
		p.raw(`">`)
		p.text(l.Text)
		p.raw("</span>")
	case l.Href == "":
		p.text(l.Text)
	case l.Said != "":
		p.link("", l.Href, ` lang="`, l.Said, l.Text)
	case l.Lang != "":
		p.link("", l.Href, ` hreflang="`, l.Lang, l.Text)
	default:
		p.link("", l.Href, "", "", l.Text)
	}
}

// Mark draws a shape alone.
func Mark(s Shape) templ.Component { return written(func(p *pen) { p.mark(s) }) }

// Status is a shape and its word.
func Status(s Shape, word string) templ.Component {
	return written(func(p *pen) { p.status(s, word) })
}

// RowList is a list of things: what it is, then its state, holder and clock.
func RowList(rows []Item) templ.Component {
	return written(func(p *pen) {
		p.raw(`<ul class="rows">`)
		for i := range rows {
			p.row(&rows[i])
		}
		p.raw("</ul>")
	})
}

func (p *pen) row(r *Item) {
	p.raw("<li")
	if r.Lang != "" {
		p.raw(` lang="`)
		p.text(r.Lang)
		p.raw(`"`)
	}
	p.raw("><div>")
	switch {
	case r.Code != "":
		p.link(`class="folio" `, r.Href, "", "", r.Code)
		p.raw(" ")
		p.text(r.Text)
	case r.Href != "":
		p.link("", r.Href, "", "", r.Text)
	default:
		p.text(r.Text)
	}
	p.raw(`</div><div class="meta">`)
	if r.Word != "" {
		p.status(r.Shape, r.Word)
	}
	for _, n := range r.Notes {
		p.raw("<span>")
		p.text(n)
		p.raw("</span> ")
	}
	if r.Late != "" {
		p.raw(`<span class="overdue">`)
		p.mark(Overdue)
		p.text(r.Late)
		p.raw("</span>")
	}
	p.raw("</div></li>")
}

// options are the choices of a [Select].
func options(f Field) templ.Component {
	return written(func(p *pen) {
		for i := range f.Options {
			o := &f.Options[i]
			p.raw(`<option value="`)
			p.text(o.Value)
			p.raw(`"`)
			if o.Value == f.Value {
				p.raw(" selected")
			}
			p.raw(">")
			p.text(o.Text)
			p.raw("</option>")
		}
	})
}
