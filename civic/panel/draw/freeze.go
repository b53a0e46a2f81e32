package draw

import (
	"context"
	"errors"
	"math/big"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/db"
	"glosa/method/sortition"
)

// tries is how often a freeze begins again when somebody takes their registration
// back while the lottery is computed.
const tries = 3

// Freeze ends registration: it numbers the pool, commits to it, computes the
// lottery, and puts the digests of all of it into the record, in one act. The
// lottery is computed before the act, which checks that nothing moved. Kinds:
// Denied, Closed before registration closes (with Until), NotFound, Conflict when
// it was done, when the quotas cannot be met, or when the seed would exist too
// soon for the record.
func (d *Desk) Freeze(ctx context.Context, by glosa.Actor, id glosa.EditionID) error {
	if err := by.MayIn(actFreeze, id); err != nil {
		return err
	}
	var err error
	for range tries {
		var f frozenPool
		if f, err = d.prepared(ctx, by, id); err != nil {
			return err
		}
		err = d.DB.Act(ctx, func(tx *db.Tx) error { return d.settle(tx, by, id, f) })
		var e *glosa.Error
		if !errors.As(err, &e) || e.Key != "dw.moved" {
			return err
		}
	}
	return err
}

// prepared is the pool as it would be frozen now.
func (d *Desk) prepared(ctx context.Context, by glosa.Actor, id glosa.EditionID) (f frozenPool, err error) {
	var t Terms
	var pool []member
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		t, pool, err = d.freezable(tx, by, id)
		return err
	})
	if err != nil {
		return f, err
	}
	return d.freeze(ctx, id, t, pool)
}

// freezable reads what is to be frozen, if it may be.
func (d *Desk) freezable(tx *db.Tx, by glosa.Actor, id glosa.EditionID) (Terms, []member, error) {
	_, t, _, err := enter(tx, by, actFreeze, id, Open)
	if err != nil {
		return t, nil, err
	}
	if tx.Now.Before(t.Closes) {
		e := glosa.Refuse(glosa.Closed, "dw.early", "edition", string(id), "rule", string(actFreeze))
		e.Until = t.Closes
		return t, nil, e
	}
	if t.SeedAt.Before(tx.Now.Add(Lead)) {
		return t, nil, glosa.Refuse(glosa.Conflict, "dw.late")
	}
	list, err := selectPool(tx, id)
	if err != nil {
		return t, nil, err
	}
	pool, err := d.members(list)
	return t, pool, err
}

// settle writes a frozen pool down, if it is still what it was made from.
func (d *Desk) settle(tx *db.Tx, by glosa.Actor, id glosa.EditionID, f frozenPool) error {
	t, pool, err := d.freezable(tx, by, id)
	if err != nil {
		return err
	}
	if t != f.terms || rows(pool) != f.was {
		return glosa.Refuse(glosa.Conflict, "dw.moved")
	}
	r, err := selectDraw(tx, id)
	if err != nil {
		return err
	}
	r.state, r.frozen, r.volunteers, r.unproven = Frozen, tx.Now, len(f.members), unproven(f.members)
	r.quotas, r.pool, r.lottery, r.software = f.quotas, f.pool, f.lottery, f.software
	if err := saveDraw(tx, r); err != nil {
		return err
	}
	for _, m := range f.members {
		if err := saveVolunteer(tx, m.volunteer); err != nil {
			return err
		}
	}
	return tx.Leave(kFrozen.Event(by, id, string(id), frozenBody{Terms: glosa.Digest([]byte(r.terms)), Volunteers: r.volunteers, Unproven: r.unproven,
		Quotas: glosa.Digest(r.quotas), Pool: glosa.Digest(r.pool), Lottery: glosa.Digest(r.lottery), Software: r.software}))
}

// chance is a number's chance in the lottery.
func (d *Desk) chance(r row, number int) (Chance, error) {
	res, err := d.result(r)
	if err != nil {
		return Chance{}, err
	}
	p := res.Probabilities[strconv.Itoa(number)]
	if p == nil {
		p = new(big.Rat)
	}
	return chanceOf(number, p), nil
}

func chanceOf(number int, p *big.Rat) Chance {
	f, _ := p.Float64()
	return Chance{Number: number, Exact: p.RatString(), PerMille: int(f*1000 + 0.5)}
}

// Seed takes in the seed as somebody of one side types it. The second, of the
// other side, draws the panel when both typed the same; otherwise it is refused,
// and each side may type its own again. drawn tells whether it is drawn now.
// Kinds: Invalid (field "seed"), Denied, Closed before the announced instant (with
// Until), NotFound, Conflict.
func (d *Desk) Seed(ctx context.Context, by glosa.Actor, id glosa.EditionID, typed string) (drawn bool, err error) {
	if err := by.MayIn(actSeed, id); err != nil {
		return false, err
	}
	if !by.OneOfTwo() {
		return false, glosa.Refuse(glosa.Denied, "e.403", "rule", string(actSeed))
	}
	seed := strings.TrimSpace(typed)
	if seed == "" || len(seed) > mostSeed || strings.ContainsFunc(seed, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return false, glosa.WrongField("seed", "dw.bad.seed")
	}
	var o outcome
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		r, err := seedable(tx, by, id)
		if err == nil {
			o, err = d.draw(r, seed)
		}
		return err
	})
	if err != nil {
		return false, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) (err error) {
		drawn, err = d.enterSeed(tx, by, id, o)
		return err
	})
	return drawn, err
}

