package rights

import (
	"cmp"
	"context"
	"strings"
	"time"

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

// Resolve is one person's word on a request. It stands alone where something is given
// to whoever has the key. A refusal, a cancellation, and whatever is asked in person
// need a second person, of another side, who says the same; whoever saw the person
// grants nothing. A word that differs takes the
// place of the one that waits, whoever said it: both sides disagree then, the clock
// goes on, the person sees it, and facilitators and convenors may say a word too.
// Nothing is done before both words are the same.
// Errors: Invalid (fields "outcome", "ground"); Denied; NotFound; Conflict.
func (d *Desk) Resolve(ctx context.Context, by glosa.Actor, id ID, outcome Outcome, ground glosa.Code) error {
	if err := by.May(actSettle); err != nil {
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
	return d.on(ctx, by, actSettle, id, func(tx *db.Tx, e edition.Edition, r *row) error {
		if r.state != InProcess && r.state != Extended && !(r.state == Received && outcome == Denied) {
			return wrongTurn()
		}
		if err := r.mayResolve(tx, by, e); err != nil {
			return err
		}
		if outcome == Granted {
			if w, err := d.unseal(*r); err != nil || len(w.Questions) == 0 {
				return cmp.Or(err, noFolio())
			}
		}
		switch {
		case outcome == Granted && r.proof == Shown && r.seenBy == by.Human:
			return glosa.Refuse(glosa.Denied, "mo.others", "rule", "decided by someone else")
		case outcome == Denied || r.kind == Cancellation || r.proof == Shown: // no side alone says whose a question is
			agreed, err := r.second(by, string(outcome)+"/"+string(ground), tx.Now)
			if err != nil || !agreed {
				return err
			}
		}
		r.outcome, r.ground, r.resolved, r.state, r.disputed = outcome, ground, tx.Now, Resolved, time.Time{}
		if outcome == Granted && r.proof == ByKey {
			return d.do(tx, by, r)
		}
		return nil
	})
}

// mayResolve is nil for a person who may say a word on the request today.
func (r *row) mayResolve(tx *db.Tx, by glosa.Actor, e edition.Edition) error {
	act := actResolve
	if !r.disputed.IsZero() {
		act = actSettle
	}
	if err := by.May(act); err != nil {
		return err
	}
	if by.Human == "" {
		return glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
	}
	return people.MayActHere(tx, by, act, tx.Now.In(e.Zone))
}

// second keeps a word that waits, or tells whether this one agrees with it.
func (r *row) second(by glosa.Actor, word string, now time.Time) (agreed bool, err error) {
	switch {
	case !by.OneOfTwo():
		return false, glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
	case r.firstWord != word:
		if r.firstHuman != "" && r.firstSide != by.Side && r.disputed.IsZero() {
			r.disputed = now
		}
		r.firstHuman, r.firstSide, r.firstPost, r.firstWord, r.firstAt = by.Human, by.Side, by.By(), word, now
		return false, nil
	case !by.SecondTo(r.firstHuman, r.firstSide):
		return false, glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
	}
	r.secondHuman, r.secondSide, r.secondPost = by.Human, by.Side, by.By()
	return true, nil
}

// saidWhat is the outcome that the word that waits is for.
func (r *row) saidWhat() Outcome {
	outcome, _, _ := strings.Cut(r.firstWord, "/")
	return Outcome(outcome)
}

// voices are the two who agreed.
func (r *row) voices() [2]people.Voice {
	at := r.firstAt
	if at.IsZero() { // said before its time was kept
		at = r.resolved
	}
	return [2]people.Voice{{Human: r.firstHuman, Side: r.firstSide, Post: glosa.Code(r.firstPost), At: at},
		{Human: r.secondHuman, Side: r.secondSide, Post: glosa.Code(r.secondPost), At: r.resolved}}
}

// noFolio is a request that is about no question that a room knows: nothing can
// be done for it, and nobody says that it was.
func noFolio() error { return glosa.Refuse(glosa.Conflict, "ar.nofolio") }

// do executes what was granted, question by question, keeps what each room reports,
// and empties the box of what is gone. What a room does not do is not executed.
func (d *Desk) do(tx *db.Tx, by glosa.Actor, r *row) error {
	w, err := d.unseal(*r)
	if err != nil {
		return err
	}
	if len(w.Questions) == 0 {
		return noFolio()
	}
	w.Done = nil
	for _, q := range w.Questions {
		what, err := d.doOne(tx, by, r, w, q)
		if err != nil {
			return err
		}
		w.Done = append(w.Done, Done{q, what})
	}
	r.state, r.executed = Executed, tx.Now
	return d.shut(r, w)
}

func (d *Desk) doOne(tx *db.Tx, by glosa.Actor, r *row, w words, q glosa.QuestionID) (glosa.Code, error) {
	done := func(now bool, err error, what, before glosa.Code) (glosa.Code, error) {
		if now {
			return what, err
		}
		return before, err
	}
	switch r.kind {
	case Rectification:
		sealed, err := d.Safe.Seal(people.AuthorName, people.NewPrivate(w.Name))
		if err != nil {
			return "", err
		}
		return Renamed, d.Rooms.Rename(tx, by, q, sealed)
	case Cancellation:
		now, err := d.Rooms.Erase(tx, by, r.voices(), q)
		return done(now, err, Erased, WasErased)
	case Opposition:
		now, err := d.Rooms.Unname(tx, by, q)
		return done(now, err, Unnamed, WasUnnamed)
	}
	return Copied, nil
}

// Execute does what was granted to somebody who came to a desk. Refused when a
// room does not do it, or when no question is named: then nothing was done.
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
