package opinion

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/db"
)

// Desk is where a statement set is opened, filled, voted on and counted.
type Desk struct {
	DB       *db.DB
	Keys     voter.Keys
	Promise  question.Promise
	Software glosa.Code // name and version of this program, kept with each count
	Log      *slog.Logger

	sets  db.Memo[glosa.EditionID, keptBoard]
	lists db.Memo[glosa.EditionID, []Statement]
}

// Acts of this room, as testdata/may.txt names them.
const (
	actFreeze   glosa.Act = "opinion.freeze"
	actOpen     glosa.Act = "opinion.open"
	actClose    glosa.Act = "opinion.close"
	actWrite    glosa.Act = "opinion.write"
	actPropose  glosa.Act = "opinion.propose"
	actAdmit    glosa.Act = "opinion.admit"
	actRefuse   glosa.Act = "opinion.refuse"
	actErase    glosa.Act = "opinion.erase"
	actWithdraw glosa.Act = "opinion.withdraw"
	actVote     glosa.Act = "opinion.vote"
	actDesk     glosa.Act = "opinion.desk"
	actAudit    glosa.Act = "opinion.audit"
	actRepeat   glosa.Act = "opinion.repeat"
)

// Freeze fixes the settings of an edition's statement set, as its protocol says
// them, before anybody can vote. Errors: Denied; NotFound; Closed; Conflict when
// they are frozen.
func (d *Desk) Freeze(ctx context.Context, by glosa.Actor, id glosa.EditionID) (Settings, error) {
	if err := by.MayIn(actFreeze, id); err != nil {
		return Settings{}, err
	}
	var s Settings
	err := d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := edition.Enter(tx, by, actFreeze, id)
		if err != nil {
			return err
		}
		if ed.Protocol == nil {
			return glosa.Missing("protocol", string(id))
		}
		if ed.Frozen.IsZero() {
			return glosa.Refuse(glosa.Conflict, "op.noprotocol")
		}
		s = SettingsOf(ed)
		js, err := glosa.JCS(s)
		if err != nil {
			return err
		}
		done, err := insertSet(tx, s, string(js), glosa.Digest(js), by)
		if err == nil && !done {
			err = glosa.Refuse(glosa.Conflict, "op.frozen")
		}
		if err != nil {
			return err
		}
		return tx.Leave(kFrozen.Event(by, id, string(s.Contest), frozenBody{Digest: glosa.Digest(js),
			Proposals: s.Proposals, Rows: s.Rows, Doors: s.Doors, Seed: s.Seed}))
	})
	return s, err
}

// longest is how far ahead the end of a vote can be announced.
const longest = 366 * 24 * time.Hour

// Open begins the vote and announces its end; the clock closes it then. Errors:
// Invalid (field "until"); Denied; NotFound; Closed; Conflict when the settings
// are not frozen, no statement stands, or it was opened already.
func (d *Desk) Open(ctx context.Context, by glosa.Actor, id glosa.EditionID, until time.Time) error {
	if err := by.MayIn(actOpen, id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		_, k, err := enter(tx, by, actOpen, id)
		if err != nil {
			return err
		}
		if !k.opened.IsZero() {
			return glosa.Refuse(glosa.Conflict, "op.opened")
		}
		if until.Sub(tx.Now) < time.Hour || until.Sub(tx.Now) > longest {
			return glosa.WrongField("until", "op.until")
		}
		all, err := d.statements(tx, k)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, Statement.Votable) {
			return glosa.Refuse(glosa.Conflict, "op.nostatement")
		}
		if err := openSet(tx, k.contest(), until, earlier(tx.Now.Add(voter.BatchEvery), until)); err != nil {
			return err
		}
		return tx.Leave(kOpened.Event(by, id, k.id, openedBody{Until: until}))
	})
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// enter opens an act in an edition that has a set. A set that is not there is a
// Conflict at a desk: it says what to do first.
func enter(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.EditionID) (edition.Edition, keptSet, error) {
	ed, err := edition.Enter(tx, by, act, id)
	if err != nil {
		return ed, keptSet{}, err
	}
	k, err := selectSet(tx, id)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		err = glosa.Refuse(glosa.Conflict, "op.unfrozen")
	}
	return ed, k, err
}

