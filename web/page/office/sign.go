package office

import (
	"errors"
	"slices"

	"github.com/a-h/templ"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/question"
	"glosa/web/page/who"
)

// shown shows one question again after an act: with what is wrong, or with what
// was done.
func (p *Pages) shown(r *door.Request, id glosa.QuestionID, err error, notice string, body func(file) templ.Component) (door.View, error) {
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if err != nil && !wrong {
		return door.View{}, hidden(id, err)
	}
	x, err := p.open(r, id, problems)
	if err != nil {
		return door.View{}, err
	}
	if wrong {
		return door.Redo(body(x))
	}
	x.notice = r.Words.T(notice)
	return door.View{Body: body(x)}, nil
}

// hidden turns the refusal of a question that another institution holds into the
// error of one that is not there: it is not theirs to know of.
func hidden(id glosa.QuestionID, err error) error {
	var e *glosa.Error
	if errors.As(err, &e) && e.Kind == glosa.Denied && e.Args["rule"] == "question.held_by" {
		return glosa.Missing("question", string(id))
	}
	return err
}

// waiting is what waits for a signature, and what was published.
func (p *Pages) waiting(r *door.Request) (door.View, error) {
	debt, err := p.Question.Debt(r.Context(), r.Actor)
	if err != nil {
		return door.View{}, err
	}
	from := start(r, debt.Signing)
	owed, err := p.Question.ToSign(r.Context(), r.Actor, from, most)
	if err != nil {
		return door.View{}, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return door.View{}, err
	}
	w, speakers := r.Words, p.speakers(r)
	d := desk{Page: page(r, w.T("of.sign"), names.Actor(r.Actor)), none: w.T("of.none.when")}
	d.Shape, d.State, d.More = leaf.Done, w.T("of.none")+".", w.T("of.sign.what")
	if len(owed) > 0 {
		d.Shape, d.State = leaf.Going, w.T("of.sign.n", "n", w.N(debt.Signing))+"."
	}
	d.shelf = shelved(r, "/mesa/firma", from, len(owed), debt.Signing)
	all, err := p.Question.Inbox(r.Context(), r.Actor, civic.Owing{}, most)
	if err != nil {
		return door.View{}, err
	}
	all = append(owed, slices.DeleteFunc(all, func(o civic.Owed) bool { return o.Draft == civic.InReview })...)
	d.Synthetic = r.Site.Demo || len(all) > 0
	var now, rest []leaf.Item
	first, others := gathered(all)
	for _, o := range first {
		s, err := speakers.of(o.Edition)
		if err != nil {
			return door.View{}, err
		}
		d.Synthetic = d.Synthetic && s.Edition.Synthetic
		it := row(s, o, r.To("/mesa/firma", string(o.ID)))
		if n := others[o.ID]; n > 0 {
			it.Notes = append(it.Notes, w.T("of.together", "n", w.N(n)))
		}
		if o.Draft == civic.InReview {
			now = append(now, it)
		} else {
			rest = append(rest, it)
		}
	}
	d.add(w.T("of.draft.in_review"), now)
	d.add(w.T("of.draft.none")+" · "+w.T("of.draft.draft"), rest)
	done, err := p.published(r, speakers)
	if err != nil {
		return door.View{}, err
	}
	d.add(w.T("of.answered"), done)
	return door.View{Body: deskPage(d)}, nil
}

func (d *desk) add(title string, rows []leaf.Item) {
	if len(rows) > 0 {
		d.piles = append(d.piles, pile{title, rows})
	}
}

// published are the institution's newest answers, which it may correct.
func (p *Pages) published(r *door.Request, speakers *speakers) (rows []leaf.Item, err error) {
	f := civic.Filter{Institution: r.Actor.Institution, States: []civic.State{civic.Answered, civic.Transferred, civic.Finished}}
	if f.Institution == "" {
		return nil, nil
	}
	some, _, err := p.Question.List(r.Context(), f, "", 20)
	for _, b := range some {
		s, err := speakers.of(b.Edition)
		if err != nil {
			return nil, err
		}
		rows = append(rows, s.Row(b, r.To("/mesa/firma", string(b.ID))))
	}
	return rows, err
}

