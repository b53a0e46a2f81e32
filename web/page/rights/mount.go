package rights

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/people/rights"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// Pages is the pages of rights, bound to their desks.
type Pages struct {
	chain.Desks
	Rights *civic.Desk
}

// Mount hangs them up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/derechos", p.front)
	r.Page("/derechos.csv", p.table)
	r.Act("/derechos", p.ask)
	r.Private("/derechos/mio", p.door)
	r.Act("/derechos/mio", p.mine)
	r.Act("/derechos/mio/copia", p.copy)
	r.Desk("/mesa/derechos/{edition}", p.queue)
	for _, d := range deeds {
		r.Act("/mesa/derechos/{edition}/"+d.path, p.deed(d))
	}
}

// sheet is the public page with its form.
type sheet struct {
	leaf.Page
	problems leaf.Problems
	fields   []leaf.Field
	kinds    leaf.Field
	text     leaf.Field
	edition  leaf.Field
	counts   [][]string
	own      string
	terms    []leaf.Row
}

// editions are those that take requests: ours, the newest first.
func (p *Pages) editions(r *door.Request) (out []edition.Edition, err error) {
	all, err := p.Edition.List(r.Context(), "")
	for _, e := range all {
		if !e.Documented && e.Protocol != nil {
			out = append(out, e)
		}
	}
	return out, err
}

func (p *Pages) front(r *door.Request) (door.View, error) {
	s, err := p.sheet(r, leaf.Problems{})
	return door.View{Body: frontPage(s), Tags: []string{"rights", "editions"}, Until: r.Now.Add(time.Hour)}, err
}

func (p *Pages) sheet(r *door.Request, problems leaf.Problems) (s sheet, err error) {
	w := r.Words
	s = sheet{Page: leaf.From(r, w.T("ar.title")), problems: problems, own: r.To("/derechos/mio")}
	s.State, s.More, s.Synthetic = w.T("ar.state"), w.T("ar.more"), r.Site.Demo
	s.Path, s.Downloads = "/derechos", []leaf.Link{{Text: "CSV", Href: r.To("/derechos.csv")}}
	eds, err := p.editions(r)
	if err != nil {
		return s, err
	}
	typed := func(name string) string { return r.Value(name) }
	s.kinds = leaf.Field{Name: "kind", Label: w.T("ar.kind.label"), Value: typed("kind"), Error: problems.For("kind")}
	for _, k := range civic.AllKinds() {
		s.kinds.Options = append(s.kinds.Options, leaf.Option{Value: string(k), Text: w.T("ar.kind." + string(k)), Hint: w.T("ar.kind." + string(k) + ".what")})
	}
	s.edition = leaf.Field{Name: "edition", Label: w.T("ar.edition"), Value: typed("edition")}
	for _, e := range eds {
		s.edition.Options = append(s.edition.Options, leaf.Option{Value: string(e.ID), Text: chain.Name(w, e)})
	}
	s.fields = []leaf.Field{
		{Name: "folio", Label: w.T("ar.folio"), Hint: w.T("ar.folio.hint"), Value: typed("folio"), Error: problems.For("folio"), Folio: true},
		{Name: "key", Label: w.T("qt.mine.key"), Hint: w.T("qt.mine.key.hint"), Error: problems.For("key")},
		{Name: "name", Label: w.T("ar.name"), Hint: w.T("ar.name.hint"), Value: typed("name"), Error: problems.For("name")},
		{Name: "contact", Label: w.T("ar.contact"), Hint: w.T("ar.contact.hint"), Value: typed("contact"), Error: problems.For("contact")},
	}
	s.text = leaf.Field{Name: "text", Label: w.T("ar.text"), Hint: w.T("ar.text.hint"), Value: r.Form.Get("text"), Error: problems.For("text"), Max: 2000}
	if len(eds) > 0 {
		t := civic.TermsOf(eds[0].Protocol.Regime)
		note := w.T("ar.term.template")
		if t.Sourced {
			note = w.T("ar.term.sourced")
		}
		s.terms = []leaf.Row{{Label: w.T("ar.term.regime"), Value: string(t.Regime)}, {Label: w.T("ar.term.answer"), Value: w.T("ar.days", "n", w.N(t.Answer.N)) + ". " + note},
			{Label: w.T("ar.term.extension"), Value: w.T("ar.days", "n", w.N(t.Extension.N)) + ". " + note},
			{Label: w.T("ar.term.execute"), Value: w.T("ar.days", "n", w.N(t.Execute.N)) + ". " + w.T("ar.term.template")}}
	}
	counts, err := p.counts(r, eds)
	for _, c := range counts {
		s.counts = append(s.counts, []string{w.T("ar.kind." + string(c.Kind)), w.N(c.Received), w.N(c.Open), w.N(c.InTime), w.N(c.Late)})
	}
	return s, err
}

