package commitment

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

const (
	actReport   glosa.Act = "commitment.report"
	actEvidence glosa.Act = "commitment.evidence"
	actReview   glosa.Act = "commitment.review"
)

// Report is the implementer's update. The word «complete» claims fulfilment, and
// is only taken when there is evidence to look at. Whoever reports acts for the
// institution that leads on the government's side, or for one that took its
// place. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Report(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, u Update) error {
	if err := by.May(actReport); err != nil {
		return err
	}
	u.Text, u.Blockers = strings.TrimSpace(u.Text), strings.TrimSpace(u.Blockers)
	if err := u.Check(); err != nil {
		return err
	}
	digest, err := u.digest()
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, _, err := ownersAct(tx, by, actReport, id)
		if err != nil {
			return err
		}
		if !c.State.Running() {
			return glosa.Refuse(glosa.Conflict, "cm.state", "state", string(c.State), "act", "report")
		}
		if u.Status == Complete {
			if err := claim(tx, &c); err != nil {
				return err
			}
		}
		had, err := selectUpdates(tx, id)
		if err != nil {
			return err
		}
		kept := u
		kept.Commitment, kept.Number, kept.By, kept.At = id, len(had)+1, by.By(), tx.Now
		if err := insertUpdate(tx, kept); err != nil {
			return err
		}
		c.Updated, c.Government = tx.Now, Verdict{Status: u.Status, At: tx.Now, By: kept.By}
		if err := updateHead(tx, c); err != nil {
			return err
		}
		return leave(tx, by, c, evReported, updateBody{Number: kept.Number, Status: glosa.Code(u.Status), Percent: u.Percent,
			State: glosa.Code(c.State), Digest: digest, Next: kept.Next})
	})
}

// claim moves a commitment to fulfilled_claimed, if it has evidence that was not found wanting.
func claim(tx *db.Tx, c *Commitment) error {
	evidence, err := selectEvidence(tx, scope{id: c.ID})
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(evidence, func(e evidenceRow) bool { return e.counts() }) {
		return glosa.WrongField("evidence", "cm.evidence")
	}
	c.State, err = c.State.Step("claim")
	return err
}

// counts tells whether the evidence can support a claim.
func (e Evidence) counts() bool {
	return e.State != Superseded && e.State != Gone && (e.Review == Unreviewed || e.Review == Admissible)
}

// digest is what the record holds of a report's words.
func (u Update) digest() (glosa.Hash, error) {
	js, err := u.Canonical()
	return glosa.Digest(js), err
}

// Canonical is the words of a report as they are hashed.
func (u Update) Canonical() ([]byte, error) {
	return glosa.JCS(map[string]string{"blockers": u.Blockers, "text": u.Text})
}

// ownersAct opens an act that only a government owner of the commitment may do.
func ownersAct(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.CommitmentID) (Commitment, edition.Edition, error) {
	c, _, ed, err := enter(tx, by, act, id)
	if err != nil {
		return c, ed, err
	}
	own, err := ownedBy(tx, c, by.Institution)
	if err != nil || !own {
		return c, ed, orElse(err, glosa.Refuse(glosa.Denied, "e.403", "rule", string(act)))
	}
	return c, ed, nil
}

// ownedBy tells whether an institution, under its name of today or an earlier
// one, answers for the commitment on the government's side.
func ownedBy(tx *db.Tx, c Commitment, key glosa.InstitutionKey) (bool, error) {
	if key == "" {
		return false, nil
	}
	names, err := lineage(tx, key)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(c.Owners, func(o Owner) bool {
		return o.Side == glosa.Government && slices.Contains(names, o.Institution)
	}), nil
}

// lineage is an institution's key with those of its earlier and later names.
func lineage(tx *db.Tx, key glosa.InstitutionKey) ([]glosa.InstitutionKey, error) {
	line, err := people.Lineage(tx, key)
	if err != nil {
		return nil, err
	}
	keys := []glosa.InstitutionKey{key}
	for _, i := range line {
		keys = append(keys, i.Key)
	}
	return keys, nil
}

