package panel

import (
	"slices"
	"time"

	"glosa"
	"glosa/civic/panel"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
)

// markOf is the word that goes into every export of a synthetic edition.
func markOf(r *door.Request, s scene) string {
	return feed.Word(r.Words, s.Edition.Synthetic)
}

// sessionCSV is the order of the day of every table with what became of it.
func (p *Pages) sessionCSV(r *door.Request) (door.View, error) {
	v, until, err := p.sessionOf(r)
	if err != nil {
		return door.View{}, err
	}
	var rows [][]string
	for _, m := range v.Mesas {
		for _, it := range m.Items {
			rows = append(rows, []string{itoa(m.Number), m.Day.Mesa.Theme, itoa(it.Place), string(it.Question), it.Text, itoa(it.Minutes),
				string(it.Outcome), itoa(it.Second), string(it.Reason), it.Watch, markOf(r, v.scene)})
		}
	}
	head := []string{"mesa", "theme", "place", "question", "text", "minutes", "outcome", "video_second", "reason", "video", "mark"}
	return door.View{File: feed.CSV(string(v.Edition.ID)+"-sesion", head, rows), Tags: chain.Tags(v.Edition), Until: until}, nil
}

// attendance is who sat where, under the office or seat.
func (p *Pages) attendance(r *door.Request) (door.View, error) {
	v, until, err := p.sessionOf(r)
	if err != nil {
		return door.View{}, err
	}
	var rows [][]string
	for _, m := range v.Mesas {
		for i, c := range m.Day.Places {
			rows = append(rows, []string{itoa(m.Number), c.Chair.Key(), m.Chairs[i].Name, string(c.Chair.Side), string(c.Duty), string(c.Institution),
				string(c.State), instant(c.In), instant(c.Out), c.Document, string(c.Note), string(c.Word), c.Objection, markOf(r, v.scene)})
		}
	}
	head := []string{"mesa", "chair", "name", "side", "duty", "institution", "state", "in", "out", "substitution", "absence", "word", "objection", "mark"}
	return door.View{File: feed.CSV(string(v.Edition.ID)+"-asistencia", head, rows), Tags: chain.Tags(v.Edition), Until: until}, nil
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

type mesaOut struct {
	ID      glosa.MesaID `json:"id"`
	Number  int          `json:"number"`
	Theme   string       `json:"theme"`
	State   panel.State  `json:"state"`
	Minutes int          `json:"minutes"`
	Opened  *time.Time   `json:"opened"`
	Ended   *time.Time   `json:"ended"`
	Video   string       `json:"video,omitempty"`
	Order   []itemOut    `json:"order"`
	Places  []placeOut   `json:"places"`
	Notes   []noteOut    `json:"notes"`
}

type itemOut struct {
	Place    int              `json:"place"`
	Question glosa.QuestionID `json:"question"`
	Minutes  int              `json:"minutes"`
	Outcome  panel.Outcome    `json:"outcome"`
	Second   int              `json:"video_second,omitempty"`
	Reason   glosa.Code       `json:"reason,omitempty"`
}

type placeOut struct {
	Chair       string               `json:"chair"`
	Side        glosa.Side           `json:"side"`
	Duty        panel.Duty           `json:"duty"`
	Institution glosa.InstitutionKey `json:"institution,omitempty"`
	State       panel.Presence       `json:"state"`
	Substitute  bool                 `json:"substitute"`
	Word        panel.Word           `json:"word,omitempty"`
	Objection   string               `json:"objection,omitempty"`
}

type noteOut struct {
	Agreement  bool             `json:"agreement"`
	Question   glosa.QuestionID `json:"question,omitempty"`
	Text       string           `json:"text"`
	Government string           `json:"government,omitempty"`
	Civil      string           `json:"civil,omitempty"`
	By         string           `json:"by"`
}

func (p *Pages) sessionJSON(r *door.Request) (door.View, error) {
	v, until, err := p.sessionOf(r)
	if err != nil {
		return door.View{}, err
	}
	items := []mesaOut{}
	for _, m := range v.Mesas {
		items = append(items, mesaJSON(m.Day))
	}
	f, err := feed.JSON(string(v.Edition.ID)+"-sesion", map[string]any{"edition": v.Edition.ID, "synthetic": v.Edition.Synthetic, "items": items})
	return door.View{File: f, Tags: chain.Tags(v.Edition), Until: until}, err
}

func mesaJSON(d panel.Day) mesaOut {
	x := mesaOut{ID: d.Mesa.ID, Number: d.Mesa.Number, Theme: d.Mesa.Theme, State: d.Mesa.State, Minutes: d.Mesa.Minutes, Video: d.Mesa.Video,
		Order: []itemOut{}, Places: []placeOut{}, Notes: []noteOut{}}
	if !d.Mesa.Opened.IsZero() {
		x.Opened = &d.Mesa.Opened
	}
	if !d.Mesa.Ended.IsZero() {
		x.Ended = &d.Mesa.Ended
	}
	for _, it := range d.Items {
		x.Order = append(x.Order, itemOut{it.Place, it.Question, it.Minutes, it.Outcome, it.Second, it.Reason})
	}
	for _, c := range d.Places {
		x.Places = append(x.Places, placeOut{c.Chair.Key(), c.Chair.Side, c.Duty, c.Institution, c.State, c.Substitute, c.Word, c.Objection})
	}
	for _, n := range d.Notes {
		x.Notes = append(x.Notes, noteOut{n.Agreement, n.Question, n.Text, n.Government, n.Civil, n.By})
	}
	return x
}

func (p *Pages) sessionAtom(r *door.Request) (door.View, error) {
	v, until, err := p.sessionOf(r)
	if err != nil {
		return door.View{}, err
	}
	here := r.To("/ediciones", string(v.Edition.ID), "sesion")
	var entries []feed.Entry
	for _, m := range v.Mesas {
		for _, it := range m.Items {
			at := m.Day.Mesa.Ended
			if at.IsZero() {
				at = m.Day.Mesa.Opened
			}
			if at.IsZero() {
				at = v.Edition.Since
			}
			entries = append(entries, feed.Entry{Invented: v.Edition.Synthetic, Title: it.Word + ": " + it.Text, Path: it.Href, Summary: m.Title, Updated: at})
		}
	}
	f, err := feed.Atom(r, v.Title, here, entries)
	return door.View{File: f, Tags: chain.Tags(v.Edition), Until: until}, err
}

func (p *Pages) minutesJSON(r *door.Request) (door.View, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	m, err := p.Panel.Minutes(r.Context(), s.Edition.ID)
	if err != nil {
		return door.View{}, err
	}
	f, err := feed.JSON(string(m.ID), map[string]any{"id": m.ID, "edition": m.Edition, "synthetic": s.Edition.Synthetic, "stage": m.Stage,
		"versions": versionsOut(m), "comments": remarksOut(m)})
	return door.View{File: f, Tags: chain.Tags(s.Edition)}, err
}

func (p *Pages) minutesAtom(r *door.Request) (door.View, error) {
	v, until, err := p.minutesOf(r)
	if err != nil {
		return door.View{}, err
	}
	here := r.To("/ediciones", string(v.Edition.ID), "minutas")
	var entries []feed.Entry
	for n, x := range slices.Backward(v.Minutes.Versions) {
		entries = append(entries, feed.Entry{Invented: v.Edition.Synthetic, Title: r.Words.T("mi.version", "n", itoa(n+1)), Path: here + "#versiones", Step: itoa(n + 1), Summary: x.Reason, Updated: x.Written})
	}
	f, err := feed.Atom(r, v.Title, here, entries)
	return door.View{File: f, Tags: chain.Tags(v.Edition), Until: until}, err
}
