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

// loadMinutes is the minutes with their versions, and the humans behind the
// signatures of the last one. Kinds: NotFound.
func loadMinutes(tx *db.Tx, id glosa.MinutesID) (Minutes, signed, error) {
	m, err := selectMinutes(tx, id)
	if err != nil {
		return m, signed{}, err
	}
	all, err := selectVersions(tx, id)
	if err != nil || len(all) == 0 {
		return m, signed{}, orElse(err, glosa.Missing("minutes", string(id)))
	}
	for _, v := range all {
		m.Versions = append(m.Versions, v.Version)
	}
	return m, all[len(all)-1], nil
}

// Draft writes a new version of an edition's minutes. It may be written again
// until both sides have signed: a signature belongs to one version, so a new one
// is signed anew. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Draft(ctx context.Context, by glosa.Actor, ed glosa.EditionID, text Text) error {
	const act = "panel.draft"
	if err := by.MayIn(act, ed); err != nil {
		return err
	}
	if err := text.Check(); err != nil {
		return err
	}
	digest, err := text.Digest()
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := edition.Enter(tx, by, act, ed); err != nil {
			return err
		}
		m := Minutes{ID: MinutesIDOf(ed), Edition: ed}
		number := 1
		if had, last, err := loadMinutes(tx, m.ID); err == nil {
			m, number = had, last.Number+1
		} else if glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		if !m.Stage.MayWrite(false) {
			return glosa.Refuse(glosa.Conflict, "pa.published")
		}
		if m.Stage == "" {
			m.Stage = Draft
		}
		if err := upsertMinutes(tx, m); err != nil {
			return err
		}
		if err := insertVersion(tx, m.ID, Version{Number: number, Text: text, Digest: digest, Written: tx.Now, By: by.By()}); err != nil {
			return err
		}
		return tx.Leave(evDrafted.Event(by, ed, string(m.ID), minutesBody{Version: number, Digest: digest}))
	})
}

// Circulate opens the draft for comments, for as long as the protocol says.
// Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) Circulate(ctx context.Context, by glosa.Actor, id glosa.MinutesID) error {
	const act = "panel.circulate"
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, last, err := loadMinutes(tx, id)
		if err != nil {
			return err
		}
		ed, err := edition.Enter(tx, by, act, m.Edition)
		if err != nil {
			return err
		}
		if m.Stage != Draft {
			return glosa.Refuse(glosa.Conflict, "pa.minutes", "stage", string(m.Stage))
		}
		m.Stage, m.Since = Comment, tx.Now
		m.Until = commentsClose(ed, m)
		if err := upsertMinutes(tx, m); err != nil {
			return err
		}
		return tx.Leave(evComment.Event(by, ed.ID, string(id), minutesBody{Version: last.Number, Digest: last.Digest, Until: m.Until}))
	})
}

// Remark is a comment on the last version, under the post or seat that makes it.
// Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Remark(ctx context.Context, by glosa.Actor, id glosa.MinutesID, text string) error {
	const act = "panel.comment"
	if err := by.May(act); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	if text == "" || len([]rune(text)) > 4000 {
		return glosa.WrongField("text", "pa.empty")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, last, err := loadMinutes(tx, id)
		if err != nil {
			return err
		}
		if _, err := edition.Enter(tx, by, act, m.Edition); err != nil {
			return err
		}
		if m.Stage != Comment || !tx.Now.Before(m.Until) {
			return glosa.Refuse(glosa.Closed, "s.closed")
		}
		r := Remark{ID: tx.NewID(), Version: last.Number, By: by.By(), Side: by.Side, Text: text, At: tx.Now}
		if err := insertRemark(tx, id, r); err != nil {
			return err
		}
		return tx.Leave(evRemark.Event(by, m.Edition, string(id), remarkBody{Version: r.Version, Digest: glosa.Digest([]byte(text))}))
	})
}

// Sign is one side's agreement to the last version, once comments have closed.
// When the other side has signed too, as another person, the minutes are
// published in the same act. Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) Sign(ctx context.Context, by glosa.Actor, id glosa.MinutesID, version int) error {
	const act = "panel.sign"
	if err := by.May(act); err != nil {
		return err
	}
	return d.sign(ctx, by, act, id, version)
}

// SignAnnex is one side's agreement to an annex that rectifies published
// minutes. Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) SignAnnex(ctx context.Context, by glosa.Actor, id glosa.MinutesID, version int) error {
	const act = "panel.annex"
	if err := by.May(act); err != nil {
		return err
	}
	return d.sign(ctx, by, act, id, version)
}

