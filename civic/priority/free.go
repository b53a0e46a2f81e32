package priority

import (
	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// free is nil when the selector holds nothing in government on the day, by the
// dated register: no post, no act of one by delegation, no seat of any edition.
// The hat that somebody wears says nothing of the others they own. Denied else.
func free(tx *db.Tx, by glosa.Actor, ed glosa.EditionID) (people.Day, error) {
	day, err := people.Today(tx, ed)
	if err != nil {
		return "", err
	}
	hats, err := people.Hats(tx, by.Human, day.Time())
	if err != nil {
		return "", err
	}
	for _, h := range hats {
		if h.Side == glosa.Government {
			return "", glosa.Refuse(glosa.Denied, "g.office", "rule", string(actSelect), "day", string(day))
		}
	}
	return day, nil
}
