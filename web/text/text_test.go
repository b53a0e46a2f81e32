package text

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

func names(s string) []string {
	n := placeholder.FindAllString(s, -1)
	slices.Sort(n)
	return slices.Compact(n)
}

func TestLanguagesSayTheSameThings(t *testing.T) {
	es, en := For("es").texts, For("en").texts
	for key, s := range es {
		if en[key] == "" {
			t.Errorf("%s is not in en.txt", key)
			continue
		}
		if a, b := names(s), names(en[key]); !slices.Equal(a, b) {
			t.Errorf("%s: %v in Spanish, %v in English", key, a, b)
		}
	}
	for key := range en {
		if es[key] == "" {
			t.Errorf("%s is not in es.txt", key)
		}
	}
	for key := range es {
		if stem, one := strings.CutSuffix(key, ".one"); one && es[stem+".other"] == "" {
			t.Errorf("%s has no .other", key)
		}
		if stem, other := strings.CutSuffix(key, ".other"); other && strings.Contains(stem, ".") && (es[stem+".one"] == "" || es[stem] != "") {
			t.Errorf("%s: a plural needs .one and .other, and no plain form", key)
		}
		if strings.Contains(es[key], `"`) || strings.Contains(en[key], `"`) {
			t.Errorf("%s: typographic quotation marks only", key)
		}
	}
}

// said finds the keys that code says: T("…"), Split("…"), and the keys of errors.
var said = regexp.MustCompile(`(?:\.T\(|\.Split\(|\.Say\(|Refuse\(glosa\.\w+, |WrongField\("[^"]*", |Key: +)"([a-z]+(?:\.[a-z0-9_]+)+)"`)

// literal is any string that might be a key, for finding what nobody says.
var literal = regexp.MustCompile(`"([a-z]+(?:\.[A-Za-z0-9_]+)*)"`)

func sources(t *testing.T, visit func(path, code string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "testdata" || d.Name() == "tools") {
			if path == root {
				return nil
			}
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err == nil {
			visit(path, string(raw))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryKeyThatCodeSaysIsWritten(t *testing.T) {
	w, n := For("es"), 0
	sources(t, func(path, code string) {
		for _, m := range said.FindAllStringSubmatch(code, -1) {
			n++
			if !w.Has(m[1]) {
				t.Errorf("%s says %q, which no file of web/text has", path, m[1])
			}
		}
	})
	if n < 20 {
		t.Errorf("found %d keys in the code: the reader of code is broken", n)
	}
}

// TestNoKeyIsForgotten: what no code says must stand in testdata/later.txt, the
// final copy of pages that are still to be built.
func TestNoKeyIsForgotten(t *testing.T) {
	later, err := os.ReadFile(filepath.Join("testdata", "later.txt"))
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, k := range strings.Fields(string(later)) {
		used[k] = true
	}
	prefixes := map[string]bool{}
	sources(t, func(_, code string) {
		for _, m := range literal.FindAllStringSubmatch(code, -1) {
			used[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`"([a-z]+(?:\.[a-z0-9_]+)*\.)" ?\+`).FindAllStringSubmatch(code, -1) {
			prefixes[m[1]] = true
		}
	})
	for _, key := range slices.Sorted(maps.Keys(For("es").texts)) {
		stem := key
		if !used[key] {
			stem = strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")
		}
		built := slices.ContainsFunc(slices.Collect(maps.Keys(prefixes)), func(p string) bool { return strings.HasPrefix(stem, p) })
		if !used[key] && !used[stem] && !built {
			t.Errorf("%s: no code says it; take it out, or list it in testdata/later.txt", stem)
		}
	}
}

func TestWords(t *testing.T) {
	es, en := For("es"), For("en")
	day := time.Date(2026, 12, 2, 23, 59, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{es.T("k.left", "n", "8"), "Quedan 8 días hábiles"},
		{es.T("k.left", "n", "1"), "Queda 1 día hábil"},
		{es.T("k.left", "n", "0"), "Quedan 0 días hábiles"},
		{es.T("k.left", "n", "1,000"), "Quedan 1,000 días hábiles"},
		{en.T("k.left", "n", "1"), "1 working day left"},
		{es.T("q.no", "reason", "{n} y <b>"), "No admitida: {n} y <b>"},
		{es.T("no.such"), "no.such"},
		{es.Say("e.403", map[string]string{"rule": "question.admit"}), "Tu puesto no permite este acto: question.admit"},
		{es.Date(day), "miércoles 2 de diciembre de 2026"},
		{en.Date(day), "Wednesday 2 December 2026"},
		{es.DayMonth(day), "miércoles 2 de diciembre"},
		{es.Day(day), "2 dic 2026"},
		{es.WeekDay(day), "mié 2 dic"},
		{es.ShortDay(day), "2 dic"},
		{en.ShortDay(day), "2 Dec"},
		{es.Month(day), "dic 2026"},
		{es.Stamp(day), "2 dic 2026, 23:59"},
		{es.N(0), "0"},
		{es.N(999), "999"},
		{es.N(1857985), "1,857,985"},
		{es.N(-1000), "−1,000"},
		{es.Ordinal(9), "9.ª"},
		{en.Ordinal(1) + en.Ordinal(2) + en.Ordinal(3) + en.Ordinal(9) + en.Ordinal(11) + en.Ordinal(22), "1st2nd3rd9th11th22nd"},
		{es.Size(180_000), "180 KB"},
		{es.Size(1_400_000), "1.4 MB"},
		{For("fr").Lang, "es"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	bold, rest := es.Split("k.days", "n", "9", "date", "miércoles 2 de diciembre", "time", "23:59", "territory", "Quintana Roo")
	if bold != "Quedan 9 días." || rest != "Cierra el miércoles 2 de diciembre a las 23:59, hora de Quintana Roo" {
		t.Errorf("split into %q and %q", bold, rest)
	}
}

func TestParseNamesTheLine(t *testing.T) {
	for raw, want := range map[string]string{
		"a.b = x\n\nnothing":   "line 3: want key = text",
		"a.b = x\na.b = y":     "line 2: a.b stands twice",
		"# remark\n[s]\na.b =": "line 3: want key = text",
	} {
		if _, err := Parse(raw); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", raw, err, want)
		}
	}
}

func TestOneIsNotMany(t *testing.T) {
	for key, want := range map[string][2]string{
		"rg.size":       {"1 asiento sellado", "1 sealed entry"},
		"ho.cite":       {"1 pregunta recibida en x", "1 question received in x"},
		"ins.cite":      {"1 pregunta contestada por x", "1 question answered by x"},
		"ins.cite.of":   {"1 pregunta que le turnaron", "1 question routed to it"},
		"qt.stands":     {"Reúne 1 pregunta", "Stands for 1 question"},
		"cb.n":          {"1 compromiso", "1 commitment"},
		"ip.contents.n": {"Ver 1 apartado", "See 1 heading"},
	} {
		for i, lang := range Langs() {
			if got := For(lang).T(key, "n", "1", "name", "x"); got != want[i] {
				t.Errorf("%s: %q, want %q", key, got, want[i])
			}
		}
	}
}
