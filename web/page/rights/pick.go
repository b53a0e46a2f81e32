package rights

import (
	"glosa"
	"glosa/civic/panel/draw"
	civic "glosa/civic/people/rights"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// reasons is why the term is extended.
func reasons(b bench, c civic.Card) leaf.Field {
	f := leaf.Field{Form: string(c.ID), Name: "reason", Label: b.Words.T("ar.reason.label")}
	for _, x := range civic.Reasons() {
		f.Options = append(f.Options, leaf.Option{Value: string(x), Text: b.Words.T("ar.reason." + string(x))})
	}
	return f
}

// folios is where a desk writes which questions are whose.
func folios(b bench, c civic.Card) leaf.Field {
	return typed(b, c, leaf.Field{Name: "folios", Label: b.Words.T("ar.folios.label"), Hint: b.Words.T("ar.folios.hint"), Required: true})
}

// rightName is for whoever did not write it when they asked.
func rightName(b bench, c civic.Card) leaf.Field {
	return typed(b, c, leaf.Field{Name: "name", Label: b.Words.T("ar.name"), Required: true})
}

// typed keeps what was typed into the form of this request.
func typed(b bench, c civic.Card, f leaf.Field) leaf.Field {
	if f.Form = string(c.ID); b.problems.Any() && b.r.Value("request") == f.Form {
		f.Value, f.Error = b.r.Value(f.Name), b.problems.For(f.Name)
	}
	return f
}

// checks is how it was seen that a question is somebody's.
func checks(b bench, c civic.Card) leaf.Field {
	f := typed(b, c, leaf.Field{Name: "check", Label: b.Words.T("ar.check.label")})
	for _, x := range civic.Checks() {
		f.Options = append(f.Options, leaf.Option{Value: string(x), Text: b.Words.T("ar.check." + string(x))})
	}
	return f
}

// questionsOf is which questions a request is about, and what was done to each.
func questionsOf(r *door.Request, c civic.Card) (rows []leaf.Row) {
	if len(c.Done) > 0 {
		for _, x := range c.Done {
			rows = append(rows, leaf.Row{Label: string(x.Question), Value: r.Words.T("ar.done." + string(x.What)), Href: whereIs(r, x.Question)})
		}
		return rows
	}
	for _, q := range c.Questions {
		rows = append(rows, leaf.Row{Label: string(q), Value: r.Words.T("ar.notyet"), Href: whereIs(r, q)})
	}
	return rows
}

// whereIs is the page of what a folio is of: a question's own, or where the owner of
// a registration for a draw opens it.
func whereIs(r *door.Request, folio glosa.QuestionID) string {
	if _, ok := draw.ParseTicket(string(folio)); ok {
		return r.To("/mi-sorteo")
	}
	return r.To("/preguntas", string(folio))
}

// grounds is why a request is denied; granting needs none.
func grounds(b bench, c civic.Card) leaf.Field {
	f := leaf.Field{Form: string(c.ID), Name: "ground", Label: b.Words.T("ar.ground.label"), Options: []leaf.Option{{Text: "–"}}}
	for _, x := range civic.Grounds() {
		f.Options = append(f.Options, leaf.Option{Value: string(x), Text: b.Words.T("ar.ground." + string(x))})
	}
	return f
}