// seedable is the draw, if the seed may be entered now by this person.
func seedable(tx *db.Tx, by glosa.Actor, id glosa.EditionID) (r row, err error) {
	r, t, ed, err := enter(tx, by, actSeed, id, Frozen)
	if err != nil {
		return r, err
	}
	if err := stands(tx, by, actSeed, ed); err != nil {
		return r, err
	}
	if tx.Now.Before(t.SeedAt) {
		e := glosa.Refuse(glosa.Closed, "dw.noseed", "edition", string(id), "rule", string(actSeed))
		e.Until = t.SeedAt
		return r, e
	}
	return r, nil
}

// outcome is what a seed draws.
type outcome struct {
	seed       string
	lottery    glosa.Hash
	panel      []int
	transcript []byte
	steps      []string
	turns      []turn
	order      []byte
}

// draw draws with a seed; nothing of it is written down.
func (d *Desk) draw(r row, seed string) (o outcome, err error) {
	res, err := d.result(r)
	if err != nil {
		return o, err
	}
	drawn, err := sortition.Draw(res, seed)
	if err != nil {
		return o, err
	}
	o = outcome{seed: seed, lottery: glosa.Digest(r.lottery)}
	for _, id := range drawn.Panel {
		n, err := strconv.Atoi(id)
		if err != nil {
			return o, err
		}
		o.panel = append(o.panel, n)
	}
	o.steps = drawn.Transcript
	if o.transcript, err = drawn.File(); err != nil {
		return o, err
	}
	o.turns = order(o.lottery, seed, res, o.panel)
	o.order, err = orderFile(o.turns)
	return o, err
}

// enterSeed writes down what one side typed, and draws when it is the second.
func (d *Desk) enterSeed(tx *db.Tx, by glosa.Actor, id glosa.EditionID, o outcome) (bool, error) {
	r, err := seedable(tx, by, id)
	if err != nil {
		return false, err
	}
	if glosa.Digest(r.lottery) != o.lottery {
		return false, glosa.Refuse(glosa.Conflict, "dw.moved")
	}
	typed, err := selectSeeds(tx, id)
	if err != nil {
		return false, err
	}
	var first *voice
	for _, v := range typed {
		if v.side == by.Side {
			continue
		}
		if !by.SecondTo(v.human, v.side) {
			return false, glosa.Refuse(glosa.Denied, "dw.samehuman", "rule", string(actSeed))
		}
		if v.words != o.seed {
			return false, glosa.WrongField("seed", "dw.unequal")
		}
		first = &v
	}
	if err := deleteSeed(tx, id, by.Side); err != nil {
		return false, err
	}
	if err := insertSeed(tx, id, voice{side: by.Side, human: by.Human, by: by.By(), words: o.seed, at: tx.Now}); err != nil {
		return false, err
	}
	if err := tx.Leave(kTyped.Event(by, id, string(id), typedBody{Side: by.Side})); err != nil || first == nil {
		return false, err
	}
	r.pair = pairOf(*first, by)
	return true, d.drawNow(tx, by, r, o)
}

// drawNow seats the panel. Whoever took their data back since the freeze is passed
// over at once.
func (d *Desk) drawNow(tx *db.Tx, by glosa.Actor, r row, o outcome) error {
	r.state, r.seed, r.drawn, r.transcript, r.order, r.panel = Drawn, o.seed, tx.Now, o.transcript, o.order, numbers(o.panel)
	if err := saveDraw(tx, r); err != nil {
		return err
	}
	err := tx.Leave(kDrawn.Event(by, r.edition, string(r.edition), drawnBody{Seed: glosa.Digest([]byte(o.seed)), Transcript: glosa.Digest(o.transcript),
		Order: glosa.Digest(o.order), Panel: o.panel}))
	if err != nil {
		return err
	}
	var gone []volunteer
	for _, n := range o.panel {
		v, err := selectNumber(tx, r.edition, n)
		if err != nil {
			return err
		}
		v.seat, v.place, v.invited = Invited, 1, tx.Now
		if err := saveVolunteer(tx, v); err != nil {
			return err
		}
		if err := tx.Leave(kSeat.Event(by, r.edition, string(r.edition), seatBody{Number: n, State: glosa.Code(Invited)})); err != nil {
			return err
		}
		if v.gone {
			gone = append(gone, v)
		}
	}
	for _, v := range gone {
		if err := d.empty(tx, by, r, v, Withdrawn, ""); err != nil {
			return err
		}
	}
	return nil
}

func numbers(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, " ")
}

// seedOf reads when each side typed the seed.
func seedOf(tx *db.Tx, id glosa.EditionID) (map[glosa.Side]time.Time, error) {
	typed, err := selectSeeds(tx, id)
	out := map[glosa.Side]time.Time{}
	for _, v := range typed {
		out[v.side] = v.at
	}
	return out, err
}
