package priority

import (
	"context"
	"sync"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/db"
)

// Desk is where criteria are frozen, supports are given and the agenda is made.
type Desk struct {
	DB       *db.DB
	Keys     voter.Keys
	Promise  question.Promise
	Software glosa.Code // name and version of this program, kept with each result

	gather   gathering
	networks networks
	contests db.Memo[glosa.EditionID, contest]
	shown    db.Memo[glosa.EditionID, map[glosa.QuestionID]int]
	rows     db.Memo[glosa.EditionID, rows]
}

// Acts of this room, as testdata/may.txt names them.
const (
	actSupport glosa.Act = "priority.support"
	actFreeze  glosa.Act = "priority.freeze"
	actSelect  glosa.Act = "priority.select"
	actRepeat  glosa.Act = "priority.repeat"

	actEnterPaper    glosa.Act = "priority.enter_paper"
	actWithdrawPaper glosa.Act = "priority.withdraw_paper"
	actReadPaper     glosa.Act = "priority.read_paper"
)

// The gates this room hands to edition.
const (
	GateCriteria glosa.Code = "criteria_frozen" // before the intake opens
	GateAgenda   glosa.Code = "agenda"          // before the edition counts as selected
)

// Gate keeps an edition from its intake without frozen criteria, and from
// selected without an agenda.
func Gate(tx *db.Tx, ed edition.Edition, to edition.Stage) ([]edition.Missing, error) {
	switch to {
	case edition.IntakeOpen:
		_, err := selectContest(tx, ed.ID)
		if glosa.KindOf(err) == glosa.NotFound {
			return []edition.Missing{{Gate: GateCriteria, Key: "g.nocriteria"}}, nil
		}
		return nil, err
	case edition.Selected:
		_, err := selectSelection(tx, ContestOf(ed.ID))
		if glosa.KindOf(err) == glosa.NotFound {
			return []edition.Missing{{Gate: GateAgenda, Key: "g.noagenda"}}, nil
		}
		return nil, err
	}
	return nil, nil
}

// Freeze fixes the criteria of an edition's agenda, as its protocol says them,
// before the intake opens. Errors: Denied; NotFound; Closed; Invalid naming the
// place of the protocol that cannot be computed; Conflict when they are frozen.
func (d *Desk) Freeze(ctx context.Context, by glosa.Actor, id glosa.EditionID) (Criteria, error) {
	if err := by.MayIn(actFreeze, id); err != nil {
		return Criteria{}, err
	}
	var c Criteria
	err := d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := edition.Enter(tx, by, actFreeze, id)
		if err != nil {
			return err
		}
		if ed.Protocol == nil {
			return glosa.Missing("protocol", string(id))
		}
		if c, err = criteriaOf(ed); err != nil {
			return err
		}
		js, err := glosa.JCS(c)
		if err != nil {
			return err
		}
		digest := glosa.Digest(js)
		done, err := insertContest(tx, c, string(js), digest, by)
		if err != nil {
			return err
		}
		if !done {
			return glosa.Refuse(glosa.Conflict, "g.frozen")
		}
		return tx.Leave(kFrozen.Event(by, id, string(c.Contest), frozenBody{Digest: digest, Rule: c.Rule, Utility: c.Utility,
			Completions: c.Completions, Minutes: c.Minutes, PerQuestion: c.PerQuestion, Choices: c.Choices, Counting: c.Counting}))
	})
	return c, err
}

// Support adds a question to the device's ballot. A merged question may be
// named: its support counts for the common one. salt is the device's part of
// the new version's salt, or zeros. Supporting twice changes nothing.
//
// Errors: Denied; NotFound; Closed outside the window, with Until; Invalid
// (field "question") when the ballot is full or the question cannot be
// supported any more; Busy.
func (d *Desk) Support(ctx context.Context, by glosa.Actor, who voter.Credential, id glosa.QuestionID, salt [16]byte) (Receipt, error) {
	if err := by.May(actSupport); err != nil {
		return Receipt{}, err
	}
	return d.cast(ctx, &cast{by: by, who: who, what: add, id: id, device: salt})
}

