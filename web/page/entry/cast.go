package entry

import (
	"cmp"
	"net"
	"net/http"
	"slices"
	"strings"

	"glosa"
	"glosa/auth"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
	"glosa/web/text"
)

// troupe is the cast of one edition, or of the government's offices.
type troupe struct {
	title  string
	note   string
	player []player

	envelopes string // where a visitor shows the code of an envelope
}

// player is one member of the cast: a seat or an office, never a name.
type player struct {
	grant, post, roles string
}

// cast lists everybody whom a visitor of the demonstration may be.
func (p *Pages) cast(r *door.Request) (door.View, error) {
	if !onLoopback(r.HTTP) {
		return door.View{}, glosa.Refuse(glosa.NotFound, "e.page")
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return door.View{}, err
	}
	editions, err := p.Edition.List(r.Context(), "")
	if err != nil {
		return door.View{}, err
	}
	var all []troupe
	for _, ed := range editions {
		if ed.Documented {
			continue
		}
		t, err := p.troupe(r, names, ed.ID, chain.Name(r.Words, ed), chain.Word(r.Words, ed.Stage))
		if err != nil {
			return door.View{}, err
		}
		if ed.Stage == edition.IntakeOpen && ed.Protocol.Selection.Counts(voter.Code) {
			t.envelopes = r.To("/ediciones/" + string(ed.ID) + "/mi-puerta/sobre")
		}
		all = append(all, t)
	}
	offices, err := p.troupe(r, names, "", r.Words.T("en.cast.offices"), r.Words.T("en.cast.offices.note"))
	if err != nil {
		return door.View{}, err
	}
	l := leaf.From(r, r.Words.T("en.cast.title"))
	l.State, l.More = r.Words.T("en.cast.state"), r.Words.T("en.cast.more")
	l.Synthetic, l.NoIndex = true, true
	l.Crumbs = []leaf.Link{{Text: r.Words.T("en.title"), Href: r.To("/entrar")}}
	return door.View{Body: castPage(l, append(all, offices))}, nil
}

func (p *Pages) troupe(r *door.Request, names who.Names, ed glosa.EditionID, title, note string) (troupe, error) {
	t := troupe{title: title, note: note}
	grants, err := p.Auth.Cast(r.Context(), ed)
	slices.SortStableFunc(grants, byPart)
	for _, g := range grants {
		if !g.Until.IsZero() && !r.Now.Before(g.Until) {
			continue
		}
		t.player = append(t.player, player{grant: g.ID, post: names.Actor(g.Actor()), roles: roleWords(r.Words, g.Roles)})
	}
	return t, err
}

// parts are the roles in the order in which the year needs them.
var parts = []glosa.Role{glosa.Facilitator, glosa.Convenor, glosa.IntakeDesk, glosa.Moderator, glosa.Translator, glosa.Selector, glosa.Chair, glosa.Clerk, glosa.Rapporteur,
	glosa.Panelist, glosa.Evaluator, glosa.Overview, glosa.Signatory, glosa.Liaison}

// byPart orders the cast by role, then side, then seat or post.
func byPart(a, b auth.Grant) int {
	first := func(g auth.Grant) int { return slices.IndexFunc(parts, g.Actor().Has) }
	return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(a.Side, b.Side), cmp.Compare(a.Seat, b.Seat), cmp.Compare(a.Post, b.Post))
}

func roleWords(w *text.Words, roles []glosa.Role) string {
	said := make([]string, len(roles))
	for i, role := range roles {
		said[i] = w.T("en.role." + string(role))
	}
	return strings.Join(said, ", ")
}

// playAs lets a visitor of the demonstration in as a member of the cast.
func (p *Pages) playAs(r *door.Request) (door.View, error) {
	if !onLoopback(r.HTTP) {
		return door.View{}, glosa.Refuse(glosa.NotFound, "e.page")
	}
	if err := p.inCast(r, r.Value("grant")); err != nil {
		return door.View{}, err
	}
	token, s, err := p.Auth.Enter(r.Context(), r.Value("grant"))
	if err != nil {
		return door.View{}, err
	}
	return p.let(r, token, s, r.To("/mesa"))
}

// inCast is nil for a grant that the page of the cast shows.
func (p *Pages) inCast(r *door.Request, id string) error {
	editions, err := p.Edition.List(r.Context(), "")
	if err != nil {
		return err
	}
	for _, ed := range append([]edition.Edition{{}}, editions...) {
		grants, err := p.Auth.Cast(r.Context(), ed.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(grants, func(g auth.Grant) bool { return g.ID == id && (g.Until.IsZero() || r.Now.Before(g.Until)) }) {
			return nil
		}
	}
	return glosa.Missing("grant", id)
}

// onLoopback tells whether the visit came to an address that only this machine
// has. cmd/glosa hangs these pages up on loopback alone; this is the second lock.
func onLoopback(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	tcp, ok := local.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
