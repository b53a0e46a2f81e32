package question

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/priority"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// card is the page of one question.
type card struct {
	leaf.Page
	scene     scene
	q         civic.Page
	public    bool
	steps     []leaf.Step
	originals []civic.Original
	promises  []commitment.Row
	holdings  []leaf.Row
	decisions []leaf.Entry
	supports  string
	tell      bool // the action is to be told: say how
	follow    []leaf.Link
	delivered *leaf.Step // its answer was carried back by the desk that took it in
}

func (p *Pages) show(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	if string(id) != r.Path("folio") {
		return door.View{Go: r.To("/preguntas", string(id))}, nil
	}
	q, err := p.Question.Page(r.Context(), id)
	if p.isPrinted(err) {
		return p.printed(r, id)
	}
	if err != nil {
		return door.View{}, err
	}
	s, err := p.scene(r, q.Edition)
	if err != nil {
		return door.View{}, err
	}
	c := card{scene: s, q: q, public: q.Text != ""}
	c.head()
	until := q.Until
	sealed, err := p.stamp(&c)
	if err != nil {
		return door.View{}, err
	}
	if !sealed {
		until = sooner(until, r.Now.Add(time.Second))
	}
	if c.public {
		if err := p.beyond(&c); err != nil {
			return door.View{}, err
		}
		until = sooner(until, c.window())
	}
	if !c.tell && q.State != civic.Withdrawn && !q.Erased {
		c.follow = append(c.follow, leaf.Link{Text: r.Words.T("q.tell"), Href: c.notices()})
	}
	more, err := p.came(&c)
	if err != nil {
		return door.View{}, err
	}
	c.story()
	return door.View{Body: cardPage(c), Tags: append(tagsOf(q), more...), Until: sooner(until, nextMidnight(s))}, nil
}

// notices is where one leaves an address to hear of this question.
func (c *card) notices() string {
	return c.scene.r.To("/avisos") + "?pregunta=" + string(c.q.ID)
}

// tagsOf are what a question's page shows: itself, the common one, and the stage
// and dates of its edition. "editions" moves with these alone; the edition's own
// tag moves with every question and every ballot.
func tagsOf(q civic.Page) []string {
	tags := []string{"question:" + string(q.ID), "editions"}
	if q.Canonical != q.ID {
		tags = append(tags, "question:"+string(q.Canonical))
	}
	return tags
}

// sooner is the earlier of two instants, where zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// nextMidnight is when days are counted anew.
func nextMidnight(s scene) time.Time {
	y, m, d := s.local(s.Now).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, s.Edition.Zone)
}

// head is title, margin, state and clock.
func (c *card) head() {
	s, q := c.scene, c.q
	w, r := s.Words, s.r
	title := w.T("qt.title", "folio", string(q.ID))
	if c.public {
		title = q.Text
	}
	if q.Unwritten() {
		title = w.T("ak.awaits")
	}
	c.Page = s.page(title)
	c.Asked = c.public
	if c.public && string(q.Language) != w.Lang {
		c.TitleLang = string(q.Language)
	}
	c.Crumbs = []leaf.Link{{Text: w.T("nav.questions"), Href: r.To("/ediciones", string(q.Edition), "preguntas")}, {Text: string(q.ID)}}
	c.Shape, c.State = s.Standing(q.Brief)
	c.Clock = s.Running(q)
	if at := s.Edition.Stage; at == edition.Postponed || at == edition.Cancelled {
		c.More = w.T("cn.is." + string(at))
	}
	lines := []leaf.Link{{Text: w.T("qt.received", "date", w.Day(s.local(q.Received)))}}
	if q.Municipality != "" {
		lines = append(lines, leaf.Link{Text: s.Directory.Municipality(q.Municipality)})
	}
	if c.public {
		switch {
		case q.NameFrom.IsZero():
			lines = append(lines, leaf.Link{Text: w.T("a.anon")})
		case q.Name.IsEmpty():
			lines = append(lines, leaf.Link{Text: w.T("qt.signed.soon", "date", s.day(q.NameFrom))})
		default:
			lines = append(lines, leaf.Link{Text: w.T("qt.signed"), Href: r.To("/preguntas", string(q.ID), "nombre")})
		}
	}
	lines = append(lines, leaf.Link{Text: "Atom", Href: r.To("/preguntas", string(q.ID), "atom")})
	c.Margin = leaf.Margin{Head: string(q.ID), Lines: lines, Synthetic: false}
	c.Side = ownBox(c.Page, string(q.ID))
	if q.Follows != "" {
		c.follow = append(c.follow, leaf.Link{Text: w.T("qt.follows", "folio", string(q.Follows)), Href: r.To("/preguntas", string(q.Follows))})
	}
	if q.FollowedBy != "" {
		c.follow = append(c.follow, leaf.Link{Text: w.T("qt.followed", "folio", string(q.FollowedBy)), Href: r.To("/preguntas", string(q.FollowedBy))})
	}
	if c.public {
		c.Downloads = []leaf.Link{{Text: "Atom", Href: r.To("/preguntas", string(q.ID), "atom")}, {Text: "JSON", Href: r.To("/preguntas", string(q.ID), "json")},
			{Text: w.T("qt.slip.shareable"), Href: r.To("/preguntas", string(q.ID), "comprobante")}}
	}
}

