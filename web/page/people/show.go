package people

import (
	"net/url"
	"slices"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// card is the page of one institution.
type card struct {
	leaf.Page
	Owed     leaf.Ledger
	Counted  leaf.Margin
	Late     []leaf.Item
	Waiting  []leaf.Item
	Answered []leaf.Item
	Promises []leaf.Item
	Names    []named
	Posts    []string
	Rest     [3]int // how many of each list are not shown
}

// named is one name and the dates it was borne.
type named struct {
	Text, Key, Span, Note string
	Now                   bool
	Sources               []leaf.Link
}

// shown is how many questions of each kind the page lists.
const shown = 20

// owed is all that an institution holds or held, under any of its names, for downloads.
type owed struct{ late, waiting, answered []question.Brief }

func (p *Pages) owed(r *door.Request, b people.Book) (o owed, err error) {
	for _, n := range b.Names {
		for after := ""; ; {
			some, next, err := p.Question.List(r.Context(), question.Filter{Institution: n.Key}, after, 200)
			if err != nil {
				return o, err
			}
			for _, q := range some {
				switch {
				case q.State == question.Overdue:
					o.late = append(o.late, q)
				case q.State == question.Routed:
					o.waiting = append(o.waiting, q)
				case !q.Answered.IsZero():
					o.answered = append(o.answered, q)
				}
			}
			if after = next; next == "" {
				break
			}
		}
	}
	oldest := func(a, b question.Brief) int { return a.Due.Compare(b.Due) }
	slices.SortStableFunc(o.late, oldest)
	slices.SortStableFunc(o.waiting, oldest)
	slices.SortStableFunc(o.answered, func(a, b question.Brief) int { return b.Answered.Compare(a.Answered) })
	return o, nil
}

func (p *Pages) show(r *door.Request) (door.View, error) {
	b, err := p.People.Book(r.Context(), glosa.InstitutionKey(r.Path("key")), r.Now)
	if err != nil {
		return door.View{}, err
	}
	var names []glosa.InstitutionKey
	for _, n := range b.Names {
		names = append(names, n.Key)
	}
	o, err := p.Question.Borne(r.Context(), names, shown)
	if err != nil {
		return door.View{}, err
	}
	board, err := p.Commitment.Board(r.Context(), commitment.Filter{Owner: b.Key})
	if err != nil {
		return door.View{}, err
	}
	c := card{Page: leaf.From(r, b.Name)}
	w := r.Words
	c.Crumbs = []leaf.Link{{Text: w.T("ins.title"), Href: r.To("/instituciones")}}
	c.Margin = leaf.Margin{Head: string(b.Key), Lines: leaf.Notes(w.T("who.side."+string(b.Side)), lifeOf(w, b.Life))}
	tags, until := []string{"people", "institution:" + string(b.Key), "editions"}, board.Until
	editions, err := p.Edition.List(r.Context(), "")
	if err != nil {
		return door.View{}, err
	}
	for _, e := range editions {
		if !e.Documented {
			tags = append(tags, "edition:"+string(e.ID))
			c.Synthetic = c.Synthetic || e.Synthetic && o.LateN+o.WaitingN+o.AnsweredN > 0
			if next := chain.Until(e, r.Now); until.IsZero() || !next.IsZero() && next.Before(until) {
				until = next
			}
		}
	}
	c.state(r, b, o)
	c.lists(r, p.Zone(r), o)
	c.account(p, r, b, o, len(board.Rows))
	for _, row := range board.Rows {
		c.Promises = append(c.Promises, promise(r, p.Zone(r), row))
		tags = append(tags, "commitment:"+string(row.ID))
	}
	c.names(w, b)
	return door.View{Body: cardPage(c), Tags: tags, Until: until}, nil
}

// state is what it owes today, or what came after it.
func (c *card) state(r *door.Request, b people.Book, o question.Borne) {
	w, here := r.Words, r.To("/instituciones", string(b.Key))
	switch {
	case b.Next != "":
		c.Shape, c.State = leaf.Sent, w.T("ins.ceased."+string(b.NextBy))
		c.Action = &leaf.Action{Text: w.T("ins.successor", "next", string(b.Next)), Href: r.To("/instituciones", string(b.Next))}
	case o.LateN > 0:
		c.Shape, c.State = leaf.Overdue, w.T("ins.late", "n", w.N(o.LateN))
	case o.WaitingN > 0:
		c.Shape, c.State = leaf.Going, w.T("ins.waiting", "n", w.N(o.WaitingN))
	default:
		c.State = w.T("ins.clear")
	}
	if c.Action == nil {
		c.Action = &leaf.Action{Text: w.T("ins.follow"), Href: r.To("/avisos") + "?institucion=" + url.QueryEscape(r.Path("key"))}
	}
	c.Page.More = b.Note
	c.Downloads = []leaf.Link{{Text: "Atom", Href: here + "/cambios.atom"}, {Text: "CSV", Href: here + "/datos.csv"}}
}

func (c *card) lists(r *door.Request, zone *time.Location, o question.Borne) {
	c.Rest = [3]int{o.LateN - len(o.Late), o.WaitingN - len(o.Waiting), o.AnsweredN - len(o.Answered)}
	for i, list := range [3][]question.Brief{o.Late, o.Waiting, o.Answered} {
		into := [3]*[]leaf.Item{&c.Late, &c.Waiting, &c.Answered}[i]
		for _, q := range list {
			*into = append(*into, brief(r, zone, q))
		}
	}
}

// brief is one question in a list, its dates as they are where it was asked.
func brief(r *door.Request, zone *time.Location, q question.Brief) leaf.Item {
	w := r.Words
	x := leaf.Item{Code: string(q.ID), Text: q.Text, Href: r.To("/preguntas", string(q.ID)), Lang: string(q.Language)}
	if q.Erased || q.Text == "" {
		x.Text = w.T("ins.notext")
	}
	switch {
	case q.State == question.Overdue:
		x.Late = w.T("ins.due.was", "date", w.Day(q.Due.In(zone)))
	case q.State == question.Routed && !q.Due.IsZero():
		x.Notes = append(x.Notes, w.T("k.due", "date", w.Day(q.Due.In(zone))))
	case !q.Answered.IsZero():
		x.Shape, x.Word = leaf.Done, w.T("ins.answered.on", "date", w.Day(q.Answered.In(zone)))
	}
	return x
}

func promise(r *door.Request, zone *time.Location, row commitment.Row) leaf.Item {
	w := r.Words
	x := leaf.Item{Code: string(row.ID), Text: row.Title, Href: r.To("/compromisos", string(row.ID)), Lang: "es"}
	if row.Overdue > 0 {
		x.Late = w.T("ins.milestones", "n", w.N(row.Overdue))
	}
	if !row.Ends.IsZero() {
		x.Notes = append(x.Notes, w.T("ins.ends", "date", w.Day(row.Ends.In(zone))))
	}
	if row.Synthetic {
		x.Notes = append(x.Notes, w.T("c.synth.word"))
	}
	return x
}

func (c *card) account(p *Pages, r *door.Request, b people.Book, o question.Borne, promises int) {
	w := r.Words
	total := o.LateN + o.WaitingN + o.AnsweredN
	c.Owed = leaf.Ledger{Caption: w.T("ins.owes"), Rows: []leaf.Row{
		{Label: w.T("ins.row.late"), Value: w.N(o.LateN), Href: "#vencidas"},
		{Label: w.T("ins.row.waiting"), Value: w.N(o.WaitingN), Href: "#esperan"},
		{Label: w.T("ins.row.answered"), Value: w.N(o.AnsweredN), Href: "#contestadas"}},
		Total: &leaf.Row{Label: w.T("ins.row.all"), Value: w.N(total)}}
	c.Counted = leaf.Margin{Head: w.T("ho.account"), Lines: leaf.Notes(w.T("ho.at", "date", w.Stamp(r.Now.In(p.Zone(r))))),
		Synthetic: c.Synthetic,
		Cite:      p.Cite(r, p.Zone(r), w.T("ins.cite", "n", w.N(o.AnsweredN), "name", b.Name), w.T("ins.cite.of", "n", w.N(total)), r.To("/instituciones", string(b.Key)))}
}

func (c *card) names(w *text.Words, b people.Book) {
	for _, n := range b.Names {
		x := named{Text: n.Name, Key: string(n.Key), Span: lifeOf(w, n.Life), Note: n.Note, Now: b.Today != nil && b.Today.Key == n.Key}
		for _, s := range n.Sources {
			x.Sources = append(x.Sources, leaf.Link{Text: hostOf(s), Href: s})
		}
		c.Names = append(c.Names, x)
	}
	for _, p := range b.Posts {
		c.Posts = append(c.Posts, p.Title.In(w.Lang))
	}
}

func (p *Pages) owedTable(r *door.Request) (door.View, error) {
	b, err := p.People.Book(r.Context(), glosa.InstitutionKey(r.Path("key")), r.Now)
	if err != nil {
		return door.View{}, err
	}
	o, err := p.owed(r, b)
	if err != nil {
		return door.View{}, err
	}
	marks, tags, err := p.marks(r, b)
	rows := [][]string{}
	for _, q := range slices.Concat(o.late, o.waiting, o.answered) {
		rows = append(rows, []string{string(q.ID), string(q.Edition), string(q.State), stamp(q.Due), stamp(q.Answered), q.Text, feed.Word(r.Words, marks.Of(q.Edition))})
	}
	return door.View{File: feed.CSV(string(b.Key), []string{"folio", "edition", "state", "due", "answered", "text", "mark"}, rows), Tags: tags}, err
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// marks are which questions were invented, and what moves the downloads of an institution.
func (p *Pages) marks(r *door.Request, b people.Book) (feed.Marks, []string, error) {
	tags := []string{"people", "institution:" + string(b.Key), "editions"}
	editions, err := p.Edition.List(r.Context(), "")
	for _, e := range editions {
		tags = append(tags, "edition:"+string(e.ID))
	}
	return feed.MarksOf(r.Site.Demo, editions), tags, err
}

func (p *Pages) changes(r *door.Request) (door.View, error) {
	b, err := p.People.Book(r.Context(), glosa.InstitutionKey(r.Path("key")), r.Now)
	if err != nil {
		return door.View{}, err
	}
	o, err := p.owed(r, b)
	if err != nil {
		return door.View{}, err
	}
	marks, tags, err := p.marks(r, b)
	if err != nil {
		return door.View{}, err
	}
	var entries []feed.Entry
	add := func(q question.Brief, at time.Time, key string) {
		entries = append(entries, feed.Entry{Invented: marks.Of(q.Edition), Title: string(q.ID) + " · " + r.Words.T(key), Path: r.To("/preguntas", string(q.ID)), Summary: q.Text, Updated: at})
	}
	for _, q := range o.late {
		add(q, q.Due, "ins.row.late")
	}
	for _, q := range o.answered {
		add(q, q.Answered, "ins.row.answered")
	}
	for _, q := range o.waiting {
		add(q, q.Listed, "ins.row.waiting")
	}
	slices.SortStableFunc(entries, func(a, b feed.Entry) int { return b.Updated.Compare(a.Updated) })
	entries = entries[:min(len(entries), 50)]
	f, err := feed.Atom(r, b.Name, r.To("/instituciones", string(b.Key)), entries)
	return door.View{File: f, Tags: tags}, err
}
