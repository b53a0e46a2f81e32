package question

import (
	"fmt"
	"strings"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/page/leaf"
)

// shapes are how what happened is drawn.
var shapes = map[string]leaf.Shape{
	"question.merged": leaf.Joined, "question.merge_proposed": leaf.Going, "question.refused": leaf.Barred, "question.not_selected": leaf.Barred, "question.withdrawn": leaf.Barred,
	"question.withdrawn_by_two": leaf.Barred, "question.translation_late": leaf.Overdue,
	"question.held": leaf.Paused, "question.overdue": leaf.Overdue, "question.referred": leaf.Sent, "question.to_writing": leaf.Sent, "question.carried": leaf.Sent,
	"text.erased": leaf.Barred, "question.upheld": leaf.Barred, "question.second_needed": leaf.Going, "question.needs_edit": leaf.Paused,
}

// Happened is one thing that happened to a question, as a link of its chain.
func (s Speaker) Happened(ed glosa.EditionID, st civic.Step) leaf.Step {
	w := s.Words
	x := leaf.Step{Shape: leaf.Done, When: s.day(st.At)}
	if sh, ok := shapes[string(st.Kind)]; ok {
		x.Shape = sh
	}
	verb := strings.TrimPrefix(strings.TrimPrefix(string(st.Kind), "question."), "text.")
	if x.Bold = w.T("rk." + string(st.Kind)); w.Has("qt.step." + verb) { // every public kind has the record's words
		x.Bold = w.T("qt.step." + verb)
	}
	to := func(path string, segments ...string) string {
		return "/" + w.Lang + path + strings.Join(append([]string{""}, segments...), "/")
	}
	link := func(text, href string) *leaf.Link { return &leaf.Link{Text: text, Href: href} }
	switch verb {
	case "followed", "unmerged":
		x.Rest, x.Link = w.T("qt.step."+verb+".of"), link(st.Other, to("/preguntas", st.Other))
	case "admitted":
		x.Rest = s.why(st.Word)
	case "refused", "upheld":
		x.Rest = s.Ground(st.Word)
	case "withdrawn_by_two":
		x.Rest = s.coded("qt.law."+string(st.Word), st.Word)
	case "needs_edit":
		x.Rest = w.T("qt.edit." + string(st.Word))
	case "merge_proposed", "merge_consented":
		x.Rest, x.Link = w.T("qt.step.with"), link(st.Other, to("/preguntas", st.Other))
	case "merge_dropped":
		x.Rest, x.Link = w.T("lk.dropped."+string(st.Word)), link(st.Other, to("/preguntas", st.Other))
	case "merged":
		x.Rest, x.Link = w.T("qt.step.with"), link(st.Other, to("/preguntas", st.Other))
	case "routed", "referred":
		s.referred(&x, st, to)
	case "selected":
		x.Rest, x.Link = w.T("qt.step.selected.at", "n", fmt.Sprint(st.Number)), link(w.T("qt.rule"), to("/ediciones", string(ed), "agenda"))
	case "not_selected":
		if st.Number > 0 {
			x.Rest = w.T("qt.step.short", "n", fmt.Sprint(st.Number))
		} else {
			x.Rest = w.T("qt.step.missed")
		}
		x.Link = link(w.T("qt.rule"), to("/ediciones", string(ed), "agenda"))
	case "asked":
		x.Link = link(w.T("qt.step.session"), to("/ediciones", string(ed), "sesion"))
	case "answered_oral":
		x.Rest = w.T("qt.step.minute", "t", minute(st.Number))
	case "answered":
		x.Rest, x.Link = s.Names.By(string(st.By)), link(w.T("qt.step.read"), "#respuesta")
	case "corrected", "extended":
		x.Rest = w.T("qt.step."+verb+".n", "n", fmt.Sprint(st.Number))
	case "carried":
		x.Link = link(st.Other, to("/ediciones", st.Other))
	case "redacted", "text_added", "seal.opened", "translation_late", "overdue", "rated":
		x.Rest = s.inWords(verb, st)
	}
	return x
}

// inWords says the rest of a step that leads nowhere else.
func (s Speaker) inWords(verb string, st civic.Step) string {
	switch verb {
	case "overdue":
		return s.Words.T("qt.step.overdue." + string(st.Word))
	case "rated":
		return s.Words.T("qt.rate." + string(st.Word))
	case "redacted":
		return s.Words.T("qt.step.redacted.n", "n", fmt.Sprint(st.Number))
	case "text_added":
		return s.Words.T("qt.step.text_added." + string(st.Word))
	case "seal.opened":
		return s.Words.T("st.reason." + string(st.Word))
	}
	return s.Tongue(st.Other)
}

func (s Speaker) referred(x *leaf.Step, st civic.Step, to func(string, ...string) string) {
	if st.Other == "" {
		x.Rest = s.Words.T("qt.step.referred.none")
		return
	}
	x.Rest, x.Link = s.Words.T("qt.step.to"), &leaf.Link{Text: st.Other, Href: to("/instituciones", st.Other)}
}

// why says how an admission came about, when it was not one person's.
func (s Speaker) why(word glosa.Code) string {
	if word == "one" || word == "" {
		return ""
	}
	return s.Words.T("qt.why." + string(word))
}

