package commitment

import (
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/sdg"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// steps is how many milestones and targets the form of a draft offers at least.
const (
	formSteps   = 4
	formTargets = sdg.MaxTargets
)

// draftsPage lists an edition's promises, those still on the parking list first.
type draftsPage struct {
	desk
	Items   []leaf.Item
	Form    *draftForm // to propose one
	MayPlan bool
}

// draftPage is one promise at its desk: what it says, what it lacks, who has
// said yes, and the forms that its state and the visitor's post allow.
type draftPage struct {
	desk
	Card         commitment.Card
	Terms        []leaf.Row // everything that whoever agrees agrees to
	Read         string     // the digest of it, which the forms carry
	Form         *draftForm
	Lacks        []string
	Agreed       []leaf.Item
	Draft        bool // not agreed yet
	MayRevise    bool
	MayNegotiate bool
	MayAccept    bool
	MayDecline   bool
	after        // what can be done once it is agreed
}

// draftForm is everything a promise says, as a form holds it.
type draftForm struct {
	ID, Do, Address string
	W               commitment.Wording
	Pesos           string
	Government      glosa.InstitutionKey
	Civil           glosa.InstitutionKey
	Others          []formOwner // those who supervise, coordinate or support
	Whos, Parts     []leaf.Option
	Targets         []commitment.Target
	Steps           []formStep
	Mesa, Question  string
	Mesas           []leaf.Option
	Governments     []leaf.Option
	Civils          []leaf.Option
	Starts, Ends    string
}

type formStep struct{ Title, Due string }

// formOwner is one more owner: "government:SEQ" and how it answers.
type formOwner struct{ Who, Part string }

func (p *Pages) drafts(r *door.Request) (door.View, error) {
	v, err := p.draftsOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(draftsBody(v))
}

func (p *Pages) draftsOf(r *door.Request) (v draftsPage, err error) {
	id := glosa.EditionID(r.Path("edition"))
	if err = allowed(r.Actor, id, drafting...); err != nil {
		return v, err
	}
	w := r.Words
	if v.desk, err = p.deskOf(r, id, w.T("dk.drafts")); err != nil {
		return v, err
	}
	b, err := p.Commitment.Board(r.Context(), commitment.Filter{Edition: id, Drafts: true})
	if err != nil {
		return v, err
	}
	slices.SortStableFunc(b.Rows, func(x, y commitment.Row) int { return rank(x.State) - rank(y.State) })
	open := 0
	for _, x := range b.Rows {
		v.Items = append(v.Items, leaf.Item{Code: string(x.ID), Text: x.Title, Href: r.To("/mesa/compromisos", string(id), string(x.ID)),
			Shape: stateShape(x.State), Word: stateWord(w, x.State)})
		if x.State == commitment.Proposed || x.State == commitment.Negotiated {
			open++
		}
	}
	v.State = w.T("dk.drafts.state", "n", w.N(open))
	if v.MayPlan = v.may(r.Actor, actPropose); v.MayPlan {
		v.Form, err = p.form(r, v.desk, commitment.Draft{}, "propose")
	}
	return v, err
}

// rank puts what still needs somebody first.
func rank(s commitment.State) int {
	switch s {
	case commitment.Proposed:
		return 0
	case commitment.Negotiated:
		return 1
	}
	return 2
}

func (p *Pages) draft(r *door.Request) (door.View, error) {
	v, err := p.draftOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(draftBody(v))
}

func (p *Pages) draftOf(r *door.Request) (v draftPage, err error) {
	id := glosa.EditionID(r.Path("edition"))
	if err = allowed(r.Actor, id, drafting...); err != nil {
		return v, err
	}
	if v.Card, err = p.Commitment.Card(r.Context(), r.Path("id")); err != nil {
		return v, err
	}
	if v.Card.Edition != id || v.Card.Documented() {
		return v, glosa.Missing("commitment", r.Path("id"))
	}
	if v.desk, err = p.deskOf(r, id, v.Card.Name()); err != nil {
		return v, err
	}
	w, c := r.Words, v.Card
	v.Crumbs = []leaf.Link{{Text: w.T("en.desk.title"), Href: r.To("/mesa")}, {Text: w.T("dk.drafts"), Href: r.To("/mesa/compromisos", string(id))}, {Text: string(c.ID)}}
	v.State, v.Shape = stateWord(w, c.State)+".", stateShape(c.State)
	for _, l := range c.Lacks {
		v.Lacks = append(v.Lacks, w.T(l.Key))
	}
	v.agreed(r)
	v.Terms = termsOf(v.desk, c.Draft())
	read, err := c.Draft().Digest()
	if err != nil {
		return v, err
	}
	v.Read = read.String()
	v.Draft = c.State == commitment.Proposed || c.State == commitment.Negotiated
	v.MayRevise = v.Draft && v.may(r.Actor, actPropose)
	v.MayNegotiate = c.State == commitment.Proposed && v.may(r.Actor, actNegotiate)
	v.MayAccept = c.State == commitment.Negotiated && v.may(r.Actor, actAccept)
	v.MayDecline = v.Draft && v.may(r.Actor, actDecline)
	if v.MayRevise {
		v.Form, err = p.form(r, v.desk, c.Draft(), "revise")
	}
	return v, orElse(err, p.afterwards(r, &v))
}

// termsOf is everything a draft says, line by line.
func termsOf(d desk, x commitment.Draft) []leaf.Row {
	w := d.Words
	rows := append([]leaf.Row{{Label: w.T("dk.f.title"), Value: x.Wording.Title}}, pairsOf(w, d.Zone, x.Wording)...)
	for _, o := range x.Owners {
		rows = append(rows, leaf.Row{Label: d.Names.Side(o.Side) + ": " + part(w, o.Part), Value: d.Names.Institution(o.Institution)})
	}
	for _, t := range x.Targets {
		rows = append(rows, leaf.Row{Label: w.T("dk.term.target", "code", string(t.Code)), Value: t.Rationale})
	}
	for i, m := range x.Milestones {
		rows = append(rows, leaf.Row{Label: w.T("dk.f.step", "n", itoa(i+1)), Value: w.T("dk.term.step", "title", m.Title, "date", w.Day(m.Due.In(d.Zone)))})
	}
	return rows
}

// agreed says which side has said yes to the newest wording.
func (v *draftPage) agreed(r *door.Request) {
	last := v.Card.Versions[len(v.Card.Versions)-1]
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil} {
		it := leaf.Item{Text: v.Names.Side(side), Shape: leaf.Open, Word: r.Words.T("dk.notyet")}
		for _, s := range last.Signed {
			if s.Side == side {
				it.Shape, it.Word = leaf.Done, r.Words.T("dk.agreed")
				it.Notes = []string{v.Names.By(s.By), r.Words.Stamp(s.At.In(v.Zone)), r.Words.T("cb.recorded")}
			}
		}
		v.Agreed = append(v.Agreed, it)
	}
}

