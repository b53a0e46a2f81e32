package text

import (
	"bufio"
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed es.txt
var esText string

//go:embed en.txt
var enText string

// Words says things in one language.
type Words struct {
	Lang  string // "es", "en": a valid lang attribute
	texts map[string]string
}

// Langs are the languages that pages exist in; the first is the default.
func Langs() []string { return []string{"es", "en"} }

var all = sync.OnceValue(func() map[string]*Words {
	m := map[string]*Words{}
	for lang, raw := range map[string]string{"es": esText, "en": enText} {
		texts, err := Parse(raw)
		if err != nil {
			panic("text: " + lang + ".txt: " + err.Error()) // the tests read both files first
		}
		m[lang] = &Words{Lang: lang, texts: texts}
	}
	return m
})

// For is the words of a language; Spanish when it is not spoken here.
func For(lang string) *Words {
	if w, ok := all()[lang]; ok {
		return w
	}
	return all()["es"]
}

// Speaks tells whether pages exist in the language.
func Speaks(lang string) bool { return all()[lang] != nil }

// Parse reads one file of words. An error names the line.
func Parse(raw string) (map[string]string, error) {
	texts := map[string]string{}
	sc := bufio.NewScanner(strings.NewReader(raw))
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' || line[0] == '[' {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case !ok || key == "" || value == "":
			return nil, fmt.Errorf("line %d: want key = text", n)
		case texts[key] != "":
			return nil, fmt.Errorf("line %d: %s stands twice", n, key)
		}
		texts[key] = value
	}
	return texts, sc.Err()
}

// T is the text of a key with its names filled in. args come in pairs: name,
// value. When the key has plural forms, the argument "n" chooses among them.
// A key nobody wrote comes back as itself, so that a page never fails for a word.
func (w *Words) T(key string, args ...string) string {
	s, ok := w.texts[key]
	if !ok {
		s, ok = w.texts[key+"."+pluralForm(argument(args, "n"))]
	}
	if !ok {
		return key
	}
	if len(args) == 0 || !strings.Contains(s, "{") {
		return s
	}
	return fill(s, args)
}

// Say is T with its arguments in a map, as [glosa.Error] carries them.
func (w *Words) Say(key string, args map[string]string) string {
	pairs := make([]string, 0, 2*len(args))
	for k, v := range args {
		pairs = append(pairs, k, v)
	}
	return w.T(key, pairs...)
}

// Has tells whether the key is written, in one form or in plural forms.
func (w *Words) Has(key string) bool {
	_, one := w.texts[key]
	_, other := w.texts[key+".other"]
	return one || other
}

// Split is T cut after the first sentence: a clock prints the first in bold.
func (w *Words) Split(key string, args ...string) (bold, rest string) {
	s := w.T(key, args...)
	for _, mark := range []string{"; ", ". "} {
		if head, tail, ok := strings.Cut(s, mark); ok {
			first, size := utf8.DecodeRuneInString(tail)
			return head + ".", string(unicode.ToUpper(first)) + tail[size:]
		}
	}
	return s, ""
}

// fill replaces {name} by its value. A value is never read again for names.
func fill(s string, args []string) string {
	var b strings.Builder
	b.Grow(len(s) + 32)
	for {
		head, rest, open := strings.Cut(s, "{")
		name, tail, closed := strings.Cut(rest, "}")
		if !open || !closed {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(head)
		b.WriteString(argument(args, name))
		s = tail
	}
}

func argument(args []string, name string) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return ""
}

// pluralForm is the CLDR form of a written number: in Spanish and English one
// whole thing is "one", everything else (0, 1.0, many) is "other".
func pluralForm(n string) string {
	if n == "1" {
		return "one"
	}
	return "other"
}
