package report

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// Desk is where a ministry writes, and a signatory publishes.
type Desk struct {
	DB    *db.DB
	Files Files
	// Earlier lists the open commitments of earlier editions, asked of a later
	// room inside the same transaction. The government states where each stands.
	Earlier func(tx *db.Tx, ed edition.Edition) ([]glosa.CommitmentID, error)
	// Owned tells whether an institution answers for an earlier commitment. Each
	// states its own; who convenes states any.
	Owned func(tx *db.Tx, id glosa.CommitmentID, by glosa.InstitutionKey) (bool, error)

	sheets db.Memo[glosa.EditionID, Sheet]
}

// Write saves the draft. Nobody outside the desk sees it. Denied (the act, or
// another institution convenes), Invalid, NotFound, Closed.
func (d *Desk) Write(ctx context.Context, by glosa.Actor, ed glosa.EditionID, t Text) error {
	if err := by.MayIn("report.draft", ed); err != nil {
		return err
	}
	t = tidy(t)
	if err := checkText(t); err != nil {
		return err
	}
	if _, err := Cut(t.Markdown); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := entered(tx, by, "report.draft", ed); err != nil {
			return err
		}
		if err := upsertDraft(tx, ed, t); err != nil {
			return err
		}
		return tx.Leave(drafted.Event(by, ed, string(IDOf(ed)), DraftSaved{Bytes: len(t.Markdown)}))
	})
}

// entered enters an edition for an act on the report itself: the institution that
// convenes writes it, and no other. What each says of its own earlier promises is
// [Desk.State].
func entered(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.EditionID) (edition.Edition, error) {
	e, err := edition.Enter(tx, by, act, id)
	if err == nil {
		err = writes(e, by, act)
	}
	return e, err
}

// writes is nil for whoever acts for the institution that the protocol names.
func writes(e edition.Edition, by glosa.Actor, act glosa.Act) error {
	if e.Protocol != nil && by.Institution != "" && string(by.Institution) == string(e.Protocol.ReportBy) {
		return nil
	}
	return glosa.Refuse(glosa.Denied, "rp.notyours", "rule", string(act), "edition", string(e.ID))
}

// tidy makes line ends one kind: the digest must not depend on who typed it.
func tidy(t Text) Text {
	return Text{Title: strings.TrimSpace(t.Title), Markdown: strings.ReplaceAll(t.Markdown, "\r\n", "\n")}
}

// Publish publishes the draft as it stands; the post's holder answers for it.
// digest is what the signatory saw ([DigestOf]): Conflict when the draft changed
// since. A text that replaces a published one needs a reason. Denied (the act,
// another institution convenes, or the post is not held that day), Invalid, NotFound, Closed, Conflict.
func (d *Desk) Publish(ctx context.Context, by glosa.Actor, ed glosa.EditionID, digest glosa.Hash, reason string) error {
	if err := by.MayIn("report.publish", ed); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) > 1000 || strings.ContainsFunc(reason, isControl) || !utf8.ValidString(reason) {
		return glosa.WrongField("reason", "rp.text")
	}
	cut, err := d.cutDraft(ctx, ed, digest)
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		e, err := enterHeld(tx, by, "report.publish", ed)
		if err == nil {
			err = writes(e, by, "report.publish")
		}
		if err != nil {
			return err
		}
		rep, err := Of(tx, ed)
		if err != nil {
			return err
		}
		if DigestOf(rep.Draft) != digest {
			return glosa.Refuse(glosa.Conflict, "rp.changed")
		}
		if rep.Version > 0 && rep.Digest == digest {
			return glosa.Refuse(glosa.Conflict, "rp.same")
		}
		if rep.Version > 0 && reason == "" {
			return glosa.WrongField("reason", "rp.reason")
		}
		if rep.Version == 0 {
			rep.Late = lateness(e, tx.Now)
			return publish(tx, by, rep, slices.Clone(cut), "")
		}
		return publish(tx, by, rep, slices.Clone(cut), reason)
	})
}

