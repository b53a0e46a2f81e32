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
		if err := begin(tx, ed, lastHour(e, tx.Now)); err != nil {
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

// hour is when a board is drawn: at three in the morning, in the edition's zone.
const hour = 3

// lastHour is the last such hour at or before t.
func lastHour(e edition.Edition, t time.Time) time.Time {
	zone := e.Zone
	if zone == nil {
		zone = time.UTC
	}
	t = t.In(zone)
	at := time.Date(t.Year(), t.Month(), t.Day(), hour, 0, 0, 0, zone)
	if at.After(t) {
		at = time.Date(t.Year(), t.Month(), t.Day()-1, hour, 0, 0, 0, zone)
	}
	return at
}

// nextHour is the first such hour after t.
func nextHour(e edition.Edition, t time.Time) time.Time {
	at := lastHour(e, t)
	return time.Date(at.Year(), at.Month(), at.Day()+1, hour, 0, 0, 0, at.Location())
}

// Due draws the boards once a day, where ten answers or more are new.
func (d *Desk) Due() edition.Due {
	return edition.Due{Room: "portrait", Run: d.renew, Next: next}
}

// next is the next hour at which a board is drawn; zero when nothing waits.
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
		at := nextHour(e, q.drawn)
		if !over(e) && q.waiting < renewal {
			continue
		}
		if next.IsZero() || at.Before(next) {
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
		case done >= limit || now.Before(nextHour(e, q.drawn)):
			continue
		case over(e): // fewer than ten that came last are never shown
			err = drop(tx, e.ID)
		case q.waiting < renewal:
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
	return saveBoard(tx, board{edition: e.ID, drawn: lastHour(e, now), tables: c.tables(), told: c.told()})
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
