package commitment

import (
	"slices"
	"strconv"

	"glosa/civic/edition"
	"glosa/web/page/leaf"
)

// The small questions that the card's template asks.

func reversed[T any](list []T) []T {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// observed is the Observatory's word; without one, how to bring a source.
func (v *cardPage) observed(d edition.Dossier) leaf.Word {
	x := v.word(v.Card.Observed, own(v.Words, v.Card.Observed), sources(d, v.Card.Observed.Sources))
	if !v.Card.Observed.Said() {
		x.Note = v.Words.T("cb.obs.none")
		if v.Card.Documented() {
			x.Note = v.Words.T("cb.obs.nosource")
		}
		if v.Card.State.Agreed() {
			x.Link = &leaf.Link{Text: v.Words.T("cb.obs.bring"), Href: "#aportar"}
		}
	}
	return x
}

// stated is the government's word; where none was located it says so.
func (v *cardPage) stated(d edition.Dossier) leaf.Word {
	own := own(v.Words, v.Card.Government)
	if !v.Card.Government.Said() {
		own = v.Words.T("cb.gov.none")
	}
	return v.word(v.Card.Government, own, sources(d, v.Card.Government.Sources))
}

// lineMargin is the margin of the timeline: from when to when, and whose words.
func (v *cardPage) lineMargin() leaf.Margin {
	first, last := 0, 0
	for _, l := range v.Lines {
		if l.Band != "" || l.At.IsZero() {
			continue
		}
		if y := l.At.In(v.Zone).Year(); first == 0 || y < first {
			first = y
		}
		last = max(last, l.At.In(v.Zone).Year())
	}
	m := leaf.Margin{Head: v.Words.T("cb.t.margin")}
	switch {
	case first == 0:
	case first == last:
		m.Lines = leaf.Notes(strconv.Itoa(first))
	default:
		m.Lines = leaf.Notes(v.Words.T("cb.t.span", "from", strconv.Itoa(first), "to", strconv.Itoa(last)))
	}
	if v.Card.Documented() {
		m.Lines = append(m.Lines, leaf.Notes(v.Words.T("cb.t.ours"))...)
	}
	return m
}

// signed says who agreed to the wording in force; an official act is recorded
// under the post, not signed.
func (v *cardPage) signed() (lines []leaf.Link) {
	for _, s := range v.Card.Current().Signed {
		lines = append(lines, leaf.Link{Text: v.Words.T("cb.agreed", "who", v.Names.By(s.By), "date", v.Words.Day(s.At.In(v.Zone)))})
	}
	if len(lines) > 0 {
		lines = append(lines, leaf.Link{Text: v.Words.T("cb.recorded")})
	}
	return lines
}

func (v *cardPage) urlError() string {
	if e := v.Problems.For("url"); e != "" {
		return e
	}
	return v.Problems.For("file")
}

func (v *cardPage) milestoneField() leaf.Field {
	f := leaf.Field{Name: "milestone", Label: v.Words.T("cb.bring.about"), Value: v.Typed.Milestone,
		Options: []leaf.Option{{Value: "", Text: v.Words.T("cb.bring.whole")}}}
	for _, m := range v.Card.Milestones {
		f.Options = append(f.Options, leaf.Option{Value: string(m.ID), Text: m.Title})
	}
	return f
}
