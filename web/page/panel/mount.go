package panel

import (
	"strconv"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// Pages are the pages of the session and the minutes.
type Pages struct{ chain.Desks }

// Mount hangs up the pages and the receivers of their forms.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/ediciones/{edition}/sesion", p.session)
	r.Page("/ediciones/{edition}/sesion.csv", p.sessionCSV)
	r.Page("/ediciones/{edition}/sesion.json", p.sessionJSON)
	r.Page("/ediciones/{edition}/sesion.atom", p.sessionAtom)
	r.Page("/ediciones/{edition}/asistencia.csv", p.attendance)
	r.Page("/ediciones/{edition}/minutas", p.minutes, "de", "a")
	r.Page("/ediciones/{edition}/minutas.json", p.minutesJSON)
	r.Page("/ediciones/{edition}/minutas.atom", p.minutesAtom)
	p.mountDesks(r)
}

func itoa(n int) string { return strconv.Itoa(n) }

// scene is what every page of one edition speaks with.
type scene struct {
	Edition edition.Edition
	Names   who.Names
	Zone    *time.Location
	texts   map[glosa.QuestionID]question.Brief
	seats   map[string]people.Seat // by "side:number"
}

func (p *Pages) scene(r *door.Request, id glosa.EditionID) (s scene, err error) {
	if s.Edition, err = p.Edition.Get(r.Context(), id); err != nil {
		return s, err
	}
	if s.Zone = s.Edition.Zone; s.Zone == nil {
		s.Zone = time.UTC
	}
	if s.Names, err = who.Read(r.Context(), p.People, r.Words); err != nil {
		return s, err
	}
	s.seats = map[string]people.Seat{}
	roll, err := p.People.Roll(r.Context(), id)
	for _, x := range roll.Seats {
		s.seats[string(x.Side)+":"+itoa(x.Number)] = x
	}
	return s, err
}

// read reads the words of the edition's questions, as far as they are public.
func (s *scene) read(p *Pages, r *door.Request) error {
	s.texts = map[glosa.QuestionID]question.Brief{}
	for after := ""; ; {
		some, next, err := p.Question.List(r.Context(), question.Filter{Edition: s.Edition.ID}, after, 200)
		if err != nil {
			return err
		}
		for _, q := range some {
			s.texts[q.ID] = q
		}
		if next == "" {
			return nil
		}
		after = next
	}
}

// text is a question's words, or its folio where they are not public.
func (s *scene) text(id glosa.QuestionID) string {
	if q, ok := s.texts[id]; ok && q.Text != "" {
		return q.Text
	}
	return string(id)
}

// lang is the language of a question's words.
func (s *scene) lang(id glosa.QuestionID) string {
	if q, ok := s.texts[id]; ok && q.Language != "" {
		return string(q.Language)
	}
	return "es"
}

// chair is who sits: the office, or the numbered seat with whom it speaks for.
func (s *scene) chair(c panel.Chair, institution glosa.InstitutionKey) string {
	name := s.Names.By(c.Key())
	if institution == "" && c.Seat > 0 {
		institution = s.seats[string(c.Side)+":"+itoa(c.Seat)].Institution
	}
	if c.Post == "" && institution != "" {
		name += " (" + s.Names.Institution(institution) + ")"
	}
	return name
}

// frame fills what every page of an edition shows outside its sections.
func (p *Pages) frame(r *door.Request, s scene, title string) (leaf.Page, time.Time, error) {
	v := leaf.From(r, title)
	v.Synthetic = s.Edition.Synthetic
	v.Crumbs = []leaf.Link{{Text: r.Words.T("nav.editions"), Href: r.To("/ediciones")},
		chain.Crumb(r, s.Edition), {Text: title}}
	v.Margin = leaf.Margin{Head: chain.Name(r.Words, s.Edition), HeadLang: chain.Lang(r.Words, s.Edition), Lines: leaf.Notes(chain.Step(r.Words, s.Edition)), Synthetic: s.Edition.Synthetic}
	links, err := p.Of(r, s.Edition)
	v.Chain = &links.Chain
	return v, links.Until, err
}

// earlier is the earlier of two instants; zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// video is the second of a video as people write it: 12:30, 1:02:30.
func video(second int) string {
	h, m, s := second/3600, second/60%60, second%60
	two := func(n int) string {
		if n < 10 {
			return "0" + itoa(n)
		}
		return itoa(n)
	}
	if h > 0 {
		return itoa(h) + ":" + two(m) + ":" + two(s)
	}
	return itoa(m) + ":" + two(s)
}