// Unsupport takes a question off the device's ballot; an empty ballot is
// withdrawn. Taking off what is not there changes nothing. Errors as Support.
func (d *Desk) Unsupport(ctx context.Context, by glosa.Actor, who voter.Credential, id glosa.QuestionID, salt [16]byte) (Receipt, error) {
	if err := by.May(actSupport); err != nil {
		return Receipt{}, err
	}
	return d.cast(ctx, &cast{by: by, who: who, what: remove, id: id, device: salt})
}

// window says whether a contest takes ballots now. Closed when it does not.
func window(ed edition.Edition, now time.Time) error {
	return windowUntil(ed, ed.SupportCloses(), now)
}

// windowUntil is window where the end is known.
func windowUntil(ed edition.Edition, end, now time.Time) error {
	closed := func(key string, until time.Time) error {
		e := glosa.Refuse(glosa.Closed, key, "edition", string(ed.ID), "stage", string(ed.Stage), "rule", string(actSupport))
		e.Until = until
		return e
	}
	switch stage := ed.StageAt(now); stage {
	case edition.IntakeOpen, edition.IntakeClosed:
		if !end.IsZero() && !now.Before(end) {
			return closed("s.closed", time.Time{})
		}
		return nil
	case edition.Postponed:
		return closed("ed.postponed", time.Time{})
	default:
		until := time.Time{}
		if opens := ed.Plan.On(edition.IntakeOpen); stage.Before(edition.IntakeOpen) && opens.After(now) {
			until = opens
		}
		return closed("s.closed", until)
	}
}

// isOver tells whether a contest took ballots and takes none any more.
func isOver(ed edition.Edition, now time.Time) bool {
	return window(ed, now) != nil && !ed.StageAt(now).Before(edition.IntakeOpen)
}

// Own is the device's ballot in an edition, with what proves it; it has no
// choices when there is none. NotFound when the edition has no contest.
func (d *Desk) Own(ctx context.Context, who voter.Credential, ed glosa.EditionID) (rc Receipt, err error) {
	at, err := who.Row(d.Keys, ed, ContestOf(ed))
	if glosa.KindOf(err) == glosa.NotFound && err != nil {
		return Receipt{Contest: ContestOf(ed)}, nil // its key is destroyed: nobody has a ballot any more
	}
	if err != nil {
		return Receipt{}, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := selectContest(tx, ed)
		if err != nil {
			return err
		}
		standing, err := selectStanding(tx, []glosa.Hash{at})
		if err != nil {
			return err
		}
		rc = Receipt{Contest: c.Contest}
		if b, ok := standing[at]; ok {
			rc = b.receipt()
		}
		return nil
	})
	return rc, err
}

// Supports tells whether the device's ballot holds a question or one that was
// merged with it.
func (d *Desk) Supports(ctx context.Context, who voter.Credential, id glosa.QuestionID) (yes bool, err error) {
	var q question.Known
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		q, err = question.Find(tx, id)
		return err
	})
	if err != nil {
		return false, err
	}
	at, err := who.Row(d.Keys, q.Edition, ContestOf(q.Edition))
	if glosa.KindOf(err) == glosa.NotFound && err != nil {
		return false, nil // its key is destroyed
	}
	if err != nil {
		return false, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		standing, err := selectStanding(tx, []glosa.Hash{at})
		if err != nil {
			return err
		}
		b := standing[at]
		if b == nil {
			return nil
		}
		roots := rooter{tx: tx, known: map[glosa.QuestionID]glosa.QuestionID{}}
		for _, c := range b.choices {
			root, err := roots.of(c)
			if err != nil {
				return err
			}
			yes = yes || root == q.Canonical
		}
		return nil
	})
	return yes, err
}

// rooter finds the canonical question of many, asking once for each.
type rooter struct {
	tx    *db.Tx
	known map[glosa.QuestionID]glosa.QuestionID
}

func (r rooter) of(id glosa.QuestionID) (glosa.QuestionID, error) {
	if root, ok := r.known[id]; ok {
		return root, nil
	}
	root, err := question.Canonical(r.tx, id)
	if err != nil {
		return "", err
	}
	r.known[id] = root
	return root, nil
}

// gathering collects the ballots that arrive while others are being written.
type gathering struct {
	mu      sync.Mutex
	waiting []*cast
	leading bool
}
