package edition

import (
	"strings"

	"github.com/a-h/templ"

	"glosa/web/page/leaf"
)

// deed is the address that a form of the desk is sent to.
func deed(b bench, path string) templ.SafeURL {
	return templ.URL(b.To("/mesa/edicion", string(b.Edition.ID), path))
}

func heading(b bench) string {
	if len(b.Missing) > 0 {
		return b.Words.T("fa.need")
	}
	return b.Words.T("ep.desk.nothing")
}

// field is one field of the desk, with what was typed and what is wrong with it.
func (b bench) field(name, label, hint string) leaf.Field {
	return leaf.Field{Name: name, Label: label, Hint: hint, Value: b.Typed(name), Error: b.Problems.For(name), Max: 1000, Required: hint != b.Words.T("ep.optional")}
}

func (b bench) day(name, label, hint string) leaf.Field {
	f := b.field(name, label, hint)
	f.Type, f.Max, f.Required = "date", 0, name != "postpone_session"
	return f
}

func (b bench) number(name, label string) leaf.Field {
	f := b.field(name, label, "")
	f.Type, f.Max = "number", 0
	return f
}

func (b bench) stages() leaf.Field {
	f := b.field("extend_stage", b.Words.T("ep.which"), "")
	f.Options, f.Max = b.Stages, 0
	return f
}

// open tells whether a form came back with something to correct.
func (b bench) open(form string) bool {
	for _, field := range []string{"reason", "note", "session", "days", "from", "to", "document", "stage"} {
		if b.Problems.For(form+"_"+field) != "" || strings.TrimSpace(b.Typed(form+"_"+field)) != "" {
			return true
		}
	}
	return false
}