// Running is the clock of a question, explained; nil when none runs.
func (s Speaker) Running(q civic.Page) *leaf.Clock {
	if !q.HasClock {
		return nil
	}
	w := s.Words
	switch q.State {
	case civic.Admitted, civic.Routed, civic.Overdue:
		to := string(q.Institution)
		for _, h := range q.Holdings() {
			to = cmp.Or(string(h.Institution), to)
			break
		}
		start := w.T("qt.start.routed", "institution", to)
		switch {
		case q.Unrouted() && q.Clock.Start.After(q.Admitted):
			start = w.T("qt.start.agenda")
		case q.Unrouted():
			start = w.T("qt.start.admitted")
		case q.Institution == "" && q.Clock.Start.After(q.Holdings()[0].From):
			start = w.T("qt.start.assign")
		}
		c := s.Deadline(q.Clock, start)
		c.Open = true
		if q.State == civic.Overdue && c.Run == leaf.Late {
			c.Rest = s.Holder(q.Brief) + ". " + c.Rest
		}
		return c
	case civic.Received:
		start := w.T("qt.start.received")
		if q.Edited() {
			start = w.T("qt.start.edited")
		}
		return s.Deadline(q.Clock, start)
	case civic.Refused:
		if s.Now.After(q.Clock.Due) { // the author's time is over: nobody owes anything
			return &leaf.Clock{Bold: w.T("qt.appeal.over") + ".", Rest: w.T("k.was", "date", w.Date(s.local(q.Clock.Due))) + ".", Run: leaf.Met}
		}
	}
	return s.Deadline(q.Clock, w.T("qt.start."+string(q.State)))
}

// stamp is the question's place in the record, and what the citation says of it.
func (p *Pages) stamp(c *card) (sealed bool, err error) {
	q, s := c.q, c.scene
	l, ok, err := p.leafOf(s.r, q.ID, glosa.Hash{})
	if err != nil {
		return false, err
	}
	sealed = ok && l.N < p.Record.Size()
	st := &leaf.Stamp{State: leaf.Sealing}
	if sealed {
		st = &leaf.Stamp{N: l.N, At: s.local(l.At), Href: s.r.To("/preguntas", string(q.ID), "comprobante")}
		if q.Erased {
			st.State = leaf.Erased
		}
	}
	c.Stamp = st
	cite := &leaf.Cite{Text: string(q.ID) + ". " + s.Heading(q.Brief), Date: s.Words.Stamp(s.local(s.Now)), URL: chain.Permanent(s.r, s.r.To("/preguntas", string(q.ID)))}
	if sealed {
		cite.Record = s.Words.T("qt.cite.record", "n", s.Words.N(int(l.N)))
	}
	c.Margin.Cite = cite
	return sealed, nil
}

// beyond adds what other rooms know: supports, the agenda, promises.
func (p *Pages) beyond(c *card) (err error) {
	q, s := c.q, c.scene
	w := s.Words
	if c.promises, err = p.Commitment.OfQuestion(s.r.Context(), q.Canonical); err != nil {
		return err
	}
	c.originals = append(c.originals, q.Originals...)
	ends := s.Edition.SupportCloses()
	switch {
	case c.supportable():
		c.Action = &leaf.Action{Text: w.T("q.sup"), Href: s.r.To("/preguntas", string(q.ID), "apoyo"), Post: true}
		c.supports = w.T("qt.sup.until", "date", w.DayMonth(s.local(ends)))
	case q.State == civic.Routed || q.State == civic.Overdue || q.Agenda == civic.OnAgenda:
		c.Action = &leaf.Action{Text: w.T("q.tell"), Href: c.notices()}
		c.tell = true
	}
	if q.Agenda == civic.NoAgenda {
		return nil
	}
	a, err := p.Priority.Agenda(s.r.Context(), q.Edition)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return err
	}
	if n, ok := supporters(a, q.Canonical); ok {
		c.supports = w.T("qt.sup.count", "n", w.N(n)) + " " + w.T("qt.sup.closed", "date", w.DayMonth(s.local(ends)))
	}
	return nil
}

// supporters is how many devices supported a question, once the agenda is made.
func supporters(a priority.Agenda, id glosa.QuestionID) (n int, ok bool) {
	for _, x := range a.Chosen {
		if x.Question == id {
			return x.Supporters, true
		}
	}
	for _, x := range a.Missed {
		if x.Question == id {
			return x.Supporters, true
		}
	}
	return 0, false
}