// Close ends the vote before its announced end; the record says so. Errors:
// Denied; NotFound; Closed; Conflict when it is not open.
func (d *Desk) Close(ctx context.Context, by glosa.Actor, id glosa.EditionID) error {
	if err := by.MayIn(actClose, id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		_, k, err := enter(tx, by, actClose, id)
		if err != nil {
			return err
		}
		if k.opened.IsZero() || !k.shut.IsZero() {
			return glosa.Refuse(glosa.Conflict, "op.notopen")
		}
		return shut(tx, by, k, tx.Now.Before(k.until))
	})
}

// shut tells the record of the votes of the last minutes and of the statements on
// which nobody decided, and ends the vote. Nothing can come after it.
func shut(tx *db.Tx, by glosa.Actor, k keptSet, early bool) error {
	if err := batch(tx, k); err != nil {
		return err
	}
	if err := leaveUndecided(tx, k); err != nil {
		return err
	}
	if err := closeSet(tx, k.contest(), early); err != nil {
		return err
	}
	return tx.Leave(kClosed.Event(by, glosa.EditionID(k.edition), k.id, closedBody{Early: early}))
}

// Due lets the clock follower write the batches, close what is over, and admit
// what nobody of the other side spoke on.
func Due() edition.Due { return edition.Due{Room: "opinion", Run: runDue, Next: selectNextDue} }

func runDue(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	all, err := selectDue(tx, now, limit)
	if err != nil {
		return 0, err
	}
	for _, k := range all {
		ed, err := edition.Load(tx, glosa.EditionID(k.edition))
		if err != nil {
			return done, err
		}
		if gone(ed) || !now.Before(k.until) {
			err = shut(tx, glosa.System(), k, now.Before(k.until))
		} else if err = batch(tx, k); err == nil {
			err = updateDue(tx, k.contest(), earlier(now.Add(voter.BatchEvery), k.until))
		}
		if err != nil {
			return done, err
		}
		done++
	}
	silent, err := silence(tx, now, limit-done)
	if done += silent; err != nil {
		return done, err
	}
	unopened, err := neverOpened(tx, limit-done)
	return done + unopened, err
}

// gone tells whether an edition is over: nothing is voted on in it any more.
func gone(ed edition.Edition) bool {
	return ed.Reached(edition.Evaluated) || ed.Stage == edition.Cancelled
}

// neverOpened ends what waits in sets that their editions leave behind without a vote.
func neverOpened(tx *db.Tx, limit int) (done int, err error) {
	all, err := selectUnopened(tx)
	if err != nil {
		return 0, err
	}
	for _, k := range all {
		ed, err := edition.Load(tx, glosa.EditionID(k.edition))
		if err != nil {
			return done, err
		}
		if !gone(ed) || done >= limit {
			continue
		}
		if err := leaveUndecided(tx, k); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

// window says whether votes are taken now. Closed, with Until where that is known.
func (k keptSet) window(now time.Time) error {
	e := glosa.Refuse(glosa.Closed, "op.closed", "rule", string(actVote), "edition", k.edition)
	switch {
	case k.opened.IsZero():
		e.Key = "op.notyet"
	case k.shut.IsZero() && now.Before(k.until):
		return nil
	}
	return e
}

// over tells whether the vote was opened and is no more.
func (k keptSet) over(now time.Time) bool { return !k.opened.IsZero() && k.window(now) != nil }

func (k keptSet) status(now time.Time, counted bool) Status {
	switch {
	case k.id == "":
		return Unfrozen
	case counted:
		return Counted
	case k.opened.IsZero():
		return Frozen
	case k.window(now) == nil:
		return Open
	}
	return Ended
}
