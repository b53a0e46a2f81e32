package edition

import (
	"context"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

// Halt is a postponement, a return from one, or the cancellation.
type Halt struct {
	N       int
	Kind    glosa.Code // postponed | resumed | cancelled
	From    Stage      // the stage it happened in
	Reason  string     // one public sentence
	Note    string     // a longer public note; may be empty
	Session time.Time  // the new session day, if there is one
	By      string
	At      time.Time
}

// Postpone holds an edition where it stands, with a public reason, a note, and a
// new session day if one is known (it is only announced: [Desk.Resume] lays the
// calendar). Denied; NotFound; Closed for drafts and after the minutes; Invalid (reason, note).
func (d *Desk) Postpone(ctx context.Context, by glosa.Actor, id glosa.EditionID, reason, note string, session time.Time) error {
	if err := by.MayIn("edition.postpone", id); err != nil {
		return err
	}
	h := Halt{Kind: glosa.Code(Postponed), Reason: reason, Note: note, Session: session}
	return d.halt(ctx, by, "edition.postpone", id, h)
}

// Cancel ends an edition without a result, with a public reason and note. Denied;
// NotFound; Closed when it has been evaluated or is over; Invalid (reason, note).
func (d *Desk) Cancel(ctx context.Context, by glosa.Actor, id glosa.EditionID, reason, note string) error {
	if err := by.MayIn("edition.cancel", id); err != nil {
		return err
	}
	return d.halt(ctx, by, "edition.cancel", id, Halt{Kind: glosa.Code(Cancelled), Reason: reason, Note: note})
}

func (d *Desk) halt(ctx context.Context, by glosa.Actor, act glosa.Act, id glosa.EditionID, h Halt) error {
	var err error
	if h.Reason, err = sentence("reason", h.Reason); err != nil {
		return err
	}
	if h.Note = strings.TrimSpace(h.Note); h.Note != "" {
		if h.Note, err = sentence("note", h.Note); err != nil {
			return err
		}
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := enter(tx, by, act, id)
		if err != nil {
			return err
		}
		kind := postponedKind
		allowed := ed.Stage.place() >= Called.place() && ed.Stage.place() <= MinutesPending.place()
		if h.Kind == glosa.Code(Cancelled) {
			kind = cancelledKind
			allowed = ed.Stage == Postponed || ed.Stage.place() <= FollowUp.place()
		}
		if !allowed {
			return closed(ed, act, time.Time{})
		}
		h := h
		h.From, h.By, h.At = ed.Stage, by.By(), tx.Now
		if ed.Stage != Postponed {
			ed.Held = ed.Stage
		}
		ed.Stage, ed.Since = Stage(h.Kind), tx.Now
		return d.keepHalt(tx, by, ed, h, kind)
	})
}

func (d *Desk) keepHalt(tx *db.Tx, by glosa.Actor, ed Edition, h Halt, kind glosa.EventKind) error {
	if err := updateEdition(tx, ed); err != nil {
		return err
	}
	n, err := insertHalt(tx, ed.ID, h)
	if err != nil {
		return err
	}
	return tx.Leave(kind.Event(by, ed.ID, string(ed.ID), haltedBody{N: n, From: glosa.Code(h.From),
		Reason: glosa.Digest([]byte(h.Reason + "\n" + h.Note)), Session: h.Session.UTC()}, "editions"))
}

// Resume returns a postponed edition to the stage it stood in and lays the dates
// that have not come yet again from a session day. Denied; NotFound; Invalid
// (session, reason); Conflict when it is not postponed.
func (d *Desk) Resume(ctx context.Context, by glosa.Actor, id glosa.EditionID, reason string, session time.Time) error {
	if err := by.MayIn("edition.resume", id); err != nil {
		return err
	}
	reason, err := sentence("reason", reason)
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := enter(tx, by, "edition.resume", id)
		if err != nil {
			return err
		}
		if ed.Stage != Postponed {
			return glosa.Refuse(glosa.Conflict, "ed.not_postponed", "edition", string(id))
		}
		if session.Before(midnightIn(tx.Now, ed.zone())) {
			return glosa.WrongField("session", "ed.no_session")
		}
		ed.Stage, ed.Held, ed.Since = ed.Held, "", tx.Now
		ed = ed.replan(session, tx.Now)
		h := Halt{Kind: "resumed", From: Postponed, Reason: reason, Session: ed.Session, By: by.By(), At: tx.Now}
		if err := d.keepHalt(tx, by, ed, h, resumedKind); err != nil {
			return err
		}
		return tx.Leave(ed.planned(by))
	})
}