// counts adds up the requests of all editions.
func (p *Pages) counts(r *door.Request, eds []edition.Edition) (all []civic.Count, err error) {
	for _, k := range civic.AllKinds() {
		all = append(all, civic.Count{Kind: k})
	}
	for _, e := range eds {
		some, err := p.Rights.Counts(r.Context(), e.ID, r.Now)
		if err != nil {
			return nil, err
		}
		for i, c := range some {
			all[i].Received, all[i].Open, all[i].InTime, all[i].Late = all[i].Received+c.Received, all[i].Open+c.Open, all[i].InTime+c.InTime, all[i].Late+c.Late
		}
	}
	return all, nil
}

func (p *Pages) table(r *door.Request) (door.View, error) {
	eds, err := p.editions(r)
	if err != nil {
		return door.View{}, err
	}
	all, err := p.counts(r, eds)
	rows := [][]string{}
	for _, c := range all {
		rows = append(rows, []string{string(c.Kind), r.Words.N(c.Received), r.Words.N(c.Open), r.Words.N(c.InTime), r.Words.N(c.Late), feed.Word(r.Words, r.Site.Demo)})
	}
	return door.View{File: feed.CSV("derechos", []string{"right", "received", "open", "in_time", "late", "note"}, rows), Tags: []string{"rights", "editions"}}, err
}

// slip is what whoever asked takes home, or one's own request.
type slip struct {
	leaf.Page
	card    civic.Card
	code    string
	rows    []leaf.Row
	done    []leaf.Row // question by question
	sum     leaf.Ledger
	copy    bool
	form    bool
	problem leaf.Problems
	folio   string
	notice  string
}

func (p *Pages) ask(r *door.Request) (door.View, error) {
	rc, err := p.Rights.Ask(r.Context(), glosa.Citizen(), civic.Ask{Edition: glosa.EditionID(r.Value("edition")), Kind: civic.Kind(r.Value("kind")),
		Text: r.Form.Get("text"), Contact: r.Value("contact"), Language: glosa.Code(r.Words.Lang), Name: r.Value("name"), Folio: r.Value("folio"), Key: r.Value("key")})
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		s, err := p.sheet(r, problems)
		if err != nil {
			return door.View{}, err
		}
		v, err := door.Redo(frontPage(s))
		v.NoStore = true
		return v, err
	}
	if err != nil {
		return door.View{}, err
	}
	return p.opened(r, rc.ID, rc.Code, r.Words.T("ar.kept"))
}

// door asks for folio and code of a request.
func (p *Pages) door(r *door.Request) (door.View, error) {
	return door.View{Body: ownPage(p.knock(r, leaf.Problems{})), NoStore: true}, nil
}

func (p *Pages) knock(r *door.Request, problems leaf.Problems) slip {
	s := slip{Page: leaf.From(r, r.Words.T("ar.own")), form: true, problem: problems, folio: r.Value("request")}
	s.Path, s.NoIndex, s.Synthetic = "/derechos/mio", true, r.Site.Demo
	return s
}

