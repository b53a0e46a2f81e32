package sdg

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"glosa"
)

//go:embed data/labels.txt
var labelText string

//go:embed data/indicators.txt
var indicatorText string

// Label is a short text of our own in both languages of the site.
type Label struct{ ES, EN string }

// In is the label in a language; Spanish where there is no other.
func (l Label) In(lang string) string {
	if lang == "en" {
		return l.EN
	}
	return l.ES
}

// Goal is one of the seventeen.
type Goal struct {
	Number  int
	Label   Label
	Colour  string // official colour, "#00689D"
	URI     string // the United Nations' identifier of the goal
	Targets []Target
}

// Target is one of the 169.
type Target struct {
	Code       glosa.TargetCode // "16.7", "16.a"
	Goal       int
	Label      Label
	Colour     string   // its goal's
	URI        string   // "http://metadata.un.org/sdg/16.7"
	Indicators []string // codes: "16.7.1", "16.7.2"
}

// authority is where the United Nations identify goals and targets.
const authority = "http://metadata.un.org/sdg/"

// colours are the official ones, by goal.
var colours = [17]string{"#E5243B", "#DDA63A", "#4C9F38", "#C5192D", "#FF3A21", "#26BDE2", "#FCC30B", "#A21942", "#FD6925",
	"#DD1367", "#FD9D24", "#BF8B2E", "#3F7E44", "#0A97D9", "#56C02B", "#00689D", "#19486A"}

// framework is the parsed reference data. It is read once and never changes.
var framework = sync.OnceValue(func() []Goal {
	goals, err := parse(labelText, indicatorText)
	if err != nil {
		panic("sdg: " + err.Error()) // embedded at build
	}
	return goals
})

// Goals lists the seventeen in order, each with its targets: numbered ones
// first, lettered ones after them. The caller owns the list.
func Goals() []Goal {
	out := slices.Clone(framework())
	for i := range out {
		out[i].Targets = slices.Clone(out[i].Targets)
	}
	return out
}

// GoalOf is one goal by its number. NotFound.
func GoalOf(number int) (Goal, error) {
	if number < 1 || number > len(framework()) {
		return Goal{}, glosa.Missing("goal", strconv.Itoa(number))
	}
	return Goals()[number-1], nil
}

// Find is one target by its code, as people write it too: "16.B", " 16.7 ". NotFound.
func Find(code glosa.TargetCode) (Target, error) {
	tidy := glosa.TargetCode(strings.ToLower(strings.TrimSpace(string(code))))
	goal, _, _ := strings.Cut(string(tidy), ".")
	n, err := strconv.Atoi(goal)
	if err == nil && n >= 1 && n <= len(framework()) {
		for _, t := range framework()[n-1].Targets {
			if t.Code == tidy {
				return t, nil
			}
		}
	}
	return Target{}, glosa.Missing("target", string(code))
}

// Less orders codes as the framework does: 2.1, 2.c, 10.1; 16.9 before 16.10 before 16.a.
func Less(a, b glosa.TargetCode) bool { return rank(a) < rank(b) }

func rank(code glosa.TargetCode) int {
	goal, part, _ := strings.Cut(string(code), ".")
	g, _ := strconv.Atoi(goal)
	if n, err := strconv.Atoi(part); err == nil {
		return g*1000 + n
	}
	if part == "" {
		return g * 1000
	}
	return g*1000 + 500 + int(part[0]-'a')
}

// Choice is one target that a commitment names, and the reason why.
type Choice struct {
	Target    glosa.TargetCode
	Rationale string
}

// MaxTargets is how many targets a commitment may name at most.
const MaxTargets = 3