// cutDraft cuts the draft of this digest before the act, so that no writer waits
// for a parser. Conflict when the draft is another one.
func (d *Desk) cutDraft(ctx context.Context, ed glosa.EditionID, digest glosa.Hash) ([]Passage, error) {
	var draft Text
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		rep, err := Of(tx, ed)
		draft = rep.Draft
		return err
	})
	if err != nil {
		return nil, err
	}
	if DigestOf(draft) != digest {
		return nil, glosa.Refuse(glosa.Conflict, "rp.changed")
	}
	return Cut(draft.Markdown)
}

// enterHeld enters an edition for an official act: the actor's post must be held
// by the actor, or the act delegated to them, on the day.
func enterHeld(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.EditionID) (edition.Edition, error) {
	e, err := edition.Enter(tx, by, act, id)
	if err != nil {
		return e, err
	}
	now := tx.Now
	if e.Zone != nil {
		now = now.In(e.Zone)
	}
	return e, people.MayActFor(tx, by.Post, by.Human, act, now)
}

func publish(tx *db.Tx, by glosa.Actor, rep Report, now []Passage, reason string) error {
	digest := DigestOf(rep.Draft)
	before, err := selectPassages(tx, rep.Edition)
	if err != nil {
		return err
	}
	Number(before, now)
	v := Version{Number: rep.Version + 1, Title: rep.Draft.Title, Markdown: rep.Draft.Markdown, Digest: digest, Reason: reason, By: by.By()}
	if err := insertVersion(tx, rep.Edition, v, rep.Late); err != nil {
		return err
	}
	for i := range now {
		now[i].Place = i + 1
	}
	for _, p := range append(now, gone(before, now)...) {
		if err := upsertPassage(tx, rep.Edition, p); err != nil {
			return err
		}
	}
	all, err := selectPassages(tx, rep.Edition)
	if err != nil {
		return err
	}
	shown, err := passagesText(all)
	if err != nil {
		return err
	}
	return tx.Leave(published.Event(by, rep.Edition, string(rep.ID), WasPublished{Report: rep.ID, Version: v.Number, Digest: digest, Shown: glosa.Digest(shown),
		Passages: len(now), Reason: glosa.Digest([]byte(reason)), Late: rep.Late}))
}

// Attach adds a file that was put into Files before. Denied, Invalid, NotFound
// (no draft yet), Closed, Conflict when the report has it already.
func (d *Desk) Attach(ctx context.Context, by glosa.Actor, ed glosa.EditionID, f File, name, title string) error {
	if err := by.MayIn("report.draft", ed); err != nil {
		return err
	}
	title = strings.TrimSpace(title)
	if !plainLine(title, MaxTitle) {
		return glosa.WrongField("title", "rp.title")
	}
	if !ValidFileID(f.ID) || f.Size < 1 || f.Size > MaxFile || extensions[f.Type] == nil {
		return glosa.WrongField("file", "rp.type")
	}
	a := Attached{File: f.ID, Name: FileName(name, f.Type), Title: title, Type: f.Type, Size: f.Size}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := entered(tx, by, "report.draft", ed); err != nil {
			return err
		}
		if _, err := Of(tx, ed); err != nil {
			return err
		}
		have, err := selectFiles(tx, ed)
		if err != nil {
			return err
		}
		if len(have) >= MaxFiles {
			return glosa.WrongField("file", "rp.files")
		}
		if len(have) > 0 {
			a.Place = have[len(have)-1].Place
		}
		a.Place++
		n, err := insertFile(tx, ed, a)
		if err != nil {
			return err
		}
		if n == 0 {
			return glosa.Refuse(glosa.Conflict, "rp.twice")
		}
		return tx.Leave(attached.Event(by, ed, string(IDOf(ed)), WasAttached{Report: IDOf(ed), File: a.File, Size: a.Size,
			Type: glosa.Code(a.Type), Digest: glosa.Digest([]byte(title))}))
	})
}

