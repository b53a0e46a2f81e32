package intake

import (
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/db"
)

// readingTurn is a turn that only reads.
func readingTurn(tx *db.Tx, t Table) (*turn, error) {
	ed, err := edition.Load(tx, t.Edition)
	return &turn{tx: tx, ed: ed, t: t}, err
}

// opened is when people could begin to ask.
func (t *turn) opened() time.Time { return t.ed.Plan.Happened(edition.IntakeOpen) }

// mine is a desk that somebody may read; another edition's is not there.
func (d *Desk) mine(tx *db.Tx, by glosa.Actor, id DeskID) (Table, error) {
	t, err := load(tx, id)
	if err == nil && by.Edition != "" && by.Edition != t.Edition {
		err = glosa.Missing("desk", string(id))
	}
	return t, err
}

// Public is what everybody may know of an edition's doors.
type Public struct {
	Tables []Table
	Counts []Count
}

// Public reads an edition's desks and how many asked by each door.
func (d *Desk) Public(ctx context.Context, ed glosa.EditionID) (p Public, err error) {
	balance, err := d.Questions.Balance(ctx, ed)
	if err != nil {
		return p, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p = Public{}
		if p.Tables, err = selectTables(tx, ed); err != nil {
			return err
		}
		p.Counts = counts(balance.Received, p.Tables)
		return nil
	})
	return p, err
}

// Tables lists an edition's desks for those who work at them.
// Errors: Denied.
func (d *Desk) Tables(ctx context.Context, by glosa.Actor, ed glosa.EditionID) (out []Table, err error) {
	if err := by.MayIn(actRead, ed); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		out, err = selectTables(tx, ed)
		return err
	})
	return out, err
}

// Room is one desk before those who work at it.
type Room struct {
	Table
	Batches []Batch
	Devices []Device // of a kiosk
	ToTake  int      // answers that were not carried back yet
}

// At reads one desk.
// Errors: Denied; NotFound.
func (d *Desk) At(ctx context.Context, by glosa.Actor, id DeskID) (r Room, err error) {
	if err := by.May(actRead); err != nil {
		return r, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r = Room{}
		if r.Table, err = d.mine(tx, by, id); err != nil {
			return err
		}
		if r.Batches, err = selectBatches(tx, id); err != nil {
			return err
		}
		if r.Devices, err = selectKiosks(tx, id); err != nil {
			return err
		}
		all, err := errands(tx, id)
		for _, e := range all {
			if !e.Taken() {
				r.ToTake++
			}
		}
		return err
	})
	return r, err
}

// Kiosk reads a kiosk for whoever stands before it. NotFound.
func (d *Desk) Kiosk(ctx context.Context, id DeskID) (t Table, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if t, err = load(tx, id); err == nil && t.Kind != Kiosk {
			err = glosa.Missing("desk", string(id))
		}
		return err
	})
	return t, err
}

// Report reads one batch and why its lines were refused.
// Errors: Denied; NotFound.
func (d *Desk) Report(ctx context.Context, by glosa.Actor, id DeskID, batch string) (b Batch, flaws []Flaw, err error) {
	if err := by.May(actRead); err != nil {
		return b, nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := d.mine(tx, by, id); err != nil {
			return err
		}
		if b, err = selectBatch(tx, id, batch); err != nil {
			return err
		}
		flaws, err = selectFlaws(tx, batch)
		return err
	})
	return b, flaws, err
}

// Came is how a question came in and how its answer went back, as far as it is
// told: nothing while its desk has fewer than five.
type Came struct {
	Desk        Table
	DeliveredAt time.Time
	DeliveredOn string
	How         glosa.Code
	Version     int // of the answer that was taken back
}

// Came tells by which door a question came; ok is false when it is not told, and
// then only the desk's id is there, for the tag of a page that changes when it is.
func (d *Desk) Came(ctx context.Context, id glosa.QuestionID) (c Came, ok bool, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c, ok = Came{}, false
		e, err := selectEntry(tx, id)
		if glosa.KindOf(err) == glosa.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		t, err := load(tx, e.desk)
		c, ok = Came{Desk: t, DeliveredAt: e.deliveredAt, DeliveredOn: e.deliveredOn, How: e.how, Version: e.version}, t.Shown()
		return err
	})
	if !ok {
		c = Came{Desk: Table{ID: c.Desk.ID}}
	}
	return c, ok, err
}

// Errand is one answer to carry back.
type Errand struct {
	question.Stands
	ID          glosa.QuestionID
	AskedOn     string
	DeliveredOn string
	How         glosa.Code
	Version     int // that was taken back; [NewsRefused], [NewsLate]
}

