package entry

import (
	"slices"

	"glosa"
	"glosa/civic/people"
	"glosa/web/door"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// sides are whose seats are made at this desk.
func (d desk) sides() (out []glosa.Side) {
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil, glosa.Observatory} {
		if people.Namer(side) == d.side {
			out = append(out, side)
		}
	}
	return out
}

func (d desk) sideOptions(w *text.Words) (out []leaf.Option) {
	for _, side := range d.sides() {
		out = append(out, leaf.Option{Value: string(side), Text: w.T("who.side." + string(side))})
	}
	return out
}

// roleOptions are the roles that somebody of these sides may have.
func (d desk) roleOptions(w *text.Words) []leaf.Option {
	out := []leaf.Option{{Text: w.T("en.inv.choose")}}
	for _, role := range parts {
		if slices.ContainsFunc(d.sides(), func(side glosa.Side) bool { return people.Fits(role, side) }) {
			out = append(out, leaf.Option{Value: string(role), Text: w.T("en.role." + string(role))})
		}
	}
	return out
}

func (d desk) sectorOptions(w *text.Words) []leaf.Option {
	out := []leaf.Option{{Text: w.T("en.inv.choose")}}
	for _, s := range people.Sectors() {
		out = append(out, leaf.Option{Value: string(s), Text: w.T("en.sector." + string(s))})
	}
	return out
}

// makeSeat makes the next seat of a side. Whoever selects or evaluates sits in
// person; a substitute may sit in any other.
func (p *Pages) makeSeat(r *door.Request) (door.View, error) {
	if !r.Signed {
		return door.Done(r.To("/entrar"))
	}
	ed, d, err := p.desk(r)
	if err != nil {
		return door.View{}, err
	}
	s := people.Seat{Edition: ed.ID, Side: glosa.Side(r.Value("side")), Roles: []glosa.Role{glosa.Role(r.Value("roles"))},
		Sector: people.Sector(r.Value("sector"))}
	if s.Number, err = p.next(r, d, s.Side); err != nil {
		return door.View{}, err
	}
	s.Delegable = !slices.Contains(s.Roles, glosa.Selector) && !slices.Contains(s.Roles, glosa.Evaluator)
	if _, err := p.People.Seat(r.Context(), r.Actor, s); err != nil {
		problems, ok := leaf.ProblemsOf(r.Words, err)
		if !ok {
			return door.View{}, err
		}
		d.wrongSeat, d.typed = problems, r.Value
		return door.Redo(invitePage(p.deskLeaf(r, ed, d), d))
	}
	return door.Done(d.action)
}

// next is the first number after those in use on a side: of its seats, and of
// whoever the keeper let in to a seat that the register does not have.
func (p *Pages) next(r *door.Request, d desk, side glosa.Side) (n int, err error) {
	for _, c := range d.chairs {
		if c.Seat.ID != "" && c.Seat.Side == side {
			n = max(n, c.Seat.Number)
		}
	}
	for _, ed := range []glosa.EditionID{"", glosa.EditionID(r.Path("edition"))} {
		grants, err := p.Auth.Cast(r.Context(), ed)
		if err != nil {
			return 0, err
		}
		for _, g := range grants {
			if g.Side == side {
				n = max(n, g.Seat)
			}
		}
	}
	return n + 1, nil
}

// was is what was typed into the form of a seat.
func (d desk) was(name string) string {
	if d.typed == nil {
		return ""
	}
	return d.typed(name)
}
