package voter

import (
	"time"

	"glosa/civic/edition"
)

// KeyLasts is how many days after the evaluation an edition's key, credentials
// and salts are kept: as long as somebody may ask to look at a count again.
const KeyLasts = 90

// KeyGoes is when an edition's key is destroyed; zero while nobody has evaluated
// the edition. A cancelled one is evaluated by nobody: its days run from then.
func KeyGoes(ed edition.Edition) time.Time {
	from := ed.Plan.Happened(edition.Evaluated)
	if ed.Stage == edition.Cancelled {
		from = ed.Since
	}
	if from.IsZero() {
		return from
	}
	if ed.Zone != nil {
		from = from.In(ed.Zone)
	}
	return from.AddDate(0, 0, KeyLasts)
}
