package edition_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
	"glosa/db/dbtest"
)

func TestDossier(t *testing.T) {
	dbtest.Each(t, []db.Schema{edition.Schema()}, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		desk := &edition.Desk{DB: d}
		want := edition.Dossier{
			Sources: []edition.Source{{ID: "press-2018", URL: "https://example.org/2018", Publisher: "Example"}},
			Findings: []edition.Finding{{ID: "observatory-2018", Topic: "observatory", Kind: "count", Text: edition.Words{Es: "76 promesas"},
				Tally: &edition.Tally{Total: 151, Unit: edition.Words{Es: "actividades"}, Parts: []edition.Count{
					{N: 46, Label: edition.Words{Es: "Hechas"}}, {N: 87, Label: edition.Words{Es: "En proceso"}}, {N: 19, Label: edition.Words{Es: "Sin avance"}}}},
				Sources: []glosa.SourceID{"press-2018"}}},
		}
		t.Run("ComesBackAsItWasCompiled", func(t *testing.T) {
			for range 2 { // the second replaces the first
				if err := desk.Compile(t.Context(), glosa.Admin(), "qroo", want); err != nil {
					t.Fatal(err)
				}
			}
			got, err := desk.Dossier(t.Context(), "qroo")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
		t.Run("ASumThatDoesNotAddUpShowsBothNumbers", func(t *testing.T) {
			if tally := want.Findings[0].Tally; tally.Adds() != 152 || tally.Total != 151 {
				t.Errorf("adds %d, said %d", tally.Adds(), tally.Total)
			}
		})
		t.Run("AnUnlistedSourceIsNamed", func(t *testing.T) {
			bad := edition.Dossier{Findings: []edition.Finding{{ID: "x", Text: edition.Words{Es: "x"}, Sources: []glosa.SourceID{"nobody"}}}}
			if err := desk.Compile(t.Context(), glosa.Admin(), "qroo", bad); glosa.KindOf(err) != glosa.Invalid {
				t.Errorf("got %v", err)
			}
		})
		t.Run("OnlyTheKeeperCompiles", func(t *testing.T) {
			if err := desk.Compile(t.Context(), glosa.Citizen(), "qroo", want); glosa.KindOf(err) != glosa.Denied {
				t.Errorf("got %v", err)
			}
		})
	})
}
