package panel

import (
	"errors"
	"net/url"
	"slices"

	"glosa"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// mountDesks hangs up the desks of those who prepare, run and write down the session.
func (p *Pages) mountDesks(r *door.Router) {
	r.Desk("/mesa/preparacion/{edition}", p.prepare)
	r.Act("/mesa/preparacion/{edition}", p.prepared)
	r.Desk("/mesa/conduccion/{mesa}", p.console)
	r.Act("/mesa/conduccion/{mesa}", p.conducted)
	r.Desk("/mesa/minutas/{edition}", p.scribe)
	r.Act("/mesa/minutas/{edition}", p.scribed)
}

// desk is what every desk of one edition shows outside its sections, and what
// was typed when a form comes back with errors.
type desk struct {
	leaf.Page
	scene
	Post     string
	Problems leaf.Problems
	Did      string     // the form that came back
	Typed    url.Values // its fields
}

// typed is a field's value: as typed when this form came back, else as it stands.
func (d desk) typed(form, field, stands string) string {
	if d.Did == form && d.Typed != nil {
		return d.Typed.Get(field)
	}
	return stands
}

// wrong is the message of a field, in the form that came back only.
func (d desk) wrong(form, field string) string {
	if d.Did == form {
		return d.Problems.For(field)
	}
	return ""
}

// field is one box of one of the desk's forms, with what was typed and what is
// wrong with it. stands is what it holds otherwise.
func (d desk) field(form, name, label, stands string) leaf.Field {
	return leaf.Field{Form: form, Name: name, Label: label, Value: d.typed(form, name, stands), Error: d.wrong(form, name)}
}

// must is field for what may not be left out.
func (d desk) must(form, name, label, stands string) leaf.Field {
	f := d.field(form, name, label, stands)
	f.Required = true
	return f
}

// pick is field with its options.
func (d desk) pick(form, name, label, stands string, options []leaf.Option) leaf.Field {
	f := d.field(form, name, label, stands)
	f.Options = options
	return f
}

// hinted adds a hint to a field.
func hinted(f leaf.Field, hint string) leaf.Field {
	f.Hint = hint
	return f
}

// numbered makes a field of whole numbers.
func numbered(f leaf.Field) leaf.Field {
	f.Type = "number"
	return f
}

// allowed is nil when the actor may do one of the acts in the edition; another
// edition's desk is not there for whoever sits in one.
func allowed(a glosa.Actor, id glosa.EditionID, acts ...glosa.Act) (err error) {
	if a.Edition != "" && a.Edition != id {
		return glosa.Missing("edition", string(id))
	}
	for _, act := range acts {
		if err = a.MayIn(act, id); err == nil {
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

// deskOf is the frame of a desk.
func (p *Pages) deskOf(r *door.Request, id glosa.EditionID, title string) (d desk, err error) {
	if d.scene, err = p.scene(r, id); err != nil {
		return d, err
	}
	w := r.Words
	d.Page = leaf.From(r, title)
	d.NoIndex, d.Synthetic = true, d.Edition.Synthetic
	d.Post = d.Names.Actor(r.Actor)
	d.Signed = d.Post
	d.Crumbs = []leaf.Link{{Text: w.T("en.desk.title"), Href: r.To("/mesa")}, {Text: title}}
	d.Margin = leaf.Margin{Head: chain.Name(w, d.Edition), Lines: leaf.Notes(chain.Word(w, d.Edition.StageAt(r.Now)), d.Post), Synthetic: d.Edition.Synthetic}
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
