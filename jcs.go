package glosa

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// JCS is v as canonical JSON (RFC 8785): keys in the order of their UTF-16
// units, no blanks, the shortest escapes. Numbers must be integers below 2^53
// in size: the record writes larger ones as strings, and holds no fractions.
func JCS(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return CanonicalJSON(raw)
}

// CanonicalJSON rewrites one JSON value in the form of [JCS].
func CanonicalJSON(raw []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var x any
	if err := dec.Decode(&x); err != nil {
		return nil, err
	}
	if dec.More() {
		return nil, fmt.Errorf("jcs: more than one value")
	}
	var b bytes.Buffer
	if err := writeJCS(&b, x); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func writeJCS(b *bytes.Buffer, x any) error {
	switch x := x.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(x))
	case json.Number:
		n, err := strconv.ParseInt(string(x), 10, 64)
		if err != nil || n >= 1<<53 || n <= -(1<<53) {
			return fmt.Errorf("jcs: %s is not an integer below 2^53", x)
		}
		b.WriteString(strconv.FormatInt(n, 10))
	case string:
		writeJCSString(b, x)
	case []any:
		b.WriteByte('[')
		for i, e := range x {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJCS(b, e); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case map[string]any:
		return writeJCSObject(b, x)
	}
	return nil
}

func writeJCSObject(b *bytes.Buffer, m map[string]any) error {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
	})
	b.WriteByte('{')
	for i, k := range keys {
		if i > 0 {
			b.WriteByte(',')
		}
		writeJCSString(b, k)
		b.WriteByte(':')
		if err := writeJCS(b, m[k]); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

var jcsShort = strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func writeJCSString(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range jcsShort.Replace(s) {
		if r < 0x20 {
			fmt.Fprintf(b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
}
