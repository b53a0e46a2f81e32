package priority

import (
	"glosa"
	"glosa/db"
)

// selectEveryVersion lists every row of a contest, by commitment.
func selectEveryVersion(tx *db.Tx, contest glosa.ContestID) ([]*ballot, error) {
	return db.Collect(tx, scanBallot, `select `+ballotColumns+` from priority_ballot where contest = $1 order by committed, batch`, contest)
}
