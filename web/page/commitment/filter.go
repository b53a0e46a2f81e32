package commitment

import (
	"slices"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/sdg"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
	"glosa/web/text"
)

// fields are the filters of the global board: what is on it, and nothing else.
func (p *Pages) fields(r *door.Request, names who.Names) ([]leaf.Field, error) {
	w := r.Words
	all, err := p.Commitment.Board(r.Context(), commitment.Filter{})
	if err != nil {
		return nil, err
	}
	editions, err := p.Edition.List(r.Context(), "")
	if err != nil {
		return nil, err
	}
	any := leaf.Option{Value: "", Text: w.T("cb.any")}
	owner := leaf.Field{Name: "responsable", Label: w.T("cb.f.owner"), Value: r.Query("responsable"), Options: []leaf.Option{any}}
	for _, key := range owners(all.Rows) {
		owner.Options = append(owner.Options, leaf.Option{Value: string(key), Text: names.Institution(key)})
	}
	state := leaf.Field{Name: "estado", Label: w.T("cb.f.state"), Value: r.Query("estado"),
		Options: []leaf.Option{any, {Value: "abiertos", Text: w.T("cb.open")}}}
	for _, s := range states {
		if all.States[s] > 0 {
			state.Options = append(state.Options, leaf.Option{Value: string(s), Text: stateWord(w, s)})
		}
	}
	return []leaf.Field{owner, state, editionField(r, editions, any, all.Rows), goalField(w, r.Query("ods"), any, all.Rows)}, nil
}

func editionField(r *door.Request, editions []edition.Edition, any leaf.Option, rows []commitment.Row) leaf.Field {
	f := leaf.Field{Name: "edicion", Label: r.Words.T("cb.f.edition"), Value: r.Query("edicion"), Options: []leaf.Option{any}}
	for _, ed := range editions {
		if slices.ContainsFunc(rows, func(x commitment.Row) bool { return x.Edition == ed.ID }) {
			f.Options = append(f.Options, leaf.Option{Value: string(ed.ID), Text: chain.Name(r.Words, ed)})
		}
	}
	return f
}

func goalField(w *text.Words, chosen string, any leaf.Option, rows []commitment.Row) leaf.Field {
	f := leaf.Field{Name: "ods", Label: w.T("cb.f.sdg"), Value: chosen, Options: []leaf.Option{any}}
	for _, g := range sdg.Goals() {
		has := slices.ContainsFunc(rows, func(x commitment.Row) bool {
			return x.Goal == g.Number || slices.ContainsFunc(x.Targets, func(t glosa.TargetCode) bool {
				found, err := sdg.Find(t)
				return err == nil && found.Goal == g.Number
			})
		})
		if has {
			f.Options = append(f.Options, leaf.Option{Value: itoa(g.Number), Text: w.T("sdg.tag", "code", itoa(g.Number), "label", g.Label.In(w.Lang))})
		}
	}
	return f
}

// owners are the institutions that lead a commitment, in the order they appear.
func owners(rows []commitment.Row) (keys []glosa.InstitutionKey) {
	for _, x := range rows {
		for _, key := range []glosa.InstitutionKey{x.Leads, x.With} {
			if key != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}
