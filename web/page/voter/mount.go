package voter

import (
	"glosa"
	"glosa/civic/edition"
	"glosa/civic/opinion"
	civic "glosa/civic/people/voter"
	"glosa/web/account"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// Pages are the pages of the doors, bound to their desks.
type Pages struct {
	chain.Desks
	Opinion *opinion.Desk
	Account *account.Issuer // nil: this house takes no accounts
}

// Mount hangs the pages up.
func (p *Pages) Mount(r *door.Router) {
	r.Private("/ediciones/{edition}/mi-puerta", p.mine, chain.BackName)
	r.Act("/ediciones/{edition}/mi-puerta/salir", p.leave)
	r.Private("/ediciones/{edition}/mi-puerta/correo", p.mailbox, chain.BackName)
	r.Act("/ediciones/{edition}/mi-puerta/correo", p.ask)
	r.Act("/ediciones/{edition}/mi-puerta/correo/codigo", p.showMailbox)
	r.Private("/ediciones/{edition}/mi-puerta/sobre", p.envelope, chain.BackName)
	r.Act("/ediciones/{edition}/mi-puerta/sobre", p.showCode)
	if p.Account != nil {
		r.Private("/ediciones/{edition}/mi-puerta/cuenta", p.accountForm, "aviso", chain.BackName)
		r.Act("/ediciones/{edition}/mi-puerta/cuenta", p.goToIssuer)
		r.Private(account.ReturnPath, p.comeBack, "state", "code", "iss")
	}
	r.Page("/ediciones/{edition}/codigos", p.lists)
	r.Page("/ediciones/{edition}/codigos/{list}", p.file)
	r.Desk("/mesa/codigos/{edition}", p.desk)
	r.Upload("/mesa/codigos/{edition}", civic.ListBytes+64<<10, p.bring)
	r.Act("/mesa/codigos/{edition}/{list}/cerrar", p.shut)
	r.Act("/mesa/codigos/{edition}/{list}/retirar", p.drop)
}

// at is the address of a page of this visit's edition.
func at(r *door.Request, more ...string) string {
	return r.To("/ediciones", append([]string{r.Path("edition")}, more...)...)
}

// sheet is a page of an edition.
func (p *Pages) sheet(r *door.Request, title string) (leaf.Page, edition.Edition, error) {
	ed, err := p.Edition.Get(r.Context(), glosa.EditionID(r.Path("edition")))
	if err == nil && (ed.Documented || ed.Protocol == nil) {
		err = glosa.Missing("edition", string(ed.ID))
	}
	l := leaf.From(r, r.Words.T(title))
	l.Synthetic, l.NoIndex = ed.Synthetic, true
	l.Crumbs = []leaf.Link{chain.Crumb(r, ed)}
	l.Margin = leaf.Margin{Head: chain.Name(r.Words, ed), HeadLang: chain.Lang(r.Words, ed), Synthetic: ed.Synthetic}
	return l, ed, err
}

// signed is a page of a desk.
func (p *Pages) signed(r *door.Request, title string) (leaf.Page, error) {
	l, _, err := p.sheet(r, title)
	if err != nil {
		return l, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	l.Signed = names.Actor(r.Actor)
	l.Crumbs = append([]leaf.Link{{Text: r.Words.T("en.desk.title"), Href: r.To("/mesa")}}, l.Crumbs...)
	return l, err
}
