package entry

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
)

// mine are the editions in which whoever is signed in may have work: their own,
// or every one that goes its way through the stages.
func (p *Pages) mine(r *door.Request) ([]edition.Edition, error) {
	if r.Actor.Edition != "" {
		ed, err := p.Edition.Get(r.Context(), r.Actor.Edition)
		return []edition.Edition{ed}, err
	}
	all, err := p.Edition.List(r.Context(), "")
	var out []edition.Edition
	for _, ed := range all {
		if !ed.Documented && ed.Stage != edition.Closed && ed.Stage != edition.Cancelled {
			out = append(out, ed)
		}
	}
	return out, err
}

// zone is the clock on the wall of an edition.
func (p *Pages) zone(r *door.Request, id glosa.EditionID) *time.Location {
	if ed, err := p.Edition.Get(r.Context(), id); err == nil && ed.Zone != nil {
		return ed.Zone
	}
	if all, err := p.Edition.List(r.Context(), ""); err == nil && len(all) > 0 && all[0].Zone != nil {
		return all[0].Zone
	}
	return time.UTC
}

// where is an edition's name before what somebody does in it.
func (p *Pages) where(r *door.Request, id glosa.EditionID) string {
	if id == "" {
		return ""
	}
	ed, err := p.Edition.Get(r.Context(), id)
	if err != nil {
		return ""
	}
	return chain.Name(r.Words, ed) + " · "
}
