package commitment

import (
	"strings"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// line is one line of a timeline, or the band of a government before it.
type line struct {
	Band     string
	When     string
	Text     string       // plain
	Spans    []panel.Span // of a wording: what is new is Added
	Strong   bool         // a result
	Note     string
	Inferred bool
	Conflict string
	Against  []leaf.Link // sources of Conflict
	Sources  []leaf.Link
	Version  int
	At       time.Time
}

// lines are the timeline as the page shows it.
func lines(r *door.Request, v cardPage, d edition.Dossier) (out []line) {
	era := glosa.Code("")
	before := ""
	for _, e := range v.Card.Timeline {
		if e.Era != era && e.Era != "" {
			era = e.Era
			out = append(out, line{Band: r.Words.T("cb.era." + strings.ReplaceAll(string(era), "-", "_"))})
		}
		l := v.line(r, e, d)
		if e.Version > 0 {
			l.Spans = spansOf(v, e, before, l.Text)
			before = l.Text
		}
		out = append(out, l)
	}
	return out
}

// spansOf marks what a wording added; the first one added nothing.
func spansOf(v cardPage, e commitment.Entry, before, text string) []panel.Span {
	if e.Version == 1 || before == "" {
		return []panel.Span{{Op: panel.Same, Text: text}}
	}
	if v.Card.Documented() {
		return commitment.Gist(before, text)
	}
	return panel.Diff(before, text)
}

func (v *cardPage) line(r *door.Request, e commitment.Entry, d edition.Dossier) line {
	w := r.Words
	l := line{When: e.DateText, Text: e.Text, Note: e.Note, Conflict: e.Conflict, Strong: e.Kind == "result", At: e.At,
		Inferred: e.Basis == commitment.Inferred, Sources: sources(d, e.Sources), Against: sources(d, e.Disputing), Version: e.Version}
	if w.Lang == "en" && e.En.Text != "" {
		l.When, l.Text, l.Note, l.Conflict = e.En.DateText, e.En.Text, e.En.Note, e.En.Conflict
	}
	if e.Version == 0 && e.Key == "" && !l.Strong {
		l.Text += "."
	}
	if l.When == "" {
		l.When = w.Day(e.At.In(v.Zone))
	}
	var notes []string
	if e.Key != "" {
		told := strings.TrimSpace(w.Say(e.Key, v.args(r, e)))
		if l.Text == "" {
			l.Text, l.Strong = told, false
		} else {
			notes = append(notes, strings.TrimSuffix(told, "."))
		}
	} else {
		if n := ordinal(e.Edition, v.Edition); n > 0 {
			notes = append(notes, w.T("cn.name", "nth", w.Ordinal(n)))
		}
		if e.Version > 0 {
			notes = append(notes, w.T("cb.wording", "n", itoa(e.Version)))
		}
		if e.OGP != "" {
			notes = append(notes, "OGP "+e.OGP)
		}
	}
	if l.Note != "" {
		notes = append(notes, l.Note)
	}
	if len(notes) > 0 {
		l.Note = strings.Join(notes, ". ") + "."
	}
	return l
}

// args are the names that a derived line's sentence fills in, in words.
func (v *cardPage) args(r *door.Request, e commitment.Entry) map[string]string {
	args := map[string]string{}
	for k, s := range e.Args {
		switch k {
		case "status":
			s = r.Words.T("verdict." + s)
		case "outcome":
			s = outcome(r.Words, commitment.Outcome(s))
		case "by":
			s = v.Names.By(s)
		}
		args[k] = s
	}
	return args
}

// ordinal is the number of an edition of the same series, read from its id: the
// ids of a series end in the number ("qroo-4"). 0 when it does not.
func ordinal(id glosa.EditionID, of edition.Edition) (n int) {
	if id == "" {
		return 0
	}
	rest, ok := strings.CutPrefix(string(id), string(of.Series)+"-")
	if !ok {
		return 0
	}
	for _, c := range rest {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// link is how a promise is tied to an earlier, a later or an OGP one.
type link struct {
	Way, To, Href, Basis string
	Sources              []leaf.Link
}

func links(r *door.Request, d edition.Dossier, c commitment.Card) (out []link) {
	for _, l := range c.Links {
		x := link{Way: r.Words.T("cb.way." + string(l.Way)), To: l.To, Basis: r.Words.T("cb.basis." + string(l.Basis)), Sources: sources(d, l.Sources)}
		if l.Way != commitment.OGP && l.To != "" {
			x.Href = r.To("/compromisos", l.To)
		}
		out = append(out, x)
	}
	return out
}
