package panel

import (
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// sessionPage is everything the page of a session shows.
type sessionPage struct {
	leaf.Page
	scene
	Mesas []mesa
	Place []leaf.Row
	Empty string
	When  string
}

// mesa is one table: its clock while it runs, its order of the day, its chairs.
type mesa struct {
	ID, Title  string
	Number     int
	Shape      leaf.Shape
	Word       string
	Lines      []leaf.Link // of the margin
	Live       bool
	Now        *now
	Items      []item
	Chairs     []chair
	Agreements []note
	Disputes   []note
	Video      string
	Day        panel.Day
}

// now is what happens at a running table.
type now struct {
	Question, Href, Lang string
	Clock                *leaf.Clock
	Next                 []item
}

// item is one line of the order of the day.
type item struct {
	panel.Item
	Text, Href, Lang string
	Shape            leaf.Shape
	Word             string
	Note             string
	Watch            string // address of the second of the video
}

// chair is one seat at a table and what became of it.
type chair struct {
	Name, Duty, Side string
	Shape            leaf.Shape
	Word             string
	Notes            []string
	Objection        string
}

// note is an agreement or a disagreement as it was noted.
type note struct {
	Text, Government, Civil string
	Question, Href          string
}

func (p *Pages) session(r *door.Request) (door.View, error) {
	v, until, err := p.sessionOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: sessionBody(v), Tags: chain.Tags(v.Edition), Until: until}, nil
}

func (p *Pages) sessionOf(r *door.Request) (v sessionPage, until time.Time, err error) {
	if v.scene, err = p.scene(r, glosa.EditionID(r.Path("edition"))); err != nil {
		return v, until, err
	}
	if v.Page, until, err = p.frame(r, v.scene, r.Words.T("se.title")); err != nil {
		return v, until, err
	}
	w, ed := r.Words, v.Edition
	if ed.Documented {
		v.State, v.Empty, v.When = w.T("c.nodata")+".", w.T("c.nodata")+".", w.T("se.documented")
		if !ed.Known.Date.IsZero() {
			v.State = ed.Known.Date.In(w.Lang) + "."
		}
		return v, until, nil
	}
	if err := v.read(p, r); err != nil {
		return v, until, err
	}
	days, err := p.Panel.Days(r.Context(), ed.ID)
	if err != nil {
		return v, until, err
	}
	for _, d := range days {
		v.Mesas = append(v.Mesas, v.mesa(r, d))
		until = earlier(until, d.Until)
	}
	v.say(r, days)
	v.place(r)
	v.Margin.Lines = append(v.Margin.Lines, leaf.Link{Text: w.T("dw.title"), Href: r.To("/ediciones", string(ed.ID), "sorteo")})
	here := r.To("/ediciones", string(ed.ID), "sesion")
	if len(days) > 0 {
		v.Downloads = []leaf.Link{{Text: "Atom", Href: here + ".atom"}, {Text: w.T("se.dl.order"), Href: here + ".csv"},
			{Text: w.T("se.dl.attendance"), Href: r.To("/ediciones", string(ed.ID), "asistencia") + ".csv"}, {Text: "JSON", Href: here + ".json"}}
		v.Margin.Cite = p.Cite(r, v.Zone, v.State+" "+v.More, "", here)
	}
	return v, until, nil
}

// say is the one sentence of the session, by how far its tables have come.
func (v *sessionPage) say(r *door.Request, days []panel.Day) {
	w := r.Words
	running, ended, answered, written := 0, 0, 0, 0
	about := ""
	for i, d := range days {
		switch d.Mesa.State {
		case panel.Live, panel.Paused:
			running++
			if n := v.Mesas[i].Now; n != nil && n.Question != "" && about == "" {
				about = n.Question
			}
		case panel.Ended:
			ended++
		}
		for _, it := range d.Items {
			switch it.Outcome {
			case panel.Answered:
				answered++
			case panel.Written:
				written++
			}
		}
	}
	at := v.Edition.Plan.Begins(edition.InSession)
	switch {
	case running > 0:
		v.State, v.Shape = w.T("se.live"), leaf.Going
		if about != "" {
			v.State = w.T("se.live.about", "question", about)
		}
		v.More = w.T("se.live.more")
		v.Action = &leaf.Action{Text: w.T("se.refresh"), Href: r.To("/ediciones", string(v.Edition.ID), "sesion")}
	case len(days) > 0 && ended == len(days):
		v.State = w.T("se.ended")
		v.More = w.T("se.counts", "n", w.N(answered), "written", w.N(written))
		v.Action = &leaf.Action{Text: w.T("se.minutes"), Href: r.To("/ediciones", string(v.Edition.ID), "minutas")}
	default:
		v.before(r, at, len(days))
	}
}

