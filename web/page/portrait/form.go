package portrait

import (
	"github.com/a-h/templ"

	"glosa"
	"glosa/civic/people"
	civic "glosa/civic/people/portrait"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// Form is the questions that follow a receipt: apart from it, optional, nameless.
type Form struct {
	words    *text.Words
	action   string
	permit   string
	problems leaf.Problems
	place    leaf.Field
	choices  []leaf.Field
}

// FormOf is the form for a new permit. It carries nothing of the question.
func FormOf(r *door.Request, desk *civic.Desk, ed glosa.EditionID, places []people.Territory) templ.Component {
	return formPart(newForm(r, ed, desk.Permit(ed), places, leaf.Problems{}, func(string) string { return "" }))
}

func newForm(r *door.Request, ed glosa.EditionID, permit string, places []people.Territory, problems leaf.Problems, typed func(string) string) Form {
	w := r.Words
	f := Form{words: w, action: r.To("/ediciones", string(ed), "quien-falta"), permit: permit, problems: problems.In("quien")}
	f.place = leaf.Field{Form: "quien", Name: "municipality", Label: w.T("x.form.place"), Value: typed("municipality"), Error: problems.For("municipality"),
		Options: []leaf.Option{{Text: w.T("x.form.unsaid")}}}
	for _, p := range places {
		f.place.Options = append(f.place.Options, leaf.Option{Value: string(p.Code), Text: p.Name})
	}
	for _, a := range civic.Attributes() {
		c := leaf.Field{Form: "quien", Name: string(a), Label: w.T("x.form." + string(a)), Value: typed(string(a)), Error: problems.For(string(a))}
		for _, v := range a.Values() {
			c.Options = append(c.Options, leaf.Option{Value: string(v), Text: w.T("x.value." + string(a) + "." + string(v))})
		}
		c.Options = append(c.Options, leaf.Option{Value: string(civic.Unsaid), Text: w.T("x.form.other." + string(a))})
		if c.Value == "" {
			c.Value = string(civic.Unsaid)
		}
		f.choices = append(f.choices, c)
	}
	return f
}

// thanks is what follows an answer, or the form once more.
type thanks struct {
	leaf.Page
	form *Form
	all  string
}

// answer takes in what somebody says of themselves. Nothing of the visit is
// looked at: no session, no device, no folio.
func (p *Pages) answer(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	a := civic.Answer{Municipality: glosa.TerritoryCode(r.Value("municipality")), Sex: glosa.Code(r.Value("sex")),
		Age: glosa.Code(r.Value("age")), Language: glosa.Code(r.Value("language"))}
	err := p.Portrait.Answer(r.Context(), glosa.Citizen(), id, r.Value("permit"), a)
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if err != nil && !wrong {
		return door.View{}, err
	}
	ed, err := p.Edition.Get(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	t := thanks{Page: leaf.From(r, w.T("r.who")), all: r.To("/ediciones", string(id), "quien-falta")}
	t.Synthetic, t.NoIndex = ed.Synthetic, true
	t.Crumbs = []leaf.Link{{Text: chain.Name(w, ed), Href: r.To("/ediciones", string(id)), Said: chain.Lang(w, ed)}}
	if wrong {
		_, places, err := p.People.Places(r.Context(), ed.Territory, r.Now)
		if err != nil {
			return door.View{}, err
		}
		f := newForm(r, id, r.Value("permit"), places, problems, r.Value)
		t.form = &f
		v, err := door.Redo(thanksPage(t))
		v.NoStore = true
		return v, err
	}
	t.Shape, t.State, t.More = leaf.Done, w.T("x.thanks"), w.T("x.thanks.more")
	return door.View{Body: thanksPage(t), NoStore: true}, nil
}
