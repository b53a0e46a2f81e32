package office

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/leaf"
	"glosa/web/page/question"
	"glosa/web/page/who"
	"glosa/web/text"
)

// pile is the questions of one stretch of time.
type pile struct {
	title string
	rows  []leaf.Item
}

// desk is a list of what waits at a desk, in piles.
type desk struct {
	leaf.Page
	piles  []pile
	shelf  shelf
	none   string
	ways   []leaf.Link // of the inbox: other piles
	sheets []leaf.Link // of the inbox: the sheets that go out
	file   leaf.Field  // and the one that comes back
}

// most is how much one page of a desk shows.
const most = 200

// shelf says which part of a list a page shows, and where the others are.
type shelf struct {
	says          string // "" when it is all there is
	before, after string
}

// start is where the page that was asked for begins, in a list of so many.
func start(r *door.Request, all int) int {
	n, err := strconv.Atoi(r.Query("desde"))
	if err != nil || n < 0 || n >= all {
		return 0
	}
	return n - n%most
}

func shelved(r *door.Request, path string, from, shown, all int) (s shelf) {
	if shown == all {
		return s
	}
	s.says = r.Words.T("of.cut", "from", r.Words.N(min(from+1, all)), "to", r.Words.N(from+shown), "all", r.Words.N(all))
	to := func(at int) string {
		q := url.Values{"desde": {strconv.Itoa(at)}}
		if by := r.Query("por"); by != "" {
			q.Set("por", by)
		}
		return r.To(path) + "?" + q.Encode()
	}
	if from > 0 {
		s.before = to(from - most)
	}
	if from+shown < all {
		s.after = to(from + shown)
	}
	return s
}