func (p *Pages) mine(r *door.Request) (door.View, error) {
	id, err := civic.ParseID(r.Value("request"))
	if err != nil {
		return p.again(r, glosa.WrongField("code", "ar.badcode"))
	}
	return p.opened(r, id, r.Value("code"), "")
}

func (p *Pages) again(r *door.Request, err error) (door.View, error) {
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if !wrong {
		return door.View{}, err
	}
	v, err := door.Redo(ownPage(p.knock(r, problems)))
	v.NoStore = true
	return v, err
}

// opened is one's own request. Its code is shown only when it was just made.
func (p *Pages) opened(r *door.Request, id civic.ID, code, notice string) (door.View, error) {
	c, err := p.Rights.Own(r.Context(), glosa.Citizen(), id, code)
	if err != nil {
		return p.again(r, err)
	}
	w := r.Words
	ed, err := p.Edition.Get(r.Context(), c.Edition)
	if err != nil {
		return door.View{}, err
	}
	s := slip{Page: leaf.From(r, w.T("ar.own")), card: c, code: code, notice: notice, copy: c.Kind == civic.Access && len(c.Done) > 0, done: questionsOf(r, c)}
	s.Path, s.NoIndex, s.Synthetic = "/derechos/mio", true, ed.Synthetic
	s.State, s.More = w.T("ar.is."+string(c.State))+".", w.T("ar.is."+string(c.State)+".what")
	if c.State == civic.Received && c.Proof == civic.NotYet {
		s.More = w.T("ar.identity")
	}
	s.rows = rowsOf(r, c, ed)
	s.sum = sumOf(r, c.Sum, ed)
	return door.View{Body: ownPage(s), NoStore: true}, nil
}

// rowsOf says what a request is.
func rowsOf(r *door.Request, c civic.Card, ed edition.Edition) (rows []leaf.Row) {
	w := r.Words
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, leaf.Row{Label: w.T(key), Value: value})
		}
	}
	add("ar.row.folio", string(c.ID))
	add("ar.row.kind", w.T("ar.kind."+string(c.Kind)))
	add("ar.row.received", w.Day(c.Received.In(ed.Zone)))
	add("ar.row.due", w.Day(c.Sum.Due.In(ed.Zone)))
	if c.Outcome != "" {
		add("ar.row.outcome", w.T("ar.outcome."+string(c.Outcome)))
	}
	if c.Ground != "" {
		add("ar.row.ground", w.T("ar.ground."+string(c.Ground)))
	}
	if c.Outcome == civic.Granted && c.Executed.IsZero() {
		add("ar.row.execute", w.Day(c.Execute.Due.In(ed.Zone)))
	}
	if c.Check != "" {
		add("ar.row.check", w.T("ar.check."+string(c.Check)))
	}
	if !c.Executed.IsZero() {
		add("ar.row.executed", w.Day(c.Executed.In(ed.Zone)))
	}
	add("ar.row.text", c.Text)
	return rows
}

