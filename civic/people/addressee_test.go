package people

import (
	"testing"
	"time"

	"glosa"
	"glosa/db"
)

// A question is put to who can answer it: a living institution of government.
// Whoever names one that has gone is told which followed it.
func TestWhoCanBeAsked(t *testing.T) {
	each(t, func(r room) {
		t := r.t
		now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		for key, want := range map[glosa.InstitutionKey]string{
			"SESA": "", "SEBIEN": "", "SSC": "", "SABGOB": "", "CAPA": "",
			"SEDESO": "SEBIEN", "SSP": "SSC", "SECOES": "SABGOB", // gone, with a successor
			"COPARMEX": "-", "OBSERVATORIO": "-", "NADIE": "-", // not of government, or nobody
		} {
			err := r.DB.Read(t.Context(), func(tx *db.Tx) error {
				_, err := AddresseeOn(tx, key, now)
				return err
			})
			switch {
			case want == "" && err != nil:
				t.Errorf("%s cannot be asked: %v", key, err)
			case want != "" && (glosa.KindOf(err) != glosa.Invalid || err == nil):
				t.Errorf("%s can be asked: %v", key, err)
			case want != "" && want != "-" && err.(*glosa.Error).Fields[0].Args["next"] != want:
				t.Errorf("%s: %v does not name %s", key, err, want)
			}
		}
	})
}
