package question

import (
	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// carry hands what nobody answered in an edition that is over to the next one of
// its series, once that is called. It stays in its own edition's balance and
// publicly overdue there; clock, calendar and institution stay what they are. What
// an edition inherited it hands on in the same way.
func carry(tx *db.Tx, by glosa.Actor, limit int) (done int, err error) {
	heirs, err := edition.Heirs(tx)
	if err != nil {
		return 0, err
	}
	for _, h := range heirs {
		rows, err := selectLeft(tx, h.Of, limit-done)
		if err != nil {
			return done, err
		}
		for i := range rows {
			r := &rows[i]
			r.carried = h.Next
			step := Step{Other: string(h.Next)}
			if err := leave(tx, by, r, kCarried, carriedBody{To: h.Next}, step, "edition:"+string(h.Next)); err != nil {
				return done, err
			}
			if err := save(tx, r); err != nil {
				return done, err
			}
		}
		if done += len(rows); done >= limit {
			break
		}
	}
	return done, nil
}
