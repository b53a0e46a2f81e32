package voter

import (
	"cmp"

	"glosa"
	civic "glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/held"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// own is the page of this browser's door.
type own struct {
	leaf.Page
	hand  priority.Hand
	here  string      // of the edition
	ways  []leaf.Link // stronger doors
	title string      // over them
	some  bool        // it showed more than itself
	left  []string
	shown bool // something was shown just now
	back  chain.Back
}

// mine says by which door this browser's supports stand, and how they would count.
func (p *Pages) mine(r *door.Request) (door.View, error) {
	v, err := p.own(r)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: ownPage(v), NoStore: true}, nil
}

func (p *Pages) own(r *door.Request) (v own, err error) {
	l, ed, err := p.sheet(r, "vo.title")
	if err != nil {
		return v, err
	}
	held, err := p.Held(r, ed.ID)
	if err != nil {
		return v, err
	}
	v = own{Page: l, here: at(r), title: "vo.ways", back: chain.BackOf(r)}
	if ed.Protocol.Selection.Counts(civic.Device) {
		v.title = "vo.ways.besides"
	}
	if v.hand, err = p.Priority.Hand(r.Context(), ed.ID, held); err != nil {
		return v, err
	}
	w, s := r.Words, ed.Protocol.Selection
	v.Shape, v.State = leaf.Open, w.T("vo.none")
	if v.hand.Who != (civic.Credential{}) {
		name := w.T("vo.by." + string(v.hand.Who.Door()))
		v.Shape, v.State = leaf.Open, w.T("vo.apart", "door", name)
		if v.hand.Counts {
			v.Shape, v.State = leaf.Done, w.T("vo.counts", "door", name)
		}
	}
	for _, c := range held {
		v.some = v.some || c.Door() != civic.Device
	}
	if v.some {
		v.leads(r, v.back)
	}
	issues, err := p.Voter.Issues(r.Context(), ed.ID)
	if err != nil {
		return v, err
	}
	if err = p.Voter.TakesMail(r.Context(), ed.ID); err != nil && glosa.KindOf(err) != glosa.Closed {
		return v, err
	}
	if s.Counts(civic.Contact) && err == nil {
		v.ways = append(v.ways, leaf.Link{Text: w.T("vo.way.contact"), Href: v.back.On(at(r, "mi-puerta", "correo"))})
	}
	if s.Counts(civic.Code) && len(issues) > 0 {
		v.ways = append(v.ways, leaf.Link{Text: w.T("vo.way.code"), Href: v.back.On(at(r, "mi-puerta", "sobre"))})
	}
	if p.takesAccounts(ed.Protocol.Selection) {
		v.ways = append(v.ways, leaf.Link{Text: w.T("vo.way.account", "host", p.Account.Host()), Href: v.back.On(at(r, "mi-puerta", "cuenta"))})
	}
	return v, nil
}

// leads shows the way back to what somebody wanted to do.
func (v *own) leads(r *door.Request, back chain.Back) {
	if to := back.Path(r); to != "" {
		v.Action = &leaf.Action{Text: r.Words.T("vo.back"), Href: to}
	}
}

// shown keeps the token of a door in this browser, and brings along what it
// supported and voted by a weaker one; then it goes back to what somebody wanted to
// do, if they were sent here from it. The code that was shown is used up, so the
// token is kept whatever comes of the rest: the next act brings it along again.
func (p *Pages) shown(r *door.Request, back chain.Back, of glosa.Code, cookie, token string) (door.View, error) {
	v := door.View{Go: cmp.Or(back.Path(r), at(r, "mi-puerta")), NoStore: true}
	v.Cookies = append(v.Cookies, r.Cookie(cookie, token, door.DoorLife), r.Cookie(door.ProofCookie, "", 0), r.Cookie(door.TripCookie, "", 0))
	h, err := p.along(r, of, token)
	if err != nil || len(h.Left) == 0 {
		return v, nil
	}
	o, err := p.own(r)
	if err != nil {
		return v, nil
	}
	o.shown, o.hand, o.State = true, h, r.Words.T("vo.full")
	o.leads(r, back)
	for _, id := range h.Left {
		o.left = append(o.left, string(id))
	}
	return door.View{Body: ownPage(o), Cookies: v.Cookies, NoStore: true}, nil
}

// along brings what stands by weaker doors to the one that was shown just now. What
// could not come along comes with the next act: this browser keeps every token.
func (p *Pages) along(r *door.Request, of glosa.Code, token string) (h priority.Hand, err error) {
	ed := glosa.EditionID(r.Path("edition"))
	now, err := p.Voter.Read(of, ed, token)
	if err != nil {
		return h, err
	}
	before, err := p.Held(r, ed)
	if err != nil {
		return h, err
	}
	salt, err := held.Salt(r)
	if err != nil {
		return h, err
	}
	h, _ = held.Contests{Priority: p.Priority, Opinion: p.Opinion}.Along(r.Context(), ed, now, before, salt)
	return h, nil
}

// leave forgets in this browser what it showed: for one that others use too.
func (p *Pages) leave(r *door.Request) (door.View, error) {
	v := door.View{Go: at(r, "mi-puerta")}
	for _, name := range []string{door.DeviceCookie, door.ContactCookie, door.CodeCookie, door.AccountCookie, door.ProofCookie, door.TripCookie} {
		v.Cookies = append(v.Cookies, r.Cookie(name, "", 0))
	}
	return v, nil
}
