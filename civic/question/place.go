package question

import (
	"context"

	"glosa"
	"glosa/db"
)

// placed is how many questions of a state came from a municipality.
type placed struct {
	at    glosa.TerritoryCode
	state State
	n     int
}

// Places counts an edition's questions by municipality: those admitted or merged.
// Where a question comes from is not public before that, not even as a count
// that moves when somebody asks.
func (d *Desk) Places(ctx context.Context, ed glosa.EditionID) (by map[glosa.TerritoryCode]int, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		by = map[glosa.TerritoryCode]int{}
		all, err := selectPlaces(tx, ed)
		for _, p := range all {
			if p.state.TextIsPublic() {
				by[p.at] += p.n
			}
		}
		return err
	})
	return by, err
}

// PlacesAnswered counts an edition's answered questions by municipality.
func (d *Desk) PlacesAnswered(ctx context.Context, ed glosa.EditionID) (by map[glosa.TerritoryCode]int, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		by = map[glosa.TerritoryCode]int{}
		all, err := selectPlacesAnswered(tx, ed)
		for _, p := range all {
			by[p.at] += p.n
		}
		return err
	})
	return by, err
}
