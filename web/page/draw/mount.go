package draw

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/panel/draw"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// Pages is the pages of a draw, bound to their desks.
type Pages struct {
	chain.Desks
	Draw *civic.Desk
}

// files are the files of a draw, in the order of the page.
var files = []string{civic.QuotasFile, civic.PoolFile, civic.LotteryFile, civic.DrawFile, civic.OrderFile}

// slow is the size of body from which a visit is given minutes: a lottery of many
// volunteers takes some.
const slow = 1 << 20

// Mount hangs them up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/ediciones/{edition}/sorteo", p.show)
	for _, name := range append(files, civic.ChancesFile) {
		r.Page("/ediciones/{edition}/sorteo/"+name, p.file(name))
	}
	r.Private("/ediciones/{edition}/sorteo/apuntarme", p.form)
	r.Act("/ediciones/{edition}/sorteo/apuntarme", p.register)
	r.Private("/mi-sorteo", p.knock)
	r.Act("/mi-sorteo", p.own)
	for path, do := range map[string]deed{"cambiar": p.amend, "retirar": p.withdraw, "contestar": p.answer} {
		r.Act("/mi-sorteo/"+path, p.mine(do))
	}
	r.Desk("/mesa/sorteo/{edition}", p.desk)
	r.Add(door.Route{Path: "/mesa/sorteo/{edition}", Sort: door.Acting, MaxBody: slow, Do: p.done})
	r.Act("/mesa/sorteo/{edition}/padron", p.audit)
}

// scene is what every page of one draw speaks with.
type scene struct {
	leaf.Page
	Edition edition.Edition
	Names   who.Names
	Places  map[string]string // names of municipalities, by code
	Zone    *time.Location
}

func (p *Pages) scene(r *door.Request, id glosa.EditionID, title string) (s scene, err error) {
	if s.Edition, err = p.Desks.Edition.Get(r.Context(), id); err != nil {
		return s, err
	}
	if s.Edition.Documented {
		return s, glosa.Missing("draw", string(id))
	}
	if s.Zone = s.Edition.Zone; s.Zone == nil {
		s.Zone = time.UTC
	}
	if s.Names, err = who.Read(r.Context(), p.People, r.Words); err != nil {
		return s, err
	}
	s.Places = map[string]string{}
	_, parts, err := p.People.Places(r.Context(), s.Edition.Territory, r.Now.In(s.Zone))
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return s, err
	}
	for _, t := range parts {
		s.Places[string(t.Code)] = t.Name
	}
	s.Page = leaf.From(r, title)
	s.Synthetic = s.Edition.Synthetic
	s.Crumbs = []leaf.Link{chain.Crumb(r, s.Edition), {Text: title}}
	s.Margin = leaf.Margin{Head: s.Edition.Code, Lines: leaf.Notes(chain.Step(r.Words, s.Edition)), Synthetic: s.Synthetic}
	return s, nil
}

// category and feature are words of the quotas.
func (s scene) category(c string) string { return s.Words.T("dw.c." + c) }

func (s scene) feature(c, f string) string {
	if c == "municipality" {
		if name := s.Places[f]; name != "" {
			return name
		}
		return f
	}
	return s.Words.T("dw.f." + c + "." + f)
}

// chair is a chair of the table in words.
func (s scene) chair(c civic.Chair) string { return s.Names.By("seat:" + string(c.Word())) }

// when is an instant with its hour, at the edition's place.
func (s scene) when(t time.Time) string { return s.Words.Stamp(t.In(s.Zone)) }

// path is the address of a page of this draw.
func (s scene) path(more ...string) string {
	return s.To("/ediciones", append([]string{string(s.Edition.ID), "sorteo"}, more...)...)
}

// file serves one file of a draw as it is kept.
func (p *Pages) file(name string) door.Handler {
	return func(r *door.Request) (door.View, error) {
		id := glosa.EditionID(r.Path("edition"))
		raw, err := p.Draw.File(r.Context(), id, name)
		kind := "text/csv; charset=utf-8"
		if name == civic.LotteryFile || name == civic.DrawFile {
			kind = "application/json; charset=utf-8"
		}
		return door.View{File: &door.File{Name: name, Type: kind, Bytes: raw}, Tags: []string{"draw:" + string(id)}}, err
	}
}
