package office

import (
	"errors"
	"strconv"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

func (p *Pages) folder(r *door.Request) (door.View, error) {
	id, err := sent(r)
	if err != nil {
		return door.View{}, err
	}
	x, err := p.open(r, id, leaf.Problems{})
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: folderPage(x)}, nil
}

// answerOf reads the boxes of an answer.
func answerOf(r *door.Request) civic.Answer {
	a := civic.Answer{Kind: glosa.Code(r.Value("kind")), Short: r.Form.Get("short"), Detail: r.Form.Get("detail"), Next: r.Value("next")}
	if a.Kind != civic.Said {
		a.Basis = r.Form.Get("basis")
	}
	if a.Kind == civic.Elsewhere {
		a.Place = r.Form.Get("place")
	}
	a.Evidence = civic.ParseEvidenceLines(r.Form.Get("evidence"))
	return a
}

// draft keeps the draft; the second button sends it on to be signed.
func (p *Pages) draft(r *door.Request) (door.View, error) {
	id, err := sent(r)
	if err != nil {
		return door.View{}, err
	}
	all, err := folios(r, id)
	if err != nil {
		return door.View{}, err
	}
	send, notice := r.Value("send") != "", "of.saved"
	if send {
		notice = "of.sent"
	}
	err = p.Question.DraftAll(r.Context(), r.Actor, all, answerOf(r), send)
	return p.shown(r, id, err, notice, folderPage)
}

// refer passes a question to another institution. Its clock runs on.
func (p *Pages) refer(r *door.Request) (door.View, error) {
	id, err := sent(r)
	if err != nil {
		return door.View{}, err
	}
	err = p.Question.Refer(r.Context(), r.Actor, id, glosa.InstitutionKey(r.Value("institution")), glosa.Code(r.Value("reason")))
	if err == nil {
		return door.Done(r.To("/mesa/enlace"), "question:"+string(id))
	}
	return p.shown(r, id, err, "", folderPage)
}

func (p *Pages) sign(r *door.Request) (door.View, error) {
	id, err := sent(r)
	var all []glosa.QuestionID
	if err == nil {
		all, err = folios(r, id)
	}
	if err == nil {
		err = p.Question.SignAll(r.Context(), r.Actor, all, r.Hash("read"))
	}
	var e *glosa.Error
	if errors.As(err, &e) && e.Kind == glosa.Conflict { // other words than those that were read: here they are
		return p.shown(r, id, glosa.Wrong(glosa.Field{Key: e.Key, Args: e.Args}), "", readingPage)
	}
	if err != nil {
		return door.View{}, hidden(id, err)
	}
	var moved []string
	for _, one := range all {
		moved = append(moved, "question:"+string(one))
	}
	return door.Done(r.To("/preguntas", string(id)), moved...)
}

func (p *Pages) giveBack(r *door.Request) (door.View, error) {
	id, err := sent(r)
	if err != nil {
		return door.View{}, err
	}
	if err = p.Question.Return(r.Context(), r.Actor, id, r.Form.Get("note")); err == nil {
		return door.Done(r.To("/mesa/firma"))
	}
	return p.shown(r, id, err, "", readingPage)
}

func (p *Pages) extend(r *door.Request) (door.View, error) {
	id, err := sent(r)
	if err != nil {
		return door.View{}, err
	}
	days, bad := strconv.Atoi(r.Value("days"))
	if bad != nil {
		days = 0 // the room says how many there may be
	}
	if err = p.Question.Extend(r.Context(), r.Actor, id, days, r.Form.Get("reason")); err == nil {
		return door.Done(r.To("/preguntas", string(id)), "question:"+string(id))
	}
	return p.shown(r, id, err, "", readingPage)
}

func (p *Pages) correct(r *door.Request) (door.View, error) {
	id, err := sent(r)
	if err != nil {
		return door.View{}, err
	}
	if err = p.Question.Correct(r.Context(), r.Actor, id, answerOf(r), r.Form.Get("reason")); err == nil {
		return door.Done(r.To("/preguntas", string(id)), "question:"+string(id))
	}
	return p.shown(r, id, err, "", readingPage)
}
