package edition

import (
	"cmp"
	"encoding/hex"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// rules is the protocol page.
type rules struct {
	leaf.Page
	Edition edition.Edition
	Parts   []part
	Gates   []gate
	Grounds []ground
	Notes   []basis
	Changes []change
	Last    leaf.Link // the edition it is compared with
	Digest  string
	Lang    string // of the protocol's own words, when it is not the page's
}

// part is one heading of the rules and its rows.
type part struct {
	ID, Title string
	Rows      []leaf.Row
}

type gate struct {
	Stage, Name string
	Firm        bool
}

type ground struct {
	Name, Guide string
	Help, Held  bool
}

type basis struct {
	Text, Word string
	Source     *leaf.Link
}

// change is a difference with another protocol. Key is the path of what has no
// words of its own.
type change struct{ Where, Key, Was, Is string }

func (p *Pages) protocol(r *door.Request) (door.View, error) {
	ed, err := p.of(r)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	v := rules{Page: below(r, ed, w.T("ep.protocol")), Edition: ed}
	links, err := p.Of(r, ed)
	if err != nil {
		return door.View{}, err
	}
	v.Chain = &links.Chain
	if ed.Protocol == nil {
		v.State, v.More = w.T("ep.proto.none"), w.T("ep.proto.gap")
		v.Margin.Cite = p.quote(r, ed, v.Page, "protocolo")
		return door.View{Body: protocolPage(v), Tags: chain.Tags(ed, "sources")}, nil
	}
	v.fill(w, ed)
	v.Margin.Cite = p.quote(r, ed, v.Page, "protocolo")
	changes, last, err := p.Edition.Changes(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	if last != "" {
		v.Last = leaf.Link{Text: strings.ToUpper(string(last)), Href: r.To("/ediciones", string(last), "protocolo")}
		for _, c := range changes {
			v.Changes = append(v.Changes, changeOf(w, c))
		}
	}
	file := r.To("/ediciones", string(ed.ID), "protocolo.yaml")
	v.Downloads = []leaf.Link{{Text: "YAML", Href: file}}
	stamp, until, err := p.Seal(r, ed, string(ed.ID), "edition.protocol_frozen")
	v.Stamp = stamp
	return door.View{Body: protocolPage(v), Tags: chain.Tags(ed), Until: soon(links.Until, until)}, err
}

// yaml is the protocol's text, byte by byte as its digest has it.
func (p *Pages) yaml(r *door.Request) (door.View, error) {
	ed, err := p.of(r)
	if err != nil {
		return door.View{}, err
	}
	if ed.Protocol == nil {
		return door.View{}, glosa.Missing("protocol", string(ed.ID))
	}
	return door.View{Tags: chain.Tags(ed), File: feed.Fixed(string(ed.ID)+"-protocolo.yaml", "application/yaml",
		ed.Synthetic, []byte(ed.Protocol.Text))}, nil
}

func (v *rules) fill(w *text.Words, ed edition.Edition) {
	pr := ed.Protocol
	v.Digest = hex.EncodeToString(ed.Digest[:])
	v.Margin.Lines = append(v.Margin.Lines, leaf.Link{Text: w.T("ep.proto.version", "n", w.N(pr.Version))})
	v.Shape, v.State, v.More = leaf.Open, w.T("ep.proto.open"), pr.About.In(w.Lang)
	if !ed.Frozen.IsZero() {
		v.Shape, v.State = leaf.Done, w.T("ep.proto.frozen", "date", w.Date(ed.Frozen.In(ed.Zone)))
	}
	if pr.About.En == "" && w.Lang != "es" {
		v.Lang = "es"
	}
	v.Parts = []part{whoPart(w, pr), stagePart(w, pr), questionPart(w, pr), agendaPart(w, pr), opinionPart(w, pr), sessionPart(w, pr), deadlinePart(w, pr), followPart(w, pr)}
	for _, g := range pr.Gates {
		v.Gates = append(v.Gates, gate{Stage: w.T("ep.begins." + string(g.To)), Name: g.Name.In(w.Lang), Firm: g.Firm})
	}
	for _, g := range pr.Moderation.Grounds {
		v.Grounds = append(v.Grounds, ground{Name: g.Name.In(w.Lang), Guide: g.Guide.In(w.Lang), Help: g.Help, Held: g.Held})
	}
	for _, n := range pr.Notes {
		b := basis{Text: n.Note.In(w.Lang), Word: w.T("ep.basis." + string(n.Basis))}
		if n.Source != "" {
			b.Source = &leaf.Link{Text: w.T("src", "n", "1"), Href: n.Source}
		}
		v.Notes = append(v.Notes, b)
	}
}

// rows makes rows of pairs: a key of text and a value; empty values are left out.
func rows(w *text.Words, pairs ...string) (out []leaf.Row) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, leaf.Row{Label: w.T(pairs[i]), Value: pairs[i+1]})
		}
	}
	return out
}