// minute is a second of the video as people read it: 12:05.
func minute(second int) string { return fmt.Sprintf("%d:%02d", second/60, second%60) }

// story is the chain of a question: what happened, then what is to come.
func (c *card) story() {
	s, q := c.scene, c.q
	for _, st := range q.Steps {
		c.steps = append(c.steps, s.Happened(q.Edition, st))
	}
	if c.delivered != nil {
		c.steps = append(c.steps, *c.delivered)
	}
	if c.public {
		c.ahead()
	} else if n := len(c.steps); n > 0 && q.State.Counts() == civic.InWaiting {
		c.steps = append(c.steps, leaf.Step{Shape: leaf.Going, Bold: s.Words.T("qt.ahead.review"), When: c.due(), Here: true})
	}
	for _, h := range q.Holdings() {
		until := s.Words.T("qt.now")
		if !h.To.IsZero() {
			until = s.day(h.To)
		}
		row := leaf.Row{Label: s.Words.T("qt.governor"), Value: s.day(h.From) + " – " + until}
		if h.Institution != "" {
			row.Label, row.Href = s.Names.Institution(h.Institution), s.r.To("/instituciones", string(h.Institution))
		}
		c.holdings = append(c.holdings, row)
	}
	for _, d := range q.Decisions {
		c.decisions = append(c.decisions, c.decision(d))
	}
}

func (c *card) due() string {
	if !c.q.HasClock || c.q.Clock.Standing {
		return ""
	}
	return c.scene.day(c.q.Clock.Due)
}

// ahead are the links that have not come yet, or that come now.
func (c *card) ahead() {
	s, q := c.scene, c.q
	w := s.Words
	add := func(x leaf.Step) { c.steps = append(c.steps, x) }
	answered := q.State == civic.Answered || q.State == civic.Spoken || q.State == civic.Finished || q.State == civic.Transferred
	if q.State == civic.Merged {
		add(leaf.Step{Shape: leaf.Going, Bold: w.T("qt.ahead.goes_on"), Link: &leaf.Link{Text: string(q.Canonical), Href: s.r.To("/preguntas", string(q.Canonical))}, Here: true})
		return
	}
	if q.State == civic.Withdrawn {
		return
	}
	if q.Agenda == civic.NoAgenda && !answered && q.Follows == "" {
		add(leaf.Step{Shape: leaf.Later, Bold: w.T("qt.ahead.agenda"), Rest: w.T("qt.ahead.agenda.on")})
	}
	switch {
	case q.Unrouted() && q.Agenda != civic.OnAgenda && q.Agenda != civic.InRoom:
		add(leaf.Step{Shape: leaf.Open, Bold: w.T("qt.ahead.route"), Here: true})
		add(leaf.Step{Shape: leaf.Later, Bold: w.T("qt.ahead.answer")})
	case q.Agenda == civic.OnAgenda || q.Agenda == civic.InRoom:
		add(leaf.Step{Shape: leaf.Going, Bold: w.T("qt.ahead.session"), Here: true})
	case q.State == civic.Routed:
		add(leaf.Step{Shape: leaf.Going, Bold: w.T("qt.ahead.answer"), Rest: w.T("qt.ahead.answer.way"), When: c.due(), Here: true})
	case q.State == civic.Overdue:
		add(leaf.Step{Shape: leaf.Overdue, Bold: w.T("qt.ahead.answer"), Rest: w.T("qt.ahead.answer.late"), When: c.due(), Here: true})
	case q.State == civic.Answered, q.State == civic.Spoken:
		add(leaf.Step{Shape: leaf.Going, Bold: w.T("qt.ahead.rate"), Rest: w.T("qt.ahead.rate.who"), Here: true})
	}
	if len(c.promises) == 0 {
		add(leaf.Step{Shape: leaf.Later, Bold: w.T("qt.ahead.promise"), Rest: w.T("qt.ahead.promise.none")})
	}
	for _, row := range c.promises {
		add(leaf.Step{Shape: leaf.Done, Bold: w.T("qt.ahead.promise"), Link: &leaf.Link{Text: row.Title, Href: s.r.To("/compromisos", string(row.ID))}})
	}
}

// decision is a ruling that is over, with both words and the offices they came from.
func (c *card) decision(d civic.Decision) leaf.Entry {
	s := c.scene
	w := s.Words
	var words []string
	for i, word := range d.Words {
		office := ""
		if i < len(d.Posts) {
			office = s.Names.By(string(d.Posts[i])) + ": "
		}
		words = append(words, office+s.said(word))
	}
	return leaf.Entry{When: w.Day(s.local(d.At)), Text: w.T("qt.ruling."+string(d.Kind)) + ": " + w.T("qt.outcome."+string(d.Outcome)) + ".", Note: strings.Join(words, " · ")}
}

// said is one person's word in a ruling: admit, uphold, overturn, or a ground.
func (s Speaker) said(word glosa.Code) string {
	if key := "qt.word." + string(word); s.Words.Has(key) {
		return s.Words.T(key)
	}
	ground, law, two := strings.Cut(string(word), "/")
	if two {
		return s.Ground(glosa.Code(ground)) + ", " + s.coded("qt.law."+law, glosa.Code(law))
	}
	return s.Ground(word)
}
