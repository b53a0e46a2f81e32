package opinion

import (
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// deskShown is the desk: what this person may do now, and the queue.
type deskShown struct {
	leaf.Page
	scene
	post                     string
	freeze, open, close      bool // the facilitator's
	write, moderate, auditor bool
	items                    []itemShown
	grounds, erasures, laws  []leaf.Option
	sorts                    []leaf.Option
	problems                 leaf.Problems
	form                     string // the form that came back
	typed                    func(name string) string
	action                   string
	day                      string // the proposed last day
}

// itemShown is one statement at the desk.
type itemShown struct {
	n, text, lang, from, state, note string
	shape                            leaf.Shape
	admit, refuse, erase             bool
}

// enterDesk refuses whoever has no act at this desk; another edition's is not there.
func enterDesk(r *door.Request) (glosa.EditionID, error) {
	id := glosa.EditionID(r.Path("edition"))
	if r.Actor.Edition != "" && r.Actor.Edition != id {
		return id, glosa.Missing("edition", string(id))
	}
	if r.Actor.May("opinion.audit") == nil {
		return id, nil
	}
	return id, r.Actor.MayIn("opinion.desk", id)
}

func (p *Pages) desk(r *door.Request) (door.View, error) {
	v, err := p.deskOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(deskPage(v))
}

func (p *Pages) deskOf(r *door.Request) (v deskShown, err error) {
	id, err := enterDesk(r)
	if err != nil {
		return v, err
	}
	if v.scene, err = p.scene(r); err != nil {
		return v, err
	}
	w := r.Words
	names, err := who.Read(r.Context(), p.People, w)
	if err != nil {
		return v, err
	}
	v.Page, v.typed = leaf.From(r, w.T("op.desk")), func(string) string { return "" }
	v.NoIndex, v.Synthetic, v.post = true, v.ed.Synthetic, names.Actor(r.Actor)
	v.Signed, v.Path = v.post, "/mesa/opinion/"+string(id)
	v.action = r.To("/mesa/opinion", string(id))
	v.day = r.Now.In(v.zone).AddDate(0, 0, 30).Format(time.DateOnly)
	v.Crumbs = []leaf.Link{{Text: w.T("en.desk.title"), Href: r.To("/mesa")}, {Text: w.T("op.desk")}}
	v.Margin = leaf.Margin{Head: chain.Name(w, v.ed), Lines: []leaf.Link{{Text: chain.Word(w, v.ed.StageAt(r.Now))}, {Text: v.post}, {Text: w.T("op.see"), Href: v.here(r)}}, Synthetic: v.ed.Synthetic}
	v.State = w.T("op.desk." + string(v.board.Status))
	if b := v.board; b.Status == opinion.Open {
		v.More = w.T("op.desk.until", "date", w.Date(b.Until.In(v.zone)), "time", w.Hour(b.Until.In(v.zone)))
	}
	v.allowed(r)
	if r.Actor.MayIn("opinion.desk", id) != nil {
		return v, nil
	}
	queue, err := p.Opinion.Queue(r.Context(), r.Actor, id)
	for _, x := range queue {
		v.items = append(v.items, v.item(r, x))
	}
	v.options(r)
	return v, err
}

// allowed says what this person may do in the state in which the set stands.
func (v *deskShown) allowed(r *door.Request) {
	may := func(act glosa.Act) bool { return r.Actor.MayIn(act, v.ed.ID) == nil }
	s := v.board.Status
	v.freeze = s == opinion.Unfrozen && may("opinion.freeze")
	v.open = s == opinion.Frozen && may("opinion.open")
	v.close = s == opinion.Open && may("opinion.close")
	v.write = (s == opinion.Frozen || s == opinion.Open) && may("opinion.write")
	v.moderate = s != opinion.Unfrozen && may("opinion.admit")
	v.auditor = s == opinion.Counted && may("opinion.audit")
}

func (v *deskShown) item(r *door.Request, x opinion.Item) itemShown {
	w := r.Words
	ended := v.board.Status == opinion.Ended || v.board.Status == opinion.Counted
	undecided := ended && (x.State == opinion.Waiting || x.State == opinion.Second)
	i := itemShown{n: strconv.Itoa(x.N), text: x.Words, lang: string(x.Language), from: w.T("op.from.desk"), state: w.T("op.state." + string(x.State))}
	if undecided {
		i.state = w.T("op.state.lapsed")
	}
	if x.Citizen {
		i.from = w.T("op.from.citizen")
	}
	if x.Text != "" {
		i.text = words(w, x.Statement)
	}
	if i.text == "" {
		i.text, i.lang = w.T("op.st.gone"), ""
	}
	i.shape = map[opinion.State]leaf.Shape{opinion.Waiting: leaf.Open, opinion.Second: leaf.Going, opinion.Admitted: leaf.Done, opinion.Refused: leaf.Barred, opinion.Lapsed: leaf.Later, opinion.Erased: leaf.Barred}[x.State]
	switch {
	case (undecided || x.State == opinion.Lapsed) && x.Gone == "": // nobody is waited for any more
	case x.State == opinion.Second && x.Mine:
		i.note = w.T("op.waits.theirs", "date", w.Stamp(x.Lapse.In(v.zone)))
	case x.State == opinion.Second:
		i.note = w.T("op.waits.yours", "date", w.Stamp(x.Lapse.In(v.zone)))
	case x.Gone != "":
		i.note = w.T("op.waits.erase")
	case x.State == opinion.Waiting && x.Own:
		i.note = w.T("op.own")
	}
	if v.moderate {
		mine := x.State == opinion.Second && x.Mine
		i.admit = !ended && (x.State == opinion.Waiting && !x.Own || x.State == opinion.Second) && !mine
		i.refuse = !ended && (x.State == opinion.Waiting || x.State == opinion.Second) && !mine
		i.erase = x.Sort == opinion.Plain && x.State != opinion.Erased
	}
	return i
}

func (v *deskShown) options(r *door.Request) {
	w := r.Words
	if p := v.ed.Protocol; p != nil {
		for _, g := range p.Moderation.Grounds {
			v.grounds = append(v.grounds, leaf.Option{Value: string(g.Code), Text: g.Name.In(w.Lang)})
		}
	}
	for _, c := range question.ErasureGrounds() {
		v.erasures = append(v.erasures, leaf.Option{Value: string(c), Text: w.T("op.erase." + string(c))})
	}
	for _, c := range question.ErasureLaws() {
		v.laws = append(v.laws, leaf.Option{Value: string(c), Text: w.T("qt.law." + string(c))})
	}
	v.sorts = []leaf.Option{{Value: string(opinion.Asked), Text: w.T("op.sort.question")}, {Value: string(opinion.Answered), Text: w.T("op.sort.answer")}}
}

// act does one act of the desk; wrong fields show the desk again.
func (p *Pages) act(r *door.Request) (door.View, error) {
	id, err := enterDesk(r)
	if err != nil {
		return door.View{}, err
	}
	err = p.do(r, id)
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		v, err := p.deskOf(r)
		if err != nil {
			return door.View{}, err
		}
		v.form = strings.Trim(r.Value("do")+"-"+r.Value("n"), "-")
		v.problems, v.typed = problems.In(v.form), r.Value
		return door.Redo(deskPage(v))
	}
	if err != nil {
		return door.View{}, err
	}
	return door.Done(r.To("/mesa/opinion", string(id)), "edition:"+string(id))
}