// What is carried back when there is no answer; an answer is carried by its number.
const (
	NewsRefused = -1 // two people of different sides did not admit it
	NewsLate    = -2 // whoever owes the answer did not give it in time
)

// newsOf is what people are told of a question as it stands; 0 is nothing yet.
func newsOf(s question.Stands) int {
	switch {
	case s.Says != nil:
		return s.Says.Number
	case s.State == question.Refused:
		return NewsRefused
	case s.State == question.Overdue:
		return NewsLate
	}
	return 0
}

// News is what is to be carried: the number of the answer, or why there is none.
func (e Errand) News() int { return newsOf(e.Stands) }

// Taken tells whether people were told of it as it stands.
func (e Errand) Taken() bool { return e.Version == e.News() }

// Errands lists what a desk has to carry back: every question of it that has an
// answer, was not admitted or waits beyond its time; those still to go first.
// Errors: Denied; NotFound.
func (d *Desk) Errands(ctx context.Context, by glosa.Actor, id DeskID) (t Table, out []Errand, err error) {
	if err := by.May(actRead); err != nil {
		return t, nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if t, err = d.mine(tx, by, id); err != nil {
			return err
		}
		out, err = errands(tx, id)
		return err
	})
	return t, out, err
}

func errands(tx *db.Tx, id DeskID) (out []Errand, err error) {
	all, err := selectEntries(tx, id)
	if err != nil {
		return nil, err
	}
	ids := make([]glosa.QuestionID, len(all))
	for i, e := range all {
		ids[i] = e.question
	}
	stands, err := question.StandsOn(tx, ids)
	for i, s := range stands {
		if newsOf(s) != 0 {
			e := all[i]
			out = append(out, Errand{Stands: s, ID: e.question, AskedOn: e.askedOn, DeliveredOn: e.deliveredOn, How: e.how, Version: e.version})
		}
	}
	slices.SortStableFunc(out, func(a, b Errand) int {
		if a.Taken() != b.Taken() {
			if a.Taken() {
				return 1
			}
			return -1
		}
		return 0
	})
	return out, err
}

// Deliver writes down that the answer, or why there is none, was taken back, on a day and in a way. A
// corrected answer is carried back anew.
// Errors: Denied; NotFound; Conflict when there is nothing to tell; Invalid (day, how).
func (d *Desk) Deliver(ctx context.Context, by glosa.Actor, id DeskID, folio glosa.QuestionID, day string, how glosa.Code) error {
	if err := by.May(actDeliver); err != nil {
		return err
	}
	if !oneOf(how, Ways()) {
		return glosa.WrongField("how", "it.how.wrong")
	}
	return d.at(ctx, by, actDeliver, id, func(t *turn) error {
		e, err := selectEntry(t.tx, folio)
		if err == nil && e.desk != id {
			err = glosa.Missing("question", string(folio))
		}
		if err != nil {
			return err
		}
		if e.deliveredOn, err = (Form{AskedOn: day}).day(t.tx.Now.In(zoneOf(t.ed)), t.opened()); err != nil {
			return err
		}
		s, err := question.StandsOn(t.tx, []glosa.QuestionID{folio})
		if err != nil {
			return err
		}
		news := newsOf(s[0])
		if news == 0 {
			return glosa.Refuse(glosa.Conflict, "it.no.answer")
		}
		e.how, e.version = how, news
		if err := saveDelivery(t.tx, e); err != nil {
			return err
		}
		return t.leave(kDelivered, deliveredBody{how, e.version}, "question:"+string(folio))
	})
}

// Entry is what a desk noted of a question that it took in, for its author.
type Entry struct {
	Desk         DeskID              `json:"desk"`
	Kind         glosa.Code          `json:"kind"`
	Name         string              `json:"name"`
	Municipality glosa.TerritoryCode `json:"municipality"`
	AskedOn      string              `json:"asked_on"`
	DeliveredOn  string              `json:"delivered_on,omitempty"` // the answer, back to whoever asked
	How          glosa.Code          `json:"how,omitempty"`
	Version      int                 `json:"version,omitempty"`
}

// Held reads it for people's rights over their data; nil when the question came by
// the open door.
func Held(tx *db.Tx, id glosa.QuestionID) (any, error) {
	e, err := selectEntry(tx, id)
	if glosa.KindOf(err) == glosa.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t, err := load(tx, e.desk)
	return Entry{Desk: t.ID, Kind: t.Kind, Name: t.Name, Municipality: t.Municipality, AskedOn: e.askedOn,
		DeliveredOn: e.deliveredOn, How: e.how, Version: e.version}, err
}
