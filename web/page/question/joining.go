package question

import (
	"glosa"
	civic "glosa/civic/question"
	"glosa/web/page/leaf"
)

// joining is a proposal to merge, as the page of one of the two shows it.
type joining struct {
	other  glosa.QuestionID
	what   string // which of the two would stand for both
	agreed string
	clock  *leaf.Clock
}

// joinings are the proposals in which a question stands.
func (s scene) joinings(q civic.Page) (out []joining) {
	w := s.Words
	for _, p := range q.Joining {
		j := joining{other: p.Target, what: w.T("lk.into"), agreed: w.T("lk.agreed", "n", w.N(len(p.Consented)), "of", w.N(p.Authors)),
			clock: s.Deadline(p.Clock, w.T("lk.start"))}
		if p.Target == q.Canonical {
			j.other, j.what = p.Question, w.T("lk.from")
		}
		out = append(out, j)
	}
	return out
}

// mayConsent tells whether a question's author has still to be asked about a proposal.
func mayConsent(q civic.Page) bool {
	for _, p := range q.Joining {
		agreed := false
		for _, id := range p.Consented {
			agreed = agreed || id == q.ID
		}
		if !agreed {
			return true
		}
	}
	return false
}
