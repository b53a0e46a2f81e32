package door

import (
	"strconv"
	"unicode/utf8"
)

// Clean tells whether a text is valid UTF-8 without control characters, but for
// tab and line ends.
func Clean(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 {
			return false
		}
	}
	return true
}

// Most is a bound of size as people read it: "64 KB", "50 MB".
func Most(bytes int64) string {
	if bytes < 1<<20 {
		return strconv.FormatInt(bytes>>10, 10) + " KB"
	}
	return strconv.FormatInt(bytes>>20, 10) + " MB"
}
