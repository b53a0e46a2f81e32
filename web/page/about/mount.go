package about

import (
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// Pages is the pages about the site. Real is the documented series, whose facts
// say where the exercise comes from.
type Pages struct {
	Edition *edition.Desk
	Series  glosa.SeriesID
	Real    glosa.SeriesID
}

// Mount hangs them up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/privacidad", p.privacy)
	r.Page("/accesibilidad", p.access)
	r.Page("/quien", p.behind)
	r.Page("/copiar", p.copy)
	r.Page("/copiar/protocolos/{name}", p.template)
}

// about is one page: its sections, then what the page adds.
type about struct {
	leaf.Page
	Sections  []section
	Facts     []fact
	Protocols []preset
}

// section is a heading and its paragraphs; a paragraph may end in a link.
type section struct {
	ID, Title string
	Texts     []string
	Steps     []string // in order, when there are any
	Link      *leaf.Link
}

// fact is one real fact about the exercise with its sources.
type fact struct {
	Text    string
	Gap     bool
	Sources []leaf.Link
}

// preset is a protocol that ships.
type preset struct{ Name, About, Href, Earliest string }

// sections reads the sections of a page: each has a title ".t" and a text ".p".
func sections(r *door.Request, page string, ids ...string) (out []section) {
	for _, id := range ids {
		key := "ab." + page + "." + id
		out = append(out, section{ID: id, Title: r.Words.T(key + ".t"), Texts: []string{r.Words.T(key + ".p")}})
	}
	return out
}

func (p *Pages) start(r *door.Request, page string) about {
	v := about{Page: leaf.From(r, r.Words.T("ab."+page+".title"))}
	v.State, v.More = r.Words.T("ab."+page+".state"), r.Words.T("ab."+page+".more")
	v.Margin = leaf.Margin{Head: r.Words.T("foot.label")}
	return v
}

func (p *Pages) privacy(r *door.Request) (door.View, error) {
	v := p.start(r, "priv")
	if r.Site.Demo {
		v.Sections = sections(r, "priv", "demo")
	}
	v.Sections = append(v.Sections, sections(r, "priv", "what", "not", "public", "mail", "record", "cookies", "rights", "until", "law")...)
	v.Sections = append(v.Sections, notARequest(r))
	ed, err := p.Edition.Home(r.Context(), p.Series)
	if err == nil {
		law := &v.Sections[len(v.Sections)-2]
		law.Link = &leaf.Link{Text: r.Words.T("ab.priv.protocol", "name", chain.Name(r.Words, ed)), Href: r.To("/ediciones", string(ed.ID), "protocolo")}
	} else if glosa.KindOf(err) != glosa.NotFound {
		return door.View{}, err
	}
	i := slices.IndexFunc(v.Sections, func(s section) bool { return s.ID == "rights" })
	v.Sections[i].Link = &leaf.Link{Text: r.Words.T("ab.priv.mine"), Href: r.To("/mi-pregunta")}
	return door.View{Body: page(v), Tags: []string{"site", "editions"}}, nil
}

// notARequest says what a question is not, and how one makes a request instead.
func notARequest(r *door.Request) section {
	return section{ID: "no-es-tramite", Title: r.Words.T("ab.priv.tramite.t"), Texts: []string{r.Words.T("ab.priv.tramite.p"), r.Words.T("ab.priv.tramite.how"),
		r.Words.T("ab.priv.tramite.text")}, Link: &leaf.Link{Text: r.Words.T("ab.priv.tramite.link"), Href: "https://www.plataformadetransparencia.org.mx"}}
}

func (p *Pages) access(r *door.Request) (door.View, error) {
	v := p.start(r, "acc")
	v.Sections = sections(r, "acc", "can", "print", "checked", "not", "languages", "session", "tell")
	ed, err := p.Edition.Home(r.Context(), p.Series)
	if err == nil {
		i := slices.IndexFunc(v.Sections, func(s section) bool { return s.ID == "session" })
		v.Sections[i].Link = &leaf.Link{Text: chain.Name(r.Words, ed), Href: r.To("/ediciones", string(ed.ID))}
	} else if glosa.KindOf(err) != glosa.NotFound {
		return door.View{}, err
	}
	return door.View{Body: page(v), Tags: []string{"site", "editions"}}, nil
}

func (p *Pages) behind(r *door.Request) (door.View, error) {
	v := p.start(r, "who")
	v.Sections = sections(r, "who", "exercise", "program", "keeper")
	v.Sections[2].Link = &leaf.Link{Text: r.Words.T("foot.record"), Href: r.To("/registro")}
	d, err := p.Edition.Dossier(r.Context(), p.Real)
	if err != nil {
		return door.View{}, err
	}
	for _, f := range d.Findings {
		if f.Topic != "exercise" {
			continue
		}
		x := fact{Text: f.Text.In(r.Lang), Gap: f.Kind == "gap"}
		for _, id := range f.Sources {
			if s, ok := d.Source(id); ok {
				x.Sources = append(x.Sources, leaf.Link{Text: s.Publisher, Href: s.URL})
			}
		}
		v.Facts = append(v.Facts, x)
	}
	return door.View{Body: page(v), Tags: []string{"site", "sources"}}, nil
}

func (p *Pages) copy(r *door.Request) (door.View, error) {
	w := r.Words
	v := p.start(r, "copy")
	v.Sections = sections(r, "copy", "need", "try", "rules", "serve", "trust", "license")
	v.Sections[1].Steps = []string{"go run ./cmd/glosa demo"}
	v.Sections[2].Steps = []string{"glosa protocol template glosa-90 > ours.yaml", "glosa protocol check ours.yaml", "glosa load --data DIR"}
	v.Sections[3].Steps = []string{"glosa serve --data DIR", `glosa invite --data DIR --role facilitator --side civil --seat 1 --reason "…"`,
		`glosa invite --data DIR --role overview --side government --seat 1 --reason "…"`}
	v.Sections[4].Link = &leaf.Link{Text: w.T("foot.record"), Href: r.To("/registro")}
	until := time.Time{}
	for _, name := range edition.Templates() {
		raw, err := edition.Template(name)
		if err != nil {
			return door.View{}, err
		}
		pr, err := edition.ParseProtocol(raw)
		if err != nil {
			return door.View{}, err
		}
		zone := pr.Location()
		v.Protocols = append(v.Protocols, preset{Name: pr.Name.In(r.Lang), About: pr.About.In(r.Lang), Href: r.To("/copiar/protocolos", name),
			Earliest: w.T("ab.copy.earliest", "date", w.Date(edition.Lay(pr, r.Now, r.Now).Earliest.In(zone)))})
		y, m, d := r.Now.In(zone).Date()
		if midnight := time.Date(y, m, d+1, 0, 0, 0, 0, zone); until.IsZero() || midnight.Before(until) {
			until = midnight
		}
	}
	return door.View{Body: page(v), Tags: []string{"site"}, Until: until}, nil
}

// template is the text of a protocol that ships.
func (p *Pages) template(r *door.Request) (door.View, error) {
	raw, err := edition.Template(r.Path("name"))
	return door.View{Tags: []string{"site"}, File: &door.File{Name: r.Path("name") + ".yaml", Type: "application/yaml; charset=utf-8", Bytes: raw}}, err
}
