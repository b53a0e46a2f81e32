package edition

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// Pages is the pages of editions.
type Pages struct{ chain.Desks }

// Mount hangs them up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/ediciones", p.list)
	r.Page("/ediciones.csv", p.table)
	r.Page("/ediciones.json", p.items)
	r.Page("/ediciones.atom", p.feed)
	r.Page("/ediciones/{edition}", p.show)
	r.Page("/ediciones/{edition}/cuenta.csv", p.accountTable)
	r.Page("/ediciones/{edition}/cuenta.json", p.accountJSON)
	r.Page("/ediciones/{edition}/calendario", p.calendar)
	r.Page("/ediciones/{edition}/calendario.ics", p.ics)
	r.Page("/ediciones/{edition}/protocolo", p.protocol)
	r.Page("/ediciones/{edition}/protocolo.yaml", p.yaml)

	r.Desk("/mesa/edicion", p.newDesk)
	r.Upload("/mesa/edicion", paper, p.found)
	r.Desk("/mesa/edicion/{edition}", p.desk)
	r.Desk("/mesa/edicion/{edition}/protocolo", p.rulesDesk)
	r.Upload("/mesa/edicion/{edition}/protocolo", paper, p.replace)
	r.Act("/mesa/edicion/{edition}/avanzar", p.advance)
	r.Act("/mesa/edicion/{edition}/saltar", p.waive)
	r.Act("/mesa/edicion/{edition}/confirmar", p.confirm)
	r.Act("/mesa/edicion/{edition}/aplazar", p.postpone)
	r.Act("/mesa/edicion/{edition}/reanudar", p.resume)
	r.Act("/mesa/edicion/{edition}/prorroga", p.extend)
	r.Act("/mesa/edicion/{edition}/suspender", p.suspend)
	r.Act("/mesa/edicion/{edition}/congelar", p.freeze)
	r.Act("/mesa/edicion/{edition}/criterios", p.criteria)
	r.Act("/mesa/edicion/{edition}/fecha", p.plan)
	r.Act("/mesa/edicion/{edition}/sede", p.settle)
	r.Act("/mesa/edicion/{edition}/cancelar", p.cancel)
}

// of is the edition of the path. NotFound.
func (p *Pages) of(r *door.Request) (edition.Edition, error) {
	return p.Edition.Get(r.Context(), glosa.EditionID(r.Path("edition")))
}

// below is a page of one edition, with the way there.
func below(r *door.Request, ed edition.Edition, title string) leaf.Page {
	page := leaf.From(r, title)
	page.Crumbs = []leaf.Link{{Text: r.Words.T("nav.editions"), Href: r.To("/ediciones")},
		chain.Crumb(r, ed)}
	page.Synthetic = ed.Synthetic
	page.Margin = leaf.Margin{Head: ed.Code, Lines: leaf.Notes(chain.Step(r.Words, ed)), Synthetic: ed.Synthetic}
	if ed.Documented {
		page.Margin.Head = r.Words.T("cn.name", "nth", r.Words.Ordinal(ed.Number))
	}
	return page
}

// quote is what somebody needs to quote a page of an edition: its name and its
// one sentence.
func (p *Pages) quote(r *door.Request, ed edition.Edition, page leaf.Page, path string) *leaf.Cite {
	return p.Cite(r, ed.Zone, page.Title+", "+chain.Name(r.Words, ed)+": "+page.State, "", r.To("/ediciones", string(ed.ID), path))
}

// soon is the earlier of two instants, where zero is never.
func soon(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
