package panel

import (
	"slices"
	"strconv"
	"strings"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

const (
	actMesa  glosa.Act = "panel.mesa"
	actSeat  glosa.Act = "panel.seat"
	actOrder glosa.Act = "panel.order"
)

// preparePage is the facilitator's desk before the session.
type preparePage struct {
	desk
	Tables   []table
	Unplaced []leaf.Item
	Chairs   []leaf.Option // who may sit
	Duties   []leaf.Option
	Number   int // of the next table
	MaySet   bool
	MaySeat  bool
	MayOrder bool
	Opens    string // when tables may be set, while they may not
}

// table is one mesa as it is prepared.
type table struct {
	mesa
	Form  string // names this table's forms
	Order string // folios, one a line, in the order of the day
	Seats []seat
	Ready bool // its session has not begun: it may be changed
}

type seat struct{ Key, Side, Name, Duty string }

func (p *Pages) prepare(r *door.Request) (door.View, error) {
	v, err := p.preparation(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(prepareBody(v))
}

func (p *Pages) preparation(r *door.Request) (v preparePage, err error) {
	id := glosa.EditionID(r.Path("edition"))
	if err = allowed(r.Actor, id, actMesa, actOrder); err != nil {
		return v, err
	}
	if v.desk, err = p.deskOf(r, id, r.Words.T("pp.title")); err != nil {
		return v, err
	}
	if err = v.read(p, r); err != nil {
		return v, err
	}
	v.Margin.Lines = append(v.Margin.Lines, leaf.Link{Text: r.Words.T("dw.title"), Href: r.To("/ediciones", string(id), "sorteo")})
	v.MaySet, v.MaySeat, v.MayOrder = v.may(r.Actor, actMesa), v.may(r.Actor, actSeat), v.may(r.Actor, actOrder)
	if on := v.Edition.Plan.On(edition.IntakeClosed); !v.MaySet && on.After(r.Now) {
		v.Opens = r.Words.T("s.opens", "date", r.Words.Date(on.In(v.Zone))) + "."
	}
	days, err := p.Panel.Days(r.Context(), id)
	if err != nil {
		return v, err
	}
	unplaced, err := p.Panel.Unplaced(r.Context(), id)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return v, err
	}
	proposed := proposal(days, unplaced)
	s := sessionPage{Page: v.Page, scene: v.scene}
	for _, d := range days {
		v.Tables = append(v.Tables, tableOf(r, &s, d, proposed[d.Mesa.ID]))
		v.Number = max(v.Number, d.Mesa.Number)
	}
	v.Number++
	for _, q := range unplaced {
		v.Unplaced = append(v.Unplaced, leaf.Item{Code: string(q), Text: v.text(q), Href: r.To("/preguntas", string(q)), Lang: v.lang(q)})
	}
	v.State = r.Words.T("pp.state", "n", r.Words.N(len(days)), "left", r.Words.N(len(unplaced)))
	if err = v.chairs(p, r); err != nil {
		return v, err
	}
	for _, d := range []panel.Duty{panel.Chairs, panel.Speaks, panel.Answers, panel.Keeps, panel.Reports, panel.Observes, panel.Head} {
		v.Duties = append(v.Duties, leaf.Option{Value: string(d), Text: r.Words.T("se.duty." + string(d))})
	}
	return v, nil
}

// proposal lays unplaced questions on the tables that have no order yet.
func proposal(days []panel.Day, unplaced []glosa.QuestionID) map[glosa.MesaID][]glosa.QuestionID {
	var open []panel.Mesa
	each := 8
	for _, d := range days {
		if len(d.Items) == 0 {
			open = append(open, d.Mesa)
		} else {
			each = d.Items[0].Minutes
		}
	}
	if len(open) == 0 {
		return nil
	}
	order, _ := panel.Allot(unplaced, each, open)
	return order
}

func tableOf(r *door.Request, s *sessionPage, d panel.Day, proposed []glosa.QuestionID) table {
	t := table{mesa: s.mesa(r, d), Form: "mesa-" + itoa(d.Mesa.Number), Ready: d.Mesa.State == panel.Ready}
	var folios []string
	for _, it := range d.Items {
		folios = append(folios, string(it.Question))
	}
	if len(folios) == 0 {
		for _, q := range proposed {
			folios = append(folios, string(q))
		}
	}
	t.Order = strings.Join(folios, "\n")
	for _, c := range d.Places {
		t.Seats = append(t.Seats, seat{Key: c.Chair.Key(), Side: string(c.Chair.Side), Name: s.chair(c.Chair, c.Institution), Duty: r.Words.T("se.duty." + string(c.Duty))})
	}
	return t
}

// chairs are the seats of the edition and the offices that may answer.
func (v *preparePage) chairs(p *Pages, r *door.Request) error {
	roll, err := p.People.Roll(r.Context(), v.Edition.ID)
	if err != nil {
		return err
	}
	for _, s := range roll.Seats {
		c := panel.Chair{Side: s.Side, Seat: s.Number}
		v.Chairs = append(v.Chairs, leaf.Option{Value: string(c.Side) + "|" + c.Key(), Text: v.chair(c, s.Institution)})
	}
	posts, err := p.People.Offices(r.Context())
	for _, o := range posts {
		if slices.Contains(o.Roles, glosa.Signatory) {
			c := panel.Chair{Post: o.Key, Side: o.Side}
			v.Chairs = append(v.Chairs, leaf.Option{Value: string(c.Side) + "|" + c.Key(), Text: v.Names.Post(o.Key)})
		}
	}
	return err
}

// chairValue reads "side|key".
func chairValue(s string) (panel.Chair, error) {
	side, key, _ := strings.Cut(s, "|")
	return panel.ParseChair(key, glosa.Side(side))
}

// prepared does one act of the facilitator's desk.
func (p *Pages) prepared(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	if err := allowed(r.Actor, id, actMesa, actOrder); err != nil {
		return door.View{}, err
	}
	n, _ := strconv.Atoi(r.Value("number"))
	mesa := panel.MesaIDOf(id, n)
	what, _, _ := strings.Cut(r.Value("do"), ".")
	err := error(glosa.Missing("act", what))
	switch what {
	case "set":
		minutes, _ := strconv.Atoi(r.Value("minutes"))
		_, err = p.Panel.SetMesa(r.Context(), r.Actor, id, n, r.Value("theme"), minutes)
	case "seat", "unseat":
		var c panel.Chair
		if c, err = chairValue(r.Value("chair")); err == nil {
			if what == "seat" {
				err = p.Panel.Seat(r.Context(), r.Actor, mesa, c, panel.Duty(r.Value("duty")))
			} else {
				err = p.Panel.Unseat(r.Context(), r.Actor, mesa, c)
			}
		}
	case "order":
		err = p.Panel.SetOrder(r.Context(), r.Actor, mesa, folios(r.Value("questions")))
	}
	if err != nil {
		v, verr := p.preparation(r)
		if verr != nil || !v.back(r, err) {
			return door.View{}, orElse(verr, err)
		}
		return door.Redo(prepareBody(v))
	}
	return door.Done(r.To("/mesa/preparacion", string(id))+"#mesa-"+itoa(n), "edition:"+string(id))
}

func orElse(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// folios are the words of a text area, one question a line.
func folios(typed string) (ids []glosa.QuestionID) {
	for _, f := range strings.Fields(strings.ToUpper(typed)) {
		ids = append(ids, glosa.QuestionID(f))
	}
	return ids
}
