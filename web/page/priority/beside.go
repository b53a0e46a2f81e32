package priority

import (
	"glosa"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/chain"
)

// strongResult is what the rule makes of the ballots of strong doors alone, byte for byte as its digest in the record has it.
func (p *Pages) strongResult(r *door.Request) (door.View, error) {
	return p.beside(r, priority.Strong, "-fuertes.json")
}

// beside is the result of another count. Its rows are not served: the same sets of
// choices stand in the published file, and a set that is there once would tell by
// being here or not by which door its ballot came, or whether it was excluded.
func (p *Pages) beside(r *door.Request, of glosa.Code, name string) (door.View, error) {
	ed, err := p.edition(r)
	if err != nil {
		return door.View{}, err
	}
	raw, err := p.Priority.BesideResult(r.Context(), ed.ID, of)
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: &door.File{Name: string(ed.ID) + name, Type: "application/json; charset=utf-8", Bytes: raw}, Tags: chain.Tags(ed)}, nil
}
