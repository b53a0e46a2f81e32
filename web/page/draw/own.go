package draw

import (
	"cmp"
	"net/http"

	"glosa"
	civic "glosa/civic/panel/draw"
	"glosa/civic/people/voter"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// entry is the form of a volunteer, empty or as it comes back.
type entry struct {
	scene
	problems  leaf.Problems
	choices   []leaf.Field // few answers, all in sight
	places    []leaf.Field // many
	contact   leaf.Field
	household *leaf.Field
	adult     leaf.Field
	open      bool
	knock     string // where a mailbox is shown first; "" when it was, or need not be
	proven    bool
	action    string
	ticket    string // of one's own registration that is changed
	key       string
	send      string
	pass      *leaf.Pass // of a new registration
}

// ask lays a form out. stands is what a field holds when nothing was typed.
func (e *entry) ask(t civic.Terms, p leaf.Problems, stands func(name string) string) {
	w := e.Words
	e.problems = p
	for _, c := range t.Categories() {
		f := leaf.Field{Name: c.Name, Label: e.category(c.Name), Value: stands(c.Name), Error: p.For(c.Name)}
		for _, x := range c.Features {
			f.Options = append(f.Options, leaf.Option{Value: x, Text: e.feature(c.Name, x)})
		}
		if len(c.Features) > 6 {
			f.Options = append([]leaf.Option{{Text: w.T("dw.choose")}}, f.Options...)
			e.places = append(e.places, f)
			continue
		}
		e.choices = append(e.choices, f)
	}
	e.contact = leaf.Field{Name: "contact", Label: w.T("dw.form.contact"), Hint: w.T("dw.form.contact.hint"), Value: stands("contact"), Error: p.For("contact"), Max: 120, Required: true, Complete: "email"}
	if t.Households {
		e.household = &leaf.Field{Name: "household", Label: w.T("dw.form.household"), Hint: w.T("dw.form.household.hint"), Value: stands("household"), Error: p.For("household"), Max: 60}
	}
	e.adult = leaf.Field{Name: "adult", Label: w.T("dw.form.adult"), Hint: w.T("dw.form.adult.hint"), Value: stands("adult"), Error: p.For("adult")}
}

func (p *Pages) entry(r *door.Request, c civic.Call, problems leaf.Problems) (e entry, err error) {
	id := glosa.EditionID(r.Path("edition"))
	if e.scene, err = p.scene(r, id, r.Words.T("dw.form.title")); err != nil {
		return e, err
	}
	w := r.Words
	e.Path = "/ediciones/" + string(id) + "/sorteo/apuntarme"
	e.Crumbs = []leaf.Link{e.Crumbs[0], {Text: w.T("dw.title"), Href: e.path()}, {Text: w.T("dw.form.title")}}
	e.open, e.action, e.send = c.Open, e.path("apuntarme"), w.T("dw.form.send")
	pass := leaf.PassOf(r, e.send)
	e.pass = &pass
	e.State, e.More = w.T("dw.form.state"), w.T("dw.form.more")
	if !e.open {
		e.State, e.More = w.T("dw.form.shut"), ""
	}
	if e.open && p.Draw.Prove {
		shown, err := p.contact(r, id)
		if err != nil {
			return e, err
		}
		if shown.Door() != voter.Contact {
			e.knock = chain.ToDraw.On(r.To("/ediciones", string(id), "mi-puerta", "correo"))
		}
	}
	e.proven = p.Draw.Prove
	e.ask(c.Terms, problems, r.Value)
	return e, nil
}

// contact is the mailbox that this browser showed; the zero credential without one.
func (p *Pages) contact(r *door.Request, id glosa.EditionID) (voter.Credential, error) {
	held, err := p.Held(r, id)
	for _, c := range held {
		if c.Door() == voter.Contact {
			return c, err
		}
	}
	return voter.Credential{}, err
}

func (p *Pages) form(r *door.Request) (door.View, error) {
	c, err := p.Draw.Call(r.Context(), glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	e, err := p.entry(r, c, leaf.Problems{})
	return door.View{Body: formPage(e), NoStore: true}, err
}

// said reads the form.
func said(r *door.Request, t civic.Terms) civic.Form {
	f := civic.Form{Features: map[string]string{}, Contact: r.Value("contact"), Household: r.Value("household"), Language: r.Words.Lang, Adult: r.Value("adult") == "1"}
	for _, c := range t.Categories() {
		f.Features[c.Name] = r.Value(c.Name)
	}
	return f
}

func (p *Pages) register(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	c, err := p.Draw.Call(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	f := said(r, c.Terms)
	if f.Shown, err = p.contact(r, id); err != nil {
		return door.View{}, err
	}
	if c.Open && p.Draw.Prove && f.Shown.Door() != voter.Contact {
		return p.form(r) // what it asks for first: a mailbox
	}
	gate := door.GateOf(r.Context())
	if c.Open {
		if held := gate.Ask(r.Knock()); held != nil {
			return p.waitHere(r, c, held)
		}
	}
	rc, err := p.Draw.Register(r.Context(), glosa.Citizen(), id, f)
	if err != nil {
		gate.Back()
	}
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		e, err := p.entry(r, c, problems)
		return door.View{Body: formPage(e), Status: http.StatusUnprocessableEntity, NoStore: true}, err
	}
	if err != nil {
		return door.View{}, err
	}
	s := slip{receipt: rc}
	if s.scene, err = p.scene(r, id, r.Words.T("dw.form.title")); err != nil {
		return door.View{}, err
	}
	s.NoIndex, s.State, s.More = true, r.Words.T("dw.slip.state"), r.Words.T("dw.slip.more")
	return door.View{Body: slipPage(s), NoStore: true}, nil
}

// waitHere is the form with what was typed and the way to pass.
func (p *Pages) waitHere(r *door.Request, c civic.Call, held *door.Held) (door.View, error) {
	e, err := p.entry(r, c, leaf.Problems{})
	if err != nil {
		return door.View{}, err
	}
	e.Wait(e.pass, held)
	return door.Wait(formPage(e), held)
}

// slip is what a volunteer takes home.
type slip struct {
	scene
	receipt civic.Receipt
}

// door of one's own registration.
type doorstep struct {
	leaf.Page
	problems leaf.Problems
	ticket   string
}

func (p *Pages) step(r *door.Request, problems leaf.Problems) doorstep {
	d := doorstep{Page: leaf.From(r, r.Words.T("dw.mine")), problems: problems, ticket: r.Value("ticket")}
	d.Path, d.NoIndex, d.Synthetic = "/mi-sorteo", true, r.Site.Demo
	return d
}

func (p *Pages) knock(r *door.Request) (door.View, error) {
	return door.View{Body: knockPage(p.step(r, leaf.Problems{})), NoStore: true}, nil
}

// again asks for folio and key again; other errors go on.
func (p *Pages) again(r *door.Request, err error) (door.View, error) {
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if !wrong {
		return door.View{}, err
	}
	return door.View{Body: knockPage(p.step(r, problems)), Status: http.StatusUnprocessableEntity, NoStore: true}, nil
}

func (p *Pages) own(r *door.Request) (door.View, error) { return p.mineAgain(r, "", leaf.Problems{}) }

// mine is one's own registration, as it stands.
type mine struct {
	scene
	card   civic.Card
	key    string
	notice string
	wrong  leaf.Problems // of the answer about the seat
	rows   []leaf.Row
	proof  []leaf.Row
	change *entry
	asked  bool // the seat waits for an answer
	holds  bool
}

func (p *Pages) mineAgain(r *door.Request, notice string, problems leaf.Problems) (door.View, error) {
	ticket, ok := civic.ParseTicket(r.Value("ticket"))
	if !ok {
		return p.again(r, glosa.WrongField("key", "dw.badkey"))
	}
	c, err := p.Draw.Own(r.Context(), glosa.Citizen(), ticket, r.Value("key"))
	if err != nil {
		return p.again(r, err)
	}
	m := mine{card: c, key: r.Value("key"), notice: notice}
	if m.scene, err = p.scene(r, c.Edition, r.Words.T("dw.mine")); err != nil {
		return door.View{}, err
	}
	m.Path, m.NoIndex = "/mi-sorteo", true
	m.Crumbs = []leaf.Link{m.Crumbs[0], {Text: r.Words.T("dw.title"), Href: m.path()}, {Text: r.Words.T("dw.mine")}}
	m.tell()
	if c.Open {
		e := entry{scene: m.scene, open: true, action: m.To("/mi-sorteo/cambiar"), ticket: string(c.Ticket), key: m.key, send: r.Words.T("dw.mine.change.do")}
		e.ask(c.Terms, problems, func(name string) string {
			if problems.Any() {
				return r.Value(name)
			}
			return map[string]string{"contact": c.Contact, "household": c.Household, "adult": "1"}[name] + c.Features[name]
		})
		m.change = &e
	}
	if m.holds {
		m.wrong = problems
	}
	status := 0
	if problems.Any() {
		status = http.StatusUnprocessableEntity
	}
	return door.View{Body: minePage(m), Status: status, NoStore: true}, nil
}

// tell says where one's registration stands.
func (m *mine) tell() {
	w, c := m.Words, m.card
	m.holds, m.asked = c.Seat.Holds(), c.Seat == civic.Invited
	number := w.N(c.Number)
	switch {
	case c.Gone:
		m.State = w.T("dw.mine.gone.state")
	case c.Open:
		m.Shape, m.State = leaf.Open, w.T("dw.mine.open.state")
	case c.Number == 0:
		m.Shape, m.State = leaf.Going, w.T("dw.mine.wait.state")
	case c.State == civic.Frozen:
		m.Shape, m.State = leaf.Going, w.T("dw.mine.frozen.state", "number", number, "chance", m.chance())
	case c.Seat == civic.NoSeat:
		m.Shape, m.State = leaf.Later, w.T("dw.mine.not.state", "number", number)
	case c.Seat == civic.Invited:
		m.Shape, m.State = leaf.Open, w.T("dw.mine.invited.state", "date", m.when(c.Until))
	case c.Seat == civic.Accepted:
		m.Shape, m.State = leaf.Done, w.T("dw.mine.accepted.state")
	default:
		m.Shape, m.State = leaf.Barred, w.T("dw.mine.over.state")
	}
	m.rows = []leaf.Row{{Label: w.T("dw.slip.ticket"), Value: string(c.Ticket)}}
	add := func(label, value string) {
		if value != "" && value != "0" {
			m.rows = append(m.rows, leaf.Row{Label: label, Value: value})
		}
	}
	for _, x := range c.Terms.Categories() {
		if f := c.Features[x.Name]; f != "" {
			add(m.category(x.Name), m.feature(x.Name, f))
		}
	}
	add(w.T("dw.form.contact"), c.Contact)
	add(w.T("dw.row.households"), cmp.Or(c.Label, c.Household))
	add(w.T("dw.col.number"), number)
	if c.Chance.Number > 0 {
		add(w.T("dw.col.chance"), m.chance())
		add(w.T("dw.col.exact"), c.Chance.Exact)
	}
	if c.Chair.Number > 0 {
		add(w.T("dw.mine.chair"), m.chair(c.Chair))
	}
	if !c.Salt.IsZero() {
		m.proof = []leaf.Row{{Label: w.T("dw.mine.commit"), Value: c.Commit.String(), Href: m.path(civic.PoolFile), Hash: true}, {Label: w.T("dw.mine.salt"), Value: c.Salt.String(), Hash: true}}
	}
}

// chance is one's own chance as people say it.
func (m *mine) chance() string {
	return m.Words.T("dw.permille", "n", m.Words.N(m.card.Chance.PerMille))
}

// deed is one act on one's own registration.
type deed func(r *door.Request, ticket civic.Ticket, key string) (notice string, err error)

// mine does one act on one's own registration and shows it again.
func (p *Pages) mine(do deed) door.Handler {
	return func(r *door.Request) (door.View, error) {
		ticket, ok := civic.ParseTicket(r.Value("ticket"))
		if !ok {
			return p.again(r, glosa.WrongField("key", "dw.badkey"))
		}
		notice, err := do(r, ticket, r.Value("key"))
		problems, wrong := leaf.ProblemsOf(r.Words, err)
		if err != nil && !wrong {
			return door.View{}, err
		}
		if wrong {
			notice = ""
		}
		if notice == r.Words.T("dw.mine.withdrawn") {
			d := p.step(r, leaf.Problems{})
			d.State, d.ticket = notice, ""
			return door.View{Body: knockPage(d), NoStore: true}, nil
		}
		v, err := p.mineAgain(r, notice, problems)
		v.Acted = []string{"draw"}
		return v, err
	}
}

func (p *Pages) amend(r *door.Request, ticket civic.Ticket, key string) (string, error) {
	c, err := p.Draw.Own(r.Context(), glosa.Citizen(), ticket, key)
	if err != nil {
		return "", err
	}
	return r.Words.T("dw.mine.changed"), p.Draw.Amend(r.Context(), glosa.Citizen(), ticket, key, said(r, c.Terms))
}

func (p *Pages) withdraw(r *door.Request, ticket civic.Ticket, key string) (string, error) {
	err := p.Draw.Withdraw(r.Context(), glosa.Citizen(), ticket, key)
	if err != nil {
		return "", err
	}
	return r.Words.T("dw.mine.withdrawn"), nil
}

func (p *Pages) answer(r *door.Request, ticket civic.Ticket, key string) (string, error) {
	said := r.Value("answer")
	if said != "yes" && said != "no" { // a seat is not given away by what nobody said
		return "", glosa.WrongField("answer", "dw.choose")
	}
	return r.Words.T("dw.mine.answered"), p.Draw.Answer(r.Context(), glosa.Citizen(), ticket, key, said == "yes")
}