// form lays a draft out as a form holds it; when the form came back it holds
// what was typed.
func (p *Pages) form(r *door.Request, d desk, x commitment.Draft, do string) (*draftForm, error) {
	if d.Did == do {
		x = draftFrom(r, d, x)
	}
	f := &draftForm{Do: do, Address: r.HTTP.URL.Path, W: x.Wording, Targets: x.Targets, Mesa: string(x.Mesa), Question: string(x.Question),
		Starts: dayOf(x.Wording.Starts, d.Zone), Ends: dayOf(x.Wording.Ends, d.Zone)}
	if x.Wording.Budget.Declared == "line" {
		f.Pesos = itoa(int(x.Wording.Budget.Cents / 100))
	}
	f.owners(d, x.Owners)
	for _, m := range x.Milestones {
		f.Steps = append(f.Steps, formStep{m.Title, dayOf(m.Due, d.Zone)})
	}
	for len(f.Steps) < formSteps {
		f.Steps = append(f.Steps, formStep{})
	}
	for len(f.Targets) < formTargets {
		f.Targets = append(f.Targets, commitment.Target{})
	}
	mesas, err := p.Panel.Mesas(r.Context(), d.Edition.ID)
	f.Mesas = []leaf.Option{{Value: "", Text: r.Words.T("sb.nomesa")}}
	for _, m := range mesas {
		f.Mesas = append(f.Mesas, leaf.Option{Value: string(m.ID), Text: r.Words.T("cb.mesa", "n", itoa(m.Number), "theme", m.Theme)})
	}
	f.Governments, f.Civils = d.institutions(glosa.Government), d.institutions(glosa.Civil)
	return f, err
}

