package portrait

import (
	"context"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// Desk takes answers and shows the boards.
type Desk struct {
	DB   *db.DB
	Key  [32]byte     // of permits; kept outside the database
	Safe *people.Safe // of answers that wait
}

const (
	actAnswer glosa.Act = "portrait.answer"
	actLook   glosa.Act = "portrait.look"
)

// box is what the safe is told that it closes.
const box = "portrait"

// Answer takes in what somebody says of themselves, once for each permit; the
// same form sent twice counts once. It leaves no event: nothing tells when.
// Errors: Invalid (fields "sex", "age", "language", "municipality", "permit"); NotFound; Closed.
func (d *Desk) Answer(ctx context.Context, by glosa.Actor, ed glosa.EditionID, permit string, a Answer) error {
	if err := by.May(actAnswer); err != nil {
		return err
	}
	spent, err := d.spent(ed, permit)
	if err != nil {
		return err
	}
	if a, err = a.plain(); err != nil {
		return err
	}
	words, err := a.pack()
	if err != nil {
		return err
	}
	id, sealed := d.Safe.Close(box, words)
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		e, err := edition.Enter(tx, by, actAnswer, ed)
		if err != nil {
			return err
		}
		if a.Municipality != "" {
			known, err := people.KnownMunicipality(tx, e.Territory, a.Municipality)
			if err != nil {
				return err
			}
			if !known {
				return glosa.WrongField("municipality", "a.mun")
			}
		}
		first, err := spend(tx, ed, spent)
		if err != nil || !first {
			return err
		}
		if err := begin(tx, ed, e.Night(tx.Now)); err != nil {
			return err
		}
		return insertWaiting(tx, id, ed, sealed)
	})
}

// Board is what everybody sees of who asks in an edition.
type Board struct {
	Drawn  time.Time // zero: not yet
	Tables []Table
}

// Table finds a table; ok is false when nothing was drawn yet.
func (b Board) Table(a Attribute, crossed bool) (t Table, ok bool) {
	for _, t := range b.Tables {
		if t.Attribute == a && t.Crossed == crossed {
			return t, true
		}
	}
	return t, false
}

// Board reads what was drawn last. An edition without answers has an empty one.
func (d *Desk) Board(ctx context.Context, ed glosa.EditionID) (b Board, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := selectBoard(tx, ed)
		if glosa.KindOf(err) == glosa.NotFound && err != nil {
			b = Board{}
			return nil
		}
		b = Board{Tables: r.tables}
		if len(b.Tables) > 0 {
			b.Drawn = r.drawn
		}
		return err
	})
	return b, err
}

// Due looks each night whether ten answers or more are new, and then draws the
// boards. Whatever comes after the hour waits for the next: the tenth answer draws
// nothing, else the board would tell when it came.
func (d *Desk) Due() edition.Due {
	return edition.Due{Room: "portrait", Run: d.renew, Next: next}
}

// next is the next hour at which it is looked; zero when no edition takes answers.
func next(tx *db.Tx) (next time.Time, err error) {
	all, err := selectQueues(tx)
	if err != nil {
		return next, err
	}
	for _, q := range all {
		e, err := edition.Load(tx, q.edition)
		if err != nil {
			return next, err
		}
		if over(e) && q.waiting == 0 {
			continue
		}
		if at := e.NextNight(q.looked); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, nil
}

// over tells whether no board of an edition is drawn any more.
func over(e edition.Edition) bool { return e.In(edition.Closed, edition.Cancelled) }

func (d *Desk) renew(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	all, err := selectQueues(tx)
	if err != nil {
		return 0, err
	}
	for _, q := range all {
		e, err := edition.Load(tx, q.edition)
		if err != nil {
			return done, err
		}
		switch {
		case done >= limit || now.Before(e.NextNight(q.looked)), over(e) && q.waiting == 0:
			continue
		case over(e): // fewer than ten that came last are never shown
			err = drop(tx, e.ID)
		case q.waiting < renewal:
			if err := look(tx, e.ID, e.Night(now)); err != nil {
				return done, err
			}
			continue
		default:
			err = d.renewOne(tx, e, now)
		}
		if err != nil {
			return done, err
		}
		if err := tx.Leave(drawn.Event(glosa.System(), e.ID, string(e.ID), Drawn{}, "edition:"+string(e.ID))); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

// renewOne opens the boxes, adds up what they say and shows it by the rules.
func (d *Desk) renewOne(tx *db.Tx, e edition.Edition, now time.Time) error {
	counts, err := selectCounts(tx, e.ID)
	if err != nil {
		return err
	}
	boxes, err := selectWaiting(tx, e.ID)
	if err != nil {
		return err
	}
	for _, b := range boxes {
		words, err := d.Safe.Reopen(box, b.id, b.sealed)
		if err != nil {
			return err
		}
		a, err := unpack(words)
		if err != nil {
			return &glosa.Error{Kind: glosa.Internal, Err: err}
		}
		a.count(counts)
	}
	if err := saveCounts(tx, e.ID, counts); err != nil {
		return err
	}
	if err := empty(tx, e.ID); err != nil {
		return err
	}
	municipalities, err := people.Municipalities(tx, e.Territory, now)
	if err != nil {
		return err
	}
	places := make([]glosa.TerritoryCode, len(municipalities))
	for i, m := range municipalities {
		places[i] = m.Code
	}
	was, err := selectBoard(tx, e.ID)
	if err != nil {
		return err
	}
	c := draw(counts, places, was.told)
	return saveBoard(tx, board{edition: e.ID, drawn: e.Night(now), tables: c.board(), told: c.told()})
}

// count adds an answer to the counts. Its parts do not stay together.
func (a Answer) count(counts map[where]int) {
	for _, x := range Attributes() {
		v := a.of(x)
		if v == "" {
			continue
		}
		counts[where{x, "", v}]++
		if x != Language && a.Municipality != "" {
			counts[where{x, a.Municipality, v}]++
		}
	}
}

// Look reads the board at a desk, where somebody goes out to look for those who
// are missing. It shows no more than everybody sees. Errors: Denied.
func (d *Desk) Look(ctx context.Context, by glosa.Actor, ed glosa.EditionID) (Board, error) {
	if err := by.MayIn(actLook, ed); err != nil {
		return Board{}, err
	}
	return d.Board(ctx, ed)
}