// Suspension stands every deadline of an edition still for a while.
type Suspension struct {
	N        int
	From     time.Time
	To       time.Time // the first instant that counts again
	Reason   string
	Document string // what orders it: an agreement, a decree, its address
	By       string
	At       time.Time
}

// maxSuspension is two years: longer is another edition.
const maxSuspension = 731 * 24 * time.Hour

// Suspend stands every deadline of the edition still between two instants. Rooms
// that keep due instants compute them again in the same act ([Desk.Redue]); dates
// of stages are moved by [Desk.Extend] and [Desk.Postpone].
// Denied; NotFound; Closed when the edition is over; Invalid (to, reason, document).
func (d *Desk) Suspend(ctx context.Context, by glosa.Actor, id glosa.EditionID, from, to time.Time, reason, document string) error {
	if err := by.MayIn("edition.suspend", id); err != nil {
		return err
	}
	reason, err := sentence("reason", reason)
	if err != nil {
		return err
	}
	if document, err = sentence("document", document); err != nil {
		return err
	}
	if !from.Before(to) || to.Sub(from) > maxSuspension {
		return glosa.WrongField("to", "ed.bad_span")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := enter(tx, by, "edition.suspend", id)
		if err != nil {
			return err
		}
		s := Suspension{From: from, To: to, Reason: reason, Document: document, By: by.By(), At: tx.Now}
		n, err := insertSuspension(tx, id, s)
		if err != nil {
			return err
		}
		ed.Suspensions = append(slices.Clone(ed.Suspensions), Pause{From: from, To: to, Reason: reason, By: s.By})
		if err := updateEdition(tx, ed); err != nil {
			return err
		}
		for _, redue := range d.Redue {
			if err := redue(tx, ed); err != nil {
				return err
			}
		}
		return tx.Leave(suspendedKind.Event(by, id, string(id), suspendedBody{N: n, From: from.UTC(), To: to.UTC(),
			Reason: glosa.Digest([]byte(reason + "\n" + document))}, "editions"))
	})
}

// Moved is an extension of the plan: a stage that begins later than announced.
type Moved struct {
	N      int
	Stage  Stage
	Days   int
	Was    time.Time
	Is     time.Time
	Reason string
	By     string
	At     time.Time
}

// Extend moves the beginning of a stage that has not come yet by calendar days
// ("the intake closes five days later"). Denied; NotFound; Closed when the stage
// has begun or has no date; Invalid (days, reason): it may not pass the next date.
func (d *Desk) Extend(ctx context.Context, by glosa.Actor, id glosa.EditionID, stage Stage, days int, reason string) error {
	if err := by.MayIn("edition.extend", id); err != nil {
		return err
	}
	reason, err := sentence("reason", reason)
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := enter(tx, by, "edition.extend", id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(ed.Plan.Dates, func(x Date) bool { return x.Stage == stage })
		if i < 0 || ed.Plan.Dates[i].Planned.IsZero() || ed.StageAt(tx.Now) == stage || !ed.StageAt(tx.Now).Before(stage) {
			return closed(ed, "edition.extend", time.Time{})
		}
		was := ed.Plan.Dates[i].Planned
		is := was.In(ed.zone()).AddDate(0, 0, days)
		if days < 1 || days > 365 || i+1 < len(ed.Plan.Dates) && is.After(ed.Plan.Dates[i+1].Planned) {
			return glosa.WrongField("days", "ed.too_long")
		}
		ed.Plan.Dates = slices.Clone(ed.Plan.Dates)
		ed.Plan.Dates[i].Planned = is
		if ed.Plan.Dates[i].First.IsZero() {
			ed.Plan.Dates[i].First = was
		}
		n, err := insertExtension(tx, id, Moved{Stage: stage, Days: days, Was: was, Is: is, Reason: reason, By: by.By(), At: tx.Now})
		if err != nil {
			return err
		}
		if err := updateEdition(tx, ed); err != nil {
			return err
		}
		return tx.Leave(extendedKind.Event(by, id, string(id), extendedBody{N: n, Stage: glosa.Code(stage), Days: days,
			Was: was.UTC(), Is: is.UTC(), Reason: glosa.Digest([]byte(reason))}, "editions"))
	})
}
