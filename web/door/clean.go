package door

import (
	"strconv"
	"strings"
	"unicode/utf8"
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
