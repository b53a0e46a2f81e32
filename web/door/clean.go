package door

import "unicode/utf8"

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
