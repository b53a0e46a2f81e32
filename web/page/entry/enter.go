package entry

import (
	"strings"

	"glosa"
	"glosa/auth"
	"glosa/web/door"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// gate is the page of the code.
type gate struct {
	back     string // where to go once inside
	problems leaf.Problems
	inside   string // the post of the session that is open already
	demo     bool
}

func (p *Pages) ask(r *door.Request) (door.View, error) {
	g := gate{back: backTo(r, r.Query("a")), demo: p.Demo}
	if r.Signed {
		names, err := who.Read(r.Context(), p.People, r.Words)
		if err != nil {
			return door.View{}, err
		}
		g.inside = names.Actor(r.Actor)
	}
	return door.View{Body: gatePage(p.gateLeaf(r), g)}, nil
}

func (p *Pages) gateLeaf(r *door.Request) leaf.Page {
	l := leaf.From(r, r.Words.T("en.title"))
	l.Path = "/entrar"
	l.State = r.Words.T("en.state")
	l.NoIndex = true
	l.Margin = leaf.Margin{Head: r.Words.T("en.margin"), Lines: leaf.Notes(r.Words.T("en.citizen"))}
	return l
}

// enter spends a code. Whatever is wrong with it (unknown, used, expired), the
// reply is the same.
func (p *Pages) enter(r *door.Request) (door.View, error) {
	token, s, err := p.Auth.Redeem(r.Context(), r.Caller, r.Value("code"))
	if glosa.KindOf(err) == glosa.NotFound {
		problems, _ := leaf.ProblemsOf(r.Words, glosa.WrongField("code", "in.badcode"))
		return door.Redo(gatePage(p.gateLeaf(r), gate{back: backTo(r, r.Value("a")), problems: problems, demo: p.Demo}))
	}
	if err != nil {
		return door.View{}, err
	}
	return p.let(r, token, s, backTo(r, r.Value("a")))
}

// let gives the session's cookie and ends the session that was open before.
func (p *Pages) let(r *door.Request, token string, s auth.Session, to string) (door.View, error) {
	if old := r.CookieValue(door.SessionCookie); old != "" {
		if err := p.Auth.SignOut(r.Context(), old); err != nil {
			return door.View{}, err
		}
	}
	v, err := door.Done(to)
	v.Cookies = append(v.Cookies, r.Cookie(door.SessionCookie, token, s.Expires.Sub(r.Now)))
	return v, err
}

func (p *Pages) leave(r *door.Request) (door.View, error) {
	if err := p.Auth.SignOut(r.Context(), r.CookieValue(door.SessionCookie)); err != nil {
		return door.View{}, err
	}
	v, err := door.Done(r.To("/"))
	v.Cookies = append(v.Cookies, r.Cookie(door.SessionCookie, "", 0))
	return v, err
}

// backTo is where a visitor was led away from, if that was a desk of this site;
// any other address would let a link send people elsewhere.
func backTo(r *door.Request, asked string) string {
	desk := r.To("/mesa")
	if asked == desk || strings.HasPrefix(asked, desk+"/") && !strings.ContainsAny(asked, "?#\\\r\n") && !strings.Contains(asked, "//") && !strings.Contains(asked, "..") {
		return asked
	}
	return desk
}

// swap goes on under another of the same person's grants.
func (p *Pages) swap(r *door.Request) (door.View, error) {
	if !r.Signed {
		return door.Done(r.To("/entrar"))
	}
	token, s, err := p.Auth.Switch(r.Context(), r.CookieValue(door.SessionCookie), r.Value("grant"))
	if err != nil {
		return door.View{}, err
	}
	v, err := door.Done(r.To("/mesa"))
	v.Cookies = append(v.Cookies, r.Cookie(door.SessionCookie, token, s.Expires.Sub(r.Now)))
	return v, err
}

// session is the open session; an ended one leads to the door.
func (p *Pages) session(r *door.Request) (auth.Session, error) {
	s, err := p.Auth.Resume(r.Context(), r.CookieValue(door.SessionCookie))
	if glosa.KindOf(err) == glosa.NotFound {
		return s, glosa.Refuse(glosa.Denied, "in.over")
	}
	return s, err
}
