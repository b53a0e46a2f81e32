package question

import (
	"time"

	"glosa"
	"glosa/civic/question/intake"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// printed is the page of a printed folio that has no question yet: whoever scans
// the code on a sheet comes here.
func (p *Pages) printed(r *door.Request, id glosa.QuestionID) (door.View, error) {
	slip, err := p.Intake.SheetOf(r.Context(), id)
	if err != nil {
		return door.View{}, glosa.Missing("question", string(id))
	}
	s, err := p.scene(r, slip.Edition)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	page := s.page(w.T("qt.title", "folio", string(id)))
	page.NoIndex = true
	page.Crumbs = []leaf.Link{{Text: w.T("nav.questions"), Href: r.To("/ediciones", string(slip.Edition), "preguntas")}, {Text: string(id)}}
	page.Margin = leaf.Margin{Head: string(id), Lines: leaf.Notes(w.T("it.door.paper"))}
	page.Shape, page.State = leaf.Later, w.T("r.paper")+"."
	page.More = w.T("it.sheet.plain")
	if slip.Desk.Shown() {
		page.More = w.T("it.sheet.here", "desk", slip.Desk.Name+" ("+slip.Desk.Place+")")
	}
	if slip.State == intake.Void {
		page.Shape, page.State = leaf.Barred, w.T("it.sheet.void")+"."
		page.More = w.T("it.sheet.void.why", "reason", w.T("it.void."+string(slip.Reason)))
	}
	page.Action = &leaf.Action{Text: w.T("it.sheet.doors"), Href: r.To("/ediciones", string(slip.Edition), "puertas")}
	tags := []string{"question:" + string(id), "intake:" + string(slip.Desk.ID), "editions"}
	return door.View{Body: leaf.Leaf(page), Tags: tags}, nil
}

// came adds by which door the question came and how its answer went back, where
// that is told. It gives the tag that moves with the desk's number of questions.
func (p *Pages) came(c *card) (tags []string, err error) {
	if p.Intake == nil {
		return nil, nil
	}
	x, told, err := p.Intake.Came(c.scene.r.Context(), c.q.ID)
	if err != nil || x.Desk.ID == "" {
		return nil, err
	}
	tags = []string{"intake:" + string(x.Desk.ID)}
	if !told {
		return tags, nil
	}
	w := c.scene.Words
	c.Margin.Lines = append(c.Margin.Lines, leaf.Link{Text: w.T("it.came", "door", w.T("it.door."+string(x.Desk.Kind)), "desk", x.Desk.Name),
		Href: c.scene.r.To("/ediciones", string(c.q.Edition), "puertas")})
	if !x.DeliveredAt.IsZero() && x.Version > 0 { // the answer, not why there was none
		c.delivered = &leaf.Step{Shape: leaf.Done, Bold: w.T("it.delivered", "date", c.scene.civilDay(x.DeliveredOn)), Rest: w.T("it.way." + string(x.How))}
	}
	return tags, nil
}

// civilDay is a day as people read it.
func (s Speaker) civilDay(day string) string {
	zone := s.Edition.Zone
	if zone == nil {
		zone = time.UTC
	}
	t, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return day
	}
	return s.Words.Day(t)
}

// isPrinted tells whether a folio that has no question may be one on paper.
func (p *Pages) isPrinted(err error) bool {
	return p.Intake != nil && glosa.KindOf(err) == glosa.NotFound
}