// before is the sentence of a session that has not begun.
func (v *sessionPage) before(r *door.Request, at time.Time, mesas int) {
	w := r.Words
	switch {
	case v.Edition.Stage == edition.Postponed || at.IsZero():
		v.State = w.T("s.nodate") + "."
	default:
		v.State = w.T("se.on", "date", w.Date(at.In(v.Zone)), "time", w.Hour(at.In(v.Zone)))
	}
	if mesas == 0 {
		v.Empty, v.When = w.T("se.none"), w.T("se.none.when")
		if on := v.Edition.Plan.On(edition.InPreparation); !on.IsZero() {
			v.When = w.T("se.none.by", "date", w.Date(on.In(v.Zone)))
		}
	}
}

// place is where the session happens and how people get in.
func (v *sessionPage) place(r *door.Request) {
	w, x := r.Words, v.Edition.Place
	add := func(key, value, href string) {
		if value != "" {
			v.Place = append(v.Place, leaf.Row{Label: w.T(key), Value: value, Href: href})
		}
	}
	add("se.venue", strings.Trim(x.Venue+", "+x.Address, ", "), "")
	add("se.city", x.City, "")
	add("se.access", x.Access, "")
	if x.Stream != "" {
		add("se.stream", w.T("se.stream.see"), x.Stream)
	}
}

// mesa reads one table.
func (v *sessionPage) mesa(r *door.Request, d panel.Day) mesa {
	w := r.Words
	m := mesa{ID: "mesa-" + itoa(d.Mesa.Number), Number: d.Mesa.Number, Title: w.T("se.mesa", "n", itoa(d.Mesa.Number), "theme", d.Mesa.Theme), Video: d.Mesa.Video, Day: d}
	m.Shape, m.Word = sessionWord(w, d.Mesa.State)
	m.Lines = leaf.Notes(w.T("ag.minutes", "n", w.N(d.Mesa.Minutes)), w.T("se.sides", "gov", w.N(d.Balance.Government), "civil", w.N(d.Balance.Civil), "obs", w.N(d.Balance.Observatory)))
	if !d.Mesa.Opened.IsZero() {
		m.Lines = append(m.Lines, leaf.Notes(w.T("se.opened", "time", w.Stamp(d.Mesa.Opened.In(v.Zone))))...)
	}
	if !d.Mesa.Ended.IsZero() {
		m.Lines = append(m.Lines, leaf.Notes(w.T("se.closed", "time", w.Hour(d.Mesa.Ended.In(v.Zone))))...)
	}
	for _, it := range d.Items {
		m.Items = append(m.Items, v.item(r, d.Mesa, it))
	}
	for _, c := range d.Places {
		m.Chairs = append(m.Chairs, v.chairOf(r, c))
	}
	for _, n := range d.Notes {
		x := note{Text: n.Text, Government: n.Government, Civil: n.Civil}
		if n.Question != "" {
			x.Question, x.Href = string(n.Question), r.To("/preguntas", string(n.Question))
		}
		if n.Agreement {
			m.Agreements = append(m.Agreements, x)
		} else {
			m.Disputes = append(m.Disputes, x)
		}
	}
	if m.Live = d.Mesa.State == panel.Live || d.Mesa.State == panel.Paused; m.Live {
		m.Now = v.now(r, d)
	}
	return m
}

