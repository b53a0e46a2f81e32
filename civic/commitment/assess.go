package commitment

import (
	"context"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

const (
	actAssess glosa.Act = "commitment.assess"
	actReply  glosa.Act = "commitment.reply"
)

// after is where a final assessment leaves a commitment: a claim is verified or
// disputed, the assessment at the end of the term closes, any other leaves the
// state as it is. Kinds: Conflict.
func (s State) after(status Status, closing bool) (State, error) {
	to := s
	var err error
	switch s {
	case Claimed, Verified, Disputed:
		step := "dispute"
		if status == Complete {
			step = "verify"
		}
		to, err = s.Step(step)
	default:
		to, err = s.Step("assess")
	}
	if err != nil || !closing || s == AsStated {
		return to, err
	}
	return to.Step("close")
}

// Assess is a verdict of the Observatory on a commitment, by a person who has
// declared their interests, against the indicator of the wording in force: the
// criterion was fixed when both sides agreed to it. It takes effect when the
// right of reply is over. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Assess(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, a Assessment) error {
	if err := by.May(actAssess); err != nil {
		return err
	}
	a.Rationale = strings.TrimSpace(a.Rationale)
	if !a.Status.Known() {
		return glosa.WrongField("status", "cm.status")
	}
	if !said(a.Rationale) || len([]rune(a.Rationale)) > 6000 {
		return glosa.WrongField("rationale", "cm.reason")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, _, ed, err := enter(tx, by, actAssess, id)
		if err != nil {
			return err
		}
		if err := people.HasDeclared(tx, c.Edition, by.Human); err != nil {
			return err
		}
		if _, err := c.State.after(a.Status, a.Closing); err != nil {
			return err
		}
		had, err := selectAssessments(tx, id)
		if err != nil {
			return err
		}
		if n := len(had); n > 0 && had[n-1].Phase != Final {
			return glosa.Refuse(glosa.Conflict, "cm.pending")
		}
		v := c.Current()
		kept := a
		kept.Commitment, kept.Number, kept.Phase = id, len(had)+1, RightOfReply
		kept.Criterion, kept.FixedAt = v.Wording.Indicator, v.InForce
		kept.By, kept.At = by.By(), tx.Now
		kept.ReplyUntil = replyUntil(ed, tx.Now)
		if err := considered(tx, kept); err != nil {
			return err
		}
		if err := insertAssessment(tx, kept); err != nil {
			return err
		}
		return leave(tx, by, c, evAssessed, assessBody{Number: kept.Number, Status: glosa.Code(a.Status),
			Digest: glosa.Digest([]byte(a.Rationale)), Closing: a.Closing, Until: kept.ReplyUntil,
			Criterion: glosa.Digest([]byte(kept.Criterion)), Considered: append([]glosa.EvidenceID{}, kept.Considered...)})
	})
}

// considered makes sure that the evidence named belongs to the commitment.
func considered(tx *db.Tx, a Assessment) error {
	for _, id := range a.Considered {
		e, err := selectOneEvidence(tx, id)
		if err != nil {
			return err
		}
		if e.Commitment != a.Commitment {
			return glosa.Missing("evidence", string(id))
		}
	}
	return nil
}

// replyUntil is the end of the right of reply, as the protocol has it.
func replyUntil(ed edition.Edition, now time.Time) time.Time {
	term := edition.Term{N: ReplyDays, Unit: edition.WorkingDays}
	if ed.Protocol != nil && !ed.Protocol.Deadlines.RightOfReply.IsZero() {
		term = ed.Protocol.Deadlines.RightOfReply
	}
	return ed.Deadline(now, term, nil, nil).Due
}

