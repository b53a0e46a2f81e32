package question

import (
	"context"
	"time"

	"glosa"
	"glosa/db"
)

// Facets counts an edition's listed questions along each filter, each by itself.
// Follow-ups are listed, so they count too.
type Facets struct {
	States       map[State]int
	Institutions map[glosa.InstitutionKey]int
	Themes       map[glosa.Code]int
	Places       map[glosa.TerritoryCode]int // of published ones
	Languages    map[glosa.Code]int          // likewise
	Inherited    int                         // that earlier editions left to this one: of these alone not the edition's own
	At           time.Time                   // when they were counted
}

// FacetsLast is how long counts beside a filter may be behind: a crowd that asks
// does not make every visit count anew.
const FacetsLast = 30 * time.Second

// Facets is what each filter of an edition's list would show, as of At, which is
// at most FacetsLast ago; Current tells whether nothing has happened since.
func (d *Desk) Facets(ctx context.Context, ed glosa.EditionID) (f Facets, current bool, err error) {
	return d.facets.Recent(ctx, d.DB, ed, ours, FacetsLast, func(tx *db.Tx) (Facets, error) { return selectFacets(tx, ed) })
}

// Each hands every question of a list to emit, in the list's order, holding no
// more than a page of them. It stops at emit's first error and returns it.
func (d *Desk) Each(ctx context.Context, f Filter, emit func(Brief) error) error {
	const page = 500
	look := parseSought(f.Words)
	for c := (cursor{}); ; {
		var some []Brief
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			some, err = selectList(tx, f, c, page)
			return err
		})
		if err != nil {
			return err
		}
		for _, b := range some {
			if !look.holds(b.Text) {
				continue
			}
			if err := emit(b); err != nil {
				return err
			}
		}
		if len(some) < page {
			return nil
		}
		last := some[page-1]
		c = cursor{at: last.Listed, id: string(last.ID)}
	}
}