// Detach takes a file off while the report is a draft; what was published stays.
// Denied, NotFound, Closed, Conflict once the report is published.
func (d *Desk) Detach(ctx context.Context, by glosa.Actor, ed glosa.EditionID, id glosa.FileID) error {
	if err := by.MayIn("report.draft", ed); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := entered(tx, by, "report.draft", ed); err != nil {
			return err
		}
		rep, err := Of(tx, ed)
		if err != nil {
			return err
		}
		if rep.State == Published {
			return glosa.Refuse(glosa.Conflict, "rp.stays")
		}
		n, err := deleteFile(tx, ed, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return glosa.Missing("file", string(id))
		}
		return tx.Leave(detached.Event(by, ed, string(IDOf(ed)), WasDetached{Report: IDOf(ed), File: id}))
	})
}

// State says where an earlier commitment stands, in the government's word.
// Saying it again is a new version; the old ones stay. Denied (the act, another
// institution's commitment, or the post is not held that day), Invalid, NotFound when it is no open commitment
// of an earlier edition, Closed.
func (d *Desk) State(ctx context.Context, by glosa.Actor, ed glosa.EditionID, s Statement) error {
	if err := by.MayIn("report.state", ed); err != nil {
		return err
	}
	s.Edition, s.Text, s.By = ed, strings.TrimSpace(strings.ReplaceAll(s.Text, "\r\n", "\n")), by.By()
	if err := checkStatement(s); err != nil {
		return err
	}
	s.Digest = glosa.Digest([]byte(s.Text))
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		e, err := enterHeld(tx, by, "report.state", ed)
		if err != nil {
			return err
		}
		if err := d.isEarlier(tx, e, s.Commitment); err != nil {
			return err
		}
		if own, err := d.states(tx, e, by, s.Commitment); err != nil || !own {
			return cmp.Or(err, error(glosa.Refuse(glosa.Denied, "rp.notowned", "rule", "report.state", "commitment", string(s.Commitment))))
		}
		all, err := selectStatements(tx, ed)
		if err != nil {
			return err
		}
		s.Version = 1
		for _, o := range all {
			if o.Commitment == s.Commitment {
				s.Version = o.Version + 1
			}
		}
		if err := insertStatement(tx, s); err != nil {
			return err
		}
		return tx.Leave(stated.Event(by, ed, string(IDOf(ed)), WasStated{Commitment: s.Commitment, Version: s.Version,
			Status: glosa.Code(s.Status), Digest: s.Digest}, "commitment:"+string(s.Commitment)))
	})
}

// states tells whether an actor speaks of an earlier commitment: its own institution's,
// or any of them for who convenes.
func (d *Desk) states(tx *db.Tx, e edition.Edition, by glosa.Actor, id glosa.CommitmentID) (bool, error) {
	if writes(e, by, "report.state") == nil {
		return true, nil
	}
	return d.Owned(tx, id, by.Institution)
}

func (d *Desk) isEarlier(tx *db.Tx, e edition.Edition, id glosa.CommitmentID) error {
	open, err := d.Earlier(tx, e)
	if err == nil && !slices.Contains(open, id) {
		err = glosa.Missing("commitment", string(id))
	}
	return err
}

// GateReport is this room's word in a protocol's gates.
const GateReport glosa.Code = "report"

// Gate is this room's gate: no edition is report_published without a published
// report. What the report leaves unsaid about earlier promises holds nothing
// up (who is silent could stop the exercise): [Desk.Unstated] is shown instead.
func (d *Desk) Gate(tx *db.Tx, ed edition.Edition, to edition.Stage) ([]edition.Missing, error) {
	if to != edition.ReportPublished {
		return nil, nil
	}
	rep, err := Of(tx, ed.ID)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return nil, err
	}
	if rep.State == Published {
		return nil, nil
	}
	return []edition.Missing{{Gate: GateReport, Key: "rp.gate"}}, nil
}

// Unstated lists the earlier open commitments the government has said nothing about.
func (d *Desk) Unstated(tx *db.Tx, ed edition.Edition) ([]glosa.CommitmentID, error) {
	open, err := d.Earlier(tx, ed)
	if err != nil {
		return nil, err
	}
	said, err := selectStatements(tx, ed.ID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(open, func(id glosa.CommitmentID) bool {
		return slices.ContainsFunc(said, func(s Statement) bool { return s.Commitment == id })
	}), nil
}
