package draw

import (
	"context"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db"
)

// Desk is where a draw is announced, where volunteers register, and where it is drawn.
type Desk struct {
	DB       *db.DB
	Safe     *people.Safe
	Keys     voter.Keys
	Software glosa.Code
	Prove    bool // mail goes out: whoever registers has shown a mailbox

	memo memo
}

// Acts of this room, as testdata/may.txt names them.
const (
	actAnnounce glosa.Act = "draw.announce"
	actOpen     glosa.Act = "draw.open"
	actMove     glosa.Act = "draw.move"
	actRelax    glosa.Act = "draw.relax"
	actLook     glosa.Act = "draw.look"
	actFreeze   glosa.Act = "draw.freeze"
	actSeed     glosa.Act = "draw.seed"
	actVacate   glosa.Act = "draw.vacate"
	actReach    glosa.Act = "draw.reach"
	actReserve  glosa.Act = "draw.reserve"
	actChair    glosa.Act = "draw.seat"
	actAudit    glosa.Act = "draw.audit"
	actRegister glosa.Act = "draw.register"
	actOwn      glosa.Act = "draw.own"
	actRepeat   glosa.Act = "draw.repeat"
)

// box is what the safe is told that it closes.
const box = "draw"

// Announce says in public what will be drawn, how, and when; again for as long as
// registration is not open. Kinds: Invalid, Denied, Closed, NotFound, Conflict.
func (d *Desk) Announce(ctx context.Context, by glosa.Actor, id glosa.EditionID, t Terms) error {
	if err := by.MayIn(actAnnounce, id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := edition.Enter(tx, by, actAnnounce, id)
		if err != nil {
			return err
		}
		places, err := placesOf(tx, ed)
		if err != nil {
			return err
		}
		t := t
		if err := t.check(tx.Now, places); err != nil {
			return err
		}
		r, err := selectDraw(tx, id)
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		fresh := err != nil
		if !fresh && r.state != Announced {
			return glosa.Refuse(glosa.Conflict, "dw.begun")
		}
		if r, err = r.with(t); err != nil {
			return err
		}
		r.edition, r.state = id, Announced
		if fresh {
			err = insertDraw(tx, r)
		} else {
			err = saveDraw(tx, r)
		}
		if err != nil {
			return err
		}
		return tx.Leave(kAnnounced.Event(by, id, string(id), r.told("")))
	})
}

// with is the draw under other terms.
func (r row) with(t Terms) (row, error) {
	text, err := t.Text()
	if err != nil {
		return r, err
	}
	t, err = parseTerms(text)
	r.terms, r.closes, r.seedAt = text, t.Closes, t.SeedAt
	return r, err
}

// told is what a leaf says of the terms that stand. Its dates are those of the terms'
// text, so that anybody can hold the freeze and the draw against them.
func (r row) told(why glosa.Code) termsBody {
	return termsBody{Terms: glosa.Digest([]byte(r.terms)), Closes: r.closes, SeedAt: r.seedAt, Why: why}
}

func placesOf(tx *db.Tx, ed edition.Edition) ([]string, error) {
	all, err := people.Municipalities(tx, ed.Territory, tx.Now)
	out := make([]string, len(all))
	for i, m := range all {
		out[i] = string(m.Code)
	}
	return out, err
}

// enter opens an act on a draw that is in one of the states.
func enter(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.EditionID, states ...State) (r row, t Terms, ed edition.Edition, err error) {
	if ed, err = edition.Enter(tx, by, act, id); err != nil {
		return r, t, ed, err
	}
	if r, err = selectDraw(tx, id); err != nil {
		return r, t, ed, err
	}
	if err = r.in(states...); err != nil {
		return r, t, ed, err
	}
	t, err = parseTerms(r.terms)
	return r, t, ed, err
}

// in is nil when the draw is in one of the states. Conflict otherwise.
func (r row) in(states ...State) error {
	for _, s := range states {
		if r.state == s {
			return nil
		}
	}
	return glosa.Refuse(glosa.Conflict, "dw.state."+string(r.state))
}

// Open opens registration under the terms that stand. Kinds: Denied, Closed,
// NotFound, Conflict.
func (d *Desk) Open(ctx context.Context, by glosa.Actor, id glosa.EditionID) error {
	if err := by.MayIn(actOpen, id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		r, _, ed, err := enter(tx, by, actOpen, id, Announced)
		if err != nil {
			return err
		}
		if !tx.Now.Before(r.closes) {
			return glosa.Refuse(glosa.Conflict, "dw.over")
		}
		r.state, r.looked = Open, ed.Night(tx.Now)
		if err := saveDraw(tx, r); err != nil {
			return err
		}
		return tx.Leave(kOpened.Event(by, id, string(id), openedBody{Terms: glosa.Digest([]byte(r.terms))}))
	})
}

// Move moves, in public, when registration closes and when the seed will exist;
// to later only, and before the pool is frozen. Kinds: Invalid, Denied, Closed,
// NotFound, Conflict.
func (d *Desk) Move(ctx context.Context, by glosa.Actor, id glosa.EditionID, closes, seedAt time.Time) error {
	if err := by.MayIn(actMove, id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		r, t, _, err := enter(tx, by, actMove, id, Open)
		if err != nil {
			return err
		}
		switch {
		case closes.Before(t.Closes) || closes.After(t.Closes) && !closes.After(tx.Now):
			return glosa.WrongField("closes", "dw.bad.closes")
		case seedAt.Before(t.SeedAt) || seedAt.Before(closes.Add(2*Lead)) || seedAt.Before(tx.Now.Add(2*Lead)):
			return glosa.WrongField("seed_at", "dw.bad.seed_at")
		}
		t.Closes, t.SeedAt = closes, seedAt
		return change(tx, by, r, t, "dates")
	})
}

// change puts other terms in place, in public.
func change(tx *db.Tx, by glosa.Actor, r row, t Terms, why glosa.Code) (err error) {
	if r, err = r.with(t); err != nil {
		return err
	}
	if err := saveDraw(tx, r); err != nil {
		return err
	}
	return tx.Leave(kChanged.Event(by, r.edition, string(r.edition), r.told(why)))
}
