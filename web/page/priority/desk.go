package priority

import (
	"strings"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

const (
	actSelect glosa.Act = "priority.select"
	actFreeze glosa.Act = "priority.freeze"
)

// deskPage is the selector's desk: what would be decided, by which rule, and
// under which seat it would be published.
type deskPage struct {
	leaf.Page
	Agenda   priority.Agenda
	Edition  edition.Edition
	Post     string
	Rule     []leaf.Row
	MayPick  bool // an outside selector picks the questions
	MayRun   bool // the rule computes; the selector sets it off
	MayFix   bool // the facilitator freezes the criteria
	Items    []leaf.Item
	Problems leaf.Problems
	Typed    string
}

// enter refuses whoever has no act at this desk; another edition's is not there.
func enter(r *door.Request) (glosa.EditionID, error) {
	id := glosa.EditionID(r.Path("edition"))
	if r.Actor.Edition != "" && r.Actor.Edition != id {
		return id, glosa.Missing("edition", string(id))
	}
	if r.Actor.May(actFreeze) == nil {
		return id, nil
	}
	return id, r.Actor.MayIn(actSelect, id)
}

func (p *Pages) desk(r *door.Request) (door.View, error) {
	v, err := p.deskOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(deskBody(v))
}

func (p *Pages) deskOf(r *door.Request) (v deskPage, err error) {
	id, err := enter(r)
	if err != nil {
		return v, err
	}
	w := r.Words
	if v.Edition, err = p.Edition.Get(r.Context(), id); err != nil {
		return v, err
	}
	if v.Agenda, err = p.Priority.Agenda(r.Context(), id); err != nil {
		return v, err
	}
	names, err := who.Read(r.Context(), p.People, w)
	if err != nil {
		return v, err
	}
	v.Page = leaf.From(r, w.T("ag.desk"))
	v.NoIndex, v.Synthetic = true, v.Edition.Synthetic
	v.Post = names.Actor(r.Actor)
	v.Signed = v.Post
	v.Crumbs = []leaf.Link{{Text: w.T("en.desk.title"), Href: r.To("/mesa")}, {Text: w.T("ag.desk")}}
	v.Margin = leaf.Margin{Head: chain.Name(w, v.Edition), Lines: leaf.Notes(chain.Word(w, v.Edition.StageAt(r.Now)), v.Post), Synthetic: v.Edition.Synthetic}
	if v.Agenda.Status != priority.Unfrozen {
		v.Rule = ruleRows(w, v.Agenda)
	}
	p.allowed(r, &v)
	if v.MayPick {
		v.Items, err = p.candidates(r, id)
	}
	return v, err
}

// allowed says what this person may do now, and the sentence of the desk.
func (p *Pages) allowed(r *door.Request, v *deskPage) {
	w, a := r.Words, v.Agenda
	outside := a.Criteria.Rule == "outside_selector"
	selector := r.Actor.MayIn(actSelect, v.Edition.ID) == nil
	switch a.Status {
	case priority.Unfrozen:
		v.State = w.T("ag.unfrozen")
		v.MayFix = r.Actor.MayIn(actFreeze, v.Edition.ID) == nil && !v.Edition.Reached(edition.IntakeOpen)
	case priority.Decided:
		v.State = w.T("g.done") + "."
		v.Action = &leaf.Action{Text: w.T("ag.see"), Href: r.To("/ediciones", string(v.Edition.ID), "agenda")}
	case priority.Ended:
		v.State = w.T("ag.desk.ready")
		v.MayRun, v.MayPick = selector && !outside, selector && outside
	case priority.Held:
		v.State = w.T("ag.held")
	default:
		v.State = w.T("g.window") + "."
		if !a.Closes.IsZero() {
			v.More = w.T("ag.desk.closes", "date", w.Date(a.Closes.In(v.Edition.Zone)), "time", w.Hour(a.Closes.In(v.Edition.Zone)))
		}
	}
}

// candidates are the questions that an outside selector may pick from.
func (p *Pages) candidates(r *door.Request, id glosa.EditionID) (items []leaf.Item, err error) {
	texts, err := p.texts(r, id)
	for _, q := range texts {
		if q.State == "admitted" {
			items = append(items, leaf.Item{Code: string(q.ID), Text: q.Text, Lang: lang(q), Href: r.To("/preguntas", string(q.ID))})
		}
	}
	sortItems(items)
	return items, err
}

// choose sets the calculation off, or takes what the selector picked.
func (p *Pages) choose(r *door.Request) (door.View, error) {
	id, err := enter(r)
	if err != nil {
		return door.View{}, err
	}
	if r.Value("do") == "pick" {
		_, err = p.Priority.Pick(r.Context(), r.Actor, id, folios(r.Value("chosen")))
	} else {
		_, err = p.Priority.Select(r.Context(), r.Actor, id)
	}
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		v, err := p.deskOf(r)
		if err != nil {
			return door.View{}, err
		}
		v.Problems, v.Typed = problems, r.Value("chosen")
		return door.Redo(deskBody(v))
	}
	if err != nil {
		return door.View{}, err
	}
	return door.Done(r.To("/ediciones", string(id), "agenda"), "edition:"+string(id))
}

// freeze fixes the criteria.
func (p *Pages) freeze(r *door.Request) (door.View, error) {
	id, err := enter(r)
	if err != nil {
		return door.View{}, err
	}
	if _, err := p.Priority.Freeze(r.Context(), r.Actor, id); err != nil {
		return door.View{}, err
	}
	return door.Done(r.To("/mesa/seleccion", string(id)), "edition:"+string(id))
}

// folios are the words of a text area, one question a line.
func folios(typed string) (ids []glosa.QuestionID) {
	for _, f := range strings.Fields(strings.ToUpper(typed)) {
		ids = append(ids, glosa.QuestionID(f))
	}
	return ids
}
