package words

import (
	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// Pages are the desks of words, bound to the desks of the rooms.
type Pages struct{ chain.Desks }

// Mount hangs the desks up.
func (p *Pages) Mount(r *door.Router) {
	r.Desk("/mesa/tachado/{edition}", p.striking, "folio")
	r.Act("/mesa/tachado/{edition}/proponer", p.propose)
	r.Act("/mesa/tachado/{edition}/tachar", p.deed(func(r *door.Request, id glosa.QuestionID) error {
		return p.Question.Strike(r.Context(), r.Actor, id)
	}))
	r.Act("/mesa/tachado/{edition}/dejar", p.deed(func(r *door.Request, _ glosa.QuestionID) error {
		return p.Question.Drop(r.Context(), r.Actor, r.Value("proposal"))
	}))
	r.Act("/mesa/tachado/{edition}/abrir", p.deed(func(r *door.Request, id glosa.QuestionID) error {
		return p.Question.Unseal(r.Context(), r.Actor, id, glosa.Code(r.Value("reason")))
	}))
	r.Act("/mesa/tachado/{edition}/llave", p.enrol)
	r.Act("/mesa/tachado/{edition}/original", p.original)
	r.Act("/mesa/tachado/{edition}/lenguas", p.reads)

	r.Desk("/mesa/traduccion", p.untranslated)
	r.Desk("/mesa/traduccion/{folio}", p.translating)
	r.Act("/mesa/traduccion/{folio}", p.translate)
}

func folio(typed string) (glosa.QuestionID, error) { return civic.ParseFolio(typed) }

// page is a desk's leaf, under the post that whoever reads it holds.
func page(r *door.Request, title, post string) leaf.Page {
	l := leaf.From(r, title)
	l.NoIndex, l.Signed = true, post
	l.Crumbs = []leaf.Link{{Text: r.Words.T("mq.desks"), Href: r.To("/mesa")}}
	l.Margin = leaf.Margin{Head: post}
	return l
}
