package glosa

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what sort of failure an [Error] is. The list is closed: web and the
// command line each map it, in one table, to a status or an exit code.
type Kind uint8

const (
	Internal Kind = iota // our fault: logged with an incident number, one plain sentence shown
	Invalid              // the input is wrong; Fields name the places
	NotFound             // no such thing, or not yours to know of
	Denied               // your post does not allow this; Args["rule"] names the act
	Conflict             // somebody changed it first, or the same key came with another body
	Closed               // the stage is not open; Until says when it opens, if that is known
	Busy                 // try again; Until says when
)

func (k Kind) String() string {
	return [...]string{"internal", "invalid", "not found", "denied", "conflict", "closed", "busy"}[k]
}

// Error is the one error type of the house. Kind is for code, Key and Args are
// for people (web/text translates them), Err is for the log and never shown.
type Error struct {
	Kind   Kind
	Key    string            // a key of web/text, such as "s.closed"
	Args   map[string]string // what the translated sentence names
	Fields []Field           // Invalid only: one per wrong place
	Until  time.Time         // Closed and Busy: when to come back; zero if not known
	Err    error             // the cause, for the log
}

// Field is one wrong place of an input: a form shows its message beside the box.
type Field struct {
	Name string            // the input's name in the API and the form, such as "text"
	Key  string            // a key of web/text, such as "a.empty"
	Args map[string]string // what the translated sentence names
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Key != "" {
		fmt.Fprintf(&b, " %s", e.Key)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", f.Name, f.Key)
	}
	if rule := e.Args["rule"]; rule != "" {
		fmt.Fprintf(&b, " (%s)", rule)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf tells the kind of err. Whatever is not an [Error] is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Wrong makes an Invalid error of one or more fields.
func Wrong(fields ...Field) *Error {
	return &Error{Kind: Invalid, Key: "e.400", Fields: fields}
}

// WrongField makes an Invalid error of one field. args come in pairs: name, value.
func WrongField(name, key string, args ...string) *Error {
	return Wrong(Field{Name: name, Key: key, Args: pairs(args)})
}

// Refuse makes an error of any kind but Invalid. args come in pairs: name, value.
func Refuse(kind Kind, key string, args ...string) *Error {
	return &Error{Kind: kind, Key: key, Args: pairs(args)}
}

// Missing is the NotFound error of a thing by its id.
func Missing(what, id string) *Error {
	return &Error{Kind: NotFound, Key: "e.404", Args: map[string]string{"what": what, "id": id}}
}

func pairs(args []string) map[string]string {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}