// Progress moves a milestone as the implementer says: in_progress or
// claimed_done. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Progress(ctx context.Context, by glosa.Actor, id glosa.MilestoneID, to Progress) error {
	if err := by.May(actReport); err != nil {
		return err
	}
	if to != InProgress && to != Done {
		return glosa.WrongField("progress", "cm.progress")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, err := selectMilestone(tx, id)
		if err != nil {
			return err
		}
		c, _, err := ownersAct(tx, by, actReport, m.Commitment)
		if err != nil {
			return err
		}
		return move(tx, by, c, m, to, "")
	})
}

// Check is the Observatory's word on a milestone that is claimed done: verified,
// or rejected with a note. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Check(ctx context.Context, by glosa.Actor, id glosa.MilestoneID, verified bool, note string) error {
	if err := by.May(actReview); err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	if !verified && !said(note) || len([]rune(note)) > 2000 {
		return glosa.WrongField("note", "cm.reason")
	}
	to := Checked
	if !verified {
		to = Rejected
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, err := selectMilestone(tx, id)
		if err != nil {
			return err
		}
		c, _, _, err := enter(tx, by, actReview, m.Commitment)
		if err != nil {
			return err
		}
		return move(tx, by, c, m, to, note)
	})
}

func move(tx *db.Tx, by glosa.Actor, c Commitment, m Milestone, to Progress, note string) error {
	if !c.State.Agreed() || !m.Progress.May(to) {
		return glosa.Refuse(glosa.Conflict, "cm.state", "state", string(m.Progress), "act", string(to))
	}
	m.Progress, m.Changed, m.Note = to, tx.Now, note
	if err := updateMilestone(tx, m); err != nil {
		return err
	}
	body := milestoneBody{Milestone: m.ID, Progress: glosa.Code(to)}
	if note != "" {
		body.Note = glosa.Digest([]byte(note))
	}
	return leave(tx, by, c, evMilestone, body)
}

// Bring adds evidence to an agreed commitment: a file, known by its hash, or an
// address. Anybody may bring an address; files are for those who hold a post or a
// seat, since a file says who made it, where and on which machine, and its hash
// stays in the record. The bytes are kept before the act; a file that no act
// names is swept. What a citizen brings is shown once the Observatory has
// reviewed it. Kinds: Invalid, Denied, Closed, Conflict, NotFound, Busy.
func (d *Desk) Bring(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, b Brought) (Evidence, error) {
	if err := by.May(actEvidence); err != nil {
		return Evidence{}, err
	}
	e, err := b.Check()
	if err != nil {
		return Evidence{}, err
	}
	if b.File != nil && by.Has(glosa.CitizenRole) {
		return Evidence{}, glosa.WrongField("url", "cm.url")
	}
	if b.File != nil {
		kept, err := d.Files.Put(ctx, b.File, MaxEvidence)
		if err != nil {
			return Evidence{}, err
		}
		e.File, e.Type, e.Size, e.State = kept.ID, kept.Type, kept.Size, Integral
	}
	var server [32]byte
	if _, err := rand.Read(server[:]); err != nil {
		return Evidence{}, err
	}
	salt := glosa.Salt(server, [16]byte{})
	commit, err := glosa.Commit(salt, e.object())
	if err != nil {
		return Evidence{}, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		c, _, _, err := enter(tx, by, actEvidence, id)
		if err != nil {
			return err
		}
		if !c.State.Agreed() {
			return glosa.Refuse(glosa.Conflict, "cm.state", "state", string(c.State), "act", "evidence")
		}
		if b.Milestone != "" && !slices.ContainsFunc(c.Milestones, func(m Milestone) bool { return m.ID == b.Milestone }) {
			return glosa.Missing("milestone", string(b.Milestone))
		}
		e.ID, e.Commitment, e.By, e.Side, e.At = evidenceID(tx), id, by.By(), by.Side, tx.Now
		if by.Has(glosa.CitizenRole) {
			e.At = e.At.Truncate(time.Minute) // no page and no file tells more than the record does
		}
		if again, err := selectErasedFile(tx, e.File); err != nil || again {
			return orElse(err, glosa.Refuse(glosa.Conflict, "cm.erasedfile"))
		}
		if err := supersede(tx, by, b.Supersedes, e); err != nil {
			return err
		}
		if err := insertEvidence(tx, evidenceRow{Evidence: e, salt: salt[:], sealed: commit}); err != nil {
			return err
		}
		return leave(tx, by, c, evEvidence, evidenceBody{Evidence: e.ID, Milestone: e.Milestone, File: e.File, Commit: commit, Replaces: b.Supersedes})
	})
	return e, err
}

