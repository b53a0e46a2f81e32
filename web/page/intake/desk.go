package intake

import (
	"crypto/rand"
	"net/http"
	"strconv"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	civic "glosa/civic/question/intake"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// lobby is the desks of an edition, before those who work at them.
type lobby struct {
	leaf.Page
	s        scene
	items    []leaf.Item
	mayOpen  bool
	problems leaf.Problems

	kind, name, place, municipality leaf.Field
}

func (p *Pages) desks(r *door.Request) (door.View, error) {
	l, err := p.lobby(r, leaf.Problems{})
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: lobbyPage(l)}, nil
}

func (p *Pages) lobby(r *door.Request, problems leaf.Problems) (l lobby, err error) {
	id := glosa.EditionID(r.Path("edition"))
	tables, err := p.Intake.Tables(r.Context(), r.Actor, id)
	if glosa.KindOf(err) == glosa.Denied && r.Actor.Edition != "" && r.Actor.Edition != id {
		err = glosa.Missing("edition", string(id))
	}
	if err != nil {
		return l, err
	}
	s, err := p.scene(r)
	if err != nil {
		return l, err
	}
	w := r.Words
	l = lobby{s: s, problems: problems, Page: s.page(w.T("it.desks"))}
	l.Crumbs = l.Crumbs[:1]
	l.State = w.T("it.none")
	if len(tables) > 0 {
		l.State = w.T("it.desks.n", "n", w.N(len(tables))) + "."
	}
	for _, t := range tables {
		l.items = append(l.items, leaf.Item{Text: t.Name, Href: at(r, t.ID), Shape: leaf.Open, Word: kind(s, t.Kind),
			Notes: []string{s.Directory.Municipality(t.Municipality), w.T("it.questions.n", "n", w.N(t.Questions))}})
	}
	stage := s.Edition.StageAt(r.Now)
	l.mayOpen = r.Actor.MayIn("intake.open", id) == nil && !stage.Before(edition.Called) && !edition.IntakeOpen.Before(stage)
	box := func(name, label, hint string) leaf.Field {
		return leaf.Field{Name: name, Label: w.T(label), Hint: w.T(hint), Value: r.Form.Get(name), Error: problems.For(name), Required: true}
	}
	l.kind = box("kind", "it.kind", "it.kind.hint")
	for _, k := range civic.Doors() {
		l.kind.Options = append(l.kind.Options, leaf.Option{Value: string(k), Text: kind(s, k), Hint: w.T("it.door.how." + string(k))})
	}
	if l.kind.Value == "" {
		l.kind.Value = string(civic.Paper)
	}
	l.name, l.place = box("name", "it.name", "it.name.hint"), box("place", "it.place", "it.place.hint")
	l.municipality = s.municipality(r.Form.Get("municipality"), problems, true)
	return l, nil
}

// municipality asks for a place of the edition's territory.
func (s scene) municipality(value string, problems leaf.Problems, must bool) leaf.Field {
	f := leaf.Field{Name: "municipality", Label: s.Words.T("it.municipality"), Value: value, Error: problems.For("municipality"), Required: must}
	if value == "" {
		f.Options = []leaf.Option{{Text: s.Words.T("qt.choose")}}
	}
	for _, m := range s.Directory.Municipalities {
		f.Options = append(f.Options, leaf.Option{Value: string(m.Code), Text: m.Name})
	}
	return f
}

// open opens a desk.
func (p *Pages) open(r *door.Request) (door.View, error) {
	ed := glosa.EditionID(r.Path("edition"))
	id, err := p.Intake.Open(r.Context(), r.Actor, ed, civic.Opening{Kind: glosa.Code(r.Value("kind")), Name: r.Value("name"),
		Place: r.Value("place"), Municipality: glosa.TerritoryCode(r.Value("municipality"))})
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		l, err := p.lobby(r, problems)
		if err != nil {
			return door.View{}, err
		}
		return door.Redo(lobbyPage(l))
	}
	if err != nil {
		return door.View{}, err
	}
	return door.Done(at(r, id), "edition:"+string(ed))
}

