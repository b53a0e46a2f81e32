package moderation

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/question"
)

// longest is how much of the queue one page knows of; moderators see one item, and
// go on to the next page from its last.
const longest = 200

// board is the desk as it stands: the queue, and the item before it.
type board struct {
	leaf.Page
	s        question.Speaker
	edition  glosa.EditionID
	problems leaf.Problems
	post     string // what the act will be published under
	items    []civic.Item
	item     *civic.Item // nil when nothing waits
	at       int
	waiting  civic.Backlog // in all
	which    civic.Part    // the part of the queue that items are a page of
	gone     string        // the folio that was asked for and does not wait any more
	before   string        // address of the item before this one in the queue
	after    string
	public   bool                  // the form that was sent back is that of two public questions
	mine     bool                  // this side has spoken already: the item is the other side's
	may      func(civic.Item) bool // decide on it: moderators, or on what is held the convenors
	alike    []match
	unrouted []civic.Brief
	// where each of them may belong: a person confirms
	suggested map[glosa.QuestionID]civic.Suggested
	more      bool // there are more to route than are shown

	grounds, places, reasons, offices, themes, erasures, laws []leaf.Option
}

func folio(typed string) (glosa.QuestionID, error) { return civic.ParseFolio(typed) }

func (p *Pages) queue(r *door.Request) (door.View, error) {
	id := glosa.QuestionID("")
	if typed := r.Query("folio"); typed != "" {
		id, _ = folio(typed) // none: the first of the queue
	}
	b, err := p.board(r, glosa.EditionID(r.Path("edition")), id, leaf.Problems{})
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: boardPage(b)}, nil
}

// board reads the queue, which the room gives to those who may see it.
func (p *Pages) board(r *door.Request, ed glosa.EditionID, id glosa.QuestionID, problems leaf.Problems) (board, error) {
	read, err := p.read(r, ed, id)
	if err != nil {
		return board{}, err
	}
	s, err := question.Speak(r, p.Desks, ed)
	if err != nil {
		return board{}, err
	}
	b := board{Page: leaf.From(r, r.Words.T("mq.title")), s: s, edition: ed, problems: problems, post: s.Names.Actor(r.Actor), items: read.items, waiting: read.waiting, which: read.which, gone: read.gone}
	b.may = func(i civic.Item) bool {
		if i.State == civic.Held {
			return r.Actor.MayIn("question.decide_held", ed) == nil
		}
		return r.Actor.Has(glosa.Moderator)
	}
	b.Path = "/mesa/moderacion/" + string(ed)
	b.Synthetic, b.NoIndex, b.Signed, b.Scripts = s.Edition.Synthetic, true, b.post, []string{"moderation.js"}
	b.Crumbs = []leaf.Link{{Text: r.Words.T("mq.desks"), Href: r.To("/mesa")}, {Text: chain.Name(r.Words, s.Edition)}}
	b.Margin = leaf.Margin{Head: s.Edition.Code, Lines: leaf.Notes(b.post), Synthetic: s.Edition.Synthetic}
	b.pick(r, id)
	b.options()
	if b.item != nil && b.item.State == civic.Received {
		if b.alike, err = p.alike(r, ed, *b.item); err != nil {
			return board{}, err
		}
	}
	b.unrouted, err = p.loose(r, ed, &b)
	return b, err
}

// read is a page of the queue. An item that was asked for and stands on another page
// is read alone.
func (p *Pages) read(r *door.Request, ed glosa.EditionID, id glosa.QuestionID) (b board, err error) {
	if b.waiting, err = p.Question.Backlog(r.Context(), r.Actor, ed); err != nil {
		return b, err
	}
	all, part := b.waiting.Timed, r.Query("parte")
	if b.which.Held = part == heldPart || part == "" && all == 0; b.which.Held {
		all = b.waiting.Held
	}
	if from, err := strconv.Atoi(r.Query("desde")); err == nil && from > 0 && from < all {
		b.which.From = from - from%longest
	}
	if b.items, err = p.Question.Queue(r.Context(), r.Actor, ed, b.which, longest); err != nil {
		return b, err
	}
	if id == "" || slices.ContainsFunc(b.items, func(i civic.Item) bool { return i.ID == id }) {
		return b, nil
	}
	one, err := p.Question.Queue(r.Context(), r.Actor, ed, civic.Part{ID: id}, 1)
	if len(one) == 0 {
		b.gone = string(id)
		return b, err
	}
	b.items, b.which = one, civic.Part{ID: id, Held: one[0].State == civic.Held}
	return b, err
}

// heldPart is the address of what is held.
const heldPart = "retenidas"

// page is the address of a page of the part of the queue that is shown.
func (b *board) page(r *door.Request, from int, folio glosa.QuestionID) string {
	q := url.Values{}
	if b.which.Held {
		q.Set("parte", heldPart)
	}
	if from > 0 {
		q.Set("desde", strconv.Itoa(from))
	}
	if folio != "" {
		q.Set("folio", string(folio))
	}
	at := r.To("/mesa/moderacion", string(b.edition))
	if len(q) > 0 {
		at += "?" + q.Encode()
	}
	return at
}

