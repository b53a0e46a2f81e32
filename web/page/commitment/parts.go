package commitment

import (
	"slices"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/web/door"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// promised are the parts of the wording in force, as pairs; where an amendment
// moved its dates, the original ones too. A documented one has only its title: its
// sources say no more.
func (v *cardPage) promised() (rows []leaf.Row) {
	if v.Card.Documented() {
		return nil
	}
	now := v.Card.Current().Wording
	rows = pairsOf(v.Words, v.Zone, now)
	first := v.Card.Original().Wording
	if first.Starts.Equal(now.Starts) && first.Ends.Equal(now.Ends) {
		return rows
	}
	dates := v.Words.T("cb.p.dates")
	i := slices.IndexFunc(rows, func(x leaf.Row) bool { return x.Label == dates })
	if i < 0 {
		return rows
	}
	rows[i].Label = v.Words.T("cb.p.dates.now")
	return slices.Insert(rows, i, leaf.Row{Label: v.Words.T("cb.p.dates.first"), Value: span(v.Words, v.Zone, first)})
}

// span is from when to when.
func span(w *text.Words, zone *time.Location, x commitment.Wording) string {
	return w.T("cb.p.span", "from", w.Day(x.Starts.In(zone)), "to", w.Day(x.Ends.In(zone)))
}

// pairsOf are the parts of a wording, as pairs.
func pairsOf(w *text.Words, zone *time.Location, x commitment.Wording) (rows []leaf.Row) {
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, leaf.Row{Label: w.T(key), Value: value})
		}
	}
	add("cb.p.problem", x.Problem)
	add("cb.p.statusquo", x.StatusQuo)
	add("cb.p.deliverable", x.Deliverable)
	add("cb.p.indicator", x.Indicator)
	add("cb.p.result", x.Result)
	add("cb.p.population", x.Population)
	add("cb.p.gender", x.Gender)
	if !x.Starts.IsZero() && !x.Ends.IsZero() {
		add("cb.p.dates", span(w, zone, x))
	}
	switch x.Budget.Declared {
	case "line":
		add("cb.p.budget", x.Budget.Line+": "+money(w, x.Budget))
	case "none":
		add("cb.p.budget", w.T("cb.p.nobudget"))
	default:
		add("cb.p.budget", w.T("cb.p.unsaid"))
	}
	law := "cb.p.nolaw"
	if x.LegalChange {
		law = "cb.p.law"
	}
	add("cb.p.legal", w.T(law))
	return rows
}

// milestones are the steps towards the deliverable.
func (v *cardPage) milestones() (steps []leaf.Step) {
	for _, m := range v.Card.Milestones {
		shape, word := progress(v.Words, m.Progress)
		s := leaf.Step{Shape: shape, Bold: m.Title + ".", Rest: word + ".", When: v.Words.Day(m.Due.In(v.Zone))}
		if m.Note != "" {
			s.Rest += " " + m.Note
		}
		steps = append(steps, s)
	}
	return steps
}

// piece is one piece of evidence as anybody may see it.
type piece struct {
	Title, Href, Kind string
	Size              int64
	Link              bool // an address elsewhere
	Milestone         string
	By, When          string
	Shape             leaf.Shape
	Word, Reason      string
	Digest            string
	Superseded        bool
	Gone              string // when, by whom and why it was erased; then the rest is empty
}

func (v *cardPage) pieces(r *door.Request) (out []piece) {
	for _, e := range v.Card.Evidence {
		out = append(out, pieceOf(r, v, e))
	}
	return out
}

func pieceOf(r *door.Request, v *cardPage, e commitment.Evidence) piece {
	w := r.Words
	if e.State == commitment.Gone {
		return goneOf(r, v, e)
	}
	x := piece{Title: e.Title, Href: e.URL, Link: e.URL != "", By: v.Names.By(e.By), When: w.Day(e.At.In(v.Zone)),
		Reason: e.Reason, Digest: string(e.File), Superseded: e.State == commitment.Superseded}
	if e.File != "" {
		x.Href, x.Kind, x.Size = r.To("/compromisos", string(e.Commitment), "evidencia", string(e.ID)), kindOf(string(e.Type)), e.Size
	}
	if i := slices.IndexFunc(v.Card.Milestones, func(m commitment.Milestone) bool { return m.ID == e.Milestone }); i >= 0 {
		x.Milestone = w.T("cb.e.milestone", "n", itoa(v.Card.Milestones[i].Number))
	}
	x.Shape, x.Word = reviewed(r, e)
	return x
}

