package door

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"glosa"
)

// Clean tells whether a text is valid UTF-8 without control characters, but for
// tab and line ends.
func Clean(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, isControl)
}

func isControl(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0
}

// Cleaned is what is left of a text without what [Clean] refuses.
func Cleaned(s string) string {
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// Most is a bound of size as people read it: "64 KB", "50 MB".
func Most(bytes int64) string {
	if bytes < 1<<20 {
		return strconv.FormatInt(bytes>>10, 10) + " KB"
	}
	return strconv.FormatInt(bytes>>20, 10) + " MB"
}

// SoiledJSON names the members of a JSON object that hold what [Clean] refuses, as
// it is or escaped; the body as a whole when it is no such object; nil if it is clean.
func SoiledJSON(body []byte) (fields []glosa.Field) {
	if Clean(string(body)) && !escapedControl(body) {
		return nil
	}
	// A parser takes no control character: in its place stands one that it takes.
	body = bytes.Map(func(r rune) rune {
		if r < 0x20 && !Clean(string(r)) {
			return 0x7f
		}
		return r
	}, bytes.ToValidUTF8(body, []byte{0x7f}))
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) == nil {
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if Clean(name) && (escapedControl(members[name]) || !Clean(string(members[name]))) {
				fields = append(fields, glosa.Field{Name: name, Key: "a.chars"})
			}
		}
	}
	if fields == nil {
		fields = []glosa.Field{{Name: "body", Key: "a.chars"}}
	}
	return fields
}

// escapedControl finds \u0000 and its like in JSON.
func escapedControl(js []byte) bool {
	for i := 0; i+1 < len(js); i++ {
		if js[i] != '\\' {
			continue
		}
		i++
		switch js[i] {
		case 'b', 'f':
			return true
		case 'u':
			if i+5 > len(js) {
				return false // cut short: the parser will say so
			}
			n, err := strconv.ParseUint(string(js[i+1:i+5]), 16, 16)
			if err == nil && !Clean(string(rune(n))) && (n < 0xd800 || n > 0xdfff) {
				return true
			}
		}
	}
	return false
}
