package edition

import (
	"context"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

// Known is what sources say of a documented edition, as the lists show it. What
// nobody could locate stays empty, and pages say so.
type Known struct {
	Date    Words `json:"date,omitzero"` // as known: "≈ 9 dic 2025"
	Place   Words `json:"place,omitzero"`
	Who     Words `json:"who,omitzero"`
	Topics  Words `json:"topics,omitzero"`
	Nothing bool  `json:"nothing,omitempty"` // no public page located at all
}

// Fact is one statement about a field of a documented edition, with its sources.
// The first of a field is the one shown; those that follow contradict it.
type Fact struct {
	Field    glosa.Code // date | place | who | topics
	Value    Words
	Sources  []glosa.SourceID
	Conflict bool
}

// Documented is a real edition of the past, as sources know it.
type Documented struct {
	ID        glosa.EditionID
	Series    glosa.SeriesID
	Number    int
	Name      string // as the sources call it; may be empty
	Territory glosa.TerritoryCode
	Zone      string    // IANA name
	Sort      time.Time // only orders the list: the true day may not be known
	City      string    // "" when not located
	Nothing   bool      // nothing was located: no facts then
	Facts     []Fact    // statements, each followed by those that contradict it
}

// Document enters a real edition outside the stage machine, or replaces what was
// known of it. Denied; Invalid naming the fields; Conflict when the id or the
// number belongs to an edition of ours.
func (d *Desk) Document(ctx context.Context, by glosa.Actor, doc Documented) error {
	if err := by.MayIn("edition.document", doc.ID); err != nil {
		return err
	}
	zone, err := doc.check()
	if err != nil {
		return err
	}
	facts, err := FactsText(doc.Facts)
	if err != nil {
		return err
	}
	digest := glosa.Digest(facts)
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed := Edition{ID: doc.ID, Series: doc.Series, Number: doc.Number, Name: doc.Name,
			Code: strings.ToUpper(string(doc.ID)), Territory: doc.Territory, Zone: zone, Stage: Closed,
			Since: tx.Now, Session: doc.Sort, Documented: true, Digest: digest, Known: doc.known(),
			Place: Place{City: doc.City}, Founded: tx.Now}
		fresh, err := insertEdition(tx, ed)
		if err != nil {
			return err
		}
		if !fresh {
			was, err := selectOne(tx, doc.ID)
			if err != nil || !was.Documented || was.Series != doc.Series || was.Number != doc.Number {
				return glosa.Refuse(glosa.Conflict, "ed.taken", "edition", string(doc.ID), "code", ed.Code)
			}
			if err := updateEdition(tx, ed); err != nil {
				return err
			}
		}
		if err := replaceFacts(tx, doc.ID, doc.Facts); err != nil {
			return err
		}
		known, err := knownDigest(ed)
		if err != nil {
			return err
		}
		return tx.Leave(documentedKind.Event(by, doc.ID, string(doc.ID), documentedBody{Series: doc.Series, Number: doc.Number,
			Facts: digest, Name: glosa.Digest([]byte(doc.Name)), Known: known}, "editions"))
	})
}

func (doc Documented) check() (*time.Location, error) {
	var wrong []glosa.Field
	bad := func(field, key string) { wrong = append(wrong, glosa.Field{Name: field, Key: key}) }
	if !idShape.MatchString(string(doc.ID)) {
		bad("id", "ed.bad_id")
	}
	if !idShape.MatchString(string(doc.Series)) {
		bad("series", "ed.bad_id")
	}
	if doc.Number < 1 {
		bad("number", "ed.bad_number")
	}
	if doc.Sort.IsZero() {
		bad("sort", "ed.empty")
	}
	if doc.Nothing != (len(doc.Facts) == 0) {
		bad("facts", "ed.empty")
	}
	for i, f := range doc.Facts {
		if f.Value.Es == "" || len(f.Sources) == 0 || doc.field(f.Field, i) {
			bad("facts."+strconv.Itoa(i), "ed.no_source")
		}
	}
	zone, err := time.LoadLocation(doc.Zone)
	if err != nil {
		bad("zone", "ed.bad_zone")
	}
	if len(wrong) > 0 {
		return nil, glosa.Wrong(wrong...)
	}
	return zone, nil
}

// field tells whether the i-th statement stands wrong: of an unknown field, or a
// conflict that contradicts nothing before it.
func (doc Documented) field(f glosa.Code, i int) bool {
	switch f {
	case "date", "place", "who", "topics":
	default:
		return true
	}
	for _, before := range doc.Facts[:i] {
		if before.Field == f {
			return !doc.Facts[i].Conflict
		}
	}
	return doc.Facts[i].Conflict
}

func (doc Documented) known() Known {
	k := Known{Nothing: doc.Nothing}
	for _, f := range doc.Facts {
		if f.Conflict {
			continue
		}
		switch f.Field {
		case "date":
			k.Date = f.Value
		case "place":
			k.Place = f.Value
		case "who":
			k.Who = f.Value
		case "topics":
			k.Topics = f.Value
		}
	}
	return k
}
