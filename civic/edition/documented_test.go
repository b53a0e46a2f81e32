package edition_test

import (
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/db"
)

func second() edition.Documented {
	return edition.Documented{ID: "demo2", Series: "demo", Number: 2, Territory: "23", Zone: "America/Cancun",
		Sort: time.Date(2019, 12, 16, 0, 0, 0, 0, time.UTC), City: "Cancún",
		Facts: []edition.Fact{
			{Field: "date", Value: edition.Words{Es: "16 dic 2019", En: "16 Dec 2019"}, Sources: []glosa.SourceID{"S1"}},
			{Field: "date", Value: edition.Words{Es: "15 dic, según otra nota"}, Sources: []glosa.SourceID{"S2", "S3"}, Conflict: true},
			{Field: "place", Value: edition.Words{Es: "Casa de la Cultura, Cancún"}, Sources: []glosa.SourceID{"S1"}},
		}}
}

func TestDocument(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ctx := t.Context()
		wantKind(t, d.Document(ctx, facilitator, second()), glosa.Denied)
		must(t, d.Document(ctx, glosa.Admin(), second()))
		corrected := second()
		corrected.Facts[2].Value.Es = "Casa de la Cultura"
		must(t, d.Document(ctx, glosa.Admin(), corrected))
		ed := get(t, d, "demo2")
		if !ed.Documented || ed.Known.Date.En != "16 Dec 2019" || ed.Known.Place.Es != "Casa de la Cultura" || !ed.Known.Who.IsZero() || ed.Place.City != "Cancún" {
			t.Errorf("known as %+v", ed.Known)
		}
		facts, err := d.Facts(ctx, "demo2")
		must(t, err)
		if len(facts) != 3 || !facts[1].Conflict || len(facts[1].Sources) != 2 || facts[1].Sources[1] != "S3" {
			t.Errorf("facts %+v", facts)
		}
		_, err = d.Advance(ctx, facilitator, "demo2") // outside the stage machine
		wantKind(t, err, glosa.Closed)
		wantKind(t, d.Cancel(ctx, facilitator, "demo2", "x", ""), glosa.Closed)
		_, _, err = d.Needs(ctx, "demo2")
		wantKind(t, err, glosa.Closed)
		err = d.DB.Read(ctx, func(tx *db.Tx) error {
			_, err := edition.Enter(tx, glosa.Citizen(), "question.submit", "demo2")
			return err
		})
		wantKind(t, err, glosa.Closed)
		if sum := ed.Deadline(clock.Now(), edition.Term{N: 2, Unit: edition.Days}, nil, nil); sum.Due.IsZero() {
			t.Error("a documented edition without a protocol still counts calendar days")
		}
	})
}

func TestDocumentRefuses(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		cases := map[string]func(*edition.Documented){
			"a fact without a source":             func(x *edition.Documented) { x.Facts[0].Sources = nil },
			"a conflict that contradicts nothing": func(x *edition.Documented) { x.Facts = x.Facts[1:] },
			"two shown values of a field":         func(x *edition.Documented) { x.Facts[1].Conflict = false },
			"an unknown field":                    func(x *edition.Documented) { x.Facts[2].Field = "weather" },
			"nothing located, and yet facts":      func(x *edition.Documented) { x.Nothing = true },
			"no facts, and yet located":           func(x *edition.Documented) { x.Facts = nil },
			"an unknown zone":                     func(x *edition.Documented) { x.Zone = "America/Nowhere" },
			"no place in the order":               func(x *edition.Documented) { x.Sort = time.Time{} },
		}
		for name, spoil := range cases {
			doc := second()
			spoil(&doc)
			if err := d.Document(t.Context(), glosa.Admin(), doc); glosa.KindOf(err) != glosa.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		editiontest.At(t, d, clock, "demo2", edition.Draft)
		wantKind(t, d.Document(t.Context(), glosa.Admin(), second()), glosa.Conflict) // ours is not overwritten
	})
}

func TestSeries(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ctx := t.Context()
		must(t, d.Document(ctx, glosa.Admin(), second()))
		nothing := edition.Documented{ID: "demo8", Series: "demo", Number: 8, Territory: "23", Zone: "America/Cancun",
			Sort: time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC), Nothing: true}
		must(t, d.Document(ctx, glosa.Admin(), nothing))
		other := second()
		other.ID, other.Series = "otra2", "otra"
		must(t, d.Document(ctx, glosa.Admin(), other))
		old := editiontest.Founding("demo25", clock.Now())
		old.Number, old.Code = 25, "DEMO25"
		var err error
		old.Protocol, err = edition.Template("demo25")
		must(t, err)
		must(t, d.Found(ctx, facilitator, old))
		editiontest.Walk(t, d, clock, "demo25", edition.Evaluated)
		if home, err := d.Home(ctx, "demo"); err != nil || home.ID != "demo25" {
			t.Errorf("with nothing running the last one is at the door: %s, %v", home.ID, err)
		}
		editiontest.At(t, d, clock, demo, edition.Draft)
		if home, err := d.Home(ctx, "demo"); err != nil || home.ID != "demo25" {
			t.Errorf("a draft is not at the door: %s, %v", home.ID, err)
		}
		editiontest.Walk(t, d, clock, demo, edition.Called)
		if home, err := d.Home(ctx, "demo"); err != nil || home.ID != demo {
			t.Errorf("the running edition is at the door: %s, %v", home.ID, err)
		}
		must(t, d.DB.Read(ctx, func(tx *db.Tx) error {
			before, err := edition.Earlier(tx, demo)
			must(t, err)
			var ids []glosa.EditionID
			for _, e := range before {
				ids = append(ids, e.ID)
			}
			if len(ids) != 3 || ids[0] != "demo25" || ids[1] != "demo8" || ids[2] != "demo2" {
				t.Errorf("earlier editions %v", ids)
			}
			return nil
		}))
		changes, last, err := d.Changes(ctx, demo)
		must(t, err)
		if last != "demo25" || len(changes) == 0 {
			t.Errorf("%d changes since %q", len(changes), last)
		}
		if all, err := d.List(ctx, ""); err != nil || len(all) != 5 {
			t.Errorf("%d editions in all series: %v", len(all), err)
		}
	})
}
