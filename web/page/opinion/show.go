package opinion

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/opinion"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// shown is everything the public page shows.
type shown struct {
	leaf.Page
	scene
	names  []string // of the groups: "A", …
	sizes  []string
	shared []line
	groups []groupShown
	agree  []line
	deny   []line
	table  []row
	lapsed int // statements on which nobody decided before the end
	rule   []leaf.Row
	how    []string
	digest [][2]string
	run    string // the command that computes it again
	drawn  string
	label  string // of the map, in one sentence
}

// line is a statement with what each group says of it.
type line struct {
	text, lang, href string
	says             string
	by               []string
	few              bool // fewer than ten people of a group say it
}

// few tells whether any of these lines hides a part.
func few(lines []line) bool { return slices.ContainsFunc(lines, func(l line) bool { return l.few }) }

// fewIn tells the same of what the groups say.
func (v shown) fewIn() bool {
	return slices.ContainsFunc(v.groups, func(g groupShown) bool { return few(g.lines) })
}

type groupShown struct {
	name, size string
	lines      []line
}

// voted tells whether votes were ever taken: before, there are no counts to show.
func (v shown) voted() bool { return !v.board.Opened.IsZero() }

// row is a line of the table of all statements.
type row struct {
	n, text, lang, href, state string
	agree, disagree, pass      string
}

// letter names a group: people say "group A".
func letter(i int) string { return string(rune('A' + i)) }

func (p *Pages) show(r *door.Request) (door.View, error) {
	s, err := p.scene(r)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	v := shown{scene: s, Page: leaf.From(r, w.T("op.title"))}
	v.Synthetic = s.ed.Synthetic
	v.Crumbs = []leaf.Link{{Text: w.T("nav.editions"), Href: r.To("/ediciones")}, chain.Crumb(r, s.ed), {Text: w.T("op.crumb")}}
	v.Margin = leaf.Margin{Head: chain.Name(w, s.ed), HeadLang: chain.Lang(w, s.ed), Lines: leaf.Notes(chain.Step(w, s.ed)), Synthetic: s.ed.Synthetic}
	until := time.Time{}
	if s.ed.Documented {
		v.State = w.T("c.nodata") + "."
		return door.View{Body: showPage(v), Tags: chain.Tags(s.ed)}, nil
	}
	v.head(r)
	if s.board.Status != opinion.Unfrozen {
		v.fill(w, r)
		here := s.here(r)
		v.Downloads = []leaf.Link{{Text: "CSV", Href: here + ".csv"}, {Text: "JSON", Href: here + ".json"}}
	}
	if s.board.Status == opinion.Open {
		until = s.board.Until
		if next := time.Date(r.Now.In(s.zone).Year(), r.Now.In(s.zone).Month(), r.Now.In(s.zone).Day()+1, 0, 0, 0, 0, s.zone); next.Before(until) {
			until = next // the clock counts days
		}
	}
	stamp, soon, err := p.Seal(r, s.ed, string(s.board.Contest), "opinion.counted")
	if err != nil {
		return door.View{}, err
	}
	v.Stamp = stamp
	if until.IsZero() || !soon.IsZero() && soon.Before(until) {
		until = soon
	}
	tags := chain.Tags(s.ed)
	for _, x := range s.all {
		if x.Question != "" {
			tags = append(tags, "question:"+string(x.Question))
		}
	}
	return door.View{Body: showPage(v), Tags: tags, Until: until}, nil
}

// head is the sentence of state, the clock and the one action.
func (v *shown) head(r *door.Request) {
	w, b, pic := r.Words, v.board, v.board.Picture
	over := v.ed.Reached(edition.Evaluated) || v.ed.Stage == edition.Cancelled
	propose := &leaf.Link{Text: w.T("op.propose"), Href: v.here(r, "proponer")}
	if !b.Settings.Proposals {
		propose = nil
	}
	switch {
	case b.Paused:
		v.Shape, v.State = leaf.Paused, w.T("op.s.paused")
	case over && (b.Status == opinion.Unfrozen || b.Status == opinion.Frozen):
		v.Shape, v.State = leaf.Barred, w.T("op.s.never")
	case b.Status == opinion.Unfrozen:
		v.Shape, v.State, v.More = leaf.Later, w.T("op.s.none"), w.T("op.s.none.more")
	case b.Status == opinion.Frozen:
		v.Shape, v.State, v.More = leaf.Later, w.T("op.s.frozen"), w.T("op.s.frozen.more", "n", w.N(v.votable()))
		if propose != nil {
			v.Action = &leaf.Action{Text: propose.Text, Href: propose.Href}
		}
	case b.Status == opinion.Open:
		v.Shape, v.State, v.More = leaf.Open, w.T("op.s.open", "n", w.N(v.votable())), w.T("op.s.open.more")
		v.Action = &leaf.Action{Text: w.T("op.vote"), Href: v.here(r, "votar"), Note: propose}
		days := chain.DaysTo(r.Now, b.Until, v.zone)
		v.Clock = leaf.Closes(w, days, b.Until.In(v.zone), r.Site.Place)
	case b.Status == opinion.Ended:
		v.Shape, v.State, v.More = leaf.Going, w.T("op.s.ended"), w.T("op.s.ended.more")
	case pic.Why == opinion.WhyFew:
		v.Shape, v.State, v.More = leaf.Done, w.T("op.s.few"), w.T("op.s.few.more")
	case pic.Why == opinion.WhySmall:
		v.Shape, v.State, v.More = leaf.Done, w.T("op.s.small"), w.T("op.s.small.more")
	default:
		v.Shape, v.State = leaf.Done, w.T("op.s.counted", "k", w.N(len(pic.Groups)), "n", w.N(pic.Grouped))
		v.More = w.T("op.s.counted.more")
	}
	if b.Early {
		v.More = strings.TrimSpace(v.More + " " + w.T("op.s.early"))
	}
}

