package rights

import (
	civic "glosa/civic/people/rights"
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

// grounds is why a request is denied; granting needs none.
func grounds(b bench, c civic.Card) leaf.Field {
	f := leaf.Field{Form: string(c.ID), Name: "ground", Label: b.Words.T("ar.ground.label"), Options: []leaf.Option{{Text: "–"}}}
	for _, x := range civic.Grounds() {
		f.Options = append(f.Options, leaf.Option{Value: string(x), Text: b.Words.T("ar.ground." + string(x))})
	}
	return f
}
