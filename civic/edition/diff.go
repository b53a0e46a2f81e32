package edition

import (
	"fmt"
	"reflect"
	"strings"
)

// Change is one difference between two protocols. Was is empty for what is new,
// Is for what is gone.
type Change struct {
	Path string // "deadlines.answer", "moderation.grounds[off_scope].name.es"
	Was  string
	Is   string
}

// Section is the first word of the path: the part of the protocol page it belongs to.
func (c Change) Section() string {
	i := strings.IndexAny(c.Path, ".[")
	if i < 0 {
		return c.Path
	}
	return c.Path[:i]
}

// Diff lists what changed from a to b, in the order of b; what is gone comes last.
func Diff(a, b *Protocol) []Change {
	var was, is leaves
	was.walk("", reflect.ValueOf(*a))
	is.walk("", reflect.ValueOf(*b))
	var changes []Change
	for _, path := range is.order {
		if was.at[path] != is.at[path] {
			changes = append(changes, Change{Path: path, Was: was.at[path], Is: is.at[path]})
		}
	}
	for _, path := range was.order {
		if _, still := is.at[path]; !still {
			changes = append(changes, Change{Path: path, Was: was.at[path]})
		}
	}
	return changes
}

// leaves are the values of a protocol by their path.
type leaves struct {
	order []string
	at    map[string]string
}

func (l *leaves) add(path, value string) {
	if l.at == nil {
		l.at = map[string]string{}
	}
	if value == "" {
		return
	}
	if _, twice := l.at[path]; !twice {
		l.order = append(l.order, path)
	}
	l.at[path] = value
}

func (l *leaves) walk(path string, v reflect.Value) {
	if s, ok := v.Interface().(fmt.Stringer); ok {
		l.add(path, s.String())
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			if name == "" || name == "-" {
				continue // the text, its digest and the zone are no rules
			}
			l.walk(strings.TrimPrefix(path+"."+name, "."), v.Field(i))
		}
	case reflect.Slice:
		l.list(path, v)
	default:
		if !v.IsZero() {
			l.add(path, fmt.Sprint(v.Interface()))
		}
	}
}

// list names each row of a list by its own word, so that a row put in between
// does not make all that follow look changed. Plain words are one value.
func (l *leaves) list(path string, v reflect.Value) {
	if v.Len() > 0 && v.Index(0).Kind() != reflect.Struct {
		words := make([]string, v.Len())
		for i := range v.Len() {
			words[i] = fmt.Sprint(v.Index(i).Interface())
		}
		l.add(path, strings.Join(words, ", "))
		return
	}
	for i := range v.Len() {
		l.walk(fmt.Sprintf("%s[%s]", path, rowName(v.Index(i), i)), v.Index(i))
	}
}

func rowName(row reflect.Value, i int) string {
	switch r := row.Interface().(type) {
	case StageRule:
		return string(r.Stage)
	case GateRule:
		return string(r.To) + "/" + string(r.Gate)
	case Ground:
		return string(r.Code)
	case SideSeats:
		return string(r.Side)
	case Chair:
		return fmt.Sprintf("%s-%d", r.Side, r.Number)
	case Calendar:
		return string(r.Territory)
	case Holiday:
		return r.On.String()
	case Recess:
		return r.From
	case ProtoNote:
		return r.About
	}
	return fmt.Sprint(i)
}
