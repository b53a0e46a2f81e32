package chain

import (
	"context"
	"strings"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/civic/people"
	"glosa/civic/people/portrait"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/civic/question/intake"
	"glosa/civic/report"
	"glosa/record"
	"glosa/web/door"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// Desks are the rooms that the six links ask.
type Desks struct {
	Edition    *edition.Desk
	People     *people.Desk
	Portrait   *portrait.Desk
	Report     *report.Desk
	Question   *question.Desk
	Intake     *intake.Desk
	Voter      *voter.Desk
	Priority   *priority.Desk
	Panel      *panel.Desk
	Commitment *commitment.Desk
	Record     *record.Log
}

// Links are the six links of an edition and when they change by the clock alone.
type Links struct {
	Chain   leaf.Chain
	Balance question.Balance
	Until   time.Time
}

// Of reads the six links of an edition.
func (d Desks) Of(r *door.Request, ed edition.Edition) (Links, error) {
	if ed.Documented {
		return d.documented(r, ed)
	}
	b := builder{d: d, ctx: r.Context(), w: r.Words, now: r.Now, ed: ed, r: r}
	b.links.Chain.Margin = Margin(r.Words, ed)
	for i, read := range []func() (leaf.Stop, error){b.report, b.questions, b.agenda, b.session, b.promises, b.follow} {
		stop, err := read()
		if err != nil {
			return Links{}, err
		}
		if stop.Href == "" {
			stop.Href = r.To("/ediciones", string(ed.ID), Paths[i])
		}
		b.links.Chain.Stops[i] = stop
	}
	if here := Place(ed); here > 0 {
		s := &b.links.Chain.Stops[here-1]
		s.Here = true
		switch {
		case ed.Stage == edition.Postponed || ed.Stage == edition.Cancelled:
			s.Shape = leaf.Paused
		case s.Note == "":
			s.Note = r.Words.T("ch.here")
		default:
			s.Note = strings.ToLower(r.Words.T("ch.here")) + " · " + s.Note
		}
	}
	b.links.Until = Until(ed, r.Now)
	return b.links, nil
}

// Paths are the pages of the six links, below /ediciones/{edition}.
var Paths = [6]string{"informe", "preguntas", "agenda", "sesion", "compromisos", "compromisos"}

// Margin is the margin of the chain.
func Margin(w *text.Words, ed edition.Edition) leaf.Margin {
	return leaf.Margin{Head: w.T("cn.margin"), Lines: leaf.Notes(w.T("cn.opens")), Synthetic: ed.Synthetic}
}

// Place is the number of the link an edition stands at, from 1; 0 before the chain begins.
func Place(ed edition.Edition) int {
	at := ed.Stage
	if at == edition.Postponed || at == edition.Cancelled {
		at = ed.Held
	}
	return edition.Link(at)
}

type builder struct {
	d     Desks
	ctx   context.Context
	w     *text.Words
	now   time.Time
	ed    edition.Edition
	r     *door.Request
	links Links
}

// day is a day near today in the edition's zone; with its year when that is another one.
func (b *builder) day(t time.Time) string {
	return Day(b.w, b.now, t.In(b.ed.Zone))
}

// Day is a day in short, with its year when it is not this one. t is in its zone.
func Day(w *text.Words, now, t time.Time) string {
	if t.Year() == now.In(t.Location()).Year() {
		return w.ShortDay(t)
	}
	return w.Day(t)
}

// reached is the shape of a link whose work begins and ends with a stage.
func (b *builder) reached(begins, ends edition.Stage) leaf.Shape {
	switch {
	case b.ed.Reached(ends):
		return leaf.Done
	case b.ed.Reached(begins):
		return leaf.Going
	}
	return leaf.Later
}

func (b *builder) report() (s leaf.Stop, err error) {
	sheet, err := b.d.Report.Sheet(b.ctx, b.ed.ID)
	if err != nil {
		return s, err
	}
	switch {
	case sheet.Report.State == report.Published && sheet.Late > 0:
		return leaf.Stop{Shape: leaf.Done, Count: "1", Note: b.w.T("cn.report.late", "n", b.w.N(sheet.Late))}, nil
	case sheet.Report.State == report.Published:
		return leaf.Stop{Shape: leaf.Done, Count: "1", Note: b.w.T("cn.report.ontime")}, nil
	case sheet.Late > 0:
		return leaf.Stop{Shape: leaf.Overdue, Count: "0", Note: b.w.T("cn.report.missing", "n", b.w.N(sheet.Late))}, nil
	case sheet.Due.IsZero():
		return leaf.Stop{Shape: leaf.Later, Note: b.w.T("s.nodate")}, nil
	}
	return leaf.Stop{Shape: leaf.Later, Note: b.w.T("cn.report.due", "date", b.day(sheet.Due))}, nil
}

func (b *builder) questions() (s leaf.Stop, err error) {
	if b.links.Balance, err = b.d.Question.Balance(b.ctx, b.ed.ID); err != nil {
		return s, err
	}
	s.Shape = b.reached(edition.IntakeOpen, edition.Selected)
	if b.ed.Reached(edition.IntakeOpen) {
		s.Count = b.w.N(b.links.Balance.Received)
	}
	until, open := b.ed.Accepts(b.now)
	switch {
	case open:
		s.Note = ClosesIn(b.w, DaysTo(b.now, until, b.ed.Zone), until.In(b.ed.Zone))
	case b.ed.Stage == edition.Postponed && b.now.Before(b.ed.Plan.Begins(edition.IntakeClosed)):
		s.Note = b.w.T("s.nodate") // what stands still has not closed
	case b.ed.Reached(edition.IntakeOpen):
		s.Note = b.w.T("cn.questions.closed", "date", b.day(b.ed.Plan.Begins(edition.IntakeClosed)))
	default:
		s.Note = b.planned("cn.questions.opens", edition.IntakeOpen)
	}
	return s, nil
}

func (b *builder) agenda() (s leaf.Stop, err error) {
	a, err := b.d.Priority.Agenda(b.ctx, b.ed.ID)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return s, err
	}
	if err == nil && a.Status == priority.Decided {
		n := b.w.N(a.Used)
		return leaf.Stop{Shape: leaf.Done, Count: b.w.N(len(a.Chosen)), Note: b.w.T("cn.agenda.minutes", "n", n)}, nil
	}
	return leaf.Stop{Shape: b.reached(edition.IntakeClosed, edition.Selected), Note: b.planned("cn.agenda.on", edition.Selected)}, nil
}

