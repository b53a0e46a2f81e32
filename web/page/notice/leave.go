package notice

import (
	"cmp"
	"net/url"

	"glosa"
	"glosa/civic/people/notice"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// form is where an address is left.
type form struct {
	leaf.Page
	subject  subject
	on       bool
	problems leaf.Problems
	address  leaf.Field
	pace     leaf.Field
}

func (p *Pages) leave(r *door.Request) (door.View, error) {
	if r.Query("pregunta")+r.Query("institucion")+r.Query("edicion") == "" {
		return door.View{Go: r.To("/ediciones")}, nil // notices are of something
	}
	s, err := p.about(r, r.Query)
	if err != nil {
		return door.View{}, err
	}
	pace := notice.Daily
	if r.Query("pronto") != "" {
		pace = notice.Each
	}
	return door.View{Body: leavePage(p.form(r, s, "", pace, leaf.Problems{})), NoStore: true}, nil
}

func (p *Pages) form(r *door.Request, s subject, typed string, pace notice.Pace, problems leaf.Problems) form {
	w := r.Words
	f := form{Page: p.sheet(r, w.T("nt.title"), s.name), subject: s, on: p.Notice.On, problems: problems}
	f.Page.Synthetic = f.Page.Synthetic || s.made
	about := url.Values{}
	for _, x := range fields(s.thing) {
		about.Set(x.name, x.value)
	}
	f.Page.Path += "?" + about.Encode() // the same page in the other language
	f.Crumbs = []leaf.Link{{Text: s.name, Href: s.page}}
	f.More = w.T("nt.what")
	if !f.on {
		f.More = w.T("nt.off") + "."
	}
	f.address = leaf.Field{Name: "mail", Label: w.T("nt.mail"), Hint: w.T("nt.mail.hint"), Value: typed, Error: problems.For("mail"), Type: "email",
		Required: true, Complete: "email"}
	f.pace = leaf.Field{Name: "pace", Label: w.T("nt.pace"), Value: string(pace), Error: problems.For("pace"), Options: []leaf.Option{
		{Value: string(notice.Daily), Text: w.T("nt.pace.daily"), Hint: w.T("nt.pace.daily.hint")}, {Value: string(notice.Each), Text: w.T("nt.pace.each")}}}
	return f
}

// subscribe takes an address. What it answers is the same for every address.
func (p *Pages) subscribe(r *door.Request) (door.View, error) {
	s, err := p.about(r, r.Value)
	if err != nil {
		return door.View{}, err
	}
	address, err := notice.Address(r.Value("mail"))
	pace := notice.Pace(cmp.Or(r.Value("pace"), string(notice.Daily)))
	if err == nil {
		err = p.Notice.Subscribe(r.Context(), glosa.Citizen(), notice.Wish{Thing: s.thing, Address: address, Language: glosa.Code(r.Lang), Pace: pace, Caller: r.Caller})
	}
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		v, err := door.Redo(leavePage(p.form(r, s, r.Value("mail"), pace, problems)))
		v.NoStore = true
		return v, err
	}
	if err != nil {
		return door.View{}, err
	}
	l := p.sheet(r, r.Words.T("nt.sent"), r.Words.T("nt.sent.state"))
	l.Synthetic = l.Synthetic || s.made
	return door.View{Body: saidPage(l, r.Words.T("nt.sent.what"), leaf.Link{Text: s.name, Href: s.page}), NoStore: true}, nil
}