func (p *Pages) inbox(r *door.Request) (door.View, error) {
	debt, err := p.Question.Debt(r.Context(), r.Actor)
	if err != nil {
		return door.View{}, err
	}
	from := start(r, debt.All)
	owed, err := p.Question.Inbox(r.Context(), r.Actor, civic.Owing{From: from}, most)
	if err != nil {
		return door.View{}, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	d := desk{Page: page(r, w.T("of.inbox"), names.Actor(r.Actor)), none: w.T("of.none.when")}
	d.Shape, d.State = leaf.Done, w.T("of.none")+"."
	if len(owed) > 0 {
		d.Shape, d.State = leaf.Going, w.T("of.inbox.n", "n", w.N(debt.All))+"."
	}
	d.shelf = shelved(r, "/mesa/enlace", from, len(owed), debt.All)
	speakers := p.speakers(r)
	piles, titles := map[string][]leaf.Item{}, map[string]string{}
	themed := question.Speaker{Words: w, Now: r.Now}
	var next time.Time
	var zone *time.Location
	d.Synthetic = r.Site.Demo || len(owed) > 0
	for _, o := range owed {
		s, err := speakers.of(o.Edition)
		if err != nil {
			return door.View{}, err
		}
		if o.Due.After(r.Now) && (next.IsZero() || o.Due.Before(next)) {
			next, zone = o.Due, s.Edition.Zone
		}
		d.Synthetic = d.Synthetic && s.Edition.Synthetic
		order, key := piledBy(way(r), o, stretch(o, r.Now))
		piles[order] = append(piles[order], row(s, o, r.To("/mesa/enlace", string(o.ID))))
		titles[order] = pileTitle(w, way(r), key)
	}
	if !next.IsZero() {
		d.More = w.T("of.inbox.next", "date", w.Date(next.In(zone)))
	}
	for _, k := range slices.Sorted(maps.Keys(piles)) {
		d.piles = append(d.piles, pile{titles[k], piles[k]})
	}
	if len(owed) > 0 && r.Actor.May("question.draft") == nil {
		d.ways, d.sheets, d.file = ways(r), themesOf(r, debt, themed.Theme), sheetField(w, leaf.Problems{})
	}
	return door.View{Body: deskPage(d)}, nil
}

// pileTitle is the head of a pile.
func pileTitle(w *text.Words, way, key string) string {
	if way != "theme" {
		return w.T("of.group." + key)
	}
	if key == "" {
		return w.T("of.group.none")
	}
	return question.Speaker{Words: w}.Theme(glosa.Code(key))
}

// stretch is the pile that a question belongs to.
func stretch(o civic.Owed, now time.Time) string {
	switch {
	case o.State == civic.Overdue:
		return "overdue"
	case o.Due.IsZero(), o.State == civic.Spoken:
		return "still"
	case o.Due.Before(now.Add(7 * 24 * time.Hour)):
		return "week"
	}
	return "later"
}

// file is one question on a desk, before the liaison or before who signs.
type file struct {
	leaf.Page
	s        question.Speaker
	f        civic.Folder
	problems leaf.Problems
	post     string
	notice   string
	public   bool // something was published already

	kind, short, detail, basis, place, next, evidence, reason, days, note leaf.Field
	offices, why                                                          []leaf.Option
	also                                                                  []companion  // may have the same answer
	together                                                              []civic.Owed // wait for the signature with the same words, this one first
}

// open reads one question for a desk. Another institution's is not there.
func (p *Pages) open(r *door.Request, id glosa.QuestionID, problems leaf.Problems) (file, error) {
	f, err := p.Question.Folder(r.Context(), r.Actor, id)
	if err != nil {
		return file{}, err
	}
	s, err := question.Speak(r, p.Desks, f.Edition)
	if err != nil {
		return file{}, err
	}
	x := file{Page: page(r, f.Text, s.Names.Actor(r.Actor)), s: s, f: f, problems: problems, post: s.Names.Actor(r.Actor), public: len(f.Answers) > 0}
	x.Asked, x.Synthetic = true, s.Edition.Synthetic
	if string(f.Language) != r.Lang {
		x.TitleLang = string(f.Language)
	}
	x.Shape, x.State = s.Standing(f.Brief)
	x.Clock = s.Running(f.Page)
	x.Margin = leaf.Margin{Head: string(id), Lines: []leaf.Link{{Text: x.post}, {Text: r.Words.T("mq.read"), Href: r.To("/preguntas", string(id))}}, Synthetic: s.Edition.Synthetic}
	if slices.ContainsFunc(f.Files(), civic.Attached.ForOffice) {
		x.Margin.Lines = append(x.Margin.Lines, leaf.Link{Text: r.Words.T("ak.desk.file"), Href: r.To("/mesa/adjunto", string(id))})
	}
	x.fields(r)
	if x.signs() && r.Actor.May("question.answer") == nil {
		if x.together, err = p.Question.Together(r.Context(), r.Actor, id); err != nil && glosa.KindOf(err) != glosa.NotFound {
			return file{}, err
		}
	}
	return x, p.companions(r, &x)
}

// fields are the boxes of the answer: what was typed, else the draft, else what
// is published.
func (x *file) fields(r *door.Request) {
	w, was := x.Words, x.said()
	box := func(name, label, hint, value string) leaf.Field {
		f := leaf.Field{Name: name, Label: label, Hint: hint, Value: value, Error: x.problems.For(name)}
		if x.problems.Any() {
			f.Value = r.Form.Get(name)
		}
		return f
	}
	x.kind = box("kind", w.T("of.kind"), "", string(was.Kind))
	for _, k := range []glosa.Code{civic.Said, civic.Cannot, civic.Elsewhere} {
		x.kind.Options = append(x.kind.Options, leaf.Option{Value: string(k), Text: w.T("of.kind." + string(k))})
	}
	x.short = box("short", w.T("of.short"), w.T("of.short.hint"), was.Short)
	x.short.Max, x.short.Required = civic.MaxShort, true
	x.detail = box("detail", w.T("of.detail"), "", was.Detail)
	x.detail.Max = x.f.Longest
	x.basis = box("basis", w.T("of.basis"), w.T("of.basis.hint"), was.Basis)
	x.place = box("place", w.T("of.place"), w.T("of.place.hint"), was.Place)
	x.next = box("next", w.T("of.next"), w.T("of.next.hint"), was.Next)
	x.next.Type = "date"
	x.evidence = box("evidence", w.T("of.evidence"), w.T("of.evidence.hint"), civic.EvidenceLines(was.Evidence))
	x.reason = box("reason", w.T("of.correct.reason"), "", "")
	x.reason.Required = true
	x.days = box("days", w.T("of.extend.days"), "", "")
	x.days.Type = "number"
	x.note = box("note", w.T("of.return"), w.T("of.return.hint"), "")
	x.note.Required = true
	x.offices = []leaf.Option{{Text: w.T("mq.choose")}}
	for _, o := range x.s.Offices() {
		if o.Value != string(x.f.Institution) {
			x.offices = append(x.offices, o)
		}
	}
	for _, c := range []string{"competence", "data"} {
		x.why = append(x.why, leaf.Option{Value: c, Text: w.T("of.refer.reason." + c)})
	}
}

// said is the answer to begin from.
func (x *file) said() civic.Answer {
	switch {
	case x.f.Draft != nil:
		return x.f.Draft.Answer
	case x.public:
		return x.f.Answers[0].Answer
	}
	return civic.Answer{Kind: civic.Said}
}

// editable tells whether the draft can be written now.
func (x file) editable() bool {
	owed := x.f.State == civic.Routed || x.f.State == civic.Overdue || x.f.State == civic.Spoken
	return owed && (x.f.Draft == nil || x.f.Draft.State == civic.Drafted)
}

// refers tells whether the question can still be passed on.
func (x file) refers() bool {
	return (x.f.State == civic.Routed || x.f.State == civic.Overdue) && x.f.Referrals < 2 && !x.referralOver()
}

// referralOver tells whether the time to say that it is another's has passed.
func (x file) referralOver() bool {
	return !x.f.ReferBy.Due.IsZero() && x.f.ReferBy.Overdue(x.s.Now)
}

// referralDay is until when that could or can be said; "" when no term is set.
func (x file) referralDay() string {
	if x.f.ReferBy.Due.IsZero() || x.f.Referrals >= 2 {
		return ""
	}
	return x.Words.Date(x.f.ReferBy.Due.In(x.s.Edition.Zone))
}

// signs tells whether a draft waits for the signature.
func (x file) signs() bool { return x.f.Draft != nil && x.f.Draft.State == civic.InReview }

// read is the hash of the words that the page shows to whoever signs them.
func (x file) read() string {
	h, err := x.f.Draft.Hash()
	if err != nil {
		return "" // nothing is signed by it
	}
	return h.String()
}

// extends tells whether more time can be asked for now.
func (x file) extends() bool {
	return x.f.State == civic.Routed && !x.f.Extended && x.f.MoreDays > 0 && x.s.Now.Before(x.f.Due)
}

// told tells whether there is something to say before the form.
func (x file) told() bool {
	return x.notice != "" || x.f.Carried != "" || x.f.Context != "" || len(x.f.Originals) > 0 || len(x.f.Returned) > 0
}

// speaks tells the same of the page of who signs.
func (x file) speaks() bool { return x.told() || x.problems.Any() || !x.signs() && !x.public }