// owners parts those who lead from the rest; two rows are left for more.
func (f *draftForm) owners(d desk, all []commitment.Owner) {
	for _, o := range all {
		switch {
		case o.Part == commitment.Leads && o.Side == glosa.Government:
			f.Government = o.Institution
		case o.Part == commitment.Leads:
			f.Civil = o.Institution
		default:
			f.Others = append(f.Others, formOwner{string(o.Side) + ":" + string(o.Institution), string(o.Part)})
		}
	}
	f.Others = append(f.Others, formOwner{}, formOwner{})
	f.Whos = []leaf.Option{{Value: "", Text: d.Words.T("dk.choose")}}
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil} {
		for _, o := range d.institutions(side)[1:] {
			f.Whos = append(f.Whos, leaf.Option{Value: string(side) + ":" + o.Value, Text: d.Names.Side(side) + ": " + o.Text})
		}
	}
	for _, p := range []commitment.Part{commitment.Supervises, commitment.Coordinates, commitment.Supports} {
		f.Parts = append(f.Parts, leaf.Option{Value: string(p), Text: part(d.Words, p)})
	}
}

// institutions are those of a side that a form offers.
func (d desk) institutions(side glosa.Side) []leaf.Option {
	options := []leaf.Option{{Value: "", Text: d.Words.T("dk.choose")}}
	for _, key := range d.Names.List(side) {
		options = append(options, leaf.Option{Value: string(key), Text: d.Names.Institution(key)})
	}
	return options
}

// wordingFrom reads the words of the form; what the form does not ask stays as it was.
func wordingFrom(r *door.Request, d desk, was commitment.Wording) commitment.Wording {
	w := commitment.Wording{Title: r.Value("title"), Problem: r.Value("problem"), StatusQuo: r.Value("status_quo"), Deliverable: r.Value("deliverable"),
		Result: r.Value("result"), Indicator: r.Value("indicator"), Population: r.Value("population"), Gender: r.Value("gender"),
		LegalChange: r.Value("legal") == "1", Values: was.Values, Starts: day(r.Value("starts"), d.Zone), Ends: day(r.Value("ends"), d.Zone)}
	w.Starts, w.Ends = sameDay(w.Starts, was.Starts, d), sameDay(w.Ends, was.Ends, d)
	w.Budget.Declared = glosa.Code(r.Value("budget"))
	if w.Budget.Declared == "line" {
		w.Budget.Line, w.Budget.Currency = r.Value("line"), "MXN"
		w.Budget.Cents = int64(max(0, number(r.Value("pesos")))) * 100
		if was.Budget.Cents/100*100 == w.Budget.Cents { // the form shows no cents
			w.Budget.Cents = was.Budget.Cents
		}
	}
	return w
}

// sameDay keeps an instant whose day the form did not change: the form shows days only.
func sameDay(typed, was time.Time, d desk) time.Time {
	if dayOf(typed, d.Zone) == dayOf(was, d.Zone) {
		return was
	}
	return typed
}

