package entry

import (
	"slices"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// table is one desk: who works at it, and in which stages of an edition.
type table struct {
	key         string // of its address and its name
	roles       []glosa.Role
	alone       bool // one for all editions
	from, until edition.Stage
}

// tables are the desks in the order of the civic year.
var tables = []table{
	{key: "edicion", roles: []glosa.Role{glosa.Facilitator, glosa.Convenor}, from: edition.Draft, until: edition.Evaluated},
	{key: "invitaciones", roles: []glosa.Role{glosa.Facilitator, glosa.Overview}, from: edition.Draft, until: edition.FollowUp},
	{key: "lugares", roles: []glosa.Role{glosa.Facilitator, glosa.Overview}, from: edition.Draft, until: edition.Evaluated},
	{key: "informe", roles: []glosa.Role{glosa.Liaison, glosa.Signatory}, from: edition.Called, until: edition.IntakeOpen},
	{key: "captura", roles: []glosa.Role{glosa.IntakeDesk, glosa.Facilitator}, from: edition.Called, until: edition.Evaluated},
	{key: "derechos", roles: []glosa.Role{glosa.Moderator, glosa.Facilitator, glosa.Convenor}, from: edition.Draft, until: edition.Closed},
	{key: "quien-falta", roles: []glosa.Role{glosa.Facilitator, glosa.Convenor, glosa.IntakeDesk, glosa.Overview}, from: edition.IntakeOpen, until: edition.Evaluated},
	{key: "codigos", roles: []glosa.Role{glosa.Facilitator, glosa.Convenor, glosa.Moderator}, from: edition.Called, until: edition.InPreparation},
	{key: "moderacion", roles: []glosa.Role{glosa.Moderator, glosa.Convenor}, from: edition.IntakeOpen, until: edition.Agreed},
	{key: "opinion", roles: []glosa.Role{glosa.Facilitator, glosa.Moderator, glosa.Evaluator}, from: edition.Called, until: edition.Closed},
	{key: "tachado", roles: []glosa.Role{glosa.Moderator, glosa.Convenor}, from: edition.IntakeOpen, until: edition.Evaluated},
	{key: "traduccion", roles: []glosa.Role{glosa.Translator}, alone: true},
	{key: "enlace", roles: []glosa.Role{glosa.Liaison}, alone: true},
	{key: "firma", roles: []glosa.Role{glosa.Signatory}, alone: true},
	{key: "gubernatura", roles: []glosa.Role{glosa.Overview}, alone: true},
	{key: "seleccion", roles: []glosa.Role{glosa.Selector}, from: edition.IntakeClosed, until: edition.Selected},
	{key: "exclusion", roles: []glosa.Role{glosa.Facilitator, glosa.Moderator, glosa.Convenor}, from: edition.IntakeClosed, until: edition.IntakeClosed},
	{key: "preparacion", roles: []glosa.Role{glosa.Facilitator, glosa.Selector}, from: edition.IntakeClosed, until: edition.InPreparation},
	{key: "sorteo", roles: []glosa.Role{glosa.Facilitator, glosa.Convenor, glosa.Evaluator, glosa.Selector}, from: edition.Called, until: edition.InSession},
	{key: "conduccion", roles: []glosa.Role{glosa.Chair, glosa.Clerk}, from: edition.Selected, until: edition.MinutesPending},
	{key: "minutas", roles: []glosa.Role{glosa.Rapporteur, glosa.Signatory, glosa.Panelist, glosa.Chair}, from: edition.InSession, until: edition.MinutesPending},
	{key: "compromisos", roles: []glosa.Role{glosa.Rapporteur, glosa.Facilitator, glosa.Liaison, glosa.Panelist, glosa.Signatory, glosa.Evaluator}, from: edition.InSession, until: edition.Evaluated},
	{key: "disposiciones", roles: []glosa.Role{glosa.Facilitator, glosa.Convenor}, from: edition.Called, until: edition.MinutesPending},
	{key: "seguimiento", roles: []glosa.Role{glosa.Liaison, glosa.Signatory, glosa.Panelist}, alone: true},
	{key: "borrado", roles: []glosa.Role{glosa.Moderator}, from: edition.Called, until: edition.Closed},
	{key: "evaluacion", roles: []glosa.Role{glosa.Evaluator}, alone: true},
}

func (t table) seats(a glosa.Actor) bool { return slices.ContainsFunc(t.roles, a.Has) }

// now tells whether there is work at the desk in the stage.
func (t table) now(s edition.Stage) bool {
	return t.alone || !s.Before(t.from) && !t.until.Before(s) && s.Known() && s != edition.Postponed && s != edition.Cancelled
}

// room is the desks of one edition, or those that serve all editions.
type room struct {
	title string
	note  string
	synt  bool
	now   []leaf.Item
	later []leaf.Item // what has its hour in another stage
}

// hall is what the index of desks shows.
type hall struct {
	post    string
	rooms   []room
	others  []player // the same person's other ways to act
	waiting int
	ended   bool // whoever is signed in has left the place, or takes it later
}

func (p *Pages) index(r *door.Request) (door.View, error) {
	s, err := p.session(r)
	if err != nil {
		return door.View{}, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return door.View{}, err
	}
	h := hall{post: names.Actor(s.Actor), ended: s.Ended}
	if err := p.fill(r, &h); err != nil {
		return door.View{}, err
	}
	grants, err := p.Auth.Grants(r.Context(), s)
	if err != nil {
		return door.View{}, err
	}
	for _, g := range grants {
		if g.ID != s.Grant.ID {
			h.others = append(h.others, player{grant: g.ID, post: names.Actor(g.Actor()), roles: p.where(r, g.Edition) + roleWords(r.Words, g.Roles)})
		}
	}
	l := leaf.From(r, r.Words.T("en.desk.title"))
	l.NoIndex, l.Signed = true, h.post
	l.State = r.Words.T("en.desk.none")
	if h.waiting > 0 {
		l.State = r.Words.T("en.desk.waits", "n", r.Words.N(h.waiting))
	}
	l.More = r.Words.T("d.pub", "post", h.post) + "."
	l.Margin = leaf.Margin{Head: h.post, Lines: leaf.Notes(roleWords(r.Words, s.Actor.Roles), r.Words.T("en.until", "time", r.Words.Hour(s.Expires.In(p.zone(r, s.Actor.Edition)))))}
	l.Synthetic = slices.ContainsFunc(h.rooms, func(x room) bool { return x.synt })
	return door.View{Body: hallPage(l, h)}, nil
}

// fill gathers the desks of whoever is signed in: first those that serve all
// editions, then each edition's.
func (p *Pages) fill(r *door.Request, h *hall) error {
	editions, err := p.mine(r)
	if err != nil {
		return err
	}
	everywhere := room{}
	for _, t := range tables {
		if !t.alone || !t.seats(r.Actor) {
			continue
		}
		if err := p.sit(r, h, &everywhere, t, edition.Edition{}, editions); err != nil {
			return err
		}
	}
	if r.Actor.May("edition.found") == nil {
		everywhere.now = append(everywhere.now, leaf.Item{Text: r.Words.T("en.to.fundar"), Href: r.To("/mesa/edicion"), Shape: leaf.Open, Word: r.Words.T("en.open")})
	}
	if len(everywhere.now) > 0 {
		h.rooms = append(h.rooms, everywhere)
	}
	for _, ed := range editions {
		x := room{title: chain.Name(r.Words, ed), note: chain.Word(r.Words, ed.StageAt(r.Now)), synt: ed.Synthetic}
		for _, t := range tables {
			if t.alone || !t.seats(r.Actor) {
				continue
			}
			if err := p.sit(r, h, &x, t, ed, nil); err != nil {
				return err
			}
		}
		if len(x.now)+len(x.later) > 0 {
			h.rooms = append(h.rooms, x)
		}
	}
	return nil
}

// sit puts one desk into a room, with what waits there.
func (p *Pages) sit(r *door.Request, h *hall, x *room, t table, ed edition.Edition, editions []edition.Edition) error {
	name := r.Words.T("en.to." + t.key)
	if t.key == "conduccion" {
		return p.sitMesas(r, x, t, ed)
	}
	item := leaf.Item{Text: name, Href: r.To("/mesa", t.key)}
	if !t.alone {
		item.Href = r.To("/mesa", t.key, string(ed.ID))
	}
	if !t.now(ed.StageAt(r.Now)) {
		item.Shape, item.Word = leaf.Later, r.Words.T("en.later")
		x.later = append(x.later, item)
		return nil
	}
	n, counted, err := p.waits(r, t, ed, editions)
	if err != nil {
		return err
	}
	switch {
	case counted && n > 0:
		h.waiting += n
		item.Shape, item.Word = leaf.Going, r.Words.T("en.waits", "n", r.Words.N(n))
	case counted:
		item.Shape, item.Word = leaf.Done, r.Words.T("en.clear")
	default:
		item.Shape, item.Word = leaf.Open, r.Words.T("en.open")
	}
	x.now = append(x.now, item)
	return nil
}

func (p *Pages) sitMesas(r *door.Request, x *room, t table, ed edition.Edition) error {
	mesas, err := p.Panel.Mesas(r.Context(), ed.ID)
	for _, m := range mesas {
		item := leaf.Item{Text: r.Words.T("en.to.mesa", "n", r.Words.N(m.Number), "theme", m.Theme), Href: r.To("/mesa/conduccion", string(m.ID)),
			Shape: leaf.Open, Word: r.Words.T("en.open")}
		if t.now(ed.Stage) {
			x.now = append(x.now, item)
			continue
		}
		item.Shape, item.Word = leaf.Later, r.Words.T("en.later")
		x.later = append(x.later, item)
	}
	return err
}

// most bounds what is counted one by one.
const most = 500

// waits counts what waits at a desk. counted is false where nothing is counted.
func (p *Pages) waits(r *door.Request, t table, ed edition.Edition, editions []edition.Edition) (n int, counted bool, err error) {
	ctx := r.Context()
	switch t.key {
	case "moderacion":
		n, err := p.Question.Backlog(ctx, r.Actor, ed.ID)
		if !r.Actor.Has(glosa.Moderator) { // convenors decide on what is held
			n.Timed = 0
		}
		return n.Timed + n.Held, true, err
	case "enlace":
		debt, err := p.Question.Debt(ctx, r.Actor)
		return debt.All, true, err
	case "firma":
		debt, err := p.Question.Debt(ctx, r.Actor)
		return debt.Signing, true, err
	case "gubernatura":
		for _, e := range editions {
			late, _, err := p.Question.Overdue(ctx, e.ID, "", most)
			if err != nil {
				return 0, false, err
			}
			n += len(late)
		}
		return n, true, nil
	case "edicion":
		_, missing, err := p.Edition.Needs(ctx, ed.ID)
		if glosa.KindOf(err) == glosa.Closed {
			return 0, true, nil
		}
		return len(missing), true, err
	case "preparacion":
		left, err := p.Panel.Unplaced(ctx, ed.ID)
		return len(left), true, err
	case "disposiciones":
		_, left, err := p.Commitment.Worklist(ctx, ed.ID)
		return left, true, err
	case "borrado":
		list, err := p.Commitment.Erasables(ctx, r.Actor, ed.ID)
		for _, e := range list {
			if e.Asked != "" && !e.Mine {
				n++
			}
		}
		return n, true, err
	case "evaluacion":
		return p.toEvaluate(r, editions)
	}
	return 0, false, nil
}

func (p *Pages) toEvaluate(r *door.Request, editions []edition.Edition) (n int, counted bool, err error) {
	seen := map[glosa.SeriesID]bool{}
	for _, e := range editions {
		if seen[e.Series] {
			continue
		}
		seen[e.Series] = true
		var d commitment.Desktop
		if d, err = p.Commitment.Evaluator(r.Context(), r.Actor, e.Series); err != nil {
			return 0, false, err
		}
		n += len(d.Claimed) + len(d.Milestones) + len(d.Evidence) + len(d.Unassessed)
	}
	return n, true, nil
}
