package panel

import (
	"context"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// Desk is where people set the tables, run the hour and sign the minutes.
type Desk struct {
	DB *db.DB

	mesas db.Memo[glosa.EditionID, []Mesa]
}

// enter opens an act on one mesa: the mesa, and its edition in a stage that allows the act.
func enter(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.MesaID) (Mesa, edition.Edition, error) {
	m, err := selectMesa(tx, id)
	if err != nil {
		return m, edition.Edition{}, err
	}
	ed, err := edition.Enter(tx, by, act, m.Edition)
	return m, ed, err
}

// SetMesa makes a mesa or changes its theme and minutes while its session has
// not begun. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) SetMesa(ctx context.Context, by glosa.Actor, id glosa.EditionID, number int, theme string, minutes int) (glosa.MesaID, error) {
	const act = "panel.mesa"
	if err := by.MayIn(act, id); err != nil {
		return "", err
	}
	if err := CheckMesa(theme, minutes); err != nil {
		return "", err
	}
	if number < 1 || number > 20 {
		return "", glosa.WrongField("number", "pa.number")
	}
	m := Mesa{ID: MesaIDOf(id, number), Edition: id, Number: number, Theme: strings.TrimSpace(theme), Minutes: minutes}
	return m.ID, d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := edition.Enter(tx, by, act, id); err != nil {
			return err
		}
		was, err := selectMesa(tx, m.ID)
		if err == nil && was.State != Ready {
			return glosa.Refuse(glosa.Conflict, "pa.begun")
		}
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		if err := upsertMesa(tx, m); err != nil {
			return err
		}
		return tx.Leave(evMesa.Event(by, id, string(m.ID), mesaBody{Number: number, Minutes: minutes, Theme: glosa.Digest([]byte(m.Theme))}))
	})
}

// Seat puts a chair at a mesa: an office of the register, or a numbered seat of
// the edition. Whom it speaks for, and whether a substitute may sit in it, is as
// people has it. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Seat(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, chair Chair, duty Duty) error {
	const act = "panel.seat"
	if err := by.May(act); err != nil {
		return err
	}
	if !chair.Valid() {
		return glosa.WrongField("chair", "pa.chair")
	}
	if _, known := roles[duty]; !known {
		return glosa.WrongField("duty", "pa.duty")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, err := enter(tx, by, act, mesa)
		if err != nil {
			return err
		}
		if m.State == Ended {
			return glosa.Refuse(glosa.Conflict, "pa.ended")
		}
		p, err := placeOf(tx, ed, Place{Mesa: mesa, Chair: chair, Duty: duty})
		if err != nil {
			return err
		}
		free, err := insertPlace(tx, p)
		if err != nil {
			return err
		}
		if !free {
			return glosa.Refuse(glosa.Conflict, "pa.seated", "chair", p.Chair.Key())
		}
		return tx.Leave(evSeated.Event(by, ed.ID, string(p.Mesa), placeEvent(p)))
	})
}

// placeOf completes a place from the register of people. Kinds: Invalid, NotFound.
func placeOf(tx *db.Tx, ed edition.Edition, p Place) (Place, error) {
	if p.Chair.Post != "" {
		post, err := people.PostOf(tx, p.Chair.Post)
		if err != nil {
			return p, err
		}
		if post.Side != p.Chair.Side {
			return p, glosa.WrongField("chair", "pa.chair")
		}
		p.Institution = post.Institution
		p.Delegable = ed.Protocol == nil || !slices.Contains(ed.Protocol.Seats.NotDelegable, roles[p.Duty])
		return p, nil
	}
	seats, err := people.Seats(tx, ed.ID)
	if err != nil {
		return p, err
	}
	i := slices.IndexFunc(seats, func(s people.Seat) bool { return s.Side == p.Chair.Side && s.Number == p.Chair.Seat })
	if i < 0 {
		return p, glosa.Missing("seat", p.Chair.Key())
	}
	p.Institution, p.Delegable = seats[i].Institution, seats[i].Delegable
	return p, nil
}