// draftFrom reads the form; rows left empty are left out. was is what stands: a
// form without rows for more owners leaves those that there are.
func draftFrom(r *door.Request, d desk, was commitment.Draft) (x commitment.Draft) {
	x = commitment.Draft{Wording: wordingFrom(r, d, was.Wording), Territory: d.Edition.Territory, Mesa: glosa.MesaID(r.Value("mesa")),
		Question: glosa.QuestionID(strings.ToUpper(r.Value("question")))}
	for _, o := range []struct {
		side glosa.Side
		name string
	}{{glosa.Government, "owner_government"}, {glosa.Civil, "owner_civil"}} {
		if key := r.Value(o.name); key != "" {
			x.Owners = append(x.Owners, commitment.Owner{Side: o.side, Institution: glosa.InstitutionKey(key), Part: commitment.Leads})
		}
	}
	row := func(name string, i int) string {
		if list := r.Form[name]; i < len(list) {
			return strings.TrimSpace(list[i])
		}
		return ""
	}
	for i := range r.Form["other"] {
		if side, key, ok := strings.Cut(row("other", i), ":"); ok {
			x.Owners = append(x.Owners, commitment.Owner{Side: glosa.Side(side), Institution: glosa.InstitutionKey(key), Part: commitment.Part(row("part", i))})
		}
	}
	for _, o := range was.Owners {
		leads := slices.ContainsFunc(x.Owners, func(l commitment.Owner) bool { return l.Side == o.Side && l.Institution == o.Institution })
		if _, asked := r.Form["other"]; !asked && o.Part != commitment.Leads && !leads {
			x.Owners = append(x.Owners, o)
		}
	}
	for i := range r.Form["target"] {
		if code := strings.ToLower(row("target", i)); code != "" {
			x.Targets = append(x.Targets, commitment.Target{Code: glosa.TargetCode(code), Rationale: row("rationale", i)})
		}
	}
	for i := range r.Form["step"] {
		if title := row("step", i); title != "" {
			due := day(row("due", i), d.Zone)
			if i < len(was.Milestones) {
				due = sameDay(due, was.Milestones[i].Due, d)
			}
			x.Milestones = append(x.Milestones, commitment.Step{Title: title, Due: due})
		}
	}
	return x
}

// drafted does one act on a promise that is not agreed yet.
func (p *Pages) drafted(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	if err := allowed(r.Actor, id, drafting...); err != nil {
		return door.View{}, err
	}
	d, err := p.deskOf(r, id, "")
	if err != nil {
		return door.View{}, err
	}
	about, err := p.redraft(r, d)
	if err == nil {
		return door.Done(r.To("/mesa/compromisos", string(id), string(about)), "edition:"+string(id), "commitment:"+string(about))
	}
	if about == "" {
		v, verr := p.draftsOf(r)
		if verr != nil || !v.back(r, err) {
			return door.View{}, orElse(verr, err)
		}
		v.Form, verr = p.form(r, v.desk, commitment.Draft{}, "propose")
		return door.View{Body: draftsBody(v), Status: 422}, verr
	}
	v, verr := p.draftOf(r)
	if verr != nil || !v.back(r, err) {
		return door.View{}, orElse(verr, err)
	}
	if v.MayRevise {
		v.Form, verr = p.form(r, v.desk, v.Card.Draft(), "revise")
	}
	return door.View{Body: draftBody(v), Status: 422}, orElse(verr, p.afterwards(r, &v))
}

// redraft is the act that the form asked for, and what it is about.
func (p *Pages) redraft(r *door.Request, d desk) (glosa.CommitmentID, error) {
	id := glosa.CommitmentID(r.Path("id"))
	ctx, by := r.Context(), r.Actor
	if r.Value("do") == "propose" && id == "" {
		return p.Commitment.Propose(ctx, by, d.Edition.ID, draftFrom(r, d, commitment.Draft{}))
	}
	c, err := p.Commitment.Card(ctx, string(id))
	if err != nil {
		return id, err
	}
	if c.Edition != d.Edition.ID {
		return id, glosa.Missing("commitment", string(id))
	}
	switch r.Value("do") {
	case "revise":
		return id, p.Commitment.Revise(ctx, by, id, draftFrom(r, d, c.Draft()))
	case "negotiate":
		return id, p.Commitment.Negotiate(ctx, by, id)
	case "accept":
		return id, p.Commitment.Accept(ctx, by, id, r.Hash("read"))
	case "decline":
		return id, p.Commitment.Decline(ctx, by, id, r.Hash("read"), r.Value("reason"))
	}
	return id, p.change(r, d, c)
}
