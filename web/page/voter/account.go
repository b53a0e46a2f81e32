package voter

import (
	"slices"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/people/voter"
	"glosa/web/account"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// trip is the page of an account: what will happen, and then the way there.
type trip struct {
	leaf.Page
	to    string // the form's address; "" while nobody can go
	link  string // to the issuer; "" before
	host  string
	notes []string
	back  chain.Back
}

// takesAccounts tells whether an edition's protocol has accounts at a door, and
// this house an issuer of them.
func (p *Pages) takesAccounts(s edition.Selection) bool {
	return p.Account != nil && (s.Counts(civic.OIDC) || slices.Contains(s.Apart, civic.OIDC))
}

// tripOf is the page of an account, in an edition that takes them.
func (p *Pages) tripOf(r *door.Request) (trip, error) {
	l, ed, err := p.sheet(r, "vo.account.title")
	if err != nil {
		return trip{}, err
	}
	if !p.takesAccounts(ed.Protocol.Selection) {
		return trip{}, glosa.Missing("door", string(civic.OIDC))
	}
	w, host := r.Words, p.Account.Host()
	v := trip{Page: l, host: host, back: chain.BackOf(r), notes: []string{w.T("vo.account.kept", "host", host)}}
	v.Crumbs = append(v.Crumbs, leaf.Link{Text: w.T("vo.title"), Href: v.back.On(at(r, "mi-puerta"))})
	v.More = w.T("vo.account.what", "host", host)
	return v, nil
}

// accountForm says what an account is asked for, and what is kept of it.
func (p *Pages) accountForm(r *door.Request) (door.View, error) {
	v, err := p.tripOf(r)
	if err != nil {
		return door.View{}, err
	}
	switch {
	case !p.Account.Known():
		v.Shape, v.State = leaf.Paused, r.Words.T("vo.account.away")
	case r.Query("aviso") != "":
		v.Shape, v.State = leaf.Barred, r.Words.T("vo.account.refused")
	}
	if p.Account.Known() {
		v.to = at(r, "mi-puerta", "cuenta")
	}
	return door.View{Body: accountPage(v), NoStore: true}, nil
}

// goToIssuer seals a trip into this browser and shows the way: a plain link, since
// a form may lead nowhere but here (form-action).
func (p *Pages) goToIssuer(r *door.Request) (door.View, error) {
	v, err := p.tripOf(r)
	if err != nil {
		return door.View{}, err
	}
	link, sealed, err := p.Account.Leave(account.Trip{Edition: glosa.EditionID(r.Path("edition")), Lang: r.Lang, Back: string(v.back)})
	if glosa.KindOf(err) == glosa.Closed {
		return door.View{Go: v.back.On(at(r, "mi-puerta", "cuenta"))}, nil // it says so
	}
	v.link, v.notes = link, append([]string{r.Words.T("vo.account.leave")}, v.notes...)
	return door.View{Body: accountPage(v), NoStore: true, Cookies: append(door.View{}.Cookies, r.Cookie(door.TripCookie, sealed, account.TripLasts))}, err
}

// comeBack takes the account that an issuer vouches for. It acts although it is a
// GET: only with the sealed cookie that a form of this house put into this browser,
// and the state that lies in it (web/account). Whatever happens the browser is led
// on, so that no code stays in its address; the page of a full ballot is the one
// that does not lead on.
func (p *Pages) comeBack(r *door.Request) (door.View, error) {
	t, subject, err := p.Account.Back(r.Context(), r.CookieValue(door.TripCookie), account.Answer{State: r.Query("state"), Code: r.Query("code"), Issuer: r.Query("iss")})
	if t.Edition == "" {
		return door.View{}, err
	}
	r.Lang, r.Words = t.Lang, text.For(t.Lang)
	r.HTTP = r.HTTP.Clone(r.Context()) // from here on it is a visit of the page they left from
	r.HTTP.SetPathValue("edition", string(t.Edition))
	r.HTTP.URL.Path, r.HTTP.URL.RawQuery = at(r, "mi-puerta"), ""
	switch glosa.KindOf(err) {
	case glosa.Denied, glosa.Closed, glosa.Busy:
		v := door.View{Go: chain.Back(t.Back).On(at(r, "mi-puerta", "cuenta") + "?aviso=1")}
		v.Cookies = append(v.Cookies, r.Cookie(door.TripCookie, "", 0))
		return v, nil
	}
	if err != nil {
		return door.View{}, err
	}
	if _, err := p.tripOf(r); err != nil {
		return door.View{}, err
	}
	token, err := p.Voter.Vouched(p.Account.Issuer, subject)
	if err != nil {
		return door.View{}, err
	}
	return p.shown(r, chain.Back(t.Back), civic.OIDC, door.AccountCookie, token)
}
