package question

import (
	"net/http"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/held"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// support says whether this device supports a question, and lets it say otherwise.
func (p *Pages) support(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	q, err := p.Question.Page(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	if q.Text == "" {
		return door.View{Go: r.To("/preguntas", string(id))}, nil
	}
	s, err := p.scene(r, q.Edition)
	if err != nil {
		return door.View{}, err
	}
	hand, yes, err := p.hand(r, q.Edition, id)
	if err != nil {
		return door.View{}, err
	}
	c := card{scene: s, q: q, public: true}
	page := s.page(q.Text)
	page.Asked, page.NoIndex = true, true
	page.Crumbs = []leaf.Link{{Text: s.Words.T("nav.questions"), Href: r.To("/ediciones", string(q.Edition), "preguntas")}, {Text: string(id), Href: r.To("/preguntas", string(id))}}
	page.Margin.Head = string(id)
	page.Shape, page.State = leaf.Open, s.Words.T("qt.sup.no")
	if yes {
		page.Shape, page.State = leaf.Done, s.Words.T("qt.sup.yes")
	}
	if yes && !hand.Counts {
		page.State = s.Words.T("vo.apart", "door", s.Words.T("vo.by."+string(hand.Who.Door())))
	}
	if hand.Most > 0 {
		page.Under = handNote(page, string(q.Edition), len(hand.Choices), hand.Most)
	}
	open := c.supportable()
	if ends := s.Edition.SupportCloses(); !open && !ends.IsZero() {
		page.More = s.Words.T("qt.sup.closed", "date", s.Words.DayMonth(s.local(ends)))
	}
	return door.View{Body: supportPage(page, string(id), string(q.Edition), yes, open), NoStore: true}, nil
}

// cast gives a support or takes it back. A browser without a token gets one.
func (p *Pages) cast(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	v := door.View{Go: r.To("/preguntas", string(id), "apoyo")}
	q, err := p.Question.Page(r.Context(), id)
	if err != nil {
		return v, err
	}
	salt, err := held.Salt(r)
	if err != nil {
		return v, err
	}
	who, cookie, err := p.votes(r, q.Edition, salt)
	if err != nil {
		return v, err
	}
	if cookie != nil {
		v.Cookies = append(v.Cookies, cookie)
	}
	if r.Value("quitar") != "" {
		_, err = p.Priority.Unsupport(r.Context(), glosa.Citizen(), who, id, salt)
	} else {
		var rc priority.Receipt
		rc, err = p.Priority.Support(r.Context(), glosa.Citizen(), who, id, salt)
		p.Priority.CameBy(r.Caller, rc)
	}
	if err != nil && glosa.KindOf(err) == glosa.Denied { // by another door: its page says how
		v.Go, err = chain.Back(id).On(r.To("/ediciones", string(q.Edition), "mi-puerta")), nil
	}
	return v, err
}

// votes is the credential by which this browser votes, with everything it
// supported by weaker doors brought along; a browser without one gets a device's.
func (p *Pages) votes(r *door.Request, ed glosa.EditionID, salt [16]byte) (who voter.Credential, cookie *http.Cookie, err error) {
	shown, err := p.Held(r, ed)
	switch {
	case err != nil:
	case len(shown) == 0:
		var token string
		if token, err = p.Voter.NewDevice(); err != nil {
			return who, nil, err
		}
		cookie = r.Cookie(door.DeviceCookie, token, door.DoorLife)
		who, err = p.Voter.DeviceOf(token)
	case len(shown) == 1:
		who = shown[0]
	default:
		var h priority.Hand
		h, err = p.Priority.Gather(r.Context(), glosa.Citizen(), ed, shown, salt)
		who = h.Who
	}
	return who, cookie, err
}

// hand is this browser's ballot in an edition, and whether it holds a question.
func (p *Pages) hand(r *door.Request, ed glosa.EditionID, id glosa.QuestionID) (h priority.Hand, yes bool, err error) {
	held, err := p.Held(r, ed)
	if err != nil {
		return h, false, err
	}
	h, err = p.Priority.Hand(r.Context(), ed, held)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return h, false, nil // no contest yet
	}
	if err == nil && h.Who != (voter.Credential{}) {
		yes, err = p.Priority.Supports(r.Context(), h.Who, id)
	}
	return h, yes, err
}
