package office

import (
	"errors"
	"strconv"
	"strings"

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
	for line := range strings.Lines(r.Form.Get("evidence")) {
		if line = strings.TrimSpace(line); line != "" {
			a.Evidence = append(a.Evidence, evidence(line))
		}
	}
	return a
}

// evidence reads one line: a title, a slash and an address, or an address alone.
func evidence(line string) civic.Evidence {
	at := strings.LastIndex(line, "http")
	if at < 0 {
		return civic.Evidence{Title: line} // without an address: the room says what is wrong
	}
	return civic.Evidence{Title: strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line[:at]), "/")), URL: line[at:]}
}

// lines writes evidence the way evidence reads it.
func lines(all []civic.Evidence) string {
	var b strings.Builder
	for _, e := range all {
		if e.Title != "" && e.Title != e.URL {
			b.WriteString(e.Title + " / ")
		}
		b.WriteString(e.URL + "\n")
	}
	return b.String()
}

// draft keeps the draft; the second button sends it on to be signed.
func (p *Pages) draft(r *door.Request) (door.View, error) {
	id, err := sent(r)
	if err != nil {
		return door.View{}, err
	}
	err = p.Question.Draft(r.Context(), r.Actor, id, answerOf(r))
	notice := "of.saved"
	if err == nil && r.Value("send") != "" {
		err, notice = p.Question.SendToSign(r.Context(), r.Actor, id), "of.sent"
	}
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
	if err == nil {
		err = p.Question.Sign(r.Context(), r.Actor, id, r.Hash("read"))
	}
	var e *glosa.Error
	if errors.As(err, &e) && e.Kind == glosa.Conflict { // other words than those that were read: here they are
		return p.shown(r, id, glosa.Wrong(glosa.Field{Key: e.Key, Args: e.Args}), "", readingPage)
	}
	if err != nil {
		return door.View{}, hidden(id, err)
	}
	return door.Done(r.To("/preguntas", string(id)), "question:"+string(id))
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
