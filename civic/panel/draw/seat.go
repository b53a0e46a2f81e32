package draw

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strconv"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// stands is nil when somebody still has the place they act from today.
func stands(tx *db.Tx, by glosa.Actor, act glosa.Act, ed edition.Edition) error {
	today := tx.Now
	if ed.Zone != nil {
		today = today.In(ed.Zone)
	}
	return people.MayActHere(tx, by, act, today)
}

// empty ends a volunteer's seat and asks the next one.
func (d *Desk) empty(tx *db.Tx, by glosa.Actor, r row, v volunteer, to Seat, why glosa.Code) error {
	v.seat, v.why, v.side, v.chair = to, why, "", 0
	if err := saveVolunteer(tx, v); err != nil {
		return err
	}
	err := tx.Leave(kSeat.Event(by, r.edition, string(r.edition), seatBody{Number: v.number, State: glosa.Code(to), Why: why, For: v.forNumber}))
	if err != nil {
		return err
	}
	return d.callNext(tx, r, v.number)
}

// callNext asks whom the rule of substitutes names, in the place of a number. The
// seat stays empty when nobody is left, and once nobody's features are known any more.
func (d *Desk) callNext(tx *db.Tx, r row, vacated int) error {
	if !r.destroyed.IsZero() {
		return nil
	}
	t, err := parseTerms(r.terms)
	if err != nil {
		return err
	}
	quotas, err := t.List()
	if err != nil {
		return err
	}
	list, err := selectPool(tx, r.edition)
	if err != nil {
		return err
	}
	turns, err := turnsOf(r.order)
	if err != nil {
		return err
	}
	var seated []Someone
	waiting := make([]Someone, len(turns))
	last := 1
	for _, v := range list {
		last = max(last, v.place)
		at := slices.Index(turns, v.number)
		if v.gone || v.seat == NoSeat && at < 0 || v.seat != NoSeat && !v.seat.Holds() {
			continue
		}
		w, err := d.unseal(v)
		if err != nil {
			return err
		}
		s := Someone{v.number, w.Features, w.Label}
		if v.seat.Holds() {
			seated = append(seated, s)
		} else {
			waiting[at] = s
		}
	}
	waiting = slices.DeleteFunc(waiting, func(s Someone) bool { return s.Number == 0 })
	n := Next(quotas, t.Households, seated, waiting)
	if n == 0 {
		return nil
	}
	v, err := selectNumber(tx, r.edition, n)
	if err != nil {
		return err
	}
	v.seat, v.place, v.forNumber, v.invited = Invited, last+1, vacated, tx.Now
	if err := saveVolunteer(tx, v); err != nil {
		return err
	}
	return tx.Leave(kSeat.Event(glosa.System(), r.edition, string(r.edition), seatBody{Number: n, State: glosa.Code(Invited), For: vacated}))
}

// turnsOf reads the order of substitutes from its file.
func turnsOf(file []byte) ([]int, error) {
	table, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil || len(table) == 0 {
		return nil, err
	}
	var out []int
	for _, line := range table[1:] {
		n, err := strconv.Atoi(line[1])
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// Vacate is one side's word that whoever was drawn does not come, for a reason of
// [Whys]. The same word of the other side, by another person, empties the seat and
// asks the next; done tells whether it did. Another word takes the place of the
// side's own. Kinds: Invalid (field "why"), Denied, NotFound, Conflict.
func (d *Desk) Vacate(ctx context.Context, by glosa.Actor, id glosa.EditionID, number int, why glosa.Code) (done bool, err error) {
	if err := by.MayIn(actVacate, id); err != nil {
		return false, err
	}
	if !by.OneOfTwo() {
		return false, glosa.Refuse(glosa.Denied, "e.403", "rule", string(actVacate))
	}
	if !slices.Contains(Whys(), why) {
		return false, glosa.WrongField("why", "dw.choose")
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		done = false
		r, t, ed, err := enter(tx, by, actVacate, id, Drawn)
		if err != nil {
			return err
		}
		if err := stands(tx, by, actVacate, ed); err != nil {
			return err
		}
		if !r.destroyed.IsZero() {
			return glosa.Refuse(glosa.Conflict, "dw.destroyed.files")
		}
		v, err := selectNumber(tx, id, number)
		if err != nil {
			return err
		}
		if !v.seat.Holds() {
			return glosa.Refuse(glosa.Conflict, "dw.noseat")
		}
		if why == NoReply && (v.seat != Invited || tx.Now.Before(v.until(t))) {
			return glosa.WrongField("why", "dw.wait")
		}
		said, err := selectWords(tx, id, number)
		if err != nil {
			return err
		}
		for _, x := range said {
			if x.side == by.Side {
				continue
			}
			if !by.SecondTo(x.human, x.side) {
				return glosa.Refuse(glosa.Denied, "dw.samehuman", "rule", string(actVacate))
			}
			done, v.pair = x.words == string(why), pairOf(x, by)
		}
		if err := deleteWord(tx, id, number, by.Side); err != nil {
			return err
		}
		if err := insertWord(tx, id, number, voice{side: by.Side, human: by.Human, words: string(why)}); err != nil {
			return err
		}
		if !done {
			return tx.Leave(kSaid.Event(by, id, string(id), goneBody{Number: number}))
		}
		return d.empty(tx, by, r, v, Vacated, why)
	})
	return done, err
}

// Reach reads how somebody who holds a seat is reached, for the desk that writes
// or telephones; it is logged, in private. Kinds: Denied, NotFound, Conflict.
func (d *Desk) Reach(ctx context.Context, by glosa.Actor, id glosa.EditionID, number int) (contact people.Private, language string, err error) {
	if err := by.MayIn(actReach, id); err != nil {
		return contact, "", err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, _, _, err := enter(tx, by, actReach, id, Drawn); err != nil {
			return err
		}
		v, err := selectNumber(tx, id, number)
		if err != nil {
			return err
		}
		if !v.seat.Holds() {
			return glosa.Refuse(glosa.Conflict, "dw.noseat")
		}
		w, err := d.unseal(v)
		if err != nil {
			return err
		}
		contact, language = people.NewPrivate(w.Contact), w.Language
		return tx.Leave(kReached.Event(by, id, string(id), goneBody{Number: number}))
	})
	return contact, language, err
}
