package priority

import (
	"strconv"
	"strings"

	"glosa"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
	"glosa/web/text"
)

const actExclude glosa.Act = "priority.exclude"

// classRow is a class of ballots that was proposed to be left out, in words.
type classRow struct {
	N                                        int
	Rule, State, Count, Reason, First, Other string
	Mine                                     bool // whoever looks may answer it
}

// classesPage is the desk where two sides leave a class of ballots out.
type classesPage struct {
	leaf.Page
	ID         string // of the edition
	Classes    []classRow
	MayPropose bool
	Class      priority.Class
	Reason     string
	Doors      []leaf.Option
	Problems   leaf.Problems
}

// classRows are the proposed classes of an agenda.
func classRows(w *text.Words, a priority.Agenda, names who.Names) (rows []classRow) {
	for _, x := range a.Classes {
		row := classRow{N: x.N, Rule: classRule(w, x.Class), Count: w.T("ag.ex.count", "n", w.N(x.Ballots)), Reason: x.Reason,
			State: w.T("ag.ex." + string(x.State)), First: w.T("ag.ex.first", "side", names.Side(x.Side), "post", names.By(x.By))}
		if x.State != priority.Proposed {
			row.Other = w.T("ag.ex.other."+string(x.State), "side", names.Side(x.Side2), "post", names.By(x.By2))
		}
		rows = append(rows, row)
	}
	return rows
}

// classRule is a class's public rule in words.
func classRule(w *text.Words, c priority.Class) string {
	var all []string
	if c.Same > 0 {
		all = append(all, w.T("ag.ex.rule.same", "n", w.N(c.Same)))
	}
	if c.Door != "" {
		all = append(all, w.T("ag.ex.rule.door", "door", w.T("ag.door."+string(c.Door))))
	}
	if c.Batch > 0 {
		all = append(all, w.T("ag.ex.rule.batch", "n", w.N(c.Batch)))
	}
	return strings.Join(all, "; ")
}

func (p *Pages) classes(r *door.Request) (door.View, error) {
	v, err := p.classesOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(classesBody(v))
}

func (p *Pages) classesOf(r *door.Request) (v classesPage, err error) {
	id := glosa.EditionID(r.Path("edition"))
	if err := r.Actor.MayIn(actExclude, id); err != nil {
		return v, err
	}
	ed, err := p.edition(r)
	if err != nil {
		return v, err
	}
	a, err := p.Priority.Agenda(r.Context(), id)
	if err != nil {
		return v, err
	}
	w := r.Words
	names, err := who.Read(r.Context(), p.People, w)
	if err != nil {
		return v, err
	}
	v = classesPage{Page: leaf.From(r, w.T("ag.ex.desk")), ID: string(id), Classes: classRows(w, a, names)}
	v.NoIndex, v.Synthetic, v.Signed = true, ed.Synthetic, names.Actor(r.Actor)
	v.Crumbs = []leaf.Link{{Text: w.T("en.desk.title"), Href: r.To("/mesa")}, {Text: w.T("ag.ex.desk")}}
	v.Margin = leaf.Margin{Head: chain.Name(w, ed), Lines: leaf.Notes(chain.Word(w, ed.StageAt(r.Now)), v.Signed), Synthetic: ed.Synthetic}
	v.State, v.More = w.T("g.window")+".", w.T("ag.ex.lead")
	switch {
	case a.Status == priority.Decided:
		v.State = w.T("g.done") + "."
	case a.Status == priority.Ended:
		v.State = w.T("ag.ex.none")
		v.MayPropose = a.Criteria.Rule != "outside_selector"
		for i, x := range a.Classes {
			v.State = v.Classes[i].State
			v.MayPropose = v.MayPropose && x.State == priority.Declined
			v.Classes[i].Mine = x.State == priority.Proposed && x.Side != r.Actor.Side
		}
	}
	v.Doors = []leaf.Option{{Value: "", Text: w.T("ag.ex.any")}}
	for _, d := range a.Criteria.Counting {
		v.Doors = append(v.Doors, leaf.Option{Value: string(d), Text: w.T("ag.door." + string(d))})
	}
	return v, nil
}

// exclude proposes a class.
func (p *Pages) exclude(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	class := priority.Class{Same: number(r.Value("same")), Door: glosa.Code(r.Value("door")), Batch: number(r.Value("batch"))}
	_, err := p.Priority.Exclude(r.Context(), r.Actor, id, class, r.Value("reason"))
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		v, err := p.classesOf(r)
		if err != nil {
			return door.View{}, err
		}
		v.Problems, v.Class, v.Reason = problems, class, r.Value("reason")
		return door.Redo(classesBody(v))
	}
	if err != nil {
		return door.View{}, err
	}
	return door.Done(r.To("/mesa/exclusion", string(id)), "edition:"+string(id))
}

// answerClass is the other side's word.
func (p *Pages) answerClass(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	if err := p.Priority.AnswerExclusion(r.Context(), r.Actor, id, number(r.Value("n")), r.Value("do") == "exclude"); err != nil {
		return door.View{}, err
	}
	return door.Done(r.To("/mesa/exclusion", string(id)), "edition:"+string(id))
}

// number is what was typed; 0 for nothing, -1 for what is none.
func number(typed string) int {
	if typed = strings.TrimSpace(typed); typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		return -1
	}
	return n
}

// typedNumber is a number as its box shows it.
func typedNumber(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// whole shows the count over all ballots, where a class was left out.
func (v *agendaPage) whole(w *text.Words) {
	for _, b := range v.Agenda.Beside {
		if b.Of != priority.Whole {
			continue
		}
		if b.State == priority.Few {
			v.Whole = &strong{Sentence: w.T("ag.ex.few")}
			continue
		}
		x := &strong{Sentence: w.T("ag.strong.equal")}
		if b.Differs() {
			x.Sentence = w.T("ag.diff", "n", w.N(max(len(b.Only), len(b.Without))))
		}
		a := v.Agenda
		x.Rows = []doorRow{
			{w.T("ag.ex.counted"), w.N(a.Ballots), w.N(len(a.Chosen)), percent(a.Coverage.Rule, a.Coverage.Of)},
			{w.T("ag.ex.all"), w.N(b.Ballots), w.N(len(b.Chosen)), percent(b.Coverage.Rule, b.Coverage.Of)},
		}
		x.In, x.Out = v.supported(w, b.Only), v.supported(w, b.Without)
		x.Digest = b.Input
		v.Whole = x
	}
}
