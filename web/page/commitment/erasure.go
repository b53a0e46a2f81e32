package commitment

import (
	"errors"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// erasurePage is the desk where two sides erase evidence: the list, and the form
// about the piece that was picked.
type erasurePage struct {
	desk
	Items   []leaf.Item
	Picked  *commitment.Erasable
	Grounds []leaf.Option
	Laws    []leaf.Option
}

func (p *Pages) erasures(r *door.Request) (door.View, error) {
	v, err := p.erasuresOf(r, r.Query("pieza"))
	if err != nil {
		return door.View{}, err
	}
	return door.Show(erasureBody(v))
}

func (p *Pages) erasuresOf(r *door.Request, picked string) (v erasurePage, err error) {
	id := glosa.EditionID(r.Path("edition"))
	if err = allowed(r.Actor, id, actErase); err != nil {
		return v, err
	}
	w := r.Words
	if v.desk, err = p.deskOf(r, id, w.T("dk.erase")); err != nil {
		return v, err
	}
	list, err := p.Commitment.Erasables(r.Context(), r.Actor, id)
	if err != nil {
		return v, err
	}
	waiting := 0
	for i, e := range list {
		it := leaf.Item{Code: string(e.Commitment), Text: e.Title, Href: r.To("/mesa/borrado", string(id)) + "?pieza=" + string(e.ID) + "#borrar",
			Notes: []string{e.Name, w.Day(e.At.In(v.Zone)), v.Names.By(e.By)}}
		it.Shape, it.Word = leaf.Done, w.T("dk.erase.kept")
		if !e.Public() {
			it.Shape, it.Word = leaf.Open, w.T("cb.e.unreviewed")
		}
		switch {
		case e.State == commitment.Gone:
			it = leaf.Item{Text: string(e.Commitment), Shape: leaf.Barred, Word: w.T("cb.gone"), Notes: []string{e.Name, w.T("cb.gone.when",
				"date", w.Day(e.Erased.At.In(v.Zone)), "ground", w.T("cb.gone.ground."+string(e.Erased.Ground)),
				"one", v.Names.By(string(e.Erased.Posts[0])), "two", v.Names.By(string(e.Erased.Posts[1])))}}
		case e.Asked != "" && e.Mine:
			it.Shape, it.Word = leaf.Sent, w.T("dk.erase.mine")
		case e.Asked != "":
			it.Shape, it.Word = leaf.Going, w.T("dk.erase.asked", "side", v.Names.Side(e.Asked))
			waiting++
		case e.Split:
			it.Notes = append(it.Notes, w.T("dk.erase.split"))
		}
		v.Items = append(v.Items, it)
		if string(e.ID) == picked && e.State != commitment.Gone && !e.Mine {
			v.Picked = &list[i]
		}
	}
	v.State = w.T("dk.erase.state", "n", w.N(waiting))
	for _, g := range question.ErasureGrounds() {
		v.Grounds = append(v.Grounds, leaf.Option{Value: string(g), Text: w.T("dk.erase.ground." + string(g))})
	}
	for _, l := range question.ErasureLaws() {
		v.Laws = append(v.Laws, leaf.Option{Value: string(l), Text: w.T("qt.law." + string(l))})
	}
	return v, nil
}

// erase takes one person's word.
func (p *Pages) erase(r *door.Request) (door.View, error) {
	v, err := p.erasuresOf(r, r.Value("pieza"))
	if err != nil {
		return door.View{}, err
	}
	if v.Picked == nil {
		return door.View{}, glosa.Missing("evidence", r.Value("pieza"))
	}
	err = p.Commitment.Erase(r.Context(), r.Actor, v.Picked.ID, glosa.Code(r.Value("ground")), glosa.Code(r.Value("law")))
	var e *glosa.Error
	if errors.As(err, &e) && e.Key == "mo.second" { // the same human on the other side
		err = glosa.Wrong(glosa.Field{Key: e.Key, Args: e.Args})
	}
	if err != nil {
		if !v.back(r, err) {
			return door.View{}, err
		}
		return door.Redo(erasureBody(v))
	}
	return door.Done(r.To("/mesa/borrado", string(v.Edition.ID)), "commitment:"+string(v.Picked.Commitment))
}
