package moderation

import (
	"cmp"

	"glosa"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/question"
)

// Pages are the moderators' desk, bound to its desks.
type Pages struct{ chain.Desks }

// Mount hangs the desk up.
func (p *Pages) Mount(r *door.Router) {
	r.Desk("/mesa/moderacion/{edition}", p.queue, "folio", "parte", "desde")
	r.Desk("/mesa/adjunto/{folio}", p.attached)
	for _, d := range deeds {
		r.Act("/mesa/moderacion/{edition}/"+d.path, p.deed(d))
	}
}

// deed is one act of the desk: the last part of its address, and doing it.
type deed struct {
	path string
	do   func(p *Pages, r *door.Request, id glosa.QuestionID) error
}

// deeds are the acts of the desk. Each names the question in the field "folio".
var deeds = []deed{
	{"admitir", func(p *Pages, r *door.Request, id glosa.QuestionID) error {
		return p.Question.Admit(r.Context(), r.Actor, id)
	}},
	{"no-admitir", func(p *Pages, r *door.Request, id glosa.QuestionID) error {
		return p.Question.Refuse(r.Context(), r.Actor, id, glosa.Code(r.Value("ground")), glosa.Code(r.Value("place")))
	}},
	{"retenida", func(p *Pages, r *door.Request, id glosa.QuestionID) error {
		return p.Question.DecideHeld(r.Context(), r.Actor, id, glosa.Code(r.Value("ground")), glosa.Code(r.Value("place")))
	}},
	{"corregir", func(p *Pages, r *door.Request, id glosa.QuestionID) error {
		return p.Question.AskEdit(r.Context(), r.Actor, id, glosa.Code(r.Value("reason")))
	}},
	{"escribir", func(p *Pages, r *door.Request, id glosa.QuestionID) error {
		return p.Question.Transcribe(r.Context(), r.Actor, id, r.Form.Get("said"))
	}},
	{"reescribir", func(p *Pages, r *door.Request, id glosa.QuestionID) error {
		return p.Question.CorrectTranscript(r.Context(), r.Actor, id, r.Form.Get("said"))
	}},
	{"reunir", merge},
	{"separar", func(p *Pages, r *door.Request, id glosa.QuestionID) error {
		return p.Question.Unmerge(r.Context(), r.Actor, id)
	}},
	{"otra-revision", func(p *Pages, r *door.Request, id glosa.QuestionID) error {
		return p.Question.DecideAppeal(r.Context(), r.Actor, id, r.Value("word") == "uphold")
	}},
	{"turnar", func(p *Pages, r *door.Request, id glosa.QuestionID) error {
		return p.Question.Route(r.Context(), r.Actor, id, glosa.InstitutionKey(r.Value("institution")), glosa.Code(r.Value("theme")))
	}},
	{"borrar", func(p *Pages, r *door.Request, id glosa.QuestionID) error {
		return p.Question.Erase(r.Context(), r.Actor, id, glosa.Code(r.Value("erase_ground")), glosa.Code(r.Value("law")))
	}},
}

// merge proposes that one question stand for this and another one, whose folio is
// typed or picked; or for two that are public already, whose folios are typed.
func merge(p *Pages, r *door.Request, id glosa.QuestionID) error {
	typed := cmp.Or(r.Value("other"), r.Value("into"), r.Value("pick"))
	into, err := folio(typed)
	if err != nil {
		return glosa.WrongField("into", "mq.into")
	}
	keep := glosa.QuestionID("")
	switch cmp.Or(r.Value("kept"), r.Value("keep")) {
	case "this":
		keep = id
	case "that":
		keep = into
	}
	_, err = p.Question.ProposeMerge(r.Context(), r.Actor, id, into, keep)
	return err
}

// deed receives the form of one act, and goes back to the queue.
func (p *Pages) deed(d deed) door.Handler {
	return func(r *door.Request) (door.View, error) {
		ed := glosa.EditionID(r.Path("edition"))
		id, err := folio(r.Value("folio"))
		if err == nil {
			err = d.do(p, r, id)
		} else {
			err = glosa.WrongField("folio", "mq.folio")
		}
		if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
			b, err := p.board(r, ed, id, problems)
			if err != nil {
				return door.View{}, err
			}
			b.public = r.Value("public") != ""
			return door.Redo(boardPage(b))
		}
		if err != nil {
			return door.View{}, err
		}
		return door.Done(r.To("/mesa/moderacion", string(ed)), "question:"+string(id))
	}
}

// attached is the file that came with a question, before those who decide on it or
// owe its answer: boxed in, and shown to nobody else.
func (p *Pages) attached(r *door.Request) (door.View, error) {
	id, err := folio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	a, b, err := p.Question.FileFor(r.Context(), r.Actor, id)
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: question.FileOf(id, a, b)}, nil
}
