package question

import (
	"time"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// deviceLife is how long a browser keeps its token: an exercise and its follow-up.
const deviceLife = 400 * 24 * time.Hour

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
	yes := false
	if token := r.CookieValue(door.DeviceCookie); token != "" {
		if dev, err := p.Voter.DeviceOf(token); err == nil {
			if yes, err = p.Priority.Supports(r.Context(), dev, id); err != nil {
				return door.View{}, err
			}
		}
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
	token := r.CookieValue(door.DeviceCookie)
	dev, err := p.Voter.DeviceOf(token)
	if glosa.KindOf(err) == glosa.Denied && err != nil {
		if token, err = p.Voter.NewDevice(); err != nil {
			return door.View{}, err
		}
		v.Cookies = append(v.Cookies, r.Cookie(door.DeviceCookie, token, deviceLife))
		dev, err = p.Voter.DeviceOf(token)
	}
	if err != nil {
		return door.View{}, err
	}
	if r.Value("quitar") != "" {
		_, err = p.Priority.Unsupport(r.Context(), glosa.Citizen(), dev, id, [16]byte{})
	} else {
		_, err = p.Priority.Support(r.Context(), glosa.Citizen(), dev, id, [16]byte{})
	}
	return v, err
}
