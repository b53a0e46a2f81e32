package panel

import (
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/db"
)

// Day is everything a page shows of one mesa's session.
type Day struct {
	Mesa    Mesa
	Places  []Place
	Balance Balance
	Items   []Item // the order of the day, with outcomes
	Now     *Item  // the question being dealt with
	Next    []Item
	Turn    *Turn // the one under way
	Turns   []Turn
	Notes   []Note
	Undo    int       // how many acts of the console could still be undone
	At      time.Time // when this was read
	Until   time.Time // when the running turn's limit is reached: what is shown changes then
}

// Session reads one mesa's session as it stands. Kinds: NotFound.
func (d *Desk) Session(ctx context.Context, id glosa.MesaID) (day Day, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		m, err := selectMesa(tx, id)
		if err != nil {
			return err
		}
		day, err = dayOf(tx, m)
		return err
	})
	return day, err
}

func dayOf(tx *db.Tx, m Mesa) (day Day, err error) {
	day = Day{Mesa: m, At: tx.Now}
	if day.Places, err = selectPlaces(tx, m.ID); err != nil {
		return day, err
	}
	day.Balance = BalanceOf(day.Places)
	if day.Items, err = selectItems(tx, m.ID); err != nil {
		return day, err
	}
	day.Now, day.Next = Current(day.Items)
	if day.Turns, err = selectTurns(tx, m.ID); err != nil {
		return day, err
	}
	if n := len(day.Turns); n > 0 && day.Turns[n-1].Running() {
		day.Turn = &day.Turns[n-1]
		day.Until = day.Turn.Started.Add(day.Turn.Limit)
	}
	if day.Undo, err = countMarks(tx, m.ID); err != nil {
		return day, err
	}
	notes, err := selectNotes(tx, m.Edition)
	for _, n := range notes {
		if n.Mesa == m.ID {
			day.Notes = append(day.Notes, n)
		}
	}
	return day, err
}

// Mesas lists an edition's mesas by number.
func (d *Desk) Mesas(ctx context.Context, ed glosa.EditionID) ([]Mesa, error) {
	all, err := d.mesas.Read(ctx, d.DB, ed, []string{"panel"}, func(tx *db.Tx) ([]Mesa, error) { return selectMesas(tx, ed) })
	return slices.Clone(all), err
}

// Days reads every mesa's session of an edition, by number.
func (d *Desk) Days(ctx context.Context, ed glosa.EditionID) (out []Day, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		out = nil
		mesas, err := selectMesas(tx, ed)
		if err != nil {
			return err
		}
		for _, m := range mesas {
			day, err := dayOf(tx, m)
			if err != nil {
				return err
			}
			out = append(out, day)
		}
		return nil
	})
	return out, err
}

// Minutes reads an edition's minutes with every version and comment. Kinds: NotFound.
func (d *Desk) Minutes(ctx context.Context, ed glosa.EditionID) (m Minutes, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = MinutesOf(tx, ed)
		return err
	})
	return m, err
}

// MinutesOf is [Desk.Minutes] inside another room's act. Kinds: NotFound.
func MinutesOf(tx *db.Tx, ed glosa.EditionID) (Minutes, error) {
	m, _, err := loadMinutes(tx, MinutesIDOf(ed))
	if err != nil {
		return m, err
	}
	m.Comments, err = selectRemarks(tx, m.ID)
	return m, err
}

// Notes reads what was noted in an edition's sessions: what minutes are drafted
// from, with [FromNotes].
func (d *Desk) Notes(ctx context.Context, ed glosa.EditionID) (out []Note, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = selectNotes(tx, ed)
		return err
	})
	return out, err
}

// Compare lays two versions of the minutes side by side, word by word. ok is
// false when one of them does not exist.
func (m Minutes) Compare(from, to int) (spans []Span, ok bool) {
	if from < 1 || to < 1 || from > len(m.Versions) || to > len(m.Versions) {
		return nil, false
	}
	return Diff(m.Versions[from-1].Text.Plain(), m.Versions[to-1].Text.Plain()), true
}

// Said is the order of the day of every mesa of an edition with what became of
// each question, for the rooms that come after this one.
func Said(tx *db.Tx, ed glosa.EditionID) ([]Item, error) { return selectItemsOf(tx, ed) }

// Spoken tells where a question was dealt with in a session, if it was: for the
// page of the question.
func (d *Desk) Spoken(ctx context.Context, q glosa.QuestionID) (out []Item, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = selectItemsAbout(tx, q)
		return err
	})
	return out, err
}

// MesaOf is one mesa inside another room's act. Kinds: NotFound.
func MesaOf(tx *db.Tx, id glosa.MesaID) (Mesa, error) { return selectMesa(tx, id) }
