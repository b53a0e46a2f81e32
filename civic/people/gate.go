package people

import (
	"slices"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// GateSides asks that both sides have somebody to moderate. Without them one side alone
// would open an exercise in which nothing can be refused, erased or waived.
const GateSides glosa.Code = "sides"

// Gate says which sides have no moderator seated when an edition is called.
func Gate(tx *db.Tx, ed edition.Edition, to edition.Stage) (missing []edition.Missing, err error) {
	if to != edition.Called {
		return nil, nil
	}
	seats, err := selectSeats(tx, ed.ID)
	if err != nil {
		return nil, err
	}
	today := DayOf(tx.Now.In(ed.Zone))
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil} {
		seated := false
		for _, s := range seats {
			if s.Side != side || !slices.Contains(s.Roles, glosa.Moderator) {
				continue
			}
			all, err := selectSittings(tx, s.ID)
			if err != nil {
				return nil, err
			}
			seated = seated || sitting(all, today) != ""
		}
		if !seated {
			missing = append(missing, edition.Missing{Gate: GateSides, Key: "pe.need." + string(side)})
		}
	}
	return missing, nil
}