func (d *Desk) sign(ctx context.Context, by glosa.Actor, act glosa.Act, id glosa.MinutesID, version int) error {
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, last, err := loadMinutes(tx, id)
		if err != nil {
			return err
		}
		ed, err := edition.Enter(tx, by, act, m.Edition)
		if err != nil {
			return err
		}
		if err := maySign(tx, by, act, ed, m, last, version); err != nil {
			return err
		}
		m, err = closeComments(tx, by, m, last.Version)
		if err != nil {
			return err
		}
		if err := updateSignature(tx, id, version, by.Side, by.Human, by.By(), tx.Now); err != nil {
			return err
		}
		body := signBody{Version: version, Digest: last.Digest, Side: by.Side, How: "recorded", At: tx.Now}
		if err := tx.Leave(evSigned.Event(by, ed.ID, string(id), body)); err != nil {
			return err
		}
		last.Signed = append(last.Signed, Signature{Side: by.Side})
		if !last.Complete() {
			return nil
		}
		if err := updatePublished(tx, id, version, tx.Now); err != nil {
			return err
		}
		m.Stage = Published
		if err := upsertMinutes(tx, m); err != nil {
			return err
		}
		return tx.Leave(evPublished.Event(by, ed.ID, string(id), minutesBody{Version: version, Digest: last.Digest}))
	})
}

// maySign: the version seen is the last, its stage takes signatures, this side
// has not signed, the other side was another human, and whoever signs sits in
// their seat that day, or holds the post, or acts for it by a delegation that
// covers signing.
func maySign(tx *db.Tx, by glosa.Actor, act glosa.Act, ed edition.Edition, m Minutes, last signed, version int) error {
	if version != last.Number {
		return glosa.Refuse(glosa.Conflict, "e.409")
	}
	if m.Stage == Comment && tx.Now.Before(m.Until) {
		return &glosa.Error{Kind: glosa.Closed, Key: "s.opens", Until: m.Until}
	}
	if m.Stage != Comment && !m.Stage.MaySign() || last.Annex != (act == "panel.annex") {
		return glosa.Refuse(glosa.Conflict, "pa.minutes", "stage", string(m.Stage))
	}
	if !slices.Contains(last.Lacks(), by.Side) {
		return glosa.Refuse(glosa.Conflict, "pa.signed", "side", string(by.Side))
	}
	other := last.govHuman
	if by.Side == glosa.Government {
		other = last.civilHuman
	}
	if by.Human == "" || by.Human == other {
		return glosa.Refuse(glosa.Denied, "pa.twopersons", "rule", string(act))
	}
	return people.MayActHere(tx, by, act, tx.Now.In(ed.Zone))
}

// closeComments ends the window for comments when its time has come.
func closeComments(tx *db.Tx, by glosa.Actor, m Minutes, last Version) (Minutes, error) {
	if m.Stage != Comment || tx.Now.Before(m.Until) {
		return m, nil
	}
	m.Stage = ToSign
	if err := upsertMinutes(tx, m); err != nil {
		return m, err
	}
	return m, tx.Leave(evToSign.Event(by, m.Edition, string(m.ID), minutesBody{Version: last.Number, Digest: last.Digest}))
}

// Rectify writes an annex: published minutes never change, a further version
// says what is corrected and why, and needs both signatures like the first.
// Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Rectify(ctx context.Context, by glosa.Actor, id glosa.MinutesID, reason string, text Text) error {
	const act = "panel.rectify"
	if err := by.May(act); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" || len([]rune(reason)) > 2000 {
		return glosa.WrongField("reason", "pa.annexreason")
	}
	if err := text.Check(); err != nil {
		return err
	}
	digest, err := text.Digest()
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, last, err := loadMinutes(tx, id)
		if err != nil {
			return err
		}
		if _, err := edition.Enter(tx, by, act, m.Edition); err != nil {
			return err
		}
		if !m.Stage.MayWrite(true) {
			return glosa.Refuse(glosa.Conflict, "pa.minutes", "stage", string(m.Stage))
		}
		if last.Digest == digest {
			return glosa.WrongField("text", "pa.nochange")
		}
		m.Stage = Annexing
		if err := upsertMinutes(tx, m); err != nil {
			return err
		}
		v := Version{Number: last.Number + 1, Annex: true, Reason: reason, Text: text, Digest: digest, Written: tx.Now, By: by.By()}
		if err := insertVersion(tx, id, v); err != nil {
			return err
		}
		body := annexBody{Version: v.Number, Digest: digest, Reason: glosa.Digest([]byte(reason))}
		return tx.Leave(evAnnex.Event(by, m.Edition, string(id), body))
	})
}
