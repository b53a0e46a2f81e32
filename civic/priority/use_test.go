package priority_test

import (
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/db"
)

// uses tells whether a door is of use to the contest now.
func (w *town) uses(door glosa.Code) (of bool) {
	w.t.Helper()
	w.ok(w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		e, err := edition.Load(tx, ed)
		if err == nil {
			of, err = priority.Uses(tx, e, door)
		}
		return err
	}))
	return of
}

// TestADoorIsOfUseFromTheWindowUntilTheKeyGoes: what is counted or shown apart, not
// before support opens, and after it as long as a ballot is found by it.
func TestADoorIsOfUseFromTheWindowUntilTheKeyGoes(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(doors("oidc", "contact"))
		says := func(when string, contact bool) {
			t.Helper()
			if w.uses(voter.Contact) != contact || w.uses(voter.OIDC) != contact || w.uses(voter.Device) || w.uses(voter.Code) {
				t.Errorf("%s: contact %v, oidc %v, device %v, code %v", when, w.uses(voter.Contact), w.uses(voter.OIDC), w.uses(voter.Device), w.uses(voter.Code))
			}
		}
		says("before there is a contest", false)
		w.at(w.now().Plan.On(edition.Called))
		w.advance()
		_, err := w.Freeze(w.ctx, facilitator, ed)
		w.ok(err)
		w.ok(w.edition.Freeze(w.ctx, facilitator, ed))
		says("before support opens", false)
		w.at(w.now().Plan.On(edition.ReportPublished))
		w.advance()
		w.at(w.now().Plan.On(edition.IntakeOpen))
		if s := w.now().Stage; s != edition.IntakeOpen {
			w.advance()
		}
		says("while support is given", true)
		w.closeIntake()
		w.at(w.now().SupportCloses())
		says("after the window, for one's own ballot", true)
		w.ok(w.edition.Cancel(w.ctx, facilitator, ed, "Huracán", ""))
		says("while the key is there", true)
		w.clock.Set(voter.KeyGoes(w.now()))
		says("without a key", false)
	})
}
