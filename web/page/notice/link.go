package notice

import (
	"glosa"
	"glosa/civic/people/notice"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// held is what the link of a mail opens.
type held struct {
	leaf.Page
	token string
	this  *row
	all   []row
	every bool // the link stands for everything of its address
}

// row is one thing that an address is told of.
type row struct {
	id   notice.SubscriptionID
	name string
	href string
	pace string
}

// row says what a subscription is about; a thing that is gone keeps its id.
func (p *Pages) row(r *door.Request, s notice.Subscription) row {
	out := row{id: s.ID, name: s.Thing.ID, pace: r.Words.T("nt.is." + string(s.Pace))}
	x, err := p.about(r, func(name string) string {
		for _, f := range fields(s.Thing) {
			if f.name == name {
				return f.value
			}
		}
		return ""
	})
	if err == nil {
		out.name, out.href = x.name, x.page
	}
	return out
}

// gone is the page of a link whose business is over; it says nothing of the address.
func (p *Pages) gone(r *door.Request) (door.View, error) {
	l := p.sheet(r, r.Words.T("nt.gone"), r.Words.T("nt.gone.state"))
	return door.View{Body: saidPage(l, r.Words.T("nt.gone.what"), leaf.Link{Text: r.Words.T("nav.questions"), Href: r.To("/preguntas")}), NoStore: true}, nil
}

// opened reads a link; ok is false when there is nothing left to do with it.
func (p *Pages) opened(r *door.Request) (x notice.Shown, ok bool, err error) {
	x, err = p.Notice.Show(r.Context(), r.Path("token"))
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return x, false, nil
	}
	return x, err == nil && !x.Gone, err
}

func (p *Pages) asked(r *door.Request) (door.View, error) {
	x, ok, err := p.opened(r)
	if err != nil {
		return door.View{}, err
	}
	if !ok || x.Use != notice.Confirming {
		return p.gone(r)
	}
	this := p.row(r, *x.This)
	h := held{Page: p.sheet(r, r.Words.T("nt.confirm"), this.name), token: r.Path("token"), this: &this}
	return door.View{Body: confirmPage(h), NoStore: true}, nil
}

func (p *Pages) confirm(r *door.Request) (door.View, error) {
	s, err := p.Notice.Confirm(r.Context(), glosa.Citizen(), r.Path("token"))
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return p.gone(r)
	}
	if err != nil {
		return door.View{}, err
	}
	this := p.row(r, s)
	l := p.sheet(r, r.Words.T("nt.done"), this.name)
	return door.View{Body: saidPage(l, r.Words.T("nt.done.what"), leaf.Link{Text: this.name, Href: this.href}), NoStore: true}, nil
}

// leaving shows what an address is told of, with a button for each.
func (p *Pages) leaving(r *door.Request) (door.View, error) {
	x, ok, err := p.opened(r)
	if err != nil {
		return door.View{}, err
	}
	if !ok || x.Use == notice.Confirming {
		return p.gone(r)
	}
	h := held{Page: p.sheet(r, r.Words.T("ml.stop"), ""), token: r.Path("token"), every: x.Use == notice.Leaving}
	for _, s := range x.All {
		one := p.row(r, s)
		if x.This != nil && s.ID == x.This.ID {
			h.this = &one
		}
		h.all = append(h.all, one)
	}
	h.State = r.Words.T("nt.told", "n", r.Words.N(len(h.all)))
	return door.View{Body: stopPage(h), NoStore: true}, nil
}

// stop ends one or all. It is what a mail program's one click sends too, without
// any field of ours: then it ends what the mail came by.
func (p *Pages) stop(r *door.Request) (door.View, error) {
	err := p.Notice.Stop(r.Context(), glosa.Citizen(), r.Path("token"), notice.SubscriptionID(r.Value("solo")), r.Value("todo") != "")
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return p.gone(r)
	}
	if err != nil {
		return door.View{}, err
	}
	l := p.sheet(r, r.Words.T("nt.stopped"), r.Words.T("nt.stopped.state"))
	back := leaf.Link{Text: r.Words.T("nav.questions"), Href: r.To("/preguntas")}
	if x, ok, err := p.opened(r); err == nil && ok && len(x.All) > 0 {
		back = leaf.Link{Text: r.Words.T("nt.rest"), Href: r.To("/avisos/baja", r.Path("token"))}
	}
	return door.View{Body: saidPage(l, r.Words.T("nt.stopped.what"), back), NoStore: true}, nil
}