// now is who speaks, until when, about what, and what comes next.
func (v *sessionPage) now(r *door.Request, d panel.Day) *now {
	w := r.Words
	n := &now{}
	if d.Now != nil {
		n.Question, n.Lang, n.Href = v.text(d.Now.Question), v.lang(d.Now.Question), r.To("/preguntas", string(d.Now.Question))
	}
	for _, it := range d.Next[:min(3, len(d.Next))] {
		n.Next = append(n.Next, v.item(r, d.Mesa, it))
	}
	switch {
	case d.Mesa.State == panel.Paused:
		n.Clock = &leaf.Clock{Bold: w.T("se.paused"), Run: leaf.Stopped}
	case d.Turn == nil:
		n.Clock = &leaf.Clock{Bold: w.T("se.noturn"), Run: leaf.Met}
	default:
		n.Clock = v.turn(r, *d.Turn)
	}
	return n
}

// turn is the clock of whoever has the floor. The page says until when, which
// stays true while it is kept; it never counts down by itself.
func (s *scene) turn(r *door.Request, t panel.Turn) *leaf.Clock {
	w := r.Words
	end := t.Started.Add(t.Limit).In(s.Zone)
	k := &leaf.Clock{Bold: w.T("se.turn", "who", s.chair(t.Chair, ""), "kind", w.T("se.kind."+string(t.Kind))),
		Rest: w.T("se.turn.until", "time", end.Format("15:04:05"))}
	if r.Now.After(end) {
		k.Run, k.Rest = leaf.Late, w.T("se.turn.over", "time", end.Format("15:04:05"))
	}
	return k
}

// item is one line of the order of the day with what became of it.
func (s *scene) item(r *door.Request, m panel.Mesa, it panel.Item) item {
	w := r.Words
	x := item{Item: it, Text: s.text(it.Question), Lang: s.lang(it.Question), Href: r.To("/preguntas", string(it.Question))}
	switch it.Outcome {
	case panel.Waiting:
		x.Shape, x.Word = leaf.Later, w.T("se.item.waiting")
	case panel.Asking:
		x.Shape, x.Word = leaf.Going, w.T("se.item.asking")
	case panel.Answered:
		x.Shape, x.Word = leaf.Done, w.T("q.said", "t", video(it.Second))
		if m.Video != "" {
			x.Watch = m.Video + "#t=" + itoa(it.Second)
		}
	case panel.Written:
		x.Shape, x.Word = leaf.Sent, w.T("ce.write")
		x.Note = w.T("se.reason." + string(it.Reason))
	}
	return x
}

// chairOf is one seat and what the clerk and the person say of it.
func (s *scene) chairOf(r *door.Request, c panel.Place) chair {
	w := r.Words
	x := chair{Name: s.chair(c.Chair, c.Institution), Duty: w.T("se.duty." + string(c.Duty)), Side: s.Names.Side(c.Chair.Side), Objection: c.Objection}
	switch c.State {
	case panel.Expected:
		x.Shape, x.Word = leaf.Later, w.T("se.at.expected")
	case panel.Present:
		x.Shape, x.Word = leaf.Done, w.T("se.at.present", "time", w.Hour(c.In.In(s.Zone)))
	case panel.Left:
		x.Shape, x.Word = leaf.Sent, w.T("se.at.left", "from", w.Hour(c.In.In(s.Zone)), "to", w.Hour(c.Out.In(s.Zone)))
	case panel.Empty:
		x.Shape, x.Word = leaf.Barred, w.T("se.at.empty")
		if c.Note != "" {
			x.Notes = append(x.Notes, w.T("se.absence."+string(c.Note)))
		}
	}
	if c.Substitute {
		x.Notes = append(x.Notes, w.T("si.sub", "document", c.Document))
	}
	switch c.Word {
	case panel.Confirmed:
		x.Notes = append(x.Notes, w.T("se.word.confirmed"))
	case panel.Disputed:
		x.Notes = append(x.Notes, w.T("se.word.disputed"))
	}
	return x
}
