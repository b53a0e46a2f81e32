package leaf

import (
	"errors"
	"strconv"

	"glosa"
	"glosa/web/text"
)

// Problems are the errors of a form, by the name of the field, already in the
// visitor's language.
type Problems struct {
	list []problem
	form string
}

type problem struct{ name, text string }

// ProblemsOf reads the wrong fields out of an Invalid error; empty for any other
// error. ok tells whether err was Invalid, that is, whether to show the form again.
func ProblemsOf(w *text.Words, err error) (p Problems, ok bool) {
	var e *glosa.Error
	if !errors.As(err, &e) || e.Kind != glosa.Invalid {
		return p, false
	}
	for _, f := range e.Fields {
		p.list = append(p.list, problem{f.Name, w.Say(f.Key, f.Args)})
	}
	if len(p.list) == 0 {
		p.list = append(p.list, problem{"", w.Say(e.Key, e.Args)})
	}
	return p, true
}

// Any tells whether there is something to correct.
func (p Problems) Any() bool { return len(p.list) > 0 }

// In is the same problems, of one of several forms of a page ([Field].Form).
func (p Problems) In(form string) Problems {
	p.form = form
	return p
}

// anchor is the id of a wrong field's box.
func (p Problems) anchor(name string) string { return Field{Form: p.form, Name: name}.id() }

// For is the message of one field; "" when it is right.
func (p Problems) For(name string) string {
	for _, x := range p.list {
		if x.name == name {
			return x.text
		}
	}
	return ""
}

// Field is one question of a form: Input, Area, Select, Choices or Tick draw it.
type Field struct {
	Name     string // of the input; the API and glosa.Field use the same
	Form     string // of a page with several forms: keeps the ids of their boxes apart; "" otherwise
	Label    string
	Hint     string
	Value    string // what was typed
	Error    string // Problems.For(Name)
	Type     string // of Input: "text" when empty, "email", "date", "number", "search", "file"
	Options  []Option
	Max      int // letters; Area counts down to it
	Required bool
	Complete string // autocomplete token; "" is "off"
	Accept   string // of a file
	Folio    bool   // typed in capitals, short
}

// Option is one answer of Select or Choices.
type Option struct {
	Value string
	Text  string
	Hint  string
}

func (f Field) id() string {
	if f.Form != "" {
		return "f-" + f.Form + "-" + f.Name
	}
	return "f-" + f.Name
}

// described lists the ids of what describes the box, for aria-describedby.
func (f Field) described() string {
	ids := ""
	if f.Hint != "" {
		ids = f.id() + "-hint"
	}
	if f.Error != "" {
		if ids != "" {
			ids += " "
		}
		ids += f.id() + "-error"
	}
	return ids
}

func (f Field) class() string {
	if f.Error != "" {
		return "field wrong"
	}
	return "field"
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Field) complete() string {
	if f.Complete == "" {
		return "off"
	}
	return f.Complete
}

// left counts the letters left as people count them.
func (f Field) left() int { return f.Max - len([]rune(f.Value)) }

func counted(w *text.Words, left int) string {
	if left < 0 {
		return w.T("a.long", "n", strconv.Itoa(-left))
	}
	return w.T("a.left", "n", strconv.Itoa(left))
}
