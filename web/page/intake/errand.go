package intake

import (
	"net/http"

	"glosa"
	"glosa/civic/question"
	civic "glosa/civic/question/intake"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// bag is the answers that a desk carries back, in large type.
type bag struct {
	leaf.Page
	s        scene
	room     civic.Room
	list     []civic.Errand
	problems leaf.Problems
	here     string
	ways     []leaf.Option
	today    string
}

func (p *Pages) errands(r *door.Request) (door.View, error) {
	b, err := p.bag(r, leaf.Problems{})
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: bagPage(b)}, nil
}

func (p *Pages) bag(r *door.Request, problems leaf.Problems) (b bag, err error) {
	room, err := p.here(r)
	if err != nil {
		return b, err
	}
	_, list, err := p.Intake.Errands(r.Context(), r.Actor, room.ID)
	if err != nil {
		return b, err
	}
	s, err := p.scene(r)
	if err != nil {
		return b, err
	}
	w := r.Words
	b = bag{s: s, room: room, list: list, problems: problems, here: at(r, room.ID, "respuestas"), today: r.Now.In(s.Edition.Zone).Format("2006-01-02"),
		Page: s.page(w.T("pr.back"), leaf.Link{Text: room.Name, Href: at(r, room.ID)})}
	b.State = w.T("it.back.none")
	if room.ToTake > 0 {
		b.State = w.T("it.back.n", "n", w.N(room.ToTake)) + "."
	}
	b.ways = []leaf.Option{{Text: w.T("qt.choose")}}
	for _, c := range civic.Ways() {
		b.ways = append(b.ways, leaf.Option{Value: string(c), Text: w.T("it.way." + string(c))})
	}
	return b, nil
}

// deliver writes down that an answer went back.
func (p *Pages) deliver(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	folio, err := question.ParseFolio(r.Value("folio"))
	if err == nil {
		err = p.Intake.Deliver(r.Context(), r.Actor, room.ID, folio, r.Value("asked_on"), glosa.Code(r.Value("how")))
	}
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		b, err := p.bag(r, problems.In(string(folio)))
		if err != nil {
			return door.View{}, err
		}
		return door.View{Body: bagPage(b), Status: http.StatusUnprocessableEntity}, nil
	}
	if err != nil {
		return door.View{}, err
	}
	return door.Done(at(r, room.ID, "respuestas"), "question:"+string(folio))
}

// field is one box of the form of one answer.
func (b bag) field(e civic.Errand, name, label string) leaf.Field {
	f := leaf.Field{Name: name, Form: string(e.ID), Label: b.Words.T(label), Required: true}
	if b.problems.Any() && b.s.r.Value("folio") == string(e.ID) {
		f.Error = b.problems.For(name)
	}
	return f
}

func (b bag) day(e civic.Errand) leaf.Field {
	f := b.field(e, "asked_on", "it.back.day")
	f.Type, f.Value = "date", b.today
	return f
}

func (b bag) way(e civic.Errand) leaf.Field {
	f := b.field(e, "how", "it.back.how")
	f.Options = b.ways
	return f
}

// common is the folio that the answer was given to, where the question was merged.
func common(e civic.Errand) string {
	if e.Page.Canonical != e.ID {
		return string(e.Page.Canonical)
	}
	return ""
}
