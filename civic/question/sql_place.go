package question

import (
	"glosa"
	"glosa/db"
)

// selectPlacesAnswered counts by municipality the questions that are answered,
// in writing or in the session; of merged ones, those whose common one is.
func selectPlacesAnswered(tx *db.Tx, ed glosa.EditionID) ([]placed, error) {
	return db.Collect(tx, func(r *db.Rows) (p placed, err error) { return p, r.Scan(&p.at, &p.n) },
		`select q.municipality, count(*) from question q join question a on a.id = q.root
		where q.edition = $1 and q.follows = '' and a.state in ('answered', 'answered_oral', 'closed') group by q.municipality`, ed)
}