// desk is one desk: its form, its ledger, its batches.
type desk struct {
	leaf.Page
	s         scene
	room      civic.Room
	problems  leaf.Problems
	taken     *question.Receipt // what the form before this one gave
	ledger    leaf.Ledger
	late      bool // people cannot ask any more: counted paper only
	enters    bool
	prints    bool
	counts    bool
	once      string
	kiosk     string
	invites   bool   // people may ask, or soon will: a device can be opened
	code      string // that opens one, shown this once
	codeUntil string

	folio, text, context, municipality, language, name, askedOn leaf.Field
	sheets, voids, reason, waiting, missing, file               leaf.Field
}

func (p *Pages) room(r *door.Request) (door.View, error) {
	d, err := p.deskOf(r, leaf.Problems{}, nil)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: deskPage(d)}, nil
}

func (p *Pages) deskOf(r *door.Request, problems leaf.Problems, taken *question.Receipt) (d desk, err error) {
	room, err := p.here(r)
	if err != nil {
		return d, err
	}
	s, err := p.scene(r)
	if err != nil {
		return d, err
	}
	w := r.Words
	d = desk{s: s, room: room, problems: problems, taken: taken, Page: s.page(room.Name), ledger: s.ledger(room.Table), once: rand.Text()}
	d.State = w.T("it.questions.n", "n", w.N(room.Questions)) + "."
	d.More = kind(s, room.Kind) + ". " + w.T("it.shown.not")
	if room.Shown() {
		d.More = kind(s, room.Kind) + ". " + w.T("it.shown")
	}
	d.Margin.Lines = append(d.Margin.Lines, leaf.Notes(s.Directory.Municipality(room.Municipality), room.Place)...)
	stage := s.Edition.StageAt(r.Now)
	d.late = stage == edition.IntakeClosed
	asks := stage == edition.IntakeOpen
	paper := room.Kind == civic.Paper
	d.enters = room.Kind != civic.Kiosk && (asks || paper && d.late && room.Left() > 0)
	d.prints = paper && room.Counted.IsZero() && (asks || stage == edition.Called || stage == edition.ReportPublished)
	d.counts = paper && room.Counted.IsZero() && room.Ledger.Issued > 0 && (asks || d.late) && s.Edition.Sealed.IsZero()
	if room.Kind == civic.Kiosk {
		d.invites = r.Actor.MayIn("intake.kiosk", room.Edition) == nil && (asks || stage == edition.Called || stage == edition.ReportPublished)
		d.kiosk = r.To("/ediciones", string(room.Edition), "kiosco", string(room.ID))
	}
	d.fields(r)
	return d, nil
}

