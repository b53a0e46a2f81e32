package notice

import (
	"net/url"
	"slices"

	"glosa"
	"glosa/civic/people/notice"
	"glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// Pages are the pages of notices.
type Pages struct {
	chain.Desks
	Notice *notice.Desk
}

// Mount hangs them up.
func (p *Pages) Mount(r *door.Router) {
	r.Private("/avisos", p.leave, "pregunta", "edicion", "institucion", "tema", "pronto")
	r.Act("/avisos", p.subscribe)
	r.Private("/avisos/confirmar/{token}", p.asked)
	r.Act("/avisos/confirmar/{token}", p.confirm)
	r.Private("/avisos/baja/{token}", p.leaving)
	r.Upload("/avisos/baja/{token}", 8<<10, p.stop) // a mail program may send the one click as multipart
}

// subject is a thing that notices are about, as a page speaks of it.
type subject struct {
	thing notice.Thing
	name  string // "la pregunta DEMO26-0427-K"
	page  string // its page
	feed  string // its Atom feed
	made  bool   // it never happened
}

// about finds the thing that a form or a link names. NotFound when there is none.
func (p *Pages) about(r *door.Request, get func(string) string) (s subject, err error) {
	w := r.Words
	switch {
	case get("pregunta") != "":
		id, err := question.ParseFolio(get("pregunta"))
		if err != nil {
			return s, err
		}
		q, err := p.Question.Page(r.Context(), id)
		return subject{thing: notice.Thing{Sort: notice.Question, ID: string(id)}, name: w.T("nt.of.question", "folio", string(id)),
			page: r.To("/preguntas", string(id)), feed: r.To("/preguntas", string(id), "atom"), made: p.made(r, q.Edition)}, err
	case get("institucion") != "":
		key := get("institucion")
		b, err := p.People.Book(r.Context(), glosa.InstitutionKey(key), r.Now)
		return subject{thing: notice.Thing{Sort: notice.Institution, ID: key}, name: w.T("nt.of.institution", "name", b.Name),
			page: r.To("/instituciones", key), feed: r.To("/instituciones", key, "cambios.atom")}, err
	}
	ed, err := p.Edition.Get(r.Context(), glosa.EditionID(get("edicion")))
	if err != nil {
		return s, err
	}
	id, name := string(ed.ID), chain.Name(w, ed)
	theme := get("tema")
	if theme == "" {
		return subject{thing: notice.Thing{Sort: notice.Edition, ID: id}, name: w.T("nt.of.edition", "name", name),
			page: r.To("/ediciones", id), feed: r.To("/ediciones", id, "cambios.atom"), made: ed.Synthetic}, nil
	}
	all, err := p.Question.Themes(r.Context(), ed.ID)
	if err == nil && !slices.Contains(all, glosa.Code(theme)) {
		err = glosa.Missing("theme", theme)
	}
	query := "?tema=" + url.QueryEscape(theme)
	return subject{thing: notice.ThemeOf(ed.ID, glosa.Code(theme)), name: w.T("nt.of.theme", "theme", themed(r, theme), "name", name),
		page: r.To("/ediciones", id, "preguntas") + query, feed: r.To("/ediciones", id, "preguntas.atom") + query, made: ed.Synthetic}, err
}

// themed is a theme's name; the code itself when nobody wrote one.
func themed(r *door.Request, theme string) string {
	if r.Words.Has("qt.theme." + theme) {
		return r.Words.T("qt.theme." + theme)
	}
	return theme
}

func (p *Pages) made(r *door.Request, id glosa.EditionID) bool {
	ed, err := p.Edition.Get(r.Context(), id)
	return err == nil && ed.Synthetic
}

// named is one field by which a form or an address names a thing.
type named struct{ name, value string }

func fields(t notice.Thing) []named {
	switch t.Sort {
	case notice.Question:
		return []named{{"pregunta", t.ID}}
	case notice.Institution:
		return []named{{"institucion", t.ID}}
	case notice.Theme:
		ed, theme := t.InTheme()
		return []named{{"edicion", string(ed)}, {"tema", string(theme)}}
	}
	return []named{{"edicion", t.ID}}
}

// sheet is a page of this room: never stored, never found.
func (p *Pages) sheet(r *door.Request, title, state string) leaf.Page {
	l := leaf.From(r, title)
	l.State, l.NoIndex, l.Path, l.Synthetic = state, true, "/avisos", r.Site.Demo
	return l
}
