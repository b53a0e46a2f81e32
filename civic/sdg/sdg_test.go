package sdg

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"glosa/publishedtest"

	"github.com/goccy/go-yaml"

	"glosa"
)

func TestCounts(t *testing.T) {
	goals := Goals()
	targets, indicators := 0, 0
	labels := map[Label]string{}
	for _, g := range goals {
		targets += len(g.Targets)
		for _, tt := range g.Targets {
			indicators += len(tt.Indicators)
			if was, twice := labels[tt.Label]; twice {
				t.Errorf("%s and %s have one label", was, tt.Code)
			}
			labels[tt.Label] = string(tt.Code)
			for _, s := range []string{tt.Label.ES, tt.Label.EN} {
				if n := len([]rune(s)); n < 5 || n > 60 || strings.HasSuffix(s, ".") {
					t.Errorf("%s: %q is no short label", tt.Code, s)
				}
			}
			if tt.URI != "http://metadata.un.org/sdg/"+string(tt.Code) {
				t.Errorf("%s: %s", tt.Code, tt.URI)
			}
		}
	}
	if len(goals) != 17 || targets != 169 || indicators != 252 {
		t.Errorf("%d goals, %d targets, %d indicators; want 17, 169, 252", len(goals), targets, indicators)
	}
	if n := len(goals[15].Targets); n != 12 {
		t.Errorf("goal 16 has %d targets, want 12", n)
	}
}

func testData(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(publishedtest.Path(t, "sdg-framework", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestIsTheFramework compares codes and colours with the framework itself.
func TestIsTheFramework(t *testing.T) {
	var ours struct{ targets, indicators []string }
	for _, g := range Goals() {
		for _, tt := range g.Targets {
			ours.targets = append(ours.targets, string(tt.Code))
			ours.indicators = append(ours.indicators, tt.Indicators...)
		}
	}
	for file, have := range map[string][]string{"global_targets.yml": ours.targets, "global_indicators.yml": ours.indicators} {
		for _, lang := range []string{"en", "es"} {
			var theirs map[string]string
			if err := yaml.Unmarshal(testData(t, filepath.Join(lang, file)), &theirs); err != nil {
				t.Fatal(err)
			}
			if len(theirs) != len(have) {
				t.Errorf("%s/%s: %d, ours %d", lang, file, len(theirs), len(have))
			}
			for key, text := range theirs {
				code := strings.ReplaceAll(strings.TrimSuffix(key, "-title"), "-", ".")
				if !slices.Contains(have, code) {
					t.Errorf("%s/%s: %s is missing", lang, file, code)
				}
				target, err := Find(glosa.TargetCode(code))
				if file == "global_targets.yml" && (err != nil || target.Label.In(lang) == text) {
					t.Errorf("%s: our label is the UN's sentence", code)
				}
			}
		}
	}
	var hex map[string]string
	if err := json.Unmarshal(testData(t, "colours.json"), &hex); err != nil {
		t.Fatal(err)
	}
	for _, g := range Goals() {
		if want := "#" + hex[strings.TrimPrefix(g.URI, authority)]; g.Colour != want {
			t.Errorf("goal %d: %s, want %s", g.Number, g.Colour, want)
		}
	}
}

func TestFind(t *testing.T) {
	for code, want := range map[glosa.TargetCode]string{"16.7": "Decisiones inclusivas", " 16.B ": "Leyes sin discriminación", "8.10": "Banca y seguros para todas las personas"} {
		if got, err := Find(code); err != nil || got.Label.ES != want {
			t.Errorf("%q: %q %v, want %q", code, got.Label.ES, err, want)
		}
	}
	for _, code := range []glosa.TargetCode{"", "16", "16.", "16.13", "16.7.1", "0.1", "18.1", "-1.1", "x", "16.c", "016.7"} {
		if got, err := Find(code); err == nil && code != "016.7" || err == nil && got.Code != "16.7" {
			t.Errorf("%q found %s", code, got.Code)
		}
	}
	if _, err := GoalOf(18); glosa.KindOf(err) != glosa.NotFound {
		t.Error("there is no goal 18")
	}
	if g, err := GoalOf(16); err != nil || g.Label.EN != "Peace, justice and strong institutions" {
		t.Errorf("%+v %v", g, err)
	}
}

func TestOrder(t *testing.T) {
	codes := []glosa.TargetCode{"16.a", "2.c", "16.10", "10.1", "16.9", "2.1"}
	slices.SortFunc(codes, func(a, b glosa.TargetCode) int {
		if Less(a, b) {
			return -1
		}
		return 1
	})
	if want := []glosa.TargetCode{"2.1", "2.c", "10.1", "16.9", "16.10", "16.a"}; !slices.Equal(codes, want) {
		t.Errorf("%v", codes)
	}
}

func TestCheckChoices(t *testing.T) {
	const why = "El consejo decide con la ciudadanía"
	for _, c := range []struct {
		name    string
		choices []Choice
		fields  string
	}{
		{"OneIsEnough", []Choice{{"16.7", why}}, ""},
		{"ThreeAreTheMost", []Choice{{"16.7", why}, {"16.10", why}, {"5.5", why}}, ""},
		{"NoneSaysNothing", nil, "targets"},
		{"FourSayNothing", []Choice{{"16.7", why}, {"16.10", why}, {"5.5", why}, {"1.1", why}}, "targets"},
		{"Unknown", []Choice{{"16.99", why}}, "targets.1"},
		{"Twice", []Choice{{"16.7", why}, {"16.7", why}}, "targets.2"},
		{"OtherSpelling", []Choice{{"16.B", why}}, "targets.1"},
		{"NoReason", []Choice{{"16.7", ""}}, "rationale.1"},
		{"BlankReason", []Choice{{"16.7", strings.Repeat(" ", 40)}}, "rationale.1"},
		{"ReasonTooLong", []Choice{{"16.7", why}, {"16.6", strings.Repeat("a", 601)}}, "rationale.2"},
		{"Both", []Choice{{"9.9", "no"}}, "targets.1 rationale.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := CheckChoices(c.choices)
			var names []string
			if e, ok := err.(*glosa.Error); ok {
				for _, f := range e.Fields {
					names = append(names, f.Name)
				}
			}
			if got := strings.Join(names, " "); got != c.fields || (err == nil) != (c.fields == "") {
				t.Errorf("got %q (%v), want %q", got, err, c.fields)
			}
		})
	}
}

// TestGoalsAreACopy: who changes the list changes nobody else's.
func TestGoalsAreACopy(t *testing.T) {
	Goals()[0].Targets[0].Label.ES = "otra cosa"
	if Goals()[0].Targets[0].Label.ES == "otra cosa" {
		t.Error("the reference data was changed")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(labelText, indicatorText)
	f.Add("1 | a | b\n1.1 | c | d\n", "1.1: 1 2\n")
	f.Add("1.1 | c | d\n", "")
	f.Add("1 | a | b\n1.10 | c | d\n1.2 | e | f\n", "1.2: x")
	f.Fuzz(func(t *testing.T, labels, indicators string) {
		goals, err := parse(labels, indicators)
		if err != nil {
			return
		}
		for i, g := range goals {
			if g.Number != i+1 || g.Colour == "" {
				t.Errorf("goal %d stands in place %d", g.Number, i+1)
			}
			for j, target := range g.Targets {
				if target.Goal != g.Number || j > 0 && !Less(g.Targets[j-1].Code, target.Code) {
					t.Errorf("%s out of place", target.Code)
				}
			}
		}
	})
}
