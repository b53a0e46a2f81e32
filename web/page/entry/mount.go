package entry

import (
	"glosa/auth"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/web/door"
)

// Pages are the pages of this room, bound to the desks they read.
type Pages struct {
	Auth       *auth.Desk
	Edition    *edition.Desk
	People     *people.Desk
	Question   *question.Desk
	Panel      *panel.Desk
	Commitment *commitment.Desk
	Demo       bool // hang up the page that lets anybody in: `glosa demo` on loopback, nothing else
}

// paper bounds the document that gives a seat; only its digest is kept.
const paper = 10 << 20

// Mount hangs up the pages.
func (p *Pages) Mount(r *door.Router) {
	r.Private("/entrar", p.ask, "a")
	r.Act("/entrar", p.enter)
	r.Act("/salir", p.leave)
	r.Desk("/mesa", p.index)
	r.Act("/mesa", p.swap)
	r.Desk("/mesa/invitaciones/{edition}", p.chairs)
	r.Upload("/mesa/invitaciones/{edition}", paper, p.invite)
	r.Act("/mesa/invitaciones/{edition}/lugar", p.makeSeat)
	r.Act("/mesa/invitaciones/{edition}/retirar", p.revoke)
	r.Desk("/mesa/lugares/{edition}", p.register)
	r.Act("/mesa/lugares/{edition}/protocolo", p.seatAll)
	r.Upload("/mesa/lugares/{edition}/quitar", paper, p.unseat)
	r.Upload("/mesa/lugares/{edition}/terminar", paper, p.end)
	r.Upload("/mesa/lugares/{edition}/suplencia", paper, p.substitute)
	r.Upload("/mesa/lugares/{edition}/delegar", paper, p.delegate)
	r.Act("/mesa/lugares/{edition}/revocar", p.undelegate)
	r.Upload("/mesa/lugares/{edition}/puesto", paper, p.newPost)
	r.Upload("/mesa/lugares/{edition}/institucion", paper, p.newInstitution)
	if p.Demo {
		r.Private("/entrar/reparto", p.cast)
		r.Act("/entrar/reparto", p.playAs)
	}
}
