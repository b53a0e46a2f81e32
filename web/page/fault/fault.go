package fault

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"glosa"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// Page is the page of an error under its status.
func Page(r *door.Request, status int, e *glosa.Error) templ.Component {
	w := r.Words
	p := leaf.From(r, w.T(title(status)))
	p.Path = "/" // the other language's error would be the same: lead home
	p.NoIndex = true
	p.Shape = leaf.Barred
	p.State, p.Wrong = w.Say(door.Sentence(e), e.Args), true
	p.Margin = leaf.Margin{Head: http.StatusText(status)}
	if r.Lang == "es" {
		p.Margin.Head = ""
	}
	p.Action = &leaf.Action{Text: w.T("e.home"), Href: r.To("/")}
	if next := e.Args["next"]; next != "" {
		p.Action = &leaf.Action{Text: w.T("e.next"), Href: r.To("/ediciones", next)}
	}
	if e.Kind == glosa.Closed && !e.Until.IsZero() {
		p.Shape = leaf.Later
		p.More = w.T("s.opens", "date", w.Date(e.Until)) + "."
	}
	if p.State == p.Title { // the heading has said it
		p.State, p.More = strings.TrimSuffix(p.More, "."), ""
	}
	var fields []string
	for _, f := range e.Fields {
		fields = append(fields, w.Say(f.Key, f.Args))
	}
	return body(p, fields)
}

// title is the heading of an error: most share one, some have their own.
func title(status int) string {
	switch status {
	case http.StatusNotFound:
		return "e.title.404"
	case http.StatusLocked:
		return "s.closed"
	case http.StatusTooManyRequests:
		return "e.title.429"
	case http.StatusInternalServerError:
		return "e.title.500"
	}
	return "e.title"
}
