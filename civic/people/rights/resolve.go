package rights

import (
	"context"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// on runs one official act on a request.
func (d *Desk) on(ctx context.Context, by glosa.Actor, act glosa.Act, id ID, fn func(tx *db.Tx, e edition.Edition, r *row) error) error {
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		r, err := selectOne(tx, id)
		if err != nil {
			return err
		}
		e, err := edition.Enter(tx, by, act, r.edition)
		if err != nil {
			return err
		}
		if err := fn(tx, e, &r); err != nil {
			return err
		}
		if err := save(tx, r); err != nil {
			return err
		}
		return leave(tx, by, r)
	})
}

// wrongTurn is an act that cannot happen in this state.
func wrongTurn() error { return glosa.Refuse(glosa.Conflict, "e.409") }

// Identify says that a document was shown at the desk. It is not copied, and
// nothing of it is written down. Errors: Denied; NotFound; Conflict.
func (d *Desk) Identify(ctx context.Context, by glosa.Actor, id ID) error {
	if err := by.May(actIdentify); err != nil {
		return err
	}
	return d.on(ctx, by, actIdentify, id, func(tx *db.Tx, _ edition.Edition, r *row) error {
		if r.state != Received {
			return wrongTurn()
		}
		r.state, r.proof = InProcess, Shown
		return nil
	})
}

// Extend gives the regime's extension, once, for a listed reason.
// Errors: Invalid (field "reason"); Denied; NotFound; Conflict.
func (d *Desk) Extend(ctx context.Context, by glosa.Actor, id ID, reason glosa.Code) error {
	if err := by.May(actExtend); err != nil {
		return err
	}
	if !oneOf(reason, Reasons()) {
		return glosa.WrongField("reason", "ar.reason")
	}
	return d.on(ctx, by, actExtend, id, func(tx *db.Tx, e edition.Edition, r *row) error {
		if r.state != InProcess || tx.Now.After(r.due) {
			return wrongTurn()
		}
		r.state, r.extended, r.extendedBy, r.reason = Extended, tx.Now, by.By(), reason
		r.due = clock(e, *r).Due
		return nil
	})
}

// Resolve is one person's word on a request. It stands alone where something is
// given; a refusal and a cancellation need a second person, of another side, who
// says the same. A second word that differs puts the first one back.
// Errors: Invalid (fields "outcome", "ground"); Denied; NotFound; Conflict.
func (d *Desk) Resolve(ctx context.Context, by glosa.Actor, id ID, outcome Outcome, ground glosa.Code) error {
	if err := by.May(actResolve); err != nil {
		return err
	}
	if outcome != Granted && outcome != Denied {
		return glosa.WrongField("outcome", "ar.outcome")
	}
	if outcome == Granted {
		ground = ""
	} else if !oneOf(ground, Grounds()) {
		return glosa.WrongField("ground", "ar.ground")
	}
	return d.on(ctx, by, actResolve, id, func(tx *db.Tx, e edition.Edition, r *row) error {
		if r.state != InProcess && r.state != Extended && !(r.state == Received && outcome == Denied) {
			return wrongTurn()
		}
		if by.Human == "" {
			return glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
		}
		if err := people.MayActHere(tx, by, actResolve, tx.Now.In(e.Zone)); err != nil {
			return err
		}
		if outcome == Denied || r.kind == Cancellation {
			agreed, err := r.second(by, string(outcome)+"/"+string(ground))
			if err != nil {
				return err
			}
			if outcome == Granted {
				if err := d.erase(tx, by, r); err != nil {
					return err
				}
			}
			if !agreed {
				return nil
			}
		}
		r.outcome, r.ground, r.resolved, r.state = outcome, ground, tx.Now, Resolved
		if outcome == Granted && r.proof == ByKey {
			return d.do(tx, by, r)
		}
		return nil
	})
}

// second keeps a first word, or tells whether the second agrees with it.
func (r *row) second(by glosa.Actor, word string) (agreed bool, err error) {
	switch {
	case by.Side != glosa.Government && by.Side != glosa.Civil:
		return false, glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
	case r.firstHuman == "" || r.firstWord != word && r.firstSide != by.Side:
		r.firstHuman, r.firstSide, r.firstPost, r.firstWord = by.Human, by.Side, by.By(), word
		return false, nil
	case r.firstHuman == by.Human || r.firstSide == by.Side:
		return false, glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
	}
	r.secondHuman, r.secondSide = by.Human, by.Side
	return true, nil
}

// erase says this person's word to the room of each question.
func (d *Desk) erase(tx *db.Tx, by glosa.Actor, r *row) error {
	w, err := d.unseal(*r)
	if err != nil {
		return err
	}
	for _, q := range w.Questions {
		if _, err := d.Rooms.Erase(tx, by, q); err != nil {
			return err
		}
	}
	return nil
}

// do executes what was granted, and empties the box of what is gone.
func (d *Desk) do(tx *db.Tx, by glosa.Actor, r *row) error {
	w, err := d.unseal(*r)
	if err != nil {
		return err
	}
	for _, q := range w.Questions {
		switch r.kind {
		case Rectification:
			sealed, err := d.Safe.Seal(people.AuthorName, people.NewPrivate(w.Name))
			if err == nil {
				err = d.Rooms.Rename(tx, by, q, sealed)
			}
			if err != nil {
				return err
			}
		case Opposition:
			if err := d.Rooms.Unname(tx, by, q); err != nil {
				return err
			}
		}
	}
	r.state, r.executed = Executed, tx.Now
	if r.kind != Access {
		return d.shut(r, w)
	}
	return nil
}

// Execute says that what was granted to somebody who came to a desk is done.
// Errors: Denied; NotFound; Conflict.
func (d *Desk) Execute(ctx context.Context, by glosa.Actor, id ID) error {
	if err := by.May(actExecute); err != nil {
		return err
	}
	return d.on(ctx, by, actExecute, id, func(tx *db.Tx, _ edition.Edition, r *row) error {
		if r.state != Resolved || r.outcome != Granted {
			return wrongTurn()
		}
		return d.do(tx, by, r)
	})
}
