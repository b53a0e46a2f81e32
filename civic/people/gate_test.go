package people_test

import (
	"slices"
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/db"
	"glosa/db/dbtest"
)

// Nobody calls an edition whose two sides cannot both moderate.
func TestNobodyCallsAlone(t *testing.T) {
	dbtest.Each(t, []db.Schema{edition.Schema(), people.Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		const id = glosa.EditionID("demo26")
		desk := &people.Desk{DB: d}
		if err := (&edition.Desk{DB: d}).Found(t.Context(), editiontest.Facilitator(), editiontest.Founding(id, clock.Now())); err != nil {
			t.Fatal(err)
		}
		lacks := func() (keys []string) {
			t.Helper()
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				ed, err := edition.Load(tx, id)
				if err != nil {
					return err
				}
				if other, err := people.Gate(tx, ed, edition.IntakeOpen); err != nil || len(other) > 0 {
					t.Errorf("another stage lacks %v, %v", other, err)
				}
				missing, err := people.Gate(tx, ed, edition.Called)
				for _, m := range missing {
					keys = append(keys, m.Key)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return keys
		}
		if got := lacks(); !slices.Equal(got, []string{"pe.need.government", "pe.need.civil"}) {
			t.Fatalf("nobody is seated: %v", got)
		}
		for _, side := range []glosa.Side{glosa.Civil, glosa.Government} {
			seat, err := desk.Seat(t.Context(), glosa.Admin(), people.Seat{Edition: id, Side: side, Number: 1, Roles: []glosa.Role{glosa.Moderator}, Sector: "academia"})
			if err != nil {
				t.Fatal(err)
			}
			if got := lacks(); !slices.Contains(got, "pe.need."+string(side)) {
				t.Errorf("an empty chair moderates for %s: %v", side, got)
			}
			human, err := desk.Enrol(t.Context(), glosa.Admin())
			if err != nil {
				t.Fatal(err)
			}
			_, err = desk.Sit(t.Context(), glosa.Admin(), id, people.Sitting{Seat: seat, Human: human, From: people.DayOf(clock.Now().AddDate(0, 0, -2)),
				Document: people.Document{Title: "Oficio", Digest: glosa.Digest([]byte("x"))}})
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := lacks(); len(got) > 0 {
			t.Errorf("both sides moderate: %v", got)
		}
	})
}