// fill is what the page shows below.
func (v *shown) fill(w *text.Words, r *door.Request) {
	pic := v.board.Picture
	for i, g := range pic.Groups {
		v.names = append(v.names, w.T("op.group", "letter", letter(i)))
		v.sizes = append(v.sizes, w.T("op.about", "n", w.N(g.Size)))
	}
	for i, g := range pic.Groups {
		one := groupShown{name: v.names[i], size: v.sizes[i]}
		for _, s := range g.Says {
			one.lines = append(one.lines, v.line(w, r, s))
		}
		v.groups = append(v.groups, one)
	}
	for _, s := range pic.Shared {
		v.shared = append(v.shared, v.line(w, r, s))
	}
	for _, n := range pic.Agree {
		v.agree = append(v.agree, v.line(w, r, opinion.Said{N: n, Agrees: true}))
	}
	for _, n := range pic.Disagree {
		v.deny = append(v.deny, v.line(w, r, opinion.Said{N: n}))
	}
	if !pic.Drawn.IsZero() {
		v.drawn = w.Stamp(pic.Drawn.In(v.zone))
	}
	v.label = w.T("op.map.label", "k", w.N(len(pic.Groups)), "n", w.N(pic.Grouped))
	for _, s := range v.all {
		switch s.State {
		case opinion.Waiting, opinion.Second:
		case opinion.Lapsed:
			v.lapsed++
		default:
			v.table = append(v.table, v.row(w, r, s))
		}
	}
	v.rules(w)
}

func (v *shown) find(n int) opinion.Statement {
	for _, s := range v.all {
		if s.N == n {
			return s
		}
	}
	return opinion.Statement{}
}

func (v *shown) line(w *text.Words, r *door.Request, s opinion.Said) line {
	of := v.find(s.N)
	l := line{text: words(w, of), lang: lang(of), says: w.T("op.says.agree")}
	if !s.Agrees {
		l.says = w.T("op.says.disagree")
	}
	if of.Question != "" {
		l.href = r.To("/preguntas", string(of.Question))
	}
	for _, share := range s.By {
		if share < 0 {
			l.by, l.few = append(l.by, w.T("op.few")), true
			continue
		}
		l.by = append(l.by, w.T("op.share", "n", w.N(share)))
	}
	return l
}

func (v *shown) row(w *text.Words, r *door.Request, s opinion.Statement) row {
	x := row{n: w.N(s.N), text: words(w, s), lang: lang(s), agree: figure(w, s.Told.Agree), disagree: figure(w, s.Told.Disagree), pass: figure(w, s.Told.Pass)}
	if s.Question != "" {
		x.href = r.To("/preguntas", string(s.Question))
	}
	if s.State == opinion.Refused {
		x.state = w.T("op.st.ground", "ground", ground(w, v, s.Ground))
	}
	if s.Told.Votes == 0 && s.Told.Agree < 0 && s.Told.Disagree < 0 && s.Told.Pass < 0 {
		x.agree, x.disagree, x.pass = "–", "–", "–"
	}
	return x
}

func ground(w *text.Words, v *shown, code glosa.Code) string {
	if p := v.ed.Protocol; p != nil {
		if g, ok := p.Ground(code); ok {
			return g.Name.In(w.Lang)
		}
	}
	return string(code)
}

// figure is a count in fives, or that it is small.
func figure(w *text.Words, n int) string {
	if n < 0 {
		return w.T("op.under")
	}
	return w.N(n)
}

// rules are the frozen settings, the method in a few sentences, and what computes it again.
func (v *shown) rules(w *text.Words) {
	b := v.board
	doors := make([]string, len(b.Settings.Doors))
	for i, d := range b.Settings.Doors {
		doors[i] = w.T("ag.door." + string(d))
	}
	v.rule = []leaf.Row{
		{Label: w.T("op.r.rows"), Value: w.T("op.r.rows." + string(b.Settings.Rows))},
		{Label: w.T("op.r.doors"), Value: strings.Join(doors, ", ")},
		{Label: w.T("op.r.propose"), Value: w.T("op.r.propose." + strconv.FormatBool(b.Settings.Proposals))},
		{Label: w.T("op.r.frozen"), Value: w.Date(b.FrozenAt.In(v.zone))},
	}
	for i := range 6 {
		v.how = append(v.how, w.T("op.how."+strconv.Itoa(i+1)))
	}
	v.digest = [][2]string{{w.T("op.d.settings"), hex.EncodeToString(b.Digest[:])}, {w.T("op.d.seed"), hex.EncodeToString(b.Settings.Seed[:])}}
	if b.Status != opinion.Counted {
		return
	}
	v.run = "glosa method cluster --json --statements comments.csv participants-votes.csv"
	if b.Picture.K > 0 {
		v.run = strings.Replace(v.run, "--json", "--json --k "+strconv.Itoa(b.Picture.K), 1)
	}
	v.digest = append(v.digest, [2]string{w.T("op.d.input"), hex.EncodeToString(b.Input[:])},
		[2]string{w.T("op.d.result"), hex.EncodeToString(b.Result[:])}, [2]string{w.T("op.d.software"), string(b.Software)})
}

// here0 is the address of the public page.
func (v shown) here0() string { return v.To("/ediciones", string(v.ed.ID), "opinion") }