// sumOf is how the day was counted.
func sumOf(r *door.Request, sum edition.Sum, ed edition.Edition) leaf.Ledger {
	w := r.Words
	l := leaf.Ledger{Caption: w.T("k.how"), Small: true}
	for _, st := range sum.Steps {
		value := ""
		switch st.Kind {
		case edition.StepStart, edition.StepDue:
			value = w.Day(st.Date.In(ed.Zone))
		case edition.StepSkipped:
			value = w.Day(st.Date.In(ed.Zone)) + " " + st.Name.In(w.Lang)
		default:
			value = w.T("ar.days", "n", w.N(st.N))
		}
		row := leaf.Row{Label: w.T(st.Key()), Value: value}
		if st.Kind == edition.StepDue {
			l.Total = &row
			continue
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

// copy is everything that is held on whoever asked, as a file.
func (p *Pages) copy(r *door.Request) (door.View, error) {
	id, err := civic.ParseID(r.Value("request"))
	if err != nil {
		return p.again(r, glosa.WrongField("code", "ar.badcode"))
	}
	c, err := p.Rights.Copy(r.Context(), glosa.Citizen(), id, r.Value("code"))
	if err != nil {
		return p.again(r, err)
	}
	f, err := feed.JSON(string(id)+"-copia", c)
	return door.View{File: f, NoStore: true}, err
}

// bench is the desk of one edition's requests.
type bench struct {
	leaf.Page
	edition  edition.Edition
	cards    []civic.Card
	problems leaf.Problems
	names    who.Names
	r        *door.Request
}

func (p *Pages) queue(r *door.Request) (door.View, error) {
	b, err := p.bench(r, leaf.Problems{})
	return door.View{Body: benchPage(b)}, err
}

func (p *Pages) bench(r *door.Request, problems leaf.Problems) (b bench, err error) {
	id := glosa.EditionID(r.Path("edition"))
	cards, err := p.Rights.Queue(r.Context(), r.Actor, id)
	if err != nil {
		if glosa.KindOf(err) == glosa.Denied {
			err = glosa.Missing("edition", string(id))
		}
		return b, err
	}
	ed, err := p.Edition.Get(r.Context(), id)
	if err != nil {
		return b, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	b = bench{Page: leaf.From(r, r.Words.T("ar.desk")), edition: ed, cards: cards, problems: problems, names: names, r: r}
	b.Path, b.NoIndex, b.Signed, b.Synthetic = "/mesa/derechos/"+string(id), true, names.Actor(r.Actor), ed.Synthetic
	b.Crumbs = []leaf.Link{{Text: r.Words.T("en.desk.title"), Href: r.To("/mesa")}}
	n := 0
	for _, c := range cards {
		if c.State != civic.Resolved && c.State != civic.Executed {
			n++
		}
	}
	b.State = r.Words.T("ar.desk.n", "n", r.Words.N(n))
	b.More = r.Words.T("ar.desk.what")
	return b, err
}

// deed is one act of the desk.
type deed struct {
	path string
	do   func(ctx context.Context, desk *civic.Desk, r *door.Request, id civic.ID) error
}

var deeds = []deed{
	{"mostrada", func(ctx context.Context, d *civic.Desk, r *door.Request, id civic.ID) error {
		return d.Identify(ctx, r.Actor, id, civic.Seen{Folios: strings.FieldsFunc(r.Value("folios"), between), Check: glosa.Code(r.Value("check")), Name: r.Value("name")})
	}},
	{"prorroga", func(ctx context.Context, d *civic.Desk, r *door.Request, id civic.ID) error {
		return d.Extend(ctx, r.Actor, id, glosa.Code(r.Value("reason")))
	}},
	{"resolver", func(ctx context.Context, d *civic.Desk, r *door.Request, id civic.ID) error {
		return d.Resolve(ctx, r.Actor, id, civic.Outcome(r.Value("outcome")), glosa.Code(r.Value("ground")))
	}},
	{"ejecutar", func(ctx context.Context, d *civic.Desk, r *door.Request, id civic.ID) error {
		return d.Execute(ctx, r.Actor, id)
	}},
}

// between tells what stands between one folio and the next.
func between(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' }

func (p *Pages) deed(d deed) door.Handler {
	return func(r *door.Request) (door.View, error) {
		id, err := civic.ParseID(r.Value("request"))
		if err == nil {
			err = d.do(r.Context(), p.Rights, r, id)
		}
		var e *glosa.Error
		if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong && errors.As(err, &e) {
			b, err := p.bench(r, problems)
			if err != nil {
				return door.View{}, err
			}
			return door.Redo(benchPage(b))
		}
		if err != nil {
			return door.View{}, err
		}
		return door.Done(r.To("/mesa/derechos", r.Path("edition")), "rights")
	}
}
