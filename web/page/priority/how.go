package priority

import (
	"strings"

	"glosa"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// howPage says in plain words how an agenda is chosen. Its example is computed
// as the page is made, by the code that computes agendas.
type howPage struct {
	leaf.Page
	Idea, Promise    []string
	Lead, Begin      string
	Wants            []leaf.Row
	Steps            []leaf.Step
	Compare, Covered string
	Command          string
	Size             int64
}

// exampleFile is what a browser calls the example.
const exampleFile = "como-se-elige.pb"

func (p *Pages) how(r *door.Request) (door.View, error) {
	x, err := priority.WorkedExample()
	if err != nil {
		return door.View{}, err
	}
	w, a := r.Words, x.Agenda
	v := howPage{Page: leaf.From(r, w.T("ho.how.title")), Command: a.Command(exampleFile), Size: int64(len(x.File)),
		Idea:    []string{w.T("ho.how.1"), w.T("ho.how.2"), w.T("ho.how.3"), w.T("ho.how.4")},
		Promise: []string{w.T("ho.how.promise.1"), w.T("ho.how.promise.2"), w.T("ho.how.promise.3"), w.T("ho.how.promise.4"), w.T("ho.how.selector")}}
	v.State, v.More = w.T("ho.how.state"), w.T("ho.how.more")
	v.Crumbs = []leaf.Link{{Text: w.T("nav.editions"), Href: r.To("/ediciones")}, {Text: v.Title}}
	people := len(x.Wants)
	v.Lead = w.T("ho.how.example.lead", "people", w.N(people), "questions", w.N(len(a.Chosen)+len(a.Missed)), "minutes", w.T("ag.minutes", "n", w.N(a.Criteria.Minutes)),
		"each", w.N(a.Criteria.PerQuestion), "fit", w.N(a.Criteria.Minutes/a.Criteria.PerQuestion))
	for i, wants := range x.Wants {
		v.Wants = append(v.Wants, leaf.Row{Label: w.T("ho.how.person", "n", w.N(i+1)), Value: spelled(wants)})
	}
	v.Begin = w.T("ho.how.begin", "minutes", w.N(a.Criteria.Minutes), "people", w.N(people), "share", minutes(w, first(a)), "final", minutes(w, a.Share))
	for _, c := range a.Chosen {
		v.Steps = append(v.Steps, leaf.Step{Shape: leaf.Done, Bold: w.T("ho.how.enters", "question", string(c.Question)), Rest: paid(w, a, c)})
	}
	for _, m := range a.Missed {
		v.Steps = append(v.Steps, leaf.Step{Shape: leaf.Barred, Bold: w.T("ho.how.out", "question", string(m.Question)), Rest: why(w, m)})
	}
	v.Compare = w.T("ho.how.compare", "rule", spelled(chosenIDs(a)), "raw", spelled(x.Account.Raw))
	v.Covered = w.T("ho.how.covered", "n", w.N(a.Coverage.Of), "rule", w.N(a.Coverage.Rule), "raw", w.N(a.Coverage.Raw))
	return door.View{Body: howBody(v), Tags: []string{"site"}}, nil
}

// howFile is the example as a published file.
func (p *Pages) howFile(*door.Request) (door.View, error) {
	x, err := priority.WorkedExample()
	return door.View{Tags: []string{"site"}, File: &door.File{Name: exampleFile, Type: "text/plain; charset=utf-8", Bytes: x.File}}, err
}

func chosenIDs(a priority.Agenda) (ids []glosa.QuestionID) {
	for _, c := range a.Chosen {
		ids = append(ids, c.Question)
	}
	return ids
}

func spelled(ids []glosa.QuestionID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return strings.Join(out, ", ")
}
