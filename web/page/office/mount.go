package office

import (
	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/question"
)

// Pages are the desks of those who answer.
type Pages struct{ chain.Desks }

// Mount hangs the desks up.
func (p *Pages) Mount(r *door.Router) {
	r.Desk("/mesa/enlace", p.inbox, "por", "desde")
	r.Desk("/mesa/enlace/borradores.xlsx", p.drafts, "tema")
	r.Upload("/mesa/enlace/borradores", civic.MaxSheetBytes+64<<10, p.bring)
	r.Desk("/mesa/enlace/{folio}", p.folder)
	r.Act("/mesa/enlace/{folio}", p.draft)
	r.Act("/mesa/enlace/{folio}/pasar", p.refer)
	r.Desk("/mesa/firma", p.waiting, "desde")
	r.Desk("/mesa/firma/{folio}", p.reading)
	r.Act("/mesa/firma/{folio}/firmar", p.sign)
	r.Act("/mesa/firma/{folio}/devolver", p.giveBack)
	r.Act("/mesa/firma/{folio}/prorroga", p.extend)
	r.Act("/mesa/firma/{folio}/corregir", p.correct)
	r.Desk("/mesa/gubernatura", p.governor)
	r.Act("/mesa/gubernatura/asignar", p.assign)
}

// speakers keeps one Speaker for each edition of a visit.
type speakers struct {
	p    *Pages
	r    *door.Request
	kept map[glosa.EditionID]question.Speaker
}

func (p *Pages) speakers(r *door.Request) *speakers {
	return &speakers{p, r, map[glosa.EditionID]question.Speaker{}}
}

func (s *speakers) of(id glosa.EditionID) (question.Speaker, error) {
	if x, ok := s.kept[id]; ok {
		return x, nil
	}
	x, err := question.Speak(s.r, s.p.Desks, id)
	s.kept[id] = x
	return x, err
}

// page is a desk's leaf, under the post that whoever reads it holds.
func page(r *door.Request, title, post string) leaf.Page {
	l := leaf.From(r, title)
	l.NoIndex, l.Signed = true, post
	l.Crumbs = []leaf.Link{{Text: r.Words.T("mq.desks"), Href: r.To("/mesa")}}
	l.Margin = leaf.Margin{Head: post}
	return l
}

// row is a question owed, leading to its desk.
func row(s question.Speaker, o civic.Owed, href string) leaf.Item {
	it := leaf.Item{Text: o.Text, Href: href, Shape: leaf.Later, Word: s.Words.T("of.draft.none"), Notes: []string{string(o.ID)}, Late: s.Late(o.Brief)}
	if string(o.Language) != s.Words.Lang {
		it.Lang = string(o.Language)
	}
	switch o.Draft {
	case civic.Drafted:
		it.Shape, it.Word = leaf.Going, s.Words.T("of.draft.draft")
	case civic.InReview:
		it.Shape, it.Word = leaf.Sent, s.Words.T("of.draft.in_review")
	}
	if o.State != civic.Overdue && !o.Due.IsZero() {
		it.Notes = append(it.Notes, s.Words.T("of.due", "date", chain.Day(s.Words, s.Now, o.Due.In(s.Edition.Zone))))
	}
	if o.Theme != "" {
		it.Notes = append(it.Notes, s.Theme(o.Theme))
	}
	if o.Merged > 0 {
		it.Notes = append(it.Notes, s.Words.T("li.bulk", "n", s.Words.N(o.Merged+1)))
	}
	if o.Carried != "" {
		it.Notes = append(it.Notes, s.Edition.Code)
	}
	return it
}

// sent is the folio of a desk's address.
func sent(r *door.Request) (glosa.QuestionID, error) { return civic.ParseFolio(r.Path("folio")) }
