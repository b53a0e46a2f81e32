package commitment

import (
	"net/http"
	"strings"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// cardPage is everything the page of one commitment shows.
type cardPage struct {
	leaf.Page
	Card     commitment.Card
	Edition  edition.Edition
	Names    who.Names
	Facts    facts
	Owners   []owner
	Targets  []target
	Lines    []line
	Bands    bool // the timeline has bands of governments
	Table    bool // the timeline is shown as a table
	Pairs    []leaf.Row
	Steps    []leaf.Step
	Evidence []piece
	Verdicts []verdict
	Origin   []leaf.Link
	Links    []link
	Problems leaf.Problems
	Typed    typed
	Zone     *time.Location
}

// facts is what the series' dossier says of a commitment as a whole.
type facts struct {
	Summary, Strong string // Strong is the end of the summary, printed bold
	Lesson          string
	Last, After     string
	Sources         []leaf.Link
	Goal            int // the main one the exercise was registered with; the promise itself names none
	Tied            []leaf.Link
}

// owner is who answers, under the name of today.
type owner struct {
	Side, Name, Part, Gone string
	Href                   string
}

// typed is what a visitor typed into the evidence form.
type typed struct{ Title, URL, Milestone string }

// card is the page of one commitment.
func (p *Pages) card(r *door.Request) (door.View, error) {
	v, tags, until, err := p.cardOf(r)
	if err != nil {
		return door.View{}, err
	}
	if id := r.Path("id"); id != string(v.Card.ID) {
		return door.View{Go: r.To("/compromisos", string(v.Card.ID)), Status: http.StatusSeeOther}, nil
	}
	return door.View{Body: cardBody(v), Tags: tags, Until: until}, nil
}

// cardOf reads everything the page of a commitment shows.
func (p *Pages) cardOf(r *door.Request) (v cardPage, tags []string, until time.Time, err error) {
	c, err := p.Commitment.Card(r.Context(), r.Path("id"))
	if err != nil {
		return v, nil, until, err
	}
	v = cardPage{Page: leaf.From(r, title(r, c)), Card: c}
	if v.Edition, err = p.Edition.Get(r.Context(), c.Edition); err != nil {
		return v, nil, until, err
	}
	v.Zone = zoneOf(v.Edition)
	if v.Names, err = p.names(r); err != nil {
		return v, nil, until, err
	}
	dossier, err := p.Edition.Dossier(r.Context(), c.Series)
	if err != nil {
		return v, nil, until, err
	}
	v.Facts = factsOf(r.Words.Lang, dossier, c.ID)
	v.Synthetic, v.Untranslated = c.Synthetic, r.Lang != "es" && !c.Documented()
	if v.Owners, err = p.owners(r, v.Names, c); err != nil {
		return v, nil, until, err
	}
	for _, t := range c.Targets {
		v.Targets = append(v.Targets, targetOf(r.Words, r.To, t))
	}
	v.Lines = lines(r, v, dossier)
	v.Table = r.Query("vista") == "tabla"
	v.Pairs, v.Steps, v.Evidence, v.Verdicts = v.promised(), v.milestones(), v.pieces(r), v.verdicts()
	v.Origin = p.origin(r, c)
	v.Links = links(r, dossier, c)
	v.head(r, dossier)
	stamp, sealed, err := p.seal(r, c.ID, v.Zone)
	v.Stamp = stamp
	v.Margin.Cite = p.Cite(r, v.Edition.Zone, string(c.ID)+": "+v.State+" "+gap(r.Words, c.Gap, c.Computable), "", r.To("/compromisos", string(c.ID)))
	tags = []string{"commitment:" + string(c.ID), "edition:" + string(c.Edition), "sources", "editions"}
	for _, o := range c.Owners {
		tags = append(tags, "institution:"+string(o.Institution))
	}
	until = sooner(sooner(c.Until, sealed), v.midnight(r.Now))
	return v, tags, until, err
}

// midnight is when days are counted anew, for a card that counts some.
func (v *cardPage) midnight(now time.Time) time.Time {
	if v.Card.Documented() {
		return time.Time{}
	}
	y, m, d := now.In(v.Zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, v.Zone)
}

// title is the name of the promise; a documented one has an English name where
// somebody wrote it.
func title(r *door.Request, c commitment.Card) string {
	if r.Lang == "en" {
		for _, e := range c.Timeline {
			if e.Version == 1 && e.En.Text != "" {
				return e.En.Text
			}
		}
	}
	return c.Name()
}

// head fills what stands above the sections.
func (v *cardPage) head(r *door.Request, dossier edition.Dossier) {
	w, c := r.Words, v.Card
	here := r.To("/compromisos", string(c.ID))
	v.Crumbs = []leaf.Link{{Text: w.T("nav.commitments"), Href: r.To("/compromisos")}, {Text: string(c.ID)}}
	v.Margin = leaf.Margin{Head: string(c.ID), Synthetic: c.Synthetic, Lines: []leaf.Link{
		{Text: v.born(r), Href: r.To("/ediciones", string(c.Edition))},
		{Text: w.T("cb.wordings", "n", w.N(len(c.Versions)))},
		{Text: "CSV", Href: here + "/linea.csv"}, {Text: "Atom", Href: here + "/cambios.atom"}}}
	v.State = w.T("cb.heard", "gov", stated(w, c.Government), "obs", said(w, c.Observed))
	v.Lead = lead(*v)
	v.Under = words(*v, dossier)
	v.Side = side(*v)
	v.Clock = v.clock(r)
	v.Downloads = []leaf.Link{{Text: "Atom", Href: here + "/cambios.atom"}, {Text: "CSV", Href: here + "/linea.csv"}, {Text: "JSON", Href: here + "/ficha.json"}}
}

// born says where and when the promise was made.
func (v *cardPage) born(r *door.Request) string {
	first := v.Card.Versions[0]
	when := first.DateText
	if when == "" {
		when = r.Words.Day(v.Card.Proposed.In(v.Zone))
	}
	for _, l := range v.Lines {
		if l.Version == 1 && l.When != "" {
			when = l.When
			break
		}
	}
	return chain.Name(r.Words, v.Edition) + ", " + when
}

// clock is the next milestone that is owed, or the end of the term.
func (v *cardPage) clock(r *door.Request) *leaf.Clock {
	c := v.Card
	if !c.State.Running() || v.Edition.Protocol == nil {
		return nil
	}
	due, what := c.Ends, r.Words.T("cb.clock.end")
	for _, m := range c.Milestones {
		open := m.Progress == commitment.Pending || m.Progress == commitment.InProgress || m.Progress == commitment.Overdue || m.Progress == commitment.Rejected
		if open && m.Due.Before(due) {
			due, what = m.Due, r.Words.T("cb.clock.step", "n", itoa(m.Number), "title", m.Title)
		}
	}
	if due.IsZero() {
		return nil
	}
	left := v.Edition.WorkingDays(r.Now, due)
	if left == 0 && due.Before(r.Now) {
		left = -1
	}
	k := leaf.Working(r.Words, left, due.In(v.Zone))
	k.Rest = what + ". " + k.Rest
	return k
}

// factsOf gathers what the dossier says of one commitment.
func factsOf(lang string, d edition.Dossier, id glosa.CommitmentID) (f facts) {
	for _, x := range d.Findings {
		if x.About != string(id) {
			continue
		}
		text := x.Text.In(lang)
		switch x.Kind {
		case "summary":
			f.Summary, f.Sources = text, sources(d, x.Sources)
			if at := strings.LastIndex(text, ": "); at >= 0 && strings.Count(text[at:], ". ") == 0 {
				f.Summary, f.Strong = text[:at+2], text[at+2:]
			}
		case "lesson":
			f.Lesson = text
		case "last":
			f.Last = text
		case "after":
			f.After = text
		}
	}
	if aims, ok := d.Aims(); ok {
		f.Goal, f.Tied = aims.Goals[0], sources(d, aims.Sources)
	}
	return f
}

// owners are those who answer, under the names they bear today.
func (p *Pages) owners(r *door.Request, names who.Names, c commitment.Card) (out []owner, err error) {
	for _, o := range c.Owners {
		x := owner{Side: names.Side(o.Side), Name: names.Institution(o.Institution), Part: part(r.Words, o.Part),
			Href: r.To("/instituciones", string(o.Institution))}
		book, err := p.People.Book(r.Context(), o.Institution, r.Now)
		switch {
		case err != nil && glosa.KindOf(err) != glosa.NotFound:
			return nil, err
		case err != nil:
			x.Href = ""
		case book.Today == nil:
			x.Gone = gone(r, names, book)
		case book.Today.Key != o.Institution:
			x.Gone = r.Words.T("cb.owner.was", "name", x.Name)
			x.Name, x.Href = book.Today.Name, r.To("/instituciones", string(book.Today.Key))
		}
		out = append(out, x)
	}
	return out, nil
}

// gone says that an institution ended, and what took its tasks.
func gone(r *door.Request, names who.Names, b people.Book) string {
	last := b.Names[len(b.Names)-1]
	if last.Next == "" {
		return r.Words.T("cb.owner.gone")
	}
	return r.Words.T("cb.owner.next", "name", names.Institution(last.Next))
}

// origin is the question and the mesa that a promise came from.
func (p *Pages) origin(r *door.Request, c commitment.Card) (out []leaf.Link) {
	if c.Question != "" {
		text := string(c.Question)
		if q, err := p.Question.Page(r.Context(), c.Question); err == nil && q.Text != "" {
			text = q.Text
		}
		out = append(out, leaf.Link{Text: text, Href: r.To("/preguntas", string(c.Question))})
	}
	if c.Mesa != "" {
		if day, err := p.Panel.Session(r.Context(), c.Mesa); err == nil {
			out = append(out, leaf.Link{Text: r.Words.T("cb.mesa", "n", itoa(day.Mesa.Number), "theme", day.Mesa.Theme),
				Href: r.To("/ediciones", string(c.Edition), "sesion") + "#mesa-" + itoa(day.Mesa.Number)})
		}
	}
	return out
}
