package api

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"glosa"
	"glosa/web/door"
)

// maxBody bounds what is read of a request; the protocol's limits are far below.
const maxBody = 256 << 10

// fields are the members of a JSON object whose values are all texts.
type fields map[string]string

// read takes the body in: an object whose members the operation knows and whose
// values are texts. Everything wrong with it is said at once.
func (c *call) read(w http.ResponseWriter) (fields, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, c.Body, maxBody))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return nil, inBody(http.StatusRequestEntityTooLarge, "e.413", "most", door.Most(big.Limit))
	case err != nil:
		return nil, inBody(http.StatusBadRequest, "api.json")
	case c.op.in == nil, len(raw) == 0 && c.op.optional:
		return nil, nil
	}
	if kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); kind != "application/json" && kind != "" {
		return nil, inBody(http.StatusUnsupportedMediaType, "e.415")
	}
	if !door.Clean(string(raw)) {
		return nil, unfit{http.StatusBadRequest, &glosa.Error{Kind: glosa.Invalid, Key: "e.chars", Fields: door.SoiledJSON(raw)}}
	}
	return parse(raw, known(c.op.in))
}

func inBody(status int, key string, args ...string) error {
	e := glosa.Refuse(glosa.Invalid, key, args...)
	e.Fields = []glosa.Field{{Name: "body", Key: key, Args: e.Args}}
	return unfit{status, e}
}

// known lists the members that a type of body declares.
func known(in any) (names []string) {
	t := reflect.TypeOf(in)
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// parse reads an object of texts. Invalid: 400 when it is no such object or holds
// characters that cannot be kept, 422 naming each member that is unknown or no text.
func parse(raw []byte, names []string) (fields, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil || members == nil {
		return nil, inBody(http.StatusBadRequest, "api.json")
	}
	if name := twice(raw); name != "" {
		return nil, unfit{http.StatusBadRequest, glosa.WrongField(printable(name), "api.twice")}
	}
	all := fields{}
	var wrong, dirty []glosa.Field
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value := members[name]
		switch text, err := str(value); {
		case !slices.Contains(names, name):
			wrong = append(wrong, glosa.Field{Name: printable(name), Key: "api.unknown"})
		case err != nil:
			wrong = append(wrong, glosa.Field{Name: name, Key: "api.string"})
		case !door.Clean(text) || strings.ContainsRune(text, utf8.RuneError) && !saysReplacement(value):
			dirty = append(dirty, glosa.Field{Name: name, Key: "a.chars"})
		default:
			all[name] = text
		}
	}
	if len(dirty) > 0 {
		return nil, unfit{http.StatusBadRequest, glosa.Wrong(append(dirty, wrong...)...)}
	}
	if len(wrong) > 0 {
		return nil, glosa.Wrong(wrong...)
	}
	return all, nil
}

// twice is a member that an object of valid JSON names more than once: which of
// the two is meant, nobody knows. "" when there is none.
func twice(raw []byte) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	seen := map[string]bool{}
	for depth, isName := 0, false; ; {
		t, err := d.Token()
		if err != nil {
			return ""
		}
		switch t := t.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				depth++
			} else {
				depth--
			}
			isName = depth == 1
			continue
		case string:
			if depth == 1 && isName {
				if seen[t] {
					return t
				}
				seen[t], isName = true, false
				continue
			}
		}
		if depth == 1 {
			isName = true
		}
	}
}

// str reads a JSON string; null is the empty one.
func str(value json.RawMessage) (s string, err error) {
	err = json.Unmarshal(value, &s)
	return s, err
}

// saysReplacement tells whether JSON means U+FFFD itself. Otherwise the decoder
// put it where half of a surrogate pair stood, which is no text.
func saysReplacement(value json.RawMessage) bool {
	return strings.Contains(string(value), "\ufffd") || strings.Contains(strings.ToLower(string(value)), `\ufffd`)
}

// printable is a name that nobody here chose, as an error may repeat it.
func printable(name string) string {
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 40 {
		name = string(r[:40]) + "…"
	}
	return name
}

// bytesOf reads n bytes in base64 as the document says it: RFC 4648 §4, padded.
// ok is false for anything else; "" is zeros.
func bytesOf(s string, n int) (b []byte, ok bool) {
	if s == "" {
		return make([]byte, n), true
	}
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	return b, err == nil && len(b) == n
}