// halves lead to what has a clock and to what is held, where both wait.
func (b board) halves() (out []leaf.Link) {
	if b.waiting.Held == 0 || b.waiting.Timed == 0 {
		return nil
	}
	at, w := b.Page.To("/mesa/moderacion", string(b.edition)), b.Words
	out = []leaf.Link{{Text: w.T("mq.part.timed", "n", w.N(b.waiting.Timed)), Href: at}, {Text: w.T("mq.part.held", "n", w.N(b.waiting.Held)), Href: at + "?parte=" + heldPart}}
	if b.which.Held {
		out[1].Href = ""
	} else {
		out[0].Href = ""
	}
	return out
}

// loose are the admitted questions that nobody holds yet.
func (p *Pages) loose(r *door.Request, ed glosa.EditionID, b *board) ([]civic.Brief, error) {
	found, next, err := p.Question.List(r.Context(), civic.Filter{Edition: ed, States: []civic.State{civic.Admitted, civic.Overdue}, Unheld: true}, "", 10)
	found = slices.DeleteFunc(found, func(q civic.Brief) bool { return !q.Unrouted() })
	b.more, b.suggested = next != "", map[glosa.QuestionID]civic.Suggested{}
	for _, q := range found {
		s, err := p.Question.SuggestRoute(r.Context(), r.Actor, ed, q.ID)
		if err != nil && glosa.KindOf(err) != glosa.Denied {
			return nil, err
		}
		if s.Institution == "" {
			s.Institution = q.Addressed
		}
		b.suggested[q.ID] = s
	}
	return found, err
}

// pick chooses the item before the moderator: the one asked for, else the first
// that this side may still decide.
func (b *board) pick(r *door.Request, id glosa.QuestionID) {
	w := r.Words
	b.at = slices.IndexFunc(b.items, func(i civic.Item) bool { return i.ID == id })
	if b.at < 0 {
		b.at = max(0, slices.IndexFunc(b.items, func(i civic.Item) bool { return b.may(i) && (i.First != r.Actor.Side || i.First == "") }))
	}
	if len(b.items) == 0 {
		b.Shape, b.State = leaf.Done, w.T("mq.empty")
		return
	}
	b.item = &b.items[b.at]
	b.State = w.T("d.next", "n", w.N(b.waiting.Timed+b.waiting.Held)) + "."
	b.mine = b.item.First != "" && b.item.First == r.Actor.Side
	b.Clock = b.clock(*b.item)
	from, all := b.which.From, b.waiting.Timed
	if b.which.Held {
		all = b.waiting.Held
	}
	switch {
	case b.at > 0:
		b.before = b.page(r, from, b.items[b.at-1].ID)
	case from > 0:
		b.before = b.page(r, from-longest, "")
	}
	switch {
	case b.at+1 < len(b.items):
		b.after = b.page(r, from, b.items[b.at+1].ID)
	case b.which.ID != "" && all > 1:
		b.after = b.page(r, 0, "")
	case b.which.ID == "" && from+len(b.items) < all:
		b.after = b.page(r, from+len(b.items), "")
	}
}

// clock is the item's deadline; nil when none lets it go.
func (b *board) clock(i civic.Item) *leaf.Clock {
	p := b.s.Edition.Protocol
	if i.Due.IsZero() || p == nil {
		return nil
	}
	term, start := p.Moderation.Decide, "qt.start.received"
	switch {
	case i.State.TextIsPublic():
		start = "ak.write.start"
	case i.State == civic.Second:
		term, start = p.Moderation.Second, "qt.start.second"
	case i.State == civic.Appealed:
		term, start = p.Moderation.Review, "qt.start.appealed"
	}
	return b.s.Deadline(b.s.Edition.Deadline(i.Since, term, nil, nil), b.Words.T(start))
}

// help lists where people can be sent, in the order of the form.
var help = []glosa.Code{"municipality", "federation", "congress", "judiciary", "human_rights", "transparency", "sre", "elsewhere"}

// themes are those that the texts name; an edition may have others, which stay.
var themes = []glosa.Code{"salud", "agua", "seguridad", "gasto", "educacion"}

func (b *board) options() {
	w := b.Words
	if p := b.s.Edition.Protocol; p != nil {
		for _, g := range p.Moderation.Grounds {
			b.grounds = append(b.grounds, leaf.Option{Value: string(g.Code), Text: g.Name.In(w.Lang), Hint: g.Guide.In(w.Lang)})
		}
	}
	list := func(codes []glosa.Code, say func(glosa.Code) string) (out []leaf.Option) {
		for _, c := range codes {
			out = append(out, leaf.Option{Value: string(c), Text: say(c)})
		}
		return out
	}
	none := []leaf.Option{{Text: w.T("mq.none")}}
	b.places = append(slices.Clone(none), list(help, b.s.Place)...)
	b.themes = append(slices.Clone(none), list(themes, b.s.Theme)...)
	b.reasons = list(civic.EditReasons(), func(c glosa.Code) string { return w.T("qt.edit." + string(c)) })
	b.erasures = list(civic.ErasureGrounds(), b.s.Ground)
	b.laws = list(civic.ErasureLaws(), func(c glosa.Code) string { return w.T("qt.law." + string(c)) })
	b.offices = append([]leaf.Option{{Text: w.T("mq.choose")}}, b.s.Offices()...)
}

