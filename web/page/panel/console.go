package panel

import (
	"strconv"
	"strings"

	"glosa"
	"glosa/civic/panel"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

const (
	actOpen   glosa.Act = "panel.open"
	actTurn   glosa.Act = "panel.turn"
	actAttend glosa.Act = "panel.attend"
	actNote   glosa.Act = "panel.note"
)

// consolePage is the desk of whoever presides or keeps the record of a table: one
// clock, one next act, everything else below.
type consolePage struct {
	desk
	mesa
	Address   string
	Seen      string // the console's last act, so that two consoles do not cross
	Speakers  []leaf.Option
	Kinds     []leaf.Option
	Questions []leaf.Option
	Open      []leaf.Option // questions without an outcome
	Reasons   []leaf.Option
	Absences  []leaf.Option
	Next      string // folio of the next question
	Attending []attending
	Undo      int
	MayOpen   bool
	MayTurn   bool
	MayAttend bool
	MayNote   bool
	Others    []leaf.Item // the edition's other tables
}

// attending is one chair as the clerk sees it.
type attending struct {
	chair
	Value     string
	May       map[panel.Presence]bool
	Delegable bool
}

// console shows one table's console; for an edition's id, its tables.
func (p *Pages) console(r *door.Request) (door.View, error) {
	if ed, err := p.Edition.Get(r.Context(), glosa.EditionID(r.Path("mesa"))); err == nil {
		return p.tables(r, ed.ID)
	}
	v, err := p.consoleOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(consoleBody(v))
}

// tables lists the consoles of an edition.
func (p *Pages) tables(r *door.Request, id glosa.EditionID) (door.View, error) {
	if err := allowed(r.Actor, id, actTurn, actAttend); err != nil {
		return door.View{}, err
	}
	d, err := p.deskOf(r, id, r.Words.T("co.title"))
	if err != nil {
		return door.View{}, err
	}
	items, err := p.others(r, id, "")
	if err != nil {
		return door.View{}, err
	}
	d.State = r.Words.T("se.mesas", "n", r.Words.N(len(items)))
	return door.Show(tablesBody(d, items))
}

// others are the tables of an edition but one.
func (p *Pages) others(r *door.Request, id glosa.EditionID, but glosa.MesaID) (items []leaf.Item, err error) {
	mesas, err := p.Panel.Mesas(r.Context(), id)
	for _, m := range mesas {
		if m.ID != but {
			shape, word := sessionWord(r.Words, m.State)
			items = append(items, leaf.Item{Text: r.Words.T("se.mesa", "n", itoa(m.Number), "theme", m.Theme),
				Href: r.To("/mesa/conduccion", string(m.ID)), Shape: shape, Word: word})
		}
	}
	return items, err
}

func (p *Pages) consoleOf(r *door.Request) (v consolePage, err error) {
	day, err := p.Panel.Session(r.Context(), glosa.MesaID(r.Path("mesa")))
	if err != nil {
		return v, err
	}
	if err = allowed(r.Actor, day.Mesa.Edition, actTurn, actAttend); err != nil {
		return v, err
	}
	w := r.Words
	if v.desk, err = p.deskOf(r, day.Mesa.Edition, w.T("co.title")); err != nil {
		return v, err
	}
	if err = v.read(p, r); err != nil {
		return v, err
	}
	s := sessionPage{Page: v.Page, scene: v.scene}
	v.mesa = s.mesa(r, day)
	v.Address, v.Seen, v.Undo = r.To("/mesa/conduccion", string(day.Mesa.ID)), itoa(day.Mesa.Acts), day.Undo
	v.Page.Title, v.State = v.mesa.Title, v.Word+"."
	if v.Now != nil && v.Now.Question != "" {
		v.More = v.Now.Question
	}
	v.MayOpen, v.MayTurn = r.Actor.May(actOpen) == nil, r.Actor.May(actTurn) == nil
	v.MayAttend, v.MayNote = r.Actor.May(actAttend) == nil, r.Actor.May(actNote) == nil
	v.options(r, day)
	for _, c := range day.Places {
		v.Attending = append(v.Attending, attending{chair: v.chairOf(r, c), Value: string(c.Chair.Side) + "|" + c.Chair.Key(), Delegable: c.Delegable,
			May: map[panel.Presence]bool{panel.Present: c.State.Move(panel.Present), panel.Left: c.State.Move(panel.Left), panel.Empty: c.State.Move(panel.Empty)}})
	}
	v.Others, err = p.others(r, day.Mesa.Edition, day.Mesa.ID)
	return v, err
}

// options are what the console's forms offer.
func (v *consolePage) options(r *door.Request, day panel.Day) {
	w := r.Words
	for _, c := range day.Places {
		if c.State == panel.Present {
			v.Speakers = append(v.Speakers, leaf.Option{Value: string(c.Chair.Side) + "|" + c.Chair.Key(), Text: v.scene.chair(c.Chair, c.Institution)})
		}
	}
	for _, k := range []panel.Kind{panel.Question, panel.Answer, panel.ReAsk, panel.ReAnswer, panel.Opening, panel.Closing} {
		v.Kinds = append(v.Kinds, leaf.Option{Value: string(k), Text: w.T("se.kind." + string(k))})
	}
	v.Questions = []leaf.Option{{Value: "", Text: w.T("co.noquestion")}}
	for _, it := range day.Items {
		o := leaf.Option{Value: string(it.Question), Text: itoa(it.Place) + ". " + v.text(it.Question)}
		v.Questions = append(v.Questions, o)
		if it.Outcome == panel.Waiting || it.Outcome == panel.Asking || it.Outcome == panel.Answered && !it.Settled {
			v.Open = append(v.Open, o)
		}
	}
	switch {
	case day.Now != nil:
		v.Next = string(day.Now.Question)
	case len(day.Next) > 0:
		v.Next = string(day.Next[0].Question)
	}
	for _, c := range []string{"no_time", "absent", "needs_data", "partly", "cut_off"} {
		v.Reasons = append(v.Reasons, leaf.Option{Value: c, Text: w.T("se.reason." + c)})
	}
	for _, a := range []panel.Absence{panel.NoNotice, panel.WithNotice, panel.NotInvited, panel.Unavoidable} {
		v.Absences = append(v.Absences, leaf.Option{Value: string(a), Text: w.T("se.absence." + string(a))})
	}
}

// likely is the kind of turn that usually comes next.
func (v *consolePage) likely() string {
	if v.Day.Now != nil && v.Day.Now.Outcome == panel.Asking {
		return string(panel.Answer)
	}
	return string(panel.Question)
}

// conducted does one act of the console.
func (p *Pages) conducted(r *door.Request) (door.View, error) {
	mesa := glosa.MesaID(r.Path("mesa"))
	day, err := p.Panel.Session(r.Context(), mesa)
	if err != nil {
		return door.View{}, err
	}
	if err := allowed(r.Actor, day.Mesa.Edition, actTurn, actAttend); err != nil {
		return door.View{}, err
	}
	if err := p.act(r, mesa); err != nil {
		v, verr := p.consoleOf(r)
		if verr != nil || !v.back(r, err) {
			return door.View{}, orElse(verr, err)
		}
		return door.Redo(consoleBody(v))
	}
	return door.Done(r.To("/mesa/conduccion", string(mesa)), "edition:"+string(day.Mesa.Edition))
}

// act is the one thing that a form of the console asked for.
func (p *Pages) act(r *door.Request, mesa glosa.MesaID) error {
	ctx, by, d := r.Context(), r.Actor, p.Panel
	seen, _ := strconv.Atoi(r.Value("seen"))
	b := panel.Beat{Seen: seen}
	q := glosa.QuestionID(r.Value("question"))
	what, _, _ := strings.Cut(r.Value("do"), ".")
	switch what {
	case "open":
		return d.Open(ctx, by, mesa, r.Value("video"))
	case "pause":
		return d.Pause(ctx, by, mesa, b)
	case "resume":
		return d.Resume(ctx, by, mesa, b)
	case "end":
		return d.End(ctx, by, mesa, b)
	case "stop":
		return d.EndTurn(ctx, by, mesa, b)
	case "undo":
		return d.Undo(ctx, by, mesa, b)
	case "handoff":
		return d.HandOff(ctx, by, mesa, b, q, glosa.Code(r.Value("reason")))
	case "agree":
		return d.Jot(ctx, by, b, panel.Note{Mesa: mesa, Question: q, Agreement: true, Text: r.Value("text")})
	case "differ":
		return d.Jot(ctx, by, b, panel.Note{Mesa: mesa, Question: q, Text: r.Value("text"), Government: r.Value("government"), Civil: r.Value("civil")})
	}
	c, err := chairValue(r.Value("chair"))
	if err != nil {
		return err
	}
	switch what {
	case "start":
		kind := panel.Kind(r.Value("kind"))
		if kind == panel.Opening || kind == panel.Closing {
			q = ""
		}
		return d.StartTurn(ctx, by, mesa, b, kind, c, q)
	case "arrive":
		return d.Arrive(ctx, by, mesa, c, r.Value("substitute") == "1", r.Value("document"))
	case "leave":
		return d.Leave(ctx, by, mesa, c)
	case "absent":
		return d.Absent(ctx, by, mesa, c, panel.Absence(r.Value("note")))
	}
	return glosa.Missing("act", what)
}
