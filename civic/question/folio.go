package question

import (
	"fmt"
	"strings"

	"glosa"
)

// A folio is CODE-NUMBER-LETTER: "DEMO26-0427-K".
//
// CODE is the edition's own: best one to ten letters A to Z and the two digits
// of the year; a code of another shape must be typed with its hyphens. NUMBER has at least four digits, padded with zeros to four and never
// more. LETTER is a check letter out of 23 (no I, O, Ñ or Z, which are misread):
//
//	check = Σ value(cᵢ) · 5ⁱ  mod 23
//
// over the characters of CODE and NUMBER together, i from 0 at the last digit;
// value is the digit, or 10 + the place of the letter in A..Z. 23 is prime and 5
// a generator modulo 23, so one wrong digit, two neighbouring digits exchanged,
// and any two digits exchanged up to 22 places apart always change the letter.
const checkLetters = "ABCDEFGHJKLMNPQRSTUVWXY"

// blockSize is how many numbers one block holds: block b holds b·500+1 … (b+1)·500.
const blockSize = 500

// FolioOf writes the folio of a number under an edition's code.
func FolioOf(code string, number int) glosa.QuestionID {
	n := fmt.Sprintf("%04d", number)
	return glosa.QuestionID(code + "-" + n + "-" + string(checkLetter(code+n)))
}

func checkLetter(s string) byte {
	sum, weight := 0, 1
	for i := len(s) - 1; i >= 0; i-- {
		v := int(s[i] - '0')
		if s[i] >= 'A' {
			v = int(s[i]-'A') + 10
		}
		sum = (sum + v*weight) % 23
		weight = weight * 5 % 23
	}
	return checkLetters[sum]
}

// ParseFolio reads a folio as people type it: with or without hyphens and
// blanks, in any case, O for 0 and the other way about, I or L for 1. It gives
// the canonical form. NotFound when the letter at the end does not agree or the
// shape is another: the person is told to look at that letter.
func ParseFolio(typed string) (glosa.QuestionID, error) {
	if len(typed) > 64 {
		return "", glosa.Missing("question", "")
	}
	s := strings.ToUpper(strings.TrimSpace(hyphens.Replace(typed)))
	if id, ok := exactFolio(s); ok {
		return id, nil
	}
	if part := strings.Split(s, "-"); len(part) == 3 && len(part[0]) > 2 {
		if id, ok := readFolio(part[0]+part[1]+part[2], len(part[0])-2); ok {
			return id, nil
		}
		return "", glosa.Missing("question", typed)
	}
	s = strings.ReplaceAll(s, "-", "")
	letters := 0
	for letters < len(s) && s[letters] >= 'A' && s[letters] <= 'Z' {
		letters++
	}
	// A zero or one right after the letters may be a letter that looks like it.
	for ; letters > 0 && letters <= 10 && letters+2+4+1 <= len(s); letters++ {
		if id, ok := readFolio(s, letters); ok {
			return id, nil
		}
		if asLetter(s[letters]) == 0 {
			break
		}
	}
	return "", glosa.Missing("question", typed)
}

var hyphens = strings.NewReplacer(" ", "-", "\t", "-", "\u00a0", "-", "\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2212", "-")

// exactFolio reads a folio that is written as we write it.
func exactFolio(s string) (glosa.QuestionID, bool) {
	part := strings.Split(s, "-")
	if len(part) != 3 || len(part[0]) < 1 || len(part[0]) > 12 || part[0][0] < 'A' || part[0][0] > 'Z' ||
		strings.ContainsFunc(part[0], func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') }) {
		return "", false
	}
	n := part[1]
	if len(n) < 4 || len(n) > 9 || len(n) > 4 && n[0] == '0' || strings.Trim(n, "0123456789") != "" || strings.Trim(n, "0") == "" {
		return "", false
	}
	return glosa.QuestionID(s), part[2] == string(checkLetter(part[0]+n))
}

// readFolio reads s as a code of so many letters, two digits, a number and the
// check letter.
func readFolio(s string, letters int) (glosa.QuestionID, bool) {
	if letters+2+4+1 > len(s) {
		return "", false
	}
	b := []byte(s[:len(s)-1])
	for i, c := range b {
		r := asDigit(c)
		if i < letters {
			r = asLetter(c)
		}
		if r == 0 {
			return "", false
		}
		b[i] = r
	}
	number := string(b[letters+2:])
	if len(number) > 4 && number[0] == '0' || len(number) > 9 || strings.Trim(number, "0") == "" {
		return "", false
	}
	if checkLetter(string(b)) != s[len(s)-1] {
		return "", false
	}
	return glosa.QuestionID(string(b[:letters+2]) + "-" + number + "-" + s[len(s)-1:]), true
}

func asDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c
	case c == 'O':
		return '0'
	case c == 'I', c == 'L':
		return '1'
	}
	return 0
}

func asLetter(c byte) byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return c
	case c == '0':
		return 'O'
	case c == '1':
		return 'I'
	}
	return 0
}
