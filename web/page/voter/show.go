package voter

import (
	"errors"

	"glosa"
	"glosa/civic/people"
	civic "glosa/civic/people/voter"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// form is a page with one box: a mailbox, or a code.
type form struct {
	leaf.Page
	to, send string
	problems leaf.Problems
	box      leaf.Field
	notes    []string
	again    string // where another code is asked for; "" for none
	back     chain.Back
}

// one makes the form of a box.
func (p *Pages) one(r *door.Request, what, to string, box leaf.Field, problems leaf.Problems) (form, error) {
	l, _, err := p.sheet(r, "vo."+what+".title")
	w := r.Words
	f := form{Page: l, to: to, send: w.T("vo." + what + ".send"), problems: problems, box: box, notes: []string{w.T("vo." + what + ".kept")}, back: chain.BackOf(r)}
	f.Crumbs = append(f.Crumbs, leaf.Link{Text: w.T("vo.title"), Href: f.back.On(at(r, "mi-puerta"))})
	f.More = w.T("vo." + what + ".what")
	f.box.Name, f.box.Label, f.box.Required = box.Name, w.T("vo."+what+".box"), true
	f.box.Error = problems.For(box.Name)
	return f, err
}

// mailbox is the form of a mailbox, or of the code once one was asked for.
func (p *Pages) mailbox(r *door.Request) (door.View, error) {
	if r.CookieValue(door.ProofCookie) != "" {
		return p.codeForm(r, leaf.Problems{})
	}
	return p.mailForm(r, "", leaf.Problems{})
}

func (p *Pages) mailForm(r *door.Request, typed string, problems leaf.Problems) (door.View, error) {
	f, err := p.one(r, "mail", at(r, "mi-puerta", "correo"), leaf.Field{Name: "mail", Value: typed, Type: "email", Complete: "email"}, problems)
	if err != nil {
		return door.View{}, err
	}
	err = p.Voter.TakesMail(r.Context(), glosa.EditionID(r.Path("edition")))
	var shut *glosa.Error
	if errors.As(err, &shut) && shut.Kind == glosa.Closed {
		f.More, f.to, f.notes, err = r.Words.T(shut.Key)+".", "", nil, nil
	}
	return redo(formPage(f), problems), err
}

func (p *Pages) codeForm(r *door.Request, problems leaf.Problems) (door.View, error) {
	f, err := p.one(r, "code", at(r, "mi-puerta", "correo", "codigo"), leaf.Field{Name: "code", Complete: "one-time-code"}, problems)
	f.again = at(r, "mi-puerta", "correo")
	return redo(formPage(f), problems), err
}

// ask mails a code. With nothing in its box it begins anew. What it answers is the
// same for every mailbox; where a mailbox is of no use it says so.
func (p *Pages) ask(r *door.Request) (door.View, error) {
	v := door.View{Go: chain.BackOf(r).On(at(r, "mi-puerta", "correo"))}
	if r.Value("otro") != "" {
		v.Cookies = append(v.Cookies, r.Cookie(door.ProofCookie, "", 0))
		return v, nil
	}
	if _, _, err := p.sheet(r, "vo.title"); err != nil {
		return v, err
	}
	box, err := people.Mailbox(r.Value("mail"))
	var handle string
	if err == nil {
		handle, err = p.Voter.SendCode(r.Context(), glosa.Citizen(), civic.Showing{Mailbox: box, Language: glosa.Code(r.Lang),
			Edition: glosa.EditionID(r.Path("edition")), Caller: r.Caller})
	}
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		return p.mailForm(r, r.Value("mail"), problems)
	}
	if err != nil && glosa.KindOf(err) == glosa.Closed {
		return v, nil // the form says why
	}
	v.Cookies = append(v.Cookies, r.Cookie(door.ProofCookie, handle, civic.CodeLasts))
	return v, err
}

// showMailbox takes the mailed code.
func (p *Pages) showMailbox(r *door.Request) (door.View, error) {
	token, err := p.Voter.ShowMailbox(r.Context(), glosa.Citizen(), r.CookieValue(door.ProofCookie), r.Value("code"))
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		return p.codeForm(r, problems)
	}
	if err != nil {
		return door.View{}, err
	}
	return p.shown(r, chain.BackOf(r), civic.Contact, door.ContactCookie, token)
}

// envelope is the form of an envelope's code.
func (p *Pages) envelope(r *door.Request) (door.View, error) { return p.codeBox(r, leaf.Problems{}) }

func (p *Pages) codeBox(r *door.Request, problems leaf.Problems) (door.View, error) {
	f, err := p.one(r, "envelope", at(r, "mi-puerta", "sobre"), leaf.Field{Name: "code", Folio: true}, problems)
	return redo(formPage(f), problems), err
}

func (p *Pages) showCode(r *door.Request) (door.View, error) {
	token, err := p.Voter.ShowCode(r.Context(), glosa.Citizen(), glosa.EditionID(r.Path("edition")), r.Caller, r.Value("code"))
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		return p.codeBox(r, problems)
	}
	if err != nil {
		return door.View{}, err
	}
	return p.shown(r, chain.BackOf(r), civic.Code, door.CodeCookie, token)
}
