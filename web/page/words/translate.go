package words

import (
	"strconv"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/question"
)

// pending is one edition's part of what awaits a translation.
type pending struct {
	name  string
	code  string
	synt  bool
	tasks []civic.Task
	rows  []leaf.Item
}

// queue is the translators' desk.
type queue struct {
	leaf.Page
	parts []pending
}

// longest is how much of the queue one page shows.
const longest = 100

func (p *Pages) untranslated(r *door.Request) (door.View, error) {
	if err := r.Actor.May("question.translate"); err != nil {
		return door.View{}, err
	}
	all, err := p.Edition.List(r.Context(), "")
	if err != nil {
		return door.View{}, err
	}
	q := queue{Page: page(r, r.Words.T("tq.title"), "")}
	n := 0
	for _, e := range all {
		if e.Documented || !e.Reached(edition.IntakeOpen) {
			continue
		}
		tasks, err := p.Question.Untranslated(r.Context(), r.Actor, e.ID, longest)
		if err != nil && glosa.KindOf(err) == glosa.Denied {
			continue // a post or seat of another edition
		}
		if err != nil {
			return door.View{}, err
		}
		s, err := question.Speak(r, p.Desks, e.ID)
		if err != nil {
			return door.View{}, err
		}
		q.Signed = s.Names.Actor(r.Actor)
		part := pending{name: chain.Name(r.Words, e), code: e.Code, synt: e.Synthetic, tasks: tasks}
		for _, t := range tasks {
			part.rows = append(part.rows, taskRow(r, s, t))
		}
		if n += len(tasks); len(tasks) > 0 {
			q.parts = append(q.parts, part)
			q.Synthetic = q.Synthetic || e.Synthetic
		}
	}
	q.State, q.Shape = r.Words.T("tq.none"), leaf.Done
	if n > 0 {
		q.State, q.Shape = r.Words.T("tq.n", "n", r.Words.N(n)), leaf.Going
	}
	q.More = r.Words.T("tq.what")
	return door.View{Body: queuePage(q)}, nil
}

func taskRow(r *door.Request, s question.Speaker, t civic.Task) leaf.Item {
	row := leaf.Item{Code: string(t.ID), Text: t.Text, Href: r.To("/mesa/traduccion", string(t.ID)), Shape: leaf.Going,
		Word: s.Tongue(string(t.Language))}
	if !t.Due.IsZero() {
		row.Notes = []string{r.Words.T("tq.due", "at", r.Words.Stamp(t.Due.In(s.Edition.Zone)))}
	}
	if !t.Late.IsZero() {
		row.Late = r.Words.T("rk.question.translation_late")
	}
	return row
}

// sheet is one text before a translator.
type sheet struct {
	leaf.Page
	s        question.Speaker
	t        civic.Task
	problems leaf.Problems
	text     string
	context  string
	machine  string
	office   string
}

func (p *Pages) translating(r *door.Request) (door.View, error) {
	x, err := p.sheet(r, leaf.Problems{})
	return door.View{Body: sheetPage(x)}, err
}

func (p *Pages) sheet(r *door.Request, problems leaf.Problems) (x sheet, err error) {
	id, err := folio(r.Path("folio"))
	if err != nil {
		return x, err
	}
	t, err := p.Question.ToTranslate(r.Context(), r.Actor, id)
	if err != nil {
		return x, err
	}
	q, err := p.Question.Page(r.Context(), id)
	if err != nil {
		return x, err
	}
	s, err := question.Speak(r, p.Desks, q.Edition)
	if err != nil {
		return x, err
	}
	x = sheet{Page: page(r, r.Words.T("tq.text.of", "folio", string(id)), s.Names.Actor(r.Actor)), s: s, t: t, problems: problems,
		office: string(r.Actor.Institution)}
	x.Crumbs = append(x.Crumbs, leaf.Link{Text: r.Words.T("tq.title"), Href: r.To("/mesa/traduccion")})
	x.Synthetic = s.Edition.Synthetic
	if sum, runs := t.Clock(); runs {
		x.Clock = s.Deadline(sum, r.Words.T("qt.start.received"))
	}
	if t.Now != nil {
		x.text, x.context = t.Now.Text, t.Now.Context
		if t.Now.Machine {
			x.machine = "1"
		}
	}
	if problems.Any() {
		x.text, x.context, x.machine = r.Form.Get("text"), r.Form.Get("context"), r.Form.Get("machine")
	}
	return x, nil
}

func (p *Pages) translate(r *door.Request) (door.View, error) {
	id, err := folio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	version, _ := strconv.Atoi(r.Value("version"))
	err = p.Question.Translate(r.Context(), r.Actor, id, version, r.Form.Get("text"), r.Form.Get("context"), r.Value("machine") == "1")
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		x, err := p.sheet(r, problems)
		if err != nil {
			return door.View{}, err
		}
		return door.Redo(sheetPage(x))
	}
	if err != nil {
		return door.View{}, err
	}
	return door.Done(r.To("/mesa/traduccion"), "question:"+string(id))
}
