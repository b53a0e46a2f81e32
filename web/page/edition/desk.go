package edition

import (
	"errors"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
	"glosa/web/text"
)

// bench is the facilitator's desk of one edition.
type bench struct {
	leaf.Page
	Edition  edition.Edition
	Problems leaf.Problems
	Typed    func(name string) string // what was typed in a form that came back
	Post     string                   // under what an act will be published

	Next     string // the stage that follows; "" at the end
	Missing  []lack
	Pending  []pending
	Dates    []date
	Soonest  string // the earliest session day that leaves time for everything
	Stages   []leaf.Option
	May      map[glosa.Act]bool
	Frozen   string // when the protocol was frozen
	Criteria string // when the rule of the agenda was frozen
}

// lack is one thing that keeps the edition from its next stage.
type lack struct {
	Gate, Name, Why, Until string
	Firm                   bool
}

// pending is a waiver that waits for somebody of the other side.
type pending struct {
	N              int
	Text, By, Gate string
	Mine           bool // proposed by this side: somebody else must confirm
}

// desks are the acts whose forms stand on the desk.
var desks = []glosa.Act{"edition.advance", "edition.waive", "edition.postpone", "edition.resume", "edition.extend",
	"edition.suspend", "edition.freeze", "edition.plan", "edition.cancel", "edition.settle", "priority.freeze"}

func (p *Pages) desk(r *door.Request) (door.View, error) {
	b, err := p.bench(r)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: deskPage(b)}, nil
}

// bench reads the desk. Somebody with no act here learns nothing of it: NotFound.
func (p *Pages) bench(r *door.Request) (b bench, err error) {
	id := glosa.EditionID(r.Path("edition"))
	b.May = map[glosa.Act]bool{}
	for _, act := range desks {
		b.May[act] = r.Actor.MayIn(act, id) == nil
	}
	if !b.May["edition.advance"] && !b.May["edition.waive"] {
		return b, glosa.Missing("edition", string(id))
	}
	ed, err := p.Edition.Get(r.Context(), id)
	if err != nil || ed.Protocol == nil {
		if err == nil {
			err = glosa.Missing("edition", string(id))
		}
		return b, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return b, err
	}
	b.Page = below(r, ed, r.Words.T("ep.desk", "name", chain.Name(r.Words, ed)))
	b.NoIndex, b.Edition, b.Post, b.Typed = true, ed, names.Actor(r.Actor), func(string) string { return "" }
	b.Signed = b.Post
	b.Dates = datesOf(r.Words, ed, r.Now)
	b.Soonest = r.Words.Date(edition.Lay(ed.Protocol, r.Now, r.Now).Earliest.In(ed.Zone))
	if !ed.Frozen.IsZero() {
		b.Frozen = r.Words.Stamp(ed.Frozen.In(ed.Zone))
	}
	if a, err := p.Priority.Agenda(r.Context(), ed.ID); err == nil && a.Status != priority.Unfrozen {
		b.Criteria = r.Words.Stamp(a.FrozenAt.In(ed.Zone))
	}
	for _, d := range ed.Plan.Dates {
		if ed.StageAt(r.Now).Before(d.Stage) && !d.Planned.IsZero() {
			b.Stages = append(b.Stages, leaf.Option{Value: string(d.Stage), Text: r.Words.T("ep.begins." + string(d.Stage))})
		}
	}
	return b, b.needs(p, r, names)
}

// needs is what the next stage still lacks, and the waivers under way.
func (b *bench) needs(p *Pages, r *door.Request, names who.Names) error {
	w, ed := r.Words, b.Edition
	to, missing, err := p.Edition.Needs(r.Context(), ed.ID)
	switch {
	case glosa.KindOf(err) == glosa.Closed && err != nil:
		b.State, b.More = chain.Word(w, ed.Stage)+".", w.T("ep.desk.end")
	case err != nil:
		return err
	default:
		b.Next = w.T("ep.begins." + string(to))
		b.State = w.T("ep.desk.ready", "stage", b.Next)
		if len(missing) > 0 {
			b.Shape, b.State = leaf.Later, w.T("ep.desk.need", "n", w.N(len(missing)), "stage", b.Next)
		}
		for _, m := range missing {
			b.Missing = append(b.Missing, lackOf(w, ed, m, to))
		}
	}
	x, err := p.Edition.Exceptions(r.Context(), ed.ID)
	for _, v := range x.Pending {
		b.Pending = append(b.Pending, pending{N: v.N, Text: v.Reason, By: names.By(v.By), Mine: v.Side == r.Actor.Side,
			Gate: gateName(ed, v.Gate, v.To, w.Lang)})
	}
	return err
}

func lackOf(w *text.Words, ed edition.Edition, m edition.Missing, to edition.Stage) lack {
	l := lack{Gate: string(m.Gate), Name: gateName(ed, m.Gate, to, w.Lang), Firm: m.Firm}
	if m.Key != "" {
		l.Why = w.Say(m.Key, m.Args)
	}
	if l.Name == l.Gate {
		l.Name, l.Why = l.Why, ""
	}
	if !m.Until.IsZero() {
		l.Until = w.T("ep.desk.wait", "date", w.Date(m.Until.In(ed.Zone)), "time", w.Hour(m.Until.In(ed.Zone)))
	}
	return l
}

// act does one act of the desk. Wrong fields show the desk again, with what was typed.
func (p *Pages) act(r *door.Request, form string, do func(ed edition.Edition) error) (door.View, error) {
	b, err := p.bench(r)
	if err != nil {
		return door.View{}, err
	}
	err = do(b.Edition)
	if err == nil {
		return door.Done(r.To("/mesa/edicion", string(b.Edition.ID)), chain.Tags(b.Edition)...)
	}
	problems, wrong := leaf.ProblemsOf(r.Words, prefixed(form, err))
	if !wrong {
		return door.View{}, err
	}
	b.Problems = problems
	b.Typed = r.Value
	return door.Redo(deskPage(b))
}

// prefixed names the fields of an error as the desk's forms do: several forms
// stand on one page, and each has a reason of its own.
func prefixed(form string, err error) error {
	var e *glosa.Error
	if !errors.As(err, &e) || e.Kind != glosa.Invalid {
		return err
	}
	again := *e
	again.Fields = nil
	for _, f := range e.Fields {
		f.Name = form + "_" + f.Name
		again.Fields = append(again.Fields, f)
	}
	return &again
}

// day reads a date of a form, in the edition's zone; the zero time when empty.
func day(typed, field string, zone *time.Location) (time.Time, error) {
	if typed == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, typed, zone)
	if err != nil {
		return t, glosa.WrongField(field, "ep.bad_day")
	}
	return t, nil
}
