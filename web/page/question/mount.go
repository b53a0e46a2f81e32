package question

import (
	"context"
	"net/url"
	"time"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/who"
)

// Pages are the public pages of the question room, bound to their desks.
type Pages struct {
	chain.Desks
	// Similar finds the public questions of an edition that ask very nearly what a
	// text asks; nil where nobody looks.
	Similar func(ctx context.Context, ed glosa.EditionID, text string) ([]civic.Brief, error)
}

// filters are the query parameters of a list, in the order of the cache's key.
var filters = []string{"estado", "institucion", "municipio", "tema", "idioma", "q", "despues"}

// Mount hangs the pages up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/preguntas", p.front)
	r.Page("/ediciones/{edition}/preguntas", p.list, filters...)
	r.Stream("/ediciones/{edition}/preguntas.csv", p.table, filters...)
	r.Stream("/ediciones/{edition}/preguntas.json", p.items, filters...)
	r.Page("/ediciones/{edition}/preguntas.atom", p.feed, filters...)
	r.Page("/ediciones/{edition}/cambios", p.changes, "despues")
	r.Page("/ediciones/{edition}/cambios.atom", p.changesFeed)
	r.Page("/ediciones/{edition}/moderacion", p.figures)
	r.Page("/ediciones/{edition}/moderacion.csv", p.figuresTable)
	r.Page("/ediciones/{edition}/moderacion.json", p.figuresItems)
	r.Private("/ediciones/{edition}/preguntar", p.ask, "parrafo", "institucion", "compromiso")
	r.Add(door.Route{Path: "/ediciones/{edition}/preguntar", Sort: door.Acting, Mends: true, MaxBody: maxForm, Do: p.submit})
	r.Page("/preguntar", p.asking, "compromiso")

	r.Page("/preguntas/{folio}", p.show)
	r.Page("/preguntas/{folio}/nombre", p.name)
	r.Page("/preguntas/{folio}/atom", p.story)
	r.Page("/preguntas/{folio}/json", p.data)
	r.Page("/preguntas/{folio}/calendario", p.calendar)
	r.Page("/preguntas/{folio}/solicitud", p.request)
	r.Private("/preguntas/{folio}/adjunto", p.attached)
	r.Page("/preguntas/{folio}/comprobante", p.receipt)
	r.Page("/preguntas/{folio}/sello", p.seal)
	r.Private("/preguntas/{folio}/apoyo", p.support)
	r.Act("/preguntas/{folio}/apoyo", p.cast)

	r.Private("/mi-pregunta", p.door, "folio")
	r.Act("/mi-pregunta", p.mine)
	r.Act("/mi-pregunta/comprobante", p.private)
	for _, d := range deeds {
		r.Act("/mi-pregunta/"+d.path, p.deed(d))
	}

	r.Page("/vencidas", p.late, "institucion")
	r.Page("/vencidas.csv", p.lateTable, "institucion")
	r.Page("/vencidas.json", p.lateItems, "institucion")
	r.Page("/vencidas.atom", p.lateFeed, "institucion")
}

// scene is what a page of one edition speaks with: its rules and the names of
// its places and offices today.
type scene struct {
	Speaker
	r *door.Request
}

func (p *Pages) scene(r *door.Request, id glosa.EditionID) (scene, error) {
	s, err := Speak(r, p.Desks, id)
	return scene{s, r}, err
}

// Speak makes a Speaker for a visit to an edition. NotFound.
func Speak(r *door.Request, d chain.Desks, id glosa.EditionID) (Speaker, error) {
	ed, err := d.Edition.Get(r.Context(), id)
	if err != nil {
		return Speaker{}, err
	}
	if ed.Zone == nil {
		ed.Zone = time.UTC // known from sources only: it took no questions here
	}
	dir, err := d.People.Directory(r.Context(), ed.Territory, r.Now.In(ed.Zone))
	if err != nil {
		return Speaker{}, err
	}
	names, err := who.Read(r.Context(), d.People, r.Words)
	return Speaker{Words: r.Words, Edition: ed, Directory: dir, Names: names, Now: r.Now}, err
}

// maxForm bounds a form with its attachment: what a protocol may allow, and the fields.
const maxForm = 17 << 20

// front leads to the questions of the edition that the site stands at.
func (p *Pages) front(r *door.Request) (door.View, error) { return p.lead(r, "preguntas") }

// asking leads to the form of the edition that takes questions: where the site
// opens on a device that has it among its programs.
func (p *Pages) asking(r *door.Request) (door.View, error) {
	v, err := p.lead(r, "preguntar")
	if id := r.Query("compromiso"); id != "" && err == nil {
		v.Go += "?" + url.Values{"compromiso": {id}}.Encode()
	}
	return v, err
}

func (p *Pages) lead(r *door.Request, to string) (door.View, error) {
	all, err := p.Edition.List(r.Context(), "")
	if err != nil {
		return door.View{}, err
	}
	var best edition.Edition
	for _, e := range all {
		switch {
		case e.Documented || e.Stage == edition.Draft || e.Stage == edition.Cancelled:
		case best.ID == "", e.Stage == edition.IntakeOpen && best.Stage != edition.IntakeOpen:
			best = e
		}
	}
	if best.ID == "" {
		return door.View{Go: r.To("/ediciones")}, nil
	}
	return door.View{Go: r.To("/ediciones", string(best.ID), to)}, nil
}
