package commitment

import (
	"strconv"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/sdg"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

func itoa(n int) string { return strconv.Itoa(n) }

// states of a commitment in the order of its life, as filters offer them.
var states = []commitment.State{commitment.AsStated, commitment.Accepted, commitment.Active, commitment.Suspended, commitment.Claimed,
	commitment.Verified, commitment.Disputed, commitment.Evaluated, commitment.CarriedOver, commitment.Merged, commitment.Split, commitment.Abandoned}

// stateWord is a state in words.
func stateWord(w *text.Words, s commitment.State) string { return w.T("cb.state." + string(s)) }

// stateShape is the drawn half of a state.
func stateShape(s commitment.State) leaf.Shape {
	switch s {
	case commitment.Proposed, commitment.Negotiated, commitment.Accepted:
		return leaf.Open
	case commitment.Active, commitment.Claimed, commitment.Disputed:
		return leaf.Going
	case commitment.Verified, commitment.Evaluated:
		return leaf.Done
	case commitment.CarriedOver:
		return leaf.Sent
	case commitment.Merged, commitment.Split:
		return leaf.Joined
	case commitment.Suspended:
		return leaf.Paused
	case commitment.Declined, commitment.Abandoned:
		return leaf.Barred
	}
	return ""
}

// grade is a status on the drawn ladder.
func grade(s commitment.Status) leaf.Grade { return leaf.Grade(s) }

// own is a word of an older vocabulary, in the visitor's language.
func own(w *text.Words, v commitment.Verdict) string {
	if w.Lang == "en" && v.OwnEn != "" {
		return v.OwnEn
	}
	return v.Own
}

// followID is the anchor of an edition's follow-up: of the first group only.
func followID(i int) string {
	if i > 0 {
		return ""
	}
	return "seguimiento"
}

// stated is the government's word as lists print it.
func stated(w *text.Words, v commitment.Verdict) string {
	if !v.Said() {
		return w.T("cb.gov.none")
	}
	return said(w, v)
}

// said is the Observatory's word as lists print it: its own, or of the ladder, or that there is none.
func said(w *text.Words, v commitment.Verdict) string {
	switch {
	case v.Own != "":
		return own(w, v)
	case v.Status != commitment.NoWord:
		return w.T("verdict." + string(v.Status))
	}
	return w.T("m.none")
}

// gap is the sentence between two words.
func gap(w *text.Words, steps int, computable bool) string {
	if !computable {
		return w.T("m.gap.none") + "."
	}
	return w.T("m.gap", "n", itoa(steps)) + "."
}

// part is how an owner answers.
func part(w *text.Words, p commitment.Part) string { return w.T("cb.part." + string(p)) }

// outcome is what a later edition decided.
func outcome(w *text.Words, o commitment.Outcome) string { return w.T("cb.fate." + string(o)) }

// progress is a milestone's state with its shape.
func progress(w *text.Words, p commitment.Progress) (leaf.Shape, string) {
	shape := map[commitment.Progress]leaf.Shape{commitment.Pending: leaf.Later, commitment.InProgress: leaf.Going, commitment.Done: leaf.Open,
		commitment.Checked: leaf.Done, commitment.Rejected: leaf.Barred, commitment.Overdue: leaf.Overdue}[p]
	return shape, w.T("cb.progress." + string(p))
}

// sources are the addresses of facts, each named by who published it.
func sources(d edition.Dossier, ids []glosa.SourceID) (out []leaf.Link) {
	for _, id := range ids {
		if s, ok := d.Source(id); ok {
			out = append(out, leaf.Link{Text: s.Publisher, Href: s.URL})
		}
	}
	return out
}

// target is a tag: code, short label and the page of the target.
type target struct{ Code, Label, Rationale, Href string }

func targetOf(w *text.Words, to func(string, ...string) string, t commitment.Target) target {
	x := target{Code: string(t.Code), Rationale: t.Rationale, Href: to("/ods", string(t.Code))}
	if found, err := sdg.Find(t.Code); err == nil {
		x.Label = found.Label.In(w.Lang)
	}
	return x
}

// money is an amount in whole units of its currency, with cents only where there are some.
func money(w *text.Words, b commitment.Budget) string {
	s := "$" + w.N(int(b.Cents/100))
	if c := b.Cents % 100; c != 0 {
		s += "." + strconv.FormatInt(100+c, 10)[1:]
	}
	return s + " " + string(b.Currency)
}

// kindOf is a media type as people call it: "PDF", "CSV".
func kindOf(media string) string {
	return map[string]string{"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG", "text/csv": "CSV", "application/json": "JSON",
		"text/plain": "TXT", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
		"application/vnd.oasis.opendocument.spreadsheet":                          "ODS", "application/vnd.oasis.opendocument.text": "ODT"}[media]
}

// contentLang marks texts that people wrote in Spanish on a page in another language.
func contentLang(w *text.Words, written bool) string {
	if written {
		return "es"
	}
	return w.Lang
}

// groupTitle names a group where a page shows two; one alone needs no name.
func groupTitle(v boardPage, g group) string {
	if len(v.Groups) > 1 || g.Synthetic != v.Synthetic {
		return g.Title
	}
	return v.Words.T("cb.all")
}