// fields are the boxes of the desk's forms. After a question was taken, what the
// next one shares with it stays.
func (d *desk) fields(r *door.Request) {
	w := d.Words
	box := func(name, label, hint string) leaf.Field {
		f := leaf.Field{Name: name, Label: w.T(label), Error: d.problems.For(name)}
		if hint != "" {
			f.Hint = w.T(hint)
		}
		if d.problems.Any() {
			f.Value = r.Form.Get(name)
		}
		return f
	}
	limits := edition.Limits{}
	languages := []string{"es"}
	if p := d.s.Edition.Protocol; p != nil {
		limits, languages = p.Limits, p.Languages
	}
	d.folio = box("folio", "it.folio", "it.folio.hint")
	d.folio.Folio, d.folio.Required = true, true
	d.text = box("text", "qt.ask.text", "it.text.hint")
	d.text.Max, d.text.Required = limits.QuestionLetters, true
	d.context = box("context", "qt.ask.context", "")
	d.context.Max = limits.ContextLetters
	place := r.Form.Get("municipality")
	if place == "" {
		place = string(d.room.Municipality)
	}
	d.municipality = d.s.municipality(place, d.problems, true)
	d.language = box("language", "qt.ask.language", "")
	d.language.Value = r.Form.Get("language")
	for _, l := range languages {
		d.language.Options = append(d.language.Options, leaf.Option{Value: l, Text: spoken(d.s, l)})
	}
	d.name = box("name", "it.signed", "it.signed.hint")
	d.askedOn = box("asked_on", "it.asked", "")
	d.askedOn.Type, d.askedOn.Value = "date", r.Form.Get("asked_on")
	d.sheets = box("sheets", "it.print.n", "it.print.n.hint")
	d.sheets.Type, d.sheets.Required = "number", true
	d.voids = box("void_folio", "it.folio", "")
	d.voids.Folio, d.voids.Required, d.voids.Form = true, true, "anular"
	d.reason = box("reason", "it.void.why", "")
	d.reason.Options = []leaf.Option{{Text: w.T("qt.choose")}}
	for _, c := range civic.VoidReasons() {
		d.reason.Options = append(d.reason.Options, leaf.Option{Value: string(c), Text: w.T("it.void." + string(c))})
	}
	d.waiting, d.missing = box("waiting", "it.count.waiting", "it.count.waiting.hint"), box("missing", "it.count.missing", "it.count.missing.hint")
	d.waiting.Type, d.missing.Type, d.waiting.Required, d.missing.Required = "number", "number", true, true
	d.file = box("file", "it.batch.file", "it.batch.file.hint")
	d.file.Type, d.file.Required, d.file.Value, d.file.Accept = "file", true, "", ".xlsx,.csv,.txt"
}

// spoken is the name of a language.
func spoken(s scene, code string) string {
	if key := "qt.lang." + code; s.Words.Has(key) {
		return s.Words.T(key)
	}
	return code
}

// form reads the boxes of a question.
func form(r *door.Request) civic.Form {
	return civic.Form{Folio: r.Value("folio"), Text: r.Form.Get("text"), Context: r.Form.Get("context"), Municipality: glosa.TerritoryCode(r.Value("municipality")),
		Language: glosa.Code(r.Value("language")), Name: r.Value("name"), AskedOn: r.Value("asked_on"), Once: r.Value("once")}
}

// enter hands in one question; the answer is the form for the next, over which
// stands what this one gave.
func (p *Pages) enter(r *door.Request) (door.View, error) {
	if _, err := p.here(r); err != nil {
		return door.View{}, err
	}
	rc, err := p.Intake.Enter(r.Context(), r.Actor, civic.DeskID(r.Path("desk")), form(r))
	return p.again(r, err, &rc)
}

// again is the desk after one of its forms: with its errors, or as it stands now.
func (p *Pages) again(r *door.Request, err error, taken *question.Receipt) (door.View, error) {
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if err != nil && !wrong {
		return door.View{}, err
	}
	if wrong {
		taken = nil
	}
	d, err := p.deskOf(r, problems, taken)
	if err != nil {
		return door.View{}, err
	}
	v := door.View{Body: deskPage(d), NoStore: true}
	if wrong {
		v.Status = http.StatusUnprocessableEntity
	} else if taken != nil {
		v.Acted = []string{"question:" + string(taken.ID)}
	}
	return v, nil
}

func (p *Pages) void(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	if err = p.Intake.Void(r.Context(), r.Actor, room.ID, r.Value("void_folio"), glosa.Code(r.Value("reason"))); err == nil {
		return door.Done(at(r, room.ID)+"#folios", "intake:"+string(room.ID))
	}
	return p.again(r, err, nil)
}

func (p *Pages) count(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	t := civic.Tally{Waiting: number(r, "waiting"), Missing: number(r, "missing"), Anyway: r.Value("anyway") != ""}
	if err = p.Intake.Count(r.Context(), r.Actor, room.ID, t); err == nil {
		return door.Done(at(r, room.ID)+"#folios", "intake:"+string(room.ID))
	}
	return p.again(r, err, nil)
}

// number reads a whole number; -1, which no desk takes, when it is none.
func number(r *door.Request, name string) int {
	n, err := strconv.Atoi(r.Value(name))
	if err != nil {
		return -1
	}
	return n
}
