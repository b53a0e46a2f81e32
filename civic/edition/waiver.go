package edition

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"glosa"
	"glosa/db"
)

// Waiver lets an edition pass one gate of one stage without satisfying it. It
// holds only when a second person, of the other side, has confirmed it.
type Waiver struct {
	Edition    glosa.EditionID
	N          int
	Gate       glosa.Code
	To         Stage
	Reason     string // public
	At         time.Time
	By         string // as the record names who proposed: "post:KEY", "seat:civil:2"
	Side       glosa.Side
	SecondAt   time.Time // zero until the other side confirms
	Second     string
	SecondSide glosa.Side

	human, secondHuman glosa.HumanID // compared, never shown
}

// Waive proposes to pass a gate that is missing now for the next stage, with a
// public reason. It has no effect until [Desk.ConfirmWaiver]. Denied; NotFound;
// Invalid (reason); Conflict when the gate is not missing, or no waiver can pass it.
func (d *Desk) Waive(ctx context.Context, by glosa.Actor, id glosa.EditionID, gate glosa.Code, reason string) (n int, err error) {
	if err := by.MayIn("edition.waive", id); err != nil {
		return 0, err
	}
	reason, err = sentence("reason", reason)
	if err != nil {
		return 0, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := enter(tx, by, "edition.waive", id)
		if err != nil {
			return err
		}
		to, ok := ed.Stage.Next()
		if !ok {
			return closed(ed, "edition.waive", time.Time{})
		}
		missing, _, err := d.missing(tx, ed, to)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(missing, func(m Missing) bool { return m.Gate == gate })
		if i < 0 || missing[i].Firm {
			return glosa.Refuse(glosa.Conflict, "ed.no_waiver", "gate", string(gate), "stage", string(to))
		}
		n, err = insertWaiver(tx, Waiver{Edition: id, Gate: gate, To: to, Reason: reason, At: tx.Now,
			By: by.By(), Side: by.Side, human: by.Human})
		if err != nil {
			return err
		}
		return tx.Leave(proposedKind.Event(by, id, string(id), proposedBody{N: n, Gate: gate, To: glosa.Code(to)}))
	})
	return n, err
}

// ConfirmWaiver is the second half of a waiver, by another human of the other
// side. Denied when it is the same person or the same side; NotFound; Conflict
// when it was confirmed before or its stage has passed.
func (d *Desk) ConfirmWaiver(ctx context.Context, by glosa.Actor, id glosa.EditionID, n int) error {
	if err := by.MayIn("edition.waive", id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := enter(tx, by, "edition.waive", id)
		if err != nil {
			return err
		}
		all, err := selectWaivers(tx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(w Waiver) bool { return w.N == n })
		if i < 0 {
			return glosa.Missing("waiver", string(id))
		}
		w := all[i]
		if !by.SecondTo(w.human, w.Side) {
			return glosa.Refuse(glosa.Denied, "ed.two_sides", "rule", "edition.waive")
		}
		if to, ok := ed.Stage.Next(); !ok || to != w.To {
			return glosa.Refuse(glosa.Conflict, "e.409", "rule", "edition.waive")
		}
		w.SecondAt, w.Second, w.SecondSide, w.secondHuman = tx.Now, by.By(), by.Side, by.Human
		if first, err := confirmWaiver(tx, w); err != nil || !first {
			if err == nil {
				err = glosa.Refuse(glosa.Conflict, "e.409", "rule", "edition.waive")
			}
			return err
		}
		return tx.Leave(waivedKind.Event(by, id, string(id), waivedBody{N: n, Gate: w.Gate, To: glosa.Code(w.To),
			Reason: glosa.Digest([]byte(w.Reason)), Proposed: glosa.Code(w.By)}))
	})
}

// sentence trims a public text and refuses one that is empty or too long for a page.
func sentence(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0 || !utf8.ValidString(text):
		return "", glosa.WrongField(field, "ed.empty")
	case n > 1000:
		return "", glosa.WrongField(field, "ed.long", "n", "1000")
	}
	for _, r := range text {
		if r < ' ' && r != '\n' {
			return "", glosa.WrongField(field, "ed.empty")
		}
	}
	return text, nil
}