// goneOf is what is left to say of erased evidence.
func goneOf(r *door.Request, v *cardPage, e commitment.Evidence) piece {
	w := r.Words
	return piece{Shape: leaf.Barred, Word: w.T("cb.gone"), When: w.Day(e.At.In(v.Zone)), By: v.Names.By(e.By), Gone: w.T("cb.gone.when", "date", w.Day(e.Erased.At.In(v.Zone)),
		"ground", w.T("cb.gone.ground."+string(e.Erased.Ground)), "one", v.Names.By(string(e.Erased.Posts[0])), "two", v.Names.By(string(e.Erased.Posts[1])))}
}

// reviewed is the Observatory's word on a piece of evidence.
func reviewed(r *door.Request, e commitment.Evidence) (leaf.Shape, string) {
	switch {
	case e.State == commitment.Superseded:
		return leaf.Sent, r.Words.T("cb.e.superseded")
	case e.Review == commitment.Unreviewed:
		return leaf.Open, r.Words.T("cb.e.unreviewed")
	case e.Review == commitment.Admissible:
		return leaf.Done, r.Words.T("cb.e.accepted")
	}
	return leaf.Barred, r.Words.T("cb.e." + string(e.Review))
}

// verdict is one assessment of the Observatory with its reply.
type verdict struct {
	commitment.Assessment
	Grade                leaf.Grade
	Fixed, When, ByWords string
	Phase                string
	ReplyBy, ReplyWhen   string
	Clock                *leaf.Clock // of the right of reply, while it runs
}

func (v *cardPage) verdicts() (out []verdict) {
	w := v.Words
	for _, a := range slices.Backward(v.Card.Assessments) {
		x := verdict{Assessment: a, Grade: grade(a.Status), Fixed: w.T("ev.rule", "date", w.Day(a.FixedAt.In(v.Zone))),
			When: w.Day(a.At.In(v.Zone)), ByWords: v.Names.By(a.By), Phase: w.T("cb.phase." + string(a.Phase))}
		if a.Reply != "" {
			x.ReplyBy, x.ReplyWhen = v.Names.By(a.ReplyBy), w.Day(a.ReplyAt.In(v.Zone))
		}
		if a.Phase == commitment.RightOfReply && a.Reply == "" && v.Edition.Protocol != nil {
			x.Clock = leaf.Working(w, max(0, v.Edition.WorkingDays(v.Card.At, a.ReplyUntil)), a.ReplyUntil.In(v.Zone))
			x.Clock.Rest = w.T("cb.reply.open") + " " + x.Clock.Rest
		}
		out = append(out, x)
	}
	return out
}

// word is one side's word with its note and its source.
func (v *cardPage) word(x commitment.Verdict, own string, links []leaf.Link) leaf.Word {
	w := v.Words
	out := leaf.Word{Grade: grade(x.Status), Own: own}
	note := x.Note
	if w.Lang == "en" && x.NoteEn != "" {
		note = x.NoteEn
	}
	if note == "" && x.By != "" {
		note = w.Day(x.At.In(v.Zone)) + ", " + v.Names.By(x.By)
	}
	if note != "" {
		out.Note = note + "."
	}
	if len(links) > 0 {
		out.Link = &leaf.Link{Text: w.T("cb.source"), Href: links[0].Href}
	}
	return out
}

// evidence hands out the bytes of a piece of evidence that anybody may see.
func (p *Pages) evidence(r *door.Request) (door.View, error) {
	c, err := p.Commitment.Card(r.Context(), r.Path("id"))
	if err != nil {
		return door.View{}, err
	}
	i := slices.IndexFunc(c.Evidence, func(e commitment.Evidence) bool { return string(e.ID) == r.Path("evidence") && e.File != "" })
	if i < 0 {
		return door.View{}, glosa.Missing("evidence", r.Path("evidence"))
	}
	return p.download(r, c.Evidence[i])
}