func (p *Pages) do(r *door.Request, id glosa.EditionID) (err error) {
	ctx, by, d := r.Context(), r.Actor, p.Opinion
	n, _ := strconv.Atoi(r.Value("n")) // what is no number has no statement
	switch r.Value("do") {
	case "freeze":
		_, err = d.Freeze(ctx, by, id)
	case "open":
		var until time.Time
		if until, err = p.until(r, id); err == nil {
			err = d.Open(ctx, by, id, until)
		}
	case "close":
		err = d.Close(ctx, by, id)
	case "write":
		_, err = d.Write(ctx, by, id, r.Value("text"), "es")
	case "include":
		var folio glosa.QuestionID
		if folio, err = question.ParseFolio(r.Value("question")); err != nil {
			return glosa.WrongField("question", "op.noquestion")
		}
		err = d.Include(ctx, by, id, opinion.Sort(r.Value("sort")), folio)
	case "admit":
		err = d.Admit(ctx, by, id, n)
	case "refuse":
		err = d.Refuse(ctx, by, id, n, glosa.Code(r.Value("ground")))
	case "erase":
		err = d.Erase(ctx, by, id, n, glosa.Code(r.Value("erase_ground")), glosa.Code(r.Value("law")))
	default:
		err = glosa.Missing("act", r.Value("do"))
	}
	return err
}

// until is the end of the day that was typed, in the edition's zone.
func (p *Pages) until(r *door.Request, id glosa.EditionID) (time.Time, error) {
	ed, err := p.Edition.Get(r.Context(), id)
	if err != nil {
		return time.Time{}, err
	}
	zone := ed.Zone
	if zone == nil {
		zone = time.UTC
	}
	day, err := time.ParseInLocation(time.DateOnly, r.Value("until"), zone)
	if err != nil {
		return time.Time{}, glosa.WrongField("until", "op.until")
	}
	return day.AddDate(0, 0, 1).Add(-time.Minute), nil
}

// problem is what is wrong in one form of the desk.
func (v deskShown) problem(form, name string) string {
	if v.form != form {
		return ""
	}
	return v.problems.For(name)
}

// value is what was typed into one form.
func (v deskShown) value(form, name string) string {
	if v.form != form {
		return ""
	}
	return v.typed(name)
}
