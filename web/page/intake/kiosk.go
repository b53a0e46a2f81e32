package intake

import (
	"crypto/rand"
	"net/http"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	civic "glosa/civic/question/intake"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// stand is the form of a shared device, or the receipt that it shows once. No
// script is on it and no cookie: nothing of a person stays.
type stand struct {
	leaf.Page
	s        scene
	table    civic.Table
	problems leaf.Problems
	taken    *question.Receipt
	open     bool
	here     string
	once     string

	text, context, municipality, language leaf.Field
}

func (p *Pages) kiosk(r *door.Request) (door.View, error) {
	k, err := p.stand(r, leaf.Problems{}, nil)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: kioskPage(k), NoStore: true}, nil
}

func (p *Pages) stand(r *door.Request, problems leaf.Problems, taken *question.Receipt) (k stand, err error) {
	t, err := p.Intake.Kiosk(r.Context(), civic.DeskID(r.Path("desk")))
	if err == nil && string(t.Edition) != r.Path("edition") {
		err = glosa.Missing("desk", r.Path("desk"))
	}
	if err != nil {
		return k, err
	}
	s, err := p.scene(r)
	if err != nil {
		return k, err
	}
	w := r.Words
	k = stand{s: s, table: t, problems: problems, taken: taken, once: rand.Text(),
		here: r.To("/ediciones", string(t.Edition), "kiosco", string(t.ID)), Page: leaf.From(r, w.T("a.title"))}
	k.NoIndex, k.Synthetic = true, s.Edition.Synthetic
	k.Margin = leaf.Margin{Head: t.Name, Lines: leaf.Notes(w.T("it.kiosk.note"))}
	if _, k.open = s.Edition.Accepts(r.Now); !k.open {
		k.State = w.T("s.closed") + "."
	}
	if taken != nil {
		k.Title, k.State = w.T("r.title"), w.T("r.next", "date", w.Date(taken.ReviewBy.In(s.Edition.Zone)))+"."
	}
	box := func(name, label, hint string) leaf.Field {
		f := leaf.Field{Name: name, Label: w.T(label), Error: problems.For(name)}
		if hint != "" {
			f.Hint = w.T(hint)
		}
		if problems.Any() {
			f.Value = r.Form.Get(name)
		}
		return f
	}
	limits, languages := edition.Limits{}, []string{"es"}
	if pr := s.Edition.Protocol; pr != nil {
		limits, languages = pr.Limits, pr.Languages
	}
	k.text = box("text", "qt.ask.text", "a.hint")
	k.text.Max, k.text.Required = limits.QuestionLetters, true
	k.context = box("context", "qt.ask.context", "")
	k.context.Max = limits.ContextLetters
	place := string(t.Municipality)
	if problems.Any() {
		place = r.Form.Get("municipality")
	}
	k.municipality = s.municipality(place, problems, true)
	k.municipality.Label = w.T("a.where")
	k.language = box("language", "qt.ask.language", "")
	if k.language.Value == "" {
		k.language.Value = w.Lang
	}
	for _, l := range languages {
		k.language.Options = append(k.language.Options, leaf.Option{Value: l, Text: spoken(s, l)})
	}
	return k, nil
}

// ask takes a question in at a kiosk and shows its receipt.
func (p *Pages) ask(r *door.Request) (door.View, error) {
	f := form(r)
	f.Name = "" // a shared screen asks nobody's name
	var rc question.Receipt
	_, err := p.stand(r, leaf.Problems{}, nil)
	if err == nil {
		rc, err = p.Intake.Ask(r.Context(), glosa.Citizen(), civic.DeskID(r.Path("desk")), f)
	}
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if err != nil && !wrong {
		return door.View{}, err
	}
	taken := &rc
	if wrong {
		taken = nil
	}
	k, err := p.stand(r, problems, taken)
	if err != nil {
		return door.View{}, err
	}
	v := door.View{Body: kioskPage(k), NoStore: true}
	if wrong {
		v.Status = http.StatusUnprocessableEntity
	}
	return v, nil
}
