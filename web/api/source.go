package api

import (
	"slices"

	"glosa"
)

// addresses are the sources of all series by their ids: whoever reads the API
// gets what can be opened.
type addresses map[glosa.SourceID]string

func (a *api) addresses(c *call) (addresses, error) {
	all, err := a.Edition.List(c.Context(), "")
	if err != nil {
		return nil, err
	}
	at := addresses{}
	var read []glosa.SeriesID
	for _, e := range all {
		if !e.Documented || slices.Contains(read, e.Series) {
			continue
		}
		read = append(read, e.Series)
		d, err := a.Edition.Dossier(c.Context(), e.Series)
		if err != nil {
			return nil, err
		}
		for _, s := range d.Sources {
			at[s.ID] = s.URL
		}
	}
	return at, nil
}

// of are the addresses of some sources. One that is in no dossier keeps its id.
func (at addresses) of(ids []glosa.SourceID) []string {
	return each(ids, func(id glosa.SourceID) string {
		if url := at[id]; url != "" {
			return url
		}
		return string(id)
	})
}
