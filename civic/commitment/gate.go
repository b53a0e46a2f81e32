package commitment

import (
	"strings"

	"glosa"
	"glosa/civic/sdg"
)

// Lack is one thing a draft misses before it may leave the parking list: which
// part of the card, and the sentence of web/text that asks for it.
type Lack struct {
	Name string // the field of the form: "title", "owners", "milestones"
	Key  string // "cm.need.title"
}

// Lacks is the gate out of draft: what a commitment misses, in the order of the
// card. An empty list means that it may be negotiated.
func (d Draft) Lacks() (out []Lack) {
	need := func(ok bool, name string) {
		if !ok {
			out = append(out, Lack{Name: name, Key: "cm.need." + name})
		}
	}
	w := d.Wording
	need(said(w.Title), "title")
	need(said(w.Problem), "problem")
	need(said(w.Deliverable), "deliverable")
	need(said(w.Indicator), "indicator")
	need(leads(d.Owners, glosa.Government) == 1, "owner_government")
	need(leads(d.Owners, glosa.Civil) == 1, "owner_civil")
	need(!w.Starts.IsZero() && w.Ends.After(w.Starts), "dates")
	need(w.Budget.Stated(), "budget")
	need(targetsHold(d.Targets), "targets")
	need(d.milestonesHold(), "milestones")
	return out
}

// Stated tells whether the budget was stated: a line, or that there is none.
func (b Budget) Stated() bool {
	switch b.Declared {
	case "line":
		return said(b.Line) && b.Cents >= 0
	case "none":
		return b.Line == "" && b.Cents == 0
	}
	return false
}

func leads(owners []Owner, side glosa.Side) (n int) {
	for _, o := range owners {
		if o.Side == side && o.Part == Leads && o.Institution != "" {
			n++
		}
	}
	return n
}

// targetsHold: one to three targets that exist, each once, each with its reason.
func targetsHold(ts []Target) bool {
	choices := make([]sdg.Choice, len(ts))
	for i, t := range ts {
		choices[i] = sdg.Choice{Target: t.Code, Rationale: t.Rationale}
	}
	return sdg.CheckChoices(choices) == nil
}

// milestonesHold: at least two, each with a title and a day inside the term.
func (d Draft) milestonesHold() bool {
	if len(d.Milestones) < 2 {
		return false
	}
	for _, m := range d.Milestones {
		if !said(m.Title) || m.Due.Before(d.Wording.Starts) || m.Due.After(d.Wording.Ends) {
			return false
		}
	}
	return true
}

func said(s string) bool { return strings.TrimSpace(s) != "" }

// limits of each text, in characters: a card is read on a telephone.
var limits = []struct {
	name string
	max  int
	of   func(Wording) string
}{
	{"title", 160, func(w Wording) string { return w.Title }},
	{"problem", 2000, func(w Wording) string { return w.Problem }},
	{"status_quo", 2000, func(w Wording) string { return w.StatusQuo }},
	{"deliverable", 2000, func(w Wording) string { return w.Deliverable }},
	{"result", 2000, func(w Wording) string { return w.Result }},
	{"indicator", 600, func(w Wording) string { return w.Indicator }},
	{"population", 600, func(w Wording) string { return w.Population }},
	{"gender", 600, func(w Wording) string { return w.Gender }},
	{"budget", 200, func(w Wording) string { return w.Budget.Line }},
}

// quotes are the marks a restated wording may not carry: it is nobody's literal words.
const quotes = "\"“”«»„"

// Check finds what is wrong with a wording, whether or not it is complete: texts
// too long, a title missing, quotation marks around restated words. Kinds: Invalid.
func (w Wording) Check(restated bool) error {
	var wrong []glosa.Field
	if !said(w.Title) {
		wrong = append(wrong, glosa.Field{Name: "title", Key: "cm.need.title"})
	}
	for _, l := range limits {
		text := l.of(w)
		if len([]rune(text)) > l.max {
			wrong = append(wrong, glosa.Field{Name: l.name, Key: "cm.long"})
		}
		if restated && strings.ContainsAny(text, quotes) {
			wrong = append(wrong, glosa.Field{Name: l.name, Key: "cm.quotes"})
		}
	}
	if wrong != nil {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// checkParts finds what is wrong with the parts of a draft, complete or not: an
// institution twice on a side, two that lead, more than three targets or one
// twice, more than forty milestones. Kinds: Invalid.
func (d Draft) checkParts() error {
	var wrong []glosa.Field
	add := func(name, key string) { wrong = append(wrong, glosa.Field{Name: name, Key: key}) }
	seen := map[Owner]bool{}
	for _, o := range d.Owners {
		who := Owner{Side: o.Side, Institution: o.Institution}
		if seen[who] || !o.Part.Known() || o.Institution == "" || o.Side != glosa.Government && o.Side != glosa.Civil {
			add("owners", "cm.owner")
		}
		seen[who] = true
	}
	if leads(d.Owners, glosa.Government) > 1 || leads(d.Owners, glosa.Civil) > 1 {
		add("owners", "cm.oneleads")
	}
	codes := map[glosa.TargetCode]bool{}
	for _, t := range d.Targets {
		if _, err := sdg.Find(t.Code); err != nil || codes[t.Code] {
			add("targets", "cm.need.targets")
		}
		codes[t.Code] = true
	}
	if len(d.Targets) > sdg.MaxTargets {
		add("targets", "cm.need.targets")
	}
	if len(d.Milestones) > 40 {
		add("milestones", "cm.long")
	}
	if wrong != nil {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// asError turns what is lacking into the error a form shows. Kinds: Invalid.
func asError(lacks []Lack) error {
	if len(lacks) == 0 {
		return nil
	}
	fields := make([]glosa.Field, len(lacks))
	for i, l := range lacks {
		fields[i] = glosa.Field{Name: l.Name, Key: l.Key}
	}
	return glosa.Wrong(fields...)
}
