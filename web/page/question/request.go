package question

import (
	"strings"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/feed"
)

// request is a question as a request for information that somebody files
// elsewhere: a text to copy. Nothing is sent.
func (p *Pages) request(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	q, err := p.Question.Page(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	if q.Text == "" {
		return door.View{}, glosa.Missing("question", string(id))
	}
	s, err := p.scene(r, q.Edition)
	if err != nil {
		return door.View{}, err
	}
	marks, err := p.marks(r)
	if err != nil {
		return door.View{}, err
	}
	w, to := r.Words, r.Words.T("ak.req.unknown")
	if q.Institution != "" {
		to = s.Names.Institution(q.Institution)
	}
	lines := []string{feed.Marked(w, marks.Of(q.Edition), w.T("ak.req.title")), "", w.T("ak.req.how"), "", w.T("ak.req.to", "name", to), "",
		w.T("ak.req.ask"), "", q.Text, ""}
	if q.Context != "" {
		lines = append(lines, w.T("ak.req.context"), "", q.Context, "")
	}
	lines = append(lines, w.T("ak.req.from", "folio", string(id), "url", r.Site.Origin+r.To("/preguntas", string(id))), "")
	f := &door.File{Name: string(id) + "-solicitud.txt", Type: "text/plain; charset=utf-8", Bytes: []byte(strings.Join(lines, "\r\n"))}
	return door.View{File: f, Tags: tagsOf(q)}, nil
}

// attached is the file that came with a question, for anybody: boxed in, under a
// name of ours, and stored nowhere on the way, since it can be erased.
func (p *Pages) attached(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	a, b, err := p.Question.File(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: FileOf(id, a, b), NoStore: true}, nil
}

// FileOf is an attachment as a download.
func FileOf(id glosa.QuestionID, a civic.Attached, b []byte) *door.File {
	return &door.File{Name: a.Name(id), Type: a.Media, Bytes: b}
}