// said is a word of a closed vocabulary under its key, or as it stands when nobody wrote it.
func said(w *text.Words, key, word string) string {
	if w.Has(key) {
		return w.T(key)
	}
	return word
}

func spelled[T ~string](list []T, say func(string) string) string {
	var out []string
	for _, c := range list {
		out = append(out, say(string(c)))
	}
	return strings.Join(out, ", ")
}

func whoPart(w *text.Words, pr *edition.Protocol) part {
	return part{ID: "quien", Title: w.T("ep.part.who"), Rows: rows(w,
		"ep.rule.zone", pr.Zone, "ep.rule.languages", spelled(pr.Languages, func(c string) string { return said(w, "ep.lang."+c, c) }), "ep.rule.host", w.T("ep.host."+string(pr.Host)),
		"ep.rule.regime", string(pr.Regime), "ep.rule.themes", w.N(pr.Themes), "ep.rule.mesas", w.N(pr.Seats.Mesas))}
}

func stagePart(w *text.Words, pr *edition.Protocol) part {
	p := part{ID: "etapas", Title: w.T("ep.part.stages")}
	p.Rows = rows(w, "ep.rule.notice", term(w, pr.Notice), "ep.rule.lead", term(w, pr.ReportLead), "ep.rule.reportby", string(pr.ReportBy))
	for _, s := range pr.Stages {
		p.Rows = append(p.Rows, leaf.Row{Label: w.T("ep.begins." + string(s.Stage)), Value: offset(w, s.At) + " · " + w.T("ep.by."+string(s.By))})
	}
	return p
}

func questionPart(w *text.Words, pr *edition.Protocol) part {
	l, m := pr.Limits, pr.Moderation
	return part{ID: "preguntas", Title: w.T("ep.part.questions"), Rows: rows(w,
		"ep.rule.letters", w.N(l.QuestionLetters), "ep.rule.context", w.N(l.ContextLetters), "ep.rule.answerletters", w.N(l.AnswerLetters),
		"ep.rule.decide", term(w, m.Decide), "ep.rule.second", term(w, m.Second), "ep.rule.edit", term(w, m.NeedsEdit), "ep.rule.object", term(w, m.Object),
		"ep.rule.appeal", term(w, m.Appeal), "ep.rule.review", term(w, m.Review), "ep.rule.translate", term(w, m.Translate))}
}

func agendaPart(w *text.Words, pr *edition.Protocol) part {
	s := pr.Selection
	return part{ID: "agenda", Title: w.T("ep.part.agenda"), Rows: rows(w,
		"ep.rule.rule", w.T("ep.sel."+string(s.Rule)), "ep.rule.minutes", w.N(s.Minutes), "ep.rule.each", w.N(s.PerQuestion),
		"ep.rule.utility", said(w, "ep.utility."+string(s.Utility), string(s.Utility)),
		"ep.rule.completions", spelled(s.Completions, func(c string) string { return said(w, "ep.completion."+c, c) }),
		"ep.rule.choices", w.N(s.Choices), "ep.rule.onstage", w.N(s.OnStage), "ep.rule.ties", spelled(s.Ties, func(c string) string { return said(w, "ep.tie."+c, c) }),
		"ep.rule.counting", spelled(s.Counting, func(c string) string { return said(w, "ep.door."+c, c) }), "ep.rule.apart", spelled(s.Apart, func(c string) string { return said(w, "ep.door."+c, c) }),
		"ep.rule.window", term(w, s.SupportWindow), "ep.rule.selector", spelled(s.Selector, func(c string) string { return said(w, "who.side."+c, c) }), "ep.rule.doors", s.DoorsNote.In(w.Lang))}
}

