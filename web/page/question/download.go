package question

import (
	"strconv"
	"time"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/text"
)

// item is a question as programs read it: the codes as they are, nothing that
// its page does not show.
type item struct {
	ID           glosa.QuestionID     `json:"id"`
	Edition      glosa.EditionID      `json:"edition"`
	State        civic.State          `json:"state"`
	Agenda       civic.Agenda         `json:"agenda,omitempty"`
	Text         string               `json:"text,omitempty"`
	Language     glosa.Code           `json:"language"`
	Municipality glosa.TerritoryCode  `json:"municipality,omitempty"`
	Theme        glosa.Code           `json:"theme,omitempty"`
	Institution  glosa.InstitutionKey `json:"institution,omitempty"`
	Holder       glosa.Code           `json:"holder"`
	Ground       glosa.Code           `json:"ground,omitempty"`
	Canonical    glosa.QuestionID     `json:"canonical"`
	Stands       int                  `json:"stands_for"`
	Decided      *time.Time           `json:"decided,omitempty"`
	Due          *time.Time           `json:"due,omitempty"`
	Answered     *time.Time           `json:"answered,omitempty"`
	Rating       glosa.Code           `json:"rating,omitempty"`
	Synthetic    bool                 `json:"synthetic,omitempty"`
	URL          string               `json:"url"`
}

func (s Speaker) item(r *door.Request, b civic.Brief) item {
	return item{ID: b.ID, Edition: b.Edition, State: b.State, Agenda: b.Agenda, Text: b.Text, Language: b.Language,
		Municipality: b.Municipality, Theme: b.Theme, Institution: b.Institution, Holder: b.Holder.Who, Ground: b.Ground,
		Canonical: b.Canonical, Stands: b.Merged + 1, Decided: moment(b.Listed), Due: moment(b.Due), Answered: moment(b.Answered),
		Rating: b.Rating, Synthetic: s.Edition.Synthetic, URL: chain.Permanent(r, r.To("/preguntas", string(b.ID)))}
}

// moment is a time that may be missing.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

var columns = []string{"folio", "edition", "state", "agenda", "text", "language", "municipality", "theme", "institution", "holder",
	"ground", "canonical", "stands_for", "decided", "due", "answered", "rating", "synthetic", "url"}

func (i item) cells() []string {
	at := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	synthetic := feed.Word(text.For("es"), i.Synthetic)
	return []string{string(i.ID), string(i.Edition), string(i.State), string(i.Agenda), i.Text, string(i.Language), string(i.Municipality),
		string(i.Theme), string(i.Institution), string(i.Holder), string(i.Ground), string(i.Canonical), strconv.Itoa(i.Stands), at(i.Decided),
		at(i.Due), at(i.Answered), string(i.Rating), synthetic, i.URL}
}

// export hands everything that fits the list's filter to emit, as programs read it.
func (p *Pages) export(s scene, emit func(item) error) error {
	if s.nobody() {
		return nil
	}
	return p.Question.Each(s.r.Context(), s.filter(), func(b civic.Brief) error { return emit(s.item(s.r, b)) })
}

func (p *Pages) table(r *door.Request) (door.View, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	return door.View{File: feed.Table("preguntas-"+string(s.Edition.ID), columns, func(row func([]string) error) error {
		return p.export(s, func(i item) error { return row(i.cells()) })
	})}, err
}

func sheet(name string, items []item) *door.File {
	rows := make([][]string, len(items))
	for i, x := range items {
		rows[i] = x.cells()
	}
	return feed.CSV(name, columns, rows)
}

// listing is a list as programs read it.
type listing struct {
	Items []item `json:"items"`
	Next  string `json:"next"`
}

func (p *Pages) items(r *door.Request) (door.View, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	return door.View{File: feed.Items("preguntas-"+string(s.Edition.ID), func(one func(any) error) error {
		return p.export(s, func(i item) error { return one(i) })
	})}, err
}

func (p *Pages) feed(r *door.Request) (door.View, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	found, _, err := p.found(s, perPage)
	if err != nil {
		return door.View{}, err
	}
	f, err := feed.Atom(r, s.Words.T("qt.list.title")+" · "+chain.Name(s.Words, s.Edition), s.link(""), s.entries(r, found))
	return door.View{File: f, Tags: chain.Tags(s.Edition)}, err
}

// entries are questions as a feed tells them.
func (s Speaker) entries(r *door.Request, found []civic.Brief) []feed.Entry {
	entries := make([]feed.Entry, len(found))
	for i, b := range found {
		_, word := s.Standing(b)
		entries[i] = feed.Entry{Invented: s.Edition.Synthetic, Title: string(b.ID) + ". " + s.Heading(b), Path: r.To("/preguntas", string(b.ID)), Summary: word, Updated: b.Listed}
	}
	return entries
}