func (b *builder) session() (s leaf.Stop, err error) {
	mesas, err := b.d.Panel.Mesas(b.ctx, b.ed.ID)
	if err != nil {
		return s, err
	}
	s.Shape = b.reached(edition.InSession, edition.Agreed)
	if len(mesas) > 0 {
		s.Count = b.w.N(len(mesas))
	}
	day := b.ed.Plan.Begins(edition.InSession)
	switch {
	case b.ed.Stage == edition.Postponed || day.IsZero():
		s.Note = b.w.T("s.nodate")
	case b.ed.Reached(edition.MinutesPending):
		s.Note = b.w.T("cn.session.was", "n", b.w.N(len(mesas)), "date", b.day(day))
	default:
		s.Note = b.day(day) + ", " + b.w.Hour(day.In(b.ed.Zone))
	}
	return s, nil
}

func (b *builder) promises() (s leaf.Stop, err error) {
	board, err := b.d.Commitment.Board(b.ctx, commitment.Filter{Edition: b.ed.ID})
	if err != nil {
		return s, err
	}
	s.Shape = b.reached(edition.MinutesPending, edition.FollowUp)
	if len(board.Rows) > 0 {
		s.Count = b.w.N(len(board.Rows))
	}
	_, left, err := b.d.Commitment.Worklist(b.ctx, b.ed.ID)
	if err != nil {
		return s, err
	}
	switch {
	case left > 0:
		s.Note = b.w.T("cn.promises.before", "n", b.w.N(left))
	case len(board.Rows) > 0:
		s.Note = b.w.T("cn.promises.agreed", "date", b.day(b.ed.Plan.Begins(edition.Agreed)))
	default:
		s.Note = b.planned("cn.promises.by", edition.Agreed)
	}
	return s, nil
}

func (b *builder) follow() (s leaf.Stop, err error) {
	s.Href = b.r.To("/ediciones", string(b.ed.ID), "compromisos") + "#seguimiento"
	s.Shape = b.reached(edition.FollowUp, edition.Evaluated)
	if b.ed.Reached(edition.FollowUp) {
		board, err := b.d.Commitment.Board(b.ctx, commitment.Filter{Edition: b.ed.ID})
		if err != nil {
			return s, err
		}
		assessed := 0
		for _, row := range board.Rows {
			if row.Observed.Said() {
				assessed++
			}
		}
		s.Count = b.w.N(assessed)
		s.Note = b.w.T("cn.follow.assessed", "n", b.w.N(len(board.Rows)))
		return s, nil
	}
	if b.ed.Protocol != nil {
		t := b.ed.Protocol.Follow.Stale
		s.Note = b.w.T("cn.follow.every", "term", b.w.T(t.Unit.Key(), "n", b.w.N(t.N)))
	}
	return s, nil
}

// planned says when a stage is to begin, or that there is no date.
func (b *builder) planned(key string, stage edition.Stage) string {
	on := b.ed.Plan.Begins(stage)
	if on.IsZero() || b.ed.Stage == edition.Postponed {
		return b.w.T("s.nodate")
	}
	return b.w.T(key, "date", b.day(on))
}

// documented is the chain of a real edition of the past: what sources say, and
// that they say nothing where they do not.
func (d Desks) documented(r *door.Request, ed edition.Edition) (Links, error) {
	w := r.Words
	var l Links
	l.Chain.Margin = leaf.Margin{Head: w.T("cn.margin"), Lines: leaf.Notes(w.T("cn.sourced"))}
	board, err := d.Commitment.Board(r.Context(), commitment.Filter{Edition: ed.ID})
	if err != nil {
		return l, err
	}
	for i := range l.Chain.Stops {
		l.Chain.Stops[i] = leaf.Stop{Shape: leaf.Unknown}
	}
	if !ed.Known.Date.IsZero() && !ed.Known.Nothing {
		l.Chain.Stops[3] = leaf.Stop{Shape: leaf.Done, Note: ed.Known.Date.In(w.Lang)}
	}
	if n := len(board.Rows); n > 0 {
		here := r.To("/ediciones", string(ed.ID), "compromisos")
		l.Chain.Stops[4] = leaf.Stop{Shape: leaf.Done, Count: w.N(n), Href: here, Note: w.T("cn.promises.documented", "n", w.N(n))}
		l.Chain.Stops[5] = leaf.Stop{Shape: leaf.Going, Href: here + "#seguimiento", Note: w.T("cn.follow.sources")}
		return l, nil
	}
	dossier, err := d.Edition.Dossier(r.Context(), ed.Series)
	for _, f := range dossier.Findings {
		if f.Kind == "agreed" && f.About == string(ed.ID) {
			l.Chain.Stops[4] = leaf.Stop{Shape: leaf.Done, Note: w.T("cn.promises.untitled"), Href: r.To("/ediciones", string(ed.ID)) + "#ademas"}
		}
	}
	return l, err
}