// Unseat takes a chair away from a mesa whose session has not begun.
// Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) Unseat(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, chair Chair) error {
	const act = "panel.seat"
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, err := enter(tx, by, act, mesa)
		if err != nil {
			return err
		}
		if m.State != Ready {
			return glosa.Refuse(glosa.Conflict, "pa.begun")
		}
		p, err := selectPlace(tx, mesa, chair)
		if err != nil {
			return err
		}
		if err := deletePlace(tx, mesa, chair); err != nil {
			return err
		}
		return tx.Leave(evUnseated.Event(by, ed.ID, string(mesa), placeEvent(p)))
	})
}

func placeEvent(p Place) placeBody {
	return placeBody{Chair: p.Chair, Duty: glosa.Code(p.Duty), Institution: p.Institution, Delegable: p.Delegable}
}

// Arrive records that a chair is taken, by its holder or by a substitute with
// the letter that sends them. A chair that may not be delegated takes no
// substitute. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Arrive(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, chair Chair, substitute bool, document string) error {
	if substitute && strings.TrimSpace(document) == "" {
		return glosa.WrongField("document", "pa.document")
	}
	return d.attend(ctx, by, mesa, chair, Present, func(tx *db.Tx, p *Place) error {
		if substitute && !p.Delegable {
			return glosa.Refuse(glosa.Denied, "pa.nodelegate", "rule", "panel.attend", "chair", chair.Key())
		}
		p.In, p.Note = tx.Now, ""
		p.Substitute, p.Document = substitute, strings.TrimSpace(document)
		return nil
	})
}

// Leave records that a chair was left. Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) Leave(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, chair Chair) error {
	return d.attend(ctx, by, mesa, chair, Left, func(tx *db.Tx, p *Place) error {
		p.Out = tx.Now
		return nil
	})
}

// Absent leaves the note of an empty chair. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Absent(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, chair Chair, why Absence) error {
	switch why {
	case NoNotice, WithNotice, NotInvited, Unavoidable:
	default:
		return glosa.WrongField("note", "pa.absence")
	}
	return d.attend(ctx, by, mesa, chair, Empty, func(_ *db.Tx, p *Place) error {
		p.Note = why
		return nil
	})
}

func (d *Desk) attend(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, chair Chair, to Presence, change func(*db.Tx, *Place) error) error {
	const act = "panel.attend"
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		_, ed, err := enter(tx, by, act, mesa)
		if err != nil {
			return err
		}
		p, err := selectPlace(tx, mesa, chair)
		if err != nil {
			return err
		}
		if !p.State.Move(to) {
			return glosa.Refuse(glosa.Conflict, "pa.presence", "state", string(p.State))
		}
		if err := change(tx, &p); err != nil {
			return err
		}
		p.State = to
		p.Word, p.Objection = Unsaid, "" // what the person confirmed was another record
		if err := updatePlace(tx, p); err != nil {
			return err
		}
		return tx.Leave(evAttended.Event(by, ed.ID, string(mesa), attendBody{Chair: chair, State: glosa.Code(to),
			Substitute: p.Substitute, Note: glosa.Code(p.Note)}))
	})
}

// Say is the person's own word on what the clerk recorded of their chair:
// confirmed, or disputed in their words, which are official and public. Only
// whoever sits in the chair may. Kinds: Invalid, Denied, Closed, NotFound.
func (d *Desk) Say(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, word Word, objection string) error {
	const act = "panel.confirm"
	if err := by.May(act); err != nil {
		return err
	}
	objection = strings.TrimSpace(objection)
	if word != Confirmed && word != Disputed || len([]rune(objection)) > 1000 {
		return glosa.WrongField("word", "pa.word")
	}
	if (word == Disputed) != (objection != "") {
		return glosa.WrongField("objection", "pa.objection")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		_, ed, err := enter(tx, by, act, mesa)
		if err != nil {
			return err
		}
		p, err := selectPlace(tx, mesa, ChairOf(by))
		if err != nil {
			return err
		}
		if p.State == Expected {
			return glosa.Refuse(glosa.Conflict, "pa.presence", "state", string(p.State))
		}
		p.Word, p.WordAt, p.Objection = word, tx.Now, objection
		if err := updatePlace(tx, p); err != nil {
			return err
		}
		body := wordBody{Chair: p.Chair, Disputed: word == Disputed, Said: glosa.Digest([]byte(objection))}
		return tx.Leave(evWord.Event(by, ed.ID, string(mesa), body))
	})
}
