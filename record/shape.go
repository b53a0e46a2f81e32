package record

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"glosa"
)

// A shape is what the body of one kind of leaf may look like. It is read once
// from the Go struct that the room declared, so that the list of what can enter
// the record is closed twice: by kind, and by field.
type shape struct {
	form     form
	fields   []field // of an object, sorted by key
	elem     *shape  // of a list
	nullable bool    // a nil slice or pointer is written null
	quoted   bool    // a big that the event has in quotation marks already
	place    bool    // a municipality: never in a citizen's leaf
}

type field struct {
	key      string
	optional bool // omitempty or omitzero
	shape    *shape
}

type form uint8

const (
	object  form = iota
	list         // of elem
	word         // an id, a code, a word of a closed list: never free text
	digest       // 32 bytes in base64
	instant      // a time
	truth        // true or false
	number       // below 2^53, written as a number
	big          // 64 bits, written as a string of digits
)

// shapeOf reads the shape of a declared body. Plain strings, maps, floats and
// interfaces are refused: through them, free text could become public for ever.
func shapeOf(t reflect.Type) (*shape, error) {
	if t == nil {
		return nil, fmt.Errorf("has no body type")
	}
	if t.Kind() == reflect.Pointer {
		s, err := shapeOf(t.Elem())
		if err != nil {
			return nil, err
		}
		c := *s
		c.nullable = true
		return &c, nil
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		return &shape{form: instant}, nil
	case reflect.TypeFor[glosa.Hash]():
		return &shape{form: digest}, nil
	case reflect.TypeFor[glosa.TerritoryCode]():
		return &shape{form: word, place: true}, nil
	}
	if t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return nil, fmt.Errorf("%s writes itself: only plain forms may enter the record", t)
	}
	return shapeOfKind(t)
}

func shapeOfKind(t reflect.Type) (*shape, error) {
	switch t.Kind() {
	case reflect.Struct:
		return shapeOfStruct(t)
	case reflect.Slice, reflect.Array:
		elem, err := shapeOf(t.Elem())
		if err != nil {
			return nil, err
		}
		if elem.form == number && t.Elem().Kind() == reflect.Uint8 {
			return nil, fmt.Errorf("%s is bytes: write a glosa.Hash", t)
		}
		return &shape{form: list, elem: elem, nullable: t.Kind() == reflect.Slice}, nil
	case reflect.String:
		if t.PkgPath() == "" {
			return nil, fmt.Errorf("is a plain string: only ids and codes may enter the record")
		}
		return &shape{form: word}, nil
	case reflect.Bool:
		return &shape{form: truth}, nil
	case reflect.Int64, reflect.Uint64:
		return &shape{form: big}, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return &shape{form: number}, nil
	}
	return nil, fmt.Errorf("%s may not enter the record", t)
}

func shapeOfStruct(t reflect.Type) (*shape, error) {
	s := &shape{form: object}
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		key, opts, _ := strings.Cut(tag, ",")
		if key == "-" || (!f.IsExported() && !f.Anonymous) {
			continue
		}
		sub, err := shapeOf(f.Type)
		if err != nil {
			return nil, fmt.Errorf("%s.%s %w", t, f.Name, err)
		}
		if f.Anonymous && key == "" && sub.form == object {
			s.fields = append(s.fields, sub.fields...)
			continue
		}
		if key == "" {
			key = f.Name
		}
		if strings.ContainsFunc(key, func(r rune) bool { return r > '~' || !wordByte(byte(r)) }) {
			return nil, fmt.Errorf("%s.%s: key %q", t, f.Name, key)
		}
		if slices.Contains(strings.Split(opts, ","), "string") {
			if sub.form != big || sub.nullable {
				return nil, fmt.Errorf("%s.%s: the json option string is for 64-bit numbers", t, f.Name)
			}
			sub = &shape{form: big, quoted: true}
		}
		s.fields = append(s.fields, field{key, strings.Contains(opts, "omit"), sub})
	}
	slices.SortFunc(s.fields, func(a, b field) int { return strings.Compare(a.key, b.key) })
	for i := 1; i < len(s.fields); i++ {
		if s.fields[i].key == s.fields[i-1].key {
			return nil, fmt.Errorf("%s has two fields %q", t, s.fields[i].key)
		}
	}
	return s, nil
}

// equal tells whether two rooms declared the same thing.
func (s *shape) equal(o *shape) bool {
	if s == nil || o == nil {
		return s == o
	}
	return s.form == o.form && s.nullable == o.nullable && s.place == o.place && s.quoted == o.quoted && s.elem.equal(o.elem) &&
		slices.EqualFunc(s.fields, o.fields, func(a, b field) bool {
			return a.key == b.key && a.optional == b.optional && a.shape.equal(b.shape)
		})
}

// KindSet is the closed list of what may stand in the record.
type KindSet struct {
	public  map[string]*shape
	private map[string]bool
}

// NewKindSet reads the kinds that the rooms declare. An error names the kind and
// the field that may not enter the record. Two rooms may declare the same kind
// if its fields are the same.
func NewKindSet(declared []glosa.EventKind) (*KindSet, error) {
	k := &KindSet{public: map[string]*shape{}, private: map[string]bool{}}
	for _, d := range declared {
		if !isWord([]byte(d.Name)) {
			return nil, fmt.Errorf("record: kind %q is not a word", d.Name)
		}
		if !d.Public {
			k.private[d.Name] = true
			continue
		}
		s, err := shapeOf(reflect.TypeOf(d.Body))
		if err != nil {
			return nil, fmt.Errorf("record: kind %s: %w", d.Name, err)
		}
		if s.form != object || s.nullable {
			return nil, fmt.Errorf("record: kind %s: the body is not a struct", d.Name)
		}
		if old := k.public[d.Name]; old != nil && !old.equal(s) {
			return nil, fmt.Errorf("record: kind %s is declared twice, with different fields", d.Name)
		}
		k.public[d.Name] = s
	}
	for name := range k.public {
		if k.private[name] {
			return nil, fmt.Errorf("record: kind %s is declared public and private", name)
		}
	}
	return k, nil
}

// Names lists the public kinds, sorted.
func (k *KindSet) Names() []string {
	names := make([]string, 0, len(k.public))
	for n := range k.public {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