func (p *Pages) reading(r *door.Request) (door.View, error) {
	id, err := sent(r)
	if err != nil {
		return door.View{}, err
	}
	x, err := p.open(r, id, leaf.Problems{})
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: readingPage(x)}, nil
}

// ministry is one line of the overview.
type ministry struct {
	civic.Load
	name   string
	href   string
	oldest string
}

// share is one edition's part of the overview.
type share struct {
	s        question.Speaker
	rows     []ministry
	nobody   []civic.Brief // two institutions said it was not theirs
	offices  []leaf.Option
	problems leaf.Problems
}

// overview is what every institution owes.
type overview struct {
	leaf.Page
	parts []share
}

func (p *Pages) governor(r *door.Request) (door.View, error) {
	o, err := p.overview(r, leaf.Problems{})
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: governorPage(o)}, nil
}

func (p *Pages) overview(r *door.Request, problems leaf.Problems) (overview, error) {
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return overview{}, err
	}
	w := r.Words
	o := overview{Page: page(r, w.T("of.governor"), names.Actor(r.Actor))}
	all, err := p.Edition.List(r.Context(), "")
	if err != nil {
		return o, err
	}
	pending, late, speakers := 0, 0, p.speakers(r)
	o.Synthetic = true
	for _, e := range all {
		if e.Documented || !e.Reached(edition.IntakeOpen) || r.Actor.Edition != "" && r.Actor.Edition != e.ID {
			continue
		}
		part, err := p.share(r, e.ID, speakers)
		if err != nil {
			return o, err
		}
		part.problems = problems
		for _, m := range part.rows {
			pending, late = pending+m.Pending, late+m.Overdue
		}
		o.Synthetic = o.Synthetic && e.Synthetic
		o.parts = append(o.parts, part)
	}
	if len(o.parts) == 0 { // nobody without the office learns even that
		_, err := p.Question.Overview(r.Context(), r.Actor, r.Actor.Edition)
		if err != nil {
			return o, err
		}
		o.Synthetic = false
	}
	o.Shape, o.State, o.More = leaf.Done, w.T("of.gov.n", "n", w.N(pending))+".", w.T("go.read")+"."
	if late > 0 {
		o.Shape, o.State = leaf.Overdue, w.T("of.gov.late", "n", w.N(late))+" · "+w.T("of.gov.n", "n", w.N(pending))+"."
	}
	return o, nil
}

// share reads one edition's loads, which the room gives to those who may read them.
func (p *Pages) share(r *door.Request, ed glosa.EditionID, speakers *speakers) (share, error) {
	loads, err := p.Question.Overview(r.Context(), r.Actor, ed)
	if err != nil {
		return share{}, err
	}
	s, err := speakers.of(ed)
	if err != nil {
		return share{}, err
	}
	x := share{s: s}
	for _, l := range loads {
		m := ministry{Load: l, name: r.Words.T("of.gov.nobody")}
		if l.Institution != "" {
			m.name = s.Names.Institution(l.Institution)
			m.href = r.To("/ediciones", string(ed), "preguntas") + "?estado=waiting&institucion=" + string(l.Institution)
		}
		if !l.Oldest.IsZero() {
			m.oldest = chain.Day(r.Words, r.Now, l.Oldest.In(s.Edition.Zone))
		}
		x.rows = append(x.rows, m)
	}
	x.nobody, _, err = p.Question.List(r.Context(), civic.Filter{Edition: ed, States: []civic.State{civic.Routed, civic.Overdue}, Unheld: true}, "", most)
	x.nobody = slices.DeleteFunc(x.nobody, civic.Brief.Unrouted)
	x.offices = append([]leaf.Option{{Text: r.Words.T("mq.choose")}}, s.Offices()...)
	return x, err
}

// assign gives a question that nobody wants to the institution that must answer.
func (p *Pages) assign(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Value("folio"))
	if err == nil {
		err = p.Question.Assign(r.Context(), r.Actor, id, glosa.InstitutionKey(r.Value("institution")))
	}
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		o, err := p.overview(r, problems)
		if err != nil {
			return door.View{}, err
		}
		return door.Redo(governorPage(o))
	}
	if err != nil {
		return door.View{}, err
	}
	return door.Done(r.To("/mesa/gubernatura"), "question:"+string(id))
}