// Reply is the implementer's answer to a verdict, once, within its time. It is
// shown beside the verdict and changes nothing in it.
// Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Reply(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, number int, text string) error {
	if err := by.May(actReply); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	if !said(text) || len([]rune(text)) > 6000 {
		return glosa.WrongField("text", "cm.text")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, _, err := ownersAct(tx, by, actReply, id)
		if err != nil {
			return err
		}
		a, err := assessment(tx, id, number)
		if err != nil {
			return err
		}
		if a.Phase != RightOfReply || tx.Now.After(a.ReplyUntil) {
			return glosa.Refuse(glosa.Closed, "s.closed")
		}
		if a.Reply != "" {
			return glosa.Refuse(glosa.Conflict, "cm.replied")
		}
		a.Reply, a.ReplyBy, a.ReplyAt = text, by.By(), tx.Now
		if err := updateAssessment(tx, a); err != nil {
			return err
		}
		return leave(tx, by, c, evReplied, replyBody{Number: number, Digest: glosa.Digest([]byte(text))})
	})
}

func assessment(tx *db.Tx, id glosa.CommitmentID, number int) (Assessment, error) {
	all, err := selectAssessments(tx, id)
	if err != nil {
		return Assessment{}, err
	}
	if number < 1 || number > len(all) {
		return Assessment{}, glosa.Missing("assessment", string(id))
	}
	return all[number-1], nil
}

// Conclude makes a verdict final before its time is over, because the reply has
// come. Otherwise the clock does. Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) Conclude(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, number int) error {
	if err := by.May(actAssess); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, _, _, err := enter(tx, by, actAssess, id)
		if err != nil {
			return err
		}
		a, err := assessment(tx, id, number)
		if err != nil {
			return err
		}
		if a.Phase != RightOfReply {
			return glosa.Refuse(glosa.Conflict, "cm.pending")
		}
		if a.Reply == "" && !tx.Now.After(a.ReplyUntil) {
			return &glosa.Error{Kind: glosa.Closed, Key: "cm.awaitreply", Until: a.ReplyUntil}
		}
		return conclude(tx, by, c, a)
	})
}

// conclude gives a verdict its effect: the Observatory's word, and the state. A
// commitment that has meanwhile left the machine (merged, abandoned) keeps its
// end; the verdict is final all the same.
func conclude(tx *db.Tx, by glosa.Actor, c Commitment, a Assessment) error {
	a.Phase, a.FinalAt = Final, tx.Now
	if err := updateAssessment(tx, a); err != nil {
		return err
	}
	if to, err := c.State.after(a.Status, a.Closing); err == nil {
		c.State = to
	}
	c.Observed = Verdict{Status: a.Status, At: tx.Now, By: a.By}
	if err := updateHead(tx, c); err != nil {
		return err
	}
	return leave(tx, by, c, evFinal, finalBody{Number: a.Number, Status: glosa.Code(a.Status), State: glosa.Code(c.State)})
}

// Due is what this room wants done by the clock: commitments whose first day
// has come begin, milestones past their day are overdue, verdicts whose reply
// time is over become final.
func Due() edition.Due {
	return edition.Due{Room: "commitment", Run: runDue, Next: selectNext}
}

func runDue(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	system := glosa.System()
	ids, err := selectBeginning(tx, now, limit)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		c, _, err := load(tx, id)
		if err != nil {
			return done, err
		}
		if err := begin(tx, system, c); err != nil {
			return done, err
		}
		done++
	}
	late, err := selectLate(tx, now, max(0, limit-done))
	if err != nil {
		return done, err
	}
	for _, id := range late {
		m, err := selectMilestone(tx, id)
		if err != nil {
			return done, err
		}
		c, _, err := load(tx, m.Commitment)
		if err != nil {
			return done, err
		}
		if err := move(tx, system, c, m, Overdue, m.Note); err != nil {
			return done, err
		}
		done++
	}
	over, err := selectRepliesOver(tx, now, max(0, limit-done))
	if err != nil {
		return done, err
	}
	for _, a := range over {
		c, _, err := load(tx, a.Commitment)
		if err != nil {
			return done, err
		}
		if err := conclude(tx, system, c, a); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}