// opinionPart is how people vote on statements; what a protocol does not say is narrow.
func opinionPart(w *text.Words, pr *edition.Protocol) part {
	o, proposals := pr.Opinion, "false"
	if o.Proposals {
		proposals = "true"
	}
	return part{ID: "opinion", Title: w.T("op.desk"), Rows: rows(w, "op.r.propose", w.T("op.r.propose."+proposals),
		"op.r.rows", w.T("op.r.rows."+string(cmp.Or(o.Rows, "auditors"))), "op.r.doors", spelled(o.Doors, func(c string) string { return said(w, "ep.door."+c, c) }))}
}

func sessionPart(w *text.Words, pr *edition.Protocol) part {
	p := part{ID: "sesion", Title: w.T("ep.part.session")}
	for _, s := range pr.Seats.Sides {
		p.Rows = append(p.Rows, leaf.Row{Label: w.T("who.side." + string(s.Side)), Value: w.T("ep.seats.mesa", "n", w.N(s.Each))})
	}
	for _, c := range pr.Seats.Chairs {
		p.Rows = append(p.Rows, leaf.Row{Label: chairName(w, c), Value: spelled(c.Roles, func(r string) string { return said(w, "en.role."+r, r) })})
	}
	t := pr.Timers
	p.Rows = append(p.Rows, rows(w, "ep.rule.undelegable", spelled(pr.Seats.NotDelegable, func(c string) string { return said(w, "ep.role."+c, c) }),
		"ep.rule.opening", minutes(w, t.Opening), "ep.rule.question", minutes(w, t.Question), "ep.rule.head", minutes(w, t.AnswerHead),
		"ep.rule.answer", minutes(w, t.Answer), "ep.rule.again", minutes(w, t.Requestion), "ep.rule.length", minutes(w, t.Session))...)
	return p
}

// chairName is a place of the protocol: its side and its number, or its numbers.
func chairName(w *text.Words, c edition.Chair) string {
	key, to := "ep.chair", ""
	if c.Last() > c.Number {
		key, to = "ep.chairs", w.N(c.Last())
	}
	return w.T(key, "side", w.T("who.side."+string(c.Side)), "n", w.N(c.Number), "to", to)
}

func minutes(w *text.Words, d time.Duration) string {
	return w.T("ep.minutes.n", "n", w.N(int(d/time.Minute)))
}

func deadlinePart(w *text.Words, pr *edition.Protocol) part {
	d := pr.Deadlines
	return part{ID: "plazos", Title: w.T("ep.part.deadlines"), Rows: rows(w,
		"ep.rule.merge", term(w, d.Merge), "ep.rule.route", term(w, d.Route), "ep.rule.assign", term(w, d.Assign), "ep.rule.written", term(w, d.Answer), "ep.rule.more", term(w, d.AnswerExtension),
		"ep.rule.refer", term(w, d.Refer), "ep.rule.escalate", term(w, d.Escalate), "ep.rule.draft", term(w, d.MinutesDraft),
		"ep.rule.comment", term(w, d.MinutesComment), "ep.rule.sign", term(w, d.MinutesSign), "ep.rule.response", term(w, d.Response),
		"ep.rule.reply", term(w, d.RightOfReply), "ep.rule.evaluation", term(w, d.Evaluation))}
}

func followPart(w *text.Words, pr *edition.Protocol) part {
	l := pr.Limits
	return part{ID: "seguimiento", Title: w.T("ep.part.follow"), Rows: rows(w,
		"ep.rule.commitments", w.T("ep.range", "least", w.N(l.Commitments.Least), "most", w.N(l.Commitments.Most)),
		"ep.rule.targets", w.T("ep.range", "least", w.N(l.Targets.Least), "most", w.N(l.Targets.Most)),
		"ep.rule.milestones", w.N(l.Milestones), "ep.rule.stale", term(w, pr.Follow.Stale), "ep.rule.plenary", term(w, pr.Follow.Plenary))}
}

// numbered is the margin of a part of the rules: which of how many.
func numbered(v rules, i int) leaf.Margin {
	return leaf.Margin{Head: v.Words.T("ep.part.n", "n", v.Words.N(i+1), "of", v.Words.N(len(v.Parts))), Synthetic: v.Synthetic}
}
