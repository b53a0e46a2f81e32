package priority

import (
	"strconv"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/record"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// minePage is a voter's own ballot, as this browser's credentials find it.
type minePage struct {
	leaf.Page
	ID      string // of the edition
	Choices []picked
	Open    bool
	Tracker string
	Commit  string
	Told    string // where its commitment stands in the record; "" while it waits
	Row     string // whether its row is in the published file; "" before there is one
}

// picked is a question on one's own ballot.
type picked struct{ ID, Text, Lang, Href string }

// own is the ballot of whoever visits, by the strongest door that has one; ok is
// false when there is none.
func (p *Pages) own(r *door.Request, ed edition.Edition) (who voter.Credential, rc priority.Receipt, ok bool, err error) {
	held, err := p.Held(r, ed.ID)
	for _, who := range held {
		rc, err := p.Priority.Own(r.Context(), who, ed.ID)
		if glosa.KindOf(err) == glosa.NotFound && err != nil {
			return who, rc, false, nil // no contest yet
		}
		if err != nil || len(rc.Choices) > 0 {
			return who, rc, err == nil, err
		}
	}
	return who, rc, false, err
}

// mine is the page of one's own ballot: what is on it, its row's name, its receipt.
func (p *Pages) mine(r *door.Request) (door.View, error) {
	ed, err := p.edition(r)
	if err != nil {
		return door.View{}, err
	}
	_, rc, ok, err := p.own(r, ed)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	v := minePage{Page: leaf.From(r, w.T("bo.title")), ID: string(ed.ID)}
	v.Synthetic, v.Asked, v.NoIndex = ed.Synthetic, true, true
	v.Crumbs = []leaf.Link{chain.Crumb(r, ed), {Text: w.T("ag.title"), Href: r.To("/ediciones", v.ID, "agenda")}, {Text: w.T("bo.title")}}
	v.Margin = leaf.Margin{Head: chain.Name(w, ed), HeadLang: chain.Lang(w, ed), Synthetic: ed.Synthetic}
	a, err := p.Priority.Agenda(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	v.Open = a.Status == priority.Open
	if !ok {
		v.Shape, v.State, v.More = leaf.Open, w.T("bo.none"), w.T("bo.none.more")
		return door.View{Body: mineBody(v), NoStore: true}, nil
	}
	v.Shape, v.State = leaf.Done, w.T("bo.count", "n", w.N(len(rc.Choices)), "of", w.N(a.Criteria.Choices))
	v.Tracker, v.Commit = rc.Tracker, rc.Commit.String()
	texts, err := p.texts(r, ed.ID)
	if err != nil {
		return door.View{}, err
	}
	for _, id := range rc.Choices {
		v.Choices = append(v.Choices, picked{string(id), words(w, texts[id]), lang(texts[id]), r.To("/preguntas", string(id))})
	}
	if err := p.stands(r, ed, a, rc, &v); err != nil {
		return door.View{}, err
	}
	return door.View{Body: mineBody(v), NoStore: true}, nil
}

// stands says where the ballot stands in the record and in the published file.
func (p *Pages) stands(r *door.Request, ed edition.Edition, a priority.Agenda, rc priority.Receipt, v *minePage) error {
	l, ok, err := p.toldOf(r, rc)
	if err != nil {
		return err
	}
	if ok {
		v.Told = r.To("/registro", strconv.FormatInt(l.N, 10))
	}
	if a.Status != priority.Decided {
		return nil
	}
	where, name, err := p.Priority.Row(r.Context(), ed.ID, rc)
	switch where {
	case priority.OwnCounted:
		v.Row = r.Words.T("bo.row.yes")
	case priority.OwnExcluded:
		v.Row = r.Words.T("bo.row.excluded", "name", name)
	default:
		v.Row = r.Words.T("bo.row.no")
	}
	return err
}

// toldOf is the leaf that tells the record of a ballot, once it is sealed.
func (p *Pages) toldOf(r *door.Request, rc priority.Receipt) (l record.Leaf, ok bool, err error) {
	if p.Record == nil || rc.Batch == 0 {
		return l, false, nil
	}
	l, ok, err = p.Record.Listed(r.Context(), voter.Listed(rc.Contest, rc.Batch), rc.Commit)
	return l, ok && l.N < p.Record.Size(), err
}

// mineReceipt is the private receipt of one's own ballot: whoever has it can show
// what was chosen, so it is stored nowhere on the way.
func (p *Pages) mineReceipt(r *door.Request) (door.View, error) {
	ed, err := p.edition(r)
	if err != nil {
		return door.View{}, err
	}
	who, rc, ok, err := p.own(r, ed)
	if err != nil {
		return door.View{}, err
	}
	if !ok {
		return door.View{Go: r.To("/ediciones", string(ed.ID), "mi-boleta")}, nil
	}
	l, sealed, err := p.toldOf(r, rc)
	if err != nil {
		return door.View{}, err
	}
	var proof []byte
	if sealed {
		proof, err = p.Record.Receipt(r.Context(), l.N, nil)
	} else {
		rc, err = p.Priority.Again(r.Context(), ed.ID, who, rc)
	}
	if err != nil {
		return door.View{}, err
	}
	object, err := glosa.JCS(rc.Object())
	if err != nil {
		return door.View{}, err
	}
	raw, err := record.Private{Object: object, SaltDevice: rc.SaltDevice, SaltServer: rc.SaltServer}.Write(rc.Promise, proof)
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: feed.Fixed(string(ed.ID)+"-boleta.json", "application/json", ed.Synthetic, raw), NoStore: true}, nil
}