// evidenceID is an id that tells no time: it is public, and a citizen's time is
// told to the minute only.
func evidenceID(tx *db.Tx) glosa.EvidenceID {
	id := glosa.Digest([]byte(tx.NewID())) // 80 random bits, and the time hidden by the digest
	return glosa.EvidenceID(hex.EncodeToString(id[:16]))
}

// FilesNamed lists the files that evidence names: report.Sweep keeps them.
func (d *Desk) FilesNamed(ctx context.Context) (ids []glosa.FileID, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		ids, err = selectFiles(tx)
		return err
	})
	return ids, err
}

// object is what the record commits to of a piece of evidence.
func (e Evidence) object() map[string]string {
	return map[string]string{"file": string(e.File), "kind": "evidence", "title": e.Title, "url": e.URL}
}

// supersede puts a new piece in the place of an older one of the same hand.
func supersede(tx *db.Tx, by glosa.Actor, old glosa.EvidenceID, e Evidence) error {
	if old == "" {
		return nil
	}
	was, err := selectOneEvidence(tx, old)
	if err != nil {
		return err
	}
	if was.Commitment != e.Commitment || was.By != by.By() || by.Has(glosa.CitizenRole) || was.State == Superseded || was.State == Gone {
		return glosa.Refuse(glosa.Conflict, "cm.supersede")
	}
	was.State, was.Next = Superseded, e.ID
	return updateEvidence(tx, was.Evidence)
}

// Review is the Observatory's word on a piece of evidence, with the reason.
// Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Review(ctx context.Context, by glosa.Actor, id glosa.EvidenceID, word Review, reason string) error {
	if err := by.May(actReview); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if word != Admissible && word != Insufficient && word != Irrelevant {
		return glosa.WrongField("review", "cm.review")
	}
	if !said(reason) || len([]rune(reason)) > 2000 {
		return glosa.WrongField("reason", "cm.reason")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		e, err := selectOneEvidence(tx, id)
		if err != nil {
			return err
		}
		c, _, _, err := enter(tx, by, actReview, e.Commitment)
		if err != nil {
			return err
		}
		if e.State == Superseded || e.State == Gone {
			return glosa.Refuse(glosa.Conflict, "cm.state", "state", string(e.State), "act", "review")
		}
		e.State, e.Review, e.Reason = Reviewed, word, reason
		if err := updateEvidence(tx, e.Evidence); err != nil {
			return err
		}
		return leave(tx, by, c, evReviewed, reviewBody{Evidence: id, Review: glosa.Code(word), Reason: glosa.Digest([]byte(reason))})
	})
}

// Link joins a commitment to an earlier or later one or to an OGP id, saying how
// well that is founded. Kinds: Invalid, Denied, Closed, NotFound.
func (d *Desk) Link(ctx context.Context, by glosa.Actor, l Link) error {
	const act = "commitment.link"
	if err := by.May(act); err != nil {
		return err
	}
	if err := l.Check(); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, _, _, err := enter(tx, by, act, l.From)
		if err != nil {
			return err
		}
		return link(tx, by, c, l)
	})
}

func link(tx *db.Tx, by glosa.Actor, c Commitment, l Link) error {
	if l.Way != OGP && l.To != "" {
		if ok, err := Known(tx, glosa.CommitmentID(l.To)); err != nil || !ok {
			return orElse(err, glosa.Missing("commitment", l.To))
		}
	}
	if kept, err := putLink(tx, l); err != nil || !kept {
		return orElse(err, glosa.Refuse(glosa.Conflict, "cm.linked"))
	}
	return leave(tx, by, c, evLinked, linkBody{Way: glosa.Code(l.Way), Target: glosa.Code(l.To), Basis: glosa.Code(l.Basis), Source: l.Sources})
}
