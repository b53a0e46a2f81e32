package draw

import (
	"cmp"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/panel/draw"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// bench is the desk of a draw, for whoever has something to do there.
type bench struct {
	scene
	v        civic.View
	actor    glosa.Actor
	problems leaf.Problems
	did      string     // the form that came back
	typed    url.Values // its fields
	proposal string
	look     *civic.Look
	unseen   string // why nobody can tell whether it could be drawn
	groups   []line
	missing  []string // groups with fewer people than the panel needs of them
	conflict []string
	relax    []string
	reached  string
	places   []place // at the table, that a drawn person can have
	seated   map[int]civic.Chair
	now      time.Time
	proves   bool // whoever registers shows a mailbox
}

// acts are those that let somebody in.
var acts = []glosa.Act{"draw.announce", "draw.seed", "draw.audit"}

func (p *Pages) desk(r *door.Request) (door.View, error) {
	b, err := p.bench(r)
	if err != nil {
		return door.View{}, err
	}
	p.lookAt(r, &b)
	return door.Show(benchPage(b))
}

func (p *Pages) bench(r *door.Request) (b bench, err error) {
	id := glosa.EditionID(r.Path("edition"))
	err = glosa.Missing("edition", string(id))
	for _, a := range acts {
		if r.Actor.MayIn(a, id) == nil {
			err = nil
		}
	}
	if err != nil {
		return b, err
	}
	w := r.Words
	if b.scene, err = p.scene(r, id, w.T("dw.desk")); err != nil {
		return b, err
	}
	if b.v, err = p.Draw.View(r.Context(), id); err != nil {
		return b, err
	}
	b.proves = p.Draw.Prove
	b.actor, b.now, b.Path, b.NoIndex, b.Signed = r.Actor, r.Now, "/mesa/sorteo/"+string(id), true, b.Names.Actor(r.Actor)
	b.Crumbs = []leaf.Link{{Text: w.T("en.desk.title"), Href: r.To("/mesa")}, {Text: w.T("dw.desk")}}
	b.Margin.Lines = append(b.Margin.Lines, leaf.Notes(chain.Word(w, b.Edition.StageAt(r.Now)), b.Signed)...)
	h := sheet{scene: b.scene, v: b.v}
	h.head(r)
	b.Shape, b.State, b.More = h.Shape, h.State, h.More
	if b.may("draw.announce") && (b.v.State == civic.None || b.v.State == civic.Announced) {
		if b.proposal = b.v.Terms.Quotas; b.proposal == "" {
			if b.proposal, err = p.Draw.Propose(r.Context(), id, defaultSeats); err != nil {
				return b, err
			}
		}
	}
	b.table()
	if b.v.State == civic.Drawn && b.may("draw.seat") {
		b.seated, err = p.Draw.Seated(r.Context(), r.Actor, id)
	}
	return b, err
}

const defaultSeats = 12

// place is a chair of the table that a drawn person can have.
type place struct {
	civic.Chair
	name  string
	drawn bool // it is said to be theirs
}

// table lists the chairs that are for whoever is drawn, or can be: all of them are
// ticked at first where they are just as many as the seats.
func (b *bench) table() {
	for _, c := range b.v.Chairs {
		b.places = append(b.places, place{c, b.chair(c), true})
	}
	fresh := len(b.places) == 0
	for _, s := range b.v.Others {
		if s.Institution == "" {
			c := civic.Chair{Side: s.Side, Number: s.Number}
			b.places = append(b.places, place{Chair: c, name: b.chair(c)})
		}
	}
	slices.SortStableFunc(b.places, func(x, y place) int {
		return cmp.Or(strings.Compare(string(x.Side), string(y.Side)), x.Number-y.Number)
	})
	for i := range b.places {
		b.places[i].drawn = b.places[i].drawn || fresh && len(b.places) == b.v.Terms.Seats
	}
}

// reserves tells whether this visitor says which chairs are drawn.
func (b bench) reserves() bool { return b.v.State != civic.None && b.may("draw.reserve") }

// lookAt asks whether it could be drawn today. That it came to no end is said in its
// place: dates, quotas and freeze are reached all the same.
func (p *Pages) lookAt(r *door.Request, b *bench) {
	if !b.looks() {
		return
	}
	look, err := p.Draw.Look(r.Context(), r.Actor, b.Edition.ID)
	var e *glosa.Error
	switch {
	case err == nil:
		b.look = &look
		b.lookWords()
	case errors.As(err, &e) && e.Kind != glosa.Internal:
		b.unseen = r.Words.T(e.Key)
	default:
		b.unseen = r.Words.T("dw.long")
	}
}

// may tells whether somebody may do an act at the stage where the edition stands.
func (b bench) may(act glosa.Act) bool {
	if b.actor.MayIn(act, b.Edition.ID) != nil {
		return false
	}
	stages, all := b.actor.OpenStages(act)
	return all || slices.Contains(stages, string(b.Edition.StageAt(b.now)))
}

func (b *bench) lookWords() {
	w := b.Words
	for _, q := range b.look.Quotas {
		b.groups = append(b.groups, line{category: b.category(q.Category), group: b.feature(q.Category, q.Feature), least: w.N(q.Min), most: w.N(q.Max), people: w.N(q.Volunteers)})
	}
	people := map[[2]string]int{}
	for _, q := range b.look.Quotas {
		people[[2]string{q.Category, q.Feature}] = q.Volunteers
		if q.Volunteers < q.Min {
			b.missing = append(b.missing, w.T("dw.desk.missing", "group", b.feature(q.Category, q.Feature), "n", w.N(q.Min), "have", w.N(q.Volunteers)))
		}
	}
	for _, c := range b.look.Conflict {
		key := "dw.desk.conflict"
		if c.Bound == "max" {
			key = "dw.desk.conflict.most"
		}
		b.conflict = append(b.conflict, w.T(key, "group", b.feature(c.Category, c.Feature), "n", w.N(c.Value), "have", w.N(people[[2]string{c.Category, c.Feature}])))
	}
	for _, c := range b.look.Relaxation {
		b.relax = append(b.relax, w.T("dw.desk.relax."+c.Bound, "group", b.feature(c.Category, c.Feature), "to", w.N(c.To), "from", w.N(c.From)))
	}
}

// field is one box of one of the desk's forms.
func (b bench) field(form, name, label, stands string) leaf.Field {
	f := leaf.Field{Form: form, Name: name, Label: label, Value: stands}
	if b.did == form && b.typed != nil {
		f.Value, f.Error = b.typed.Get(name), b.problems.For(name)
	}
	return f
}

// local is an instant as a box of day and hour holds it, at the edition's place.
const local = "2006-01-02T15:04"

func (b bench) instant(form, name, label string, stands time.Time, hint string) leaf.Field {
	value := ""
	if !stands.IsZero() {
		value = stands.In(b.Zone).Format(local)
	}
	f := b.field(form, name, label, value)
	f.Type, f.Hint, f.Required = "datetime-local", hint, true
	return f
}

// terms are the fields of the announcement.
func (b bench) terms() (fields []leaf.Field, rule, quotas, homes leaf.Field) {
	w, t, form := b.Words, b.v.Terms, "announce"
	seats, reply := t.Seats, t.Reply
	if seats == 0 {
		seats, reply, t.Rule, t.Households = defaultSeats, 5, civic.Rules()[0], true
		t.Closes = b.Edition.Plan.On(edition.IntakeClosed)
		t.SeedAt = t.Closes.Add(48 * time.Hour)
	}
	number := func(name, label string, n int) leaf.Field {
		f := b.field(form, name, label, strconv.Itoa(n))
		f.Type, f.Required = "number", true
		return f
	}
	source := b.field(form, "source", w.T("dw.desk.source"), t.Source)
	source.Hint, source.Required, source.Max = w.T("dw.desk.source.hint"), true, 300
	fields = []leaf.Field{number("seats", w.T("dw.desk.seats"), seats), source,
		b.instant(form, "closes", w.T("dw.desk.closes"), t.Closes, ""), b.instant(form, "seed_at", w.T("dw.desk.seed_at"), t.SeedAt, w.T("dw.desk.seed_at.hint")),
		number("reply", w.T("dw.desk.reply"), reply)}
	rule = b.field(form, "rule", w.T("dw.desk.rule"), t.Rule)
	for _, x := range civic.Rules() {
		rule.Options = append(rule.Options, leaf.Option{Value: x, Text: w.T("dw.desk." + x), Hint: w.T("dw.rule." + x)})
	}
	quotas = b.field(form, "quotas", w.T("dw.desk.quotas"), b.proposal)
	quotas.Hint = w.T("dw.desk.quotas.hint")
	homes = b.field(form, "households", w.T("dw.desk.households"), map[bool]string{true: "1"}[t.Households])
	return fields, rule, quotas, homes
}

// why is the reason for which a seat is empty.
func (b bench) why(number int) leaf.Field {
	f := b.field("vacate."+strconv.Itoa(number), "why", b.Words.T("dw.desk.why"), "")
	for _, x := range civic.Whys() {
		f.Options = append(f.Options, leaf.Option{Value: string(x), Text: b.Words.T("dw.why." + string(x))})
	}
	return f
}

func (b bench) chairField(number int) leaf.Field {
	f := b.field("chair."+strconv.Itoa(number), "chair", b.Words.T("dw.desk.chair.which"), "")
	for _, c := range b.v.Chairs {
		if !slices.Contains(slices.Collect(maps.Values(b.seated)), c) {
			f.Options = append(f.Options, leaf.Option{Value: string(c.Word()), Text: b.chair(c)})
		}
	}
	return f
}

// ticked tells whether a chair is ticked: as it was sent, or as it stands.
func (b bench) ticked(x place) bool {
	if b.did == "reserve" {
		return slices.Contains(b.typed["chairs"], string(x.Word()))
	}
	return x.drawn
}

// held are the seats that are taken or wait for an answer.
func (b bench) held() (out []civic.Standing) {
	for _, s := range b.v.Seats {
		if s.Seat.Holds() {
			out = append(out, s)
		}
	}
	return out
}

// done does one act of the desk.
func (p *Pages) done(r *door.Request) (door.View, error) {
	b, err := p.bench(r)
	if err != nil {
		return door.View{}, err
	}
	id, did := b.Edition.ID, r.Value("do")
	if what, n, _ := strings.Cut(did, "."); what == "reach" {
		number, _ := strconv.Atoi(n)
		contact, _, err := p.Draw.Reach(r.Context(), r.Actor, id, number)
		if err == nil {
			b.reached = r.Words.T("dw.desk.reach.is", "n", r.Words.N(number), "contact", contact.Reveal())
			return door.View{Body: benchPage(b), NoStore: true}, nil
		}
		return p.back(r, did, err)
	}
	if err := p.act(r, b, did); err != nil {
		return p.back(r, did, err)
	}
	return door.Done(r.To("/mesa/sorteo", string(id)), "draw:"+string(id))
}

// act does what a form of the desk says.
func (p *Pages) act(r *door.Request, b bench, did string) error {
	ctx, id := r.Context(), b.Edition.ID
	at := func(name string) time.Time {
		t, _ := time.ParseInLocation(local, r.Value(name), b.Zone)
		return t
	}
	whole := func(name string) int {
		n, _ := strconv.Atoi(r.Value(name))
		return n
	}
	what, n, _ := strings.Cut(did, ".")
	number, _ := strconv.Atoi(n)
	switch what {
	case "announce":
		return p.Draw.Announce(ctx, r.Actor, id, civic.Terms{Seats: whole("seats"), Rule: r.Value("rule"), Households: r.Value("households") == "1",
			Quotas: r.Form.Get("quotas"), Source: r.Value("source"), Closes: at("closes"), SeedAt: at("seed_at"), Reply: whole("reply")})
	case "open":
		return p.Draw.Open(ctx, r.Actor, id)
	case "move":
		return p.Draw.Move(ctx, r.Actor, id, at("closes"), at("seed_at"))
	case "relax":
		return p.Draw.Relax(ctx, r.Actor, id)
	case "freeze":
		return p.Draw.Freeze(ctx, r.Actor, id)
	case "seed":
		_, err := p.Draw.Seed(ctx, r.Actor, id, r.Value("seed"))
		return err
	case "vacate":
		_, err := p.Draw.Vacate(ctx, r.Actor, id, number, glosa.Code(r.Value("why")))
		return err
	case "chair":
		return p.Draw.Chair(ctx, r.Actor, id, number, civic.ParseChair(r.Value("chair")))
	case "reserve":
		var chairs []civic.Chair
		for _, word := range r.Form["chairs"] {
			chairs = append(chairs, civic.ParseChair(word))
		}
		return p.Draw.Reserve(ctx, r.Actor, id, chairs)
	}
	return glosa.Missing("act", what)
}

// back shows the desk again when an error is of its fields, or says that the thing
// has moved on; any other error goes on.
func (p *Pages) back(r *door.Request, did string, err error) (door.View, error) {
	var e *glosa.Error
	if errors.As(err, &e) && (e.Kind == glosa.Conflict || e.Kind == glosa.Closed || e.Key == "dw.samehuman") {
		err = glosa.Wrong(glosa.Field{Key: e.Key, Args: e.Args})
	}
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if !wrong {
		return door.View{}, err
	}
	b, err := p.bench(r)
	if err != nil {
		return door.View{}, err
	}
	p.lookAt(r, &b)
	b.problems, b.did, b.typed = problems.In(did), did, r.Form
	return door.Redo(benchPage(b))
}

// audit hands the pool to the Observatory.
func (p *Pages) audit(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	raw, err := p.Draw.Audit(r.Context(), r.Actor, id)
	return door.View{File: &door.File{Name: string(id) + "-audit.csv", Type: "text/csv; charset=utf-8", Bytes: raw}, NoStore: true}, err
}