// supportable tells whether a support would be taken now. The desk decides again.
func (c *card) supportable() bool {
	ed, now := c.scene.Edition, c.scene.Now
	if c.q.Agenda != civic.NoAgenda || !c.q.State.TextIsPublic() || c.q.Follows != "" {
		return false
	}
	stage, ends := ed.StageAt(now), ed.SupportCloses()
	return (stage == edition.IntakeOpen || stage == edition.IntakeClosed) && (ends.IsZero() || now.Before(ends))
}

// window is when the button of support may go by an act on the edition: such
// acts are not among this page's tags, since every question of the edition would
// move them; a minute late is harmless, because the desk refuses by itself.
func (c *card) window() time.Time {
	if !c.supportable() {
		return time.Time{}
	}
	return sooner(c.scene.Edition.SupportCloses(), c.scene.Now.Add(time.Minute))
}

// data is a question as programs read it.
func (p *Pages) data(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	q, err := p.Question.Page(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	s, err := p.scene(r, q.Edition)
	if err != nil {
		return door.View{}, err
	}
	type answer struct {
		civic.Signed
		Digest glosa.Hash `json:"digest"`
		At     time.Time  `json:"signed_at"`
		Reason string     `json:"correction_reason,omitempty"`
	}
	out := struct {
		item
		Context string   `json:"context,omitempty"`
		Answers []answer `json:"answers"`
	}{item: s.item(r, q.Brief), Context: q.Context, Answers: []answer{}}
	for _, v := range q.Answers {
		out.Answers = append(out.Answers, answer{v.Signed(q.Canonical),
			v.Digest, v.SignedAt.UTC(), v.Reason})
	}
	f, err := feed.JSON(string(id), out)
	return door.View{File: f, Tags: tagsOf(q)}, err
}

// story is everything that happened to a question, as a feed.
func (p *Pages) story(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	q, err := p.Question.Page(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	s, err := p.scene(r, q.Edition)
	if err != nil {
		return door.View{}, err
	}
	var entries []feed.Entry
	for _, st := range slices.Backward(q.Steps) {
		x := s.Happened(q.Edition, st)
		entries = append(entries, feed.Entry{Invented: s.Edition.Synthetic, Title: strings.TrimSpace(string(id) + ". " + x.Bold + " " + x.Rest), Path: r.To("/preguntas", string(id)), Step: "paso-" + strconv.Itoa(st.N),
			Summary: s.Heading(q.Brief), Updated: st.At})
	}
	f, err := feed.Atom(r, s.Words.T("qt.title", "folio", string(id)), r.To("/preguntas", string(id)), entries)
	return door.View{File: f, Tags: tagsOf(q)}, err
}

// name is the page that shows who signed, and the only one: it is not indexed.
func (p *Pages) name(r *door.Request) (door.View, error) {
	id, err := civic.ParseFolio(r.Path("folio"))
	if err != nil {
		return door.View{}, err
	}
	q, err := p.Question.Page(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	if q.Name.IsEmpty() {
		return door.View{}, glosa.Missing("name", string(id))
	}
	s, err := p.scene(r, q.Edition)
	if err != nil {
		return door.View{}, err
	}
	page := s.page(s.Words.T("qt.name.title", "folio", string(id)))
	page.NoIndex = true
	page.Crumbs = []leaf.Link{{Text: s.Words.T("nav.questions"), Href: r.To("/ediciones", string(q.Edition), "preguntas")}, {Text: string(id), Href: r.To("/preguntas", string(id))}}
	page.More = s.Words.T("qt.name.what")
	return door.View{Body: namePage(page, q.Name.Reveal()), Tags: []string{"question:" + string(id)}, NoStore: true}, nil
}

// with is the page with what stands under its action.
func (c card) with(under templ.Component) leaf.Page {
	c.Page.Under = under
	return c.Page
}

// short is a folio without its edition's code, where the edition is understood.
func short(id glosa.QuestionID) string {
	_, number, ok := strings.Cut(string(id), "-")
	if !ok {
		return string(id)
	}
	return number
}

// ratings is what the askers said of the answer: an account that closes.
func (c card) ratings() leaf.Ledger {
	w, total := c.Words, 0
	l := leaf.Ledger{Caption: w.T("q.rate"), Small: true}
	for _, word := range []glosa.Code{civic.Yes, civic.Partly, civic.No} {
		total += c.q.Ratings[word]
		l.Rows = append(l.Rows, leaf.Row{Label: w.T("qt.rate." + string(word)), Value: w.N(c.q.Ratings[word])})
	}
	l.Total = &leaf.Row{Label: w.T("qt.rate.all"), Value: w.N(total)}
	return l
}

// basisKey is how the basis of an answer is introduced.
func basisKey(v civic.Version) string {
	if v.Kind == civic.Elsewhere {
		return "qt.answer.elsewhere"
	}
	return "q.basis"
}

// promised is a promised date as people read it.
func (s Speaker) promised(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, s.Edition.Zone)
	if err != nil {
		return day
	}
	return s.Words.Date(t)
}