// to is the address of one act of this desk.
func (b board) to(path string) string {
	return b.Page.To("/mesa/moderacion", string(b.edition), path)
}

// decides tells whether the item is open to this person's first or second word.
func (b board) decides() bool {
	return b.item != nil && b.may(*b.item) && !b.mine && !b.item.State.TextIsPublic()
}

// day is when the item came to where it is.
func (b board) day(t time.Time) string { return b.Words.Stamp(t.In(b.s.Edition.Zone)) }

// wrong is the error of a field, only where the item is the one that was sent.
func (b board) wrong(name string) string { return b.problems.For(name) }

// stands is how a refusal will read in public before it is proposed.
func (b board) stands() string {
	switch {
	case b.item == nil, b.mine:
		return ""
	case b.item.State.TextIsPublic():
		return b.Words.T("ak.write.admitted")
	case b.item.State == civic.Second:
		return b.Words.T("mq.second.blind")
	case b.item.State == civic.Held:
		return b.Words.T("mq.held.what")
	case b.item.State == civic.Appealed:
		return b.Words.T("mq.appeal.what", "reason", b.s.Ground(b.item.Ground))
	}
	return ""
}

// admitPath and refusePath are where the two words go: a held text has desks of its own.
func admitPath(b board) string {
	if b.item.State == civic.Held {
		return "retenida"
	}
	return "admitir"
}

func refusePath(b board) string {
	if b.item.State == civic.Held {
		return "retenida"
	}
	return "no-admitir"
}

// picks are the questions that look alike, to choose one by a tap.
func picks(b board) (out []leaf.Option) {
	for _, m := range b.alike {
		out = append(out, leaf.Option{Value: string(m.ID), Text: m.Text, Hint: string(m.ID) + " · " + b.parts(m)})
	}
	return out
}

// why says what a suggested route comes from.
func (b board) why(id glosa.QuestionID) string {
	s, w := b.suggested[id], b.Words
	switch {
	case s.Addressee:
		return w.T("lk.route.asked")
	case len(s.Near) > 0:
		return w.T("lk.route.near", "folio", string(s.Near[0]), "n", w.N(len(s.Near)))
	case len(s.Words) > 0:
		return w.T("lk.route.words", "words", strings.Join(s.Words, ", "))
	}
	return ""
}

// keeps says whose words may stand for both.
func keeps(b board) []leaf.Option {
	w := b.Words
	return []leaf.Option{{Text: w.T("lk.keep.most")}, {Value: "this", Text: w.T("lk.keep.this")}, {Value: "that", Text: w.T("lk.keep.that")}}
}

// joins says which of two public questions may stand for both.
func joins(b board) []leaf.Option {
	w := b.Words
	return []leaf.Option{{Text: w.T("lk.keep.most")}, {Value: "this", Text: w.T("mq.join.first")}, {Value: "that", Text: w.T("mq.join.second")}}
}

// joinWrong is the error of a field of the form for two public questions.
func (b board) joinWrong(name string) string {
	if !b.public {
		return ""
	}
	return b.wrong(name)
}

// parts says what a likeness was judged by.
func (b board) parts(m match) string {
	line := b.Words.T("lk.parts", "score", m.Score(), "order", m.Sequences(), "words", m.Words())
	if m.Waiting {
		line = b.Words.T("lk.waits") + " · " + line
	}
	return line
}

// where a question alike is looked at: one that waits has no words in public.
func (b board) where(m match) string {
	if m.Waiting {
		return b.Page.To("/mesa/moderacion", string(b.edition)) + "?folio=" + string(m.ID)
	}
	return b.Page.To("/preguntas", string(m.ID))
}

// addressed says whom the question was meant for.
func addressed(b board) string {
	if b.item.Addressed == "" {
		return ""
	}
	return b.Words.T("mq.addressed", "institution", string(b.item.Addressed))
}

// attached says what came with the item.
func (b board) attached(a civic.Attached) string {
	return "(" + a.Media + ", " + b.Words.Size(int64(a.Bytes)) + ")"
}

// held says who will be able to have it once the item is admitted.
func (b board) held(a civic.Attached) string {
	if a.Public {
		return b.Words.T("ak.desk.before")
	}
	return b.Words.T("ak.held." + string(a.What))
}

// letters is how long a question may be.
func (b board) letters() int {
	if p := b.s.Edition.Protocol; p != nil {
		return p.Limits.QuestionLetters
	}
	return 0
}

// strike is the desk where personal data of the item is struck out.
func (b board) strike() string {
	return b.To("/mesa/tachado", string(b.edition)) + "?folio=" + string(b.item.ID)
}

// translated says when the item's translation is due.
func (b board) translated() string {
	if b.item.Translated.IsZero() {
		return ""
	}
	return b.Words.T("tq.due", "at", b.day(b.item.Translated)) + "."
}
