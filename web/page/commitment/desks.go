package commitment

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// What each desk asks before it shows itself, as testdata/may.txt names it.
const (
	actPropose   glosa.Act = "commitment.propose"
	actNegotiate glosa.Act = "commitment.negotiate"
	actAccept    glosa.Act = "commitment.accept"
	actDecline   glosa.Act = "commitment.decline"
	actReport    glosa.Act = "commitment.report"
	actEvidence  glosa.Act = "commitment.evidence"
	actReply     glosa.Act = "commitment.reply"
	actReview    glosa.Act = "commitment.review"
	actAssess    glosa.Act = "commitment.assess"
	actDispose   glosa.Act = "commitment.dispose"
	actAmend     glosa.Act = "commitment.amend"
	actSuspend   glosa.Act = "commitment.suspend"
	actLink      glosa.Act = "commitment.link"
	actErase     glosa.Act = "commitment.erase"
)

// drafting are the acts of the desk of an edition's commitments, before both
// sides have agreed and after.
var drafting = []glosa.Act{actPropose, actNegotiate, actAccept, actDecline, actAmend, actSuspend, actLink}

// mountDesks hangs up the desks of the commitments.
func (p *Pages) mountDesks(r *door.Router) {
	r.Desk("/mesa/compromisos/{edition}", p.drafts)
	r.Act("/mesa/compromisos/{edition}", p.drafted)
	r.Desk("/mesa/compromisos/{edition}/{id}", p.draft)
	r.Act("/mesa/compromisos/{edition}/{id}", p.drafted)
	r.Desk("/mesa/seguimiento", p.follow)
	r.Desk("/mesa/seguimiento/{id}", p.owed)
	r.Upload("/mesa/seguimiento/{id}", commitment.MaxEvidence+1<<20, p.followed)
	r.Desk("/mesa/evaluacion", p.evaluate)
	r.Desk("/mesa/evaluacion/{id}", p.judge)
	r.Act("/mesa/evaluacion/{id}", p.judged)
	r.Act("/mesa/evaluacion", p.declare)
	r.Desk("/mesa/borrado/{edition}", p.erasures, "pieza")
	r.Act("/mesa/borrado/{edition}", p.erase)
	r.Desk("/mesa/disposiciones/{edition}", p.dispositions)
	r.Act("/mesa/disposiciones/{edition}", p.dispose)
}

// desk is what every desk shows outside its sections, and what was typed when a
// form comes back with errors.
type desk struct {
	leaf.Page
	Edition  edition.Edition
	Names    who.Names
	Zone     *time.Location
	Post     string
	Problems leaf.Problems
	Did      string
	Typed    url.Values
}

// allowed is nil when the actor may do one of the acts in the edition ("" is any);
// another edition's desk is not there for whoever sits in one.
func allowed(a glosa.Actor, id glosa.EditionID, acts ...glosa.Act) (err error) {
	if id != "" && a.Edition != "" && a.Edition != id {
		return glosa.Missing("edition", string(id))
	}
	for _, act := range acts {
		if err = a.May(act); err == nil {
			return nil
		}
	}
	return err
}

// may tells whether the actor may do an act at the stage where the edition
// stands: a form that the stage would refuse is not offered.
func (d desk) may(a glosa.Actor, act glosa.Act) bool {
	if a.MayIn(act, d.Edition.ID) != nil {
		return false
	}
	stages, all := a.OpenStages(act)
	return all || slices.Contains(stages, string(d.Edition.Stage))
}

// deskOf is the frame of a desk; id "" is a desk of all editions.
func (p *Pages) deskOf(r *door.Request, id glosa.EditionID, title string) (d desk, err error) {
	w := r.Words
	d.Zone = time.UTC
	if id != "" {
		if d.Edition, err = p.Edition.Get(r.Context(), id); err != nil {
			return d, err
		}
		d.Zone = zoneOf(d.Edition)
	}
	if d.Names, err = p.names(r); err != nil {
		return d, err
	}
	d.Page = leaf.From(r, title)
	d.NoIndex, d.Synthetic = true, d.Edition.Synthetic
	d.Post = d.Names.Actor(r.Actor)
	d.Signed = d.Post
	d.Crumbs = []leaf.Link{{Text: w.T("en.desk.title"), Href: r.To("/mesa")}, {Text: title}}
	d.Margin = leaf.Margin{Head: d.Post, Synthetic: d.Synthetic}
	if id != "" {
		d.Margin = leaf.Margin{Head: chain.Name(w, d.Edition), Lines: leaf.Notes(chain.Word(w, d.Edition.StageAt(r.Now)), d.Post), Synthetic: d.Synthetic}
	}
	return d, nil
}

// back shows the form again when err is of its fields, or says that the thing
// has moved on meanwhile; any other error goes on.
func (d *desk) back(r *door.Request, err error) bool {
	var e *glosa.Error
	if errors.As(err, &e) && (e.Kind == glosa.Conflict || e.Kind == glosa.Closed) {
		err = glosa.Wrong(glosa.Field{Key: e.Key, Args: e.Args})
	}
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if wrong {
		d.Problems, d.Did, d.Typed = problems.In(r.Value("do")), r.Value("do"), r.Form
	}
	return wrong
}

// field is one box of one of the desk's forms; stands is what it holds unless
// the form came back.
func (d desk) field(form, name, label, stands string) leaf.Field {
	f := leaf.Field{Form: form, Name: name, Label: label, Value: stands}
	if d.Did == form {
		f.Error = d.Problems.For(name)
		if d.Typed != nil {
			f.Value = d.Typed.Get(name)
		}
	}
	return f
}

func (d desk) must(form, name, label, stands string) leaf.Field {
	f := d.field(form, name, label, stands)
	f.Required = true
	return f
}

func (d desk) pick(form, name, label, stands string, options []leaf.Option) leaf.Field {
	f := d.field(form, name, label, stands)
	f.Options = options
	return f
}

func hinted(f leaf.Field, hint string) leaf.Field {
	f.Hint = hint
	return f
}

func ofType(f leaf.Field, kind string) leaf.Field {
	f.Type = kind
	return f
}

// ladder is the words of the ladder, from the lowest, as a form offers them.
func (d desk) ladder(without ...commitment.Status) (options []leaf.Option) {
	for _, s := range commitment.Ladder() {
		if !slices.Contains(without, s) {
			options = append(options, leaf.Option{Value: string(s), Text: d.Words.T("verdict." + string(s))})
		}
	}
	return options
}

func orElse(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// day reads a date of a form at the start of that day in the edition's zone; the
// zero time when there is none.
func day(s string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation("2006-01-02", s, zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

func dayOf(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02")
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func tick(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}

// wrongRow is the message of one row of a list: its own, or in the first row that
// of the whole list.
func (d desk) wrongRow(form, name string, i int) string {
	if d.Did != form {
		return ""
	}
	if e := d.Problems.For(name + "." + itoa(i+1)); e != "" || i > 0 {
		return e
	}
	return d.Problems.For(name)
}
