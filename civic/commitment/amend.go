package commitment

import (
	"context"
	"slices"
	"strings"

	"glosa"
	"glosa/db"
)

// Decline is one side's no to the draft that it has read ([Draft.Digest]), with
// its reason, before the commitment is accepted. Kinds: Invalid, Denied, Closed,
// Conflict when the draft says something else by now, NotFound.
func (d *Desk) Decline(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, read glosa.Hash, reason string) error {
	return d.withReason(ctx, by, actDecline, id, reason, evDeclined, func(tx *db.Tx, c *Commitment, reason string) (err error) {
		if err := c.asRead(read); err != nil {
			return err
		}
		c.State, err = c.State.Step("decline")
		c.Reason, c.ReasonBy = reason, by.By()
		return err
	})
}

// Suspend stops a running commitment for a reason, in public.
// Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Suspend(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, reason string) error {
	return d.withReason(ctx, by, actSuspend, id, reason, evSuspended, func(tx *db.Tx, c *Commitment, reason string) (err error) {
		if c.State, err = c.State.Step("suspend"); err != nil {
			return err
		}
		c.Reason, c.ReasonBy = reason, by.By()
		return insertPause(tx, c.ID, Pause{Reason: reason, By: by.By(), At: tx.Now})
	})
}

// Resume takes up a suspended commitment, saying why; why it had been suspended
// stays in its history. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Resume(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, reason string) error {
	return d.withReason(ctx, by, actSuspend, id, reason, evResumed, func(tx *db.Tx, c *Commitment, reason string) (err error) {
		if c.State, err = c.State.Step("resume"); err != nil {
			return err
		}
		c.Reason, c.ReasonBy = "", ""
		return endPause(tx, c.ID, reason, by.By(), tx.Now)
	})
}

// withReason does an act that is public with its reason.
func (d *Desk) withReason(ctx context.Context, by glosa.Actor, act glosa.Act, id glosa.CommitmentID, reason string, kind glosa.EventKind,
	do func(tx *db.Tx, c *Commitment, reason string) error) error {
	if err := by.May(act); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if !said(reason) || len([]rune(reason)) > 2000 {
		return glosa.WrongField("reason", "cm.reason")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, _, _, err := enter(tx, by, act, id)
		if err != nil {
			return err
		}
		if err := do(tx, &c, reason); err != nil {
			return err
		}
		if err := updateHead(tx, c); err != nil {
			return err
		}
		return leave(tx, by, c, kind, reasonBody{Side: by.Side, Reason: glosa.Digest([]byte(reason))})
	})
}

// Amend proposes another wording of a running commitment, with the reason, and
// is at once its side's yes. It comes into force with [Desk.AgreeAmendment]; the
// earlier wording stays in the history. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Amend(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, reason string, w Wording) (version int, err error) {
	if err := by.May(actAmend); err != nil {
		return 0, err
	}
	if !said(reason) || len([]rune(reason)) > 2000 {
		return 0, glosa.WrongField("reason", "cm.reason")
	}
	if err := w.Check(false); err != nil {
		return 0, err
	}
	digest, err := w.Digest()
	if err != nil {
		return 0, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		c, versions, ed, err := enter(tx, by, actAmend, id)
		if err != nil {
			return err
		}
		if !c.State.Running() && c.State != Accepted {
			return glosa.Refuse(glosa.Conflict, "cm.state", "state", string(c.State), "act", "amend")
		}
		draft := c.Draft()
		draft.Wording = w
		lacks := slices.DeleteFunc(draft.Lacks(), func(l Lack) bool { return l.Name == "milestones" }) // their days stay as agreed
		if err := asError(lacks); err != nil {
			return err
		}
		if c.Current().Digest == digest {
			return glosa.WrongField("title", "pa.nochange")
		}
		v := versionRow{of: id, Version: Version{Number: len(versions) + 1, Wording: w, At: tx.Now, Reason: strings.TrimSpace(reason), Digest: digest}}
		version = v.Number
		if err := putVersion(tx, id, v.Version); err != nil {
			return err
		}
		body := wordingBody{Version: v.Number, Digest: digest, Reason: glosa.Digest([]byte(v.Reason))}
		if err := leave(tx, by, c, evAmended, body); err != nil {
			return err
		}
		_, err = agree(tx, by, actAmend, ed, c, v)
		return err
	})
	return version, err
}

// AgreeAmendment is the other side's yes to the version that it has read, with
// all that stands around it (read, a [Draft.Digest]): the wording comes into
// force. Kinds: Denied, Closed, Conflict when it says something else by now, NotFound.
func (d *Desk) AgreeAmendment(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, version int, read glosa.Hash) error {
	if err := by.May(actAmend); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, versions, ed, err := enter(tx, by, actAmend, id)
		if err != nil {
			return err
		}
		if version < 2 || version != len(versions) {
			return glosa.Refuse(glosa.Conflict, "cm.changed")
		}
		if err := c.asRead(read); err != nil {
			return err
		}
		v := versions[version-1]
		both, err := agree(tx, by, actAmend, ed, c, v)
		if err != nil || !both {
			return err
		}
		c.Starts, c.Ends = v.Wording.Starts, v.Wording.Ends
		if err := updateHead(tx, c); err != nil {
			return err
		}
		return leave(tx, by, c, evInForce, wordingBody{Version: v.Number, Digest: v.Digest})
	})
}
