package draw

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// Chair is a chair of the edition's table: a seat of a side, as people numbers them.
type Chair struct {
	Side   glosa.Side
	Number int
}

// Word is a chair in one word: "civil:6".
func (c Chair) Word() glosa.Code { return glosa.Code(string(c.Side) + ":" + strconv.Itoa(c.Number)) }

// ParseChair reads a chair in one word; the zero one is none.
func ParseChair(word string) Chair {
	side, n, _ := strings.Cut(word, ":")
	number, err := strconv.Atoi(n)
	if err != nil || number <= 0 {
		return Chair{}
	}
	return Chair{glosa.Side(side), number}
}

// codes are chairs as they are told; chairsOf is how they are kept.
func codes(list []Chair) (out []glosa.Code) {
	for _, c := range list {
		out = append(out, c.Word())
	}
	return out
}

func chairsOf(told []glosa.Code) string {
	words := make([]string, len(told))
	for i, w := range told {
		words[i] = string(w)
	}
	return strings.Join(words, " ")
}

func parseChairs(text string) (out []Chair, err error) {
	for word := range strings.FieldsSeq(text) {
		c := ParseChair(word)
		if c == (Chair{}) {
			return nil, errors.New("draw: not a chair: " + word)
		}
		out = append(out, c)
	}
	return out, nil
}

// sorted puts chairs in order, each once.
func sorted(list []Chair) []Chair {
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b Chair) int {
		if a.Side != b.Side {
			return strings.Compare(string(a.Side), string(b.Side))
		}
		return a.Number - b.Number
	})
	return slices.Compact(out)
}

// Reserve says in public which chairs of the table are for whoever is drawn: as many
// as there are seats, each with a place at the table and of no institution. It says
// all of them at once and never who sits where, since whoever sees a person in a
// chair would know their number, and with it what the lottery tells about it. Others
// take their place as long as nobody loses a chair. Kinds: Invalid (field "chairs"),
// Denied, NotFound, Conflict.
func (d *Desk) Reserve(ctx context.Context, by glosa.Actor, id glosa.EditionID, chairs []Chair) error {
	if err := by.MayIn(actReserve, id); err != nil {
		return err
	}
	list := sorted(chairs)
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		r, t, _, err := enter(tx, by, actReserve, id, Announced, Open, Frozen, Drawn)
		if err != nil {
			return err
		}
		if len(list) != t.Seats {
			return glosa.WrongField("chairs", "dw.bad.chairs", "n", strconv.Itoa(t.Seats))
		}
		all, err := people.Seats(tx, id)
		if err != nil {
			return err
		}
		for _, c := range list {
			if !slices.ContainsFunc(all, c.free) {
				return glosa.WrongField("chairs", "dw.nochair")
			}
		}
		sitting, err := selectSeats(tx, id)
		if err != nil {
			return err
		}
		for _, v := range sitting {
			if v.chair > 0 && !slices.Contains(list, Chair{v.side, v.chair}) {
				return glosa.WrongField("chairs", "dw.taken")
			}
		}
		r.chairs = chairsOf(codes(list))
		if err := saveDraw(tx, r); err != nil {
			return err
		}
		return tx.Leave(kChairs.Event(by, id, string(id), chairsBody{Chairs: codes(list)}))
	})
}

// free tells whether a seat is this chair, has a place at the table, and speaks for
// no institution.
func (c Chair) free(s people.Seat) bool {
	return s.Side == c.Side && s.Number == c.Number && s.Institution == "" && slices.Contains(s.Roles, glosa.Panelist)
}

// Chair gives somebody who accepted one of the chairs that are reserved. Nobody is
// told but themselves, the desk and the auditors. Kinds: Invalid (field "chair"),
// Denied, NotFound, Conflict.
func (d *Desk) Chair(ctx context.Context, by glosa.Actor, id glosa.EditionID, number int, chair Chair) error {
	if err := by.MayIn(actChair, id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		r, _, _, err := enter(tx, by, actChair, id, Drawn)
		if err != nil {
			return err
		}
		reserved, err := parseChairs(r.chairs)
		if err != nil {
			return err
		}
		if !slices.Contains(reserved, chair) {
			return glosa.WrongField("chair", "dw.unreserved")
		}
		v, err := selectNumber(tx, id, number)
		if err != nil {
			return err
		}
		if v.seat != Accepted {
			return glosa.Refuse(glosa.Conflict, "dw.noseat")
		}
		sitting, err := selectSeats(tx, id)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(sitting, func(x volunteer) bool { return x.id != v.id && x.side == chair.Side && x.chair == chair.Number }) {
			return glosa.WrongField("chair", "dw.taken")
		}
		v.side, v.chair = chair.Side, chair.Number
		if err := saveVolunteer(tx, v); err != nil {
			return err
		}
		return tx.Leave(kSeated.Event(by, id, string(id), goneBody{Number: number}))
	})
}

// Seated is who sits in which chair, by number, for the desk that gives them.
// Kinds: Denied, NotFound, Conflict before the draw.
func (d *Desk) Seated(ctx context.Context, by glosa.Actor, id glosa.EditionID) (out map[int]Chair, err error) {
	if err := by.MayIn(actChair, id); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if _, _, _, err := enter(tx, by, actChair, id, Drawn); err != nil {
			return err
		}
		sitting, err := selectSeats(tx, id)
		out = map[int]Chair{}
		for _, v := range sitting {
			if v.chair > 0 {
				out[v.number] = Chair{v.side, v.chair}
			}
		}
		return err
	})
	return out, err
}
