package priority

import (
	"context"

	"glosa"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/chain"
)

// strongFile is the .pb file of the ballots of strong doors alone.
func (p *Pages) strongFile(r *door.Request) (door.View, error) {
	return p.beside(r, priority.Strong, p.Priority.BesideFile, "-fuertes.pb", "text/plain; charset=utf-8")
}

// strongResult is what the rule makes of them, byte for byte as its digest in the record has it.
func (p *Pages) strongResult(r *door.Request) (door.View, error) {
	return p.beside(r, priority.Strong, p.Priority.BesideResult, "-fuertes.json", "application/json; charset=utf-8")
}

// beside is a file of another count of the ballots.
func (p *Pages) beside(r *door.Request, of glosa.Code, read func(context.Context, glosa.EditionID, glosa.Code) ([]byte, error), name, sort string) (door.View, error) {
	ed, err := p.edition(r)
	if err != nil {
		return door.View{}, err
	}
	raw, err := read(r.Context(), ed.ID, of)
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: &door.File{Name: string(ed.ID) + name, Type: sort, Bytes: raw}, Tags: chain.Tags(ed)}, nil
}