// Valid tells whether these are one to three targets, each once. Invalid names the place.
func Valid(codes []glosa.TargetCode) error {
	if len(codes) < 1 || len(codes) > MaxTargets {
		return glosa.WrongField("targets", "sd.count", "most", strconv.Itoa(MaxTargets))
	}
	var wrong []glosa.Field
	for i, code := range codes {
		field := fmt.Sprintf("targets.%d", i+1)
		t, err := Find(code)
		if err != nil || t.Code != code {
			wrong = append(wrong, glosa.Field{Name: field, Key: "sd.unknown", Args: map[string]string{"code": string(code)}})
		} else if slices.Contains(codes[:i], code) {
			wrong = append(wrong, glosa.Field{Name: field, Key: "sd.twice", Args: map[string]string{"code": string(code)}})
		}
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// Bounds of a rationale, in characters: a word is no reason.
const (
	MinRationale = 20
	MaxRationale = 600
)

// CheckChoices tells whether a commitment names one to three targets, each with
// a reason. Invalid names each wrong place: "targets", "targets.2", "rationale.2".
func CheckChoices(choices []Choice) error {
	codes := make([]glosa.TargetCode, len(choices))
	var wrong []glosa.Field
	for i, c := range choices {
		codes[i] = c.Target
		if n := utf8.RuneCountInString(strings.TrimSpace(c.Rationale)); n < MinRationale || n > MaxRationale {
			wrong = append(wrong, glosa.Field{Name: fmt.Sprintf("rationale.%d", i+1), Key: "sd.rationale",
				Args: map[string]string{"least": strconv.Itoa(MinRationale), "most": strconv.Itoa(MaxRationale)}})
		}
	}
	if err := Valid(codes); err != nil {
		if e, ok := err.(*glosa.Error); ok {
			wrong = append(e.Fields, wrong...)
		}
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// parse reads the labels and the indicators. An error names the line.
func parse(labels, indicators string) ([]Goal, error) {
	var goals []Goal
	err := eachLine(labels, func(line string) error {
		f := strings.Split(line, " | ")
		if len(f) != 3 || f[1] == "" || f[2] == "" {
			return fmt.Errorf("want code | español | English")
		}
		label := Label{ES: f[1], EN: f[2]}
		goal, part, isTarget := strings.Cut(f[0], ".")
		n, err := strconv.Atoi(goal)
		switch {
		case err != nil:
			return fmt.Errorf("%q is no code", f[0])
		case !isTarget && n == len(goals)+1 && n <= len(colours):
			goals = append(goals, Goal{Number: n, Label: label, Colour: colours[n-1], URI: authority + goal})
		case isTarget && n == len(goals) && n > 0 && validPart(part):
			g := &goals[n-1]
			t := Target{Code: glosa.TargetCode(f[0]), Goal: n, Label: label, Colour: g.Colour, URI: authority + f[0]}
			if k := len(g.Targets); k > 0 && !Less(g.Targets[k-1].Code, t.Code) {
				return fmt.Errorf("%s stands after %s", t.Code, g.Targets[k-1].Code)
			}
			g.Targets = append(g.Targets, t)
		default:
			return fmt.Errorf("%q stands in the wrong place", f[0])
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("labels, %w", err)
	}
	return goals, addIndicators(goals, indicators)
}

func addIndicators(goals []Goal, text string) error {
	err := eachLine(text, func(line string) error {
		code, list, ok := strings.Cut(line, ": ")
		for g := range goals {
			for t := range goals[g].Targets {
				target := &goals[g].Targets[t]
				if !ok || string(target.Code) != code {
					continue
				}
				for _, n := range strings.Fields(list) {
					if _, err := strconv.Atoi(n); err != nil {
						return fmt.Errorf("%q is no number of an indicator", n)
					}
					target.Indicators = append(target.Indicators, code+"."+n)
				}
				return nil
			}
		}
		return fmt.Errorf("%q names no target", line)
	})
	if err != nil {
		return fmt.Errorf("indicators, %w", err)
	}
	return nil
}

// validPart: a number without a leading zero, or one letter.
func validPart(s string) bool {
	if n, err := strconv.Atoi(s); err == nil {
		return n >= 1 && n < 100 && strconv.Itoa(n) == s
	}
	return len(s) == 1 && s[0] >= 'a' && s[0] <= 'z'
}

func eachLine(text string, read func(string) error) error {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := read(line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return nil
}
